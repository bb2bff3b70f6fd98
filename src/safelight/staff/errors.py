"""Refusals of sign-in and of the register of people."""

from safelight.kernel.errors import Refusal


class NotThem(Refusal):
    """Who they are was not shown: unknown name, wrong password, wrong or used code, wrong passkey, no longer working here."""

    code = "staff.not_them"
    says = "That did not fit. Check the user name, the password and the code, and try again."
    status = 403


class TooManyTries(Refusal):
    """An account was guessed at from one network. The wait grows, and ends by itself."""

    code = "staff.too_many_tries"
    says = "Too many tries did not fit. Wait a little before the next one."
    status = 429

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(seconds)


class ProofNeeded(Refusal):
    """What is asked for needs a factor shown within the last minutes."""

    code = "staff.proof_needed"
    says = "Show who you are once more: this needs a passkey, or password and code, from the last five minutes."
    status = 403


class NotForYou(Refusal):
    """The actor's role does not do this."""

    code = "staff.not_for_you"
    says = "Your account is not for this. Ask an administrator."
    status = 403


class NameTaken(Refusal):
    """Somebody has this user name, or had it: names are never given to another person."""

    code = "staff.name_taken"
    says = "Somebody has this user name already. Choose another."
    status = 409


class InvitationNotGood(Refusal):
    """The secret is unknown, was used, or is older than a day."""

    code = "staff.invitation_not_good"
    says = "This invitation is not good any more. It works once, for 24 hours. Ask an administrator for a new one."
    status = 410


class LastFactor(Refusal):
    """Without it the person could not sign in any more."""

    code = "staff.last_factor"
    says = "This is your last way to prove who you are. Add another one first."
    status = 409


class NotYourself(Refusal):
    """An administrator does not shut themselves out."""

    code = "staff.not_yourself"
    says = "You cannot do this to your own account. Ask another administrator."
    status = 409


class TwoPeopleNeeded(Refusal):
    """A second person, who is neither the one who acts nor the one it is about, has to sign (ASVS 2.3.5, 6.4.4)."""

    code = "staff.two_people_needed"
    says = "This takes two people. A second person, who works here, signs below."
    status = 409


class UnknownWard(Refusal):
    """A code that no ward has."""

    code = "staff.unknown_ward"
    says = "There is no such ward. Choose from the list."
    status = 422


class WardTaken(Refusal):
    """A ward has this code."""

    code = "staff.ward_taken"
    says = "A ward has this code already. Choose another, or change that ward."
    status = 409


class TeamTaken(Refusal):
    """A team has this name."""

    code = "staff.team_taken"
    says = "A team has this name already. Choose another, or change that team."
    status = 409


class PhoneNeeded(Refusal):
    """A team is asked urgently only where it can be rung as well."""

    code = "staff.phone_needed"
    says = "Enter the number that reaches the team at any hour: it stands on every urgent page."
    status = 422


class NotYourRota(Refusal):
    """Only the team's lead or an administrator changes its rota."""

    code = "staff.not_your_rota"
    says = "Only the team's lead or an administrator changes this rota. Ask one of them."
    status = 403


class UnknownPerson(Refusal):
    """Somebody who does not work here, or no more."""

    code = "staff.unknown_person"
    says = "That person does not work here. Choose from the list."
    status = 422


class ShiftTooLong(Refusal):
    """It ends before it begins, or lasts more than a week: a slip of the hand."""

    code = "staff.shift_too_long"
    says = "A shift ends after it begins, and within a week. Check both days and times."
    status = 422


class ShiftMeets(Refusal):
    """Somebody has a shift of this rank in this time: with two, nobody would know who is asked."""

    code = "staff.shift_meets"
    says = "Somebody is on call at this level in that time already. Change that shift first, or swap."
    status = 409


class ShiftOver(Refusal):
    """What was worked stays as it was: it says who was asked."""

    code = "staff.shift_over"
    says = "This shift is over. It stays on the rota as it was."
    status = 409


class SecondNotForKeys(Refusal):
    """Keys are agreed to by those who answer for them."""

    code = "staff.second_not_for_keys"
    says = "The second person for keys is another administrator or the IG lead. Nothing was agreed. Ask one of them to sign below."
    status = 409


class NotAgreed(Refusal):
    """No two people agreed to this, or too long ago, or one of them works here no more; or it was done already (ASVS 2.3.5)."""

    code = "staff.not_agreed"
    says = (
        "This takes two people, and no agreement for it is good now. Nothing was changed. An administrator and a second administrator or "
        "the IG lead agree in Safelight under Settings, Keys; then run the command again within four hours."
    )
    status = 409
