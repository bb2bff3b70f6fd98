from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from safelight.audit.action import action, state
from safelight.consent import queries, rules
from safelight.consent.errors import ChangedMeanwhile, NotYourWords, WordsNotWhole
from safelight.consent.facts import WordingAdded
from safelight.consent.languages import LANGUAGES
from safelight.consent.models import Purpose, Wording
from safelight.consent.wordings import Question
from safelight.kernel.actor import Actor


@action
def add_wording(*, by: Actor, language: str, say: str, questions: tuple[Question, ...], now: datetime, new_id: UUID) -> Wording:
    """Add a text that patients are told and asked, as the next version of its language. No text is ever changed.

    1. An administrator adds texts.
    2. The text is whole: a known language, what is said first, and a question for each purpose.
    3. Two who add at once do not both become the same version.
    """
    if not rules.may_word(by):  # (1)
        raise NotYourWords
    if language not in LANGUAGES or not say.strip() or len(questions) != len(Purpose) or not all(each.ask.strip() for each in questions):
        raise WordsNotWhole  # (2)
    version = max((text.version for text in queries.every_words(by) if text.language == language), default=0) + 1
    try:
        with transaction.atomic():  # (3)
            made = Wording.objects.create(
                id=new_id,
                version=version,
                language=language,
                say=say.strip(),
                questions=[{"ask": each.ask.strip(), "hint": each.hint.strip()} for each in questions],
                made_at=now,
                made_by=by.id,
            )
    except IntegrityError:
        raise ChangedMeanwhile(language) from None
    state(WordingAdded(wording=new_id, language=language, version=version))
    return made
