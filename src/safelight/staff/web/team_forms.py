"""What the pages of teams and their rota ask for."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django import forms
from django.utils import timezone

from safelight.staff.models import Person, Rank, Shift, Team, Ward
from safelight.staff.said import ShiftSaid, TeamSaid

RANKS = {Rank.FIRST: "First on call", Rank.SECOND: "Next on call", Rank.CONSULTANT: "Consultant"}
HOURS = ["%H:%M", "%H.%M", "%H", "%H%M"]


class _Hour(forms.TimeInput):
    """A time as wards write it, 08:00 or 0800: typed, for a picker would ask some browsers' am and pm."""

    def __init__(self, *, format: str) -> None:  # noqa: A002 - Django's name
        super().__init__(attrs={"class": "nhsuk-input--width-5", "inputmode": "numeric", "autocomplete": "off"}, format=format)


class _HourField(forms.TimeField):
    """08:00, 8.00, 0800 or 8. Three figures are refused: 200 may be two in the morning or eight in the evening."""

    def __init__(self, *, label: str, help_text: str = "") -> None:
        super().__init__(label=label, help_text=help_text, input_formats=HOURS, widget=_Hour(format="%H:%M"))
        self.error_messages["invalid"] = self.error_messages["required"] = "Enter a time such as 08:00 or 20:30"

    def to_python(self, value: str | time | None) -> time | None:
        text = value.strip() if isinstance(value, str) else ""
        return super().to_python("?" if text.isdigit() and len(text) == 3 else value)  # noqa: PLR2004 - an extension has three digits


class TeamForm(forms.Form):
    name = forms.CharField(
        label="Name", help_text="For example: Burns on call.", max_length=80, error_messages={"required": "Enter the team's name"}
    )
    phone = forms.CharField(
        label="Number that reaches the team at any hour",
        help_text="It stands on every urgent page. Ring it once to be sure.",
        max_length=40,
        error_messages={"required": "Enter the number that reaches the team at any hour"},
        widget=forms.TextInput(attrs={"class": "nhsuk-input--width-10", "inputmode": "tel"}),
    )
    lead = forms.ChoiceField(label="Lead, who looks after the rota", required=False)
    people = forms.MultipleChoiceField(label="Who belongs to it", required=False, widget=forms.CheckboxSelectMultiple)
    wards = forms.MultipleChoiceField(label="Wards that it is first for (optional)", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *given: object, people: Iterable[Person], wards: Iterable[Ward], leads: bool, **more: object) -> None:
        super().__init__(*given, **more)  # type: ignore[arg-type]  # Django's forms take what they are given
        named = [(str(one.pk), one.name) for one in people if one.is_active]
        self.fields["people"].choices = named  # type: ignore[attr-defined]  # Django's fields have no type of their choices
        self.fields["wards"].choices = [(ward.code, f"{ward.code}, {ward.name}") for ward in wards]  # type: ignore[attr-defined]  # Django's fields have no type of their choices
        if leads:
            self.fields["lead"].choices = [("", "Nobody yet"), *named]  # type: ignore[attr-defined]  # Django's fields have no type of their choices
        else:
            del self.fields["lead"]

    def said(self, *, lead: UUID | None = None) -> TeamSaid:
        """What the form says. `lead` stands where the form does not ask for it."""
        data = self.cleaned_data
        chosen = UUID(data["lead"]) if data.get("lead") else None
        return TeamSaid(
            name=data["name"],
            phone=data["phone"],
            lead=chosen if "lead" in self.fields else lead,
            people=frozenset(UUID(one) for one in data["people"]),
            wards=frozenset(data["wards"]),
        )

    @staticmethod
    def of(team: Team) -> dict[str, object]:
        """What the form starts with for a team."""
        return {
            "name": team.name,
            "phone": team.phone,
            "lead": str(team.lead_id or ""),
            "people": [str(one.pk) for one in team.people.all()],
            "wards": [ward.code for ward in team.wards.all()],
        }


class ShiftForm(forms.Form):
    """Who is on call, as what, and when. Days are chosen by name: a date typed in figures reads otherwise in other countries."""

    person = forms.ChoiceField(label="Who", error_messages={"required": "Choose who is on call"})
    rank = forms.ChoiceField(label="As", choices=RANKS.items())
    day = forms.ChoiceField(label="Day")
    begins = _HourField(label="From")
    ends = _HourField(label="Until")
    last_day = forms.ChoiceField(label="Until which day", help_text="Only for more than 24 hours.", required=False)

    def __init__(self, *given: object, people: Iterable[Person], days: Iterable[date], **more: object) -> None:
        super().__init__(*given, **more)  # type: ignore[arg-type]  # Django's forms take what they are given
        named = [(one.isoformat(), f"{one:%a} {one.day} {one:%b}") for one in days]
        choices = [("", "Choose"), *((str(one.pk), one.name) for one in people if one.is_active)]
        self.fields["person"].choices = choices  # type: ignore[attr-defined]  # Django's fields have no type of their choices
        self.fields["day"].choices = named  # type: ignore[attr-defined]  # Django's fields have no type of their choices
        self.fields["last_day"].choices = [("", "The next time it is that hour"), *named]  # type: ignore[attr-defined]  # Django's fields have no type of their choices

    def said(self) -> ShiftSaid:
        """What the form says, as a value, in the hospital's time."""
        data = self.cleaned_data
        first = date.fromisoformat(data["day"])
        last = date.fromisoformat(data["last_day"]) if data["last_day"] else first + timedelta(days=data["ends"] <= data["begins"])
        return ShiftSaid(
            person=UUID(data["person"]),
            rank=Rank(data["rank"]),
            begins=timezone.make_aware(datetime.combine(first, data["begins"])),
            ends=timezone.make_aware(datetime.combine(last, data["ends"])),
        )

    @staticmethod
    def of(shift: Shift) -> dict[str, object]:
        """What the form starts with for a shift."""
        begins, ends = timezone.localtime(shift.begins), timezone.localtime(shift.ends)
        long = ends.replace(tzinfo=None) - begins.replace(tzinfo=None) > timedelta(days=1)
        return {
            "person": str(shift.person_id),
            "rank": shift.rank,
            "day": begins.date().isoformat(),
            "begins": begins.time(),
            "ends": ends.time(),
            "last_day": ends.date().isoformat() if long else "",
        }


class SwapForm(forms.Form):
    other = forms.ChoiceField(label="Swap with", error_messages={"required": "Choose the shift to swap with"})

    def __init__(self, *given: object, others: Iterable[tuple[UUID, str]], **more: object) -> None:
        super().__init__(*given, **more)  # type: ignore[arg-type]  # Django's forms take what they are given
        self.fields["other"].choices = [("", "Choose a shift"), *((str(pk), words) for pk, words in others)]  # type: ignore[attr-defined]  # Django's fields have no type of their choices
