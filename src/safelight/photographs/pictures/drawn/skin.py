"""Invented limbs on a blue drape, with an invented lesion and a ruler. Nobody's skin: numbers from a seed."""

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from safelight.photographs.pictures.drawn import lesions
from safelight.photographs.pictures.drawn.fields import Colour, Field, Size, blurred, grain, mix, noise, picture, places, soft_step
from safelight.photographs.pictures.drawn.subject import FLUSH, SKIN, Site, Subject, Tone, View

_DRAPE: Colour = (44, 104, 142)
_ZOOM = {View.OVERVIEW: 1.0, View.REGIONAL: 1.5, View.CLOSE_UP: 2.4}


def draw(subject: Subject, view: View, size: Size, shot: int = 0) -> Image.Image:
    """One photograph of a subject. `shot` moves the camera and the light a little, as between two presses."""
    hand = np.random.default_rng((subject.seed, shot, 7))
    zoom = _ZOOM[view]
    across, down = places(size)
    centre = (0.5 + hand.uniform(-0.02, 0.02), size[1] / max(size) / 2 + hand.uniform(-0.015, 0.015))
    x, y = (across - centre[0]) / zoom, (down - centre[1]) / zoom
    lit = 1.04 - 0.26 * (across * 0.7 + down * 0.9) + 0.03 * noise(hand, size, 3)
    scene = _drape(np.random.default_rng((subject.seed, 1)), size, zoom)
    scene, height = _limb(scene, subject, x, y, size)
    scene = lesions.over(scene, subject, x, y, zoom, height)
    whole = picture(scene * lit[..., None])
    return _ruler(whole, zoom, max(size), hand)


def _drape(random: Generator, size: Size, zoom: float) -> Field:
    across, down = places(size)
    turn = random.uniform(-0.5, 0.5)
    bent = across + turn * down + 0.05 * noise(random, size, 3)
    folds = np.zeros_like(across)
    for count, depth in ((4.0, 0.16), (9.0, 0.08), (17.0, 0.03)):
        folds += depth * np.abs(np.sin((bent * count / zoom + random.uniform(0, 6)) * np.pi)) ** 0.7
    weave = 0.025 * random.standard_normal(across.shape).astype(np.float32)
    return np.asarray(np.asarray(_DRAPE, np.float32) * (0.72 + folds + weave + 0.05 * noise(random, size, 5))[..., None], np.float32)


