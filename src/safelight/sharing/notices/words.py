"""The fixed sentences of notices. None has a place for anything about a patient: only who is asked, their number and an address."""

from collections.abc import Iterable

from safelight.sharing.models.notices import Says

SUBJECTS = {
    Says.URGENT: "Urgent question",
    Says.URGENT_AGAIN: "Urgent question, still waiting",
    Says.ASKED: "A question for you",
    Says.NOBODY_OPENED: "Nobody has opened your urgent question",
    Says.NOBODY_ANSWERED: "Nobody has answered your urgent question",
    Says.TAKEN_ON: "Somebody is on your question",
    Says.ANSWERED: "Your question has been answered",
    Says.EXPIRED: "Nobody answered your question in time",
    Says.TAKEN_BACK: "Your question was taken back by itself",
    Says.NOT_DELIVERED: "Your question was not delivered",
}
_SENTENCES = {
    Says.URGENT: "An urgent question is waiting for {whom}.",
    Says.URGENT_AGAIN: "An urgent question is still waiting for {whom}.",
    Says.ASKED: "A question is waiting for {whom}.",
    Says.NOBODY_OPENED: "Nobody has opened your urgent question. {ring}",
    Says.NOBODY_ANSWERED: "Nobody has answered your urgent question. {ring}",
    Says.TAKEN_ON: "Somebody is on your question.",
    Says.ANSWERED: "Your question has been answered.",
    Says.EXPIRED: "Nobody answered your question in time, and nobody can open it any more. Ask again if you still need it. {ring}",
    Says.TAKEN_BACK: "Your question was taken back by itself: nobody can open it any more. Its page says why. {ring}",
    Says.NOT_DELIVERED: "A letter with your question did not arrive. Ring your colleague instead.",
}
# To those who take up what somebody asked who has left.
SUBJECT_LEFT = "A question of a colleague who has left"
_SENTENCES_LEFT = {
    Says.ANSWERED: "A question of a colleague who has left has been answered. Read it in their place.",
    Says.EXPIRED: "Nobody answered a question of a colleague who has left in time. Ask again if it is still needed. {ring}",
    Says.TAKEN_BACK: "A question of a colleague who has left was taken back by itself. Its page says why. {ring}",
    Says.NOT_DELIVERED: "A letter with a question of a colleague who has left did not arrive. Ring instead.",
}
NOTHING_RINGS_ELSEWHERE = "A letter does not ring. Ring them, and ask for an answer today."
TEST_SUBJECT = "A test from Safelight"
TEST = "This is a test from Safelight. Urgent questions will reach you here. There is nothing to do."


def sentence(says: Says, *, whom: str, team: str, phone: str) -> str:
    """What is said. `whom` is the team, or "you"; `team` and `phone` are empty where a person was asked by name."""
    return _SENTENCES[says].format(whom=whom, ring=ring(team, phone)).strip()


def sentence_left(says: Says, *, team: str, phone: str) -> str:
    """What is said to whoever takes up the question of somebody who has left."""
    return _SENTENCES_LEFT[says].format(ring=ring(team, phone)).strip()


def with_link(words: str, address: str) -> str:
    """The sentence with where to open it."""
    return f"{words} Open it: {address}"


def ring(team: str, phone: str) -> str:
    """Whom to ring instead; empty where a person was asked by name."""
    return f"Ring {phone} ({team})." if phone else ""


def no_urgent_notice(team: str, phone: str) -> str:
    """Why a team cannot be asked urgently."""
    return f"{team} has no urgent notice set up. Ring {phone}."


def nothing_rings(person: str, teams: Iterable[tuple[str, str]]) -> str:
    """Why a person cannot be asked urgently by name, and what to do instead; `teams` are theirs, with their numbers."""
    instead = " or ".join(f"ask {team}, {phone}" for team, phone in teams)
    return f"{person} has set up nothing that rings for an urgent question. Ring them{', or ' + instead if instead else ', or ask a team'}."
