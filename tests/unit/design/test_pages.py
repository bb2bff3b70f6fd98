"""Pages are strict, components lenient, and nothing that was typed becomes markup."""

import pytest
from django.forms import BooleanField, CharField, ChoiceField, Form, HiddenInput, PasswordInput, RadioSelect, Textarea
from django.template import engines
from django.test import RequestFactory
from jinja2 import TemplateNotFound, UndefinedError
from markupsafe import Markup

from safelight.design.components import NHS, component
from safelight.design.fields import field, summary

ATTACK = "<script>alert('1')</script>"


class Said(Form):
    name = CharField(label=f"Name {ATTACK}", help_text=f"As on the band {ATTACK}")
    number = CharField(error_messages={"required": "Enter a number"})
    how = ChoiceField(label="How?", choices=[("told", "They told me"), (ATTACK, ATTACK)], widget=RadioSelect)
    site = ChoiceField(label="Site", choices=[("", "Choose"), ("Arm", [("left", "Left"), ("right", "Right")])])
    note = CharField(widget=Textarea(attrs={"rows": 5}))
    secret = CharField(widget=PasswordInput(attrs={"autocomplete": "current-password"}))
    sure = BooleanField(label="I looked", required=False)
    token = CharField(widget=HiddenInput, required=False)

    def clean(self):
        self.add_error(None, f"Nothing fits {ATTACK}")


def page(text, **context):
    return engines["jinja"].from_string(text).render(context, RequestFactory().get("/"))


def test_a_misspelt_name_on_a_page_is_a_fault():
    with pytest.raises(UndefinedError):
        page(
            '{% extends "design/page.jinja" %}{% block title %}x{% endblock %}{% block main %}{{ patient.nmae }}{% endblock %}', patient={}
        )


def test_a_misspelt_component_is_a_fault():
    with pytest.raises(TemplateNotFound):
        page('{{ nhs.buton(text="Save") }}')


@pytest.mark.parametrize("said", [{}, {"text": "Safe"}, {"html": ATTACK}, {"items": [{"html": ATTACK}]}, {"text": ATTACK}])
def test_components_take_few_parameters_and_escape_what_is_not_marked_as_safe(said):
    assert "<script>" not in component("inset_text", **said)
    assert "<script>" not in component("radios", name="x", **said)


def test_components_print_markup_that_is_marked_as_safe():
    assert "<b>bold</b>" in NHS().inset_text(html=Markup("<b>bold</b>"))
    assert "<b>within</b>" in page('{% call nhs.details(summaryText="More") %}<b>within</b>{% endcall %}')


def test_what_was_typed_is_kept_and_escaped_in_every_field():
    form = Said({"name": ATTACK, "how": ATTACK, "note": f"</textarea>{ATTACK}", "secret": "hidden words", "site": "left", "token": ATTACK})
    shown = "".join(field(form[name]) for name in form.fields)
    assert "<script>" not in shown
    assert shown.count("&lt;script&gt;") >= 6
    assert "hidden words" not in shown  # a password is never sent back
    assert '<option value="left" selected' in shown


def test_errors_lead_to_the_first_input_of_their_field():
    form = Said({"how": ""})
    shown = summary(form)
    assert "<script>" not in shown
    for name in ("number", "how", "site", "note"):
        assert f'href="#id_{name}"' in shown
        assert f'id="id_{name}"' in field(form[name])
        assert f'aria-describedby="id_{name}-error"' in field(form[name])
    assert "Nothing fits" in shown
    assert summary(Said()) == ""


def test_a_field_says_what_its_form_says():
    shown = field(Said()["name"], size="m", classes="nhsuk-input--width-10")
    assert "nhsuk-label--m" in shown
    assert 'id="id_name-hint"' in shown
    assert 'aria-describedby="id_name-hint"' in shown
    assert "nhsuk-input--width-10" in shown
    assert 'rows="5"' in field(Said()["note"])
    assert 'autocomplete="current-password"' in field(Said()["secret"])
    assert 'type="hidden"' in field(Said()["token"])
    assert "nhsuk-u-visually-hidden" in field(Said()["how"], hide_label=True)


def test_nothing_is_ticked_that_the_form_does_not_say():
    assert "checked" not in "".join(field(Said()[name]) for name in Said().fields)
    assert "checked" in field(Said({"sure": "on"})["sure"])
    assert "checked" in field(Said(initial={"how": "told"})["how"])


def test_choices_carry_their_own_hints_and_what_follows_from_them():
    shown = field(Said()["how"], hints={"told": "Spoken"}, conditional={"told": ATTACK})
    assert "Spoken" in shown
    assert "conditional-id_how" in shown
    assert "<script>" not in shown


def test_the_title_says_that_there_are_errors():
    shown = '{% extends "design/page.jinja" %}{% block title %}Ask{% endblock %}'
    assert "<title>Error: Ask – Safelight</title>" in page(shown, form=Said({}))
    assert "<title>Ask – Safelight</title>" in page(shown, form=Said())
    assert "<title>Ask – Safelight</title>" in page(shown)


def test_names_of_a_page_are_its_own():
    shown = (
        '{% extends "design/page.jinja" %}{% block title %}{% endblock %}{% block main %}{{ back }}{{ aside }}{{ person }}{% endblock %}'
    )
    assert "onetwothree" in page(shown, back="one", aside="two", person="three")


def test_a_page_has_two_columns_only_where_it_has_something_for_the_second():
    shown = '{% extends "design/page.jinja" %}{% block title %}{% endblock %}{% block main %}MAIN{% endblock %}'
    assert "sl-columns" not in page(shown)
    two = page(shown + "{% block aside %}ASIDE{% endblock %}")
    assert two.count("MAIN") == two.count("ASIDE") == two.count('class="sl-columns"') == 1


def test_a_page_runs_nothing_of_its_own_and_keeps_nothing_in_the_tab():
    shown = page('{% extends "design/page.jinja" %}{% block title %}{% endblock %}')
    assert '"historyCacheSize":0' in shown
    assert '"allowEval":false' in shown
    assert " style=" not in shown
    assert "<style" not in shown
    assert all("src=" in script for script in shown.split("<script")[1:])


def test_an_error_page_says_what_happened_in_words_and_its_code():
    shown = engines["jinja"].get_template("design/error.jinja").render({"says": f"No {ATTACK}", "status": 418, "code": "x.y"})
    assert "This did not work" in shown
    assert "x.y" in shown
    assert "<script>alert" not in shown
