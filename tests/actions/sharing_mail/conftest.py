"""What the tests of mail share: a folder that takes the letters, and a question to a colleague elsewhere."""

from pathlib import Path

import pytest
from tests.factories.guests import ask_guest, take_list
from tests.factories.sharing import Shareable, make_shareable

from safelight.sharing.models import Opinion


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    """Where letters go in these tests."""
    settings.SAFELIGHT_COURIER = {
        "adapter": "safelight.sharing.adapters.folder.FolderCourier",
        "folder": tmp_path / "letters",
        "sender": "safelight@nhs.test",
    }
    return tmp_path / "letters"


@pytest.fixture
def shareable() -> Shareable:
    """Two covered photos of a patient who agrees that colleagues elsewhere see them."""
    take_list("partner.test", "nhs.test")
    return make_shareable(photos=2, yes=(1, 2, 3))


@pytest.fixture
def opinion(folder, shareable) -> Opinion:
    """A question to Dr R Patel; the hold is over."""
    return ask_guest(shareable)
