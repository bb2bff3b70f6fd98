"""Making one covered copy. Only for the worker: it decodes.

1. Boxes are of the picture that is seen. They are turned back to stored rows and columns first and rounded outward second.
2. A JPEG whose colours need no change is covered in its coefficients, and says by its orientation how it is turned.
3. Whatever else, and a JPEG in which something is wrong, is copied from its pixels, upright.
4. Either way the file that leaves is written from an allow-list: covering and cleaning are one operation.
"""

from PIL import Image

from safelight.deidentify.covering import pixels
from safelight.deidentify.covering.coefficients import Library
from safelight.deidentify.covering.colour import Colours, colours
from safelight.deidentify.covering.framing import How, Note, Request
from safelight.deidentify.covering.orientation import Edges, Size, outward, way
from safelight.deidentify.covering.rebuild import rebuild
from safelight.deidentify.covering.refusals import Why
from safelight.deidentify.covering.segments import COVERABLE, FRAMES, Frame, Malformed, frame
from safelight.photographs.pictures import camera
from safelight.photographs.pictures.kinds import Kind
from safelight.photographs.pictures.picture import CameraNote
from safelight.photographs.pictures.render import MOST_PIXELS

_EXIF_LIES_WITHIN = 2**20  # as where the photograph is shown: both must see the same orientation
_BITS, _BLOCK = 8, (8, 8)
_THREE = 3

Copy = tuple[Note, bytes]


def copy(data: bytes, asked: Request, library: Library | None) -> Copy:
    """One covered copy, or why there is none. Raises what decoders raise for a damaged file."""
    plain = asked.kind in (Kind.JPEG, Kind.MPO)
    note = camera.read(data[:_EXIF_LIES_WITHIN] if plain else data) or CameraNote()
    header = _header(data) if plain else None
    if header:
        if header.bits != _BITS or header.kind in FRAMES - set(COVERABLE):
            return Note(refusal=Why.UNUSUAL), b""
        if header.width * header.height > MOST_PIXELS:
            return Note(refusal=Why.TOO_MANY_PIXELS), b""
        found = _colours(data, note)
        if library and asked.lossless and not found.convert:
            made = _from_coefficients(data, asked, note, header, found, library)
            if made:
                return made
    return _from_pixels(data, asked, note)


def _header(data: bytes) -> Frame | None:
    try:
        return frame(data)
    except Malformed:
        return None


def _colours(data: bytes, note: CameraNote) -> Colours:
    file = pixels.opened(data, "JPEG")
    return colours(file.info.get("icc_profile", b""), file.mode, adobe_rgb=note.adobe_rgb)


def _edges(asked: Request, size: Size) -> list[Edges]:
    """Boxes in pixels of the picture that is seen, rounded outward."""
    from safelight.deidentify.boxes import Box

    return [Box(*box).pixels(*size) for box in asked.boxes]


def _from_coefficients(data: bytes, asked: Request, note: CameraNote, header: Frame, found: Colours, library: Library) -> Copy | None:
    """(2) None where the decoder warned, or what it wrote is out of form."""
    stored = (header.width, header.height)
    seen = way(note.orientation, asked.turn)
    size = seen.size(stored)
    areas = [outward(seen.stored(edges, size), header.unit, stored) for edges in _edges(asked, size)]  # (1)
    coded = library.cover(data, header, areas)
    if coded is None:
        return None
    # Of three colours the coder names only red, green and blue so: without it they would be taken for light and differences of colour.
    adobe = header.adobe is not None or len(header.components) == _THREE
    try:
        clean = rebuild(coded, orientation=seen.orientation, space=found.space, adobe=adobe)  # (4)
    except Malformed:
        return None
    boxes = tuple(seen.seen(area, size) for area in areas)
    return Note(width=size[0], height=size[1], how=How.UNCHANGED, boxes=boxes), clean


def _from_pixels(data: bytes, asked: Request, note: CameraNote) -> Copy:
    """(3)"""
    try:
        seen = pixels.decoded(data, asked.kind, note, turn=asked.turn)
    except pixels.NoPicture:
        return Note(refusal=Why.NO_PICTURE_IN_RAW), b""
    height, width = seen.shape[:2]
    # Whole blocks, as a decoder takes them: else the coder's ripples would run across the edge into the black.
    areas = [outward(edges, _BLOCK, (width, height)) for edges in _edges(asked, (width, height))]
    clean = rebuild(pixels.covered(seen, areas), orientation=1, space=None)
    return Note(width=width, height=height, how=How.REENCODED, boxes=tuple(areas)), clean


def refused(fault: BaseException) -> Note:
    """Why there is no copy, by what a decoder raised."""
    if isinstance(fault, (Image.DecompressionBombError, Image.DecompressionBombWarning)):
        return Note(refusal=Why.TOO_MANY_PIXELS)
    return Note(refusal=Why.TOO_MUCH_MEMORY if isinstance(fault, MemoryError) else Why.DAMAGED)
