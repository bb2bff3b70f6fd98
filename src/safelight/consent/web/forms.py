"""The form of one conversation about photos. Nothing is chosen beforehand: a ticked box would be a false record."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django import forms

from safelight.consent import rules
from safelight.consent.details import Detail, Details, Stroke, strokes_of
from safelight.consent.errors import ChangedMeanwhile
from safelight.consent.models import ChildsView, Consent, How, Purpose, WhoAgreed
from safelight.consent.said import Said, said
from safelight.consent.wordings import Question, Words

CARE_ONLY, SAME = "care", "same"
RECORD_AND_ADVICE: Final = frozenset({Purpose.TAKE_AND_KEEP, Purpose.ADVICE_HERE})
_HOWS = [(how.value, how.label) for how in How if how is not How.DECIDED]
_MISSING: Final = {
    Detail.NAME.value: "Write the name of the person who agreed",
    Detail.ASSESSOR.value: "Write who decided that the patient cannot be asked",
    Detail.REASON.value: "Write why the patient cannot be asked and why photos are in their interest",
    Detail.SIGNATURE.value: "Let them sign in the box, or type their name",
    "childs_view": "Choose what the child says",
    "how": "Choose how they said it",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One row of the form: a purpose, how it is asked, and its field."""

    purpose: Purpose
    question: Question
    field: forms.BoundField


def _text(label: str, *, most: int = 200, rows: int = 0) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, required=False, max_length=most, widget=widget)


class ConsentForm(forms.Form):
    """What the patient, or who speaks for them, says.

    `answer` is the button: all five as chosen, `care` for the record and advice here and nothing else, `same` for what stood before.
    """

    decides_from = rules.DECIDES_FROM
    answer = forms.CharField(required=False)
    who = forms.ChoiceField(label="Who agreed?", choices=WhoAgreed.choices, required=False, widget=forms.RadioSelect)
    how = forms.ChoiceField(label="How?", choices=_HOWS, required=False, widget=forms.RadioSelect)
    childs_view = forms.ChoiceField(label="The child", choices=ChildsView.choices, required=False, widget=forms.RadioSelect)
    name = _text("Their name")
    assessor = _text("Who decided that the patient cannot be asked?")
    reason = _text("Why they cannot be asked, and why photos are in their interest", most=1000, rows=2)
    signature = forms.CharField(required=False, max_length=400_000, widget=forms.HiddenInput)
    signed_name = _text("Or type the name")
    language = _text("Language")
    interpreter = _text("Interpreter's name")
    told_by = _text("Shown or read with (pictures, large print, sign language)", most=100)
    notes = _text("Notes of the talk", most=2000, rows=2)
    wording = forms.UUIDField(widget=forms.HiddenInput)
    shown = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(
        self, data: object = None, *, words: Words, stands: Consent | None = None, agreed: frozenset[Purpose] = frozenset()
    ) -> None:
        """`stands` is the consent that may stay the same, `agreed` what counts of it."""
        self.words, self.stands, self.agreed = words, stands, agreed
        self.strokes: tuple[Stroke, ...] = ()
        super().__init__(data, initial={"wording": words.id})  # type: ignore[arg-type]  # Django's data is any mapping
        for purpose in Purpose:
            choice = forms.ChoiceField(choices=[("yes", "Yes"), ("no", "No")], required=False, widget=forms.RadioSelect)
            choice.label = words.of(purpose).ask
            self.fields[_field(purpose)] = choice

    @property
    def as_shown(self) -> str:
        """Which consent may stay the same and what counts of it, as a page says it: only what was read to the patient is the same."""
        return f"{self.stands.pk}:{''.join(str(int(purpose)) for purpose in sorted(self.agreed))}" if self.stands else ""

    def rows(self) -> Iterator[Asked]:
        """The five purposes in order."""
        return (Asked(purpose, self.words.of(purpose), self[_field(purpose)]) for purpose in Purpose)

    def clean(self) -> None:
        """Errors stand at their fields, in the words of the rules."""
        answer = str(self.cleaned_data.get("answer", ""))
        if answer == SAME and (no := self._not_the_same()):
            self.add_error(None, no)
            return
        if answer not in {SAME, CARE_ONLY}:
            for purpose in Purpose:
                if not self.cleaned_data.get(_field(purpose)):
                    self.add_error(_field(purpose), f"Choose yes or no: {self.words.of(purpose).ask}")
        if answer != SAME and not self.cleaned_data.get("who"):
            self.add_error("who", "Choose who agreed")
        try:
            self.strokes = strokes_of(str(self.cleaned_data.get("signature", "")))
        except ValueError:
            self.add_error("signed_name", "The signature did not come through. Sign again, or type the name")
        if self.errors:
            return
        told = self._unsealed()
        for missing in rules.missing(told):
            self.add_error("signed_name" if missing == Detail.SIGNATURE else missing, _MISSING[missing])
        if rules.beyond_care(told):
            self.add_error(None, "Nobody can agree to teaching or publication for the patient. Choose no for both until they can be asked.")

    def _not_the_same(self) -> str:
        """Why nothing is still the same, in words, if so."""
        if self.stands is None:
            return "There is no earlier consent to stay the same. Ask each question."
        return "" if self.cleaned_data.get("shown") == self.as_shown else ChangedMeanwhile.says

    def said(self, consent_id: UUID, *, earlier: Details) -> Said:
        """What was said, sealed for the consent that it will be. `earlier` are the details of the consent that stays the same."""
        plain = self._unsealed()
        return said(
            consent_id,
            yes=plain.yes,
            no=plain.no,
            who=plain.who,
            how=plain.how,
            wording=plain.wording,
            childs_view=plain.childs_view,
            details=self._details(name=earlier.name if plain.same_as else ""),
            same_as=plain.same_as,
        )

    def _unsealed(self) -> Said:
        given = self.cleaned_data
        if given["answer"] == SAME and self.stands is not None:
            return _again(self.stands, self.agreed, wording=given["wording"])
        chosen = frozenset(purpose for purpose in Purpose if given[_field(purpose)] == "yes")
        yes = RECORD_AND_ADVICE if given["answer"] == CARE_ONLY else chosen
        who = WhoAgreed(given["who"])
        view = given["childs_view"] if who is WhoAgreed.PARENT else ""
        how = How.DECIDED if who is WhoAgreed.BEST_INTERESTS else How(given["how"]) if given["how"] else None
        return Said(
            yes=yes,
            no=frozenset(Purpose) - yes,
            who=who,
            # Without a choice it is taken for the one that does not fit, so that the rules ask for it.
            how=how or How.DECIDED,
            wording=given["wording"],
            childs_view=ChildsView(view) if view else None,
            given=self._details().given,
        )

    def _details(self, *, name: str = "") -> Details:
        given = self.cleaned_data
        who, how = given["who"], given["how"]
        speaks = who in {WhoAgreed.PARENT, WhoAgreed.ATTORNEY}
        decides = who == WhoAgreed.BEST_INTERESTS
        signed = how == How.SIGNED and not decides and given["answer"] != SAME
        return Details(
            name=name or (given["name"] if speaks else ""),
            assessor=given["assessor"] if decides else "",
            reason=given["reason"] if decides else "",
            signed_name=given["signed_name"] if signed else "",
            signature=self.strokes if signed else (),
            language=given["language"],
            interpreter=given["interpreter"],
            told_by=given["told_by"],
            notes=given["notes"],
        )


