"""One typed parse of the environment, which names all that is missing at once."""

import sys
from pathlib import Path
from typing import Self

from pydantic import Field, HttpUrl, PostgresDsn, SecretStr, ValidationError, model_validator
from pydantic_settings import SettingsConfigDict

from safelight.config.exits import USAGE
from safelight.config.mail_environment import MailEnvironment


class Environment(MailEnvironment):
    """What a hospital's IT sets; each name carries the prefix SAFELIGHT_ (SAFELIGHT_DATA and so on)."""

    model_config = SettingsConfigDict(env_prefix="SAFELIGHT_", extra="ignore", frozen=True)

    secret_key: SecretStr = Field(min_length=50, description="50 random letters at least; signs web sessions")
    address: HttpUrl = Field(description="where staff open Safelight, https://photos.hospital.example")
    data: Path = Field(description="folder of the embedded database, the vault and the checkpoints")
    keys: Path = Field(description="folder of the root key and the signing keys, on another disk than the data")
    site: str = Field(pattern=r"^[a-z0-9-]{2,32}$", description="short name of the hospital site; it is bound into every object")
    organisation: str = Field(default="", max_length=80, description="the hospital's name as staff know it")
    database: PostgresDsn | None = Field(default=None, description="postgresql://…; the embedded SQLite where it is missing")
    witness: Path | None = Field(default=None, description="folder on a share, out of this machine's reach, for checkpoints of the ledger")
    s3_endpoint: HttpUrl | None = Field(default=None, description="address of the site's S3 store; the folder of data where it is missing")
    s3_bucket: str = Field(default="", description="the bucket, for Safelight alone")
    s3_access_key: SecretStr = Field(default=SecretStr(""), description="name of the account that may read, write and delete there")
    s3_secret_key: SecretStr = Field(default=SecretStr(""), description="its secret")
    s3_ca_file: Path | None = Field(default=None, description="certificates that vouch for the store, where it is not the system's own")
    pkcs11_module: Path | None = Field(default=None, description="PKCS#11 library of the HSM; the file of root keys where it is missing")
    pkcs11_token: str = Field(default="", description="label of the token")
    pkcs11_pin: SecretStr = Field(default=SecretStr(""), description="its user PIN")
    behind_proxy: bool = Field(default=False, description="a proxy of yours ends TLS and strips X-Forwarded-Proto from clients")
    gsrn_prefix: str = Field(default="5050898", pattern=r"^\d{7,10}$", description="GS1 company prefix on wristbands (DCB1077)")
    ward_pc_lock_seconds: int = Field(default=120, ge=30, le=600, description="idle seconds before a ward PC locks")
    two_signatures: bool = Field(default=False, description="every cabinet asks for a second signature (NHSGGC camera policy)")
    photographers_hours: str = Field(
        default="08:30-17:00",
        pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$",
        description="when medical photographers work, Monday to Friday",
    )
    emergency_lane: bool = Field(default=False, description="who is on call may be let see a patient before covering and consent to share")
    urgent_checklist: bool = Field(default=False, description="the IG lead allows one statement in place of four for urgent covered copies")

    urgent_minutes: str = Field(
        default="0,3,6,10",
        pattern=r"^\d{1,2}(,\d{1,3}){3}$",
        description="minutes after which an urgent question is told, told again, told to the next person and to the consultant",
    )
    unanswered_minutes: int = Field(default=10, ge=1, le=120, description="minutes that an opened urgent question may stay unanswered")
    webhook_hosts: str = Field(default="", description="hosts that notices may call, by commas: the pager's or text message gateway")
    push_contact: str = Field(
        default="",
        pattern=r"^$|^[^@\s]+@[^@\s]+$",
        description="an address that push services may write to; set, it switches notices to browsers on, which need the internet",
    )

    @property
    def urgent_steps(self) -> tuple[int, ...]:
        """The four minutes of the urgent clock."""
        return tuple(int(minute) for minute in self.urgent_minutes.split(","))

    @property
    def listed_hosts(self) -> tuple[str, ...]:
        """The hosts that notices may call."""
        return tuple(host.strip().lower() for host in self.webhook_hosts.split(",") if host.strip())

    @model_validator(mode="after")
    def _steps_in_order(self) -> Self:
        if list(self.urgent_steps) != sorted(set(self.urgent_steps)):
            raise ValueError("SAFELIGHT_URGENT_MINUTES must grow from one to the next: 0,3,6,10")
        return self

    @model_validator(mode="after")
    def _keys_apart(self) -> Self:
        if self.keys.absolute().is_relative_to(self.data.absolute()):
            raise ValueError("SAFELIGHT_KEYS must not lie inside SAFELIGHT_DATA: a copy of the data would carry its own keys")
        return self

    @model_validator(mode="after")
    def _stores_are_whole(self) -> Self:
        s3 = (self.s3_bucket, self.s3_access_key.get_secret_value(), self.s3_secret_key.get_secret_value())
        if any(s3) != all(s3) or bool(self.s3_endpoint) != all(s3):
            raise ValueError("SAFELIGHT_S3_ENDPOINT, _S3_BUCKET, _S3_ACCESS_KEY and _S3_SECRET_KEY come together")
        if self.s3_endpoint and self.s3_endpoint.scheme != "https" and self.s3_endpoint.host not in {"localhost", "127.0.0.1"}:
            raise ValueError("SAFELIGHT_S3_ENDPOINT must begin with https")
        if bool(self.pkcs11_module) != bool(self.pkcs11_token) or bool(self.pkcs11_module) != bool(self.pkcs11_pin.get_secret_value()):
            raise ValueError("SAFELIGHT_PKCS11_MODULE, _PKCS11_TOKEN and _PKCS11_PIN come together")
        return self

    def object_store(self) -> dict[str, object] | None:
        """What the S3 adapter is told; None where objects lie in the folder of data."""
        if self.s3_endpoint is None:
            return None
        return {
            "adapter": "safelight.vault.adapters.s3.S3Store",
            "endpoint": str(self.s3_endpoint).rstrip("/"),
            "bucket": self.s3_bucket,
            "access_key": self.s3_access_key.get_secret_value(),
            "secret_key": self.s3_secret_key.get_secret_value(),
            "ca_file": str(self.s3_ca_file or ""),
        }

    def key_service(self) -> dict[str, object] | None:
        """What the PKCS#11 adapter is told; None where root keys lie in a file."""
        if self.pkcs11_module is None:
            return None
        return {
            "adapter": "safelight.vault.adapters.pkcs11.Pkcs11Keys",
            "module": str(self.pkcs11_module),
            "token": self.pkcs11_token,
            "pin": self.pkcs11_pin.get_secret_value(),
        }


class EnvironmentIncomplete(SystemExit):
    """The environment does not say all that is needed. Lists every fault in words, then ends the program with status 2."""

    def __init__(self, faults: ValidationError) -> None:
        lines = ["Safelight cannot start: the environment is not complete."]
        for fault in faults.errors():
            name = f"SAFELIGHT_{str(fault['loc'][0]).upper()}" if fault["loc"] else "the settings together"
            meaning = Environment.model_fields[str(fault["loc"][0])].description if fault["loc"] else ""
            lines.append(f"  {name}: {fault['msg']}" + (f" ({meaning})" if meaning else ""))
        self.lines = tuple(lines)
        print("\n".join(lines), file=sys.stderr)  # noqa: T201 - the operator's terminal
        super().__init__(USAGE)

    def __str__(self) -> str:
        return "\n".join(self.lines)


def read() -> Environment:
    """The environment as typed values. Raises EnvironmentIncomplete, which names every fault at once."""
    try:
        return Environment()  # type: ignore[call-arg]  # each comes from the environment
    except ValidationError as faults:
        raise EnvironmentIncomplete(faults) from None
