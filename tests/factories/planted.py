"""Photographs that carry every kind of note a file can carry, each with a mark of its own, and an independent eye for what is left."""

import json
import subprocess
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image, PngImagePlugin
from PIL.ExifTags import IFD, Base
from tests.factories.heic import heic
from tests.factories.pictures import chunk, saved, scene

from safelight.deidentify.covering.profiles import PROFILES, Space
from safelight.photographs.pictures import drawn

MARK = "PLANTED"
SERIAL = "SN77345521"
NAME = f"{MARK}-jane-doe-1962.jpg"
TAGS = (
    *(
        f"-EXIF:{tag}={MARK}-{tag}"
        for tag in ("Artist", "Copyright", "ImageDescription", "Software", "OwnerName", "UserComment", "XPAuthor")
    ),
    f"-EXIF:SerialNumber={SERIAL}",
    f"-EXIF:LensSerialNumber={SERIAL}",
    *("-EXIF:GPSLatitude=51.5", "-EXIF:GPSLatitudeRef=N", "-EXIF:GPSLongitude=0.1", "-EXIF:GPSLongitudeRef=W"),
    *(f"-XMP:{tag}={MARK}-xmp-{tag}" for tag in ("Creator", "Description", "City", "CreatorTool", "OwnerName")),
    f"-XMP-aux:SerialNumber={SERIAL}",
)
_IPTC = (*(f"-IPTC:{tag}={MARK}-iptc-{tag}" for tag in ("By-line", "Caption-Abstract", "City")), f"-Photoshop:URL=http://{MARK}.example")


def thumbnail() -> bytes:
    """A small picture of what would be covered."""
    return saved(scene(3, (240, 160)).resize((96, 64)), "JPEG")


@cache
def profile(*, known: bool) -> bytes:
    """A colour profile with a mark in its name: of a space that has a profile of our own, or with red and green changed round."""
    written = PROFILES[Space.ADOBE_RGB].replace("adobe-rgb".encode("utf-16-be"), f"{MARK}-1".encode("utf-16-be"))
    if not known:
        written = written.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")
    return written


def noted(data: bytes, ending: str, *tags: str) -> bytes:
    """The file with tags that exiftool writes."""
    with TemporaryDirectory() as folder:
        file, small = Path(folder) / f"planted.{ending}", Path(folder) / "thumbnail.bin"
        file.write_bytes(data)
        small.write_bytes(thumbnail())
        wanted = [tag.replace("THUMBNAIL", str(small)) for tag in tags]
        subprocess.run(["exiftool", "-q", "-m", "-overwrite_original", *wanted, str(file)], check=True, capture_output=True, timeout=60)
        return file.read_bytes()


def _segment(marker: int, payload: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(payload) + 2).to_bytes(2, "big") + payload


@cache
def jpeg(*, known_colours: bool = True, orientation: int = 6) -> bytes:
    """A JPEG with all of it, a second picture and a trailer behind its end."""
    exif = Image.Exif()
    exif[Base.Orientation] = orientation
    exif[Base.Make] = f"{MARK}-make"
    exif.get_ifd(IFD.Exif)[Base.MakerNote] = f"{MARK}-maker {SERIAL}".encode()
    plain = saved(scene(2), "JPEG", exif=exif, icc_profile=profile(known=known_colours), comment=f"{MARK}-comment".encode())
    plain = noted(plain, "jpg", *TAGS, *_IPTC, "-ThumbnailImage<=THUMBNAIL")
    mark = MARK.encode()
    extended = (
        b"http://ns.adobe.com/xmp/extension/\0"
        + b"0" * 32
        + (99).to_bytes(4, "big")
        + bytes(4)
        + b"<x:xmpmeta>"
        + mark
        + b"-extended</x:xmpmeta>"
    )
    more = (
        _segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\x02\x02" + mark[:6] + mark[:6])
        + _segment(0xE0, b"JFXX\0\x10" + thumbnail())
        + _segment(0xE1, extended)
        + _segment(0xE2, b"MPF\0MM\0*\0\0\0\x08\0\0" + mark)
        + _segment(0xE5, mark + b"-app5")
        + _segment(0xEB, b"JP\0\1\0\0\0\1\0\0\0\x20jumb\0\0\0\x18jumdc2pa" + mark)
        + _segment(0xED, b"Photoshop 3.0\x008BIM\x04\x0c\0\0" + (28 + len(thumbnail())).to_bytes(4, "big") + bytes(28) + thumbnail())
        + _segment(0xFE, mark + b"-second comment")
        + _segment(0xEF, mark)
    )
    behind_exif = 20 + 2 + int.from_bytes(plain[22:24], "big")
    trailer = b"AXS!\0\0\0\x01" + mark + b"-afcp" + b"AXS!" + bytes(4)
    return plain[:behind_exif] + more + plain[behind_exif:] + saved(scene(2), "JPEG") + mark + b"-behind " + SERIAL.encode() + trailer


