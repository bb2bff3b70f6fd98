from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.sharing import inbox
from safelight.sharing.facts import InboxShown, OpinionsListed
from safelight.sharing.inbox import Box, Listed


@action
def show_inbox(*, by: Actor, box: Box, before: UUID | None, most: int, now: datetime, words: str = "") -> Listed:
    """Show one of the actor's own boxes of questions.

    1. Only what the actor asked or is asked. The words of a question stand in the list only for who may read it anyway.
    2. One fact for each patient names the questions that are shown.
    """
    listed = inbox.page_of(by, box, now=now, before=before, most=most, words=words)  # (1)
    state(InboxShown(box=box, opinions=len(listed.opinions)))
    for patient in dict.fromkeys(one.patient_id for one in listed.opinions):  # (2)
        of_patient = tuple(one.pk for one in listed.opinions if one.patient_id == patient)
        state(OpinionsListed(patient=patient, opinions=of_patient))
    return listed
