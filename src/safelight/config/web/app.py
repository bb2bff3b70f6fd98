"""What a phone needs to keep Safelight on its home screen: an iPhone shows notices of such pages only."""

from django.http import HttpRequest, JsonResponse
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from safelight.staff.web.door import open_to_all

COLOUR = "#212b32"


@open_to_all
@require_safe
def manifest(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - the same for everybody
    """The web app manifest (W3C). Browsers ask for it without their cookies."""
    icons = [{"src": static(f"app/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"} for size in (192, 512)]
    said = {
        "name": "Safelight",
        "short_name": "Safelight",
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": COLOUR,
        "icons": [*icons, {"src": static("app/icon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    return JsonResponse(said, content_type="application/manifest+json")
