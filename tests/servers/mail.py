"""Real mail servers on loopback: Postfix as the relay of a hospital and Dovecot as its mailbox, with TLS of a test authority.

They live in a temporary folder on free ports, one pair for a whole run, and are ended by the ids of the processes that were started.
Needs root, because both change to users of their own. Mailboxes: safelight@nhs.test, opinion@nhs.test and colleague@elsewhere.test;
the relay takes letters for these domains only, 35 MiB at most.
"""

import json
import os
import shutil
import smtplib
import socket
import subprocess
import tempfile
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

HOST = "localhost"
SECRETS = {"safelight@nhs.test": "app-secret", "opinion@nhs.test": "their-secret", "colleague@elsewhere.test": "another-secret"}
LARGEST = 35 * 2**20
ISSUER = "https://login.test/tenant"
PATIENCE = 20.0
MASTER_PROGRAM = "/usr/lib/postfix/sbin/master"


class Authority:
    """A test authority and what it issues: files NAME.crt and NAME.key (PEM) in a folder."""

    def __init__(self, folder: Path, name: str = "ca") -> None:
        self.folder, self.name = folder, name
        self.key = rsa.generate_private_key(65537, 2048)
        self.certificate = self._build(f"Test {name}", self.key, issuer=None).sign(self.key, hashes.SHA256())
        self._write(name, self.certificate, self.key)

    @property
    def file(self) -> Path:
        return self.folder / f"{self.name}.crt"

    def issue(self, name: str, *names: x509.GeneralName, mail: bool = False, days: int = 30) -> Path:
        """A server's certificate, or one for letters (`mail`)."""
        key = rsa.generate_private_key(65537, 2048)
        use = ExtendedKeyUsageOID.EMAIL_PROTECTION if mail else ExtendedKeyUsageOID.SERVER_AUTH
        made = self._build(name, key, issuer=self.certificate.subject, days=days)
        made = made.add_extension(x509.SubjectAlternativeName(names), critical=False).add_extension(
            x509.ExtendedKeyUsage([use]), critical=False
        )
        return self._write(name, made.sign(self.key, hashes.SHA256()), key)

    def _build(self, name: str, key: rsa.RSAPrivateKey, *, issuer: x509.Name | None, days: int = 30) -> x509.CertificateBuilder:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        began = datetime.now(UTC) - timedelta(days=60 if days < 0 else 1)
        made = x509.CertificateBuilder(subject_name=subject, issuer_name=issuer or subject, public_key=key.public_key())
        made = (
            made.serial_number(x509.random_serial_number())
            .not_valid_before(began)
            .not_valid_after(datetime.now(UTC) + timedelta(days=days))
        )
        made = made.add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        use = {"key_cert_sign", "crl_sign"} if issuer is None else {"digital_signature", "key_encipherment"}
        every = (
            "digital_signature",
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
        )
        usage = x509.KeyUsage(**{each: each in use for each in every}, encipher_only=False, decipher_only=False)
        return made.add_extension(usage, critical=True)

    def _write(self, name: str, certificate: x509.Certificate, key: rsa.RSAPrivateKey) -> Path:
        plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        (self.folder / f"{name}.key").write_bytes(key.private_bytes(serialization.Encoding.PEM, *plain))
        (self.folder / f"{name}.key").chmod(0o600)
        (self.folder / f"{name}.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        return self.folder / f"{name}.crt"


@dataclass
class Greylist:
    """Postfix asks it about each recipient. While `refusals` last, the answer is to come again later."""

    port: int
    refusals: int = 0
    asked: int = 0
    _stop: list[socket.socket] = field(default_factory=list)

    def start(self) -> None:
        listening = socket.create_server(("127.0.0.1", self.port))
        self._stop.append(listening)
        threading.Thread(target=self._serve, args=(listening,), daemon=True).start()

    def stop(self) -> None:
        for each in self._stop:
            each.close()

    def _serve(self, listening: socket.socket) -> None:
        while True:
            try:
                link, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(link,), daemon=True).start()

    def _answer(self, link: socket.socket) -> None:
        with link, link.makefile("r") as lines:
            for line in lines:
                if line == "\n":
                    self.asked += 1
                    wait = self.refusals > 0
                    self.refusals -= wait
                    link.sendall(b"action=DEFER 4.2.0 Greylisted, come again\n\n" if wait else b"action=DUNNO\n\n")


