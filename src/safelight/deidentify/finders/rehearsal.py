"""Small files that lead through every decoder and every finder once, before the walls close. Only for the worker."""

import io
from collections.abc import Iterator

import cv2
import numpy as np
import simplejpeg
import zxingcpp
from PIL import Image

from safelight.photographs.pictures import colours, heic
from safelight.photographs.pictures.kinds import Kind

_WIDTH, _HEIGHT = 1400, 320  # just large enough for a closer look


def files() -> Iterator[tuple[bytes, Kind]]:
    """One of each kind. The JPEG shows text, upright and on its side, and a symbol."""
    yield _photograph(), Kind.JPEG
    square = Image.new("RGB", (64, 48), (200, 150, 130))
    for kind, form in ((Kind.JPEG, "JPEG"), (Kind.PNG, "PNG"), (Kind.TIFF, "TIFF")):
        written = io.BytesIO()
        shown = square.convert("CMYK") if kind is Kind.JPEG else square
        shown.save(written, form, icc_profile=colours.ADOBE_RGB_PROFILE, **({"compression": "tiff_lzw"} if form == "TIFF" else {}))
        yield written.getvalue(), kind
    yield heic.REHEARSAL, Kind.HEIC
    yield b"II*\0", Kind.DNG


def _photograph() -> bytes:
    paper = np.full((_HEIGHT, _WIDTH, 3), 230, np.uint8)
    cv2.putText(paper, "Rehearsal 999", (40, 160), cv2.FONT_HERSHEY_SIMPLEX, 3, (20, 20, 20), 6)
    symbol = np.asarray(zxingcpp.write_barcode_to_image(zxingcpp.create_barcode("REHEARSAL", zxingcpp.BarcodeFormat.DataMatrix), scale=6))
    tall, wide = symbol.shape[:2]
    paper[40 : 40 + tall, 1100 : 1100 + wide] = symbol.reshape(tall, wide, -1)[:, :, :1]
    written: bytes = simplejpeg.encode_jpeg(paper, quality=90, colorspace="RGB")
    return written
