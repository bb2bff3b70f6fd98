"""Nobody waits for what will not come: how a question ended is told, each answer is read, and what was typed is not lost."""

import inspect
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.consent import make_consent
from tests.factories.notices import make_webhook
from tests.factories.sharing import WORDS, answer, ask, make_asked, make_shareable, one_asked, open_it
from tests.factories.staff import actor_of, make_person, sign_in
from tests.factories.teams import make_team

from safelight.kernel import clock
from safelight.kernel.actor import WORKER, Role
from safelight.kernel.lifecycle import NotPossibleNow
from safelight.sharing import inbox as boxes
from safelight.sharing import queries, tasks
from safelight.sharing.actions.note_answer_read import note_answer_read
from safelight.sharing.actions.note_end_seen import note_end_seen
from safelight.sharing.actions.pass_on import pass_on
from safelight.sharing.actions.take_back import take_back
from safelight.sharing.actions.take_on import take_on
from safelight.sharing.asking import Recipient
from safelight.sharing.errors import AnotherAnswer, NoUrgentNotice
from safelight.sharing.inbox import Box
from safelight.sharing.lifecycle import ShareState
from safelight.sharing.models import Answer, Notice, Opinion, Quick, Urgency
from safelight.sharing.notices.sending import errand
from safelight.sharing.rules import Ended
from safelight.staff.models import Person

pytestmark = pytest.mark.django_db


def client_of(person) -> Client:
    return sign_in(Client(), person)


def page_of(opinion, name: str = "opinion") -> str:
    return reverse(f"sharing:{name}", args=[opinion.pk])


def told(person, kind: str = "mail") -> list[str]:
    return list(Notice.objects.filter(person=person.pk, kind=kind).order_by("promised_at").values_list("says", flat=True))


class TestTheAskerIsTold:
    def test_that_nobody_answered_in_time(self, time_machine):
        shareable, opinion, _ = one_asked(urgency=Urgency.ROUTINE)
        time_machine.move_to(opinion.expires_at + timedelta(minutes=1))
        inspect.unwrap(tasks.note_expiry)("now")
        assert told(shareable.record.person) == ["expired"]

    @pytest.mark.requirement("B6")
    def test_that_the_patient_agrees_no_more_once_though_the_worker_comes_twice(self):
        shareable, _, _ = one_asked(urgency=Urgency.ROUTINE)
        make_consent(shareable.record.patient, shareable.record.by, yes=(1,))
        for _ in range(2):
            inspect.unwrap(tasks.take_back_where_not_agreed)(str(shareable.record.patient.pk))
        assert told(shareable.record.person) == ["taken_back"]

    def test_among_what_they_wait_for_until_they_have_seen_it(self, time_machine):
        shareable, opinion, lim = one_asked(urgency=Urgency.ROUTINE)
        time_machine.move_to(opinion.expires_at + timedelta(minutes=1))
        inspect.unwrap(tasks.note_expiry)("now")
        asker, inbox = client_of(shareable.record.person), reverse("sharing:inbox")
        waits = asker.get(inbox).content.decode()
        assert str(opinion.pk) in waits
        assert "No answer." in waits
        assert boxes.counts(shareable.record.by, now=clock.now())[Box.ASKED] == 1
        home = asker.get(reverse("home:home")).content.decode()
        assert "1 question of yours ended without an answer" in re.sub(r"</?b>", "", home)
        assert "1 answer" not in home
        assert "I have seen it" in asker.get(page_of(opinion)).content.decode()
        assert client_of(lim).post(page_of(opinion, "seen")).status_code == 404
        assert asker.post(page_of(opinion, "seen")).status_code == 302
        assert boxes.counts(shareable.record.by, now=clock.now())[Box.ASKED] == 0
        assert str(opinion.pk) in asker.get(f"{inbox}?box=closed").content.decode()
        assert "I have seen it" not in asker.get(page_of(opinion)).content.decode()
        assert asker.post(page_of(opinion, "seen")).status_code == 409

    @pytest.mark.parametrize("state", ["waits", "answered", "taken back by the asker"])
    def test_and_confirms_the_end_of_nothing_else(self, state):
        shareable, opinion, lim = one_asked()
        if state == "answered":
            answer(opinion, lim)
        if state.startswith("taken"):
            take_back(by=shareable.record.by, opinion_id=opinion.pk, why=Ended.ASKER, now=clock.now())
        with pytest.raises(NotPossibleNow):
            note_end_seen(by=shareable.record.by, opinion_id=opinion.pk, now=clock.now())

    def test_nothing_of_what_the_asker_did(self):
        shareable, opinion, _ = one_asked(urgency=Urgency.ROUTINE)
        take_back(by=shareable.record.by, opinion_id=opinion.pk, why=Ended.ASKER, now=clock.now())
        assert told(shareable.record.person) == []


