"""The chunks of a PNG that are not its picture (PNG 1.2, 11.3). Texts are unfolded to a bounded length."""

import zlib

from safelight.deidentify.covering.notes import texts

_PICTURE = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs", b"hIST", b"eXIf"}
_XMP = b"XML:com.adobe.xmp"
_MOST_CHUNKS, _LONGEST = 10_000, 800
_NAMES = {"author": "Owner", "copyright": "Owner", "software": "Software", "source": "Camera", "creation time": "Taken"}


def carried(data: bytes) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    place = 8
    for _ in range(_MOST_CHUNKS):
        length, name = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + 8]
        if len(name) < 4:  # noqa: PLR2004 - the name of a chunk
            break
        said = data[place + 8 : place + 8 + length]
        place += 12 + length
        if name == b"IEND":
            if place < len(data):
                found.append(("Bytes behind the picture", f"{len(data) - place} bytes"))
            break
        found += _chunk(name, said)
    return found


def _chunk(name: bytes, said: bytes) -> list[tuple[str, str]]:
    if name in (b"tEXt", b"zTXt", b"iTXt"):
        key, _, rest = said.partition(b"\0")
        if key == _XMP:
            return texts.xmp(_text(name, rest, texts.LONGEST_PACKET).encode())
        word = key[:79].decode("latin-1")
        return [(_NAMES.get(word.lower(), "Comment"), f"{word}: {_text(name, rest, _LONGEST)}")]
    if name == b"tIME":
        return [("Taken", f"changed {int.from_bytes(said[:2], 'big')}-{said[2]:02}-{said[3]:02}")] if len(said) == 7 else []  # noqa: PLR2004 - the seven bytes of tIME
    if name == b"iCCP":
        return [("Colour profile", texts.profile(_unfolded(said.partition(b"\0")[2][1:], 4096)))]
    if name in _PICTURE:
        return []
    return [("Unknown block", f"{name.decode('latin-1')}, {len(said)} bytes")]


def _text(name: bytes, rest: bytes, longest: int) -> str:
    if name == b"tEXt":
        return rest[:longest].decode("latin-1")
    if name == b"zTXt":
        return _unfolded(rest[1:], longest).decode("latin-1")
    packed, text = rest[:1] == b"\1", rest[2:].split(b"\0", 2)[-1]
    return (_unfolded(text, longest) if packed else text[:longest]).decode("utf-8", "replace")


def _unfolded(packed: bytes, longest: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, longest)
    except zlib.error:
        return b""
