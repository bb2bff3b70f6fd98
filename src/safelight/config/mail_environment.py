"""What a hospital's IT sets for mail. Without a server there is no mail; with one, all that it needs is named at once."""

from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, HttpUrl, model_validator
from pydantic_settings import BaseSettings

_HOST = r"[A-Za-z0-9.-]+(:\d{1,5})?$"


class MailEnvironment(BaseSettings):
    """Mail goes by TLS or not at all: no other scheme is understood."""

    mail_server: str = Field(
        default="", pattern=r"^$|^(smtps|smtp\+starttls)://" + _HOST, description="the relay: smtps://host:465 or smtp+starttls://host:587"
    )
    mail_sender: str = Field(default="", pattern=r"^$|^[^@\s\"<>,]+@[^@\s\"<>,]+$", description="the mailbox from which Safelight writes")
    mail_user: str = Field(default="", description="the account at the relay and the mailbox; the sender's address unless told")
    mail_secret_file: Path | None = Field(default=None, description="file with the password, or the access token that is kept fresh there")
    mail_sign_in: Literal["password", "xoauth2"] = Field(default="password", description="password, or xoauth2 for an access token")
    mail_token_endpoint: HttpUrl | None = Field(
        default=None, description="where access tokens are got (OAuth 2.0), for MAIL_SIGN_IN=xoauth2"
    )
    mail_client_id: str = Field(default="", description="Safelight's own name there")
    mail_client_secret_file: Path | None = Field(default=None, description="file with its secret there")
    mail_refresh_token_file: Path | None = Field(
        default=None, description="file with a refresh token; without it Safelight asks in its own name"
    )
    mail_scope: str = Field(default="https://outlook.office365.com/.default", description="what the token is for")
    mail_token_ca_file: Path | None = Field(
        default=None, description="authorities (PEM) of the token's service; the machine's own unless told"
    )
    mail_ca_file: Path | None = Field(default=None, description="authorities (PEM) of relay and mailbox; the machine's own unless told")
    mail_secure_trigger: bool = Field(default=False, description="the relay encrypts what has [secure] in its subject, as NHSmail does")
    mail_replies: str = Field(default="", pattern=r"^$|^imaps://" + _HOST, description="where answers are read: imaps://host:993")
    mail_certificate_file: Path | None = Field(default=None, description="certificate (PEM) by which letters are signed (S/MIME)")
    mail_key_file: Path | None = Field(default=None, description="its key (PEM)")
    mail_letter_ca_file: Path | None = Field(default=None, description="authorities (PEM) whose signatures on letters count")
    clamd_socket: Path | None = Field(default=None, description="socket of the virus scanner, which looks at files that come by mail")

    @model_validator(mode="after")
    def _mail_is_whole(self) -> Self:
        needed = {"MAIL_SENDER": self.mail_sender, "MAIL_SECRET_FILE": self.mail_secret_file or self.mail_token_endpoint}
        if self.mail_server and not all(needed.values()):
            missing = " and ".join(f"SAFELIGHT_{name}" for name, value in needed.items() if not value)
            raise ValueError(f"SAFELIGHT_MAIL_SERVER needs {missing} too")
        if not self.mail_server and (self.mail_replies or self.mail_sender):
            raise ValueError("SAFELIGHT_MAIL_REPLIES and _MAIL_SENDER need SAFELIGHT_MAIL_SERVER too")
        if bool(self.mail_certificate_file) != bool(self.mail_key_file):
            raise ValueError("SAFELIGHT_MAIL_CERTIFICATE_FILE and _MAIL_KEY_FILE come together")
        return self

    @model_validator(mode="after")
    def _tokens_are_whole(self) -> Self:
        where = self.mail_token_endpoint
        if where is None:
            if self.mail_client_id or self.mail_client_secret_file or self.mail_refresh_token_file:
                raise ValueError("SAFELIGHT_MAIL_CLIENT_… and _MAIL_REFRESH_TOKEN_FILE need SAFELIGHT_MAIL_TOKEN_ENDPOINT too")
            return self
        if where.scheme != "https" and where.host not in {"localhost", "127.0.0.1"}:
            raise ValueError("SAFELIGHT_MAIL_TOKEN_ENDPOINT must begin with https")
        if self.mail_sign_in != "xoauth2" or self.mail_secret_file is not None:
            raise ValueError("SAFELIGHT_MAIL_TOKEN_ENDPOINT goes with SAFELIGHT_MAIL_SIGN_IN=xoauth2, and without _MAIL_SECRET_FILE")
        if not self.mail_client_id:
            raise ValueError("SAFELIGHT_MAIL_TOKEN_ENDPOINT needs SAFELIGHT_MAIL_CLIENT_ID too")
        if self.mail_client_secret_file is None and self.mail_refresh_token_file is None:
            raise ValueError("SAFELIGHT_MAIL_TOKEN_ENDPOINT needs SAFELIGHT_MAIL_CLIENT_SECRET_FILE or _MAIL_REFRESH_TOKEN_FILE too")
        return self

    def courier(self, *, name: str) -> dict[str, object] | None:
        """What the SMTP adapter is told; None where there is no mail."""
        if not self.mail_server:
            return None
        return {
            "adapter": "safelight.sharing.adapters.smtp.SmtpCourier",
            "server": self.mail_server,
            "sender": self.mail_sender,
            "name": name,
            "user": self.mail_user or self.mail_sender,
            "secret": self.mail_secret_file,
            "sign_in": self.mail_sign_in,
            "tokens": self._tokens(),
            "authorities": self.mail_ca_file,
            "certificate": self.mail_certificate_file,
            "key": self.mail_key_file,
        }

    def mailbox(self) -> dict[str, object] | None:
        """Where answers are read; None where none are."""
        where = urlsplit(self.mail_replies)
        if not where.hostname:
            return None
        return {
            "host": where.hostname,
            "port": where.port or 993,
            "user": self.mail_user or self.mail_sender,
            "secret": self.mail_secret_file,
            "sign_in": self.mail_sign_in,
            "tokens": self._tokens(),
            "authorities": self.mail_ca_file,
        }

    def letter_key(self) -> tuple[Path, Path] | None:
        """The site's certificate for letters and its key; None where letters are neither signed nor opened."""
        both = self.mail_certificate_file, self.mail_key_file
        return (both[0], both[1]) if both[0] and both[1] else None

    def _tokens(self) -> dict[str, object] | None:
        """Where access tokens are got; None where the file has a password, or a token that another program keeps fresh."""
        if self.mail_token_endpoint is None:
            return None
        return {
            "endpoint": str(self.mail_token_endpoint),
            "client": self.mail_client_id,
            "secret": self.mail_client_secret_file,
            "refresh": self.mail_refresh_token_file,
            "scope": self.mail_scope,
            "authorities": self.mail_token_ca_file,
        }
