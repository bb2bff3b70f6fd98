"""EXIF and the tags of TIFF and RAW files, by exifread."""

from collections.abc import Iterable
from typing import SupportsFloat

from safelight.photographs.pictures import camera
from safelight.photographs.pictures.camera import Tag

_WORDS = {
    "Serial number": ("EXIF BodySerialNumber", "Image CameraSerialNumber", "MakerNote SerialNumber", "MakerNote InternalSerialNumber"),
    "Lens serial number": ("EXIF LensSerialNumber", "MakerNote LensSerialNumber"),
    "Owner": ("EXIF CameraOwnerName", "MakerNote OwnerName", "Image Artist", "Image Copyright", "Image XPAuthor", "EXIF Photographer"),
    "Camera": ("Image Make", "Image Model", "EXIF LensModel", "Image UniqueCameraModel"),
    "Software": ("Image Software", "Image ProcessingSoftware", "MakerNote FirmwareVersion"),
    "Computer": ("Image HostComputer",),
    "Comment": ("Image ImageDescription", "EXIF UserComment", "Image XPComment", "Image XPTitle", "Image XPSubject", "Image XPKeywords"),
    "Document": ("Image DocumentName", "Image PageName", "Image OriginalRawFileName"),
    "Number of the photo": ("EXIF ImageUniqueID", "MakerNote ImageUniqueID", "MakerNote FileNumber", "MakerNote ImageNumber"),
    "Taken": ("EXIF DateTimeOriginal", "Image DateTime", "EXIF DateTimeDigitized"),
    "Place in words": ("GPS GPSAreaInformation", "GPS GPSProcessingMethod"),
}
_HIDDEN = {"Thumbnail of the picture": ("JPEGThumbnail", "TIFFThumbnail", "Thumbnail JPEGInterchangeFormat", "Thumbnail StripOffsets")}
_MOST_TAGS = 5_000


def carried(data: bytes) -> list[tuple[str, str]]:
    tags = dict(list(camera.everything(data).items())[:_MOST_TAGS])
    found = [("Place", place)] if (place := _place(tags)) else []
    for name, known in _WORDS.items():
        found += [(name, value) for value in dict.fromkeys(_values(tags, known))]
    if any(name in tags for name in _HIDDEN["Thumbnail of the picture"]):
        found.append(("Thumbnail of the picture", "a small picture of the whole photo"))
    makers = sum(name.startswith("MakerNote ") for name in tags)
    if makers or "EXIF MakerNote" in tags:
        found.append(("Notes of the maker", f"{makers} entries" if makers else "unreadable"))
    return found


def _values(tags: dict[str, Tag], names: Iterable[str]) -> Iterable[str]:
    for name in names:
        if name in tags:
            value = _text(tags[name])
            if set(value) - set("0 [],"):
                yield value


def _text(tag: Tag) -> str:
    """What a tag says; Windows' own texts are UTF-16 in bytes, a comment may begin with the name of its letters."""
    values = tag.values
    if isinstance(values, list) and len(values) > 4 and all(isinstance(value, int) and 0 <= value <= 255 for value in values):  # noqa: PLR2004 - bytes, more than a version has
        raw = bytes(values)
        if raw[:8] in (b"ASCII\0\0\0", b"UNICODE\0"):
            return raw[8:].decode("utf-16-le" if raw[:1] == b"U" else "utf-8", "replace").strip("\0 ")
        if not any(raw[1::2]):
            return raw.decode("utf-16-le", "replace").strip("\0 ")
        return raw.decode("utf-8", "replace").strip("\0 ")
    return str(tag.printable).strip("\0 ")


def _place(tags: dict[str, Tag]) -> str:
    """Degrees with the letter of the hemisphere, to about ten metres."""
    parts = []
    for axis in ("Latitude", "Longitude"):
        tag = tags.get(f"GPS GPS{axis}")
        values = tag.values if tag else None
        if not isinstance(values, list) or not values:
            continue
        degrees = sum(_number(value) / 60**power for power, value in enumerate(values[:3]))
        letter = str(tags[f"GPS GPS{axis}Ref"].printable)[:1] if f"GPS GPS{axis}Ref" in tags else ""
        parts.append(f"{degrees:.4f} {letter}".strip())
    return " ".join(parts)


def _number(value: object) -> float:
    try:
        return float(value) if isinstance(value, SupportsFloat) else 0.0
    except (ValueError, ZeroDivisionError, OverflowError):
        return 0.0
