"""Whether a make and model are those of a phone or tablet: a dated list, for the wording only. The register is the gate."""

import json
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("phones.json")


def is_phone(make: str, model: str) -> bool:
    """Whether a phone or tablet on the list writes this make and model. An unknown one is simply not on the list."""
    models = _phones().get(make.strip().casefold())
    return models is not None and (not models or model.strip().casefold().startswith(models))


@cache
def _phones() -> dict[str, tuple[str, ...]]:
    """The beginnings of the models by make; none where every model of the make is one."""
    listed = json.loads(_FILE.read_text())["phones"]
    return {str(phone["make"]).casefold(): tuple(str(model).casefold() for model in phone.get("models", ())) for phone in listed}
