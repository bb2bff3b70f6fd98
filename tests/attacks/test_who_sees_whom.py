"""Who sees whom, attacked through the pages: other wards, other roles, unknown ids, old relationships, wrong clocks, forged forms."""

import re
from datetime import timedelta
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.factories.access import give_access
from tests.factories.patients import make_patient, synthetic_number
from tests.factories.staff import make_person, sign_in

from safelight.access.models import CareRelationship, Why
from safelight.audit.models import Entry
from safelight.kernel import clock
from safelight.kernel.actor import Role
from safelight.patients import lists
from safelight.patients.models import Patient
from safelight.staff.models import SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.goal("S1"), pytest.mark.requirement("I2")]

OF_THE_PATIENT = (
    b"SAMPLE",
    b"Sample",
    b"Test,",
    b"9990000018",
    b"999 000 0018",
    b"0000018",
    b"Jan 1970",
    b"1970-01-01",
    b"Lamp Street",
    b"BURNS2",
)
PAGES = ("/patients/{}/", "/patients/{}/change/", "/patients/{}/same-as/")


@pytest.fixture
def patient():
    return make_patient()


def client_of(username: str, *roles: Role, wards=("ED",), **how) -> Client:
    person = make_person(username, f"Dr {username}", list(roles) or [Role.CLINICIAN], list(wards))
    return sign_in(Client(**how), person)


def person_of(username: str):
    return make_person(username)


def says_nothing_of(patient, body: bytes) -> bool:
    """Whether a page names nothing of a patient but the pseudonym that was asked for, and the reader's own wards."""
    return not any(word in body for word in OF_THE_PATIENT)


def words_for(reason: str = "emergency", **more) -> dict[str, str]:
    return {"reason": reason, "words": "Burn, asked by ED", **more}


class TestAnotherWard:
    @pytest.mark.parametrize("address", PAGES)
    def test_gets_the_page_that_asks_why_and_nothing_of_the_patient(self, patient, address):
        answer = client_of("stranger").get(address.format(patient.pk))
        assert answer.status_code == 403
        assert b"You do not look after this patient" in answer.content
        assert says_nothing_of(patient, answer.content)

    @pytest.mark.parametrize("address", PAGES)
    def test_is_told_of_an_unknown_id_that_there_is_nothing(self, patient, address):
        one, other = (client_of("stranger").get(address.format(uuid4())) for _ in range(2))
        assert one.status_code == other.status_code == 404
        assert _without_ids(one.content) == _without_ids(other.content)

    def test_gets_the_same_page_whoever_the_patient_is(self, patient):
        other = make_patient("OTHER", "Ann", "9990000026", "X1", ward="BURNS2")
        one, two = (client_of("stranger").get(f"/patients/{each.pk}/").content for each in (patient, other))
        assert _without_ids(one) == _without_ids(two)

    def test_is_an_entry_that_somebody_was_refused(self, patient):
        client_of("stranger").get(f"/patients/{patient.pk}/")
        entry = Entry.objects.latest("seq")
        assert (entry.outcome, entry.actor) == ("refused", person_of("stranger").pk)
        assert entry.about.filter(patient=patient.pk).exists()

    @pytest.mark.parametrize("address", ["/patients/{}/change/", "/patients/{}/own-again/", "/patients/{}/same-as/{}/"])
    def test_changes_nothing_by_a_form_either(self, patient, address):
        before = Patient.objects.values().get(pk=patient.pk)
        other = make_patient("OTHER", "Ann", "9990000026", "X1", ward="ED")
        form = {"family": "TAKEN", "nhs_number": "", "hospital_number": "T1", "ward": "ED", "seen": patient.revision, "sure": "on"}
        answer = client_of("stranger").post(address.format(patient.pk, other.pk), form)
        assert answer.status_code in {403, 409}
        assert says_nothing_of(patient, answer.content)
        assert Patient.objects.values().get(pk=patient.pk) == before

    def test_is_not_shown_by_the_place_in_the_list_of_ones_wards(self, patient):
        answer = client_of("stranger").get(f"/patients/?after={patient.pk}")
        assert answer.status_code == 200
        assert says_nothing_of(patient, answer.content)


