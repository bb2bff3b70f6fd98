"""The pages of opinions without a browser: what they say, to whom, and that what was typed is kept."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.consent import make_consent
from tests.factories.deidentify import approve, look_again, ready, seen
from tests.factories.notices import make_webhook
from tests.factories.photographs import make_record
from tests.factories.sharing import WORDS, answer, make_asked, make_shareable, not_to_be_shared, one_asked, open_it
from tests.factories.staff import make_person, sign_in
from tests.factories.teams import make_team

from safelight.deidentify.boxes import Kind
from safelight.kernel import clock
from safelight.kernel.actor import WORKER
from safelight.photographs import moving
from safelight.photographs.actions.correct_patient import correct_patient
from safelight.photographs.reasons import MoveReason
from safelight.photographs.slates import code
from safelight.sharing.actions.note_notice_sent import note_notice_sent
from safelight.sharing.models import Answer, KeptQuestion, Notice, Opinion, Quick

pytestmark = pytest.mark.django_db
MAY = {"who": "", "urgency": "urgent", "question": WORDS, "days": "7"}


def client_of(person) -> Client:
    return sign_in(Client(), person)


def ask_page(*photographs) -> str:
    return f"{reverse('sharing:ask')}?photos={','.join(str(one.pk) for one in photographs)}"


def opinion_page(opinion, name: str = "opinion", *more) -> str:
    return reverse(f"sharing:{name}", args=[opinion.pk, *more])


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def burns():
    team = make_team(people=(make_asked(),))
    make_webhook(team=team)
    return team


def test_the_only_team_is_chosen_beforehand_and_how_soon_never(burns):
    shareable = make_shareable()
    body = client_of(shareable.record.person).get(ask_page(*shareable.photographs)).content.decode()
    checked = re.findall(r"<input[^>]*checked[^>]*>", body)
    assert len(checked) == 1
    assert str(burns.pk) in checked[0]


def test_of_several_teams_the_only_one_with_somebody_on_call_is_chosen_and_of_two_with_somebody_none(burns):
    make_team("Plastic surgery", "4400")
    shareable = make_shareable()
    client = client_of(shareable.record.person)
    checked = re.findall(r"<input[^>]*checked[^>]*>", client.get(ask_page(*shareable.photographs)).content.decode())
    assert [str(burns.pk) in one for one in checked] == [True]
    make_team("Hand surgery", "4500", people=(make_asked("roy", "Ms D Roy"),))
    assert not re.search(r"<input[^>]*checked[^>]*>", client.get(ask_page(*shareable.photographs)).content.decode())


def test_sending_without_how_soon_keeps_the_words_and_sends_nothing(burns):
    shareable = make_shareable()
    sent = {**MAY, "asking": uuid4(), "who": burns.pk, "urgency": ""}
    response = client_of(shareable.record.person).post(ask_page(*shareable.photographs), sent)
    assert response.status_code == 422
    assert "Choose how soon you need an answer" in text(response)
    assert WORDS in text(response)
    assert not Opinion.objects.exists()


def test_a_question_is_sent_and_its_page_says_to_whom_with_the_number_to_ring(burns):
    shareable = make_shareable()
    client = client_of(shareable.record.person)
    form = {**MAY, "asking": uuid4(), "who": burns.pk}
    response = client.post(ask_page(*shareable.photographs), form, follow=True)
    said = text(response)
    assert "to Mr C Lim, Burns on call. Not opened yet." in said
    assert "Ring 4321 if you cannot wait." in said
    again = client.post(ask_page(*shareable.photographs), form)
    assert again["Location"] == opinion_page(Opinion.objects.get())
    assert "The notice to Burns on call by pager or text has not gone out yet." in said
    for notice in Notice.objects.filter(sent_at=None):
        note_notice_sent(by=WORKER, notice_id=notice.pk, now=clock.now())
    [part] = re.findall(r'hx-get="(/opinions/[^"]+)"', response.content.decode())  # which the page asks for while it stands open
    assert "Burns on call was told by pager or text." in text(client.get(part))


def test_several_are_asked_with_one_form_and_the_last_one_asked_is_offered_next(burns):
    shareable, roy = make_shareable(), make_asked("roy", "Ms D Roy")
    client = client_of(shareable.record.person)
    form = {**MAY, "asking": uuid4(), "who": "somebody", "person": roy.pk, "also": [burns.pk]}
    client.post(ask_page(*shareable.photographs), form)
    assert {(one.person_id, one.team_id) for one in Opinion.objects.all()} == {(roy.pk, None), (None, burns.pk)}
    assert "Burns on call : not opened yet" in text(client.get(opinion_page(Opinion.objects.get(person=roy.pk))))
    body = client.get(ask_page(*shareable.photographs)).content.decode()
    assert re.search(rf'<option value="{roy.pk}" selected', body)


@pytest.mark.requirement("B2")
@pytest.mark.requirement("L2")
def test_asking_is_off_with_the_reason_and_a_way_to_ask_the_patient(burns):
    shareable = make_shareable(yes=(1,))
    client = client_of(shareable.record.person)
    response = client.get(ask_page(*shareable.photographs))
    assert "The patient has not agreed that photos are shown to colleagues here." in text(response)
    assert f"{reverse('photographs:new_visit')}?patient={shareable.record.patient.pk}" in response.content.decode()
    assert "data-ask" not in response.content.decode()
    client.post(ask_page(*shareable.photographs), {**MAY, "asking": uuid4(), "who": burns.pk})
    assert not Opinion.objects.exists()


def test_a_photo_that_is_not_covered_leads_through_covering_and_back_with_the_words_kept(burns):
    shareable = make_shareable()
    bare = shareable.record.photos(1)[0]
    client = client_of(shareable.record.person)
    page = client.get(ask_page(bare))
    assert "Not covered yet" in text(page)
    response = client.post(ask_page(bare), {**MAY, "asking": uuid4(), "who": burns.pk, "cover": "1"})
    kept = KeptQuestion.objects.get()
    assert response["Location"].startswith(f"{reverse('deidentify:set')}?photos={bare.pk}&next=")
    assert str(kept.pk) in response["Location"]
    assert "necrotising" not in response["Location"]
    back = client.get(f"{ask_page(bare)}&kept={kept.pk}")
    assert WORDS in text(back)


@pytest.mark.requirement("F1")
@pytest.mark.parametrize("became", ["looked at again", "taken back", "not to be shared", "moved"])
def test_says_of_a_copy_that_is_shown_to_nobody_now_what_is_so_and_what_to_do(burns, became):
    shareable = make_shareable()
    record, [photo] = shareable.record, shareable.photographs
    match became:
        case "looked at again":
            photo = ready(record.photos(1)[0], record.by)
            approve(record.by, photo, looked_again=False)
        case "taken back":
            look_again(shareable.approvals[0].copy, seen("A1", box=(0.6, 0.6, 0.2, 0.1)), whole=True)
        case "not to be shared":
            not_to_be_shared(photo, record.by)
        case "moved":
            to, why = make_record("OTHER", "9990000026"), MoveReason.OTHER_SLATE
            prepared = moving.prepare(record.by, photograph=photo.pk, visit=to.visit.pk, why=why, tombstones=(uuid4(),))
            correct_patient(by=record.by, photograph_id=photo.pk, moving=prepared, now=clock.now())
    client = client_of(record.person)
    page = text(client.get(ask_page(photo)))
    words, button, through = {
        "looked at again": ("The computer looks once more", "Wait for the computer, then ask", "covered"),
        "taken back": ("Its covered copy was taken back", "Cover 1 area and ask", "set"),
        "not to be shared": ("Somebody said that it is not to be shared", "Look at 1 photo, cover and ask", "set"),
        "moved": ("has changed since it was covered", "Look at 1 photo, cover and ask", "set"),
    }[became]
    assert words in page
    assert button in page
    assert "Not covered yet" not in page
    go_on = client.post(ask_page(photo), {**MAY, "asking": uuid4(), "who": burns.pk, "cover": "1"})["Location"]
    assert go_on.startswith(f"{reverse(f'deidentify:{through}')}?photos={photo.pk}&next=")


def test_a_photo_that_is_not_to_be_shared_is_left_out_with_one_press_and_the_words_are_kept(burns):
    shareable = make_shareable(photos=2)
    photo, other = shareable.photographs
    not_to_be_shared(photo, shareable.record.by)
    client = client_of(shareable.record.person)
    page = client.get(ask_page(photo, other)).content.decode()
    assert re.findall(r'name="without" value="([^"]+)"', page) == [str(photo.pk)]
    sent = {**MAY, "asking": uuid4(), "who": burns.pk, "photos": f"{photo.pk},{other.pk}", "without": photo.pk}
    rest = client.post(ask_page(photo, other), sent)["Location"]
    assert rest.startswith(f"{ask_page(other)}&")
    back = client.get(rest)
    assert WORDS in text(back)
    assert "data-send" in back.content.decode()
    assert "Leave it out" not in text(back)


def test_a_slate_among_the_photos_is_left_out_with_one_press(burns):
    shareable = make_shareable(photos=2)
    slate, other = shareable.photographs
    look_again(shareable.approvals[0].copy, seen(code.new(bytes(8)), kind=Kind.BARCODE, box=(0.6, 0.6, 0.2, 0.1)), whole=True)
    page = client_of(shareable.record.person).get(ask_page(slate, other)).content.decode()
    assert "1 of these cannot be shown to anybody" in page
    assert f'href="{ask_page(other)}">Leave it out</a>' in page


def test_a_name_in_the_question_asks_for_a_tick_that_is_not_there_before(burns):
    shareable = make_shareable()
    client = client_of(shareable.record.person)
    assert "It does not say who the patient is" not in text(client.get(ask_page(*shareable.photographs)))
    form = {**MAY, "asking": uuid4(), "who": burns.pk, "question": "Sample: infected?"}
    response = client.post(ask_page(*shareable.photographs), form)
    assert "name" in text(response)
    assert "It does not say who the patient is" in text(response)
    assert client.post(ask_page(*shareable.photographs), {**form, "confirmed": "on"}).status_code == 302


def test_before_it_is_opened_its_page_says_nothing_of_patient_or_question():
    _, opinion, lim = one_asked()
    said = text(client_of(lim).get(opinion_page(opinion)))
    assert "Dr A Khan asks Mr C Lim" in said
    assert not any(word in said for word in ("SAMPLE", "necrotising", "forearm", "9990000018"))


def test_opening_is_a_form_and_what_follows_links_opens_nothing():
    _, opinion, lim = one_asked()
    client = client_of(lim)
    for ask_it in (client.get, client.head):
        assert ask_it(opinion_page(opinion, "open")).status_code == 405
        ask_it(opinion_page(opinion))
        ask_it(f"/o/{opinion.public_id}/", follow=True)
    opinion.refresh_from_db()
    assert opinion.opened_at is None


def test_a_notice_leads_to_the_question_and_one_tap_opens_it():
    _, opinion, lim = one_asked()
    client = client_of(lim)
    assert client.get(f"/o/{opinion.public_id}/", follow=True).redirect_chain[-1][0] == opinion_page(opinion)
    response = client.post(opinion_page(opinion, "open"), follow=True)
    said = text(response)
    assert WORDS in said
    assert "SAMPLE" not in said
    item = opinion.items.get().pk
    assert opinion_page(opinion, "photo", item) in response.content.decode()
    picture = client.get(opinion_page(opinion, "photo", item))
    assert picture["Content-Type"] == "image/jpeg"
    assert "no-store" in picture["Cache-Control"]
    elsewhere = client.get(opinion_page(opinion, "photo", item), headers={"Sec-Fetch-Site": "cross-site"})
    assert elsewhere.status_code == 403


@pytest.mark.requirement("G7")
def test_an_answer_of_one_tap_is_filed_and_shown_first_to_the_asker_and_in_the_record():
    shareable, opinion, lim = one_asked()
    open_it(opinion, lim)
    sent = {"quick": "send_to_theatre", "words": "<b>Mark</b> the edge"}
    assert (
        "Mr C Lim answered at" in text(client_of(lim).post(opinion_page(opinion, "answer"), sent, follow=True)).partition("Photo 1 of")[0]
    )
    assert Answer.objects.get().quick == Quick.SEND_TO_THEATRE
    asker = client_of(shareable.record.person)
    page = asker.get(opinion_page(opinion)).content.decode()
    assert page.index("Send to theatre") < page.index("Is this necrotising?")
    assert "&lt;b&gt;Mark&lt;/b&gt; the edge" in page
    assert "You have not confirmed that you read it" in page
    asker.post(opinion_page(opinion, "read"))
    nurse = client_of(make_person("webb", "Sr E Webb"))
    for place in (
        reverse("photographs:patient", args=[shareable.record.patient.pk]),
        reverse("sharing:of_patient", args=[shareable.record.patient.pk]),
    ):
        said = text(nurse.get(place))
        assert "Mr C Lim" in said
        assert "Send to theatre" in said
    photo = text(nurse.get(reverse("photographs:photo", args=[shareable.photographs[0].pk])))
    assert "Send to theatre" in photo


def test_an_empty_answer_and_a_mark_off_the_photo_keep_what_was_typed():
    _, opinion, lim = one_asked()
    open_it(opinion, lim)
    client = client_of(lim)
    assert "Tap an answer or write one" in text(client.post(opinion_page(opinion, "answer"), {"words": ""}))
    off = {"words": "Here", "item": uuid4(), "x": "0.5", "y": "0.5"}
    response = client.post(opinion_page(opinion, "answer"), off)
    assert "The mark is not on the photo" in text(response)
    assert "Here" in text(response)
    assert client.post(opinion_page(opinion, "answer"), {"quick": "no_such_answer"}).status_code == 422


def test_whoever_is_asked_for_a_better_photo_is_led_to_taking_it():
    shareable, opinion, lim = one_asked()
    open_it(opinion, lim)
    answer(opinion, lim, "Closer", Quick.BETTER_PHOTO)
    again = f'href="{reverse("photographs:new_visit")}?patient={shareable.record.patient.pk}"'
    assert again in client_of(shareable.record.person).get(opinion_page(opinion)).content.decode()
    answer(opinion, lim, "It will do", None)
    assert again not in client_of(shareable.record.person).get(opinion_page(opinion)).content.decode()


def test_a_better_photo_without_words_asks_what_to_change():
    _, opinion, lim = one_asked()
    open_it(opinion, lim)
    client = client_of(lim)
    response = client.post(opinion_page(opinion, "answer"), {"quick": "better_photo", "words": ""})
    assert response["Location"] == opinion_page(opinion, "better_photo")
    assert "What should be different?" in text(client.get(response["Location"]))
    assert client.post(response["Location"], {}).status_code == 422
    client.post(response["Location"], {"changes": ["Closer", "With a ruler"], "words": "Both hands"})
    page = text(client.get(opinion_page(opinion)))
    assert "Closer. With a ruler. Both hands" in page


def test_taken_back_says_truly_who_opened_it_and_when_and_closes_what_stands_open():
    shareable, opinion, lim = one_asked()
    reader, asker = client_of(lim), client_of(shareable.record.person)
    reader.post(opinion_page(opinion, "open"))
    state = reader.get(f"{opinion_page(opinion, 'state')}?was=opened10000", headers={"HX-Request": "true"})
    assert state.status_code == 200
    said = text(asker.post(opinion_page(opinion, "take_back"), follow=True))
    assert "Mr C Lim opened it at" in said
    assert "cannot open it again" in said
    gone = reader.get(f"{opinion_page(opinion, 'state')}?was=opened10000", headers={"HX-Request": "true"})
    assert gone["HX-Redirect"] == opinion_page(opinion)
    over = reader.get(opinion_page(opinion))
    assert over.status_code == 410
    assert "This question was closed on" in text(over)
    assert "Ask Dr A Khan if you still need it." in text(over)
    assert WORDS not in text(over)
    assert reader.get(opinion_page(opinion, "photo", opinion.items.get().pk)).status_code == 410


@pytest.mark.requirement("B6")
@pytest.mark.parametrize("ends", ["consent lowered", "time"])
def test_an_open_viewer_leaves_at_its_next_question_before_the_worker_has_come(ends):
    shareable, opinion, lim = one_asked()
    open_it(opinion, lim)
    phone = client_of(lim)
    sign = re.search(r"was=(\w+)", phone.get(opinion_page(opinion)).content.decode()).group(1)
    state = f"{opinion_page(opinion, 'state')}?was={sign}"
    assert phone.get(state).status_code == 200
    if ends == "time":
        Opinion.objects.update(expires_at=clock.now())
    else:
        make_consent(shareable.record.patient, shareable.record.by, yes=(1,))
    left = phone.get(state)
    assert (left.status_code, left["HX-Redirect"]) == (204, opinion_page(opinion))
    assert Opinion.objects.get().state == "opened"


def test_being_on_it_is_one_tap_and_the_asker_sees_it():
    shareable, opinion, lim = one_asked()
    open_it(opinion, lim)
    client_of(lim).post(opinion_page(opinion, "take_on"))
    assert "Mr C Lim is on it since" in text(client_of(shareable.record.person).get(opinion_page(opinion)))
    again = client_of(lim).post(opinion_page(opinion, "take_on"))
    assert again.status_code == 409


def test_passing_on_needs_somebody_and_shuts_it_for_who_passed_it_on():
    _, opinion, lim = one_asked()
    roy = make_asked("roy", "Ms D Roy")
    open_it(opinion, lim)
    make_team("Plastic surgery", "4400")
    client = client_of(lim)
    offered = client.get(opinion_page(opinion, "pass_on")).content.decode()
    assert re.findall(r"<option [^>]*>([^<]+)", offered) == [
        "Choose a team",
        "Plastic surgery: nobody is on call",
        "Choose a colleague",
        "Ms D Roy",
    ]
    assert client.post(opinion_page(opinion, "pass_on"), {}).status_code == 422
    assert client.post(opinion_page(opinion, "pass_on"), {"person": roy.pk}).status_code == 302
    assert client.get(opinion_page(opinion)).status_code == 404
    assert "asks Ms D Roy" in text(client_of(roy).get(opinion_page(opinion)))


def test_the_slate_offers_to_write_the_question_and_home_of_the_record_to_send_it(burns):
    shareable = make_shareable()
    client, visit = client_of(shareable.record.person), shareable.record.visit
    assert "Ask when they arrive" in text(client.get(reverse("photographs:slate", args=[visit.pk])))
    assert client.post(reverse("sharing:later", args=[visit.pk]), {"question": ""}).status_code == 422
    client.post(reverse("sharing:later", args=[visit.pk]), {"question": WORDS, "who": burns.pk})
    kept = KeptQuestion.objects.get()
    patient = client.get(reverse("photographs:patient", args=[shareable.record.patient.pk]))
    assert f"{reverse('sharing:ask')}?kept={kept.pk}" in patient.content.decode()
    page = client.get(f"{reverse('sharing:ask')}?kept={kept.pk}")
    assert WORDS in text(page)
    assert client.post(reverse("sharing:not_needed", args=[kept.pk])).status_code == 302
    assert KeptQuestion.objects.get().done_at is not None


@pytest.mark.requirement("I5")
def test_the_patient_can_read_who_saw_and_who_advised():
    shareable, opinion, lim = one_asked()
    reader = client_of(lim)
    reader.post(opinion_page(opinion, "open"))
    reader.get(opinion_page(opinion, "photo", opinion.items.get().pk))
    answer(opinion, lim)
    said = text(client_of(shareable.record.person).get(reverse("photographs:who_looked", args=[shareable.record.patient.pk])))
    for words in (
        "Mr C Lim Saw a covered photo, to give advice",
        "Mr C Lim Gave advice about photos",
        "Dr A Khan Asked a colleague about photos",
    ):
        assert words in said
