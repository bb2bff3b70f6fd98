"""What can be wrong with a decision about stuck work."""

from safelight.kernel.errors import Refusal


class NotYours(Refusal):
    """Stuck work is for the administrator and the IG lead."""

    code = "outbox.not_yours"
    says = "The administrator and the IG lead decide about this."


class SayWhy(Refusal):
    """Work is given up with a reason."""

    code = "outbox.say_why"
    says = "Say why this can be given up. Nothing was changed."
    status = 422


class SettledAlready(Refusal):
    """Somebody else decided first."""

    code = "outbox.settled_already"
    says = "Somebody has decided about this already. Look at the list again."
    status = 409
