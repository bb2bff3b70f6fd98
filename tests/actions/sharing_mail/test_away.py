"""Out of office: never an answer, and the asker learns of it."""

from email.message import EmailMessage
from uuid import uuid4

import pytest
from django.test import Client
from tests.factories.guests import ask_guest, write
from tests.factories.staff import sign_in

from safelight.kernel import clock
from safelight.kernel.actor import WORKER
from safelight.sharing.actions.note_letter_arrived import note_letter_arrived
from safelight.sharing.mail import guests, incoming, placing
from safelight.sharing.models import Answer, ArrivedLetter
from safelight.vault import objects
from safelight.vault.models import Rendition

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("sender", "told"), [("r.patel@partner.test", True), ("machine@stranger.test", False)])
def test_a_mailbox_that_answers_by_itself_is_named_to_the_asker_and_answers_nothing(folder, shareable, sender, told):
    opinion = ask_guest(shareable)
    write(opinion)
    made = EmailMessage()
    made["From"], made["To"], made["Message-ID"] = sender, f"safelight+{guests.token(opinion.guest)}@nhs.test", f"<{uuid4()}@x.test>"
    made["Auto-Submitted"] = "auto-replied"
    made.set_content("I am away until Monday.")
    raw = bytes(made)
    kept = objects.keep([raw], rendition=Rendition.LETTER, holder="mail", limit=10**6)
    said = placing.said(incoming.read(raw), raw, letter=uuid4(), answer=uuid4(), kept=kept, uid_validity=1, uid=1)
    note_letter_arrived(by=WORKER, said=said, now=clock.now())
    assert (ArrivedLetter.objects.get().placed, Answer.objects.count()) == ("automatic", 0)
    page = sign_in(Client(), shareable.record.person).get(f"/opinions/{opinion.pk}/").content.decode()
    assert ("answered by itself: they may be away" in page) is told
