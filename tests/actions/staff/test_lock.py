"""Sign-ins through the pages: idle, locked, opened, ended; polls; keys; proofs; a second person."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.conf import settings
from django.urls import reverse
from tests.factories.custody import make_camera
from tests.factories.staff import PASSWORD, actor_in, actor_of, code_now, cookie_for, make_person, make_ward, sign_in

from safelight.audit.models import Entry, Outcome
from safelight.kernel import clock
from safelight.kernel.actor import Actor, ActorKind, Role
from safelight.staff import queries, second
from safelight.staff.actions.add_factor import add_factor
from safelight.staff.actions.prove import prove
from safelight.staff.actions.prove_second_person import prove_second_person
from safelight.staff.actions.remove_factor import remove_factor
from safelight.staff.errors import LastFactor, NotForYou, NotThem, ProofNeeded, TooManyTries
from safelight.staff.models import Method, Person, SignIn
from safelight.staff.said import NewFactor
from safelight.staff.shown import Shown

pytestmark = [pytest.mark.django_db, pytest.mark.goal("S3")]


@pytest.fixture
def khan() -> Person:
    return make_person()


@pytest.fixture
def later(time_machine):
    """Move the clock on by so many seconds."""
    time_machine.move_to(clock.now(), tick=False)
    return lambda seconds: time_machine.shift(timedelta(seconds=seconds))


def _key(client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _actions() -> list[str]:
    return [entry.action for entry in Entry.objects.order_by("seq")]


@pytest.mark.asvs("7.3.1")
def test_a_screen_locks_when_nothing_was_asked_for_two_minutes(client, khan, later):
    sign_in(client, khan)
    later(119)
    assert client.get("/me/").status_code == 200
    later(120)
    assert client.get("/me/")["Location"] == "/lock/?next=%2Fme%2F"
    assert _actions()[-1] == "staff.lock"


@pytest.mark.asvs("7.3.1")
def test_a_sign_in_ends_when_it_was_idle_for_ten_minutes(client, khan, later):
    sign_in(client, khan)
    later(600)
    assert client.get("/me/")["Location"].startswith("/sign-in/")
    assert SignIn.objects.get().ended_why == "idle_too_long"


@pytest.mark.asvs("7.3.1")
def test_a_locked_sign_in_ends_as_well_when_nobody_opens_it(client, khan, later):
    sign_in(client, khan)
    client.post("/lock/")
    later(601)
    assert client.get("/lock/")["Location"].startswith("/sign-in/")


@pytest.mark.asvs("7.3.2")
@pytest.mark.one_database
def test_a_sign_in_is_over_after_eight_hours_however_busy(client, khan, later):
    sign_in(client, khan)
    for _ in range(8 * 36 - 1):
        later(100)
        assert client.get(reverse("staff:me")).status_code == 200
    later(100)
    assert client.get("/me/")["Location"].startswith("/sign-in/")
    assert queries.sign_ins_of(actor_of(khan), khan.pk, now=clock.now()) == []


@pytest.mark.parametrize(
    "headers",
    [{"HX-Request": "true"}, {"Sec-Fetch-Mode": "navigate"}],
    ids=["a part that asks for news", "a page that loads itself anew"],
)
def test_polls_are_no_activity(client, khan, later, headers):
    sign_in(client, khan)
    for _ in range(3):
        later(39)
        assert client.get("/me/", headers=headers).status_code == 200
    later(39)
    assert client.get("/me/", headers=headers).status_code in {302, 401}


def test_a_hand_on_the_page_is_activity(client, khan, later):
    sign_in(client, khan)
    for _ in range(4):
        later(100)
        assert client.post("/here/").status_code == 204
    assert client.get("/me/", headers={"Sec-Fetch-Mode": "navigate", "Sec-Fetch-User": "?1"}).status_code == 200


def test_a_poll_of_a_locked_screen_sends_the_whole_page_to_the_lock(client, khan):
    sign_in(client, khan)
    client.post("/lock/")
    answer = client.get("/me/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/imports/7/"})
    assert (answer.status_code, answer["HX-Redirect"], answer.content) == (401, "/lock/?next=%2Fimports%2F7%2F", b"")


def test_a_ward_can_ask_for_an_earlier_lock_and_the_shortest_counts(client, later):
    webb = make_person("webb", "Sr E Webb", wards=["BURNS2", "ED"])
    ward = make_ward("ED")
    ward.lock_seconds = 60
    ward.save()
    sign_in(client, webb)
    assert client.get("/me/").content.count(b'data-lock-after="60"') == 1
    later(60)
    assert client.get("/me/")["Location"].startswith("/lock/")


def test_the_lock_shows_whose_screen_it_is_and_nothing_else_of_them(client, khan):
    sign_in(client, khan)
    client.post("/lock/", headers={"Referer": "http://testserver/me/"})
    page = client.get("/lock/?next=/me/").content.decode()
    assert "Dr A Khan</h1>" in page
    assert "khan@example" not in page
    assert 'action="/lock/"' not in page


def test_locking_leads_back_to_the_page_that_was_open(client, khan):
    sign_in(client, khan)
    answer = client.post("/lock/", headers={"Referer": "http://testserver/patients/?a=1"})
    assert answer["Location"] == "/lock/?next=%2Fpatients%2F%3Fa%3D1"
    assert client.post("/lock/", headers={"Referer": "http://evil.example/x"})["Location"] == "/lock/?next=%2F"


@pytest.mark.asvs("7.2.4")
def test_opens_by_password_under_a_new_key_and_that_is_no_fresh_proof(client, khan, later):
    sign_in(client, khan)
    old = _key(client)
    client.post("/lock/")
    later(301)
    answer = client.post("/lock/open/", {"password": PASSWORD, "next": "/me/"})
    assert answer["Location"] == "/me/"
    assert _key(client) != old
    assert client.get("/me/password/")["Location"].startswith("/prove/")
    assert _actions()[-1] == "staff.unlock"


def test_does_not_open_by_another_persons_password(client, khan):
    other = make_person("webb", "Sr E Webb")
    other.set_password("another four words here")
    other.save()
    sign_in(client, khan)
    client.post("/lock/")
    assert client.post("/lock/open/", {"password": "another four words here"}).status_code == 403
    assert client.get("/me/").status_code == 302
    assert Entry.objects.latest("seq").outcome == Outcome.REFUSED


def test_guessing_at_the_lock_is_delayed(client, khan):
    sign_in(client, khan)
    client.post("/lock/")
    answers = [client.post("/lock/open/", {"password": "x" * 15}).status_code for _ in range(6)]
    assert answers == [403] * 5 + [429]


@pytest.mark.asvs("7.4.1")
@pytest.mark.asvs("14.3.1")
@pytest.mark.parametrize("locked", [False, True])
def test_signing_out_ends_the_sign_in_and_clears_the_browser(client, khan, locked):
    sign_in(client, khan)
    old = _key(client)
    if locked:
        client.post("/lock/")
    answer = client.post("/sign-out/")
    assert answer["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    client.cookies[settings.SESSION_COOKIE_NAME] = old
    assert client.get("/me/")["Location"].startswith("/sign-in/")
    assert SignIn.objects.get().ended_why == "signed_out"


@pytest.mark.asvs("7.2.4")
@pytest.mark.asvs("7.5.1")
def test_a_fresh_proof_needs_both_factors_and_gives_a_new_key(client, khan, later):
    sign_in(client, khan)
    for _ in range(4):
        later(80)
        client.get("/me/")
    old = _key(client)
    assert client.get("/me/password/")["Location"] == "/prove/?next=%2Fme%2Fpassword%2F"
    assert client.post("/prove/", {"password": PASSWORD, "code": "000000"}).status_code == 403
    answer = client.post("/prove/", {"password": PASSWORD, "code": code_now(), "next": "/me/password/"})
    assert answer["Location"] == "/me/password/"
    assert client.get("/me/password/").status_code == 200
    assert _key(client) != old


def test_a_proof_by_somebody_else_is_none(client, khan, rf):
    sign_in(client, khan)
    other = make_person("webb", "Sr E Webb")
    actor = actor_in(client)
    for shown in (None, Shown(other.pk, Method.PASSKEY), Shown(khan.pk, Method.PASSWORD), Shown(khan.pk, Method.CODE)):
        with pytest.raises(NotThem):
            prove(by=actor, sign_in_id=SignIn.objects.get().pk, shown=shown, now=clock.now())


@pytest.mark.asvs("7.5.2")
def test_shows_my_sign_ins_and_ends_another_but_not_somebody_elses(client, khan):
    cookie_for(khan)
    elsewhere = SignIn.objects.get()
    sign_in(client, khan)
    assert client.get("/me/").content.count(b"Chrome on Linux") >= 2
    assert client.post(f"/me/sign-ins/{elsewhere.pk}/end/").status_code == 302
    elsewhere.refresh_from_db()
    assert elsewhere.ended_why == "elsewhere"
    cookie_for(make_person("webb", "Sr E Webb"))
    theirs = SignIn.objects.open().get(person__username="webb")
    assert client.post(f"/me/sign-ins/{theirs.pk}/end/").status_code == 404
    assert SignIn.objects.open().filter(pk=theirs.pk).exists()


def test_a_new_password_ends_the_other_sign_ins_and_keeps_this_one(client, khan):
    cookie_for(khan)
    sign_in(client, khan)
    answer = client.post("/me/password/", {"password": "four new words of mine", "again": "four new words of mine"})
    assert answer.status_code == 302
    assert client.get("/me/").status_code == 200
    assert SignIn.objects.open().count() == 1
    assert Person.objects.get(pk=khan.pk).check_password("four new words of mine")


@pytest.mark.asvs("6.2.1")
@pytest.mark.parametrize("password", ["short words only"[:14], "password1234567", "khan khan khan k"])
def test_refuses_a_weak_password_and_says_so(client, khan, password):
    sign_in(client, khan)
    answer = client.post("/me/password/", {"password": password, "again": password})
    assert answer.status_code == 422
    assert Person.objects.get(pk=khan.pk).check_password(PASSWORD)


def test_a_password_may_be_long_and_hold_any_letters(client, khan):
    sign_in(client, khan)
    long = "pâté " * 12 + "and a kettle"
    assert client.post("/me/password/", {"password": long, "again": long}).status_code == 302


def test_the_last_factor_stays_and_another_makes_it_removable(client, khan):
    sign_in(client, khan)
    first = Authenticator.objects.get(user=khan)
    assert client.post(f"/me/factors/{first.pk}/remove/").status_code == 409
    passkey = NewFactor("webauthn", {"name": "blue key", "credential": {}})
    add_factor(by=actor_in(client), factor=passkey, now=clock.now())
    assert client.post(f"/me/factors/{first.pk}/remove/").status_code == 302
    with pytest.raises(LastFactor):
        remove_factor(by=actor_in(client), factor=Authenticator.objects.get(user=khan).pk, now=clock.now())


@pytest.mark.asvs("7.5.1")
def test_changing_factors_needs_a_fresh_proof(khan):
    app = NewFactor("totp", {"secret": encrypt("JBSWY3DPEHPK3PXP")})
    with pytest.raises(ProofNeeded):
        add_factor(by=actor_of(khan), factor=app, now=clock.now())
    with pytest.raises(ProofNeeded):
        remove_factor(by=actor_of(khan), factor=1, now=clock.now())


def test_a_new_code_app_takes_the_place_of_the_old_one(client, khan):
    from tests.factories.staff import SECRET

    sign_in(client, khan)
    page = client.get("/me/code-app/").content.decode()
    assert SECRET not in page
    held = client.session["new_code_app"]
    assert client.get("/me/code-app/code.svg")["Content-Type"] == "image/svg+xml"
    assert client.get("/me/code-app/code.svg")["Cache-Control"] == "private, no-store"
    assert client.post("/me/code-app/", {"code": "000000"}).status_code == 422
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
    from allauth.mfa.utils import decrypt

    code = format_hotp_value(hotp_value(decrypt(held), int(clock.now().timestamp()) // 30))
    assert client.post("/me/code-app/", {"code": code}).status_code == 302
    assert Authenticator.objects.get(user=khan).data["secret"] == held
    assert decrypt(held) not in str(client.session.items())


@pytest.fixture
def request_of(client, rf):
    """A request as a page of the signed-in client has it."""

    def make(actor):
        request = rf.post("/cameras/CAM-07/out/")
        request.session = client.session
        request.actor = actor
        return request

    return make


@pytest.mark.requirement("A3")
def test_a_second_person_signs_in_place_and_the_sign_in_stays_whose_it_was(client, khan, request_of):
    webb = make_person("webb", "Sr E Webb")
    sign_in(client, khan)
    before = dict(client.session.items())
    assert second.verify(request_of(actor_in(client)), "webb", PASSWORD, code_now()) == webb
    assert dict(client.session.items()) == before
    assert SignIn.objects.open().get().person == khan
    assert Entry.objects.latest("seq").actor == khan.pk


@pytest.mark.parametrize(
    "said", [("webb", PASSWORD, "000000"), ("webb", "x" * 15, None), ("nobody", PASSWORD, None), ("webb", PASSWORD, "")]
)
def test_refuses_a_second_person_who_is_not_shown(client, khan, request_of, said):
    make_person("webb", "Sr E Webb")
    sign_in(client, khan)
    username, password, code = said
    with pytest.raises(NotThem):
        second.verify(request_of(actor_in(client)), username, password, code_now() if code is None else code)


def test_a_second_persons_code_counts_once(client, khan, request_of):
    make_person("webb", "Sr E Webb")
    sign_in(client, khan)
    code = code_now()
    second.verify(request_of(actor_in(client)), "webb", PASSWORD, code)
    with pytest.raises(NotThem):
        second.verify(request_of(actor_in(client)), "webb", PASSWORD, code)


def test_guessing_as_a_second_person_is_delayed(client, khan, request_of):
    make_person("webb", "Sr E Webb")
    sign_in(client, khan)
    for _ in range(5):
        with pytest.raises(NotThem):
            second.verify(request_of(actor_in(client)), "webb", "x" * 15, "000000")
    with pytest.raises(TooManyTries):
        second.verify(request_of(actor_in(client)), "webb", PASSWORD, code_now())


def test_a_station_brings_no_second_person(request_of, client):
    make_person("webb", "Sr E Webb")
    with pytest.raises(NotForYou):
        second.verify(request_of(Actor(kind=ActorKind.STATION, id=uuid4())), "webb", PASSWORD, code_now())


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", '{"id": "AA", "response": {"userHandle": "AA"}}', "x" * 20_000])
def test_refuses_a_passkeys_answer_that_is_none(client, khan, request_of, answer):
    sign_in(client, khan)
    with pytest.raises(NotThem):
        second.verify_passkey(request_of(actor_in(client)), "", answer)


@pytest.mark.asvs("6.3.4")
@pytest.mark.parametrize("address", ["/sign-in/passkey/", "/lock/passkey/", "/prove/passkey/"])
def test_refuses_a_passkeys_answer_that_nobody_asked_for(client, khan, address):
    sign_in(client, khan)
    if address.startswith("/lock"):
        client.post("/lock/")
    elif address.startswith("/sign-in"):
        client.post("/sign-out/")
    assert client.post(address, {"credential": '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}'}).status_code == 403


def test_roles_have_their_pages_and_no_others(client):
    for role in Role:
        sign_in(client, make_person(role.value.replace("_", ""), f"X {role.value}", roles=[role]))
        expected = 200 if role is Role.ADMINISTRATOR else 403
        for address in ("/settings/", "/settings/people/", "/settings/wards/", "/settings/people/invite/"):
            assert client.get(address).status_code == expected, (role, address)


@pytest.mark.requirement("A3")
@pytest.mark.parametrize("method", [Method.PASSWORD, Method.CODE])
def test_one_factor_alone_is_no_second_signature(khan, method):
    webb = make_person("webb", "Sr E Webb")
    with pytest.raises(NotThem):
        prove_second_person(by=actor_of(khan), shown=Shown(webb.pk, method), now=clock.now())


def test_enter_sends_the_words_that_were_typed_and_asks_for_no_passkey(client, khan):
    """A form's first button is what Enter presses in a browser, seen or not."""
    roles = [Role.ADMINISTRATOR, Role.CLINICIAN]
    sign_in(client, make_person("webb", "Sr E Webb", roles))
    key = NewFactor("webauthn", {"name": "blue key", "credential": {}})
    add_factor(by=actor_in(client), factor=key, now=clock.now())
    make_camera(two_signatures=True)
    theirs = Authenticator.objects.get(user=khan).pk
    settings_of = f"/settings/people/{khan.pk}/"
    asked = ["/settings/people/invite/", settings_of, f"{settings_of}factors/{theirs}/revoke/", "/settings/keys/", "/cameras/CAM-07/out/"]
    pages = [client.get(address).content.decode() for address in [*asked, "/prove/"]]
    client.post("/lock/")
    pages.append(client.get("/lock/").content.decode())
    for page in pages:
        form = next(part for part in re.findall(r"<form.*?</form>", page, re.DOTALL) if "data-passkey" in part)
        assert 'type="password"' in form
        assert "data-passkey" not in re.findall(r"<button[^>]*>", form)[0], page