@cache
def png() -> bytes:
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", f"{MARK}-text")
    text.add_text("Comment", f"{MARK}-compressed", zip=True)
    text.add_itxt("Title", f"{MARK}-international", zip=True)
    written = saved(scene(2), "PNG", pnginfo=text, icc_profile=profile(known=True))
    end = len(written) - 12
    written = written[:end] + chunk(b"tIME", bytes((7, 230, 11, 20, 9, 1, 2))) + chunk(b"prVt", MARK.encode()) + written[end:]
    return noted(written, "png", *TAGS) + MARK.encode()


@cache
def tiff() -> bytes:
    exif = Image.Exif()
    exif[Base.Orientation] = 6
    exif[Base.DocumentName] = f"{MARK}-document"
    exif[Base.HostComputer] = f"{MARK}-computer"
    exif[65000] = f"{MARK}-private"
    exif.get_ifd(IFD.Exif)[Base.MakerNote] = f"{MARK}-maker".encode()
    written = BytesIO()
    scene(2).save(written, "TIFF", exif=exif, save_all=True, append_images=[scene(3)], icc_profile=profile(known=True))
    return noted(written.getvalue(), "tif", *TAGS, *_IPTC) + MARK.encode()


@cache
def heif() -> bytes:
    return noted(heic("quartered", depth="red", tail=MARK.encode()), "heic", *TAGS)


@cache
def raw(ending: str = "dng") -> bytes:
    """A RAW file whose picture for show carries notes of its own."""
    body = drawn.CameraBody(make=f"{MARK}-make", model=f"{MARK}-model", serial=SERIAL, software=MARK)
    from tests.factories.pictures import TAKEN

    written = drawn.raw(scene(2), body, TAKEN, ending=ending, orientation=6)
    return written + MARK.encode()


def left(copies: dict[str, bytes]) -> list[str]:
    """What is left in copies (JPEG files, by name) beside their pictures: seen by exiftool or by searching their bytes."""
    found = []
    with TemporaryDirectory() as folder:
        for number, data in enumerate(copies.values()):
            (Path(folder) / f"{number}.jpg").write_bytes(data)
        said = subprocess.run(
            ["exiftool", "-a", "-G1", "-s", "-ee", "-U", "-j", "-q", *sorted(str(file) for file in Path(folder).iterdir())],
            capture_output=True,
            check=True,
            timeout=120,
        )
    by_number = {int(Path(row["SourceFile"]).stem): row for row in json.loads(said.stdout)}
    for number, (name, data) in enumerate(copies.items()):
        found += [f"{name}: {tag}" for tag in by_number[number] if not _of_the_picture(tag)]
        found += [
            f"{name}: {text!r}" for text in (MARK, SERIAL) for coding in ("ascii", "utf-16-le", "utf-16-be") if text.encode(coding) in data
        ]
        if data.count(b"\xff\xd8\xff") != 1 or data.find(b"\xff\xd9") != len(data) - 2:
            found.append(f"{name}: a second picture or bytes behind the end")
    return found


_CODINGS = ("ascii", "utf-16-le", "utf-16-be")
_PICTURE = {
    *(f"File:{tag}" for tag in ("FileType", "FileTypeExtension", "MIMEType", "ExifByteOrder", "ImageWidth", "ImageHeight")),
    *(f"File:{tag}" for tag in ("EncodingProcess", "BitsPerSample", "ColorComponents", "YCbCrSubSampling")),
    *("IFD0:Orientation", "Composite:ImageSize", "Composite:Megapixels", "SourceFile"),
}


def _of_the_picture(tag: str) -> bool:
    """Whether a tag tells of the coding of the picture, or stands outside the file."""
    group = tag.split(":", maxsplit=1)[0]
    return tag in _PICTURE or group in ("ExifTool", "System", "JFIF", "ICC-header", "ICC_Profile", "APP14", "Adobe")
