"""What the pages of a card and of the tray say, asked as a signed-in person's browser asks."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.patients import make_patient
from tests.factories.sessions import Session, announce, sort, wipe
from tests.factories.staff import make_person, sign_in

from safelight.intake.models import Sorting
from safelight.kernel import clock
from safelight.kernel.actor import Role
from safelight.photographs.models import Photograph

pytestmark = pytest.mark.django_db


@pytest.fixture
def sample():
    return make_patient()


@pytest.fixture
def ward():
    return Session()


@pytest.fixture
def khan(ward):
    return sign_in(Client(), ward.person)


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())).replace("&#39;", "'")


def page(client, name, *where, **asked) -> str:
    return text(client.get(reverse(f"intake:{name}", args=where), asked))


def just_now(ward) -> Session:
    ward.now = clock.now() - timedelta(seconds=80)
    return ward


class TestTheReadingOfACard:
    def test_says_to_leave_the_card_in_while_photos_come(self, khan, ward, sample):
        just_now(ward).slate(sample)
        ward.photos(2)
        read_in = ward.put_in(only=2)
        said = khan.get(reverse("intake:progress", args=[read_in.pk]))
        assert "Leave the card in 2 of 3 photos copied." in text(said)
        assert b"/progress/" in said.content

    def test_says_that_nothing_is_lost_when_the_card_came_out(self, khan, ward, sample):
        ward.slate(sample)
        ward.photos(2)
        read_in = ward.put_in(only=2)
        assert "The card came out 2 of 3 photos are safe. Put it back: nothing is lost." in page(khan, "import", read_in.pk)

    @pytest.mark.requirement("D2")
    def test_says_when_the_card_is_empty_and_links_to_the_patient(self, khan, ward, sample):
        ward.slate(sample)
        ward.photos(2)
        read_in = ward.put_in()
        sort(read_in)
        wipe(read_in)
        said = khan.get(reverse("intake:import", args=[read_in.pk]))
        assert "You can take the card out 3 of 3 photos are safe in the record. The card is empty." in text(said)
        assert "SAMPLE, Test 2 photos in the record" in text(said)
        link = re.search(r"<a href=\"([^\"]+)\"\s+autofocus>Look at SAMPLE, Test", said.content.decode())
        assert link[1] == reverse("photographs:patient", args=[sample.pk])
        assert b"/progress/" not in said.content

    def test_says_that_photos_are_safe_only_when_the_receipt_is_out(self, khan, ward, sample):
        just_now(ward).slate(sample)
        ward.photos(2)
        read_in = ward.put_in()
        said = page(khan, "import", read_in.pk)
        assert "3 of 3 photos checked." in said
        assert "are safe" not in said

    def test_says_when_the_card_could_not_be_wiped(self, khan, ward, sample):
        ward.slate(sample)
        ward.photos()
        read_in = ward.put_in()
        sort(read_in)
        wipe(read_in, empty=False)
        assert "Photos are safe. The card could not be wiped" in page(khan, "import", read_in.pk)

    def test_names_no_patient_of_another_ward(self, ward, sample):
        ward.slate(sample)
        ward.photos(2)
        read_in = ward.put_in()
        sort(read_in)
        wipe(read_in)
        stranger = sign_in(Client(), make_person("stone", "Dr B Stone", wards=["EYES1"]))
        said = page(stranger, "import", read_in.pk)
        assert "SAMPLE" not in said
        assert "Another patient 2 photos in the record" in said

    def test_says_what_stays_on_the_card_and_why(self, khan, ward, sample):
        ward.slate(sample)
        bad = ward.photo()
        read_in = ward.put_in(left=(bad,))
        said = page(khan, "import", read_in.pk)
        assert "1 photo did not copy well. The card is kept" in said
        assert "1 file: The card gave different bytes each time it was read." in said

    @pytest.mark.requirement("D8")
    def test_says_that_a_photo_was_here_already(self, khan, ward, sample):
        ward.slate(sample)
        ward.photos()
        sort(ward.put_in())
        again = announce(ward.files, volume=ward.volume, at=ward.wait(minutes=1).now)
        assert "2 photos were here already. Not copied twice." in page(khan, "import", again.pk)

    def test_is_shown_by_itself_when_a_card_goes_in(self, khan, ward, sample):
        assert "Put a card in" in page(khan, "imports")
        just_now(ward).slate(sample)
        read_in = ward.put_in(only=0)
        went = khan.get(reverse("intake:newest"))
        assert went.headers["HX-Redirect"] == reverse("intake:import", args=[read_in.pk])
        assert khan.get(reverse("intake:imports")).headers["Location"] == reverse("intake:import", args=[read_in.pk])

    def test_asks_no_more_when_nobody_has_put_a_card_in_for_ten_minutes(self, khan):
        assert b"hx-get" not in khan.get(reverse("intake:newest"), {"looks": "600"}).content

    def test_tells_nothing_of_a_card_that_does_not_exist(self, khan):
        assert khan.get(reverse("intake:import", args=[uuid4()])).status_code == 404


class TestTheTray:
    @pytest.fixture
    def read_in(self, ward, sample):
        ward.slate(sample)
        ward.photos()
        ward.wait(minutes=4).photos(2)
        made = ward.put_in()
        sort(made)
        return made

    @pytest.fixture
    def rows(self, read_in):
        return list(Sorting.objects.filter(state="tray").order_by("position"))

    def photos(self, rows):
        return [str(row.frame_id) for row in rows]

    def test_says_why_and_what_to_do(self, khan, read_in):
        said = page(khan, "tray", read_in.pk)
        assert "2 photos wait. Whose are they?" in said
        assert "Three minutes or more lie between these photos and the one before" in said
        assert "They are SAMPLE, Test’s Somebody else’s Not a patient" in said

    def test_lists_the_cards_that_wait_for_this_person(self, khan, read_in):
        assert "Photos from CAM-07 2 photos" in page(khan, "waiting")
        nobody = sign_in(Client(), make_person("webb", "Sr E Webb"))
        assert "Nothing waits for you in the tray." in page(nobody, "waiting")

    def test_shows_thumbnails_under_a_permit_of_this_sign_in_only(self, khan, ward, read_in, rows):
        address = reverse("intake:thumb", args=[rows[0].frame_id])
        assert khan.get(address).status_code == 404
        page(khan, "tray", read_in.pk)
        got = khan.get(address)
        assert b"".join(got.streaming_content).startswith(b"\xff\xd8\xff")
        assert "no-store" in got.headers["Cache-Control"]
        assert sign_in(Client(), ward.person).get(address).status_code == 404

    def test_shows_one_photo_larger_under_a_permit_of_its_own(self, khan, read_in, rows):
        address = reverse("intake:preview", args=[rows[0].frame_id])
        page(khan, "tray", read_in.pk)
        assert khan.get(address).status_code == 404
        page(khan, "frame", rows[0].frame_id)
        assert b"".join(khan.get(address).streaming_content).startswith(b"\xff\xd8\xff")

    def test_shows_nothing_to_who_did_not_have_the_camera(self, read_in, rows):
        other = sign_in(Client(), make_person("webb", "Sr E Webb"))
        assert other.get(reverse("intake:tray", args=[read_in.pk])).status_code == 403
        assert other.get(reverse("intake:frame", args=[rows[0].frame_id])).status_code == 403

    @pytest.mark.requirement("E2")
    def test_files_when_number_and_birth_date_were_confirmed_beside_the_photos(self, khan, read_in, rows, sample):
        where = reverse("intake:to_patient", args=[read_in.pk, sample.pk])
        shown = text(khan.get(where, {"photos": self.photos(rows)}))
        assert "999 000 0018" in shown
        assert "1 Jan 1970" in shown
        said = {"photos": self.photos(rows), "visit": str(rows[0].behind_id)}
        assert "then tick that they are right" in text(khan.post(where, said))
        assert Photograph.objects.count() == 1
        done = khan.post(where, said | {"confirmed": "on"})
        assert done.status_code == 302
        assert Photograph.objects.filter(patient=sample).count() == 3

    @pytest.mark.requirement("E2")
    def test_a_number_of_the_wrong_patient_is_seen_before_anything_is_filed(self, khan, read_in, rows):
        make_patient("MODEL", "Cara", "9990000026", "0000026")
        where = reverse("intake:find", args=[read_in.pk]) + "?" + "&".join(f"photos={one}" for one in self.photos(rows))
        found = khan.post(where, {"who": "999 000 0026", "photos": self.photos(rows)})
        assert "MODEL, Cara" in text(found)
        assert "9990000026" not in " ".join(re.findall(r'(?:href|action)="([^"]+)"', found.content.decode()))
        assert Photograph.objects.count() == 1

    def test_names_nobody_whom_this_person_may_not_see(self, khan, read_in, rows):
        far = make_patient("MODEL", "Cara", "9990000026", "0000026", ward="EYES1")
        found = khan.post(reverse("intake:find", args=[read_in.pk]), {"who": "9990000026", "photos": self.photos(rows)})
        assert "MODEL" not in text(found)
        assert "A patient whom you do not look after" in text(found)
        there = khan.get(reverse("intake:to_patient", args=[read_in.pk, far.pk]), {"photos": self.photos(rows)})
        assert there.status_code == 403
        assert "MODEL" not in text(there)

    def test_asks_for_a_consent_where_none_stands(self, khan, read_in, rows):
        other = make_patient("MODEL", "Cara", "9990000026", "0000026")
        said = text(khan.get(reverse("intake:to_patient", args=[read_in.pk, other.pk]), {"photos": self.photos(rows)}))
        assert "No consent to photos stands for this patient." in said
        assert "The photos wait until then." in said

    def test_tells_the_second_of_two_people(self, khan, read_in, rows, sample):
        where = reverse("intake:to_patient", args=[read_in.pk, sample.pk])
        said = {"photos": self.photos(rows), "visit": str(rows[0].behind_id), "confirmed": "on"}
        lead = sign_in(Client(), make_person("cole", "Mr D Cole", roles=[Role.IG_LEAD, Role.CLINICIAN]))
        assert khan.post(where, said).status_code == 302
        late = lead.post(where, said)
        assert late.status_code == 409
        assert "Somebody else has decided about one of these photos" in text(late)
        assert Photograph.objects.count() == 3

    def test_sets_aside_what_shows_no_patient_and_puts_it_back(self, khan, read_in, rows):
        where = reverse("intake:aside", args=[read_in.pk])
        assert "Choose what they show." in text(khan.post(where, {"photos": self.photos(rows[:1])}))
        assert khan.post(where, {"photos": self.photos(rows[:1]), "why": "nobody"}).status_code == 302
        assert "Set aside: not a patient" in page(khan, "tray", read_in.pk)
        khan.post(reverse("intake:back", args=[read_in.pk]), {"photos": self.photos(rows[:1])})
        assert {row.state for row in Sorting.objects.filter(pk__in=[row.pk for row in rows])} == {"tray"}

    def test_asks_for_at_least_one_photo(self, khan, read_in):
        assert khan.get(reverse("intake:find", args=[read_in.pk])).status_code == 409
