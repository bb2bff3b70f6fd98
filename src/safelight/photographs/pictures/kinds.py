"""Which files are kept: an allow-list by content and by the ending of the name. Pure; reads bytes, decodes nothing.

1. The first bytes say the format; what is not on the list is refused, whatever its name.
2. The ending of the name must be one that cameras give this format, so that no file poses as another.
3. A file is not empty and not larger than its kind can be.
"""

from dataclasses import dataclass
from enum import StrEnum

from safelight.photographs.pictures.reasons import Reason

HEAD = 64
"""How many bytes from the beginning are enough to know a file."""

_MIB = 2**20


class Kind(StrEnum):
    JPEG = "jpeg"
    MPO = "mpo"
    HEIC = "heic"
    PNG = "png"
    TIFF = "tiff"
    CR2 = "cr2"
    CR3 = "cr3"
    NEF = "nef"
    ARW = "arw"
    DNG = "dng"
    RAF = "raf"
    ORF = "orf"
    RW2 = "rw2"
    MP4 = "mp4"
    MOV = "mov"

    @property
    def raw(self) -> bool:
        """What the sensor saw, with a JPEG for show inside."""
        return self in _RAW

    @property
    def video(self) -> bool:
        """Streamed into the vault and never decoded."""
        return self in _VIDEO

    @property
    def largest(self) -> int:
        """The most bytes that a file of this kind may have."""
        if self.video:
            return 4096 * _MIB
        return (120 if self.raw else 64) * _MIB


_RAW = {Kind.CR2, Kind.CR3, Kind.NEF, Kind.ARW, Kind.DNG, Kind.RAF, Kind.ORF, Kind.RW2}
_VIDEO = {Kind.MP4, Kind.MOV}


@dataclass(frozen=True)
class _Format:
    """A format by its first bytes, the kind it is without a name, and the endings it may have."""

    kind: Kind
    endings: dict[str, Kind]


_JPEG = _Format(Kind.JPEG, {"jpg": Kind.JPEG, "jpeg": Kind.JPEG, "jpe": Kind.JPEG, "mpo": Kind.MPO})
_PNG = _Format(Kind.PNG, {"png": Kind.PNG})
# NEF, ARW and DNG are TIFF files and begin as any other does: the name tells them apart. Some ORF and CR2 do, too.
_TIFF = _Format(
    Kind.TIFF,
    {"tif": Kind.TIFF, "tiff": Kind.TIFF, "nef": Kind.NEF, "arw": Kind.ARW, "dng": Kind.DNG, "cr2": Kind.CR2},
)
_HEIC = _Format(Kind.HEIC, {"heic": Kind.HEIC, "heif": Kind.HEIC, "hif": Kind.HEIC})
_MOVIE = _Format(Kind.MP4, {"mp4": Kind.MP4, "m4v": Kind.MP4, "mov": Kind.MOV})

_MAGIC = (
    (b"\xff\xd8\xff", _JPEG),
    (b"\x89PNG\r\n\x1a\n", _PNG),
    (b"II*\0", _TIFF),
    (b"MM\0*", _TIFF),
    (b"FUJIFILMCCD-RAW", _Format(Kind.RAF, {"raf": Kind.RAF})),
    (b"IIRO", _Format(Kind.ORF, {"orf": Kind.ORF})),
    (b"IIRS", _Format(Kind.ORF, {"orf": Kind.ORF})),
    (b"MMOR", _Format(Kind.ORF, {"orf": Kind.ORF})),
    (b"IIU\0", _Format(Kind.RW2, {"rw2": Kind.RW2})),
)
_CANON_RAW_AT_8 = b"CR\x02"
_BRANDS = {  # ISO 14496-12, 4.3: the major brand of a file
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"), _HEIC),
    b"crx ": _Format(Kind.CR3, {"cr3": Kind.CR3}),
    **dict.fromkeys((b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"XAVC"), _MOVIE),
    b"qt  ": _Format(Kind.MOV, {"mov": Kind.MOV}),
}
_OLD_MOVIE_BOXES = {b"moov", b"mdat", b"wide"}  # QuickTime files older than brands


def inspect(head: bytes) -> Kind | Reason:
    """The kind of a file by its first 64 bytes alone; a TIFF file may yet be a RAW one by its name."""
    found = _format(head)
    return found.kind if isinstance(found, _Format) else found


def recognise(*, name: str, head: bytes, size: int) -> Kind | Reason:
    """The kind of a file by its first 64 bytes, its name and its size in bytes, or why it stays on the card."""
    found = _format(head)  # (1)
    if isinstance(found, Reason):
        return found
    ending = name.rpartition(".")[2].lower()
    kind = found.endings.get(ending)  # (2)
    if kind is None:
        return Reason.NAME_DISAGREES
    if size == 0:  # (3)
        return Reason.EMPTY
    return Reason.TOO_LARGE if size > kind.largest else kind


def _format(head: bytes) -> _Format | Reason:
    if not head:
        return Reason.EMPTY
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], Reason.NOT_A_PHOTO)
    if head[4:8] in _OLD_MOVIE_BOXES:
        return _BRANDS[b"qt  "]
    if head[8:11] == _CANON_RAW_AT_8 and head[:4] in (b"II*\0", b"MM\0*"):
        return _Format(Kind.CR2, {"cr2": Kind.CR2})
    return next((known for magic, known in _MAGIC if head.startswith(magic)), Reason.NOT_A_PHOTO)
