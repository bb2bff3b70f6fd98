from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings

from safelight.access import queries as access
from safelight.audit.action import action, state
from safelight.deidentify import found_rows, queries, rules
from safelight.deidentify.boxes import Kind
from safelight.deidentify.errors import LookedAtAnother, NotedAlready
from safelight.deidentify.facts import FindingsNoted
from safelight.deidentify.models import Decision, Finding, Look, Match, Source
from safelight.deidentify.said import SealedFound, StageSeen
from safelight.kernel.actor import Actor
from safelight.photographs.models import Photograph


@action
def note_findings(*, by: Actor, seen: StageSeen, now: datetime, new_id: UUID) -> None:
    """Note what the computer saw in one stage of its look at a photo.

    1. The photo is the same patient's and the same file as when it was looked at; a stage is noted once.
    2. What is known at its place is known better now, and stays as a person decided it. What looks like the patient's own, and
       somebody said to show while it did not, is put to a person anew.
    3. What is new is undecided; what the file carried besides its pixels is always covered.
    """
    [photograph] = queries.locked(by, [seen.photograph])
    access.require(by, photograph.patient_id, now=now)
    if (photograph.patient_id, photograph.record_copy_id) != (seen.patient, seen.record_copy):  # (1)
        raise LookedAtAnother(photograph.pk)
    before = {look.stage for look in queries.looks(by, photograph)}
    if seen.name in before:
        raise NotedAlready(photograph.pk)
    Look.objects.create(
        id=new_id,
        photograph=photograph,
        patient_id=seen.patient,
        record_copy_id=seen.record_copy,
        generation=settings.SAFELIGHT_FINDERS_GENERATION,
        stage=seen.name,
        at=now,
        failed=seen.failed,
        done=seen.done,
    )
    if any(each.kind == Kind.METADATA for each in seen.found):  # what the file carried is read as a whole, and is nobody's decision
        Finding.objects.filter(photograph=photograph, kind=Kind.METADATA).delete()
    added = _keep(by, photograph, seen.found, again="text" in before, now=now)
    state(FindingsNoted(photograph=photograph.pk, patient=seen.patient, stage=seen.name, added=added, failed=seen.failed))


def _keep(by: Actor, photograph: Photograph, found: Iterable[SealedFound], *, again: bool, now: datetime) -> int:
    here = queries.findings(by, photograph.pk)
    number, added = max((finding.number for finding in here), default=0), 0
    known = [finding for finding in here if finding.source == Source.PROPOSED and finding.kind != Kind.METADATA]
    for each in found:
        if same := next((finding for finding in known if _is_known(finding, each)), None):  # (2)
            Finding.objects.filter(pk=same.pk).update(**_better(same, each, again=again))
        else:
            added += 1
            known.append(found_rows.add(by, photograph, each, number=number + added, now=now))  # (3)
    return added


def _is_known(finding: Finding, found: SealedFound) -> bool:
    if found.box is None or finding.kind != found.kind or not rules.same_place(rules.box_of(finding), found.box):
        return False
    return finding.state != Decision.SHOW or found.matches in {Match.NONE, finding.matches}


def _better(finding: Finding, found: SealedFound, *, again: bool) -> dict[str, object]:
    """What is known better of a place. What looked like the patient's own in this very look goes on looking so, though a closer
    stage read something else there; beside which words of theirs somebody said to show it stays (`match_anew` compares them).
    """
    said = found_rows.seen(found)
    if again and finding.matches and found.matches == Match.NONE:
        stays = {"read", "matches", "likeness"}
    else:
        stays = {"likeness"} if finding.state == Decision.SHOW and finding.matches else set()
    return {name: value for name, value in said.items() if name not in stays}
