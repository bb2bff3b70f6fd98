"""What a second person's passkey is asked for, while somebody else is signed in."""

from django.http import JsonResponse
from django.views.decorators.http import require_POST

from safelight.staff import second
from safelight.staff.web.door import SignedInRequest


@require_POST
def options(request: SignedInRequest) -> JsonResponse:
    """Any passkey of this site, its user verified."""
    return JsonResponse(second.ask_for_passkey(request), safe=False)
