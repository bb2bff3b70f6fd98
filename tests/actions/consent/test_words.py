from datetime import UTC, datetime
from uuid import uuid4

import pytest
from tests.factories.consent import make_consent
from tests.factories.patients import make_patient
from tests.factories.staff import actor_of, make_person

from safelight.consent import queries
from safelight.consent.actions.add_wording import add_wording
from safelight.consent.errors import ChangedMeanwhile, NotYourWords, WordsNotWhole
from safelight.consent.models import Wording
from safelight.consent.wordings import ENGLISH_1, Question
from safelight.kernel.actor import Role

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
FIVE = tuple(Question(f"Pytanie {number}?", "") for number in range(1, 6))


@pytest.fixture
def keeper():
    return actor_of(make_person("keeper", roles=[Role.ADMINISTRATOR]))


def _add(by, *, language="pl", say="Chciałbym zrobić zdjęcia.", questions=FIVE):
    return add_wording(by=by, language=language, say=say, questions=questions, now=NINE, new_id=uuid4())


@pytest.mark.requirement("L3")
def test_a_new_text_is_the_next_version_of_its_language(keeper):
    assert [_add(keeper).version, _add(keeper).version, _add(keeper, language="en").version] == [1, 2, 2]


def test_the_newest_of_each_language_is_used_and_english_comes_first(keeper):
    _add(keeper)
    newest = _add(keeper)
    assert [text.id for text in queries.newest_words(keeper)] == [ENGLISH_1.id, newest.pk]


@pytest.mark.requirement("L3")
def test_a_consent_keeps_the_text_that_was_said(keeper):
    khan = actor_of(make_person())
    first = _add(keeper)
    made = make_consent(make_patient(), khan, wording=first.pk, at=NINE)
    _add(keeper, say="Inaczej.")
    assert queries.consent(khan, made.pk).wording.say == "Chciałbym zrobić zdjęcia."


@pytest.mark.parametrize(
    "lacking",
    [{"language": "tlh"}, {"say": "  "}, {"questions": FIVE[:4]}, {"questions": (*FIVE[:4], Question(" "))}],
)
def test_refuses_a_text_that_is_not_whole(keeper, lacking):
    with pytest.raises(WordsNotWhole):
        _add(keeper, **lacking)
    assert not Wording.objects.exists()


def test_refuses_who_is_no_administrator():
    with pytest.raises(NotYourWords):
        _add(actor_of(make_person()))


def test_two_who_add_at_once_do_not_both_become_one_version(keeper):
    new_id = uuid4()
    add_wording(by=keeper, language="pl", say="Raz.", questions=FIVE, now=NINE, new_id=new_id)
    with pytest.raises(ChangedMeanwhile):
        add_wording(by=keeper, language="pl", say="Dwa.", questions=FIVE, now=NINE, new_id=new_id)
    assert Wording.objects.get().say == "Raz."
