"""A store that speaks S3, for sites that run one: Ceph, or whatever passes `prove`.

1. Create only: `If-None-Match: *`. What is larger than a part holds its name with an empty object first, because completing parts
   replaces silently on some stores.
2. Each request carries the SHA-256 of its body in its signature: a store that received something else answers with an error.
3. No request is repeated here. An answer that got lost leaves garbage under a name that nobody knows; the caller begins anew.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any, BinaryIO, Final
from uuid import UUID, uuid4

import boto3
import structlog
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from urllib3.exceptions import HTTPError

from safelight.vault.errors import BucketMissing, NameInUse, ObjectMissing, StoreAway, StoreFull, StoreRefuses, StoreUnfit
from safelight.vault.ports import Stat

log = structlog.get_logger()

PART: Final = 16 << 20  # bytes; what is not larger goes in one request
CONNECTS_IN, ANSWERS_IN = 3, 20  # seconds
FULL = {"QuotaExceeded", "InsufficientStorage", "507"}
MISSING = {"NoSuchKey", "NoSuchVersion", "404", "NotFound"}
REFUSED = {"403", "AccessDenied", "Forbidden", "InvalidAccessKeyId", "RequestTimeTooSkewed", "SignatureDoesNotMatch"}
TAKEN = {"PreconditionFailed", "ConditionalRequestConflict", "412"}
FAULTS = (BotoCoreError, ClientError, HTTPError, OSError)
NAME = re.compile(r"[0-9a-f]{32}")
Client = Any  # boto3 makes its clients at run time and names no type for them


class S3Reader:
    """An object opened for reading. Bytes that are asked for one after the other come out of one answer."""

    def __init__(self, client: Client, place: dict[str, str], size: int, etag: str) -> None:
        self._client, self._place, self.size, self._etag = client, place, size, etag
        self._body: BinaryIO | None = None
        self._at = 0

    def read_at(self, offset: int, length: int) -> bytes:
        wanted = min(length, self.size - offset)
        if wanted <= 0:
            return b""
        try:
            if self._body is None or self._at != offset:
                self.close()
                answer = self._client.get_object(**self._place, Range=f"bytes={offset}-", IfMatch=self._etag)
                self._body, self._at = answer["Body"], offset
            data = self._body.read(wanted)
        except FAULTS as fault:
            self.close()
            raise _away(fault) from None
        self._at += len(data)
        if len(data) != wanted:
            raise StoreAway("short")
        return data

    def view_at(self, offset: int, length: int) -> bytes:
        return self.read_at(offset, length)

    def close(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None


class S3Store:
    """Objects in one bucket, each under its random name in hexadecimal."""

    def __init__(
        self, *, endpoint: str, bucket: str, access_key: str, secret_key: str, region: str = "us-east-1", ca_file: str = ""
    ) -> None:
        self._bucket = bucket
        self._client: Client = boto3.client(
            "s3",
            endpoint_url=endpoint,
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            region_name=region,
            verify=ca_file or None,
            config=Config(
                signature_version="s3v4",
                connect_timeout=CONNECTS_IN,
                read_timeout=ANSWERS_IN,
                max_pool_connections=32,
                retries={"total_max_attempts": 1},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                s3={"addressing_style": "path", "payload_signing_enabled": True},
            ),
        )

    def keep(self, name: UUID, body: Iterable[bytes | memoryview]) -> int:
        parts = _parts(body)
        first = next(parts)
        if len(first) < PART:
            self._create(name, first)
            return len(first)
        self._create(name, b"")
        try:
            return self._keep_parts(name, first, parts)
        except BaseException:
            with suppress(*FAULTS):
                self._client.delete_object(**self._place(name))
            raise

    def open(self, name: UUID, *, fresh: bool = False) -> S3Reader:  # noqa: ARG002 - there is no cache between us and the store
        found = self._head(name)
        return S3Reader(self._client, self._place(name), found["ContentLength"], found["ETag"])

    def stat(self, name: UUID) -> Stat:
        return Stat(self._head(name)["ContentLength"])

    def purge(self, name: UUID) -> None:
        """Every version goes, and every mark of a deletion. A version that the store has locked stays, and says so."""
        try:
            pages = self._client.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=name.hex)
            for page in pages:
                for row in [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]:
                    self._client.delete_object(**self._place(name), VersionId=row["VersionId"])
        except FAULTS as fault:
            raise _away(fault) from None

    def room(self) -> None:
        return None

    def names(self) -> Iterator[tuple[UUID, float]]:
        try:
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket):
                for row in page.get("Contents", ()):
                    if NAME.fullmatch(row["Key"]):
                        yield UUID(row["Key"]), row["LastModified"].timestamp()
        except FAULTS as fault:
            raise _away(fault) from None

    def prove(self) -> None:
        name = uuid4()
        try:
            self._client.put_object(**self._place(name), Body=b"other bytes than were signed", ContentMD5="1B2M2Y8AsgTpgAmY7PhCfg==")
        except ClientError as refused:
            if _code(refused) not in {"BadDigest", "InvalidDigest", "XAmzContentSHA256Mismatch"}:
                raise _away(refused) from None
        except FAULTS as fault:
            raise _away(fault) from None
        else:
            self.purge(name)
            raise StoreUnfit("wrong_checksum_taken")

    def _place(self, name: UUID) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": name.hex}

    def _create(self, name: UUID, data: bytes | bytearray) -> None:
        try:
            self._client.put_object(**self._place(name), Body=bytes(data), IfNoneMatch="*")
        except ClientError as refused:
            if _code(refused) in TAKEN:
                raise NameInUse(name) from None
            raise _away(refused) from None
        except FAULTS as fault:
            raise _away(fault) from None

    def _keep_parts(self, name: UUID, first: bytearray, rest: Iterator[bytearray]) -> int:
        place, size, done = self._place(name), 0, list[dict[str, object]]()
        upload = self._asked(self._client.create_multipart_upload, **place)["UploadId"]
        try:
            for number, part in enumerate(_and_then(first, rest), start=1):
                answer = self._asked(self._client.upload_part, **place, UploadId=upload, PartNumber=number, Body=bytes(part))
                done.append({"PartNumber": number, "ETag": answer["ETag"]})
                size += len(part)
            self._asked(self._client.complete_multipart_upload, **place, UploadId=upload, MultipartUpload={"Parts": done})
        except BaseException:
            with suppress(*FAULTS):
                self._client.abort_multipart_upload(**place, UploadId=upload)
            raise
        if self.stat(name).size != size:
            raise StoreAway("short")
        return size

    def _asked(self, call: Any, **said: object) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = call(**said)
        except FAULTS as fault:
            raise _away(fault) from None
        return answer

    def _head(self, name: UUID) -> dict[str, Any]:
        try:
            found: dict[str, Any] = self._client.head_object(**self._place(name))
        except ClientError as refused:
            if _code(refused) in MISSING:
                self._look_for_bucket()
                raise ObjectMissing(name) from None
            raise _away(refused) from None
        except FAULTS as fault:
            raise _away(fault) from None
        return found

    def _look_for_bucket(self) -> None:
        """An answer without a body does not tell a missing object from a missing bucket, of which no object is known to be missing."""
        try:
            self._client.head_bucket(Bucket=self._bucket)
        except ClientError as refused:
            raise (BucketMissing("404") if _code(refused) in MISSING else _away(refused)) from None
        except FAULTS as fault:
            raise _away(fault) from None


def _parts(body: Iterable[bytes | memoryview]) -> Iterator[bytearray]:
    """The stream in parts of PART bytes; the last is shorter, and is there even when it is empty. Pieces are copied: buffers are reused."""
    held = bytearray()
    for piece in body:
        held += piece
        while len(held) >= PART:
            yield held[:PART]
            del held[:PART]
    yield held


def _and_then(first: bytearray, rest: Iterator[bytearray]) -> Iterator[bytearray]:
    yield first
    yield from (part for part in rest if part)


def _code(fault: ClientError) -> str:
    return str(fault.response.get("Error", {}).get("Code", ""))


def _away(fault: BaseException) -> StoreAway | StoreFull:
    """What a store's fault means; the store's own words stay out of logs: they can hold addresses."""
    code = _code(fault) if isinstance(fault, ClientError) else type(fault).__name__
    log.warning("store.away", fault=code)
    if code in FULL:
        return StoreFull(code)
    if code == "NoSuchBucket":
        return BucketMissing(code)
    return StoreRefuses(code) if code in REFUSED else StoreAway(code)
