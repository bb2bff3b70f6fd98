"""Invented photographs as the files a camera writes: JPEG with EXIF, and RAW files that carry a JPEG for show."""

import struct
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

import numpy as np
from PIL import Image
from PIL.ExifTags import IFD, Base

_QUALITY = 92
_EXIF_TIME = "%Y:%m:%d %H:%M:%S"


@dataclass(frozen=True)
class CameraBody:
    """The camera that an invented photograph claims to come from."""

    make: str = "Lumen"
    model: str = "Lumen C24"
    serial: str = "SL0000001"
    software: str = "1.2"


def jpeg(shown: Image.Image, body: CameraBody, taken: datetime, *, offset: str | None = None, orientation: int = 1) -> bytes:
    """A JPEG of 4:2:0 with EXIF and a thumbnail-free header. `taken` is the camera's own clock; `offset` as EXIF writes it, "+01:00"."""
    exif = Image.Exif()
    exif[Base.Make], exif[Base.Model], exif[Base.Software] = body.make, body.model, body.software
    exif[Base.Orientation] = orientation
    exif[Base.DateTime] = taken.strftime(_EXIF_TIME)
    details = exif.get_ifd(IFD.Exif)
    details[Base.DateTimeOriginal] = details[Base.DateTimeDigitized] = taken.strftime(_EXIF_TIME)
    details[Base.SubsecTimeOriginal] = f"{taken.microsecond // 10_000:02}"
    details[Base.BodySerialNumber] = body.serial
    details[Base.ExifImageWidth], details[Base.ExifImageHeight] = shown.size
    if offset:
        details[Base.OffsetTimeOriginal] = offset
    written = BytesIO()
    shown.save(written, "JPEG", quality=_QUALITY, subsampling="4:2:0", exif=exif)
    return written.getvalue()


_ASCII, _SHORT, _LONG, _BYTE = 2, 3, 4, 1
_Entry = tuple[int, int, bytes | list[int]]


def raw(shown: Image.Image, body: CameraBody, taken: datetime, *, ending: str, orientation: int = 1) -> bytes:
    """A RAW file in TIFF/EP (ISO 12234-2) with a JPEG for show: `ending` is "cr2", "nef", "arw" or "dng".

    The sensor's data is a small piece of noise; nothing here reads it.
    """
    preview = BytesIO()
    shown.save(preview, "JPEG", quality=_QUALITY)
    inner = preview.getvalue()
    sensor = np.random.default_rng(len(inner)).integers(0, 4096, (32, 48), np.uint16).tobytes()
    canon = ending == "cr2"
    start = 16 if canon else 8
    details: list[_Entry] = [
        (Base.DateTimeOriginal, _ASCII, _text(taken.strftime(_EXIF_TIME))),
        (Base.BodySerialNumber, _ASCII, _text(body.serial)),
    ]
    details_size = _size(details)
    main: list[_Entry] = [
        (Base.ImageWidth, _LONG, [shown.width]),
        (Base.ImageLength, _LONG, [shown.height]),
        (Base.Compression, _SHORT, [6]),
        (Base.Make, _ASCII, _text(body.make)),
        (Base.Model, _ASCII, _text(body.model)),
        (Base.StripOffsets, _LONG, [0]),
        (Base.Orientation, _SHORT, [orientation]),
        (Base.StripByteCounts, _LONG, [len(inner)]),
        (Base.Software, _ASCII, _text(body.software)),
        (IFD.Exif, _LONG, [0]),
    ]
    if ending == "dng":
        main.append((Base.DNGVersion, _BYTE, bytes((1, 4, 0, 0))))
    details_at = start + _size(main)
    inner_at = details_at + details_size
    places: dict[int, bytes | list[int]] = {Base.StripOffsets: [inner_at], IFD.Exif: [details_at]}
    main = [(tag, kind, places.get(tag, value)) for tag, kind, value in main]
    header = b"II*\0" + struct.pack("<I", start) + (b"CR\x02\0" + bytes(4) if canon else b"")
    return header + _directory(main, start) + _directory(details, details_at) + inner + sensor


def _text(words: str) -> bytes:
    return words.encode("ascii") + b"\0"


def _size(entries: list[_Entry]) -> int:
    return len(_directory(entries, 0))


def _directory(entries: list[_Entry], start: int) -> bytes:
    """One directory of TIFF 6.0, section 2, little-endian, with the values that do not fit into its entries behind it."""
    table, behind = b"", b""
    values_at = start + 2 + 12 * len(entries) + 4
    for tag, kind, value in sorted(entries, key=lambda entry: entry[0]):
        count = len(value)
        data = value if isinstance(value, bytes) else struct.pack(f"<{count}{'H' if kind == _SHORT else 'I'}", *value)
        if len(data) > 4:  # noqa: PLR2004 - an entry holds four bytes of value
            data, behind = struct.pack("<I", values_at + len(behind)), behind + data + b"\0" * (len(data) % 2)
        table += struct.pack("<HHI", tag, kind, count) + data.ljust(4, b"\0")
    return struct.pack("<H", len(entries)) + table + bytes(4) + behind
