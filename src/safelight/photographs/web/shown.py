"""Photos as pages show them: in words, and with the reason where there is nothing to see."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from safelight.consent import queries as consents
from safelight.consent import rules
from safelight.consent.lifecycle import ConsentState
from safelight.consent.models import Consent, How, Purpose
from safelight.kernel.actor import Actor
from safelight.photographs.models import Photograph, View
from safelight.photographs.quality.hints import known
from safelight.photographs.sites import name_of, reason_name
from safelight.vault.models import StoredObject

PURPOSES = {
    Purpose.TAKE_AND_KEEP: "Record",
    Purpose.ADVICE_HERE: "Advice here",
    Purpose.ADVICE_ELSEWHERE: "Advice elsewhere",
    Purpose.TEACH_HERE: "Teaching",
    Purpose.ASK_ABOUT_PUBLICATION: "Ask about publication",
}
HOW = {How.TOLD: "Spoken", How.SIGNED: "Signed", How.PAPER: "On paper", How.DECIDED: "Decided for them"}
_NOT_DRAWN = {
    "video": "Video. Kept as it is, not shown here.",
    "raw": "RAW file. Kept as it is, not shown here.",
}
NOT_DRAWN = "This file cannot be drawn. It is kept as it is."
DISPOSED_OF = "This photo was disposed of."


@dataclass(frozen=True, slots=True)
class Tile:
    """A photo in small. `why_not` says why there is no picture of it, empty where there is one."""

    id: UUID
    alt: str
    caption: str
    time: str
    why_not: str
    with_raw: bool
    unsaid: bool

    @classmethod
    def of(cls, photograph: Photograph) -> "Tile":
        return cls(
            id=photograph.pk,
            alt=alt(photograph),
            caption=View(photograph.view).label if photograph.view else "Photo",
            time=f"{timezone.localtime(photograph.taken_at):%H:%M}",
            why_not=why_not(photograph, photograph.thumb),
            with_raw=bool(photograph.raws.all()),
            unsaid=photograph.site_assumed,
        )


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a patient agrees to now, as tags, and how it was said last. `taken_back` is when they took all of it back."""

    consent: Consent
    tags: tuple[tuple[str, bool], ...]
    how: str
    taken_back: datetime | None

    @property
    def words(self) -> str:
        """In one line: "Record, Advice here. Not: Teaching"."""
        if self.taken_back is not None:
            return f"Nothing: taken back {moment(self.taken_back)}"
        yes, no = (", ".join(word for word, said in self.tags if said is wanted) for wanted in (True, False))
        return f"{yes or 'Nothing'}. Not: {no}" if no else yes

    @classmethod
    def of(cls, actor: Actor, patient_id: UUID) -> "Agreed | None":
        """What stands; what was taken back, too, for the patient was asked. None where nobody has asked them."""
        every = consents.consents_of(actor, patient_id)
        if not every:
            return None
        last, agreed = every[0], rules.agreed_now(every)
        tags = tuple((word, purpose in agreed) for purpose, word in PURPOSES.items())
        back = last.ended_at if last.state == ConsentState.WITHDRAWN else None
        return cls(consent=last, tags=tags, how=HOW[How(last.how)], taken_back=back)


def facts(photograph: Photograph, *, filed_by: str, agreed: Agreed | None) -> list[dict[str, dict[str, str]]]:
    """What is known of a photo, as rows for people to read. The purposes agreed are a property of every photo (B4)."""
    size = f", {photograph.width} x {photograph.height}" if photograph.width else ""
    rows = {
        "Taken": moment(photograph.taken_at),
        "Why": reason_name(photograph.reason),
        "Camera": photograph.camera.code if photograph.camera else "Not known",
        "Put into the record": f"{moment(photograph.filed_at)}, {filed_by}",
        "Agreed": agreed.words if agreed else "Nobody has asked the patient",
        "File": f"{photograph.kind.upper() if photograph.kind != 'video' else 'Video'}{size}",
    }
    if said := [hint.says for hint in known(photograph.hints)]:
        rows["Computer's advice"] = f"It {', '.join(said)}. This can be wrong"
    if photograph.site_assumed:
        rows["Site"] = f"{name_of(photograph.site, photograph.laterality)}, the first of its visit. Nobody has said so"
    if photograph.raws.all():
        rows["RAW"] = "Kept behind this photo"
    if photograph.visit.evidential:
        rows["Evidence"] = "Every frame is kept"
    return [{"key": {"text": key}, "value": {"text": value}} for key, value in rows.items()]


def moment(at: datetime) -> str:
    """Day and time as the ward's clock shows them."""
    local = timezone.localtime(at)
    return f"{local.day} {local:%b %Y %H:%M}"


def alt(photograph: Photograph) -> str:
    """What stands in the place of a photo: body site, view and date, never a diagnosis."""
    view = f", {View(photograph.view).label.lower()}" if photograph.view else ""
    day = timezone.localtime(photograph.taken_at)
    return f"{name_of(photograph.site, photograph.laterality)}{view}, {day.day} {day:%b}"


def why_not(photograph: Photograph, drawn: StoredObject | None) -> str:
    """Why a photo cannot be shown, empty where it can."""
    if drawn is None:
        return _NOT_DRAWN.get(photograph.kind, NOT_DRAWN)
    return DISPOSED_OF if drawn.shredded_at else ""
