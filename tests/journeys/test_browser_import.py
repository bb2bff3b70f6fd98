"""A card comes in with a browser where no station is: by folder access, which empties it, and by the folder chooser, which only copies."""

from base64 import b64encode
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.factories.patients import make_patient
from tests.factories.sessions import Session, sort

from safelight.audit.keys import make_seed
from safelight.audit.models import Entry
from safelight.custody.lifecycle import FrameState
from safelight.custody.models import Card, Frame, Import
from safelight.custody.rules import browser_of
from safelight.kernel import clock
from safelight.photographs.models import Photograph

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.requirement("D3")]

# The real handles of a real file system: the sandbox of the page. Only the window that asks for a folder is left out.
LAID = """async (files) => {
  const root = await navigator.storage.getDirectory();
  const put = async (path, data) => {
    const parts = path.split("/");
    let folder = root;
    for (const part of parts.slice(0, -1)) folder = await folder.getDirectoryHandle(part, { create: true });
    const out = await (await folder.getFileHandle(parts.at(-1), { create: true })).createWritable();
    await out.write(Uint8Array.from(atob(data), (one) => one.charCodeAt(0)));
    await out.close();
  };
  for (const [path, data] of Object.entries(files)) await put(path, data);
}"""
LISTED = """async () => {
  const found = [];
  const walk = async (folder, under) => {
    for await (const [name, handle] of folder.entries()) {
      if (handle.kind === "directory") await walk(handle, `${under}${name}/`);
      else found.push(under + name);
    }
  };
  await walk(await navigator.storage.getDirectory(), "");
  return found.sort();
}"""
PICKER = "window.showDirectoryPicker = () => navigator.storage.getDirectory();"


@pytest.fixture
def sample():
    return make_patient()


@pytest.fixture
def ward(sample):
    ward = Session(now=clock.now() - timedelta(minutes=5))
    ward.slate(sample)
    ward.photos(2)
    return ward


def on_the_card(ward) -> dict[str, bytes]:
    return {f"DCIM/{one.folder}/{one.file}": one.data for one in ward.files}


@pytest.fixture
def opened(signed_in, live_server, ward, settings, tmp_path_factory):
    settings.SAFELIGHT_RECEIPT_KEY = tmp_path_factory.mktemp("keys") / "receipt.seed"
    make_seed(settings.SAFELIGHT_RECEIPT_KEY)
    page = signed_in(ward.person)
    page.add_init_script(PICKER)
    page.goto(f"{live_server.url}{reverse('custody:browser')}")
    return page


def then_it_says(page, words):
    expect(page.locator("[data-says]")).to_contain_text(words, timeout=60_000)


def when_the_card_is_chosen(page, files):
    page.evaluate(LAID, {path: b64encode(data).decode() for path, data in files.items()})
    page.get_by_role("button", name="Choose the card, copy and empty it").click()


@pytest.mark.requirement("D8")
def test_the_card_is_copied_checked_emptied_and_never_called_wiped(opened, ward, sample, axe, no_overflow):
    files = on_the_card(ward) | {"NOTES.TXT": b"not a photo"}
    axe(opened)
    no_overflow(opened)
    when_the_card_is_chosen(opened, files)
    then_it_says(
        opened,
        "3 of 3 photos are safe. The card was emptied, not wiped. 1 other file stays on it. Wipe it at a station before the next patient.",
    )
    assert opened.evaluate(LISTED) == ["NOTES.TXT"]
    read_in = Import.objects.get(station=browser_of(ward.person.pk))
    assert {place.frame.state for place in read_in.places.all()} == {FrameState.RELEASED}  # a deleted file can be brought back
    assert not Card.objects.filter(proved_empty_at__gte=read_in.announced_at).exists()
    assert Entry.objects.filter(action="custody.use_browser", actor=ward.person.pk).exists()

    sort(read_in)
    opened.get_by_role("link", name="See whose photos they are").click()
    expect(opened.get_by_text("The card was emptied, not wiped: wipe it at a station before the next patient.")).to_be_visible()
    expect(opened.get_by_text("2 photos in the record")).to_be_visible()
    assert Photograph.objects.filter(patient=sample).count() == 2


def test_a_file_that_the_receipt_does_not_name_stays(opened, ward):
    files = on_the_card(ward)
    [first, *_] = files
    when_the_card_is_chosen(opened, files | {first.rsplit("/", 1)[0] + "/IMG_7777.JPG": b"no photo at all"})
    then_it_says(opened, "3 of 4 photos are safe. The card was not emptied.")
    assert [path.rsplit("/", 1)[1] for path in opened.evaluate(LISTED)] == ["IMG_7777.JPG"]


def test_the_folder_chooser_copies_and_says_that_the_card_is_not_empty(opened, ward, tmp_path):
    files = on_the_card(ward)
    for path, data in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    opened.get_by_label("Only copy: choose the card's folder").set_input_files(tmp_path)
    then_it_says(opened, "3 of 3 photos are safe. The card was not emptied. Wipe it at a station before the next patient.")
    assert all((tmp_path / path).read_bytes() == data for path, data in files.items())
    assert Frame.objects.count() == len(files)
