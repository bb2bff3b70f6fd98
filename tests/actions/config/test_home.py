"""Home: what the scan box makes of a text, and what it shows to whom."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from tests.factories.consent import make_consent
from tests.factories.custody import check_out, make_camera
from tests.factories.patients import make_patient, synthetic_number
from tests.factories.photographs import make_record
from tests.factories.sharing import answer, ask, make_shareable, one_asked, open_it
from tests.factories.staff import actor_of, make_person, sign_in
from tests.factories.teams import make_shift, make_team
from tests.factories.visits import make_slate, make_visit

from safelight.access import queries as access
from safelight.access.models import CareRelationship
from safelight.audit.models import About
from safelight.config.demo.hospital import wristband
from safelight.consent.models import WhoAgreed
from safelight.kernel import clock
from safelight.kernel.actor import Role
from safelight.patients import queries as patients
from safelight.patients.actions.merge_patients import merge_patients
from safelight.photographs.slates import code
from safelight.staff.models import Rank

pytestmark = pytest.mark.django_db


@pytest.fixture
def khan():
    return make_person()


@pytest.fixture
def ward(khan):
    return sign_in(Client(), khan)


def _band(khan, patient) -> str:
    return wristband(patients.identity(actor_of(khan), patient.pk))


class TestAScan:
    @pytest.mark.requirement("E3")
    def test_of_a_wristband_opens_its_patient_on_another_ward_for_thirty_days(self, khan, ward):
        patient = make_patient(ward="ED")
        answer = ward.post("/scan/", {"code": _band(khan, patient)})
        assert (answer.status_code, answer["Location"]) == (302, f"/patients/{patient.pk}/")
        until = CareRelationship.objects.get(person=khan.pk, patient=patient).until
        assert timedelta(days=29, hours=23) < until - clock.now() <= timedelta(days=30)
        assert ward.get(answer["Location"]).status_code == 200

    @pytest.mark.requirement("I2")
    @pytest.mark.parametrize("typed", ["9990000018", "999 000 0018", "0000018"])
    def test_of_typed_digits_finds_and_opens_nothing(self, ward, typed):
        patient = make_patient(ward="ED")
        answer = ward.post("/scan/", {"code": typed})
        assert answer["Location"] == f"/patients/{patient.pk}/"
        assert not CareRelationship.objects.exists()
        shown = ward.get(answer["Location"])
        assert shown.status_code == 403
        assert b"SAMPLE" not in shown.content

    def test_by_somebody_who_does_not_treat_opens_nothing(self):
        patient = make_patient(ward="ED")
        osei = make_person("osei", "B Osei", roles=[Role.IG_LEAD], wards=[])
        assert sign_in(Client(), osei).post("/scan/", {"code": _band(osei, patient)}).status_code == 302
        assert access.ground(actor_of(osei), patient.pk, now=clock.now()) is None

    def test_of_a_camera_leads_to_taking_it(self, ward):
        make_camera("CAM-07")
        assert ward.post("/scan/", {"code": "cam-07"})["Location"] == "/cameras/CAM-07/out/"

    def test_of_a_camera_that_is_out_leads_to_where_it_is(self, khan, ward):
        check_out(make_camera("CAM-07"), khan)
        assert ward.post("/scan/", {"code": "CAM-07"})["Location"] == "/cameras/CAM-07/"

    def test_of_a_slates_short_code_leads_to_its_visit(self, khan, ward):
        visit = make_visit(make_patient(), actor_of(khan))
        slate = make_slate(visit)
        assert ward.post("/scan/", {"code": code.short_code(slate.code)})["Location"] == f"/visits/{visit.pk}/slate/"

    def test_of_a_surname_goes_on_to_the_search_in_the_body_of_the_request(self, ward):
        make_patient()
        answer = ward.post("/scan/", {"code": "Sample"})
        assert (answer.status_code, answer["Location"]) == (307, "/patients/")
        assert b"SAMPLE, Test" in ward.post("/patients/", {"code": "Sample"}).content

    @pytest.mark.parametrize(
        ("typed", "says"),
        [
            (synthetic_number(77), "Nobody here has this number"),
            ("9990000019", "a digit is wrong"),
            ("ZZ-99", "Nothing here has this number or code"),
            ("", "Nothing was read"),
            ("0105012345678900", "drug label"),
        ],
    )
    def test_that_means_nothing_says_what_was_read_and_what_to_do(self, ward, typed, says):
        answer = ward.post("/scan/", {"code": typed})
        assert answer.status_code == 422
        assert says in answer.content.decode()

    def test_leaves_no_number_in_any_address(self, khan, ward):
        patient = make_patient()
        for text in (_band(khan, patient), "9990000018", "Sample"):
            assert not any(part in ward.post("/scan/", {"code": text})["Location"] for part in ("9990000018", "0000018", "ample"))


class TestHome:
    def test_names_the_patients_of_todays_visits_and_says_so_in_the_ledger(self, khan, ward):
        patient = make_patient()
        make_visit(patient, actor_of(khan))
        before = About.objects.filter(patient=patient.pk).count()
        assert b"SAMPLE, Test" in ward.get("/").content
        assert About.objects.filter(patient=patient.pk).count() == before + 1

    @pytest.mark.parametrize(("ago", "there"), [(timedelta(minutes=40), True), (timedelta(hours=13), False)])
    def test_keeps_the_patients_of_a_night_past_midnight(self, ago, there):
        with time_machine.travel(datetime(2026, 12, 2, 0, 20, tzinfo=UTC)):
            khan, patient = make_person(), make_patient()
            make_visit(patient, actor_of(khan), at=clock.now() - ago)
            ward = sign_in(Client(), khan)
            assert (b"SAMPLE, Test" in ward.get("/").content) == there
            assert ("of the visit at" in ward.get(f"/patients/{patient.pk}/").content.decode()) == there

    def test_names_the_patient_of_the_latest_visit_first(self, khan, ward):
        first, second = make_patient(), make_patient("EXAMPLE", "Ada", synthetic_number(50), "0000026")
        for minutes, patient in ((30, first), (20, second), (10, first)):
            make_visit(patient, actor_of(khan), at=clock.now() - timedelta(minutes=minutes))
        page = ward.get("/").content.decode()
        assert page.index("SAMPLE, Test") < page.index("EXAMPLE, ")

    @pytest.mark.requirement("E4")
    def test_names_a_patient_of_two_entries_once_after_they_were_found_to_be_one(self, khan, ward):
        known, nameless = make_patient(), make_patient("UNKNOWN", "Male 1", None, "T77")
        for minutes, patient in ((30, nameless), (10, known)):
            make_visit(patient, actor_of(khan), at=clock.now() - timedelta(minutes=minutes))
        merge_patients(by=actor_of(khan), patient_id=nameless.pk, into_id=known.pk, now=clock.now())
        today = ward.get("/").content.decode().partition("Your patients today")[2]
        assert today.count("<b>SAMPLE, Test</b>") == 1
        assert today.count(f"/patients/{known.pk}/") == 1

    def test_names_nobody_to_a_colleague(self, khan):
        make_visit(make_patient(), actor_of(khan))
        webb = make_person("webb", "Sr E Webb")
        assert b"SAMPLE" not in sign_in(Client(), webb).get("/").content

    @pytest.mark.requirement("B7")
    def test_shows_a_consent_that_is_owed(self, khan, ward):
        make_consent(make_patient(), actor_of(khan), who=WhoAgreed.BEST_INTERESTS)
        assert "Ask SAMPLE, Test about their photos" in ward.get("/").content.decode()

    def test_shows_the_camera_in_the_hands(self, khan, ward):
        check_out(make_camera("CAM-07"), khan)
        assert b"You have CAM-07" in ward.get("/").content

    def test_shows_pages_of_oversight_to_those_who_oversee(self, ward):
        osei = make_person("osei", "B Osei", roles=[Role.IG_LEAD], wards=[])
        assert b"Records opened by a reason" in sign_in(Client(), osei).get("/").content
        assert b"Records opened by a reason" not in ward.get("/").content

    @pytest.mark.goal("S4")
    def test_is_stored_nowhere(self, ward):
        assert ward.get("/")["Cache-Control"] == "private, no-store"

    def test_sends_somebody_who_is_not_signed_in_to_sign_in(self):
        assert Client().get("/")["Location"].startswith("/sign-in/")


def words(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


class TestForYou:
    def test_says_that_questions_wait_for_this_person_and_for_their_team_until_somebody_opens_them(self):
        shareable, opinion, lim = one_asked()
        ask(shareable, make_team("Burns", people=[lim]))
        asked = sign_in(Client(), lim)
        said = words(asked.get("/"))
        assert "1 question waits for you Nobody has opened it yet." in said
        assert "1 question waits for your team Nobody has opened it yet." in said
        open_it(opinion, lim)
        assert "waits for you Nobody" not in words(asked.get("/"))
        assert "Nothing waits for you." in words(sign_in(Client(), make_person("webb", "Sr E Webb")).get("/"))

    def test_says_that_an_answer_has_come(self):
        shareable, opinion, lim = one_asked()
        asker = sign_in(Client(), shareable.record.person)
        assert "to what you asked" not in words(asker.get("/"))
        answer(open_it(opinion, lim), lim)
        page = asker.get("/")
        assert "1 answer to what you asked It is in the record. Read it, and say so." in words(page)
        assert "/opinions/?box=asked" in page.content.decode()


class TestOnCallNow:
    NOON = datetime(2026, 12, 2, 12, 0, tzinfo=UTC)

    def test_says_per_team_who_until_when_and_which_number(self, ward):
        burns = make_team("Burns", phone="4321")
        with time_machine.travel(self.NOON, tick=False):
            make_shift(burns, make_person("lim", "Mr C Lim"), begins=self.NOON - timedelta(hours=4), ends=self.NOON + timedelta(hours=8))
            make_shift(burns, make_person("roy", "Ms D Roy"), Rank.SECOND, begins=self.NOON, ends=self.NOON + timedelta(days=1))
            said = words(sign_in(Client(), make_person("webb", "Sr E Webb")).get("/"))
        assert "On call now" in said
        assert "Mr C Lim, until 20:00. Ring 4321." in said
        assert "Roy" not in said

    def test_names_the_next_in_rank_where_nobody_is_first(self, ward):
        now = clock.now()
        make_shift(make_team("Burns"), make_person("roy", "Ms D Roy"), Rank.CONSULTANT, begins=now, ends=now + timedelta(days=1))
        assert "Ms D Roy (consultant), until" in words(ward.get("/"))

    def test_says_that_nobody_is_and_whom_to_ring(self, ward):
        make_team("Dermatology", phone="5511")
        assert "Nobody is on call: a question goes to the whole team. Ring 5511." in words(ward.get("/"))

    def test_is_not_there_where_no_team_is(self, ward):
        assert b"On call now" not in ward.get("/").content

    def test_offers_no_question_to_who_may_not_ask(self):
        team = make_team("Burns")
        osei = sign_in(Client(), make_person("osei", "B Osei", roles=[Role.IG_LEAD], wards=[]))
        page = osei.get("/").content.decode()
        assert "On call now" in page
        assert f"/ask/of/{team.pk}/" not in page
        assert osei.get(f"/ask/of/{team.pk}/").status_code == 403

    def test_asks_no_more_of_the_database_for_nine_teams_than_for_one(self, ward, django_assert_max_num_queries):
        make_team("Team 0", people=[make_person("p0", "Person 0")])
        ward.get("/")
        with django_assert_max_num_queries(1000) as one:
            ward.get("/")
        for number in range(1, 9):
            make_team(f"Team {number}", people=[make_person(f"p{number}", f"Person {number}")])
        with django_assert_max_num_queries(len(one)) as nine:
            page = ward.get("/")
        assert len(nine) == len(one)
        assert "3 more teams" in words(page)
        assert all(f"Person {number}, until" in words(page) for number in range(9))

    def test_a_team_leads_to_todays_photos_and_they_to_a_question_for_it(self):
        shareable = make_shareable(photos=2)
        team, other = make_team("Burns"), make_team("Plastics", phone="4400")
        khan, patient = sign_in(Client(), shareable.record.person), shareable.record.patient
        assert f"/ask/of/{team.pk}/" in khan.get("/").content.decode()
        page = khan.get(f"/ask/of/{team.pk}/")
        assert "SAMPLE, Test" in words(page)
        where = f"/ask/?patient={patient.pk}&amp;team={team.pk}"
        assert where in page.content.decode()
        asked = khan.get(where.replace("&amp;", "&")).content.decode()
        assert re.search(rf'value="{team.pk}"[^>]* checked', asked)
        assert not re.search(rf'value="{other.pk}"[^>]* checked', asked)

    def test_the_team_stays_chosen_through_the_covering(self, ward):
        record = make_record()
        [photo] = record.photos()
        make_team("Burns")
        team, khan = make_team("Plastics", phone="4400"), sign_in(Client(), record.person)
        posted = {"cover": "1", "who": str(team.pk), "question": "", "asking": str(uuid4())}
        on = khan.post(f"/ask/?photos={photo.pk}&team={team.pk}", posted)
        back = parse_qs(urlsplit(on["Location"]).query)["next"][0]
        assert re.search(rf'value="{team.pk}"[^>]* checked', khan.get(back).content.decode())

    def test_a_team_without_photos_of_today_says_where_to_begin(self, ward):
        team = make_team("Burns")
        assert "No photo of your patients today is in the record yet" in words(ward.get(f"/ask/of/{team.pk}/"))
