"""Refusals and damage of custody."""

from safelight.kernel.errors import Damage, Refusal


class NotYetVerified(Refusal):
    """Some frames have not come to rest, so the card must stay as it is."""

    code = "custody.not_yet_verified"
    says = "Some photos are still being checked. Leave the card in."
    status = 409


class HeldForEvidence(Refusal):
    """The card may hold evidence: a named person releases it, no machine does."""

    code = "custody.held_for_evidence"
    says = "These photos may be evidence. The card stays as it is until a named person releases it."
    status = 409


class OtherBytes(Refusal):
    """What came has another digest than what was announced."""

    code = "custody.other_bytes"
    says = "The card gave other bytes the second time. It is read again."
    status = 422


class NotAPhoto(Refusal):
    """The first bytes are not those of the kind that was announced."""

    code = "custody.not_a_photo"
    says = "The file is named like a photo and is none. It stays on the card."
    status = 415


class FrameTooLarge(Refusal):
    """The file is larger than its kind may be."""

    code = "custody.frame_too_large"
    says = "The file is larger than Safelight takes. It stays on the card."
    status = 413


class Malformed(Refusal):
    """The station sent something that is not of the format."""

    code = "custody.malformed"
    says = "The station sent something that was not understood. Nothing was changed."
    status = 400


class UnknownStation(Refusal):
    """The credential is missing, wrong or revoked."""

    code = "custody.unknown_station"
    says = "This station is not enrolled, or was taken off the list."
    status = 401


class NotInTheClear(Refusal):
    """The request came over a network without TLS."""

    code = "custody.not_in_the_clear"
    says = "Stations speak to Safelight over https only. Whatever was sent without it should be taken off the list and made anew."
    status = 403


class CodeNotGood(Refusal):
    """The enrolment code is wrong, used or too old."""

    code = "custody.code_not_good"
    says = "This code is not good. Codes work once and for ten minutes: make a new one."
    status = 403


class CopyDamaged(Damage):
    """The stored copy of a frame is not what the card held. The frame stays on the card."""

    code = "custody.copy_damaged"
    says = "A stored copy is damaged. Its photo stays on the card. The people who look after the system have been told."


class CardNotEmpty(Refusal):
    """The camera's card still holds photos: they would get into the next patient's hands."""

    code = "custody.card_not_empty"
    says = "The card of this camera still has photos. Import them first."
    status = 409


class CameraTaken(Refusal):
    """Somebody was first."""

    code = "custody.camera_taken"
    says = "Somebody else has this camera now."
    status = 409


class ReasonNeeded(Refusal):
    """A rule stands against it; it can be set aside by giving a reason, which the IG lead sees."""

    code = "custody.reason_needed"
    says = "Something is not as it should be. Give a reason and go on: the reason is recorded and the IG lead sees it."
    status = 409

    def __init__(self, *rules: str) -> None:
        self.rules = rules
        super().__init__(*rules)


class SecondSignatureNeeded(Refusal):
    """The cabinet asks for two people."""

    code = "custody.second_signature_needed"
    says = "This cabinet asks for two signatures. A second person signs here."
    status = 409


class NotForYou(Refusal):
    """The actor's role does not do this."""

    code = "custody.not_for_you"
    says = "Your account is not for this. Ask an administrator or the medical photographer."
    status = 403


class NoCard(Refusal):
    """No card that could take a photo is registered with the camera: each is lost, held or retired."""

    code = "custody.no_card"
    says = "No card is on the register for this camera. The medical photographer or an administrator gives it one."
    status = 409


class NotInUse(Refusal):
    """The camera is faulty, lost or retired."""

    code = "custody.not_in_use"
    says = "This camera is not in use. Take another one."
    status = 409


class DueTooLate(Refusal):
    """The time of return is past, or further away than a camera may be out."""

    code = "custody.due_too_late"
    says = "A camera comes back within 24 hours. Choose a time from now until then."
    status = 422


class SamePerson(Refusal):
    """Both signatures are of one person, or the second person's account is closed."""

    code = "custody.same_person"
    says = "The second signature must be another person's. Nothing was checked out. Ask a colleague to sign here."
    status = 409


class AlreadyRegistered(Refusal):
    """The code or the file system stands on the register already."""

    code = "custody.already_registered"
    says = "This code, or this card, is on the register already. Look for it there, or choose another code."
    status = 409


class SayWhy(Refusal):
    """What cannot be undone needs a reason in words."""

    code = "custody.say_why"
    says = "Say in a few words why. The reason is kept with your name."
    status = 422


class AlreadyDecided(Refusal):
    """Somebody has decided about this file."""

    code = "custody.already_decided"
    says = "Somebody has already decided about this file. Look at the page again."
    status = 409


class NotHeld(Refusal):
    """The card is not held as evidence, or was released by somebody else."""

    code = "custody.not_held"
    says = "This card is not held, or somebody else has released it."
    status = 409


class StillInUse(Refusal):
    """What is out, full or held stays on the register."""

    code = "custody.still_in_use"
    says = "It stays on the register for now: it is out, held, or has not been read and found empty."
    status = 409


class StillReading(Refusal):
    """A station is reading the card, or was a moment ago."""

    code = "custody.still_reading"
    says = "A station was still reading this card a moment ago. Leave the card in. If it is out, look again in two minutes."
    status = 409


class CameMeanwhile(Refusal):
    """Other photos are there than those that the person was shown."""

    code = "custody.came_meanwhile"
    says = "More photos have come since you opened the page. Nothing was changed. Look at it again, then decide."
    status = 409


class Settled(Refusal):
    """The card came back, or somebody has decided about its photos."""

    code = "custody.settled"
    says = "These photos wait no longer: their card has come back, or somebody else has decided. Nothing was changed by you."
    status = 409


class AskedAlready(Refusal):
    """Somebody wants these photos thrown away already: another person answers."""

    code = "custody.asked_already"
    says = "Somebody has already asked to throw these photos away. Another person agrees, or takes them into the tray."
    status = 409


class AnotherPersonAgrees(Refusal):
    """Who asked for photos to be thrown away cannot agree to it."""

    code = "custody.another_person_agrees"
    says = "You have asked for this yourself. Another person must agree: the medical photographer or an IG lead."
    status = 409


class MayBeEvidence(Refusal):
    """Photos that may be of a safeguarding or forensic sequence are kept, all of them (D5)."""

    code = "custody.may_be_evidence"
    says = "These photos may be evidence, so they are not thrown away. Take them into the tray: there the photographer sorts them."
    status = 409
