"""Which files on a card are frames: told by name and by the first bytes, both of which must agree."""

from enum import StrEnum


class FrameKind(StrEnum):
    JPEG = "jpeg"
    MPO = "mpo"
    HEIC = "heic"
    PNG = "png"
    TIFF = "tiff"
    RAW = "raw"
    VIDEO = "video"


HEAD = 16
MIB = 1 << 20
LARGEST: dict[FrameKind, int] = {
    FrameKind.JPEG: 64 * MIB,
    FrameKind.MPO: 64 * MIB,
    FrameKind.HEIC: 64 * MIB,
    FrameKind.PNG: 64 * MIB,
    FrameKind.TIFF: 64 * MIB,
    FrameKind.RAW: 120 * MIB,
    FrameKind.VIDEO: 4096 * MIB - 1,
}
_BY_ENDING: dict[str, FrameKind] = {
    **dict.fromkeys(("jpg", "jpeg", "jpe"), FrameKind.JPEG),
    "mpo": FrameKind.MPO,
    **dict.fromkeys(("heic", "heif", "hif"), FrameKind.HEIC),
    "png": FrameKind.PNG,
    **dict.fromkeys(("tif", "tiff"), FrameKind.TIFF),
    **dict.fromkeys(("cr2", "cr3", "nef", "arw", "dng", "raf", "orf", "rw2"), FrameKind.RAW),
    **dict.fromkeys(("mp4", "mov", "m4v"), FrameKind.VIDEO),
}
_TIFF_LIKE = (b"II*\0", b"MM\0*")
_RAW_HEADS = (*_TIFF_LIKE, b"FUJIFILMCCD-RAW", b"IIRO", b"IIRS", b"MMOR", b"IIU\0")
_VIDEO_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")


def kind_of_name(file: str) -> FrameKind | None:
    """The kind that a file's name claims; None for a name that no frame has. Names that begin with a dot are no frames."""
    stem, dot, ending = file.rpartition(".")
    return _BY_ENDING.get(ending.lower()) if stem and dot and not file.startswith(".") else None


def agrees(kind: FrameKind, head: bytes) -> bool:
    """Whether the first bytes (16 are enough) are those of the kind."""
    match kind:
        case FrameKind.JPEG | FrameKind.MPO:
            return head.startswith(b"\xff\xd8\xff")
        case FrameKind.PNG:
            return head.startswith(b"\x89PNG\r\n\x1a\n")
        case FrameKind.TIFF:
            return head.startswith(_TIFF_LIKE)
        case FrameKind.RAW:
            return head.startswith(_RAW_HEADS) or head[4:12] == b"ftypcrx "
        case FrameKind.HEIC:
            return head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS
        case FrameKind.VIDEO:
            return head[4:8] in _VIDEO_BOXES
