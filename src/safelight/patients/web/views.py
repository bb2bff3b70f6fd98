"""Finding, adding and changing patients."""

from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from safelight.audit.request import StaffRequest
from safelight.kernel import clock
from safelight.patients import arriving, listing, lists, queries, rules
from safelight.patients.actions.bring_in_patients import bring_in_patients
from safelight.patients.actions.change_patient import change_patient
from safelight.patients.actions.confirm_patient import confirm_patient
from safelight.patients.actions.find_patients import find_patients
from safelight.patients.actions.list_wards import list_wards
from safelight.patients.actions.register_patient import register_patient
from safelight.patients.actions.show_patient import show_patient
from safelight.patients.errors import ChangedMeanwhile, NotAnIdentity, NotForYou, NumberTaken
from safelight.patients.lists import Wrong
from safelight.patients.models import Confirmed
from safelight.patients.sealing import seal
from safelight.patients.web.forms import ChangeForm, ListForm, PatientForm, SearchForm

NOT_RIGHT = 422
FORESTALLED = "Somebody else changed this patient just now. Bring the list in again"


@require_http_methods(["GET", "HEAD", "POST"])
def patients(request: StaffRequest) -> HttpResponse:
    """Search, and the patients on the own wards. What is searched for travels in a form, never in an address."""
    by = request.actor
    shown: dict[str, object] = {"may_add": rules.adds_patients(by), "may_bring_in": rules.brings_in_lists(by)}
    if not rules.finds_patients(by):
        return render(request, "patients/list.jinja", shown | {"form": None}, using="jinja")
    if request.method != "POST":
        return render(request, "patients/list.jinja", shown | {"form": SearchForm()} | _wards(request), using="jinja")
    # A surname from the scan box of Home comes as `code`.
    form = SearchForm({"who": request.POST.get("who") or request.POST.get("code", ""), "born": request.POST.get("born", "")})
    if not form.is_valid():
        return render(request, "patients/list.jinja", shown | {"form": form} | _wards(request), using="jinja", status=NOT_RIGHT)
    return render(request, "patients/list.jinja", shown | {"form": form} | _found(request, form), using="jinja")


def _wards(request: StaffRequest) -> dict[str, object]:
    by, now = request.actor, clock.now()
    page = listing.ward_page(by, after=_id(request.GET.get("after")))
    shown = list_wards(by=by, page=page.patients, now=now)
    rows = listing.rows(by, shown, today=timezone.localdate(now))
    return {"rows": rows, "searched": False, "next": page.next, "more": False, "wards": sorted(by.wards)}


