"""Drawing a slate: a square DataMatrix, and the same text as a QR code of version 1-M for phones.

At the same width a DataMatrix survives more blur; phones read QR codes. Both stand side by side on paper and screens.
"""

import re
from enum import StrEnum
from io import BytesIO
from typing import Final

import numpy as np
import zxingcpp

from safelight.photographs.slates import code


class Symbol(StrEnum):
    DATA_MATRIX = "datamatrix"
    QR = "qr"


_MODULES: Final = {Symbol.DATA_MATRIX: 20, Symbol.QR: 29}  # a side, with the quiet zone
_PATH = re.compile(r'<path d="([MhvZ0-9 -]+)"')
_PIXELS_A_MODULE = 12


def svg(text: str, symbol: Symbol) -> str:
    """The symbol as SVG, one unit a module, with its quiet zone: no style and no script, sharp at any size.

    Raises ValueError where the text is not a slate's.
    """
    drawn = _PATH.search(zxingcpp.write_barcode_to_svg(_barcode(text, symbol)))
    if drawn is None:
        raise ValueError("the symbol was not drawn as one path")
    side = _MODULES[symbol]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img" aria-label="Slate" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0Z"/><path fill="#000" d="{drawn[1]}"/></svg>'
    )


def png(text: str, symbol: Symbol, *, pixels_a_module: int = _PIXELS_A_MODULE) -> bytes:
    """The symbol as a PNG in black and white, for paper. Raises ValueError where the text is not a slate's."""
    from PIL import Image  # here alone: a page that shows a slate as SVG loads no picture library

    written = BytesIO()
    Image.fromarray(modules(text, symbol)).resize((side := _MODULES[symbol] * pixels_a_module, side), 0).convert("1").save(written, "PNG")
    return written.getvalue()


def modules(text: str, symbol: Symbol) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    """The symbol's modules with the quiet zone, 0 for black and 255 for white. Raises ValueError where the text is not a slate's."""
    return np.array(zxingcpp.write_barcode_to_image(_barcode(text, symbol)), dtype=np.uint8)


def _barcode(text: str, symbol: Symbol) -> zxingcpp.Barcode:
    if not code.valid(text):
        raise ValueError("not the text of a slate")
    if symbol is Symbol.DATA_MATRIX:
        # Without `force_square` the writer takes a rectangle of 12 by 26 modules.
        return zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.DataMatrix, force_square=True)
    return zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