class TestAnotherRole:
    @pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.IG_LEAD])
    @pytest.mark.parametrize("address", PAGES)
    def test_on_the_patients_own_ward_sees_nothing(self, patient, role, address):
        answer = client_of("other", role, wards=["BURNS2"]).get(address.format(patient.pk))
        assert answer.status_code == 403
        assert says_nothing_of(patient, answer.content.replace(b"Dr other", b""))

    @pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.IG_LEAD])
    def test_finds_nobody(self, patient, role):
        client = client_of("other", role, wards=["BURNS2"])
        for answer in (
            client.get("/patients/"),
            client.post("/patients/", {"who": "sample"}),
            client.post("/patients/", {"who": "0000018"}),
        ):
            assert says_nothing_of(patient, answer.content)

    def test_of_an_administrator_opens_nothing_by_a_reason(self, patient):
        client = client_of("other", Role.ADMINISTRATOR, wards=["BURNS2"])
        assert client.post(f"/access/{patient.pk}/open/", words_for()).status_code == 403
        assert client.get(f"/patients/{patient.pk}/").status_code == 403
        assert not CareRelationship.objects.exists()

    def test_of_an_administrator_sees_nothing_by_an_old_relationship(self, patient):
        person = make_person("was", "Dr Was", wards=["ED"])
        give_access(person, patient)
        person.roles = [Role.ADMINISTRATOR.value]
        person.save(update_fields=["roles"])
        assert sign_in(Client(), person).get(f"/patients/{patient.pk}/").status_code == 403

    @pytest.mark.parametrize("role", [Role.CLINICIAN, Role.PHOTOGRAPHER, Role.ADMINISTRATOR])
    def test_does_not_read_or_review_the_ig_leads_list(self, patient, role):
        give_access(make_person("stranger", wards=["ED"]), patient, "break_glass")
        client, row = client_of("other", role), CareRelationship.objects.get()
        assert client.get("/governance/break-glass/").status_code == 403
        assert client.post(f"/governance/break-glass/{row.pk}/review/", {"verdict": "in_order"}).status_code == 403
        row.refresh_from_db()
        assert row.reviewed_at is None

    @pytest.mark.parametrize("role", [Role.CLINICIAN, Role.PHOTOGRAPHER, Role.IG_LEAD])
    def test_brings_in_no_list(self, role):
        raw = SimpleUploadedFile("a.csv", lists.TEMPLATE.encode(), "text/csv")
        assert client_of("other", role).post("/patients/bring-in/", {"file": raw}).status_code == 403
        assert not Patient.objects.exists()

    @pytest.mark.parametrize(
        "address", ["/patients/", "/patients/new/", "/patients/bring-in/", "/governance/break-glass/", *PAGES, "/access/{}/open/"]
    )
    def test_without_a_sign_in_sees_nothing(self, patient, address):
        for answer in (Client().get(address.format(patient.pk)), Client().post(address.format(patient.pk), words_for())):
            assert answer.status_code in {302, 403}
            assert says_nothing_of(patient, answer.content)
        assert not CareRelationship.objects.exists()


class TestTime:
    def test_a_relationship_that_ended_a_second_ago_opens_nothing(self, patient):
        client, person = client_of("stranger"), person_of("stranger")
        give_access(person, patient, at=clock.now() - timedelta(days=30, seconds=1))
        assert client.get(f"/patients/{patient.pk}/").status_code == 403

    def test_one_that_ends_in_a_minute_opens_still(self, patient):
        client, person = client_of("stranger"), person_of("stranger")
        give_access(person, patient, at=clock.now() - timedelta(days=30) + timedelta(minutes=1))
        assert client.get(f"/patients/{patient.pk}/").status_code == 200

    def test_a_clock_that_went_back_opens_nothing_and_lengthens_nothing(self, patient):
        client, person = client_of("stranger"), person_of("stranger")
        give_access(person, patient, "break_glass", at=clock.now() + timedelta(minutes=30))
        assert client.get(f"/patients/{patient.pk}/").status_code == 403

    def test_an_hour_after_a_reason_the_record_is_shut(self, patient):
        client, person = client_of("stranger"), person_of("stranger")
        give_access(person, patient, "break_glass", at=clock.now() - timedelta(minutes=59))
        assert client.get(f"/patients/{patient.pk}/").status_code == 200
        CareRelationship.objects.update(began_at=clock.now() - timedelta(minutes=60), until=clock.now())
        assert client.get(f"/patients/{patient.pk}/").status_code == 403

    def test_a_ward_taken_away_counts_at_the_next_request(self, patient):
        client = client_of("khan", wards=["BURNS2"])
        assert client.get(f"/patients/{patient.pk}/").status_code == 200
        person_of("khan").wards.clear()
        assert client.get(f"/patients/{patient.pk}/").status_code == 403


