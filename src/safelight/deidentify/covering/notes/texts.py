"""Texts that stand in files of any kind: XMP, IPTC, profiles. Found by their beginnings, never parsed as a language."""

import re

_MOST_PACKETS, LONGEST_PACKET = 16, 2**20
_XMP_NAMES = {
    "Owner": ("creator", "OwnerName", "Artist", "rights", "AuthorsPosition", "Credit", "Author"),
    "Serial number": ("SerialNumber", "CameraSerialNumber", "LensSerialNumber"),
    "Place": ("GPSLatitude", "GPSLongitude"),
    "Place in words": ("City", "Location", "State", "Country", "Sublocation"),
    "Software": ("CreatorTool", "softwareAgent", "Toolkit"),
    "Comment": ("description", "title", "Headline", "Instructions", "UserComment", "subject", "CaptionWriter"),
    "Taken": ("DateTimeOriginal", "CreateDate", "DateCreated"),
    "Number of the photo": ("DocumentID", "InstanceID", "OriginalDocumentID"),
}
_NAMED = {name: said for said, names in _XMP_NAMES.items() for name in names}
_NAMES = "|".join(_NAMED)
_AS_ATTRIBUTE = re.compile(rf'[\w-]{{1,20}}:({_NAMES})="([^"<]{{1,400}})"')
_AS_ELEMENT = re.compile(rf"<[\w-]{{1,20}}:({_NAMES})(?:\s[^<>]{{0,200}})?>([^<]{{0,400}}(?:</?rdf:[^<>]{{1,200}}>[^<]{{0,400}}){{0,40}})")
_TAGS = re.compile(r"<[^<>]{0,200}>?")
_LOOKS_LIKE_XMP = re.compile(rb"<x:xmpmeta|<rdf:RDF|<x:xapmeta")
_IPTC_NAMES = {  # IIM 4.2, record 2
    5: "Comment", 25: "Comment", 40: "Comment", 80: "Owner", 85: "Owner", 90: "Place in words", 92: "Place in words",
    95: "Place in words", 101: "Place in words", 105: "Comment", 110: "Owner", 115: "Owner", 116: "Owner", 118: "Owner",
    120: "Comment", 122: "Owner", 65: "Software",
}  # fmt: skip
_MOST_FIELDS = 200


def xmp(data: bytes) -> list[tuple[str, str]]:
    """What packets of XMP say. Where there is one and none of the known names is in it, that there is one."""
    found: list[tuple[str, str]] = []
    place = packets = 0
    while packets < _MOST_PACKETS and (begins := _LOOKS_LIKE_XMP.search(data, place)):
        ends = data.find(b"</x:xmpmeta>", begins.start(), begins.start() + LONGEST_PACKET)
        place = ends if ends > 0 else begins.start() + 64 * 1024
        text = data[begins.start() : place].decode("utf-8", "replace")
        packets += 1
        found.append(("Notes of an editing program", f"XMP, {len(text)} letters"))
        said = [*_AS_ATTRIBUTE.findall(text)[:_MOST_FIELDS], *_AS_ELEMENT.findall(text)[:_MOST_FIELDS]]
        found += [(_NAMED[name], value) for name, raw in said if (value := _TAGS.sub(" ", raw).strip())]
    return found


def iptc(data: bytes) -> list[tuple[str, str]]:
    """What a block of IPTC-IIM says, field by field."""
    found: list[tuple[str, str]] = []
    place = data.find(b"\x1c\x02")
    for _ in range(_MOST_FIELDS):
        if place < 0 or data[place : place + 2] != b"\x1c\x02" or place + 5 > len(data):
            break
        length = int.from_bytes(data[place + 3 : place + 5], "big")
        name = _IPTC_NAMES.get(data[place + 2])
        if name:
            found.append((name, data[place + 5 : place + 5 + min(length, 800)].decode("utf-8", "replace")))
        place += 5 + length
    return found


def profile(data: bytes) -> str:
    """How a colour profile calls itself."""
    table = data.find(b"desc", 128, 128 + 4 + 12 * 64)
    if table < 0:
        return "unnamed"
    begins, length = (int.from_bytes(data[table + at : table + at + 4], "big") for at in (4, 8))
    text = data[begins : begins + min(length, 400)]
    if text[:4] == b"desc":
        return text[12:].split(b"\0")[0].decode("ascii", "replace")
    return text[28:].decode("utf-16-be", "replace")


def inside(data: bytes) -> list[tuple[str, str]]:
    """What a TIFF or RAW file carries beside its tags."""
    found = [("Second picture", "a JPEG inside the file")] if b"\xff\xd8\xff" in data else []
    if b"8BIM" in data:
        found.append(("Notes of an editing program", "Photoshop"))
        found += iptc(data[data.find(b"8BIM") :][: 2**20])
    elif b"\x1c\x02\x05" in data or b"\x1c\x02\x50" in data or b"\x1c\x02\x78" in data:
        found += iptc(data[data.find(b"\x1c\x02") :][: 2**20])
    return found