class WithdrawForm(forms.Form):
    """What a patient takes back, of what they agree to now."""

    purposes = forms.TypedMultipleChoiceField(
        label="What do they take back?",
        coerce=lambda number: Purpose(int(number)),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose what the patient takes back"},
    )

    def __init__(self, data: object = None, *, words: Words, agreed: frozenset[Purpose]) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # Django's data is any mapping
        self.fields["purposes"].choices = [(purpose.value, words.of(purpose).ask) for purpose in sorted(agreed)]  # type: ignore[attr-defined]  # Django's fields have no type of their choices


class PublicationForm(forms.Form):
    """One named publication, and what the patient says to it. Nothing is chosen beforehand."""

    title = forms.CharField(
        label="Which publication?",
        help_text="For example: British Journal of Burns, case report, spring 2027. It is for this one use.",
        max_length=300,
        error_messages={"required": "Name the publication"},
    )
    answer = forms.ChoiceField(
        label="What does the patient say?",
        choices=[("yes", "Yes, for this publication"), ("no", "No")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what the patient says"},
    )
    how = forms.ChoiceField(
        label="How did they say it?",
        choices=[(how.value, how.label) for how in (How.TOLD, How.PAPER)],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how they said it"},
    )


def _again(stands: Consent, yes: frozenset[Purpose], *, wording: UUID) -> Said:
    """The consent that stands, said once more: told, for a signature is not given twice by a click."""
    who = WhoAgreed(stands.who_agreed)
    return Said(
        yes=yes,
        no=frozenset(Purpose) - yes,
        who=who,
        how=How.TOLD,
        wording=wording,
        childs_view=ChildsView(stands.childs_view) if stands.childs_view else None,
        given=frozenset({Detail.NAME} if who in {WhoAgreed.PARENT, WhoAgreed.ATTORNEY} else ()),
        same_as=stands.pk,
    )


def _field(purpose: Purpose) -> str:
    return f"purpose_{int(purpose)}"
