"""The boxes of opinions: what each holds, what is counted, what a search finds, and that pages follow one another."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.sharing import answer, ask, make_asked, make_shareable, one_asked, open_it
from tests.factories.staff import sign_in
from tests.factories.teams import make_team

from safelight.kernel import clock
from safelight.sharing import inbox
from safelight.sharing.inbox import Box
from safelight.sharing.models import Urgency

pytestmark = pytest.mark.django_db


def client_of(person) -> Client:
    return sign_in(Client(), person)


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_each_box_holds_what_it_says_and_a_search_finds_words_that_may_be_read():
    shareable, opinion, lim = one_asked()
    expired = ask(shareable, lim, at=clock.now() - timedelta(minutes=50), lasts=timedelta(minutes=9), words="Old wound, healed?")
    reader, asker = client_of(lim), client_of(shareable.record.person)
    me = text(reader.get(reverse("sharing:inbox")))
    assert "Urgent question" in me
    assert "necrotising" not in me
    assert "No questions for your team." in text(reader.get(f"{reverse('sharing:inbox')}?box=team"))
    assert "necrotising" in text(asker.get(f"{reverse('sharing:inbox')}?box=asked"))
    assert "Old wound, healed?" in text(asker.get(f"{reverse('sharing:inbox')}?box=closed"))
    assert "Old wound" not in text(reader.get(f"{reverse('sharing:inbox')}?box=closed"))
    found = asker.post(f"{reverse('sharing:inbox')}?box=asked", {"find": "NECROTISING lim"})
    assert str(opinion.pk) in found.content.decode()
    assert "Nothing here has these words" in text(asker.post(f"{reverse('sharing:inbox')}?box=asked", {"find": "gangrene"}))
    assert str(expired.pk) not in found.content.decode()


def test_a_search_goes_back_as_far_as_there_are_questions(monkeypatch):
    monkeypatch.setattr(inbox, "SEARCHED", 2)
    shareable, lim, roy = make_shareable(), make_asked(), make_asked("roy", "Ms D Roy")
    start = clock.now() - timedelta(minutes=30)
    oldest = ask(shareable, lim, at=start, urgency=Urgency.ROUTINE, words="Gangrene?")
    for number in range(1, 4):
        ask(shareable, lim, at=start + timedelta(minutes=number), urgency=Urgency.ROUTINE, words="Healing?")
    asker, page = client_of(shareable.record.person), f"{reverse('sharing:inbox')}?box=asked"
    first = asker.post(page, {"find": "gangrene"}).content.decode()
    assert str(oldest.pk) not in first
    before = re.search(r'name="before" value="([^"]+)"', first).group(1)
    further = asker.post(page, {"find": "gangrene", "before": before})
    assert str(oldest.pk) in further.content.decode()
    assert "Look further back" not in text(further)
    # What somebody has not opened is looked up by names in the database: it takes none of the places.
    to_roy = ask(shareable, roy, at=start - timedelta(minutes=1), urgency=Urgency.ROUTINE)
    make_more(shareable, roy, start)
    found = client_of(roy).post(reverse("sharing:inbox"), {"find": "khan"}).content.decode()
    assert str(to_roy.pk) not in found
    assert "Look further back" in found
    assert "Nothing here" in text(client_of(roy).post(reverse("sharing:inbox"), {"find": "gangrene"}))


def make_more(shareable, person, start):
    for number in range(2):
        ask(shareable, person, at=start + timedelta(minutes=number), urgency=Urgency.ROUTINE)


def test_what_waits_is_counted_in_the_header_until_it_is_opened_and_read():
    shareable, opinion, lim = one_asked()
    now = clock.now()
    assert inbox.counts(shareable.record.by, now=now)[Box.ASKED] == 0
    assert "1 waiting" in text(client_of(lim).get(reverse("sharing:inbox")))
    open_it(opinion, lim)
    assert "waiting" not in text(client_of(lim).get(reverse("sharing:inbox")))
    answer(opinion, lim)
    assert "1 waiting" in text(client_of(shareable.record.person).get("/"))


def test_whoever_comes_by_the_red_number_finds_what_waits_and_it_is_marked_as_new():
    shareable, lim = make_shareable(), make_asked()
    team = make_team(people=(lim,))
    opinion = ask(shareable, team, urgency=Urgency.ROUTINE)
    page = reverse("sharing:inbox")
    mine = client_of(lim).get(page)
    assert str(opinion.pk) in mine.content.decode()
    assert "New." in text(mine)
    assert "No questions for you." in text(client_of(lim).get(f"{page}?box=me"))
    open_it(opinion, lim)
    answer(opinion, lim)
    assert "New." not in text(client_of(lim).get(f"{page}?box=team"))
    asker = client_of(shareable.record.person)
    assert "New answer." in text(asker.get(page))
    asker.post(reverse("sharing:read", args=[opinion.pk]), {"answers": "1"})
    assert "New answer." not in text(asker.get(f"{page}?box=closed"))


def test_pages_of_a_box_follow_one_another_without_a_gap():
    shareable, lim = make_shareable(), make_asked()
    start = clock.now() - timedelta(minutes=30)
    asked = [ask(shareable, lim, at=start + timedelta(minutes=number), urgency=Urgency.ROUTINE) for number in range(5)]
    by, seen, before = shareable.record.by, [], None
    while True:
        page = inbox.page_of(by, Box.ASKED, now=clock.now(), before=before, most=2)
        seen += [one.pk for one in page.opinions]
        if page.older is None:
            break
        before = page.older
    assert seen == [one.pk for one in reversed(asked)]
