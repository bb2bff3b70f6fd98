"""The words that come with Safelight. Never changed once released: another text is another version with another date."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from safelight.consent.languages import LANGUAGES, direction
from safelight.consent.models import Purpose, Wording
from safelight.kernel.actor import OPERATOR


@dataclass(frozen=True, slots=True)
class Question:
    """One purpose as it is asked; `hint` says in two or three words what it means."""

    ask: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a patient is told, and asked for each purpose, in one language. Reading age about nine."""

    id: UUID
    language: str
    version: int
    made_at: datetime
    say: str
    questions: tuple[Question, ...]

    @property
    def language_name(self) -> str:
        """The language in English."""
        return LANGUAGES.get(self.language, self.language)

    @property
    def direction(self) -> str:
        """Which way it is written, as HTML says it."""
        return direction(self.language)

    def of(self, purpose: Purpose) -> Question:
        """How a purpose is asked."""
        return self.questions[purpose - 1]

    def row(self) -> Wording:
        """The row that keeps these words for good."""
        return Wording(
            id=self.id,
            version=self.version,
            language=self.language,
            say=self.say,
            questions=[{"ask": question.ask, "hint": question.hint} for question in self.questions],
            made_at=self.made_at,
            made_by=OPERATOR.id,
        )


def words_of(row: Wording) -> Words:
    """The words that a row keeps."""
    questions = tuple(Question(ask=str(each["ask"]), hint=str(each["hint"])) for each in row.questions)
    return Words(id=row.pk, language=row.language, version=row.version, made_at=row.made_at, say=row.say, questions=questions)


ENGLISH_1: Final = Words(
    id=UUID("5af11e7a-0001-4e00-8000-000000000001"),
    language="en",
    version=1,
    made_at=datetime(2026, 11, 24, tzinfo=UTC),
    say=(
        "I would like to take photos so that the team can see how this heals. They stay in your record, like an X-ray."
        " May I also show them to another doctor or nurse for advice?"
        " You can say no, or change your mind later. Your care stays the same."
    ),
    questions=(
        Question("Take photos, keep them in the record", "Like an X-ray"),
        Question("Show them to staff here for advice on this care"),
        Question("Show them to named staff at another hospital", "For advice"),
        Question("Teach staff and students here", "Face hidden"),
        Question("Be asked later about publication"),
    ),
)
SHIPPED: Final = (ENGLISH_1,)
