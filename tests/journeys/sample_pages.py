"""Pages that use each part of the design once, beside the real ones: nothing of a ward is needed to try them."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.urls import path

from safelight.config.urls.everything import handler404, handler500  # noqa: F401 - Django asks the root for them
from safelight.config.urls.everything import urlpatterns as real_pages


class Sample(forms.Form):
    name = forms.CharField(label="Name of the site", help_text="As on the plan", error_messages={"required": "Enter a name"})
    how = forms.ChoiceField(
        label="How?",
        choices=[("told", "They told me"), ("signed", "They sign here")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how"},
    )
    wards = forms.MultipleChoiceField(
        label="Wards", required=False, choices=[("B", "Burns"), ("P", "Plastics")], widget=forms.CheckboxSelectMultiple
    )
    sure = forms.BooleanField(label="I looked", required=False)
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    ward = forms.ChoiceField(label="Ward", required=False, choices=[("", "Choose"), ("Adults", [("B", "Burns")])])


SAMPLE = """{% extends "design/page.jinja" %}
{% from "design/scan.jinja" import scan_box %}
{% block title %}Sample{% endblock %}
{% block back %}{{ nhs.back_link(text="Home", href="/") }}{% endblock %}
{% block banner %}<div class="sl-banner" role="region" aria-label="Patient">
<p><strong>SAMPLE, Test</strong> Born 1 Jan 1970</p></div>{% endblock %}
{% block main %}
{{ summary(form) }}
<h1 class="nhsuk-heading-l">Sample</h1>
{{ scan_box("/sample/", csrf_input, "Scan a wristband or camera", "Or type a number or surname, then Enter") }}
<ul class="sl-rows">
  <li class="sl-rows__row"><img class="sl-rows__picture" src="{{ static('app/icon.svg') }}" alt="Left forearm">
    <span class="sl-rows__words"><a href="/sample/">2 photos have no slate. Whose are they?</a>
    <span class="sl-rows__more">CAM-07, 09:20. They wait here.</span></span>
    <span class="sl-rows__end">{{ nhs.tag(text="Sort", classes="nhsuk-tag--yellow") }}</span></li>
</ul>
<ol class="sl-steps">
  <li class="sl-step sl-step--done">Copy</li><li class="sl-step sl-step--now" aria-current="step">Check</li>
  <li class="sl-step sl-step--later">Keep safe</li><li class="sl-step sl-step--stopped">Erase the card</li>
  <li class="sl-step">Sort by slate</li>
</ol>
<ul class="sl-photos"><li><a class="sl-photo" href="/sample/"><span class="sl-photo__none">No picture</span>
  <span class="sl-photo__words">09:12</span></a></li></ul>
<form method="post" novalidate>
  {{ csrf_input }}
  {% for name in form.fields %}{{ field(form[name]) }}{% endfor %}
  <div class="sl-buttons">{{ nhs.button(text="Save") }}
  {{ nhs.button(text="Record and advice only", classes="nhsuk-button--secondary") }}</div>
</form>
{% endblock %}
{% block aside %}
<section class="sl-card"><h2 class="nhsuk-heading-s">On call now</h2><p>Burns: Mr C Lim, until 20:00</p></section>
{% endblock %}
"""

MENU = """{% extends "design/page.jinja" %}
{% block title %}Menu{% endblock %}
{% block header %}
{{ nhs.header(name="Safelight", home="/", user=name, me="/me/", lock="/lock/", lockAfter=60, here="/here/", csrf=csrf_input, menu=menu) }}
{% endblock %}
{% block main %}<h1>Menu</h1>{% endblock %}
"""

PHOTO = """{% extends "design/page.jinja" %}
{% block title %}Photo{% endblock %}
{% block main %}<h1>Photo</h1>
<div><div class="sl-zoom" data-zoom tabindex="0" role="group" aria-label="Left forearm">
<img src="{{ static('app/icon.svg') }}" alt="Left forearm" width="1200" height="800"></div></div>{% endblock %}
"""

ASKING = """<div id="part" data-say="{{ asked }} of 5 photos copied"
  hx-get="/part/" hx-trigger="load delay:200ms" hx-swap="outerHTML">
<p>{{ asked }} of 5</p></div>"""
DONE = """<div id="part" data-say="You can take the card out"><p>5 of 5</p></div>"""
NEWS = '{% extends "design/page.jinja" %}{% block title %}News{% endblock %}{% block main %}<h1>News</h1>' + ASKING + "{% endblock %}"

SIGN = """{% extends "design/page.jinja" %}
{% block title %}Sign{% endblock %}
{% block main %}<h1>Sign</h1>
<div data-signature hidden><canvas width="600" height="160" role="img" aria-label="Box to sign in"></canvas>
<button class="nhsuk-button" type="button" data-signature-clear>Clear</button>
<input type="hidden" name="signature" value="{{ kept }}"></div>{% endblock %}
{% block scripts %}<script type="module" src="{{ static('app/signature.js') }}"></script>{% endblock %}
"""

asked: list[int] = []
answers: list[int] = []


def sample(request: HttpRequest) -> HttpResponse:
    return _page(request, SAMPLE, form=Sample(request.POST or None))


def menu(request: HttpRequest) -> HttpResponse:
    words = ("Home", "Opinions", "Patients", "Cameras", "Import", "Incidents and reports", "Settings of the hospital", "Governance")
    items = [{"text": word, "href": f"/{word}/", "current": word == "Home", "count": 3 * (word == "Opinions")} for word in words]
    return _page(request, MENU, menu=items, name="Sister Wilhelmina Featherstonehaugh-Cholmondeley, Burns 2")


def photo(request: HttpRequest) -> HttpResponse:
    return _page(request, PHOTO)


def news(request: HttpRequest) -> HttpResponse:
    asked.clear()
    return _page(request, NEWS, asked=0)


def part(request: HttpRequest) -> HttpResponse:
    """Counts how often it was asked; gives the next of `answers` as its status while there are some."""
    asked.append(1)
    if answers:
        return HttpResponse(status=answers.pop(0))
    return _page(request, ASKING if len(asked) < 5 else DONE, asked=len(asked))


def sign(request: HttpRequest) -> HttpResponse:
    return _page(request, SIGN, kept=request.GET.get("kept", ""))


def wrong(request: HttpRequest) -> HttpResponse:
    context = {"says": "You do not look after this patient.", "status": 403, "code": "access.no_care_relationship"}
    return render(request, "design/error.jinja", context, status=403, using="jinja")


def _page(request: HttpRequest, text: str, **context: object) -> HttpResponse:
    return HttpResponse(engines["jinja"].from_string(text).render(context, request))


urlpatterns = [
    path("sample/", sample),
    path("menu/", menu),
    path("photo/", photo),
    path("news/", news),
    path("part/", part),
    path("sign/", sign),
    path("wrong/", wrong),
    *real_pages,
]
