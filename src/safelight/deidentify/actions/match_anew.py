from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from safelight.access import queries as access
from safelight.audit.action import action, state
from safelight.deidentify import drafts, queries, rules
from safelight.deidentify.errors import LookedAtAnother
from safelight.deidentify.facts import CopyRecalled, MatchedAnew
from safelight.deidentify.models import Decision, Finding, Recall
from safelight.deidentify.said import Rematched
from safelight.kernel.actor import Actor
from safelight.photographs.models import Photograph


@action
def match_anew(*, by: Actor, seen: Rematched, now: datetime, new_id: UUID) -> None:
    """Note what looks like the patient's own in a photo by what is known of them now; what was shown of it is asked again.

    1. The photo is the same patient's as when it was compared.
    2. What was said to be shown is undecided again: nobody said so of the patient's own name. What is covered stays covered.
    3. Whoever has the photo open has not seen this: the draft has a new version, and they are told.
    4. An approved copy in which it can be seen is shown to nobody from now on.
    """
    [photograph] = queries.locked(by, [seen.photograph])
    access.require(by, photograph.patient_id, now=now)
    if photograph.patient_id != seen.patient:  # (1)
        raise LookedAtAnother(photograph.pk)
    compared = [(each, seen.matches[each.pk]) for each in queries.findings(by, photograph.pk) if each.pk in seen.matches]
    found = [each for each, like in compared if each.matches != like.match or bytes(each.likeness or b"") == like.before]  # not noted yet
    asked = [each for each in found if each.state == Decision.SHOW]
    for each in found:
        Finding.objects.filter(pk=each.pk).update(matches=seen.matches[each.pk].match, likeness=seen.matches[each.pk].now)
    undecided = {"state": Decision.UNDECIDED, "decided_by": None, "decided_at": None}
    Finding.objects.filter(pk__in=[each.pk for each in asked]).update(**undecided)  # (2)
    if found and (draft := queries.draft_of(by, photograph.pk)):  # (3)
        drafts.changed(by, draft, now=now, turn=draft.turn)
    state(MatchedAnew(photograph=photograph.pk, patient=photograph.patient_id, matched=len(found), asked=len(asked)))
    _recall(by, photograph, found, now=now, new_id=new_id)  # (4)


def _recall(by: Actor, photograph: Photograph, found: Iterable[Finding], *, now: datetime, new_id: UUID) -> None:
    copy = queries.decided(by, [photograph.pk]).get(photograph.pk)
    if copy is None:
        return
    seen = [str(each.pk) for each in found if rules.seen_in(copy, rules.box_of(each))]
    if not seen or Recall.objects.filter(copy=copy, patient=photograph.patient_id).exists():
        return
    Recall.objects.create(id=new_id, copy=copy, patient_id=photograph.patient_id, found=seen, at=now)
    state(CopyRecalled(photograph=photograph.pk, patient=photograph.patient_id, copy=copy.pk))
