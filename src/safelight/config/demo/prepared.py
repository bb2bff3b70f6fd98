"""Making a demonstration ready once its server runs: station, hospital, and a card that was read and found empty."""

import secrets
from pathlib import Path
from uuid import uuid4

from django.conf import settings

from safelight.config.demo import running
from safelight.config.demo.colleagues import open_colleagues
from safelight.config.demo.hospital import CAMERA, Hospital, open_hospital
from safelight.config.demo.running import Place
from safelight.custody.actions.make_enrolment_code import make_enrolment_code
from safelight.custody.models import Import
from safelight.kernel import clock
from safelight.kernel.actor import OPERATOR
from safelight.kernel.digest import Digest

STATION = "Import PC, Burns 2"


def ready(place: Place, *, card: Path) -> Hospital:
    """Enrol the station by a one-time code; read the empty card, so that its file system is known; open the hospital; read it again."""
    one_time = secrets.token_hex(4).upper()
    make_enrolment_code(by=OPERATOR, code_digest=Digest.of(one_time.encode()), now=clock.now(), new_id=uuid4())
    running.enrol_station(place, one_time, STATION)
    running.import_card(place, card)
    volume = Import.objects.latest("announced_at").volume
    hospital = open_hospital(Path(settings.SAFELIGHT_LEDGER_KEY).parent, volumes={CAMERA: volume}, now=clock.now())
    running.import_card(place, card)
    open_colleagues(hospital.people, keys=Path(settings.SAFELIGHT_LEDGER_KEY).parent, address=place.address, now=clock.now())
    return hospital
