"""Refusals of opinions: asking, opening, answering, taking back."""

from datetime import datetime
from uuid import UUID

from safelight.kernel.errors import Refusal
from safelight.sharing.linter import Doubt


class NotYoursToAsk(Refusal):
    """Clinicians and photographers ask colleagues; other accounts do not."""

    code = "sharing.not_yours_to_ask"
    says = "Your account does not ask for opinions. A clinician or a photographer asks."
    status = 403


class UrgencyMissing(Refusal):
    """Nobody said how soon. A silent "routine" would lose an emergency."""

    code = "sharing.urgency_missing"
    says = "Choose how soon you need an answer. Nothing was sent."
    status = 422


class NobodyChosen(Refusal):
    """Nobody was chosen, the same team or person twice, oneself, or somebody who has left."""

    code = "sharing.nobody_chosen"
    says = "Choose who is asked: somebody else who works here, or a team, each once. Nothing was sent."
    status = 422


class QuestionMissing(Refusal):
    """There are no words."""

    code = "sharing.question_missing"
    says = "Write your question. Nothing was sent."
    status = 422


class NoPhotosChosen(Refusal):
    """There is nothing to show."""

    code = "sharing.no_photos_chosen"
    says = "Choose at least one photo, all of one patient. Nothing was sent."
    status = 422


class NotCovered(Refusal):
    """Some photos have no covered copy that may be shown. `photographs` are these."""

    code = "sharing.not_covered"
    says = "Some of these photos have no covered copy that may be shown now. Look at them once more. Nothing was sent."
    status = 409

    def __init__(self, *photographs: UUID) -> None:
        self.photographs = photographs
        super().__init__(*photographs)


class StaysHere(Refusal):
    """A picture that only staff here may see (F6) was to go to somebody elsewhere."""

    code = "sharing.stays_here"
    says = "One of these photos may be shown to colleagues here only. Nothing was sent."
    status = 409


class NoConsentToShare(Refusal):
    """The patient does not agree, or no longer, that these people see the photos (B2, B6, L2)."""

    code = "sharing.no_consent"
    says = "The patient has not agreed that photos are shown to this colleague, or does not agree any more. Ask the patient."
    status = 409


class LooksLikeIdentity(Refusal):
    """The question seems to say who the patient is. `doubts` say by what."""

    code = "sharing.looks_like_identity"
    says = "The question may say who the patient is. Change it, or say that it does not. Nothing was sent."
    status = 422

    def __init__(self, doubts: frozenset[Doubt]) -> None:
        self.doubts = doubts
        super().__init__(*sorted(doubts))


class TooLong(Refusal):
    """A share ends within 31 days."""

    code = "sharing.too_long"
    says = "A question can stay open for 31 days at most. Nothing was sent."
    status = 422


class AskedAlready(Refusal):
    """The form was sent before: this question waits already. `opinions` are those that were asked."""

    code = "sharing.asked_already"
    says = "This question was sent already. It was not sent twice."
    status = 409

    def __init__(self, *opinions: UUID) -> None:
        self.opinions = opinions
        super().__init__(*opinions)


class NoUrgentNotice(Refusal):
    """Whom nothing urgent reaches, a team or a person, cannot be asked urgently. `instead` says whom to ring."""

    code = "sharing.no_urgent_notice"
    says = "Nothing rings there for an urgent question. Ring them. Nothing was sent."
    status = 409

    def __init__(self, who: UUID, instead: str) -> None:
        self.instead = instead
        super().__init__(who)


class ProofTooOld(Refusal):
    """Asking somebody elsewhere needs a factor shown within the last five minutes."""

    code = "sharing.proof_too_old"
    says = "It is more than five minutes since you showed who you are. Show it once more to ask somebody elsewhere."
    status = 403


class OpinionOver(Refusal):
    """It was taken back, it expired, or it was closed. Nothing of it can be seen any more by those who were asked."""

    code = "sharing.opinion_over"
    says = "This question is closed. Ask the colleague who sent it if you still need it."
    status = 410

    def __init__(self, opinion: UUID, at: datetime | None = None) -> None:
        self.at = at
        super().__init__(opinion)


class NotOpenYet(Refusal):
    """It is held for some seconds, so that its sender can think again."""

    code = "sharing.not_open_yet"
    says = "This question has not been sent yet. Try again in half a minute."
    status = 409


class OpenedOften(Refusal):
    """It was opened as often as it may be."""

    code = "sharing.opened_often"
    says = "This question was opened as often as it may be. Ask the colleague who sent it to send it again."
    status = 410


class NothingSaid(Refusal):
    """An answer has neither a tap nor words."""

    code = "sharing.nothing_said"
    says = "Tap an answer or write one. Nothing was sent."
    status = 422


class MarkOutside(Refusal):
    """The mark is not on one of the photos that were shown."""

    code = "sharing.mark_outside"
    says = "The mark is not on the photo. Set it again. Nothing was sent."
    status = 422


class NotAnswered(Refusal):
    """There is no answer to have read, or it was read already."""

    code = "sharing.not_answered"
    says = "There is no answer here that you have not confirmed already."
    status = 409


class AnotherAnswer(Refusal):
    """An answer came that the page did not show when somebody confirmed that they had read it."""

    code = "sharing.another_answer"
    says = "Another answer has come since you opened this page. Nothing was confirmed. Read it, then confirm."
    status = 409


class TakenOnAlready(Refusal):
    """Somebody is on it."""

    code = "sharing.taken_on_already"
    says = "Somebody is on it already. Look at the page again."
    status = 409


class NoEmergencyLane(Refusal):
    """The site has not switched the emergency lane on."""

    code = "sharing.no_emergency_lane"
    says = "This hospital has not switched on the emergency lane. Ring the team."
    status = 403


class NobodyOnCall(Refusal):
    """Nobody is on call: there is nobody to let in."""

    code = "sharing.nobody_on_call"
    says = "Nobody is on call for this team now. Ring them. Nothing was opened."
    status = 409


class ReasonMissing(Refusal):
    """The emergency lane needs words that say why."""

    code = "sharing.reason_missing"
    says = "Say in a few words why this cannot wait. Nothing was opened."
    status = 422


class WhatToChangeMissing(Refusal):
    """Who asks for a better photo says what is to be different."""

    code = "sharing.what_to_change_missing"
    says = "Say what the next photo should show better. Nothing was sent."
    status = 422


class NumberNotConfirmed(Refusal):
    """The patient was typed in: until a wristband, the hospital's list or a look says whose number it is, nobody is asked (E6)."""

    code = "sharing.number_not_confirmed"
    says = "The patient's number is not confirmed. Scan the wristband on Home, or look the number up. Then ask. Ring if it cannot wait."
    status = 409


class StillOwed(Refusal):
    """The patient has not agreed to advice since the emergency call."""

    code = "sharing.still_owed"
    says = "The patient has not been asked yet, or said no. Ask and record it; where the patient says no, the IG lead closes this."
    status = 409
