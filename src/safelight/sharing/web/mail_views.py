"""Pages of whoever looks after mail: the list of accredited domains, certificates, and letters that nobody could place."""

from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safelight.audit.request import StaffRequest
from safelight.kernel import clock
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
from safelight.sharing import answering, queries, rules
from safelight.sharing.actions.add_certificate import add_certificate
from safelight.sharing.actions.file_letter import file_letter
from safelight.sharing.actions.read_letter import read_letter
from safelight.sharing.actions.remove_certificate import remove_certificate
from safelight.sharing.actions.set_letter_aside import set_letter_aside
from safelight.sharing.actions.take_accredited_list import take_accredited_list
from safelight.sharing.courier import has_mail
from safelight.sharing.mail import accredited, certifying, composing, guests, incoming, reading
from safelight.sharing.mail import queries as mail
from safelight.sharing.mail.addresses import NotAnAddress
from safelight.sharing.mail_errors import CertificateNotGood, ListNotReadable, ListOlder, ListThere
from safelight.sharing.models import Opinion
from safelight.sharing.thread import asked_words
from safelight.sharing.web.mail_forms import CertificateForm, FileForm, ListForm
from safelight.staff import queries as staff

WHY = {
    "doubtful": "It looks as if a machine had written it, because somebody is away.",
    "no_key": "It names no question of ours.",
    "other_domain": "It names a question, but comes from another place than the one that was asked.",
    "bad_signature": "It is signed, and the signature is not the sender's, or was broken on the way.",
    "encrypted": "It is encrypted, and not to the certificate of this site: it cannot be read here.",
    "no_words": "It has no words of its own.",
    "too_large": "It is larger than 40 MB and was not read. It lies in the mailbox, in the folder called Too large: open it there.",
    "sharing.opinion_over": "The question had ended when it came.",
}
REFERENCE = 6
OTHERWISE = "It could not be filed by itself."


@require_safe
def overview(request: StaffRequest) -> HttpResponse:
    """How mail stands: the list and its age, and the certificates."""
    return _overview(request, ListForm(), CertificateForm())


@require_POST
def take_list(request: StaffRequest) -> HttpResponse:
    """Take a new list into use."""
    form = ListForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            said = accredited.read(form.cleaned_data["file"], dated=form.cleaned_data["dated"], owner=form.cleaned_data["owner"])
            take_accredited_list(by=request.actor, said=said, now=clock.now(), new_id=uuid4())
        except ListNotReadable as refusal:
            lines = ", ".join(str(line) for line in refusal.lines)
            form.add_error("file", refusal.says + (f" Lines {lines} are not understood." if lines else ""))
        except (ListOlder, ListThere) as refusal:
            form.add_error("dated", refusal.says)
        else:
            return HttpResponseRedirect(reverse("mail:overview"))
    return _overview(request, form, CertificateForm())


@require_POST
def add(request: StaffRequest) -> HttpResponse:
    """Keep a certificate."""
    form = CertificateForm(request.POST)
    if form.is_valid():
        try:
            said = certifying.prepare(uuid4(), address=form.cleaned_data["address"], pem=form.cleaned_data["pem"].encode())
            add_certificate(by=request.actor, said=said, now=clock.now())
        except NotAnAddress as refusal:
            form.add_error("address", refusal.says)
        except CertificateNotGood as refusal:
            form.add_error("pem", refusal.says)
        else:
            return HttpResponseRedirect(reverse("mail:overview"))
    return _overview(request, ListForm(), form)


@require_POST
def remove(request: StaffRequest, certificate_id: UUID) -> HttpResponse:
    """Use a certificate no more."""
    remove_certificate(by=request.actor, certificate_id=certificate_id, now=clock.now())
    return HttpResponseRedirect(reverse("mail:overview"))


