"""Signing and encrypting a letter (S/MIME, RFC 8551), and checking a signature that came in.

Lines end with CR LF before anything is signed: a relay would make them so, and break the signature. Subject, addresses and dates
stay in clear; nothing of a patient is in them. The library signs and encrypts, and does not verify: `openssl cms` does.
"""

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7EnvelopeBuilder, PKCS7Options, PKCS7SignatureBuilder

SMALLEST_KEY = 2048
PATIENCE = 10


class NotACertificate(ValueError):
    """Not a certificate (PEM) to which a letter can be encrypted."""


@dataclass(frozen=True, slots=True, repr=False)
class Signer:
    """The site's own certificate and key for letters."""

    certificate: x509.Certificate
    key: RSAPrivateKey

    @classmethod
    def of(cls, certificate: Path, key: Path) -> "Signer":
        """From two PEM files."""
        private = serialization.load_pem_private_key(key.read_bytes(), password=None)
        if not isinstance(private, RSAPrivateKey):
            raise NotACertificate("letters are signed by an RSA key")
        found = x509.load_pem_x509_certificate(certificate.read_bytes())
        if found.public_key() != private.public_key():
            raise NotACertificate("the key is not the certificate's")
        return cls(found, private)


def certificate(pem: bytes) -> x509.Certificate:
    """A certificate with an RSA key of 2048 bits at least. Raises NotACertificate."""
    try:
        found = x509.load_pem_x509_certificate(pem)
        key = found.public_key()
    except ValueError:
        raise NotACertificate("not a certificate in PEM form") from None
    if not isinstance(key, RSAPublicKey) or key.key_size < SMALLEST_KEY:
        raise NotACertificate("letters can be encrypted to RSA keys of 2048 bits or more only")
    return found


def addresses_in(found: x509.Certificate) -> frozenset[str]:
    """The addresses of mail that a certificate is for, in lower case."""
    try:
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return frozenset()
    return frozenset(name.lower() for name in names.get_values_for_type(x509.RFC822Name))


def signed(body: bytes, signer: Signer) -> bytes:
    """A multipart/signed entity around a MIME entity whose lines end with CR LF (SHA-256, detached)."""
    builder = PKCS7SignatureBuilder().set_data(body).add_signer(signer.certificate, signer.key, hashes.SHA256())
    return with_crlf(builder.sign(serialization.Encoding.SMIME, [PKCS7Options.DetachedSignature, PKCS7Options.Binary]))


def encrypted(body: bytes, recipients: tuple[bytes, ...]) -> bytes:
    """An application/pkcs7-mime entity (AES-256-CBC) that only the bearers of these certificates can open."""
    builder = PKCS7EnvelopeBuilder().set_data(body).set_content_encryption_algorithm(AES256)
    for pem in recipients:
        builder = builder.add_recipient(certificate(pem))
    return with_crlf(builder.encrypt(serialization.Encoding.SMIME, [PKCS7Options.Binary]))


def with_crlf(data: bytes) -> bytes:
    """Every line ended by CR LF, as mail travels."""
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def signer_of(letter: bytes, *, trusted: Path) -> x509.Certificate | None:
    """The certificate by which a whole letter was signed; None where the signature is missing, broken, or of nobody trusted.

    `trusted` is a file of authorities (PEM). The signature is checked by `openssl cms`, in a process of its own.
    """
    with tempfile.TemporaryDirectory(prefix="safelight-cms-") as folder:
        came, who = Path(folder) / "letter", Path(folder) / "signer.pem"
        came.write_bytes(letter)
        files = ["-in", str(came), "-CAfile", str(trusted), "-signer", str(who), "-out", "/dev/null"]
        command = ["openssl", "cms", "-verify", "-purpose", "smimesign", *files]
        try:
            done = subprocess.run(command, check=False, capture_output=True, timeout=PATIENCE)
        except (OSError, subprocess.TimeoutExpired):
            return None
        if done.returncode or not who.exists() or who.read_bytes().count(b"BEGIN CERTIFICATE") != 1:
            return None
        return x509.load_pem_x509_certificate(who.read_bytes())
