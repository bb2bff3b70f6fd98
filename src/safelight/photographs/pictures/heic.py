"""HEIC by libheif and libde265. Only for the worker: it decodes.

1. Of a file with several pictures the primary one is shown, no other is decoded: no thumbnail, no depth map, no second picture.
2. The size is read from the header, and a bomb is refused before any pixel.
3. The decoder turns and mirrors as the file says (`irot`, `imir`; ISO 23008-12, 6.5.10). What EXIF says of orientation is for other
   readers, and must not be applied again.
"""

from base64 import b64decode

import pi_heif
from PIL import Image

MOST_IMAGES = 256
# A red square of 64 pixels: the decoder builds its tables when it first decodes.
REHEARSAL = b64decode(
    "AAAAGGZ0eXBoZWljAAAAAG1pZjFoZWljAAABLW1ldGEAAAAAAAAAIWhkbHIAAAAAAAAAAHBpY3QAAAAAAAAAAAAAAAAAAAAADnBpdG0AAAAAAAEAAAAjaWlu"
    "ZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAB5pbG9jAAAAAEQAAAEAAQAAAAEAAAFNAAAAGgAAALFpcHJwAAAAlGlwY28AAAB4aHZjQwEDcAAAAJAA"
    "AAAAAB7wAPz9+PgAAA8DYAABABhAAQwB//8DcAAAAwCQAAADAAADAB66AkBhAAEAK0IBAQNwAAADAJAAAAMAAAMAHqAggQWW6kkprm4CGgwIAAADAMgAAAMA"
    "CEBiAAEAB0QBwXKwIkAAAAAUaXNwZQAAAAAAAABAAAAAQAAAABVpcG1hAAAAAAAAAAEAAQKBggAAACJtZGF0AAAAFigBry7rAXyf//d/IP+vniH1esaAgwY="
)

# libde265 begins one thread of its own whatever is asked for (the walls allow it); libheif need not add any.
pi_heif.options.DECODE_THREADS = 1
pi_heif.options.THUMBNAILS = pi_heif.options.DEPTH_IMAGES = pi_heif.options.AUX_IMAGES = False


def opened(data: bytes, *, most_pixels: int) -> Image.Image:
    """The photo, upright, in the colours of its profile. Raises DecompressionBombError, or anything else for a damaged file."""
    file = pi_heif.HeifFile(data)
    if len(file) > MOST_IMAGES:
        raise Image.DecompressionBombError
    photo = file[file.primary_index]  # (1)
    width, height = photo.size
    if width * height > most_pixels:  # (2)
        raise Image.DecompressionBombError
    decoded = photo.data  # (3)
    shown = Image.frombuffer(photo.mode, photo.size, decoded, "raw", photo.mode, photo.stride, 1)
    if profile := photo.info.get("icc_profile"):
        shown.info["icc_profile"] = profile
    return shown
