"""The pages of teams, rotas and notices, without a browser: who may, what is kept, what is said."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories.notices import make_push, make_question, make_webhook
from tests.factories.staff import make_person, sign_in
from tests.factories.teams import make_team
from tests.servers.listening import listening
from tests.simulators.browser_push import Browser

from safelight.kernel import clock
from safelight.kernel.actor import Role
from safelight.sharing.models import Channel
from safelight.sharing.notices import push_key
from safelight.staff.models import Shift, SignIn, Team
from safelight.staff.web.team_forms import ShiftForm

pytestmark = pytest.mark.django_db


@pytest.fixture
def lim():
    return make_person("lim", "Mr C Lim")


@pytest.fixture
def team(lim):
    return make_team(people=(lim,), lead=lim)


@pytest.fixture
def as_lim(lim):
    return sign_in(Client(), lim)


@pytest.fixture
def pushes(settings, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    push_key.make(settings.SAFELIGHT_PUSH_KEY)
    settings.SAFELIGHT_PUSH_CONTACT = "it@hospital.example"
    settings.SAFELIGHT_PUSH_HOSTS = ("127.0.0.1",)
    with listening() as server:
        yield server


def _shift(day, begins="08:00", ends="20:00", **more) -> dict[str, str]:
    return {"rank": "first", "day": day.isoformat(), "begins": begins, "ends": ends, "last_day": "", **more}


class TestRota:
    def test_everybody_sees_who_is_on_call_and_the_number(self, team):
        page = sign_in(Client(), make_person()).get("/teams/").content.decode()
        assert "Mr C Lim is on call" in page
        assert "4321" in page

    def test_only_the_lead_and_an_administrator_see_and_reach_what_changes_it(self, team):
        khan = sign_in(Client(), make_person())
        shift = Shift.objects.get()
        page = khan.get(f"/teams/{team.pk}/rota/").content.decode()
        assert "Put somebody on call" not in page
        assert "Mr C Lim, who leads the team" in page
        for address in (f"/shifts/{shift.pk}/", f"/teams/{team.pk}/", f"/teams/{team.pk}/notices/"):
            assert khan.get(address).status_code == 403
        day = timezone.localtime().date() + timedelta(days=2)
        assert khan.post(f"/teams/{team.pk}/rota/add/", _shift(day, person=str(team.lead_id))).status_code == 403
        assert khan.post(f"/shifts/{shift.pk}/remove/").status_code == 403
        assert khan.post(f"/shifts/{shift.pk}/swap/", {"other": str(shift.pk)}).status_code == 403
        assert khan.get("/teams/new/").status_code == 403
        assert Shift.objects.count() == 1

    def test_a_night_ends_on_the_next_day_and_a_weekend_on_the_day_that_is_named(self, team, as_lim, lim):
        monday = timezone.localtime().date() + timedelta(days=7 - timezone.localtime().weekday())
        week = f"?week={monday.isoformat()}"
        for said in (
            _shift(monday, "20:00", "8", person=str(lim.pk)),
            _shift(monday + timedelta(days=4), "1700", "08.00", person=str(lim.pk), last_day=(monday + timedelta(days=7)).isoformat()),
        ):
            assert as_lim.post(f"/teams/{team.pk}/rota/add/{week}", said).status_code == 302
        night, weekend = Shift.objects.order_by("begins")[1:]
        assert timezone.localtime(night.ends).strftime("%a %H:%M") == "Tue 08:00"
        assert timezone.localtime(weekend.ends).strftime("%a %H:%M") == "Mon 08:00"
        assert ShiftForm.of(weekend)["last_day"] == (monday + timedelta(days=7)).isoformat()
        assert ShiftForm.of(night)["last_day"] == ""

    @pytest.mark.parametrize("hour", ["", "noon", "200", "25:00", "8:77"])
    def test_keeps_what_was_typed_where_a_time_is_none(self, team, as_lim, lim, hour):
        day = timezone.localtime().date()
        answer = as_lim.post(f"/teams/{team.pk}/rota/add/", _shift(day, begins=hour, person=str(lim.pk)))
        assert answer.status_code == 422
        assert "Enter a time such as 08:00 or 20:30" in answer.content.decode()
        assert f'value="{hour}"' in answer.content.decode()

    def test_says_that_somebody_is_on_call_then(self, team, as_lim, lim):
        day = timezone.localtime().date()
        answer = as_lim.post(f"/teams/{team.pk}/rota/add/", _shift(day, "00:00", "23:59", person=str(lim.pk)))
        assert answer.status_code == 409
        assert "Somebody is on call at this level in that time already" in answer.content.decode()

    def test_a_shift_is_changed_swapped_and_removed(self, team, as_lim, lim):
        webb, shift = make_person("webb", "Dr E Webb"), Shift.objects.get()
        day = timezone.localtime().date() + timedelta(days=1)
        said = _shift(day, person=str(webb.pk))
        assert as_lim.get(f"/shifts/{shift.pk}/").status_code == 200
        assert as_lim.post(f"/shifts/{shift.pk}/", said | {"begins": "x"}).status_code == 422
        assert as_lim.post(f"/shifts/{shift.pk}/", said).status_code == 302
        assert Shift.objects.get().person == webb
        as_lim.post(f"/teams/{team.pk}/rota/add/", _shift(day + timedelta(days=1), person=str(lim.pk)))
        other = Shift.objects.get(person=lim)
        assert as_lim.post(f"/shifts/{shift.pk}/", _shift(day + timedelta(days=1), person=str(webb.pk))).status_code == 409
        assert as_lim.post(f"/shifts/{shift.pk}/swap/", {"other": ""}).status_code == 422
        assert as_lim.post(f"/shifts/{shift.pk}/swap/", {"other": str(other.pk)}).status_code == 302
        assert Shift.objects.get(pk=shift.pk).person == lim
        assert as_lim.post(f"/shifts/{shift.pk}/remove/").status_code == 302
        assert Shift.objects.count() == 1

    @pytest.mark.parametrize("week", ["", "?week=2020-01-01", "?week=nonsense", "?week=2027-03-24"])
    def test_shows_any_week(self, team, as_lim, week):
        assert as_lim.get(f"/teams/{team.pk}/rota/{week}").status_code == 200


class TestBesideTheRota:
    def test_stands_by_what_the_team_is_told_and_when_that_was_tested(self, team, as_lim):
        page = as_lim.get(f"/teams/{team.pk}/rota/").content.decode()
        assert "Burns on call has no urgent notice set up. Ring 4321." in page
        make_webhook(team=team)
        page = as_lim.get(f"/teams/{team.pk}/rota/").content.decode()
        assert "has no urgent notice" not in page
        assert "last tested just now" in page
        assert f"/teams/{team.pk}/notices/" in page
        assert f"/teams/{team.pk}/notices/" not in sign_in(Client(), make_person()).get(f"/teams/{team.pk}/rota/").content.decode()

    def test_my_account_leads_to_my_notices(self, as_lim):
        assert "/me/notices/" in as_lim.get("/me/").content.decode()


class TestTeams:
    def test_an_administrator_makes_one_and_its_lead_changes_the_number(self, lim, as_lim):
        boss = sign_in(Client(), make_person("boss", "Ms P Boss", roles=[Role.ADMINISTRATOR]))
        said = {"name": "Plastics", "phone": "4400", "lead": str(lim.pk), "people": [str(lim.pk)]}
        assert boss.post("/teams/new/", said | {"phone": ""}).status_code == 422
        assert boss.post("/teams/new/", said).status_code == 302
        assert boss.post("/teams/new/", said).status_code == 409
        made = Team.objects.get()
        assert as_lim.get(f"/teams/{made.pk}/").status_code == 200
        assert as_lim.post(f"/teams/{made.pk}/", said | {"phone": "4401", "lead": ""}).status_code == 302
        made.refresh_from_db()
        assert (made.phone, made.lead) == ("4401", lim)
        make_team()
        assert as_lim.post(f"/teams/{made.pk}/", said | {"name": "Burns on call"}).status_code == 409


class TestNotices:
    def test_a_browser_is_set_up_tested_and_taken_away(self, pushes, as_lim, lim):
        browser = Browser(f"{pushes.address}/push").subscription
        said = {"endpoint": browser.endpoint, "p256dh": browser.p256dh, "auth": browser.auth, "name": "My phone"}
        assert "Tell me in this browser" in as_lim.get("/me/notices/").content.decode()
        assert as_lim.post("/me/notices/browser/", said).status_code == 302
        channel = Channel.objects.get()
        assert "Not tested" in as_lim.get("/me/notices/").content.decode()
        as_lim.post(f"/notices/{channel.pk}/test/")
        assert len(pushes.came) == 1
        page = as_lim.get("/me/notices/").content.decode()
        assert "Works" in page
        assert browser.auth not in page
        pushes.answers = [410]
        as_lim.post(f"/notices/{channel.pk}/test/")
        assert "Failed" in as_lim.get("/me/notices/").content.decode()
        as_lim.post(f"/notices/{channel.pk}/remove/")
        assert "My phone" not in as_lim.get("/me/notices/").content.decode()

    @pytest.mark.parametrize("change", [{"endpoint": "https://evil.example/"}, {"auth": "x"}, {"p256dh": ""}])
    def test_what_a_browser_did_not_say_well_is_refused(self, pushes, as_lim, change):
        browser = Browser(f"{pushes.address}/push").subscription
        said = {"endpoint": browser.endpoint, "p256dh": browser.p256dh, "auth": browser.auth} | change
        assert as_lim.post("/me/notices/browser/", said).status_code == 422
        assert not Channel.objects.exists()

    def test_no_browser_is_set_up_where_the_site_has_not_switched_it_on(self, as_lim):
        browser = Browser("https://fcm.googleapis.com/x").subscription
        said = {"endpoint": browser.endpoint, "p256dh": browser.p256dh, "auth": browser.auth}
        assert "has not switched on" in as_lim.get("/me/notices/").content.decode()
        assert as_lim.post("/me/notices/browser/", said).status_code == 409

    def test_own_mail_is_tested_and_the_page_says_when_it_failed(self, as_lim, lim):
        for _ in range(2):
            assert as_lim.post("/me/notices/mail/test/").status_code == 302
        assert Channel.objects.get(person=lim).failed == "sharing.no_courier"

    def test_somebody_elses_channel_is_out_of_reach(self, lim):
        channel = make_push(Browser("https://fcm.googleapis.com/x").subscription, person=lim)
        khan = sign_in(Client(), make_person())
        assert khan.post(f"/notices/{channel.pk}/test/").status_code == 403
        assert khan.post(f"/notices/{channel.pk}/remove/").status_code == 403
        assert khan.post(f"/notices/{uuid4()}/remove/").status_code == 404

    def test_a_teams_gateway_shows_its_secret_once(self, team, as_lim):
        said = {"kind": "webhook", "name": "Pager", "address": "https://pager.example/call"}
        answer = as_lim.post(f"/teams/{team.pk}/notices/", said)
        assert "Enter this secret at the gateway" in answer.content.decode()
        page = as_lim.get(f"/teams/{team.pk}/notices/").content.decode()
        assert "Enter this secret" not in page
        assert "pager.example/call" not in page
        assert as_lim.post(f"/teams/{team.pk}/notices/", said | {"address": "https://evil.example/"}).status_code == 422
        assert as_lim.post(f"/teams/{team.pk}/notices/", {"kind": "mail", "name": "Box", "address": "none"}).status_code == 422
        mail = {"kind": "mail", "name": "Box", "address": "burns@hospital.example"}
        assert as_lim.post(f"/teams/{team.pk}/notices/", mail).status_code == 302
        assert Channel.objects.count() == 2
        assert as_lim.post(f"/notices/{Channel.objects.get(kind='mail').pk}/test/")["Location"] == f"/teams/{team.pk}/notices/"

    def test_a_teams_notices_take_a_fresh_proof(self, team, lim):
        client = sign_in(Client(), lim)
        SignIn.objects.update(proved_at=clock.now() - timedelta(minutes=6))
        assert client.get(f"/teams/{team.pk}/notices/")["Location"].startswith("/prove/")

    def test_the_browsers_worker_holds_nothing_of_anybody(self, as_lim):
        answer = as_lim.get("/notices-worker.js")
        assert answer["Content-Type"] == "text/javascript"
        assert b"showNotification" in answer.content


class TestBar:
    def test_is_a_part_that_asks_again_and_counts_as_no_activity(self, team, as_lim):
        make_webhook(team=team)
        make_question(team=team)
        seen = SignIn.objects.get(person=team.lead).seen_at
        part = as_lim.get("/bar/", headers={"HX-Request": "true"}).content.decode()
        assert 'hx-trigger="load delay:15s"' in part
        assert "Urgent question for you" in part
        assert 'id="count-opinions" hx-swap-oob="true"' in part
        assert SignIn.objects.get(person=team.lead).seen_at == seen

    def test_stands_on_every_page_and_in_its_title(self, team, as_lim):
        question = make_question(team=team)
        page = as_lim.get("/cameras/").content.decode()
        assert "<title>(1) Urgent " in page
        assert f'href="/o/{question.public_id}/"' in page
        assert "4321" in page

    def test_says_how_many_more_there_are(self, team, as_lim):
        for _ in range(5):
            make_question(team=team)
        assert "And 2 more." in as_lim.get("/bar/").content.decode()

    def test_names_no_patient(self, team, as_lim):
        make_question(team=team)
        part = as_lim.get("/bar/").content.decode()
        assert not [word for word in ("SAMPLE", "9990000018", "0000018") if word in part]
