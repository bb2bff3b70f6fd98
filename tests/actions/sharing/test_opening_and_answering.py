"""Opening, seeing, answering, passing on, and the asker's confirmation."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image
from tests.factories.deidentify import approve, ready
from tests.factories.photographs import facts_of
from tests.factories.sharing import answer, ask, make_asked, make_shareable, one_asked, open_it
from tests.factories.staff import actor_of, make_person, sign_in
from tests.factories.teams import make_team

from safelight.audit.models import Move
from safelight.deidentify.covering import marked
from safelight.kernel import clock
from safelight.kernel.errors import NotFound
from safelight.sharing import answering, sealing, shown
from safelight.sharing.actions.ask_for_better_photo import ask_for_better_photo
from safelight.sharing.actions.give_opinion import give_opinion
from safelight.sharing.actions.note_answer_read import note_answer_read
from safelight.sharing.actions.pass_on import pass_on
from safelight.sharing.actions.take_on import take_on
from safelight.sharing.actions.view_opinion import view_opinion
from safelight.sharing.actions.view_shared_copy import view_shared_copy
from safelight.sharing.answering import Mark
from safelight.sharing.asking import Recipient
from safelight.sharing.errors import (
    MarkOutside,
    NobodyChosen,
    NotAnswered,
    NothingSaid,
    OpinionOver,
    TakenOnAlready,
    WhatToChangeMissing,
)
from safelight.sharing.lifecycle import ShareState
from safelight.sharing.models import Answer, Opening, Opinion, Passing, Quick, Urgency
from safelight.sharing.rules import Part
from safelight.vault import objects

pytestmark = pytest.mark.django_db


def look(opinion: Opinion, person, *, item=None):
    """The pixels of the first covered copy, as the page asks for them."""
    chosen = item or opinion.items.get(place=0).pk
    permit = view_shared_copy(by=actor_of(person), item_id=chosen, now=clock.now(), new_id=uuid4())
    return shown.pixels(permit, name=person.name, moment=clock.now)


def test_the_first_opening_moves_it_and_each_is_kept_with_who_and_when():
    _, opinion, lim = one_asked()
    open_it(opinion, lim)
    later = clock.now() + timedelta(minutes=3)
    open_it(opinion, lim, at=later)
    opinion.refresh_from_db()
    assert (opinion.state, opinion.opened_by) == (ShareState.OPENED, lim.pk)
    assert [row.at for row in Opening.objects.order_by("at")][1] == later
    assert [fact["first"] for fact in facts_of("sharing.open_opinion") if fact["fact"] == "sharing.OpinionOpened"] == [True, False]
    assert Move.objects.filter(row=opinion.pk, move="open").count() == 1


def test_members_of_the_team_and_who_is_on_call_for_it_open_and_nobody_else():
    shareable, on_call = make_shareable(), make_asked()
    lead, stranger = make_person("lead", "Ms L Ead", wards=[]), make_person("osei", "Dr B Osei")
    opinion = ask(shareable, make_team(people=(on_call,), lead=lead), urgency=Urgency.SOON)
    open_it(opinion, on_call)
    open_it(opinion, lead)
    for nobody in (stranger, shareable.record.person):
        with pytest.raises(NotFound):
            open_it(opinion, nobody)


@pytest.mark.requirement("F1")
def test_gives_the_covered_copys_pixels_small_with_the_readers_name_and_the_time_burned_in(time_machine):
    time_machine.move_to(clock.now(), tick=False)
    _, opinion, lim = one_asked()
    open_it(opinion, lim)
    item = opinion.items.get()
    jpeg = sign_in(Client(), lim).get(f"/opinions/{opinion.pk}/photos/{item.pk}/").content
    picture = Image.open(BytesIO(jpeg))
    assert max(picture.size) <= 2048
    assert not picture.getexif()
    covered = objects.read_bytes(item.approval.copy.stored, limit=1 << 24)
    local = timezone.localtime(clock.now())
    assert jpeg == marked.marked(covered, f"Mr C Lim {local.day} {local:%b %H:%M}")
    assert jpeg != marked.plain(covered)
    time_machine.shift(60)
    assert look(opinion, lim) != jpeg
    assert Opening.objects.filter(item__isnull=False, by=lim.pk).count() == 2


def test_shows_the_newest_covered_copy_when_more_was_covered_since():
    shareable, opinion, lim = one_asked()
    open_it(opinion, lim)
    photograph, record = shareable.photographs[0], shareable.record
    newer = approve(record.by, ready(photograph, record.by, boxes=((0.4, 0.4, 0.2, 0.2),)))[photograph.pk]
    permit = view_shared_copy(by=actor_of(lim), item_id=opinion.items.get().pk, now=clock.now(), new_id=uuid4())
    assert permit.approval == newer.pk


@pytest.mark.requirement("G7")
def test_an_answer_is_in_the_record_with_its_author_and_time_and_waits_to_be_read():
    shareable, opinion, lim = one_asked()
    open_it(opinion, lim)
    at = clock.now()
    given = answer(opinion, lim, "Mark the edge, bloods with lactate.", at=at)
    opinion.refresh_from_db()
    assert (opinion.state, opinion.answered_at, opinion.read_at) == (ShareState.ANSWERED, at, None)
    row = Answer.objects.get()
    assert (row.pk, row.by, row.at, row.quick) == (given.pk, lim.pk, at, "on_my_way")
    assert b"lactate" not in bytes(row.words)
    assert sealing.open_answer(row.words, answer=row.pk) == "Mark the edge, bloods with lactate."
    note_answer_read(by=shareable.record.by, opinion_id=opinion.pk, answers=1, now=clock.now())
    opinion.refresh_from_db()
    assert opinion.state == ShareState.CLOSED
    with pytest.raises(NotAnswered):
        note_answer_read(by=shareable.record.by, opinion_id=opinion.pk, answers=1, now=clock.now())


def test_a_second_answer_is_another_row_and_is_to_be_read_again():
    shareable, opinion, lim = one_asked()
    open_it(opinion, lim)
    first = answer(opinion, lim, quick=Quick.CLINIC_IS_FINE)
    answer(opinion, lim, "On second thoughts: theatre.", quick=Quick.SEND_TO_THEATRE)
    opinion.refresh_from_db()
    assert Answer.objects.count() == 2
    assert (opinion.answered_at, opinion.read_at) == (first.at, None)
    assert view_opinion(by=shareable.record.by, opinion_id=opinion.pk, now=clock.now())[1] is Part.ASKER


def test_refuses_an_answer_without_a_tap_or_words_and_a_mark_off_the_photos():
    shareable, opinion, lim = one_asked()
    other = ask(shareable, lim)
    open_it(opinion, lim)
    item = opinion.items.get().pk
    with pytest.raises(NothingSaid):
        answer(opinion, lim, quick=None)
    for mark in (Mark(item=uuid4(), x=0.5, y=0.5), Mark(item=other.items.get().pk, x=0.5, y=0.5), Mark(item=item, x=1.2, y=0.5)):
        said = answering.say(uuid4(), quick=Quick.CALL_ME, words="", mark=mark)
        with pytest.raises(MarkOutside):
            give_opinion(by=actor_of(lim), opinion_id=opinion.pk, said=said, now=clock.now())
    said = answering.say(uuid4(), quick=Quick.CALL_ME, words="", mark=Mark(item=item, x=0.25, y=0.75))
    give_opinion(by=actor_of(lim), opinion_id=opinion.pk, said=said, now=clock.now())
    assert (Answer.objects.get().x, Answer.objects.get().y) == (0.25, 0.75)


def test_a_better_photo_is_asked_for_with_what_to_change():
    _, opinion, lim = one_asked()
    open_it(opinion, lim)
    empty = answering.say(uuid4(), quick=Quick.BETTER_PHOTO, words="")
    with pytest.raises(WhatToChangeMissing):
        ask_for_better_photo(by=actor_of(lim), opinion_id=opinion.pk, said=empty, now=clock.now())
    said = answering.say(uuid4(), quick=Quick.BETTER_PHOTO, words="Closer. With a ruler")
    ask_for_better_photo(by=actor_of(lim), opinion_id=opinion.pk, said=said, now=clock.now())
    assert Answer.objects.get().quick == Quick.BETTER_PHOTO


def test_one_person_is_on_it_before_anybody_has_answered():
    shareable, lim, roy = make_shareable(), make_asked(), make_asked("roy", "Ms D Roy")
    opinion = ask(shareable, make_team(people=(lim, roy)), urgency=Urgency.SOON)
    take_on(by=actor_of(lim), opinion_id=opinion.pk, now=clock.now())
    with pytest.raises(TakenOnAlready):
        take_on(by=actor_of(roy), opinion_id=opinion.pk, now=clock.now())
    opinion.refresh_from_db()
    assert (opinion.on_it_by, opinion.state) == (lim.pk, ShareState.OFFERED)
    other = ask(shareable, lim)
    answer(other, lim)
    with pytest.raises(TakenOnAlready):
        take_on(by=actor_of(lim), opinion_id=other.pk, now=clock.now())


def test_what_is_passed_on_waits_for_somebody_else_and_is_shut_for_who_passed_it():
    shareable, opinion, lim = one_asked()
    roy = make_asked("roy", "Ms D Roy")
    open_it(opinion, lim)
    look(opinion, lim)
    pass_on(by=actor_of(lim), opinion_id=opinion.pk, to=Recipient(person=roy.pk), now=clock.now(), new_id=uuid4())
    opinion.refresh_from_db()
    assert (opinion.state, opinion.person_id, opinion.opened_at) == (ShareState.OFFERED, roy.pk, None)
    assert (Passing.objects.get().by, Passing.objects.get().from_person_id) == (lim.pk, lim.pk)
    with pytest.raises(NotFound):
        look(opinion, lim)
    with pytest.raises(NotFound):
        answer(opinion, lim)
    open_it(opinion, roy)
    answer(opinion, roy)
    for to in (Recipient(person=roy.pk), Recipient(person=shareable.record.person.pk), Recipient(guest=uuid4()), Recipient()):
        with pytest.raises(NobodyChosen):
            pass_on(by=actor_of(roy), opinion_id=ask(shareable, roy).pk, to=to, now=clock.now(), new_id=uuid4())


def test_the_thread_is_for_who_asked_and_for_who_has_opened_it():
    shareable, opinion, lim = one_asked()
    assert view_opinion(by=shareable.record.by, opinion_id=opinion.pk, now=clock.now())[1] is Part.ASKER
    with pytest.raises(OpinionOver):
        view_opinion(by=actor_of(lim), opinion_id=opinion.pk, now=clock.now())
    open_it(opinion, lim)
    assert view_opinion(by=actor_of(lim), opinion_id=opinion.pk, now=clock.now())[1] is Part.ASKED
    colleague = make_person("webb", "Sr E Webb")
    with pytest.raises(NotFound):
        view_opinion(by=actor_of(colleague), opinion_id=opinion.pk, now=clock.now())
