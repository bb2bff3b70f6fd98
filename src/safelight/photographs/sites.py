"""Body sites and reasons for photos: closed lists, dated. A code that photographs carry is never taken off, only marked as old.

List of 24 November 2026.
"""

from dataclasses import dataclass
from typing import Final

from safelight.photographs.models import Laterality


@dataclass(frozen=True, slots=True)
class Site:
    """A place on the body. `sided` has a left and a right; `intimate` asks for a chaperone (C7)."""

    code: str
    name: str
    sided: bool = False
    intimate: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Why photos are needed (B15). `evidential` is the medical photographer's alone (C9); `teaching` is for nothing but teaching."""

    code: str
    name: str
    evidential: bool = False
    teaching: bool = False


@dataclass(frozen=True, slots=True)
class SiteSaid:
    """A body site and its side, as somebody chose them."""

    site: str
    laterality: str = Laterality.NONE


_SITES: Final = (
    Site("scalp", "Scalp"),
    Site("face", "Face"),
    Site("eye", "Eye", sided=True),
    Site("ear", "Ear", sided=True),
    Site("nose", "Nose"),
    Site("mouth", "Mouth"),
    Site("neck", "Neck"),
    Site("chest", "Chest"),
    Site("breast", "Breast", sided=True, intimate=True),
    Site("abdomen", "Abdomen"),
    Site("stoma", "Stoma"),
    Site("back", "Back"),
    Site("sacrum", "Sacrum"),
    Site("buttock", "Buttock", sided=True, intimate=True),
    Site("groin", "Groin", sided=True, intimate=True),
    Site("genitals", "Genitals", intimate=True),
    Site("anus", "Anus and around it", intimate=True),
    Site("shoulder", "Shoulder", sided=True),
    Site("axilla", "Armpit", sided=True),
    Site("upper_arm", "Upper arm", sided=True),
    Site("elbow", "Elbow", sided=True),
    Site("forearm", "Forearm", sided=True),
    Site("wrist", "Wrist", sided=True),
    Site("hand", "Hand", sided=True),
    Site("fingers", "Fingers", sided=True),
    Site("hip", "Hip", sided=True),
    Site("thigh", "Thigh", sided=True),
    Site("knee", "Knee", sided=True),
    Site("shin", "Shin", sided=True),
    Site("calf", "Calf", sided=True),
    Site("ankle", "Ankle", sided=True),
    Site("heel", "Heel", sided=True),
    Site("foot", "Foot", sided=True),
    Site("toes", "Toes", sided=True),
    Site("whole_body", "Whole body"),
)
_REASONS: Final = (
    Reason("wound", "Wound or burn: how it heals"),
    Reason("pressure_ulcer", "Pressure ulcer"),
    Reason("skin_lesion", "Lump, mole or rash"),
    Reason("injury", "Injury or fracture"),
    Reason("infection", "Infection"),
    Reason("before_operation", "Before an operation"),
    Reason("after_operation", "After an operation"),
    Reason("device_site", "Line, drain or stoma"),
    Reason("eye_condition", "Eye condition"),
    Reason("dental", "Teeth or mouth"),
    Reason("congenital", "Condition from birth"),
    Reason("progress", "To compare with earlier photos"),
    Reason("teaching", "Only for teaching", teaching=True),
    Reason("safeguarding", "Safeguarding: possible harm by somebody", evidential=True),
    Reason("forensic", "Police or court", evidential=True),
)

SITES: Final = {site.code: site for site in _SITES}
REASONS: Final = {reason.code: reason for reason in _REASONS}
SIDES: Final = (Laterality.LEFT, Laterality.RIGHT, Laterality.BOTH)


def whole(said: SiteSaid) -> bool:
    """Whether a site is on the list and has a side exactly where it has two (C3)."""
    site = SITES.get(said.site)
    return site is not None and (said.laterality in SIDES if site.sided else said.laterality == Laterality.NONE)


def name_of(site: str, laterality: str = Laterality.NONE) -> str:
    """A site as a person says it: "Left forearm". An unknown code is shown as it is."""
    known = SITES.get(site)
    plain = known.name if known else site
    if laterality == Laterality.NONE:
        return plain
    return f"{Laterality(laterality).label} {plain.lower()}" if laterality in set(SIDES) else plain


def reason_name(code: str) -> str:
    """A reason as a person says it. An unknown code is shown as it is."""
    known = REASONS.get(code)
    return known.name if known else code
