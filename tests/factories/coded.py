"""One picture as JPEG files of every kind that cameras and programs write, and what an independent reader finds in them."""

import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import jpeglib
import numpy as np
import simplejpeg
from numpy.typing import NDArray
from PIL import Image
from tests.factories.pictures import saved

ADOBE = bytes.fromhex("FFEE000E41646F626500640000000000")


def grainy(width: int, height: int, seed: int = 1) -> Image.Image:
    """A picture in which no two blocks are alike."""
    random = np.random.default_rng((width, height, seed))
    waves = np.add.outer(np.linspace(40, 200, height), np.linspace(0, 50, width))[:, :, None] + np.array([0, -20, 15])
    return Image.fromarray((waves + random.integers(-30, 30, (height, width, 3))).clip(0, 255).astype(np.uint8))


def _arithmetic(picture: Image.Image) -> bytes:
    return subprocess.run(["cjpeg", "-arithmetic"], input=saved(picture, "PPM"), capture_output=True, check=True).stdout


def _turbo(subsampling: str) -> Callable[[Image.Image], bytes]:
    return lambda picture: simplejpeg.encode_jpeg(np.asarray(picture), colorspace="RGB", colorsubsampling=subsampling)


def _without_adobe(picture: Image.Image) -> bytes:
    written = saved(picture.convert("CMYK"), "JPEG")
    at = written.index(b"\xff\xeeAdobe"[:2])
    return written[:at] + written[at + 16 :]


def _light_and_ink(picture: Image.Image) -> bytes:
    """Four inks as light, two differences of colours and black (YCCK): by what Adobe's segment says of them."""
    written = saved(picture.convert("CMYK"), "JPEG")
    at = written.index(b"Adobe") + 11
    return written[:at] + b"\2" + written[at + 1 :]


CODED: dict[str, Callable[[Image.Image], bytes]] = {
    "4:2:0": lambda picture: saved(picture, "JPEG", subsampling="4:2:0"),
    "4:2:2": lambda picture: saved(picture, "JPEG", subsampling="4:2:2"),
    "4:4:0": _turbo("440"),
    "4:1:1": _turbo("411"),
    "4:4:4": lambda picture: saved(picture, "JPEG", subsampling="4:4:4"),
    "q35": lambda picture: saved(picture, "JPEG", quality=35),
    "q100": lambda picture: saved(picture, "JPEG", quality=100),
    "optimised": lambda picture: saved(picture, "JPEG", optimize=True),
    "progressive": lambda picture: saved(picture, "JPEG", progressive=True),
    "restarts": lambda picture: saved(picture, "JPEG", restart_marker_blocks=3),
    "grey": lambda picture: saved(picture.convert("L"), "JPEG"),
    "rgb": lambda picture: saved(picture, "JPEG", keep_rgb=True),
    "cmyk": lambda picture: saved(picture.convert("CMYK"), "JPEG"),
    "cmyk without Adobe": _without_adobe,
    "ycck": _light_and_ink,
    "arithmetic": _arithmetic,
}


def turned(coded: bytes, orientation: int) -> bytes:
    """The file with a camera's orientation in it."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    block = b"Exif\0\0" + exif.tobytes().removeprefix(b"Exif\0\0")
    return coded[:2] + b"\xff\xe1" + (len(block) + 2).to_bytes(2, "big") + block + coded[2:]


def coefficients(coded: bytes) -> tuple[list[NDArray[np.int16]], NDArray[np.uint16]]:
    """Blocks (row, column, 8, 8) of each component, and the quantisation tables, by jpeglib."""
    jpeglib.version.set("turbo210")
    with TemporaryDirectory(dir="/dev/shm") as folder:
        file = Path(folder) / "coded.jpg"
        file.write_bytes(coded)
        read = jpeglib.read_dct(str(file))
        parts = [part.copy() for part in (read.Y, read.Cb, read.Cr, read.K) if part is not None]
        return parts, read.qt[read.quant_tbl_no[: len(parts)]].copy()


def shown(coded: bytes) -> Image.Image:
    """The picture upright as a browser shows it, in RGB."""
    from PIL import ImageOps

    with Image.open(BytesIO(coded)) as file:
        return ImageOps.exif_transpose(file).convert("RGB")
