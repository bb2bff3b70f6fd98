"""Whoever asked a colleague elsewhere is told when the letter did not arrive, and nothing leaves that was withdrawn meanwhile."""

import inspect

import pytest
from tests.factories.consent import make_consent
from tests.factories.guests import ask_guest, letters, write

from safelight.kernel import clock
from safelight.kernel.actor import WORKER
from safelight.sharing import mail_tasks
from safelight.sharing.actions.note_letter_not_sent import note_letter_not_sent
from safelight.sharing.mail import composing
from safelight.sharing.models import Notice, Posting

pytestmark = pytest.mark.django_db


def told(shareable) -> list[str]:
    return list(Notice.objects.filter(person=shareable.record.person.pk, kind="mail").values_list("says", flat=True))


def test_that_a_letter_was_given_up_once_and_not_that_it_waits(folder, shareable):
    opinion = ask_guest(shareable)
    inspect.unwrap(mail_tasks.plan_letters)(str(opinion.pk))
    posting = Posting.objects.get()
    for tries, for_good, expected in ((0, False, []), (1, True, ["not_delivered"])):
        note_letter_not_sent(by=WORKER, posting_id=posting.pk, tries=tries, why="sharing.courier_away", for_good=for_good, now=clock.now())
        assert told(shareable) == expected


@pytest.mark.requirement("B6")
def test_consent_withdrawn_while_the_photos_are_drawn_keeps_the_letter_here(folder, shareable, monkeypatch):
    opinion, drawn = ask_guest(shareable, by_letter=True), composing.ready

    def withdrawn_meanwhile(posting, *, now):
        made = drawn(posting, now=now)
        make_consent(shareable.record.patient, shareable.record.by, yes=(1,))
        return made

    monkeypatch.setattr(composing, "ready", withdrawn_meanwhile)
    posting = write(opinion)[0]
    assert (posting.sent_at, posting.refused_why, letters(folder)) == (None, "sharing.no_consent", [])