@pytest.mark.goal("S3")
class TestOpeningByAReason:
    def test_asks_for_a_fresh_proof_before_anything_is_typed(self, patient):
        client = client_of("stranger")
        SignIn.objects.update(proved_at=clock.now() - timedelta(minutes=5, seconds=1))
        answer = client.get(f"/access/{patient.pk}/open/")
        assert answer.status_code == 302
        assert answer["Location"] == f"/prove/?next={quote(f'/access/{patient.pk}/open/', safe='')}"

    def test_without_a_fresh_proof_opens_nothing_and_keeps_what_was_typed(self, patient):
        client = client_of("stranger")
        SignIn.objects.update(proved_at=clock.now() - timedelta(minutes=5, seconds=1))
        answer = client.post(f"/access/{patient.pk}/open/", words_for())
        assert answer.status_code == 422
        assert b"Burn, asked by ED" in answer.content
        assert says_nothing_of(patient, answer.content)
        assert not CareRelationship.objects.exists()

    def test_opens_for_reading_and_not_for_changing(self, patient):
        client = client_of("stranger")
        answer = client.post(f"/access/{patient.pk}/open/", words_for())
        assert (answer.status_code, answer["Location"]) == (302, f"/patients/{patient.pk}/")
        opened = client.get(answer["Location"])
        assert opened.status_code == 200
        assert b"SAMPLE" in opened.content
        assert client.get(f"/patients/{patient.pk}/change/").status_code == 403

    @pytest.mark.parametrize(
        "wanted",
        [
            "//evil.example",
            "https://evil.example/",
            "/\\evil.example",
            "\\\\evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "evil",
            "///x",
        ],
    )
    def test_leads_to_no_other_site_by_a_forged_next(self, patient, wanted):
        client = client_of("stranger")
        page = client.get(f"/access/{patient.pk}/open/", {"next": wanted})
        assert b"evil" not in page.content
        assert b"javascript:" not in page.content
        answer = client.post(f"/access/{patient.pk}/open/", words_for(next=wanted))
        assert answer.status_code == 302
        assert answer["Location"].startswith("/")
        assert not re.match(r"/[/\\]", answer["Location"])
        assert "evil" not in answer["Location"]

    def test_escapes_what_was_typed(self, patient):
        answer = client_of("stranger").post(f"/access/{patient.pk}/open/", {"words": "<script>alert(1)</script>", "next": '/"><script>'})
        assert answer.status_code == 422
        assert b"<script>alert" not in answer.content
        assert b'"><script>' not in answer.content

    @pytest.mark.parametrize(
        "form", [{}, {"reason": "emergency"}, {"words": "Burn"}, words_for("boredom"), words_for(words="  "), words_for(words="x" * 501)]
    )
    def test_without_a_listed_reason_and_words_opens_nothing(self, patient, form):
        assert client_of("stranger").post(f"/access/{patient.pk}/open/", form).status_code == 422
        assert not CareRelationship.objects.exists()

    def test_takes_no_other_field_of_the_row(self, patient):
        other = make_person("other", wards=["ED"])
        forged = words_for(
            person=str(other.pk), until="2099-01-01", why="scan", reviewed_by=str(other.pk), patient=str(uuid4()), verdict="in_order"
        )
        client_of("stranger").post(f"/access/{patient.pk}/open/", forged)
        row = CareRelationship.objects.get()
        assert (row.person, row.patient_id, row.why) == (person_of("stranger").pk, patient.pk, Why.BREAK_GLASS)
        assert (row.reviewed_by, row.verdict, row.until - row.began_at) == (None, "", timedelta(hours=1))

    def test_of_nobody_is_not_found(self):
        client = client_of("stranger")
        assert client.get(f"/access/{uuid4()}/open/").status_code == 404
        assert client.post(f"/access/{uuid4()}/open/", words_for()).status_code == 404
        assert client.post(f"/access/{uuid4()}/open/", {}).status_code == 404

    def test_wants_its_token(self, patient):
        client = client_of("stranger", enforce_csrf_checks=True)
        assert client.post(f"/access/{patient.pk}/open/", words_for()).status_code == 403
        assert not CareRelationship.objects.exists()

    def test_tells_the_ig_lead_at_once(self, patient):
        client_of("stranger").post(f"/access/{patient.pk}/open/", words_for())
        page = client_of("lead", Role.IG_LEAD).get("/governance/break-glass/")
        assert b"Dr stranger" in page.content
        assert b"Burn, asked by ED" in page.content
        assert b"SAMPLE" not in page.content


@pytest.mark.requirement("E3")
class TestTheScanBox:
    def test_opens_nothing_by_typed_digits(self, patient):
        client = client_of("stranger")
        for typed in ("9990000018", "999 000 0018", "0000018"):
            client.post("/scan/", {"code": typed})
        assert not CareRelationship.objects.exists()
        assert client.get(f"/patients/{patient.pk}/").status_code == 403

    def test_opens_by_a_band(self, patient):
        client = client_of("stranger")
        answer = client.post("/scan/", {"code": "]C09990000018"})
        assert answer["Location"] == f"/patients/{patient.pk}/"
        assert client.get(answer["Location"]).status_code == 200

    def test_opens_nothing_to_an_administrator_who_holds_the_scanner(self, patient):
        client = client_of("other", Role.ADMINISTRATOR)
        client.post("/scan/", {"code": "]C09990000018"})
        assert not CareRelationship.objects.exists()


