"""The form of one visit: what the patient agrees to, where and why, and with which camera.

Where and why are filled from the last visit or the ward, shown, and changeable. Of the consent nothing is filled.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django import forms

from safelight.consent.models import Consent, Purpose
from safelight.consent.web.forms import ConsentForm
from safelight.consent.wordings import Words
from safelight.custody.models import CheckOut
from safelight.photographs import visits
from safelight.photographs.models import EXEMPT, Chaperone, Fallback, Laterality, Recording
from safelight.photographs.sites import REASONS, SIDES, SITES, SiteSaid

ROWS: Final = 3
_SIDES = [(side.value, side.label) for side in SIDES]
_NAMES = [(site.code, site.name) for site in SITES.values()]
_FALLBACKS = [(each.value, each.label) for each in Fallback if each is not Fallback.PHOTOGRAPHER]
_CHAPERONES = [(each.value, each.label) for each in Chaperone if each is not Chaperone.NOT_ASKED]


@dataclass(frozen=True, slots=True)
class Usual:
    """Where and why, as it was last time or as it is on the ward. `taken_from` says which; `fallback` why no photographer takes them."""

    sites: tuple[SiteSaid, ...] = ()
    reason: str = ""
    taken_from: str = ""
    fallback: Fallback = Fallback.OWN_ROUTE


@dataclass(frozen=True, slots=True)
class Place:
    """One row of the form: a body site and its side."""

    number: int
    site: forms.BoundField
    side: forms.BoundField


class WhereForm(forms.Form):
    """Where, why and with which camera. `young`: the patient may be under 18, and an intimate photo needs its purpose in words."""

    cameras: Sequence[CheckOut]
    young: bool
    usually: Fallback
    why = forms.ChoiceField(
        label="Why?",
        choices=[("", "Choose why"), *((reason.code, reason.name) for reason in REASONS.values())],
        error_messages={"required": "Choose why the photos are needed"},
    )
    chaperone = forms.ChoiceField(label="Chaperone", choices=_CHAPERONES, required=False, widget=forms.RadioSelect)
    needed_for = forms.CharField(
        label="Under 18: why is this photo needed for their care?", required=False, max_length=1000, widget=forms.Textarea({"rows": 2})
    )
    fallback = forms.ChoiceField(label="Why not the medical photographer?", choices=_FALLBACKS, required=False)
    check_out = forms.UUIDField(label="Which camera?", required=False)

    def fill(self, *, usual: Usual, cameras: Sequence[CheckOut], young: bool) -> None:
        """Show where and why as usual, and the cameras in the person's hands."""
        self.cameras, self.young = cameras, young
        self.usually = self.initial["fallback"] = usual.fallback
        self.initial["why"] = usual.reason
        for number in range(1, ROWS + 1):
            before = usual.sites[number - 1] if number <= len(usual.sites) else SiteSaid("")
            site = forms.ChoiceField(label="Where?", choices=[("", "Choose where"), *_NAMES], required=False, initial=before.site)
            side = forms.ChoiceField(
                label="Which side?", choices=_SIDES, required=False, widget=forms.RadioSelect, initial=before.laterality
            )
            self.fields[f"site_{number}"], self.fields[f"side_{number}"] = site, side

    def places(self) -> Iterator[Place]:
        """The rows for body sites."""
        return (Place(number, self[f"site_{number}"], self[f"side_{number}"]) for number in range(1, ROWS + 1))

    def clean(self) -> None:
        """Errors stand at their fields."""
        super().clean()
        given = self.cleaned_data
        for number in range(1, ROWS + 1):
            site = SITES.get(given.get(f"site_{number}", ""))
            if site is None and number == 1:
                self.add_error("site_1", "Choose where on the body")
            if site is not None and site.sided and not given.get(f"side_{number}"):
                self.add_error(f"side_{number}", f"Choose the side: {site.name.lower()}")
        sites = self.sites()
        if len(set(sites)) != len(sites):
            self.add_error("site_1", "The same place is chosen twice")
        if visits.intimate(sites) and not given.get("chaperone"):
            self.add_error("chaperone", "Choose what was said about a chaperone")
        if visits.intimate(sites) and self.young and not str(given.get("needed_for", "")).strip():
            self.add_error("needed_for", "Write why this photo is needed for the care of this patient")
        if len(self.cameras) > 1 and given.get("check_out") is None:
            self.add_error("check_out", "Choose which camera you use")

    def sites(self) -> tuple[SiteSaid, ...]:
        """The body sites chosen; a site without sides has none, whatever was left chosen beside it."""
        chosen = [(SITES.get(self.cleaned_data.get(f"site_{number}", "")), number) for number in range(1, ROWS + 1)]
        return tuple(
            SiteSaid(site.code, Laterality(self.cleaned_data.get(f"side_{number}", "")) if site.sided else Laterality.NONE)
            for site, number in chosen
            if site is not None
        )

    def chaperone_said(self) -> Chaperone:
        """What became of the chaperone; nothing where no site is intimate."""
        return Chaperone(self.cleaned_data["chaperone"]) if visits.intimate(self.sites()) else Chaperone.NOT_ASKED

    def in_words(self) -> str:
        """The purpose in words, where one is asked for."""
        return str(self.cleaned_data["needed_for"]).strip() if visits.intimate(self.sites()) else ""

    def why_not_the_photographer(self) -> Fallback:
        """Why no medical photographer takes the photos; a photographer is not asked."""
        return self.usually if self.usually is Fallback.PHOTOGRAPHER else Fallback(self.cleaned_data["fallback"] or self.usually)

    def camera(self) -> UUID | None:
        """The check-out whose camera is used: the only one in the actor's hands, or the one chosen."""
        chosen: UUID | None = self.cleaned_data["check_out"]
        return chosen or next((out.pk for out in self.cameras), None)


class VisitForm(WhereForm, ConsentForm):
    """What the patient agrees to, then where, why and with which camera."""

    def __init__(
        self,
        data: object = None,
        *,
        words: Words,
        stands: Consent | None,
        agreed: frozenset[Purpose],
        usual: Usual,
        cameras: Sequence[CheckOut],
        young: bool,
    ) -> None:
        super().__init__(data, words=words, stands=stands, agreed=agreed)
        self.fill(usual=usual, cameras=cameras, young=young)


class ExemptForm(WhereForm):
    """One of the six kinds of recording that need no separate consent; for care alone (B10)."""

    recording = forms.ChoiceField(
        label="What is recorded?",
        choices=[(kind.value, kind.label) for kind in Recording if kind in EXEMPT],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is recorded"},
    )

    def __init__(self, data: Mapping[str, str] | None = None, *, usual: Usual, cameras: Sequence[CheckOut], young: bool) -> None:
        super().__init__(data)
        self.fill(usual=usual, cameras=cameras, young=young)
        self.fields["why"] = forms.ChoiceField(
            label="Why?",
            choices=[("", "Choose why"), *((one.code, one.name) for one in REASONS.values() if not one.teaching and not one.evidential)],
            error_messages={"required": "Choose why the recording is needed"},
        )
