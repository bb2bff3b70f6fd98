"""Who looks after mail, how long codes and proofs hold, and when a letter is tried again. Pure.

1. A one-time code: six digits, ten minutes, five tries, once.
2. Five codes an hour for one guest; after fifteen wrong digits in all none any more, so that patience guesses nothing.
3. A link that cannot be answered with a code leaves a trace thirty times an hour for one network, thirty for one question and a
   thousand in all. What is over for a day is forgotten, but for codes that were used up by wrong digits: (2) counts them.
4. A proof of the mailbox holds twelve hours in the browser that gave it.
5. A letter that could not be sent is tried again, the pause doubling up to an hour, for five days (RFC 5321 section 4.5.4.1).
"""

from datetime import datetime, timedelta

from safelight.kernel.actor import Actor, ActorKind, Role

CODE_HOLDS = timedelta(minutes=10)
CODE_TRIES = 5
CODES_AN_HOUR = 5
CODES_USED_UP = 3
LINKS_OF_NETWORK, LINKS_OF_QUESTION, LINKS_IN_ALL = 30, 30, 1000
LINKS_COUNTED_FOR = timedelta(hours=1)
FORGOTTEN_AFTER = timedelta(days=1)
PROOF_HOLDS = timedelta(hours=12)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=15), timedelta(hours=1)
MOST_DOUBLINGS = 20
TRIED_FOR = timedelta(days=5)
# NHSmail takes 35 MB as it travels; base64 makes of 25 MiB 34.2.
PHOTOS_IN_A_LETTER = 25 * 2**20


def may_set_up(actor: Actor) -> bool:
    """Whether the actor looks after the list and the certificates."""
    return actor.kind is ActorKind.OPERATOR or (actor.kind is ActorKind.STAFF and actor.has(Role.ADMINISTRATOR, Role.IG_LEAD))


def may_place(actor: Actor) -> bool:
    """Whether the actor deals with letters that nobody could place."""
    return actor.kind is ActorKind.STAFF and actor.has(Role.IG_LEAD)


def next_try(tries: int, *, now: datetime) -> datetime:
    """When a letter is tried again after so many tries (5)."""
    doublings: int = 2 ** min(tries, MOST_DOUBLINGS)
    return now + min(FIRST_PAUSE * doublings, LONGEST_PAUSE)


def tried_long_enough(promised_at: datetime, *, now: datetime) -> bool:
    return now - promised_at >= TRIED_FOR


def split(sizes: list[int], *, most: int = PHOTOS_IN_A_LETTER) -> list[list[int]]:
    """Which photos go into which letter, by their places, in order; no letter holds more than `most` octets of them."""
    parts: list[list[int]] = []
    room = 0
    for place, size in enumerate(sizes):
        if not parts or size > room:
            parts.append([])
            room = most
        parts[-1].append(place)
        room -= size
    return parts