@pytest.mark.asvs("14.2.1")
class TestAddresses:
    def test_hold_no_name_and_no_number(self, patient):
        client = client_of("khan", wards=["BURNS2"])
        pages = [client.get("/patients/"), client.post("/patients/", {"who": "sample"}), client.post("/patients/", {"who": "9990000018"})]
        pages += [client.get(address.format(patient.pk)) for address in PAGES]
        for page in pages:
            assert page.status_code == 200
            links = re.findall(rb'(?:href|src|action|hx-get)="([^"]*)"', page.content)
            assert not [link for link in links if any(word in link for word in OF_THE_PATIENT)]
            assert b'role="search"' not in page.content or b'method="post"' in page.content

    def test_are_never_made_by_a_search_in_one(self, patient):
        page = client_of("khan", wards=["BURNS2"]).get("/patients/?who=sample&code=9990000018")
        assert b"Found" not in page.content

    def test_are_not_kept_by_the_browser(self, patient):
        client = client_of("khan", wards=["BURNS2"])
        for page in (
            client.post("/patients/", {"who": "sample"}),
            client.get(f"/patients/{patient.pk}/change/"),
            client.get("/patients/new/"),
        ):
            assert "no-store" in page["Cache-Control"]


class TestFormsOfPatients:
    def test_take_no_other_field_of_the_row(self, patient):
        client = client_of("khan", wards=["BURNS2"])
        other = make_patient("OTHER", "Ann", "9990000026", "X1")
        form = {"family": "SAMPLE", "given": "New", "nhs_number": "9990000018", "ward": "BURNS2", "seen": patient.revision}
        forged = {
            "merged_into": str(other.pk),
            "source": "form",
            "confirmed": "person",
            "revision": "99",
            "id": str(uuid4()),
            "nhs_index": "00",
            "patient_id": str(other.pk),
        }
        assert client.post(f"/patients/{patient.pk}/change/", form | forged).status_code == 302
        row = Patient.objects.get(pk=patient.pk)
        assert (row.merged_into_id, row.source, row.confirmed) == (None, "list", "")  # one number is gone: unconfirmed
        assert bytes(row.nhs_index) == bytes(patient.nhs_index)

    @pytest.mark.asvs("2.2.1")
    @pytest.mark.parametrize(
        "wrong",
        [
            {"nhs_number": "9990000019"},
            {"nhs_number": "0101010028"},
            {"born": "1/1/2999"},
            {"family": ""},
            {"ward": "ED"},
            {"nhs_number": "", "hospital_number": ""},
        ],
    )
    def test_are_checked_on_the_server_and_keep_what_was_typed(self, wrong):
        client = client_of("khan", wards=["BURNS2"])
        form = {"family": "SAMPLE", "given": "Kept as typed", "born": "1 1 1970", "nhs_number": "9990000018", "ward": "BURNS2"} | wrong
        answer = client.post("/patients/new/", form)
        assert answer.status_code == 422
        assert b"Kept as typed" in answer.content
        assert not Patient.objects.exists()

    @pytest.mark.parametrize("family", ["<script>alert(1)</script>", '"><img src=x>', "{{7*7}}", "O'Brien & Sons"])
    def test_escape_names(self, family):
        client = client_of("khan", wards=["BURNS2"])
        answer = client.post("/patients/new/", {"family": family, "given": "A", "nhs_number": synthetic_number(3), "ward": "BURNS2"})
        assert answer.status_code == 302
        page = client.get("/patients/")
        assert page.status_code == 200
        assert b"<script>alert" not in page.content.lower()
        assert b"<img src=x>" not in page.content.lower()
        assert b">49," not in page.content

    def test_end_a_patient_in_another_only_when_both_were_compared(self, patient):
        client = client_of("khan", wards=["BURNS2"])
        other = make_patient("OTHER", "Ann", "9990000026", "X1")
        answer = client.post(f"/patients/{patient.pk}/same-as/{other.pk}/", {})
        assert answer.status_code == 422
        assert b"OTHER, Ann" in answer.content
        assert b"SAMPLE, Test" in answer.content
        assert Patient.objects.get(pk=patient.pk).merged_into is None


def _without_ids(page: bytes) -> bytes:
    """A page without what differs anyway: ids and the form token."""
    page = re.sub(rb'name="csrfmiddlewaretoken" value="[^"]*"', b"", page)
    return re.sub(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", b"", page)
