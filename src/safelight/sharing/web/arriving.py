"""Where a notice leads whoever works here: through the sign-in to the question."""

from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from safelight.audit.request import StaffRequest
from safelight.kernel import clock
from safelight.sharing import queries


@require_safe
def here(request: StaffRequest, public_id: str) -> HttpResponseRedirect:
    """From the name in a notice to the question, for whoever asked it or is asked; nothing is opened by it."""
    found = queries.by_public_id(request.actor, public_id, now=clock.now())
    return HttpResponseRedirect(reverse("sharing:opinion", args=[found.pk]))


app_name = "arriving"
urlpatterns = [path("<str:public_id>/here/", here, name="here")]
