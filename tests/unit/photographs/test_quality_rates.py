"""How often hints are wrong, by tone of skin: false alarms and misses over drawn photos of every tone, site and view.

A long run: `pytest tests/faults tests/unit/photographs/test_quality_rates.py --sweep -k rates`. It prints what it counts.
"""

from collections import Counter
from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
from PIL import Image, ImageFilter

from safelight.photographs.pictures import drawn
from safelight.photographs.pictures.drawn import Lesion, Site, Subject, Tone, View
from safelight.photographs.quality import judging
from safelight.photographs.quality.hints import WORTH_TAKING_AGAIN, Hint

pytestmark = [pytest.mark.requirement("C5"), pytest.mark.requirement("L4"), pytest.mark.slow]
SIZE = (1500, 1000)
MOST = 0.23  # of nine photos of one tone: two
Worse = Callable[[Image.Image], Image.Image]


def soft(width: float) -> Worse:
    def worse(shown: Image.Image) -> Image.Image:
        seen = np.asarray(shown.filter(ImageFilter.GaussianBlur(width))).astype(np.int16)
        noise = np.random.default_rng(1).standard_normal((*seen.shape[:2], 1)) * 2.5
        return Image.fromarray((seen + noise).clip(0, 255).astype(np.uint8))

    return worse


def exposed(stops: float) -> Worse:
    return lambda shown: shown.point([round(255 * min(1.0, (level / 255) ** 2.2 * 2**stops) ** (1 / 2.2)) for level in range(256)] * 3)


def reflecting(shown: Image.Image) -> Image.Image:
    down, across = np.mgrid[0 : shown.height, 0 : shown.width]
    away = (across - shown.width / 2) ** 2 + (down - shown.height * 0.45) ** 2
    light = 400 * np.exp(-away / (2 * (0.05 * shown.width) ** 2))
    return Image.fromarray((np.asarray(shown) + light[..., None]).clip(0, 255).astype(np.uint8))


@pytest.fixture(scope="module")
def photos(request) -> list[tuple[Tone, View, Image.Image]]:
    if not request.config.getoption("--sweep", default=False):
        pytest.skip("a long run: only with --sweep")
    found = []
    for number, (tone, site, view) in enumerate(product(Tone, Site, View)):
        subject = Subject(seed=100 + number, tone=tone, site=site, lesion=list(Lesion)[number % 4])
        found.append((tone, view, drawn.photograph(subject, view, size=SIZE)))
    return found


def rate(photos, says: Callable[[tuple[Hint, ...]], bool], worse: Worse = lambda shown: shown) -> dict[Tone, float]:
    """The share of the photos of each tone whose hints are so."""
    of, so = Counter(), Counter()
    for tone, _, shown in photos:
        of[tone] += 1
        so[tone] += says(judging.hints(worse(shown)))
    found = {tone: so[tone] / of[tone] for tone in Tone}
    print({tone.value: round(share, 2) for tone, share in found.items()})
    return found


def test_rates_of_false_alarms(photos):
    alarms = rate(photos, lambda hints: bool(set(hints) & set(WORTH_TAKING_AGAIN)))
    assert max(alarms.values()) <= MOST


@pytest.mark.parametrize(
    ("hint", "worse"),
    [(Hint.FOCUS, soft(4)), (Hint.FOCUS, soft(6)), (Hint.DARK, exposed(-4)), (Hint.GLARE, reflecting)],
    ids=["soft", "very soft", "dark", "glare"],
)
def test_rates_of_misses(photos, hint, worse):
    misses = rate(photos, lambda hints: hint not in hints, worse)
    assert max(misses.values()) <= MOST


def test_rates_of_rulers(photos):
    near = [one for one in photos if one[1] is View.CLOSE_UP]
    assert max(rate(near, lambda hints: Hint.NO_SCALE in hints).values()) == 0
