"""What holds everywhere. `production`, `demo` and `test` add where things are and nothing that weakens a promise silently."""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF

PACKAGE = Path(__file__).resolve().parents[2]

PACKAGES = [
    "config",
    "sharing",
    "deidentify",
    "intake",
    "photographs",
    "consent",
    "custody",
    "access",
    "patients",
    "staff",
    "vault",
    "outbox",
    "audit",
    "design",
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    *(f"safelight.{name}" for name in PACKAGES if (PACKAGE / name / "__init__.py").exists()),
]

MIDDLEWARE = [
    "safelight.config.web.privacy.Privacy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "safelight.staff.web.door.Door",
    "safelight.config.web.answers.Answers",
]

ROOT_URLCONF = "safelight.config.urls.everything"
WSGI_APPLICATION = "safelight.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = False
STATIC_URL = "/static/"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "jinja",
        "DIRS": [PACKAGE / name / "web" / "templates" for name in PACKAGES] + [PACKAGE / "design" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "safelight.design.jinja.environment",
            "context_processors": ["safelight.config.web.header.header", "safelight.config.web.beside.beside"],
        },
    },
    {
        # The sign-in library asks for Django's own engine; none of our pages uses it.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "NAME": "django",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

CSRF_FAILURE_VIEW = "safelight.config.web.answers.not_genuine"
DEBUG = False
USE_X_FORWARDED_HOST = False
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

SESSION_ENGINE = "django.contrib.sessions.backends.db"  # rows can be revoked
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 8 * 3600
PASSWORD_RESET_TIMEOUT = 900
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 20
# Django's own handlers would write a patient's file in the clear into the temporary folder; forms here carry small files only.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 8 * 2**20
FILE_UPLOAD_PERMISSIONS = 0o600

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "blob:"],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "config_cache"}}

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # FULL, not NORMAL: a receipt promises that what it names survives a power cut (sqlite.org/pragma.html#pragma_synchronous).
    # Recursive triggers: else INSERT OR REPLACE removes a row without asking the trigger that forbids it (sqlite.org/lang_conflict.html).
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA recursive_triggers=ON;"
    " PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-20000",
}
POSTGRESQL_OPTIONS = {
    "options": "-c statement_timeout=30000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000 -c synchronous_commit=on",
}

# Names of the keys inside the folder of keys.
ROOT_KEY_FILE = "root.json"
LEDGER_KEY_FILE = "ledger.seed"
RECEIPT_KEY_FILE = "receipt.seed"
PUSH_KEY_FILE = "push.pem"

SAFELIGHT_ALLOW_SYNTHETIC_NUMBERS = False
SAFELIGHT_PATIENT_DIRECTORY = {"adapter": "safelight.patients.adapters.local.LocalDirectory"}
# Who looks after whom is known above the patients: asked before one is changed or merged.
SAFELIGHT_WHO_CARES_FOR_WHOM = "safelight.access.queries.require_care"
# No mail until the site sets it up; `production` reads SAFELIGHT_MAIL_*.
SAFELIGHT_COURIER: dict[str, object] | None = None
# Whether the relay encrypts what has [secure] in its subject, as NHSmail does; where it does not, nothing leaves unencrypted.
SAFELIGHT_SECURE_TRIGGER = False
# The mailbox that answers come to, and the authorities (a PEM file) whose signatures on letters count.
SAFELIGHT_MAILBOX: dict[str, object] | None = None
SAFELIGHT_LETTER_AUTHORITIES: Path | None = None
# The site's own certificate and key for letters: what comes encrypted to it is opened by it.
SAFELIGHT_LETTER_KEY: tuple[Path, Path] | None = None
# The virus scanner's socket (clamd). Without one no file that came by mail is given out.
SAFELIGHT_CLAMD_SOCKET: Path | None = None
# What looks at photos before a person does: dotted paths of the port `deidentify.ports.Finder`.
SAFELIGHT_FINDERS: tuple[str, ...] = (
    "safelight.deidentify.adapters.faces.Faces",
    "safelight.deidentify.adapters.text.Text",
    "safelight.deidentify.adapters.barcodes.Barcodes",
)
# Raised with every change of finders that sees more: photos are looked at anew when somebody opens them.
SAFELIGHT_FINDERS_GENERATION = 4
SAFELIGHT_EMERGENCY_LANE = False
SAFELIGHT_SLATE_GOOD_FOR = timedelta(hours=12)
SAFELIGHT_GAP = timedelta(minutes=3)
# From Monday to Friday, in the site's time.
SAFELIGHT_PHOTOGRAPHERS_HOURS: tuple[str, ...] = ("08:30", "17:00")

# Urgent questions: minutes after the sending at which on call, on call again, the next person and the consultant are told; and for
# how many minutes an opened one may stay unanswered before the same begins again.
SAFELIGHT_URGENT_CLOCK: tuple[int, ...] = (0, 3, 6, 10)
SAFELIGHT_UNANSWERED_AFTER = 10
# A channel counts as urgent for so long after it last took something.
SAFELIGHT_CHANNEL_GOOD_FOR = timedelta(days=30)
# Notices leave for these hosts only; `.example.org` stands for every host below it. Pushes go out where a contact is set.
SAFELIGHT_WEBHOOK_HOSTS: tuple[str, ...] = ()
SAFELIGHT_PUSH_HOSTS = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    ".notify.windows.com",
    ".push.apple.com",
)
SAFELIGHT_PUSH_CONTACT = ""

AUTH_USER_MODEL = "staff.Person"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "safelight.staff.adapters.backend.PeopleWhoWorkHere"]
LOGIN_URL = "staff:sign_in"
# What a ward's consent form can start with; the lists belong to the record, above the register of wards.
SAFELIGHT_WARD_CHOICES = {"sites": "safelight.photographs.sites.SITES", "reasons": "safelight.photographs.sites.REASONS"}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "safelight.staff.passwords.NotTriedFirst"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "email")},
    },
]

# Second factors: allauth keeps them and knows the protocols; its own pages are not served.
MFA_ADAPTER = "safelight.staff.adapters.mfa.SealedFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]

# Tries that do not fit: five within a quarter of an hour, then a delay that grows, for one account from one network.
AXES_HANDLER = "safelight.staff.adapters.growing_delay.GrowingDelay"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "safelight.staff.adapters.growing_delay.account"
AXES_CLIENT_IP_CALLABLE = "safelight.staff.adapters.growing_delay.network"
AXES_LOCKOUT_CALLABLE = "safelight.staff.adapters.growing_delay.unchanged"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code", "credential", "again", "secret", "csrfmiddlewaretoken"]
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
