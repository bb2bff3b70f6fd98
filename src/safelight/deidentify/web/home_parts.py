"""What stands on Home about covered copies."""

from collections import defaultdict
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from safelight.access import queries as access
from safelight.access.actions.name_patients import name_patients
from safelight.audit.request import StaffRequest
from safelight.deidentify import queries
from safelight.kernel import clock
from safelight.patients import queries as patients


def beside_home(request: StaffRequest) -> SafeString:
    """Copies that this person signed for and that were taken back: a row of a list for each patient, or nothing."""
    by, now = request.actor, clock.now()
    by_patient: dict[UUID, list[UUID]] = defaultdict(list)
    copies = queries.recalled(by)
    own = queries.recalls_of(by, [copy.pk for copy in copies])
    goes_on = patients.goes_on_as(by, {copy.photograph.patient_id for copy in copies})
    for copy in copies:
        by_patient[goes_on[copy.photograph.patient_id].pk].append(copy.photograph_id)
    by_own_words = {goes_on[copy.photograph.patient_id].pk for copy in copies if copy.pk in own}
    seen = access.may_see_many(by, list(by_patient), now=now) if by_patient else []
    if seen:
        name_patients(by=by, patients=list(seen), now=now)
    names = patients.identities(by, seen)
    rows = [(names[one].name, len(photos), _address(photos), one in by_own_words) for one, photos in by_patient.items() if one in names]
    if not rows:
        return SafeString()
    return SafeString(render_to_string("deidentify/beside_home.jinja", {"recalled": rows}, request=request, using="jinja"))


def _address(photos: list[UUID]) -> str:
    return f"{reverse('deidentify:set')}?photos={','.join(map(str, photos))}"
