"""Pure rules of consent: what a consent permits, and what must be said for it to be whole."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from safelight.consent.details import Detail
from safelight.consent.lifecycle import ConsentState
from safelight.consent.models import Answer, ChildsView, Consent, ConsentOwed, How, Purpose, WhoAgreed
from safelight.consent.said import Said
from safelight.kernel.actor import Actor, Role

ASK_WITHIN = timedelta(days=7)
SHORTEST_TITLE = 5
DECIDES_FROM = 16  # years: who is younger decides alone where they were judged able to (GMC 0-18 years; Family Law Reform Act 1969 s.8)
FOR_CARE = frozenset({Purpose.TAKE_AND_KEEP, Purpose.ADVICE_HERE, Purpose.ADVICE_ELSEWHERE})
_WITH_A_NAME = {WhoAgreed.PARENT, WhoAgreed.ATTORNEY}
_OWN_VIEW = {ChildsView.AGREES, ChildsView.REFUSES}


def may_ask(actor: Actor) -> bool:
    """Whether the actor asks patients and records what they say."""
    return actor.has(Role.CLINICIAN, Role.PHOTOGRAPHER)


def may_word(actor: Actor) -> bool:
    """Whether the actor adds texts for patients."""
    return actor.has(Role.ADMINISTRATOR)


def agreed(consent: Consent, answers: list[Answer]) -> frozenset[Purpose]:
    """The purposes that are agreed to and not taken back. A child who says no is not photographed, nor is a photo shown (B9)."""
    if consent.childs_view == ChildsView.REFUSES:
        return frozenset()
    return frozenset(Purpose(answer.purpose) for answer in answers if answer.yes and answer.withdrawn_at is None)


def in_force(consent: Consent, *, at: datetime) -> bool:
    """Whether a consent was asked by some moment and no other had taken its place."""
    return consent.asked_at <= at and (consent.ended_at is None or at < consent.ended_at)


def unanswered(said: Said) -> frozenset[Purpose]:
    """The purposes that have no answer, or two."""
    return frozenset(Purpose) - (said.yes ^ said.no)


def missing(said: Said) -> tuple[str, ...]:
    """What must still be given (B3, B8, B9): a name, an assessor and a reason, the child's own view, a signature where one is claimed."""
    wanted: list[str] = []
    if said.who in _WITH_A_NAME and Detail.NAME not in said.given:
        wanted.append(Detail.NAME)
    if (said.who is WhoAgreed.PARENT) != (said.childs_view is not None):
        wanted.append("childs_view")
    if said.who is WhoAgreed.BEST_INTERESTS:
        wanted += [detail for detail in (Detail.ASSESSOR, Detail.REASON) if detail not in said.given]
    if (said.who is WhoAgreed.BEST_INTERESTS) != (said.how is How.DECIDED):
        wanted.append("how")
    if said.how is How.SIGNED and said.given.isdisjoint({Detail.SIGNATURE, Detail.SIGNED_NAME}):
        wanted.append(Detail.SIGNATURE)
    return tuple(wanted)


def child_who_decided(consent: Consent, born: date | None, *, on: date) -> int | None:
    """How old a child was who agreed without a parent, in years; None where it was no child, or somebody else agreed (B9).

    The page says to who asks that they choose so only for a child whom they judged able to decide.
    """
    if born is None or consent.who_agreed != WhoAgreed.PATIENT:
        return None
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return years if years < DECIDES_FROM else None


def beyond_care(said: Said) -> frozenset[Purpose]:
    """What is said yes to in best interests though only the patient can decide it (B7)."""
    return said.yes - FOR_CARE if said.who is WhoAgreed.BEST_INTERESTS else frozenset()


def agreed_now(consents: Sequence[Consent]) -> frozenset[Purpose]:
    """What a patient agrees to by all their consents, newest first: what the newest says, if it still stands.

    Where two records became one, two consents may stand. The older one does not come back when the newest is taken back, and what was
    taken back in either of them since the newest was asked counts. What was decided in the best interests of somebody whom nobody knew
    yet does not set aside what they had said no to under their name.
    """
    if not consents or consents[0].state != ConsentState.STANDS:
        return frozenset()
    newest = consents[0]
    yes = agreed(newest, list(newest.answers.all())) - taken_back(consents, since=newest.asked_at).keys()
    return yes - said_no(consents) if newest.who_agreed == WhoAgreed.BEST_INTERESTS else yes


def said_no(consents: Sequence[Consent]) -> frozenset[Purpose]:
    """What the patient said no to, by all consents, newest first: when they spoke for themselves last, a child too, and what was taken
    back since then, whoever had agreed to it. Best interests do not set it aside.
    """
    own = next((each for each in consents if each.who_agreed == WhoAgreed.PATIENT or each.childs_view in _OWN_VIEW), None)
    noes = frozenset(taken_back(consents, since=own.asked_at if own else None))
    if own is None or own.childs_view == ChildsView.AGREES:  # what a parent said beside it is not the child's own
        return noes
    return noes | (frozenset(Purpose) - agreed(own, list(own.answers.all())))


def taken_back(consents: Sequence[Consent], *, since: datetime | None) -> dict[Purpose, datetime]:
    """What was taken back since some moment in any of these consents, with when."""
    return {
        Purpose(answer.purpose): answer.withdrawn_at
        for each in consents
        for answer in each.answers.all()
        if answer.withdrawn_at is not None and (since is None or answer.withdrawn_at > since)
    }


def still_the_same(said: Said, earlier: Consent | None, agreed_before: frozenset[Purpose]) -> bool:
    """Whether what is called the same is the consent that stands, word for word. What was decided for a patient is decided anew."""
    if earlier is None or earlier.pk != said.same_as or said.who is WhoAgreed.BEST_INTERESTS:
        return False
    return (said.yes, said.who.value) == (agreed_before, earlier.who_agreed)


def overdue(owed: ConsentOwed, *, now: datetime) -> bool:
    """Whether the patient should have been asked by now."""
    return owed.settled_at is None and owed.due_at < now
