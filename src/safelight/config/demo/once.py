"""The whole job, unattended: a camera is signed out, patients are asked, slates and photos are taken, the card is imported and wiped.

What is drawn here is known: so is where every photo must end. Anything else makes the demonstration fail.
"""

import json
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_bytes
from uuid import UUID, uuid4

from safelight.config.demo import running
from safelight.config.demo.camera import PHONE, DemoCamera
from safelight.config.demo.cards import Card, Traces, new_card
from safelight.config.demo.consulting import consult
from safelight.config.demo.hospital import Hospital
from safelight.config.demo.prepared import ready
from safelight.config.demo.running import Place
from safelight.consent.details import Details
from safelight.consent.models import ChildsView, How, Purpose, WhoAgreed
from safelight.consent.said import said
from safelight.consent.wordings import ENGLISH_1
from safelight.custody.actions.check_out_camera import check_out_camera
from safelight.custody.models import CheckOut, Import
from safelight.intake import queries as intake
from safelight.intake.lifecycle import Whereabouts
from safelight.intake.models import Sorting
from safelight.kernel import clock
from safelight.kernel.actor import OPERATOR
from safelight.kernel.digest import Digest
from safelight.photographs.actions.open_visit import open_visit
from safelight.photographs.actions.show_slate import show_slate
from safelight.photographs.models import Fallback, Photograph
from safelight.photographs.pictures.drawn import Lesion, Site, Subject, Tone, View
from safelight.photographs.sites import SiteSaid
from safelight.photographs.slates import code

AGO = timedelta(minutes=45)
PATIENCE = 240.0
CARE = frozenset({Purpose.TAKE_AND_KEEP, Purpose.ADVICE_HERE})


@dataclass(slots=True)
class Truth:
    """Where every frame belongs: digests by patient, the slates, and how many must wait in the tray."""

    of: dict[str, UUID] = field(default_factory=dict)
    slates: int = 0
    tray: int = 0


class Session:
    """A morning with the camera. Every moment lies in the past, so that no photo is younger than the import."""

    def __init__(self, hospital: Hospital, camera: DemoCamera, *, began: datetime) -> None:
        self.hospital, self.camera, self.now = hospital, camera, began
        self.by = hospital.people["khan"]
        self.truth = Truth()
        self.out: CheckOut = check_out_camera(
            by=self.by, camera_id=hospital.camera, due_at=began + timedelta(hours=4), reason="", second=None, now=began, new_id=uuid4()
        )

    def wait(self, **how: float) -> None:
        self.now += timedelta(**how)

    def ask(self, number: str, site: SiteSaid, *, child: bool = False, elsewhere: bool = False) -> str:
        """Ask the patient, record what they say, also of advice from elsewhere, show the slate; returns what it shows."""
        patient, consent, visit = self.hospital.patients[number], uuid4(), uuid4()
        who, view = (WhoAgreed.PARENT, ChildsView.AGREES) if child else (WhoAgreed.PATIENT, None)
        details = Details(name="Maeve O'Specimen") if child else None
        yes = CARE | {Purpose.ADVICE_ELSEWHERE} if elsewhere else CARE
        told = said(consent, yes=yes, who=who, how=How.TOLD, wording=ENGLISH_1.id, childs_view=view, details=details)
        open_visit(
            by=self.by,
            patient_id=patient,
            consent_id=consent,
            said=told,
            reason="wound",
            fallback=Fallback.OWN_ROUTE,
            sites=(site,),
            check_out_id=self.out.pk,
            now=self.now,
            new_id=visit,
        )
        self.wait(seconds=5)
        text = code.new(token_bytes(8))
        show_slate(by=self.by, visit_id=visit, code=text, now=self.now, new_id=uuid4())
        self.wait(seconds=10)
        return text

    def take(self, number: str, slate: str, subject: Subject, views: Sequence[View], *, raw: bool = False) -> None:
        """Photograph the slate, then the patient."""
        self.camera.slate(slate, at=self.now)
        self.truth.slates += 1
        for path in self._photos(subject, views, raw=raw):
            self.truth.of[_digest(path)] = self.hospital.patients[number]

    def take_without(self, subject: Subject, views: Sequence[View]) -> None:
        """Photograph somebody with no slate before: the tray's business."""
        self.truth.tray += len(self._photos(subject, views, raw=False))

    def bring(self, files: Sequence[Path]) -> None:
        """Copy files from elsewhere onto the card: none of a registered camera."""
        self.truth.tray += self.camera.bring(files, at=self.now)

    def _photos(self, subject: Subject, views: Sequence[View], *, raw: bool) -> list[Path]:
        taken: list[Path] = []
        for view in views:
            self.wait(seconds=8)
            taken += self.camera.photo(subject, view, at=self.now, raw=raw)
        return taken


