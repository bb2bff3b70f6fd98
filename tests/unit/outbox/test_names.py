"""Names of flows and steps are permanent, and each is borne once."""

import pytest

from safelight.outbox import flows


def _named(name: str, module: str):
    def bearer() -> None:
        raise AssertionError("nobody runs it")

    bearer.__qualname__, bearer.__module__ = name, module
    return bearer


@pytest.mark.parametrize("make", [flows.flow, flows.step()])
def test_a_second_bearer_of_a_name_is_refused(make):
    make(_named(f"of_{make.__qualname__}", "safelight.photographs.tasks"))
    with pytest.raises(RuntimeError, match=r"safelight\.vault\.tasks is one of safelight\.photographs\.tasks already"):
        make(_named(f"of_{make.__qualname__}", "safelight.vault.tasks"))
