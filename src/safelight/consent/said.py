"""What was said in one conversation about photos, as a form or the demonstration gives it to the action."""

from dataclasses import dataclass
from uuid import UUID

from safelight.consent.details import Detail, Details, seal
from safelight.consent.models import ChildsView, How, Purpose, WhoAgreed


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The answers, who gave them and how. `given` names what `sealed` holds; `same_as` is the consent that is still the same."""

    yes: frozenset[Purpose]
    no: frozenset[Purpose]
    who: WhoAgreed
    how: How
    wording: UUID
    childs_view: ChildsView | None = None
    interpreter: bool = False
    given: frozenset[Detail] = frozenset()
    sealed: bytes = b""
    same_as: UUID | None = None

    @property
    def photos_agreed(self) -> bool:
        """Whether photos may be taken: a yes, and no child's no against it."""
        return Purpose.TAKE_AND_KEEP in self.yes and self.childs_view is not ChildsView.REFUSES


def said(
    consent_id: UUID,
    *,
    yes: frozenset[Purpose],
    who: WhoAgreed,
    how: How,
    wording: UUID,
    no: frozenset[Purpose] | None = None,
    childs_view: ChildsView | None = None,
    details: Details | None = None,
    same_as: UUID | None = None,
) -> Said:
    """What was said, its details sealed for the consent that it will be; without `no` every other purpose is a no. Asks the key service."""
    kept = details or Details()
    return Said(
        yes=yes,
        no=frozenset(Purpose) - yes if no is None else no,
        who=who,
        how=how,
        wording=wording,
        childs_view=childs_view,
        interpreter=bool(kept.language or kept.interpreter),
        given=kept.given,
        sealed=seal(kept, consent_id) if kept.given else b"",
        same_as=same_as,
    )
