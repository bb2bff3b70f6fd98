"""Photographs that nobody has tuned to: drawn from others by chance, anew with every seed, their truth known because they were drawn.

1. Wristbands and labels with invented people, in several letterings, at any angle, on photographs of skin.
2. Symbols of the kinds that wards use, printed small, at any angle, blurred.
3. The faces of the corpus mirrored, tilted, darkened and made smaller.
"""

from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np
import simplejpeg
import zxingcpp
from tests.accuracy.measuring import upright
from tests.accuracy.truth import Edges, Known

_LETTERINGS = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX, cv2.FONT_HERSHEY_TRIPLEX)
_FAMILY = ("Adeyemi", "MacLeod", "Singh", "Kowalska", "Fitzgerald", "Nguyen", "Hussain", "Thomas")
_GIVEN = ("Ngozi", "Fiona", "Harpreet", "Agnieszka", "Sean", "Linh", "Imran", "Carys")
_SYMBOLS = ("DataMatrix", "QRCode", "Code128")
_PAPER, _INK = (240, 243, 240), (35, 30, 25)
_SIZE = (3000, 4000)


def drawn(known: list[Known], seed: int, each: int) -> Iterator[Known]:
    """So many of each of the three."""
    chance = np.random.default_rng(seed)
    skins = [one for one in known if one.folder == "skin" and "synth" in one.path.name]
    faces = [one for one in known if one.faces]
    for _ in range(each):
        yield _labelled(skins[chance.integers(len(skins))], chance)
        yield _with_symbol(skins[chance.integers(len(skins))], chance)
        yield _altered(faces[chance.integers(len(faces))], chance)


def _labelled(known: Known, chance: np.random.Generator) -> Known:
    number = "".join(map(str, chance.integers(0, 10, 7)))
    lines = (
        f"{chance.choice(_FAMILY).upper()}, {chance.choice(_GIVEN)}",
        f"NHS No: 999 {number[:3]} {number[3:]}",
        f"DOB: {chance.integers(1, 29):02}/{chance.integers(1, 13):02}/{chance.integers(1930, 2020)}",
    )
    font, height = int(chance.choice(_LETTERINGS)), int(chance.integers(28, 60))
    scale, step = height / 22, round(1.9 * height)
    sizes = [cv2.getTextSize(line, font, scale, max(2, height // 14))[0] for line in lines]
    paper = np.full((step * len(lines) + height, max(wide for wide, _ in sizes) + 2 * height, 3), _PAPER, np.uint8)
    places: list[tuple[Edges, str]] = []
    for row, (line, (wide, tall)) in enumerate(zip(lines, sizes, strict=True)):
        base = (height, step * (row + 1))
        cv2.putText(paper, line, base, font, scale, _INK, max(2, height // 14), cv2.LINE_AA)
        places.append(((base[0], base[1] - tall, base[0] + wide, base[1] + tall // 4), line))
    pixels, there = _laid_on(known, paper, chance)
    strings = tuple((_around(there, edges), line) for edges, line in places)
    return replace(known, folder="text", strings=strings, ignore=(), drawn=_jpeg(pixels, chance))


def _with_symbol(known: Known, chance: np.random.Generator) -> Known:
    kind, payload = str(chance.choice(_SYMBOLS)), f"S{chance.integers(10**8, 10**9)}"
    code = zxingcpp.create_barcode(payload, getattr(zxingcpp.BarcodeFormat, kind))
    modules = np.asarray(zxingcpp.write_barcode_to_image(code, scale=int(chance.integers(4, 9))))
    printed = np.repeat(modules.reshape(*modules.shape[:2], -1)[:, :, :1], 3, axis=2)
    paper = cv2.copyMakeBorder(printed, 40, 40, 40, 40, cv2.BORDER_CONSTANT, value=(255, 255, 255))
    pixels, _ = _laid_on(known, cv2.GaussianBlur(paper, (0, 0), float(chance.uniform(0.3, 1.5))), chance)
    return replace(known, folder="barcodes", payload=payload, drawn=_jpeg(pixels, chance))


def _altered(known: Known, chance: np.random.Generator) -> Known:
    pixels = upright(known)
    height, width = pixels.shape[:2]
    scale = float(chance.uniform(0.6, 1.0))
    way = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), float(chance.uniform(-20, 20)), scale), (0, 0, 1)])
    way = way @ np.array([[-1, 0, width], [0, 1, 0], [0, 0, 1]]) if chance.random() < 0.5 else way
    turned = cv2.warpAffine(pixels, way[:2], (width, height), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REFLECT)
    darker = (turned * float(chance.uniform(0.5, 1.0))).astype(np.uint8)
    # What is reflected at the edges may be a face: nothing outside the photograph itself counts.
    inside = _around(way[:2], (0, 0, width, height))
    outside = ((0, 0, width, inside[1]), (0, inside[3], width, height), (0, 0, inside[0], height), (inside[2], 0, width, height))
    ignore = (*(_around(way[:2], edges) for edges in known.ignore), *outside)
    faces = tuple(_around(way[:2], edges) for edges in known.faces)
    return replace(known, folder="faces", faces=faces, ignore=ignore, drawn=_jpeg(darker, chance))


def _laid_on(known: Known, paper: np.ndarray, chance: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Paper on a photograph of skin, at any angle; the photograph and the way of the paper's pixels into it."""
    under = cv2.resize(upright(known), _SIZE[::-1], interpolation=cv2.INTER_CUBIC)
    tall, wide = paper.shape[:2]
    way = cv2.getRotationMatrix2D((wide / 2, tall / 2), float(chance.uniform(-180, 180)), 1.0)
    reach = np.hypot(wide, tall) / 2
    centre = [chance.uniform(min(reach, side / 2), max(side - reach, side / 2)) for side in _SIZE[::-1]]
    way[:, 2] += np.array(centre) - np.array([wide / 2, tall / 2])
    laid = cv2.warpAffine(paper, way, _SIZE[::-1], flags=cv2.INTER_LINEAR)
    covers = cv2.warpAffine(np.full((tall, wide), 255, np.uint8), way, _SIZE[::-1])[:, :, None] / 255.0
    return (laid * covers + under * (1 - covers)).astype(np.uint8), way


def _around(way: np.ndarray, edges: Edges) -> Edges:
    left, top, right, bottom = edges
    corners = cv2.transform(np.array([[(left, top), (right, top), (right, bottom), (left, bottom)]], np.float64), way)[0]
    return (*map(float, corners.min(axis=0)), *map(float, corners.max(axis=0)))


def _jpeg(pixels: np.ndarray, chance: np.random.Generator) -> bytes:
    noise = chance.integers(-7, 8, (*pixels.shape[:2], 1), np.int16)
    noisy = np.clip(pixels.astype(np.int16) + noise, 0, 255).astype(np.uint8)
    return simplejpeg.encode_jpeg(noisy, quality=88, colorspace="RGB", colorsubsampling="420")
