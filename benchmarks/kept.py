"""The results of a benchmark as JSON in build/bench/, for whoever draws them; beside the table that is printed, never instead of it.

`{"name", "date", "machine": {"cores", "load"}, "unit", "rows": [{"label", "value", ...}]}`: `value` is in `unit`, what else a row holds
says its own unit in its name.
"""

import json
import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "build" / "bench"


def keep(name: str, unit: str, rows: Iterable[Mapping[str, object]]) -> Path:
    """Write what was measured; the file of an earlier run is replaced."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    machine = {"cores": os.cpu_count(), "load": round(os.getloadavg()[0], 2)}
    said = {"name": name, "date": datetime.now(UTC).date().isoformat(), "machine": machine, "unit": unit, "rows": list(rows)}
    to = FOLDER / f"{name}.json"
    to.write_text(json.dumps(said, indent=1) + "\n")
    return to
