"""Opinions attacked: others' photos by id, replay, consent that goes while pixels are drawn, clocks, crafted forms, record copies."""

import threading
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client
from django.urls import reverse
from PIL import Image
from tests.factories.deidentify import make_covered_copy
from tests.factories.photographs import make_record
from tests.factories.sharing import WORDS, Shareable, answer, ask, make_asked, make_shareable, one_asked, open_it
from tests.factories.staff import actor_of, make_person, sign_in

from safelight.audit.models import Entry
from safelight.consent.actions.withdraw_consent import withdraw_consent
from safelight.consent.models import Consent, Purpose
from safelight.kernel import clock
from safelight.kernel.actor import OPERATOR, WORKER, Actor, ActorKind, Role
from safelight.kernel.errors import NotFound, Refusal
from safelight.sharing import shown
from safelight.sharing.actions.open_opinion import open_opinion
from safelight.sharing.actions.take_back import take_back
from safelight.sharing.actions.view_covered_copy import view_covered_copy
from safelight.sharing.actions.view_shared_copy import view_shared_copy
from safelight.sharing.errors import NoConsentToShare, OpenedOften, OpinionOver
from safelight.sharing.models import Answer, Opening, Opinion, ShareItem
from safelight.sharing.rules import Ended
from safelight.vault import objects
from safelight.vault.errors import WrongKey
from safelight.vault.models import Rendition, StoredObject

pytestmark = [pytest.mark.django_db, pytest.mark.goal("S1")]


def client_of(person) -> Client:
    return sign_in(Client(), person)


def address(name: str, opinion, *more) -> str:
    return reverse(f"sharing:{name}", args=[opinion.pk, *more])


def look(opinion, person, **how):
    return view_shared_copy(by=actor_of(person), item_id=opinion.items.get().pk, now=clock.now(), new_id=uuid4(), **how)


def body_of(response) -> bytes:
    """The page without the form's token and what the header says of its reader."""
    return response.content[response.content.index(b"<main") : response.content.index(b"</main")]


def test_other_opinions_their_photos_and_unknown_ones_read_the_same():
    _, opinion, _ = one_asked()
    stranger = make_person("osei", "Dr B Osei", wards=["ED"])
    colleague = make_person("webb", "Sr E Webb")  # treats the patient, and is not asked
    for person in (stranger, colleague):
        client, unknown = client_of(person), uuid4()
        mine = [
            address("opinion", opinion),
            address("photo", opinion, opinion.items.get().pk),
            f"/o/{opinion.public_id}/here/",
        ]
        none = [
            reverse("sharing:opinion", args=[unknown]),
            reverse("sharing:photo", args=[unknown, uuid4()]),
            "/o/abcdefghij/here/",
        ]
        answers = [client.get(one) for one in (*mine, *none)]
        assert {one.status_code for one in answers} == {404}
        assert len({body_of(one) for one in answers}) == 1
        for one in (opinion.pk, unknown):  # a page that stands open is led away, to where it reads that there is nothing
            left = client.get(reverse("sharing:state", args=[one]))
            assert (left.status_code, left.content, left["HX-Redirect"]) == (204, b"", reverse("sharing:opinion", args=[one]))
        for name in ("open", "answer", "take_on", "read", "take_back", "pass_on"):
            sent = [
                client.post(reverse(f"sharing:{name}", args=[one]), {"quick": "call_me", "person": stranger.pk})
                for one in (opinion.pk, unknown)
            ]
            assert {one.status_code for one in sent} == {404}
            assert body_of(sent[0]) == body_of(sent[1])
    assert not Opening.objects.exists()
    assert not Answer.objects.exists()


def test_a_photo_of_another_question_is_not_shown_for_ones_own():
    shareable, opinion, lim = one_asked()
    roy = make_asked("roy", "Ms D Roy")
    other = ask(shareable, roy)
    open_it(opinion, lim)
    client = client_of(lim)
    assert client.get(address("photo", opinion, opinion.items.get().pk)).status_code == 200
    assert client.get(address("photo", opinion, other.items.get().pk)).status_code == 404


def test_a_picture_is_nothing_to_who_has_not_opened_the_question():
    _, opinion, lim = one_asked()
    response = client_of(lim).get(address("photo", opinion, opinion.items.get().pk))
    assert response.status_code == 404


