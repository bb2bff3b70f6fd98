"""Invented photographs with a patient's label in them: their text and symbols are known, and where they are."""

from dataclasses import dataclass
from io import BytesIO

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw, ImageFont
from tests.factories.pictures import scene

LINES = ("OKORO, Adaeze", "NHS No: 999 420 5005", "DOB: 01/11/1978")


@dataclass(frozen=True)
class Labelled:
    """The upright photograph, and where its label and symbol are, in its pixels."""

    shown: Image.Image
    label: tuple[int, int, int, int]
    symbol: tuple[int, int, int, int]


def labelled(*, payload: str = "Y1234567", kind: str = "DataMatrix", size: tuple[int, int] = (1400, 1050), font: int = 40) -> Labelled:
    """A clinical photograph with a label at the upper left and a symbol at the lower right."""
    shown = scene().resize(size)
    pen, lettering = ImageDraw.Draw(shown), ImageFont.load_default(font)
    label = (60, 50, 60 + 13 * font, 50 + 5 * font)
    pen.rectangle(label, fill=(244, 244, 240))
    for number, line in enumerate(LINES):
        pen.text((label[0] + font // 2, label[1] + font // 2 + number * round(1.4 * font)), line, (20, 20, 30), lettering)
    code = np.asarray(zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(payload, getattr(zxingcpp.BarcodeFormat, kind)), scale=6))
    drawn = Image.fromarray(np.ascontiguousarray(code.reshape(code.shape[0], code.shape[1], -1)[:, :, 0]))
    left, top = size[0] - drawn.width - 80, size[1] - drawn.height - 60
    shown.paste(Image.merge("RGB", [drawn] * 3), (left, top))
    return Labelled(shown, label, (left, top, left + drawn.width, top + drawn.height))


def wristband(payload: str, degrees: float, size: tuple[int, int] = (2400, 1800)) -> Image.Image:
    """A clinical photograph with a row of bars (Code 128) that lies at an angle in it."""
    shown = scene().resize(size)
    bars = np.asarray(zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.Code128), scale=4))
    drawn = Image.fromarray(np.ascontiguousarray(bars.reshape(bars.shape[0], bars.shape[1], -1)[:, :, 0]))
    band = Image.new("L", (drawn.width + 120, drawn.height + 120), 250)
    band.paste(drawn, (60, 60))
    turned, mask = (one.rotate(degrees, expand=True, resample=Image.Resampling.BICUBIC) for one in (band, Image.new("L", band.size, 255)))
    shown.paste(Image.merge("RGB", [turned] * 3), ((size[0] - turned.width) // 2, (size[1] - turned.height) // 2), mask)
    return shown


_TURNS = {1: None, 3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270, 5: Image.Transpose.TRANSPOSE}


def stored(shown: Image.Image, orientation: int = 1, form: str = "JPEG") -> bytes:
    """The upright picture as a camera stores it that was held another way and says so in its EXIF."""
    turn = _TURNS[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    written = BytesIO()
    (shown.transpose(turn) if turn is not None else shown).save(written, form, quality=92, exif=exif)
    return written.getvalue()