@dataclass
class Mail:
    """What runs, and where."""

    folder: Path
    authority: Authority
    ports: dict[str, int]
    greylist: Greylist
    token_key: rsa.RSAPrivateKey

    @property
    def ca(self) -> Path:
        return self.authority.file

    def secret(self, name: str = "safelight@nhs.test", *, said: str | None = None) -> Path:
        """A file with a password, as the settings name one."""
        file = Path(tempfile.mkstemp(dir=self.folder)[1])
        file.write_text(SECRETS[name] if said is None else said)
        return file

    def token(
        self, *, user: str = "safelight@nhs.test", minutes: int = 10, issuer: str = ISSUER, key: rsa.RSAPrivateKey | None = None
    ) -> str:
        """An access token as the hospital's sign-in service would give one."""
        now = int(time.time())
        said = {"iss": issuer, "sub": "an-account", "upn": user, "iat": now - 3600, "nbf": now - 3600, "exp": now + 60 * minutes}
        parts = [urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=") for each in ({"alg": "RS256", "typ": "JWT", "kid": "k1"}, said)]
        signature = (key or self.token_key).sign(b".".join(parts), padding.PKCS1v15(), hashes.SHA256())
        return b".".join([*parts, urlsafe_b64encode(signature).rstrip(b"=")]).decode()

    def deliver(self, letter: bytes, *, to: str = "safelight@nhs.test", sender: str = "opinion@nhs.test") -> None:
        """Put a letter into a mailbox as another hospital's relay would."""
        with smtplib.LMTP("127.0.0.1", self.ports["lmtp"]) as door:
            door.sendmail(sender, [to], letter)

    def received(self, name: str) -> list[bytes]:
        """What lies in a mailbox's inbox; waits until the relay has passed on what it took."""
        self._settle()
        inbox = self.folder / "vmail" / name / "new"
        files = sorted(inbox.glob("*"), key=lambda file: file.stat().st_mtime_ns) if inbox.exists() else []
        return [file.read_bytes() for file in files]

    def empty(self) -> None:
        """Every mailbox as new."""
        self._settle()
        for name in SECRETS:
            shutil.rmtree(self.folder / "vmail" / name, ignore_errors=True)

    def _settle(self) -> None:
        queues = [self.folder / "spool" / name for name in ("incoming", "active", "maildrop")]
        deadline = time.monotonic() + PATIENCE
        while any(path.is_file() for queue in queues if queue.exists() for path in queue.rglob("*")):
            assert time.monotonic() < deadline, "the relay did not pass its letters on"
            time.sleep(0.02)


@contextmanager
def servers() -> Iterator[Mail]:
    """Postfix and Dovecot until the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="safelight-mail-"))
    folder.chmod(0o755)
    names = ("starttls", "implicit", "wrong_name", "unknown_ca", "no_tls", "greylisting", "imaps", "lmtp", "sasl", "policy")
    ports = dict(zip(names, _free_ports(len(names)), strict=True))
    mail = Mail(folder, *_written(folder, ports), Greylist(ports["policy"]), rsa.generate_private_key(65537, 2048))
    _token_key(folder, mail.token_key)
    mail.greylist.start()
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    alone = {**quiet, "start_new_session": True, "env": {**os.environ, "MAIL_CONFIG": str(folder / "pf")}}
    subprocess.run(["postfix", "-c", folder / "pf", "check"], check=True, **quiet)
    box = subprocess.Popen(["dovecot", "-F", "-c", folder / "dc" / "dovecot.conf"], **alone)
    relay = subprocess.Popen([MASTER_PROGRAM, "-c", folder / "pf", "-s"], **alone)
    watch = _watch(box, relay)
    try:
        for name in ("imaps", "lmtp", "starttls", "implicit", "greylisting"):
            _wait_for(ports[name])
        yield mail
    finally:
        mail.greylist.stop()
        for process in (watch, relay, box):
            process.terminate()
            process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _watch(*processes: subprocess.Popen) -> subprocess.Popen:
    """A run that is killed ends no fixture: this one sees it gone and ends the servers, by id."""
    ids = " ".join(str(each.pid) for each in processes)
    script = f"while kill -0 {os.getpid()} 2>/dev/null; do sleep 2; done; kill {ids}"
    return subprocess.Popen(["sh", "-c", script], start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def can_run() -> bool:
    """Whether the programs are there and may change to users of their own."""
    return os.geteuid() == 0 and all(shutil.which(name) for name in ("postfix", "dovecot"))


def _free_ports(many: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(many)]
    found = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return found


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("a mail server did not start")


def _written(folder: Path, ports: dict[str, int]) -> tuple[Authority, dict[str, int]]:
    for name in ("tls", "pf", "spool", "data/pf", "dc/keys/default/RS256", "run", "vmail"):
        (folder / name).mkdir(parents=True)
    tls = folder / "tls"
    authority = Authority(tls)
    authority.issue("server", x509.DNSName("mail.nhs.test"), x509.DNSName(HOST))
    authority.issue("wrong", x509.DNSName("other.example"))
    Authority(tls, "stranger").issue("strange", x509.DNSName(HOST))
    authority.issue("sender", x509.RFC822Name("safelight@nhs.test"), mail=True)
    authority.issue("opinion", x509.RFC822Name("opinion@nhs.test"), mail=True)
    if subprocess.run(["id", "vmail"], check=False, capture_output=True).returncode:
        subprocess.run(["useradd", "-r", "-M", "-s", "/usr/sbin/nologin", "vmail"], check=True)
    shutil.chown(folder / "vmail", "vmail")
    shutil.chown(folder / "data/pf", "postfix")
    here = {"W": str(folder), "tls": str(tls), **{name: str(port) for name, port in ports.items()}}
    (folder / "dc/users").write_text("".join(f"{name}:{{PLAIN}}{secret}::::::\n" for name, secret in SECRETS.items()))
    (folder / "pf/boxes").write_text("".join(f"{name} x\n" for name in SECRETS))
    for file, text in (("dc/dovecot.conf", DOVECOT), ("dc/oauth2.ext", OAUTH), ("pf/main.cf", POSTFIX), ("pf/master.cf", MASTER)):
        for name, value in here.items():
            text = text.replace(f"@{name}@", value)  # noqa: PLW2901 - one text, filled in step by step
        (folder / file).write_text(text)
    return authority, ports


def _token_key(folder: Path, key: rsa.RSAPrivateKey) -> None:
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    (folder / "dc/keys/default/RS256/k1").write_bytes(public)


DOVECOT = """\
base_dir = @W@/run
state_dir = @W@/data
log_path = @W@/dovecot.log
instance_name = safelight-@imaps@
protocols = imap lmtp
listen = 127.0.0.1
ssl = required
ssl_cert = <@tls@/server.crt
ssl_key = <@tls@/server.key
ssl_min_protocol = TLSv1.2
disable_plaintext_auth = yes
auth_mechanisms = plain login xoauth2 oauthbearer
auth_username_format = %Lu
auth_failure_delay = 0 secs
mail_location = maildir:@W@/vmail/%u
mail_uid = vmail
mail_gid = vmail
first_valid_uid = 1
default_internal_user = dovecot
default_login_user = dovenull
recipient_delimiter = +
lmtp_save_to_detail_mailbox = no
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u @W@/dc/users
}
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = @W@/dc/oauth2.ext
}
userdb {
  driver = static
  args = uid=vmail gid=vmail home=@W@/vmail/%u allow_all_users=no
}
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service imap-login {
  inet_listener imap {
    port = 0
  }
  inet_listener imaps {
    port = @imaps@
    ssl = yes
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = @lmtp@
  }
}
service auth {
  inet_listener {
    address = 127.0.0.1
    port = @sasl@
  }
}
namespace inbox {
  inbox = yes
  separator = /
}
"""
OAUTH = """\
introspection_mode = local
local_validation_key_dict = fs:posix:prefix=@W@/dc/keys/
username_attribute = upn
issuers = https://login.test/tenant
"""
POSTFIX = """\
compatibility_level = 3.6
queue_directory = @W@/spool
data_directory = @W@/data/pf
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.nhs.test
mydestination =
maillog_file = @W@/postfix.log
maillog_file_prefixes = @W@
virtual_mailbox_domains = nhs.test, elsewhere.test
virtual_transport = lmtp:inet:127.0.0.1:@lmtp@
virtual_mailbox_maps = texthash:@W@/pf/boxes
recipient_delimiter = +
smtpd_tls_cert_file = @tls@/server.crt
smtpd_tls_key_file = @tls@/server.key
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_tls_mandatory_protocols = >=TLSv1.2
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:@sasl@
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_error_sleep_time = 0
come_again = check_policy_service inet:127.0.0.1:@policy@, permit_sasl_authenticated, reject
message_size_limit = 36700160
mailbox_size_limit = 0
virtual_mailbox_limit = 0
default_transport = error:5.7.1 only these domains here
alias_maps =
smtputf8_enable = yes
"""
MASTER = """\
127.0.0.1:@starttls@ inet n - n - - smtpd
127.0.0.1:@implicit@ inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
127.0.0.1:@wrong_name@ inet n - n - - smtpd -o smtpd_tls_cert_file=@tls@/wrong.crt -o smtpd_tls_key_file=@tls@/wrong.key
127.0.0.1:@unknown_ca@ inet n - n - - smtpd -o smtpd_tls_cert_file=@tls@/strange.crt -o smtpd_tls_key_file=@tls@/strange.key
127.0.0.1:@no_tls@ inet n - n - - smtpd -o smtpd_tls_security_level=none -o smtpd_tls_auth_only=no
127.0.0.1:@greylisting@ inet n - n - - smtpd -o smtpd_recipient_restrictions=$come_again
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