def test_roles_other_than_those_asked_open_nothing():
    _, opinion, _ = one_asked()
    governs = make_person("gray", "Ms G Gray", roles=[Role.IG_LEAD, Role.ADMINISTRATOR], wards=[])
    others = (WORKER, OPERATOR, actor_of(governs), Actor(kind=ActorKind.STATION, id=uuid4()), Actor(kind=ActorKind.GUEST, id=uuid4()))
    for by in others:
        with pytest.raises(NotFound):
            open_opinion(by=by, opinion_id=opinion.pk, now=clock.now(), new_id=uuid4())


@pytest.mark.goal("S2")
def test_replay_after_take_back_gives_nothing_not_even_with_a_permit_at_hand():
    shareable, opinion, lim = one_asked()
    open_it(opinion, lim)
    permit = look(opinion, lim)
    assert shown.pixels(permit, name="Mr C Lim", moment=clock.now)
    take_back(by=shareable.record.by, opinion_id=opinion.pk, why=Ended.ASKER, now=clock.now())
    with pytest.raises(OpinionOver):
        shown.pixels(permit, name="Mr C Lim", moment=clock.now)


@pytest.mark.requirement("B6")
@pytest.mark.parametrize("how", ["withdrawn", "taken back", "passed its time"])
def test_what_ends_while_the_picture_is_drawn_does_not_leave(how):
    shareable, opinion, lim = one_asked()
    open_it(opinion, lim)
    permit = look(opinion, lim)
    asked = 0

    def moment():
        """The second time it is asked is when the picture is ready: just before, it ends."""
        nonlocal asked
        asked += 1
        if asked == 2 and how == "withdrawn":
            purposes = frozenset({Purpose.ADVICE_HERE})
            withdraw_consent(by=shareable.record.by, consent_id=Consent.objects.get().pk, purposes=purposes, now=clock.now())
        if asked == 2 and how == "taken back":
            take_back(by=shareable.record.by, opinion_id=opinion.pk, why=Ended.ASKER, now=clock.now())
        return opinion.expires_at if asked == 2 and how == "passed its time" else clock.now()

    with pytest.raises(NoConsentToShare if how == "withdrawn" else OpinionOver):
        shown.pixels(permit, name="Mr C Lim", moment=moment)
    assert asked == 2


@pytest.mark.goal("S2")
def test_a_clock_that_moves_opens_nothing_before_or_after_its_time(time_machine):
    _, opinion, lim = one_asked()
    open_it(opinion, lim)
    for moment in (opinion.expires_at, opinion.expires_at + timedelta(days=4000), opinion.asked_at - timedelta(seconds=1)):
        time_machine.move_to(moment, tick=False)
        with pytest.raises(Refusal):
            look(opinion, lim)


def test_a_crafted_form_without_urgency_or_with_an_unknown_one_sends_nothing():
    shareable, lim = make_shareable(), make_asked()
    client = client_of(shareable.record.person)
    page = f"{reverse('sharing:ask')}?photos={shareable.photographs[0].pk}"
    whole = {"asking": uuid4(), "question": WORDS, "who": "somebody", "person": lim.pk, "days": "7"}
    for more in (
        {},
        {"urgency": ""},
        {"urgency": "never"},
        {"urgency": "urgent", "days": "400"},
        {"urgency": "urgent", "who": str(uuid4())},
    ):
        assert client.post(page, {**whole, **more}).status_code == 422
    assert client.post(page, {**whole, "urgency": "urgent", "asking": "x"}).status_code == 422
    assert not Opinion.objects.exists()


def test_photos_of_others_in_the_address_are_not_asked_about():
    shareable, other = make_shareable(), make_shareable("OTHER", "9990000026", ward="ED")
    client = client_of(shareable.record.person)
    for photos in (other.photographs[0].pk, uuid4(), "x", f"{shareable.photographs[0].pk},{other.photographs[0].pk}"):
        response = client.get(f"{reverse('sharing:ask')}?photos={photos}")
        assert response.status_code in {403, 404, 422}
        assert b"OTHER" not in response.content


def test_html_in_names_and_words_stays_words():
    shareable = make_shareable()
    lim = make_asked("evil", "<script>alert(1)</script>")
    opinion = ask(shareable, lim, words="<img src=x onerror=alert(2)>")
    open_it(opinion, lim)
    answer(opinion, lim, "</p><script>alert(3)</script>")
    for client in (client_of(shareable.record.person), client_of(lim)):
        for page in (address("opinion", opinion), reverse("sharing:inbox") + "?box=asked"):
            body = client.get(page).content
            assert b"<script>alert" not in body
            assert b"<img src=x" not in body


