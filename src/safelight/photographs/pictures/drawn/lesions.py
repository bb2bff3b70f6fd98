"""Invented lesions: shape, wound bed and the reddened skin around."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from safelight.photographs.pictures.drawn.fields import Colour, Field, Size, grain, mix, soft_step
from safelight.photographs.pictures.drawn.subject import FLUSH, Lesion, Subject, Tone

_RADIUS = {Lesion.ULCER: 0.056, Lesion.BURN: 0.082, Lesion.PLAQUE: 0.07, Lesion.NAEVUS: 0.017}


@dataclass(frozen=True)
class _Bed:
    """What a lesion is painted with: its share at each place, its distance from the rim, its grain, the light on it."""

    core: Field
    out: Field
    on_skin: Field
    fine: Field
    coarse: Field
    light: Field
    open_: float

    def painted(self, colour: Colour, fine: float, coarse: float) -> Field:
        return np.asarray(np.asarray(colour, np.float32) * (1 + fine * self.fine + coarse * self.coarse)[..., None], np.float32)


def over(scene: Field, subject: Subject, x: Field, y: Field, zoom: float, height: Field) -> Field:
    """The lesion of a subject on its skin, in coordinates around its centre."""
    random = np.random.default_rng((subject.seed, 3))
    size = (scene.shape[1], scene.shape[0])
    out = _outline(random, subject, x, y, size, zoom)
    on_skin = np.clip(height * 4, 0, 1)
    halo = 0.55 * np.exp(-(np.clip(out - 0.95, 0, 9) ** 2) / 0.22) * (1 - 0.7 * subject.healed) * on_skin
    bed = _Bed(
        core=(1 - soft_step(out, 1.0, 0.16)) * on_skin,
        out=out,
        on_skin=on_skin,
        fine=grain(random, size, 110 / zoom, 4),
        coarse=grain(random, size, 34 / zoom, 3),
        light=np.clip(height, 0.55, 1)[..., None],
        open_=1 - subject.healed,
    )
    return _PAINT[subject.lesion](mix(scene, FLUSH[subject.tone], halo), bed, subject.tone)


def _outline(random: Generator, subject: Subject, x: Field, y: Field, size: Size, zoom: float) -> Field:
    """0 in the middle, 1 at the rim: a blob with lobes and a ragged edge."""
    radius = _RADIUS[subject.lesion] * (1 - 0.6 * subject.healed) * random.uniform(0.9, 1.15)
    angle = np.arctan2(y, x)
    lobes = np.zeros_like(x)
    for count in range(2, 8):
        lobes += random.normal(0, 0.10 / count) * np.cos(count * angle + random.uniform(0, 6))
    stretch = random.uniform(0.68, 0.9)
    return np.asarray(np.hypot(x * stretch, y) / radius * (1 + lobes) + 0.07 * grain(random, size, 24 / zoom, 4), np.float32)


def _ulcer(scene: Field, bed: _Bed, _tone: Tone) -> Field:
    """Granulating, with slough, a pale rim and small wet reflections."""
    inside = bed.painted((156, 42, 44), 0.11, 0.10)
    inside = mix(inside, (196, 158, 96), 0.7 * soft_step(bed.coarse + 0.25 * bed.fine, 0.9, 1.1) * bed.open_)
    inside = mix(inside, (88, 22, 28), 0.6 * soft_step(-bed.coarse + 0.2 * bed.fine, 1.0, 1.2))
    inside = inside + 70 * soft_step(bed.fine, 2.3, 0.9)[..., None]
    scene = mix(scene, (196, 120, 112), 0.6 * (1 - soft_step(np.abs(bed.out - 1.02), 0.06, 0.08)) * bed.on_skin)
    return mix(scene, inside * bed.light, bed.core * (0.65 + 0.35 * bed.open_))


def _burn(scene: Field, bed: _Bed, _tone: Tone) -> Field:
    """Partial thickness: pink and mottled, moist."""
    inside = bed.painted((206, 92, 88), 0.05, 0.07)
    inside = mix(inside, (234, 184, 172), 0.6 * soft_step(bed.coarse + 0.2 * bed.fine, 0.8, 1.4))
    inside = inside + 45 * soft_step(bed.fine, 2.3, 0.8)[..., None]
    return mix(scene, inside * bed.light, bed.core * (0.42 + 0.5 * bed.open_))


def _plaque(scene: Field, bed: _Bed, tone: Tone) -> Field:
    """Reddened (on dark skin: darker, violet) under pale scale."""
    inside = mix(scene, FLUSH[tone], np.full_like(bed.core, 0.75))
    inside = mix(inside, (226, 214, 204), 0.6 * soft_step(0.8 * bed.fine + 0.5 * bed.coarse, 1.0, 1.3) * bed.open_)
    return mix(scene, inside, bed.core * 0.95)


def _naevus(scene: Field, bed: _Bed, tone: Tone) -> Field:
    """Brown in several shades."""
    brown = bed.painted((38, 24, 22) if tone is Tone.DARK else (88, 52, 38), 0.08, 0.22)
    return mix(scene, mix(brown, (38, 24, 24), 0.7 * soft_step(bed.coarse, 0.8, 1.3)), bed.core * 0.94)


_PAINT = {Lesion.ULCER: _ulcer, Lesion.BURN: _burn, Lesion.PLAQUE: _plaque, Lesion.NAEVUS: _naevus}
