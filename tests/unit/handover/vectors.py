"""`python tests/unit/handover/vectors.py`: write the vectors of the handover anew. They change only with the format."""

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from handover.certificate import Certificate
from handover.kinds import FrameKind
from handover.manifest import CardKind, CardManifest, FrameLine, OtherLine
from handover.note import Signer
from handover.reasons import Left
from handover.receipt import Receipt

FILE = Path(__file__).resolve().parents[2] / "vectors" / "handover" / "formats.json"
NOW = datetime(2026, 11, 24, 9, 41, tzinfo=UTC)
STATION, IMPORT = UUID(int=3), UUID(int=4)
SIGNER = Signer.from_seed("safelight.example", bytes(32))


def made() -> dict[str, str]:
    """One card with a RAW and JPEG pair and a note, the receipt for both, and the certificate of a card that kept one."""
    lines = [
        FrameLine(folder="100CANON", file="IMG_0001.JPG", size=5, digest="a" * 64, kind=FrameKind.JPEG, modified=NOW),
        FrameLine(folder="100CANON", file="IMG_0001.CR2", size=5, digest="b" * 64, kind=FrameKind.RAW, modified=NOW),
    ]
    note = OtherLine(path="MISC/NOTES.TXT", size=9, why=Left.UNKNOWN_FILE, digest="d" * 64)
    blind = OtherLine(path="DCIM/100CANON/IMG_0002.JPG", size=0, why=Left.UNREADABLE)
    manifest = CardManifest(station=STATION, kind=CardKind.FOLDER, volume="AB12", frames=tuple(lines), others=(note, blind))
    receipt = Receipt(
        origin="safelight.example",
        card_import=IMPORT,
        station=STATION,
        manifest=manifest.digest,
        digests=("a" * 64, "b" * 64),
        issued_at=NOW,
    )
    certificate = Certificate(
        card_import=IMPORT,
        station=STATION,
        method="overwrite in place, unlink",
        erased=("a" * 64,),
        left=(("b" * 64, Left.UNSTABLE),),
        residue=0,
        empty=False,
        filled=False,
        read_again_at=NOW,
    )
    return {
        "manifest": manifest.written().decode(),
        "manifest_digest": manifest.digest,
        "receipt": receipt.signed(SIGNER),
        "key": SIGNER.vkey,
        "certificate": certificate.written().decode(),
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(made(), indent=1, ensure_ascii=False) + "\n")