@pytest.mark.requirement("F1")
def test_a_share_item_cannot_point_at_anything_but_an_approval():
    shareable, opinion, _ = one_asked()
    photograph = shareable.photographs[0]
    for wrong in (None, photograph.pk, photograph.record_copy_id, shareable.approvals[0].copy_id):
        with pytest.raises(IntegrityError), transaction.atomic():
            ShareItem.objects.create(id=uuid4(), opinion=opinion, approval_id=wrong, place=9)
            connection.check_constraints()


@pytest.mark.requirement("F1")
def test_what_was_covered_is_black_in_the_pixels_that_are_given_and_the_record_copy_is_not_opened(monkeypatch):
    record = make_record()
    photograph = record.photos(1)[0]
    approval = make_covered_copy(photograph, record.by, boxes=((0.0, 0.0, 1.0, 0.45),))
    shareable, lim = Shareable(record, [photograph], [approval]), make_asked()
    opinion = ask(shareable, lim)
    open_it(opinion, lim)
    permit, opened = look(opinion, lim), []
    plain = objects.open_object

    def noted(stored: StoredObject):
        opened.append(stored.pk)
        return plain(stored)

    monkeypatch.setattr(objects, "open_object", noted)  # watched, not replaced
    picture = Image.open(BytesIO(shown.pixels(permit, name="Mr C Lim", moment=clock.now)))
    assert opened == [approval.copy.stored_id]
    assert StoredObject.objects.get(pk=approval.copy.stored_id).rendition == Rendition.COVERED
    middle = picture.crop((picture.width // 4, picture.height // 8, picture.width // 2, picture.height // 3)).convert("L")
    assert sum(middle.histogram()[64:]) < 0.2 * middle.width * middle.height


def test_a_copy_that_was_made_anothers_by_hand_is_not_given():
    shareable, opinion, lim = one_asked()
    other = make_shareable("OTHER", "9990000026")
    open_it(opinion, lim)
    permit, stored = look(opinion, lim), shareable.approvals[0].copy.stored_id
    StoredObject.objects.filter(pk=stored).update(holder=str(other.record.patient.pk))
    with pytest.raises(WrongKey):
        shown.pixels(permit, name="Mr C Lim", moment=clock.now)


@pytest.mark.requirement("I2")
def test_who_is_asked_sees_neither_the_patient_nor_the_record_by_the_share():
    shareable, opinion, lim = one_asked()
    open_it(opinion, lim)
    client = client_of(lim)
    for page in (
        reverse("photographs:patient", args=[shareable.record.patient.pk]),
        reverse("photographs:photo", args=[shareable.photographs[0].pk]),
        reverse("sharing:of_patient", args=[shareable.record.patient.pk]),
        reverse("sharing:covered", args=[shareable.record.patient.pk, shareable.photographs[0].pk]),
    ):
        response = client.get(page)
        assert response.status_code == 403
        assert b"SAMPLE" not in response.content
    with pytest.raises(Refusal):
        view_covered_copy(
            by=actor_of(lim), patient_id=shareable.record.patient.pk, photograph_id=shareable.photographs[0].pk, now=clock.now()
        )


def test_no_word_of_the_question_or_the_answer_is_in_the_ledger_or_in_the_rows():
    _, opinion, lim = one_asked()
    open_it(opinion, lim)
    answer(opinion, lim, "Necrotising fasciitis until shown otherwise")
    bodies = b"".join(bytes(one) for one in Entry.objects.values_list("body", flat=True))
    rows = bytes(Opinion.objects.get().question) + bytes(Answer.objects.get().words)
    for word in (b"necrotising", b"Necrotising", b"SAMPLE", b"9990000018", b"Lim"):
        assert word not in bodies
        assert word not in rows


@pytest.mark.goal("S2")
@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_share_the_last_opening():
    _, opinion, lim = one_asked()
    Opinion.objects.filter(pk=opinion.pk).update(openings_left=1)
    ready, won = threading.Barrier(2), []

    def open_at_once() -> None:
        ready.wait()
        try:
            open_it(opinion, lim)
            won.append(True)
        except OpenedOften:
            won.append(False)
        finally:
            connections.close_all()

    both = [threading.Thread(target=open_at_once) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(won) == [False, True]
    assert Opening.objects.count() == 1
