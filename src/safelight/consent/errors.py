"""Refusals of consent."""

from safelight.kernel.errors import Refusal


class NotYoursToAsk(Refusal):
    """Clinicians and photographers ask patients; other accounts do not."""

    code = "consent.not_yours_to_ask"
    says = "Your account does not record consents. A clinician or a photographer asks the patient."
    status = 403


class NotAllAnswered(Refusal):
    """Each of the five purposes has its own yes or no: none is taken for granted."""

    code = "consent.not_all_answered"
    says = "Say each question to the patient and choose yes or no. Nothing was saved."
    status = 422


class DetailMissing(Refusal):
    """What was said is not whole: a name, a view or a reason is missing. `missing` names it."""

    code = "consent.detail_missing"
    says = "Something is missing: a name, the child's own view, a signature or a reason. Nothing was saved."
    status = 422

    def __init__(self, *missing: str) -> None:
        self.missing = missing
        super().__init__(*missing)


class OnlyForCare(Refusal):
    """Nobody can decide about teaching or publication for a patient who cannot be asked (B7)."""

    code = "consent.only_for_care"
    says = "Only care can be decided in a patient's best interests. Teaching and publication wait until the patient can be asked."
    status = 422


class SaidNoWhileAble(Refusal):
    """The patient said no to this while they could decide. Best interests do not set that aside."""

    code = "consent.said_no_while_able"
    says = "The patient said no to this while they could decide. That no still counts."
    status = 409


class ChangedMeanwhile(Refusal):
    """Another consent was recorded or changed since the page was opened."""

    code = "consent.changed_meanwhile"
    says = "Somebody else has just recorded what this patient agrees to. Look at the page again: nothing was saved."
    status = 409


class UnknownWords(Refusal):
    """The words that were said are none of the texts that are kept."""

    code = "consent.unknown_words"
    says = "These words are not among the texts that are kept here. Load the page again and ask once more."
    status = 422


class NothingToWithdraw(Refusal):
    """None of the purposes chosen is agreed to any more."""

    code = "consent.nothing_to_withdraw"
    says = "Choose what the patient takes back. What you chose was not agreed to, or was taken back already."
    status = 409


class NotYourWords(Refusal):
    """The texts that patients are told are an administrator's to add to."""

    code = "consent.not_your_words"
    says = "Only an administrator adds texts for patients."
    status = 403


class WordsNotWhole(Refusal):
    """A text for patients lacks its language, what is said first, or one of the questions."""

    code = "consent.words_not_whole"
    says = "A text needs its language, what is said first, and a question for each of the five purposes. Nothing was saved."
    status = 422


class NotToBeAsked(Refusal):
    """Only a patient who agreed to be asked about publication is asked, while that consent stands (B5)."""

    code = "consent.not_to_be_asked"
    says = "This patient has not agreed to be asked about publication. Nothing was saved."
    status = 409


class PublicationNotNamed(Refusal):
    """A yes to publication is for one use that is named: which journal, book, page or talk (B5)."""

    code = "consent.publication_not_named"
    says = "Name the publication: which journal, book, web page or talk, and when. Nothing was saved."
    status = 422