def _found(request: StaffRequest, form: SearchForm) -> dict[str, object]:
    by, now, numbers = request.actor, clock.now(), form.numbers()
    by_number = [one for number in numbers if (one := queries.by_number(by, number))][:1]
    found = by_number if numbers else queries.by_name(by, form.name(), form.cleaned_data["born"])
    shown = find_patients(by=by, found=tuple(found), by_number=bool(numbers), now=now)
    rows = listing.rows(by, shown, today=timezone.localdate(now))
    return {"rows": rows, "searched": True, "next": None, "more": len(found) > len(shown), "wards": [], "says": form.says()}


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Add a patient whom nobody has entered yet."""
    by, now, new_id = request.actor, clock.now(), uuid4()
    if not rules.adds_patients(by):
        raise NotForYou
    own = min(by.wards, default="")
    form = PatientForm(request.POST or None, by=by, initial={"ward": own if len(by.wards) == 1 else ""})
    if form.is_valid():
        said = form.cleaned_data
        try:
            sealed = seal(form.identity(new_id), patient_id=new_id, today=timezone.localdate(now))
            register_patient(by=by, sealed=sealed, ward=said["ward"], temporary=said["temporary"], now=now)
            return HttpResponseRedirect(reverse("photographs:patient", args=[new_id]))
        except NotAnIdentity as refusal:
            form.show(refusal.faults)
        except NumberTaken as refusal:
            form.add_error(None, refusal.says)
    return render(request, "patients/new.jinja", {"form": form}, using="jinja", status=NOT_RIGHT if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """Correct who a patient is, or where they lie."""
    by, now = request.actor, clock.now()
    if request.method != "POST":
        row = show_patient(by=by, patient_id=patient_id, now=now)
        form = ChangeForm(by=by, ward=row.ward, initial=ChangeForm.of(row, queries.identity(by, row.pk)))
        return _change_page(request, row.pk, form)
    row = queries.patient(by, patient_id)
    form = ChangeForm(request.POST, by=by, ward=row.ward)
    if form.is_valid():
        said = form.cleaned_data
        try:
            sealed = seal(form.identity(row.pk), patient_id=row.pk, today=timezone.localdate(now))
            now_is = {name: said[name] for name in ("seen", "ward", "temporary", "deceased")}
            change_patient(by=by, sealed=sealed, now=now, **now_is)
            return HttpResponseRedirect(reverse("photographs:patient", args=[row.pk]))
        except NotAnIdentity as refusal:
            form.show(refusal.faults)
        except (NumberTaken, ChangedMeanwhile) as refusal:
            form.add_error(None, refusal.says)
    show_patient(by=by, patient_id=row.pk, now=now)
    return _change_page(request, row.pk, form)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """Say that the number was looked up: it is this person's. A scan of the wristband says so by itself."""
    by, now = request.actor, clock.now()
    if request.method == "POST":
        found = confirm_patient(by=by, patient_id=patient_id, how=Confirmed.PERSON, now=now)
        return HttpResponseRedirect(reverse("photographs:patient", args=[found]))
    row = show_patient(by=by, patient_id=patient_id, now=now)
    shown = {"banner": queries.banner(by, row.pk, today=timezone.localdate(now)), "who": queries.identity(by, row.pk)}
    return render(request, "patients/confirm.jinja", shown, using="jinja")


def _change_page(request: StaffRequest, patient_id: UUID, form: ChangeForm) -> HttpResponse:
    by, today = request.actor, timezone.localdate(clock.now())
    shown = {
        "form": form,
        "banner": queries.banner(by, patient_id, today=today),
        "merged": listing.merged_rows(by, patient_id, today=today),
    }
    return render(request, "patients/change.jinja", shown, using="jinja", status=NOT_RIGHT if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: StaffRequest) -> HttpResponse:
    """Bring in a list. The good rows are taken, the bad ones named."""
    by, now = request.actor, clock.now()
    if not rules.brings_in_lists(by):
        raise NotForYou
    if request.method != "POST":
        return render(request, "patients/bring_in.jinja", {"form": ListForm(), "done": None}, using="jinja")
    form = ListForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "patients/bring_in.jinja", {"form": form, "done": None}, using="jinja", status=NOT_RIGHT)
    today = timezone.localdate(now)
    allowed = settings.SAFELIGHT_ALLOW_SYNTHETIC_NUMBERS
    listed = lists.read(form.cleaned_data["file"].read(), today=today, synthetic_allowed=allowed)
    arrivals = arriving.prepare(by, listed.lines, new_ids=tuple(uuid4() for _ in listed.lines), today=today)
    done = bring_in_patients(by=by, arrivals=arrivals, now=now)
    late = [Wrong(row, FORESTALLED) for row in done.forestalled]
    wrong = sorted([*listed.wrong, *arrivals.wrong, *late], key=lambda one: one.row)
    return render(request, "patients/bring_in.jinja", {"form": ListForm(), "done": done, "wrong": wrong}, using="jinja")


@require_safe
def template(request: StaffRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """A file to fill in."""
    headers = {"Content-Disposition": 'attachment; filename="patients.csv"'}
    return HttpResponse(lists.TEMPLATE, content_type="text/csv; charset=utf-8", headers=headers)