class TestWhereTheAskerHasLeft:
    @pytest.fixture
    def asked(self):
        shareable, opinion, lim = one_asked()
        Person.objects.filter(pk=shareable.record.person.pk).update(is_active=False)
        return shareable, opinion, lim

    @pytest.fixture
    def lead(self):
        return make_person("okafor", "Ms N Okafor", roles=[Role.IG_LEAD], wards=[])

    def test_the_answer_is_told_to_the_ward_and_read_by_one_of_them_in_their_place(self, asked, lead):
        shareable, opinion, lim = asked
        webb, adeyemi, lees = make_person("webb", "Sr E Webb"), make_person("adeyemi", "Dr T Adeyemi"), make_person("lees", wards=["EYES"])
        ward, home = client_of(webb), reverse("home:home")
        assert "who has left" not in ward.get(home).content.decode()
        make_webhook(person=webb)
        take_on(by=actor_of(lim), opinion_id=open_it(opinion, lim).pk, now=clock.now())
        assert told(webb) == []
        answer(opinion, lim)
        assert told(webb, "webhook") == []  # nothing of theirs rings
        everybody = (webb, adeyemi, lees, lead, shareable.record.person)
        assert [told(one) for one in everybody] == [["answered"], ["answered"], [], [], []]
        notice = Notice.objects.get(person=webb.pk, kind="mail")
        assert "A question of a colleague who has left has been answered." in errand(WORKER, notice.pk, now=clock.now()).text
        assert "1 question of a colleague who has left" in ward.get(home).content.decode()
        assert "Dr A Khan, who has left, asked Mr C Lim" in ward.get(f"{reverse('sharing:inbox')}?box=asked").content.decode()
        page = ward.get(page_of(opinion)).content.decode()
        assert "Dr A Khan asked this, and works here no more." in page
        assert "You look after the patient" in page
        for other in (lees, lead):
            assert client_of(other).get(page_of(opinion)).status_code == 404
            assert client_of(other).post(page_of(opinion, "read"), {"answers": 1}).status_code == 404
        assert ward.post(page_of(opinion, "read"), {"answers": 1}).status_code == 302
        assert Opinion.objects.get().state == ShareState.CLOSED
        assert "colleague who has left" not in ward.get(home).content.decode()
        assert "It was confirmed at" in client_of(adeyemi).get(page_of(opinion)).content.decode()

    def test_an_ig_lead_is_told_where_nobody_treats_on_the_ward(self, asked, lead):
        _, opinion, lim = asked
        answer(open_it(opinion, lim), lim)
        assert told(lead) == ["answered"]
        assert boxes.counts(actor_of(lead), now=clock.now())[Box.ASKED] == 1
        assert "Nobody who treats works on the patient" in client_of(lead).get(page_of(opinion)).content.decode()

    def test_an_end_without_an_answer_is_told_too_and_who_is_asked_does_not_confirm_it(self, asked, time_machine):
        _, opinion, lim = asked
        webb = make_person("webb", "Sr E Webb")
        lim.wards.add(*webb.wards.all())
        time_machine.move_to(opinion.expires_at + timedelta(minutes=1))
        inspect.unwrap(tasks.note_expiry)("now")
        assert (told(webb), boxes.counts(actor_of(lim), now=clock.now())[Box.ASKED]) == (["expired"], 0)
        assert client_of(lim).post(page_of(opinion, "seen")).status_code == 404
        assert client_of(webb).post(page_of(opinion, "seen")).status_code == 302

    def test_nobody_else_has_a_part_while_the_asker_is_here(self, asked):
        shareable, opinion, lim = asked
        Person.objects.filter(pk=shareable.record.person.pk).update(is_active=True)
        webb = make_person("webb", "Sr E Webb")
        answer(open_it(opinion, lim), lim)
        assert (told(webb), told(shareable.record.person)) == ([], ["answered"])
        assert boxes.counts(actor_of(webb), now=clock.now())[Box.ASKED] == 0
        assert client_of(webb).get(page_of(opinion)).status_code == 404


class TestWhoAsksTheTeamThatTheyAreOnCallFor:
    def test_has_the_next_one_told_and_everybody_where_there_is_no_next(self):
        shareable, lim, roy = make_shareable(), make_asked(), make_asked("roy", "Ms D Roy")
        asker = shareable.record.person
        ask(shareable, make_team(people=(asker, lim)), urgency=Urgency.ROUTINE)
        assert (told(lim), told(asker)) == (["asked"], [])
        alone = make_team("Plastics on call", people=(asker,))
        alone.people.add(roy)
        ask(shareable, alone, urgency=Urgency.ROUTINE)
        assert (told(roy), told(asker)) == (["asked"], [])

    def test_is_not_rung_for_their_own_urgent_question(self):
        shareable = make_shareable()
        asker = shareable.record.person
        make_webhook(person=asker)
        team = make_team(people=(asker, make_asked(rings=False)))
        with pytest.raises(NoUrgentNotice):
            ask(shareable, team)
        assert Opinion.objects.count() == 0


