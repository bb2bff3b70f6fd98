"""What stands beside a page and comes from packages above it: the page says where it is, and knows none of them."""

from django.http import HttpRequest
from django.utils.safestring import SafeString

from safelight.config.web import waiting
from safelight.deidentify.web import home_parts as covered_copies
from safelight.deidentify.web import timeline_parts as covering
from safelight.intake.web import governance_parts as intake
from safelight.photographs.web import craft_parts as craft
from safelight.sharing.web import notice_parts as notices
from safelight.sharing.web import record_views as opinions

PARTS = {
    "patient": (opinions.beside_patient,),
    "photo": (opinions.beside_photo,),
    "home": (covered_copies.beside_home, waiting.beside_home, opinions.beside_home),
    "timeline": (opinions.below_timeline, covering.below_timeline),
    "import": (opinions.beside_import,),
    "slate": (opinions.beside_slate,),
    "rota": (notices.beside_rota,),
    "me": (notices.beside_me, craft.beside_me),
    "custody": (intake.beside_custody, craft.beside_custody),
}


def beside(request: HttpRequest) -> dict[str, object]:
    """For every page: `beside("patient", patient_id=...)` makes the parts that belong there, and only when it is asked."""

    def make(place: str, **about: object) -> SafeString:
        return SafeString("".join(part(request, **about) for part in PARTS[place]))  # type: ignore[operator]  # each place gives what its parts take

    return {"beside": make}
