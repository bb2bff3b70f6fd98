"""Why a notice did not go out, and why a channel is not set up."""

from safelight.kernel.errors import Refusal, Unavailable


class NoticeRefused(Refusal):
    """Whoever carries notices refused this one for good."""

    code = "sharing.notice_refused"
    says = "The notice was refused. Nobody was told this way. Check the channel, or ring."
    status = 409


class ChannelGone(NoticeRefused):
    """The browser's subscription is over, or the address exists no more."""

    code = "sharing.channel_gone"
    says = "This channel exists no more. Remove it and set it up again."
    status = 410


class NoticeAway(Unavailable):
    """Whoever carries notices does not answer, or asks to wait."""

    code = "sharing.notice_away"
    says = "The notice could not be sent just now. It is tried again by itself. Ring if it cannot wait."


class AddressNotListed(Refusal):
    """The site sends to addresses that it has listed, and to no other: the list of ways out is closed."""

    code = "sharing.address_not_listed"
    says = "This address is not on the hospital's list for notices. The people who run Safelight add it there first."
    status = 422


class BadAddress(Refusal):
    """It is no address, or not an encrypted one."""

    code = "sharing.bad_address"
    says = "Enter a whole address that begins with https://."
    status = 422


class NotYourChannel(Refusal):
    """A person's channels are their own; a team's are its lead's and the administrators'."""

    code = "sharing.not_your_channel"
    says = "This is somebody else's channel. A team's lead or an administrator looks after the team's."
    status = 403


class ChannelThere(Refusal):
    """It was set up before."""

    code = "sharing.channel_there"
    says = "This was set up already. Nothing was changed."
    status = 409


class NoPushHere(Refusal):
    """The site has not switched on notices to browsers."""

    code = "sharing.no_push"
    says = "This hospital has not switched on notices to browsers."
    status = 409