def _limb(scene: Field, subject: Subject, x: Field, y: Field, size: Size) -> tuple[Field, Field]:
    """The limb over the drape, and its roundness: 1 where it faces the camera, 0 at its edge."""
    random = np.random.default_rng((subject.seed, 2))
    slope, bow = random.uniform(-0.08, 0.08), random.uniform(-0.12, 0.12)
    middle = slope * x + bow * x * x
    if subject.site is Site.FOREARM:
        half = 0.152 - 0.075 * x - 0.03 * np.cos(5.5 * x + 0.6)
    elif subject.site is Site.LOWER_LEG:
        half = 0.205 - 0.06 * x + 0.035 * np.cos(6 * (x + 0.22))
    else:
        half = np.full_like(x, 1.4)
    from_middle = (y - middle) / half
    inside = soft_step(1 - np.abs(from_middle), 0.0, 0.012)
    round_ = np.sqrt(np.clip(1 - np.clip(from_middle, -1, 1) ** 2, 0, 1)).astype(np.float32)
    contact = blurred(np.roll(inside, (size[1] // 40, size[0] // 90), (0, 1)), max(size) / 70)
    scene = scene * (1 - 0.5 * contact * (1 - inside))[..., None]
    uneven = 1 + 0.045 * grain(random, size, 5) + 0.018 * grain(random, size, 160, 3)
    skin: Field = np.asarray(SKIN[subject.tone], np.float32) * uneven[..., None]
    skin = mix(skin, FLUSH[subject.tone], np.clip(0.10 + 0.10 * grain(random, size, 7, 3), 0, 0.35))
    skin = _marks(skin, subject, random, x, y, size)
    # Light from above: the far side falls into a warm shadow.
    shade = np.clip(0.46 + 0.6 * round_ - 0.20 * from_middle, 0.25, 1.12)
    skin = skin * np.stack([shade, shade**1.12, shade**1.2], -1)
    gloss = np.exp(-(((from_middle + 0.38) / 0.20) ** 2)) * (0.85 + 0.10 * grain(random, size, 240, 2))
    skin = skin + (16 if subject.tone in (Tone.LIGHT, Tone.OLIVE) else 30) * np.clip(gloss, 0, 2)[..., None]
    return mix(scene, skin.astype(np.float32), inside), (round_ * inside).astype(np.float32)


def _marks(skin: Field, subject: Subject, random: Generator, x: Field, y: Field, size: Size) -> Field:
    """Veins, moles and hair."""
    fair = subject.tone in (Tone.LIGHT, Tone.OLIVE)
    bend = 0.02 * noise(random, size, 4)
    for _ in range(3):
        course = np.abs(y - random.uniform(-0.1, 0.1) - random.uniform(-0.25, 0.25) * x + bend)
        skin = mix(skin, (94, 96, 104) if fair else (54, 44, 48), 0.12 * np.exp(-((course / 0.006) ** 2)))
    for _ in range(random.integers(3, 8)):
        spot = np.hypot(x - random.uniform(-0.45, 0.45), y - random.uniform(-0.12, 0.12)) / random.uniform(0.002, 0.005)
        skin = mix(skin, (112, 66, 46) if subject.tone is not Tone.DARK else (44, 28, 24), 0.7 * (1 - soft_step(spot, 1, 0.6)))
    hair = Image.new("L", size)
    pen = ImageDraw.Draw(hair)
    zoomed = size[0] * (abs(float(x[0, -1] - x[0, 0])) or 1.0) ** -1
    for _ in range(260):
        left, top = random.uniform(0, size[0]), random.uniform(0, size[1])
        angle, length = random.normal(0.5, 0.35), zoomed * random.uniform(0.008, 0.02)
        pen.line((left, top, left + length * np.cos(angle), top + length * np.sin(angle)), fill=int(random.uniform(40, 130)), width=1)
    strands = np.asarray(hair.filter(ImageFilter.GaussianBlur(max(0.4, max(size) / 2600))), np.float32) / 255
    return mix(skin, (58, 42, 34), strands * (0.9 if subject.site is not Site.BACK else 0.25))


def _ruler(whole: Image.Image, zoom: float, longest: int, hand: Generator) -> Image.Image:
    """A paper ruler of ten centimetres under the lesion."""
    centimetre = longest * 0.026 * zoom
    wide, high = round(centimetre * 10.6), round(centimetre * 1.15)
    strip = Image.new("RGBA", (wide, high), (244, 243, 238, 255))
    pen = ImageDraw.Draw(strip)
    letters = ImageFont.load_default(max(6, centimetre * 0.42))
    thin = max(1, round(centimetre / 30))
    for tick in range(101):
        place = centimetre * (0.3 + tick / 10)
        length = centimetre * (0.5 if tick % 10 == 0 else 0.34 if tick % 5 == 0 else 0.2)
        pen.line((place, 0, place, length), fill=(20, 20, 24), width=thin)
        if tick % 10 == 0:
            pen.text((place, centimetre * 0.8), str(tick // 10), fill=(20, 20, 24), font=letters, anchor="mm")
    pen.text((wide - centimetre * 0.8, centimetre * 0.9), "cm", fill=(20, 20, 24), font=letters, anchor="mm")
    turned = strip.rotate(hand.uniform(-5, 5), Image.Resampling.BICUBIC, expand=True)
    left = round(whole.width * 0.5 - turned.width * 0.5 + hand.uniform(-0.03, 0.03) * longest)
    top = round(min(whole.height * 0.5 + longest * (0.09 + 0.02 * zoom) * zoom, whole.height - turned.height * 1.25))
    shadow = Image.new("RGBA", turned.size, (0, 0, 0, 0))
    shadow.putalpha(turned.getchannel("A").point(lambda alpha: alpha * 0.4))
    whole = whole.convert("RGBA")
    whole.alpha_composite(shadow, (max(0, left + round(centimetre * 0.08)), top + round(centimetre * 0.1)))
    whole.alpha_composite(turned, (max(0, left), top))
    return whole.convert("RGB")