def morning(session: Session, *, phone: Path, others: Sequence[Path]) -> None:
    """Three patients with slates (one in RAW and JPEG), a photo before any slate, a slate left out, a phone's picture, other files."""
    session.wait(minutes=2)
    session.take_without(Subject(seed=3, tone=Tone.OLIVE), [View.OVERVIEW])
    session.wait(minutes=4)
    slate = session.ask("0000018", SiteSaid("forearm", "left"), elsewhere=True)
    session.take("0000018", slate, Subject(seed=11, tone=Tone.LIGHT, lesion=Lesion.BURN), [View.OVERVIEW, View.REGIONAL, View.CLOSE_UP])
    session.wait(minutes=5)
    slate = session.ask("0000042", SiteSaid("shin", "right"))
    subject = Subject(seed=12, tone=Tone.DARK, site=Site.LOWER_LEG, lesion=Lesion.ULCER)
    session.take("0000042", slate, subject, [View.OVERVIEW, View.CLOSE_UP], raw=True)
    session.wait(minutes=6)
    slate = session.ask("0000077", SiteSaid("back"), child=True)
    subject = Subject(seed=13, tone=Tone.BROWN, site=Site.BACK, lesion=Lesion.NAEVUS)
    session.take("0000077", slate, subject, [View.OVERVIEW, View.CLOSE_UP])
    session.wait(minutes=2)
    session.ask("0000018", SiteSaid("forearm", "left"), elsewhere=True)  # its slate is photographed by nobody
    session.take_without(Subject(seed=11, tone=Tone.LIGHT, lesion=Lesion.BURN), [View.OVERVIEW, View.CLOSE_UP])
    session.wait(minutes=1)
    session.bring([phone, *others])


def run(place: Place, *, kind: str, others: Sequence[Path]) -> tuple[dict[str, object], list[str]]:
    """Do it all in a running demonstration without patients; returns the figures, and in words what is off."""
    with new_card(place.folder, kind) as card:
        hospital = ready(place, card=card.path)
        with card.opened() as root:
            session = Session(hospital, DemoCamera(root), began=clock.now() - AGO)
            phone = phone_picture(place.folder, session.now)
            morning(session, phone=phone, others=others)
            traces = Traces(root)
        began = time.monotonic()
        outcome = running.import_card(place, card.path)
        card_import = Import.objects.latest("announced_at")
        wait_until_sorted(card_import.pk)
        seconds = round(time.monotonic() - began, 1)
        found = traces.found(card)
        figures, off = _figures(card, session.truth, outcome, card_import.pk, found, seconds)
    consulted = consult(hospital)
    figures |= consulted.figures | {"audit_verified": _verified(place)}
    return figures, [*off, *consulted.off, *([] if figures["audit_verified"] else ["the ledger does not verify"])]


def _figures(
    card: Card, truth: Truth, outcome: dict[str, object], import_id: UUID, found: int, seconds: float
) -> tuple[dict[str, object], list[str]]:
    counts = intake.counts(OPERATOR, import_id)
    frames = outcome.get("frames")
    figures: dict[str, object] = {
        "card": card.kind,
        "frames": len(frames) if isinstance(frames, list) else 0,
        "slates": counts[Whereabouts.SLATE],
        "filed": counts[Whereabouts.FILED],
        "tray": counts[Whereabouts.TRAY],
        "erased": outcome.get("erased", 0),
        "recoverable": found + int(str(outcome.get("residue", 0))),
        "seconds": seconds,
    }
    return figures, list(_off(figures, truth, outcome))


def _off(figures: dict[str, object], truth: Truth, outcome: dict[str, object]) -> Iterator[str]:
    """What is not as it must be."""
    expected = {
        "slates": truth.slates,
        "filed": len(truth.of),
        "tray": truth.tray,
        "frames": truth.slates + len(truth.of) + truth.tray,
        "erased": figures["frames"],
        "recoverable": 0,
    }
    for name, value in expected.items():
        if figures[name] != value:
            yield f"{name} is {figures[name]} and should be {value}"
    if figures["tray"] != truth.tray:
        waiting = Sorting.objects.filter(state=Whereabouts.TRAY).order_by("position").values_list("position", "why")
        yield "in the tray: " + ", ".join(f"{position} {why}" for position, why in waiting)
    if outcome["exit"] != 0:
        yield f"the station ended with status {outcome['exit']}, left on the card: {outcome.get('left')}"
    filed = dict(Photograph.objects.values_list("frame__digest", "patient"))
    if wrong := [digest for digest, patient in filed.items() if truth.of.get(digest) != patient]:
        yield f"{len(wrong)} photos stand under the wrong patient"


def wait_until_sorted(import_id: UUID) -> None:
    """Returns when every frame of a card has its place. Raises NotStarted when that takes minutes."""
    deadline = time.monotonic() + PATIENCE
    while intake.card_sorted(OPERATOR, import_id) is None:
        if time.monotonic() > deadline:
            raise running.NotStarted("The card was not sorted in time. Look into server.log.")
        time.sleep(0.2)


def _verified(place: Place) -> bool:
    command = [*running.PROGRAM, "audit", "verify", "--json"]
    done = subprocess.run(command, check=False, env=place.environment, stdout=subprocess.PIPE)
    return done.returncode == 0 and bool(json.loads(done.stdout)["ok"])


def phone_picture(folder: Path, at: datetime) -> Path:
    """What somebody took with a telephone."""
    phone = DemoCamera(folder / "phone", body=PHONE)
    return phone.photo(Subject(seed=14, tone=Tone.LIGHT), View.CLOSE_UP, at=at)[0]


def _digest(path: Path) -> str:
    return Digest.of(path.read_bytes())
