"""Where other pages lead to a question; a pager of one's own; what a phone needs; the list of domains from the command line."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.notices import make_webhook
from tests.factories.patients import make_patient
from tests.factories.sessions import Session, sort, wipe
from tests.factories.sharing import WORDS, make_shareable
from tests.factories.staff import actor_of, make_person, sign_in
from tests.factories.teams import make_team
from tests.servers.listening import listening

from safelight.config.command import BAD, FINE, main
from safelight.kernel import clock
from safelight.kernel.actor import Role
from safelight.photographs.models import Photograph
from safelight.sharing import sealing
from safelight.sharing.actions.keep_question import keep_question
from safelight.sharing.models import AccreditedList, Channel
from safelight.staff.models import SignIn

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


class TestTickedPhotos:
    @pytest.fixture
    def shareable(self):
        return make_shareable(photos=3)

    @pytest.fixture
    def timeline(self, shareable):
        client = sign_in(Client(), shareable.record.person)
        return client, client.get(reverse("photographs:patient", args=[shareable.record.patient.pk])).content.decode()

    def test_each_photo_has_a_tick_of_the_form_that_asks(self, shareable, timeline):
        _, page = timeline
        ticks = re.findall(r'<input[^>]+type="checkbox"[^>]+name="photos" value="([^"]+)" form="ask-about"', page)
        assert set(ticks) == {str(one.pk) for one in shareable.photographs}
        assert re.search(rf'<form[^>]+id="ask-about" method="get" action="{reverse("sharing:ask")}"', page)

    def test_the_question_is_about_those_that_were_ticked(self, shareable, timeline):
        client, _ = timeline
        two = [str(one.pk) for one in shareable.photographs[:2]]
        asked = client.get(reverse("sharing:ask"), {"patient": shareable.record.patient.pk, "photos": two}).content.decode()
        assert asked.count("Covered copy:") == 2
        assert f'name="photos" value="{",".join(two)}"' in asked

    def test_with_none_ticked_it_is_about_the_latest_visit(self, shareable, timeline):
        client, _ = timeline
        assert text(client.get(reverse("sharing:ask"), {"patient": shareable.record.patient.pk})).count("Not covered yet") == 0

    def test_who_may_not_ask_is_offered_no_ticks(self, shareable):
        nurse = sign_in(Client(), make_person("lead", "Ms I Lead", roles=[Role.IG_LEAD]))
        page = nurse.get(reverse("photographs:patient", args=[shareable.record.patient.pk])).content.decode()
        assert "ask-about" not in page


def test_the_page_of_a_card_offers_the_question_that_was_written_at_its_slate():
    ward, sample, team = Session(), make_patient(), make_team()
    ward.slate(sample)
    ward.photos(2)
    read_in = ward.put_in()
    sort(read_in)
    wipe(read_in)
    khan, page = sign_in(Client(), ward.person), reverse("intake:import", args=[read_in.pk])
    assert "Send your question" not in text(khan.get(page))
    kept = uuid4()
    keep_question(
        by=actor_of(ward.person),
        visit_id=Photograph.objects.first().visit_id,
        question=sealing.seal_question(WORDS, opinion=kept),
        to=None,
        now=clock.now(),
        new_id=kept,
    )
    said = khan.get(page)
    assert "Send your question about SAMPLE, Test 2 photos are in." in text(said)
    assert f"{reverse('sharing:ask')}?kept={kept}" in said.content.decode()
    assert str(team.pk) not in said.content.decode()
    other = sign_in(Client(), make_person("roy", "Ms D Roy"))
    assert "Send your question" not in text(other.get(page))


class TestMyGateway:
    PAGE = "/me/notices/gateway/"

    @pytest.fixture
    def khan(self):
        return sign_in(Client(), make_person())

    def test_a_pager_of_ones_own_shows_its_secret_once_and_works_when_it_was_tested(self, khan):
        assert self.PAGE in khan.get("/me/notices/").content.decode()
        with listening() as pager:
            added = khan.post(self.PAGE, {"name": "My pager", "address": f"{pager.address}/call"})
            assert "Enter this secret at the gateway" in text(added)
            channel = Channel.objects.get(person__username="khan")
            assert "Not tested" in text(khan.get(self.PAGE))
            khan.post(f"/notices/{channel.pk}/test/")
            assert [path for path, *_ in pager.came] == ["/call"]
        page = khan.get(self.PAGE)
        assert "Works" in text(page)
        assert "Enter this secret" not in text(page)
        assert pager.address not in page.content.decode()
        assert "a gateway of yours" in text(khan.get("/me/notices/"))

    @pytest.mark.parametrize("change", [{"address": "https://evil.example/"}, {"address": "http://pager.example/"}, {"name": ""}])
    def test_an_address_that_is_not_listed_or_not_encrypted_is_refused(self, khan, change):
        said = {"name": "My pager", "address": "https://pager.example/call"} | change
        assert khan.post(self.PAGE, said).status_code == 422
        assert not Channel.objects.exists()

    def test_takes_a_fresh_proof(self, khan):
        SignIn.objects.update(proved_at=clock.now() - timedelta(minutes=6))
        assert khan.get(self.PAGE)["Location"].startswith("/prove/")

    def test_shows_nobody_elses(self, khan):
        make_webhook(person=make_person("lim", "Mr C Lim"))
        assert "a gateway of yours" not in text(khan.get(self.PAGE))

    def test_says_where_the_hospital_has_listed_none(self, khan, settings):
        settings.SAFELIGHT_WEBHOOK_HOSTS = ()
        assert "has listed no gateway" in text(khan.get(self.PAGE))
        assert self.PAGE not in khan.get("/me/notices/").content.decode()


def test_a_phone_can_keep_the_app_and_guests_are_offered_none():
    said = Client().get("/app.webmanifest")
    assert (said.status_code, said["Content-Type"]) == (200, "application/manifest+json")
    manifest = said.json()
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/", "/", "standalone")
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in manifest["icons"]}
    page = Client().get("/sign-in/")
    assert 'rel="manifest" href="/app.webmanifest"' in page.content.decode()
    assert "apple-touch-icon" in page.content.decode()
    assert "manifest-src 'self'" in page["Content-Security-Policy"]
    assert "manifest" not in Client().get("/o/abcdefgh/").content.decode()


@pytest.mark.requirement("G2")
class TestDomainsFromTheCommandLine:
    @pytest.fixture(autouse=True)
    def _logs_stay(self, monkeypatch):
        """The command sets up this process's logs and settings, which a test has already."""
        monkeypatch.setattr("safelight.config.command._set_up", lambda: None)

    def take(self, file, *more: str) -> int:
        return main(["sharing", "domains", "import", str(file), "--owner", "Mail team", *more])

    def test_takes_an_edition_into_use(self, tmp_path, capsys):
        file = tmp_path / "list.csv"
        file.write_text("Organisation,Domain\nTrust A,a.nhs.test\nTrust B,B.nhs.test\n")
        assert self.take(file, "--dated", "2026-10-01") == FINE
        assert capsys.readouterr().out == "2 domains of 01 Oct 2026 are in use, looked after by Mail team.\n"
        taken = AccreditedList.objects.get()
        assert sorted(taken.domains.values_list("domain", flat=True)) == ["a.nhs.test", "b.nhs.test"]

    @pytest.mark.parametrize("words", ["no list at all", "Organisation,Domain\nTrust,not a domain\n", ""])
    def test_keeps_the_list_in_use_where_a_file_is_none(self, tmp_path, capsys, words):
        file = tmp_path / "list.csv"
        file.write_text(words)
        assert self.take(file, "--dated", "2026-10-01") == BAD
        assert "The list in use stays" in capsys.readouterr().err
        assert not AccreditedList.objects.exists()

    def test_says_where_there_is_no_such_file(self, tmp_path, capsys):
        assert self.take(tmp_path / "none.csv", "--dated", "2026-10-01") == BAD
        assert "No such file" in capsys.readouterr().err

    def test_refuses_a_date_that_is_to_come_or_none(self, tmp_path):
        file = tmp_path / "list.csv"
        file.write_text("Domain\na.nhs.test\n")
        assert self.take(file, "--dated", "2099-01-01") == BAD
        with pytest.raises(SystemExit):
            self.take(file, "--dated", "yesterday")
        assert not AccreditedList.objects.exists()