class TestASecondAnswer:
    @pytest.fixture
    def corrected(self):
        """The asker's page stands open with the first answer; the correction has just come."""
        shareable, opinion, lim = one_asked()
        open_it(opinion, lim)
        answer(opinion, lim, quick=Quick.CLINIC_IS_FINE)
        asker = client_of(shareable.record.person)
        page = asker.get(page_of(opinion)).content.decode()
        answer(opinion, lim, "I saw the wrong side: theatre.", quick=Quick.SEND_TO_THEATRE)
        return shareable, opinion, asker, page

    def test_draws_the_askers_page_anew(self, corrected):
        _, opinion, asker, page = corrected
        sign = re.search(r"was=(\w+)", page).group(1)
        assert asker.get(f"{page_of(opinion, 'state')}?was={sign}")["HX-Redirect"] == page_of(opinion)

    @pytest.mark.requirement("G7")
    def test_is_not_confirmed_by_who_has_seen_the_first_alone(self, corrected):
        shareable, opinion, asker, page = corrected
        seen = re.search(r'name="answers" value="(\d+)"', page).group(1)
        refused = asker.post(page_of(opinion, "read"), {"answers": seen})
        assert refused.status_code == 409
        assert "Another answer has come" in refused.content.decode()
        assert "I saw the wrong side: theatre." in refused.content.decode()
        assert Opinion.objects.get().read_at is None
        with pytest.raises(AnotherAnswer):
            note_answer_read(by=shareable.record.by, opinion_id=opinion.pk, answers=0, now=clock.now())
        asker.post(page_of(opinion, "read"), {"answers": "2"})
        assert Opinion.objects.get().state == ShareState.CLOSED


def test_an_answer_that_came_too_late_is_shown_to_who_wrote_it():
    shareable, opinion, lim = one_asked()
    open_it(opinion, lim)
    reader = client_of(lim)
    take_back(by=shareable.record.by, opinion_id=opinion.pk, why=Ended.ASKER, now=clock.now())
    late = reader.post(page_of(opinion, "answer"), {"words": "Theatre, <now>."})
    assert late.status_code == 410
    assert "was not sent" in late.content.decode()
    assert "Theatre, &lt;now&gt;." in late.content.decode()
    assert WORDS not in late.content.decode()
    assert Answer.objects.count() == 0


def test_who_is_writing_an_answer_keeps_the_page_while_others_are_on_it_and_loses_it_when_it_is_passed_on():
    shareable, lim, roy = make_shareable(), make_asked(), make_asked("roy", "Ms D Roy")
    opinion = ask(shareable, make_team(people=(lim, roy)), urgency=Urgency.SOON)
    open_it(opinion, lim)
    reader = client_of(lim)
    sign = re.search(r"was=(\w+)", reader.get(page_of(opinion)).content.decode()).group(1)
    state = f"{page_of(opinion, 'state')}?was={sign}"
    assert "has happened" not in reader.get(state).content.decode()
    answer(opinion, roy)
    stays = reader.get(state)
    assert (stays.status_code, stays.has_header("HX-Redirect")) == (200, False)
    assert "has happened" in stays.content.decode()
    other = ask(shareable, lim, urgency=Urgency.SOON)
    open_it(other, lim)
    pass_on(by=actor_of(lim), opinion_id=other.pk, to=Recipient(person=roy.pk), now=clock.now(), new_id=uuid4())
    for gone in (other.pk, uuid4()):  # what is not theirs and what does not exist are alike
        address = reverse("sharing:state", args=[gone])
        left = reader.get(f"{address}?was={sign}")
        assert (left.status_code, left["HX-Redirect"], left.content) == (204, reverse("sharing:opinion", args=[gone]), b"")


def test_what_comes_back_to_somebody_is_opened_anew():
    _, opinion, lim = one_asked()
    roy = make_asked("roy", "Ms D Roy")
    open_it(opinion, lim)
    for person, to in ((lim, roy), (roy, lim)):
        pass_on(by=actor_of(person), opinion_id=opinion.pk, to=Recipient(person=to.pk), now=clock.now(), new_id=uuid4())
    opinion.refresh_from_db()
    assert not queries.has_opened(actor_of(lim), opinion)
    assert WORDS not in client_of(lim).get(page_of(opinion)).content.decode()
    open_it(opinion, lim)
    opinion.refresh_from_db()
    assert (queries.has_opened(actor_of(lim), opinion), opinion.opened_by) == (True, lim.pk)


@pytest.mark.requirement("B6")
@pytest.mark.parametrize(("ends", "box"), [("consent lowered", "me"), ("time", "closed"), ("passed on", "closed")])
def test_a_list_shows_the_words_of_a_question_no_longer_than_its_page_does(ends, box):
    shareable, opinion, lim = one_asked()
    open_it(opinion, lim)
    reader, inbox = client_of(lim), f"{reverse('sharing:inbox')}?box={box}"
    assert WORDS[:30] in reader.get(reverse("sharing:inbox")).content.decode()
    if ends == "consent lowered":
        make_consent(shareable.record.patient, shareable.record.by, yes=(1,))
    else:
        if ends == "passed on":
            roy = make_person("roy", "Ms D Roy")
            make_webhook(person=roy)
            pass_on(by=actor_of(lim), opinion_id=opinion.pk, to=Recipient(person=roy.pk), now=clock.now(), new_id=uuid4())
        Opinion.objects.update(expires_at=clock.now())
    page = reader.get(inbox).content.decode()
    assert str(opinion.pk) in page
    assert WORDS[:30] not in page
