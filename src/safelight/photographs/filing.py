"""What filing needs, made before the action: where a photo goes, and its objects' keys wrapped for the patient."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from safelight.custody import queries as custody
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
from safelight.patients import queries as patients
from safelight.photographs.errors import NotSafeYet
from safelight.photographs.models import Laterality, View, Visit
from safelight.photographs.quality.hints import Hint
from safelight.vault import objects
from safelight.vault.kept import Rewrapped
from safelight.vault.models import StoredObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """One frame on its way into a record.

    `photograph` is the new id, `taken_at` by the corrected clock, `width` and `height` in pixels of the upright photo, None where it
    cannot be drawn. `preview` and `thumb` name stored objects. `raw_of` is the filed JPEG of the same shot. `site_assumed` says that
    nobody has said which of the visit's sites it shows. `hints` are what may be wrong with it as a photo.
    """

    photograph: UUID
    frame: UUID
    visit: UUID
    taken_at: datetime
    camera: UUID | None
    kind: str
    site: str
    laterality: str
    site_assumed: bool = False
    view: str = View.UNKNOWN
    width: int | None
    height: int | None
    raw_of: UUID | None
    preview: UUID | None
    thumb: UUID | None
    hints: tuple[Hint, ...] = ()
    rewrapped: tuple[Rewrapped, ...]


def prepare(
    actor: Actor,
    *,
    photograph: UUID,
    frame: UUID,
    visit: UUID,
    taken_at: datetime,
    camera: UUID | None,
    site: str,
    laterality: str = Laterality.NONE,
    site_assumed: bool = False,
    view: str = View.UNKNOWN,
    width: int | None = None,
    height: int | None = None,
    raw_of: UUID | None = None,
    preview: UUID | None = None,
    thumb: UUID | None = None,
    hints: tuple[Hint, ...] = (),
) -> Filing:
    """A filing with its keys wrapped anew for the visit's patient. Slow, for it asks the key service: before the action.

    Raises NotFound for a frame or visit that does not exist, NotSafeYet for a frame that the vault does not hold.
    """
    kept = custody.frame(actor, frame)
    if kept.stored is None:
        raise NotSafeYet(frame)
    found = Visit.objects.filter(pk=visit).first()
    if found is None:
        raise NotFound(visit)
    holder = str(patients.patient(actor, found.patient_id).pk)
    drawn = StoredObject.objects.filter(pk__in=[name for name in (preview, thumb) if name])
    return Filing(
        photograph=photograph,
        frame=frame,
        visit=visit,
        taken_at=taken_at,
        camera=camera,
        kind=kept.kind,
        site=site,
        laterality=laterality,
        site_assumed=site_assumed,
        view=view,
        width=width,
        height=height,
        raw_of=raw_of,
        preview=preview,
        thumb=thumb,
        hints=hints,
        rewrapped=tuple(objects.rewrap(stored, holder=holder) for stored in (kept.stored, *drawn)),
    )
