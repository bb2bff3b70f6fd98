from datetime import datetime

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor, ActorKind
from safelight.kernel.errors import NotFound, Refusal
from safelight.sharing.actions.give_opinion import give_opinion
from safelight.sharing.mail.placing import ArrivedSaid
from safelight.sharing.mail_facts import LetterArrived, LetterReturned
from safelight.sharing.models import ArrivedLetter, Placed, Posting
from safelight.vault.models import StoredObject


@action
def note_letter_arrived(*, by: Actor, said: ArrivedSaid, now: datetime) -> ArrivedLetter:
    """Note a letter that came in, and what becomes of it.

    1. The worker reads the mailbox. A letter that comes twice is kept once: the unique identity decides.
    2. An answer is filed as the guest's own, while the question is open; otherwise it waits for a person, with the reason.
    3. A delivery report marks the letter that did not arrive.
    """
    if by.kind is not ActorKind.WORKER:  # (1)
        raise NotFound
    placed, why = said.placed, said.why
    if said.answer is not None and said.guest is not None and said.opinion is not None:  # (2)
        guest = Actor(kind=ActorKind.GUEST, id=said.guest, request=by.request)
        try:
            give_opinion(by=guest, opinion_id=said.opinion, said=said.answer, now=now)
        except Refusal as no:
            placed, why = Placed.WAITS, no.code
    posting = Posting.objects.select_related("opinion").filter(pk=said.posting, returned_at=None).first() if said.posting else None
    if posting is not None:  # (3)
        Posting.objects.filter(pk=posting.pk).update(returned_at=now)
        state(LetterReturned(opinion=posting.opinion_id, patient=posting.opinion.patient_id, posting=posting.pk))
    stored = StoredObject.from_kept(said.kept, at=now)
    stored.save(force_insert=True)
    letter = ArrivedLetter.objects.create(
        id=said.id,
        identity=said.identity,
        uid_validity=said.uid_validity,
        uid=said.uid,
        letter=stored,
        domain=said.domain,
        opinion_id=said.opinion,
        placed=placed,
        why=why,
        signed=said.signed,
        attachments=said.attachments,
        arrived_at=now,
    )
    state(LetterArrived(letter=said.id, placed=placed, why=why, signed=said.signed))
    return letter
