"""The texts that patients are told and asked, in every language and version. A text is added, never changed."""

from uuid import uuid4

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from safelight.audit.request import StaffRequest
from safelight.consent import queries, rules
from safelight.consent.actions.add_wording import add_wording
from safelight.consent.languages import LANGUAGES
from safelight.consent.models import Purpose
from safelight.consent.web.shown import words_for
from safelight.consent.wordings import Question
from safelight.kernel import clock
from safelight.kernel.errors import Refusal

UNPROCESSABLE = 422


class WordsForm(forms.Form):
    """A text: its language, what is said first, and a question for each purpose. Beside each stands the English one."""

    language = forms.ChoiceField(label="Language", choices=[("", "Choose a language"), *LANGUAGES.items()])
    say = forms.CharField(label="What is said first", max_length=2000, widget=forms.Textarea({"rows": 5}))

    def __init__(self, data: object = None, *, english: tuple[Question, ...]) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # Django's data is any mapping
        for purpose, question in zip(Purpose, english, strict=True):
            self.fields[f"ask_{int(purpose)}"] = forms.CharField(label=f"{int(purpose)}. {question.ask}", max_length=200)
            hint = f"Hint, in English: {question.hint}" if question.hint else "Hint, if one is needed"
            self.fields[f"hint_{int(purpose)}"] = forms.CharField(label=hint, max_length=100, required=False)

    def questions(self) -> tuple[Question, ...]:
        """The five questions in order."""
        given = self.cleaned_data
        return tuple(Question(given[f"ask_{int(purpose)}"], given[f"hint_{int(purpose)}"]) for purpose in Purpose)


@require_http_methods(["GET", "HEAD", "POST"])
def words(request: StaffRequest) -> HttpResponse:
    """Every text; for an administrator also the form that adds one."""
    by = request.actor
    posted = request.POST if request.method == "POST" else None
    form = WordsForm(posted, english=words_for(by, None).questions)
    status = 200 if posted is None else UNPROCESSABLE
    if posted is not None and form.is_valid():
        given = form.cleaned_data
        try:
            add_wording(by=by, language=given["language"], say=given["say"], questions=form.questions(), now=clock.now(), new_id=uuid4())
        except Refusal as no:
            form.add_error(None, no.says)
            status = no.status
        else:
            return redirect("consent:words")
    shown = {
        "form": form,
        "texts": queries.every_words(by),
        "may_word": rules.may_word(by),
        "purposes": list(Purpose),
    }
    return render(request, "consent/words.jinja", shown, status=status, using="jinja")