@require_safe
def letters(request: StaffRequest) -> HttpResponse:
    """Letters that nobody could place."""
    rows = [(row, WHY.get(row.why, OTHERWISE)) for row in mail.waiting_letters(request.actor)]
    return render(request, "sharing/letters.jinja", {"rows": rows}, using="jinja")


@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Read one, and file it or set it aside. Its words are shown as text; what is attached is given out, never shown."""
    by = request.actor
    row, offered = read_letter(by=by, letter_id=letter_id, now=clock.now())
    came = reading.opened(row)
    names = staff.names_of(by, {one.asked_by for one in offered})
    choices = [(str(one.pk), _told_apart(by, one, names[one.asked_by])) for one in offered]
    own = incoming.answer_in(came.words, above=composing.ABOVE)
    form = FileForm(request.POST if request.method == "POST" else None, offered=choices, initial={"words": own})
    if form.is_valid():
        said = answering.say(uuid4(), quick=None, words=form.cleaned_data["words"])
        file_letter(by=by, letter_id=letter_id, opinion_id=UUID(form.cleaned_data["opinion"]), said=said, now=clock.now())
        return HttpResponseRedirect(reverse("mail:letters"))
    shown = {
        "form": form,
        "row": row,
        "words": came.words,
        "sender": came.sender.text if came.sender else "",
        "why": WHY.get(row.why, OTHERWISE),
        "offered": choices,
        "named": _told_apart(by, row.opinion, staff.name_of(by, row.opinion.asked_by)) if row.opinion else "",
        "ended": row.opinion is not None and rules.is_over(row.opinion, now=clock.now()),
        "scanner": settings.SAFELIGHT_CLAMD_SOCKET is not None,
    }
    return render(request, "sharing/letter.jinja", shown, using="jinja", status=422 if form.errors else 200)


def _told_apart(by: Actor, opinion: Opinion, asker: str) -> str:
    """One question among several: the letter that was sent about it ends with its reference."""
    asked = f"{asker} asked {asked_words(opinion, by)}, {timezone.localtime(opinion.asked_at):%d %b %H:%M}"
    reference = guests.reference(opinion.guest) if opinion.guest else ""
    return f"{asked}. Its reference begins with {reference[:REFERENCE]}" if reference else asked


@require_POST
def set_aside(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """It answers no question."""
    set_letter_aside(by=request.actor, letter_id=letter_id, now=clock.now())
    return HttpResponseRedirect(reverse("mail:letters"))


@require_safe
def about(request: StaffRequest, opinion_id: UUID) -> HttpResponse:
    """What became of the letters about a question, for who asked it: part of the question's page."""
    by, now = request.actor, clock.now()
    opinion, _ = queries.part_in(by, opinion_id, now=now)
    found = mail.letters_of(by, opinion)
    if not found and opinion.guest_id is None:
        raise NotFound(opinion_id)
    shown = {
        "opinion": opinion,
        "letters": found,
        "with_files": mail.letters_with_files(by, opinion, now=now),
        "scanner": settings.SAFELIGHT_CLAMD_SOCKET is not None,
    }
    return render(request, "sharing/letters_about.jinja", shown, using="jinja")


def _overview(request: StaffRequest, list_form: ListForm, certificate_form: CertificateForm) -> HttpResponse:
    by, today = request.actor, timezone.localdate(clock.now())
    certificates = [(row, certifying.address_of(row)) for row in mail.certificates(by)]
    edition = accredited.in_use(by)
    context = {
        "form": certificate_form if certificate_form.errors else list_form,
        "list_form": list_form,
        "certificate_form": certificate_form,
        "has_mail": has_mail(),
        "edition": edition,
        "domains": edition.domains.count() if edition else 0,
        "old": edition is not None and accredited.is_old(edition, today=today),
        "certificates": certificates,
    }
    wrong = bool(list_form.errors or certificate_form.errors)
    return render(request, "sharing/mail.jinja", context, using="jinja", status=422 if wrong else 200)
