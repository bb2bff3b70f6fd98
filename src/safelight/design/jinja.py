"""The template environment: our own pages are strict, the vendor's components lenient."""

from django.templatetags.static import static
from django.urls import reverse
from django_htmx.jinja import htmx_script
from jinja2 import Environment, StrictUndefined

from safelight.design.components import NHS
from safelight.design.fields import field, summary
from safelight.design.times import ago, clock, day, short_day


def environment(**options: object) -> Environment:
    """What a page may use. An unknown name is a fault: a page that shows a patient must not leave out a name in silence."""
    pages = Environment(**{**options, "undefined": StrictUndefined})  # type: ignore[arg-type]  # noqa: S701 - Django passes autoescape
    pages.globals.update(
        nhs=NHS(),
        field=field,
        summary=summary,
        url=url,
        static=static,
        htmx_script=htmx_script,
    )
    pages.filters.update(clock=clock, day=day, short_day=short_day, ago=ago)
    return pages


def url(name: str, *parts: object, **named: object) -> str:
    """The address of a page: `url("photographs:photo", photo.id)`."""
    return reverse(name, args=parts or None, kwargs=named or None)
