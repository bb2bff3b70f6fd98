"""The segments of a JPEG that are not its picture, and what follows its end."""

from safelight.deidentify.covering.notes import texts
from safelight.deidentify.covering.segments import Malformed, Marker, Segment, segments

_FIRST_APP, _LAST_APP = Marker.APP0, Marker.APP15
_READ_ELSEWHERE = (
    (Marker.APP0, b"JFIF\0"),
    (Marker.APP1, b"Exif\0"),
    (Marker.APP1, b"http://ns.adobe.com/xap/1.0/"),
    (Marker.APP1, b"http://ns.adobe.com/xmp/extension/"),
    (Marker.APP14, b"Adobe"),
)
_ANNOUNCED = (
    (Marker.APP0, b"JFXX\0", "Thumbnail of the picture", "JFXX, a small picture of the whole photo"),
    (Marker.APP2, b"MPF\0", "Second picture", "behind the first one"),
)
_PLAIN_JFIF = 14  # bytes; more is a thumbnail (JFIF 1.02)
_END = b"\xff\xd8\xff"


def carried(data: bytes) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    try:
        for segment in segments(data):
            if segment.marker == Marker.EOI:
                found += _trailer(data[segment.end :])
            elif segment.marker == Marker.COM:
                found.append(("Comment", segment.payload.decode("utf-8", "replace")))
            elif _FIRST_APP <= segment.marker <= _LAST_APP:
                found += _application(segment)
    except Malformed:
        found.append(("Order of the file", "broken: more may be hidden in it"))
    return found


def _application(segment: Segment) -> list[tuple[str, str]]:
    marker, said = segment.marker, segment.payload
    found = [(name, value) for app, begins, name, value in _ANNOUNCED if marker == app and said.startswith(begins)]
    if marker == Marker.APP0 and said.startswith(b"JFIF\0") and len(said) > _PLAIN_JFIF:
        found.append(("Thumbnail of the picture", "JFIF, a small picture of the whole photo"))
    elif marker == Marker.APP2 and said.startswith(b"ICC_PROFILE\0"):
        found.append(("Colour profile", texts.profile(said[14:]) if said[12:13] == b"\1" else "continued"))
    elif marker == Marker.APP13 and said.startswith(b"Photoshop"):
        found += [("Notes of an editing program", f"Photoshop, {len(said)} bytes"), *texts.iptc(said)]
    elif b"jumb" in said[:32]:
        found.append(("Notes of an editing program", f"history of the picture (JUMBF), {len(said)} bytes"))
    elif not found and not any(marker == app and said.startswith(begins) for app, begins in _READ_ELSEWHERE):
        name = "".join(map(chr, (byte for byte in said[:16].split(b"\0")[0] if 32 <= byte < 127)))  # noqa: PLR2004 - printable ASCII
        found.append(("Unknown block", f"APP{marker - _FIRST_APP} {name}, {len(said)} bytes"))
    return found


def _trailer(after: bytes) -> list[tuple[str, str]]:
    if not after:
        return []
    found = [("Bytes behind the picture", f"{len(after)} bytes")]
    if _END in after:
        found.append(("Second picture", "behind the end of the first one"))
    if b"ftyp" in after:
        found.append(("Video", "behind the end of the picture"))
    return found
