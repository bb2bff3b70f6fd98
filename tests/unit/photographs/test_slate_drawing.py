import re
from io import BytesIO

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from safelight.photographs.slates import code, draw
from safelight.photographs.slates.draw import Symbol

TEXT = code.new(b"a slate!")


def _modules_of(svg: str, side: int) -> np.ndarray:
    """What a browser would paint: rectangles of `M x y h w v h H x Z` in black on white."""
    painted = np.full((side, side), 255, np.uint8)
    for x, y, wide, high in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+Z", svg.split('fill="#000"')[1]):
        painted[int(y) : int(y) + int(high), int(x) : int(x) + int(wide)] = 0
    return painted


@pytest.mark.requirement("C1")
@pytest.mark.parametrize(("symbol", "side"), [(Symbol.DATA_MATRIX, 20), (Symbol.QR, 29)])
def test_draws_a_square_that_the_reader_reads_back(symbol, side):
    svg = draw.svg(TEXT, symbol)
    painted = _modules_of(svg, side)
    assert np.array_equal(painted, draw.modules(TEXT, symbol))
    (found,) = zxingcpp.read_barcodes(np.kron(painted, np.ones((8, 8), np.uint8)))
    assert found.text == TEXT


def test_draws_without_style_or_script():
    svg = draw.svg(TEXT, Symbol.QR)
    assert "style" not in svg
    assert "script" not in svg
    assert "DOCTYPE" not in svg


@pytest.mark.parametrize("symbol", list(Symbol))
def test_draws_for_paper(symbol):
    with Image.open(BytesIO(draw.png(TEXT, symbol, pixels_a_module=10))) as paper:
        assert paper.size == (draw.modules(TEXT, symbol).shape[0] * 10,) * 2
        (found,) = zxingcpp.read_barcodes(np.asarray(paper.convert("L")))
    assert found.text == TEXT


@pytest.mark.parametrize("make", [draw.svg, draw.png, draw.modules])
def test_draws_nothing_but_slates(make):
    with pytest.raises(ValueError):
        make("SAMPLE, Test", Symbol.QR)
