"""What is never asked about or shown elsewhere, whatever the form says: intimate pictures of a child, and who may be the wrong patient."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from tests.factories.deidentify import approve, made, open_desk, ready
from tests.factories.guests import ask_guest, confirm, fresh, take_list
from tests.factories.photographs import make_record
from tests.factories.sharing import Shareable, an_asking, ask, make_asked, make_shareable, open_again, open_it
from tests.factories.staff import actor_of, make_person, sign_in

from safelight.deidentify.actions.sign_off import sign_off
from safelight.deidentify.sealed import seal_why
from safelight.kernel import clock
from safelight.kernel.actor import Actor, ActorKind, Role
from safelight.kernel.errors import NotFound
from safelight.patients.models import Patient
from safelight.photographs.models import Chaperone
from safelight.photographs.sites import SiteSaid
from safelight.sharing.actions.ask_opinion import ask_opinion
from safelight.sharing.actions.open_opinion import open_opinion
from safelight.sharing.actions.view_shared_copy import view_shared_copy
from safelight.sharing.asking import Recipient
from safelight.sharing.errors import NobodyChosen, NoUrgentNotice, NumberNotConfirmed, ProofTooOld, StaysHere
from safelight.sharing.mail import composing
from safelight.sharing.models import Opinion, Urgency

pytestmark = pytest.mark.django_db


@pytest.fixture
def record():
    take_list("partner.test")
    nine_years_ago = clock.now().date() - timedelta(days=365 * 9)
    return make_record(yes=(1, 2, 3), sites=(SiteSaid("genitals"),), chaperone=Chaperone.PRESENT, purpose=b"sealed", born=nine_years_ago)


def signed_off(photo, by):
    """A covered copy that rests on a senior colleague's sign-off: from then on only staff here may see it."""
    senior = actor_of(make_person("patel", "Ms R Patel", roles=[Role.CLINICIAN, Role.SENIOR]))
    open_desk(photo, senior)
    new_id = uuid4()
    sign_off(by=senior, photograph_id=photo.pk, purpose=seal_why("To plan the operation", about=new_id), now=clock.now(), new_id=new_id)
    return approve(by, photo, copies=[made(photo, young=True)])[photo.pk]


@pytest.mark.requirement("F6")
def test_an_intimate_picture_of_a_child_is_asked_about_here_and_never_elsewhere(record):
    photo = ready(record.photos()[0], record.by)
    shareable = Shareable(record, [photo], [signed_off(photo, record.by)])
    by = fresh(record.by)
    asked = replace(shareable, record=replace(record, by=by))
    with pytest.raises(StaysHere):
        ask(asked, Recipient(guest=confirm(by).pk), urgency=Urgency.ROUTINE)
    assert not Opinion.objects.exists()
    assert ask(shareable, make_asked()).guest_id is None


@pytest.mark.requirement("F6")
def test_a_picture_that_became_one_since_is_shut_for_the_guest_who_opened_it_and_goes_in_no_letter(record):
    photo = ready(record.photos()[0], record.by)
    shareable = Shareable(record, [photo], [approve(record.by, photo)[photo.pk]])
    here, there = ask(shareable, lim := make_asked()), ask_guest(shareable)
    guest = Actor(kind=ActorKind.GUEST, id=there.guest_id)
    open_it(here, lim)
    open_opinion(by=guest, opinion_id=there.pk, now=clock.now(), new_id=uuid4())
    item = there.items.get()
    view_shared_copy(by=guest, item_id=item.pk, now=clock.now(), new_id=uuid4())
    newer = signed_off(ready(open_again(photo, record.by), record.by, boxes=((0.1, 0.1, 0.1, 0.1),)), record.by)
    assert newer.copy.restricted
    with pytest.raises(NotFound):
        view_shared_copy(by=guest, item_id=item.pk, now=clock.now(), new_id=uuid4())
    with pytest.raises(NotFound):
        composing.enclosed(there, [item], name="Dr R Patel", now=clock.now())
    permit = view_shared_copy(by=actor_of(lim), item_id=here.items.get().pk, now=clock.now(), new_id=uuid4())
    assert permit.approval == newer.pk


def test_nobody_elsewhere_is_asked_urgently_for_a_letter_does_not_ring(settings, tmp_path):
    folder = "safelight.sharing.adapters.folder.FolderCourier"
    settings.SAFELIGHT_COURIER = {"adapter": folder, "folder": tmp_path, "sender": "safelight@nhs.test"}
    take_list("partner.test")
    shareable = make_shareable(yes=(1, 2, 3))
    asked = replace(shareable, record=replace(shareable.record, by=fresh(shareable.record.by)))
    guest = Recipient(guest=confirm(asked.record.by).pk)
    with pytest.raises(NoUrgentNotice):
        ask(asked, guest, urgency=Urgency.URGENT)
    assert not Opinion.objects.exists()
    page = sign_in(Client(), shareable.record.person).get(f"/ask/elsewhere/?photos={shareable.photographs[0].pk}").content.decode()
    assert "Urgent? Ring them" in page
    assert 'value="urgent"' not in page
    ask(asked, guest, urgency=Urgency.SOON)


@pytest.mark.goal("S3")
def test_nobody_elsewhere_is_asked_without_fresh_proof_or_twice_by_one_confirmation():
    take_list("partner.test")
    shareable, now = make_shareable(yes=(1, 2, 3)), clock.now()

    def as_of(minutes: int) -> Shareable:
        return replace(shareable, record=replace(shareable.record, by=fresh(shareable.record.by, at=now - timedelta(minutes=minutes))))

    guest = Recipient(guest=confirm(fresh(shareable.record.by)).pk)
    with pytest.raises(ProofTooOld):
        ask(as_of(6), guest, urgency=Urgency.ROUTINE)
    assert not Opinion.objects.exists()
    ask(as_of(4), guest, urgency=Urgency.ROUTINE)
    with pytest.raises(NobodyChosen):  # an answer by mail finds its question by the guest
        ask(as_of(4), guest, urgency=Urgency.ROUTINE)


@pytest.mark.requirement("E6")
def test_nobody_is_asked_about_a_patient_whose_number_nobody_confirmed():
    shareable, lim = make_shareable(), make_asked()
    Patient.objects.update(confirmed="", confirmed_at=None)
    with pytest.raises(NumberNotConfirmed):
        ask_opinion(by=shareable.record.by, asking=an_asking(shareable, lim), now=clock.now())
    assert not Opinion.objects.exists()
