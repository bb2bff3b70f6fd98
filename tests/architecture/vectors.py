"""`python tests/architecture/vectors.py`: write the ledger's vectors anew. They change only with the format."""

import json
from pathlib import Path

import rfc8785

from handover.note import Signer, sign
from safelight.audit.checkpoint import text_of
from safelight.audit.tree import Frontier, leaf_hash

FILE = Path(__file__).resolve().parents[1] / "vectors" / "audit" / "ledger.json"
ORIGIN = "vectors.safelight.example"


def made() -> dict[str, object]:
    """Five small bodies, what they hash to, and a checkpoint over them."""
    tree, rows = Frontier(), []
    for number in range(5):
        body = rfc8785.dumps({"v": 1, "seq": number, "action": "vectors.state_something", "facts": [{"count": number}]})
        tree = tree.append(leaf_hash(body))
        rows.append({"body": body.hex(), "leaf": leaf_hash(body).hex(), "root": tree.root.hex()})
    signer = Signer.from_seed(ORIGIN, bytes(32))
    note = sign(text_of(origin=ORIGIN, size=5, root=tree.root), signer)
    return {"entries": rows, "checkpoint": note, "key": signer.vkey}


if __name__ == "__main__":
    FILE.write_text(json.dumps(made(), indent=1, ensure_ascii=False) + "\n")
