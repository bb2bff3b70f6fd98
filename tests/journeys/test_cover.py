"""Covering what identifies a patient, as a ward does it: two urgent photos in three clicks, by keyboard, by finger, without scripts."""

import re

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from tests.factories import pictures as invented
from tests.factories.deidentify import computer_looks_again, keep, look_again, note, open_desk, said, see_desk, seen
from tests.factories.photographs import Record, facts_of, file_one, make_record
from tests.factories.staff import actor_of, cookie_for, make_person
from tests.servers.worker import wait_until

from safelight.deidentify import queries
from safelight.deidentify.boxes import Kind
from safelight.deidentify.models import Decision, Finding
from safelight.photographs.models import Photograph

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
BAND = (0.7, 0.3, 0.12, 0.3)
FACE = (0.1, 0.1, 0.2, 0.3)
LABEL = (0.4, 0.7, 0.2, 0.1)
ELSEWHERE, BESIDE = (0.1, 0.6, 0.2, 0.1), (0.4, 0.1, 0.15, 0.2)
AT_MOST = 20_000  # ms that covering two photos, and looking at the copies, may take on a busy machine

PLACE = "pane => [pane.scrollLeft, pane.scrollTop, pane.querySelector('[data-sheet]').offsetWidth]"
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@pytest.fixture
def record() -> Record:
    return make_record()


@pytest.fixture
def photo(record) -> Photograph:
    """A photo with a wristband, a face and a label, which the computer has found."""
    return looked_at(record.photos(1)[0])


def looked_at(photo: Photograph) -> Photograph:
    note(photo, seen(kind=Kind.FACE, box=FACE), stage="faces", done=False)
    note(photo, seen("NHS 999 000 0018", box=BAND), seen("WARD 4", box=LABEL), done=False)
    note(photo, seen("Place: 51.5 N 0.1 W", kind=Kind.METADATA), stage="metadata")
    return photo


@pytest.fixture
def ward(signed_in, record, live_server) -> Page:
    page = signed_in(record.person)

    def opened(*photos: Photograph, after: str = "") -> Page:
        asked = ",".join(str(one.pk) for one in photos)
        page.goto(f"{live_server.url}{reverse('deidentify:set')}?photos={asked}{f'&next={after}' if after else ''}")
        page.wait_for_load_state("networkidle")
        return page

    page.opened = opened
    return page


def boxes(page: Page) -> list[str]:
    """Every box as a screen reader says it."""
    return [box.get_attribute("aria-label") for box in page.locator(".sl-area").all()]


def is_kept(page: Page) -> None:
    expect(page.locator("[data-kept]")).to_have_text("Kept")


def focused(page: Page) -> str:
    return page.evaluate("() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent.trim()")


@pytest.mark.requirement("F1")
def test_two_urgent_photos_are_covered_in_three_clicks_with_all_of_it_in_view(ward, record, photo, axe, no_overflow, clicks):
    other = looked_at(record.photos(1)[0])
    after = reverse("photographs:patient", args=[record.patient.pk])
    page = ward.opened(photo, other, after=after)
    assert boxes(page)[0] == "Box 2 of 3: text, This patient’s NHS number: “NHS 999 000 0018”, not decided"
    expect(page.get_by_role("heading", name="The computer found 6 areas")).to_be_visible()
    expect(page.get_by_text("Place: 51.5 N 0.1 W").first).to_be_attached()
    assert all(page.evaluate("() => [...document.querySelectorAll('.sl-sheet img')].map(one => one.naturalWidth)"))
    for seen_at_once in ("Cover all 6", "Save both"):
        assert page.get_by_role("button", name=seen_at_once).bounding_box()["y"] < 720
    assert not page.locator("input:checked").count()
    axe(page)
    no_overflow(page)
    page.set_viewport_size({"width": 390, "height": 844})
    axe(page)
    page.set_viewport_size({"width": 1366, "height": 768})

    page.get_by_role("button", name="Cover all 6").click()
    wait_until(lambda: not queries.to_decide(record.by, [photo.pk, other.pk]))
    for one in (photo, other):
        computer_looks_again(one)  # what a worker does while the person reads on
    page.get_by_label("I looked at both photos. Nothing else identifies the patient.").click()
    page.get_by_role("button", name="Save both").click()
    expect(page).to_have_url(re.compile(f"^[^?]*{after}$"), timeout=AT_MOST)
    assert clicks(page) == 3
    copies = [approval.copy for approval in queries.approvals(record.by, [photo.pk, other.pk]).values()]
    assert [len(copy.areas) for copy in copies] == [3, 3]
    assert {copy.signing.kind for copy in copies} == {"urgent"}
    ward.opened(looked_at(record.photos(1)[0]), photo, other)  # what is left on another page of the set is said where they save
    page.locator(".sl-cover__set button").last.click()
    page.get_by_label("I looked at all 3 photos. Nothing else identifies the patient.").check()
    page.get_by_role("button", name="Save all 3").click()
    page.get_by_role("link", name="Photo 1: 3 areas still to decide: 1, 2 and 3").click()
    expect(page.get_by_role("heading", name="The computer found 3 areas")).to_be_visible()


@pytest.mark.one_database
def test_by_keyboard_alone_boxes_are_moved_sized_added_removed_and_taken_back_and_the_focus_is_never_lost(ward, record, photo):
    page = ward.opened(photo)
    say, press = page.locator("#say"), page.keyboard.press
    press("Tab")
    press("Tab")
    press("Enter")
    assert focused(page).startswith("Box 2 of 3")
    press("Enter")
    expect(say).to_have_text("Box 2. Covered")
    for key, words in (
        ("ArrowLeft", "Box 2: left 69, top 30, 12 wide, 30 high, percent. Covered"),
        ("Shift+ArrowDown", "Box 2: left 69, top 30, 12 wide, 31 high, percent. Covered"),
        ("Alt+ArrowUp", "Box 2: left 69, top 30, 12 wide, 31 high, percent. Covered"),
        ("n", "Box 4 added. Covered"),
        ("Delete", "Box 4 removed"),
    ):
        press(key)
        expect(say).to_have_text(words)
        assert focused(page).startswith("Box")
    press("Space")  # the last box has the focus now
    press("Delete")
    expect(say).to_have_text("Box 3. Shown")
    for _ in range(9):
        press("Control+z")
    expect(say).to_have_text("Nothing to undo")
    assert all(words.endswith("not decided") for words in boxes(page))
    press("Control+y")
    expect(say).to_have_text("Done again")
    press("+")
    expect(page.get_by_text("125 %")).to_be_visible()
    press("0")
    press("t")
    expect(say).to_have_text("Turned. 90 degrees")

    page.get_by_role("button", name="Save").focus()
    press("Enter")
    expect(page.locator("[data-problem]")).to_be_focused()
    expect(page.get_by_role("link", name="2 areas still to decide: 1 and 3")).to_be_visible()
    press("Tab")
    press("Enter")
    press("Space")
    page.get_by_label("Show").last.focus()
    press("Space")
    page.get_by_label("Tattoos, scars, birthmarks").focus()
    for _ in range(4):
        press("Space")
        press("Tab")
    press("Tab")
    press("Enter")
    expect(page.get_by_role("heading", name="Saved. The computer looks once more")).to_be_visible(timeout=AT_MOST)
    computer_looks_again(photo)
    expect(page.get_by_role("heading", name="This copy can be shared")).to_be_visible(timeout=AT_MOST)  # the page asked by itself
    expect(page.get_by_text("Identifiers reduced")).to_be_visible()
    copy = queries.approvals(record.by, [photo.pk])[photo.pk].copy
    assert (copy.turn, copy.width < copy.height, copy.signing.kind) == (1, True, "full")
    expect(page.get_by_role("main")).not_to_contain_text("anonymous")


@pytest.mark.one_database
def test_fingers_draw_move_and_size_boxes_and_scroll_the_photo_elsewhere(ward, record, photo):
    page = ward.opened(photo)
    touch = page.context.new_cdp_session(page)

    def drag(start, end):
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": start[0], "y": start[1]}]})
        for step in range(1, 7):
            x, y = (start[axis] + (end[axis] - start[axis]) * step / 6 for axis in (0, 1))
            touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y}]})
            page.evaluate(TWO_FRAMES)  # a finger is not faster than the screen
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def middle(box):
        edge = box.bounding_box()
        return edge["x"] + edge["width"] / 2, edge["y"] + edge["height"] / 2

    for _ in range(4):
        page.get_by_role("button", name="Larger").click()
    pane = page.locator("[data-pane]")
    was, (x, y) = pane.evaluate("one => one.scrollTop"), middle(pane)
    drag((x - 150, y), (x - 150, y - 120))
    page.wait_for_function("([pane, was]) => pane.scrollTop > was", arg=[pane.element_handle(), was])
    page.get_by_role("button", name="Fit").click()

    face = page.locator(".sl-area").nth(1)
    before, (x, y) = face.bounding_box(), middle(face)
    drag((x, y), (x + 90, y + 40))
    assert face.bounding_box()["x"] == pytest.approx(before["x"] + 90, abs=2)
    expect(face).to_have_attribute("aria-label", re.compile("covered$"))
    x, y = middle(page.locator(".sl-handle:visible").nth(4))
    drag((x, y), (x + 30, y + 30))
    assert face.bounding_box()["width"] == pytest.approx(before["width"] + 30, abs=2)

    page.get_by_role("button", name="Draw a box").click()
    sheet = page.locator(".sl-sheet").bounding_box()
    drag((sheet["x"] + 20, sheet["y"] + 380), (sheet["x"] + 120, sheet["y"] + 440))
    expect(page.locator(".sl-area")).to_have_count(4)
    page.get_by_role("button", name="Draw a box").click()  # and without a drag: two corners
    page.mouse.click(sheet["x"] + 200, sheet["y"] + 400)
    page.mouse.click(sheet["x"] + 260, sheet["y"] + 450)
    expect(page.locator(".sl-area")).to_have_count(5)
    page.get_by_role("button", name="1. Face").click()
    for step in ("Left", "Wider", "Taller"):
        page.get_by_role("button", name=step, exact=True).click()
    expect(page.locator("#say")).to_have_text(re.compile("Box 1: left .* Covered"))

    is_kept(page)
    drawn = [found for found in see_desk(photo, record.by).findings if found.source == "drawn"]
    assert [found.state for found in drawn] == [Decision.COVER, Decision.COVER]


@pytest.mark.one_database
def test_without_scripts_the_list_beside_a_numbered_picture_is_enough(browser: Browser, record, photo, live_server):
    plain = browser.new_context(java_script_enabled=False, viewport={"width": 1366, "height": 768})
    plain.add_cookies([{"name": "sessionid", "value": cookie_for(record.person), "url": live_server.url}])
    page = plain.new_page()
    page.goto(live_server.url + reverse("deidentify:cover", args=[photo.pk]))
    expect(page.get_by_role("img", name="with numbered boxes")).to_be_visible()
    page.get_by_role("spinbutton", name="Left").fill("10")
    page.get_by_role("button", name="Add box").click()
    expect(page.get_by_text("Say left, top, width and height of the box in percent.")).to_be_visible()
    for side, percent in (("Left", "10"), ("Top", "80"), ("Width", "20"), ("Height", "10")):
        page.get_by_role("spinbutton", name=side).fill(percent)
    page.get_by_role("button", name="Add box").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="3 areas still to decide: 1, 2 and 3")).to_be_visible()
    page.get_by_role("button", name="Cover all 3").click()
    page.locator("#looked-urgent").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Saved. The computer looks once more")).to_be_visible(timeout=AT_MOST)
    computer_looks_again(photo)
    page.reload()
    expect(page.get_by_role("heading", name="This copy can be shared")).to_be_visible()
    assert len(queries.approvals(record.by, [photo.pk])[photo.pk].copy.areas) == 4
    plain.close()


@pytest.mark.one_database
def test_what_is_not_saved_survives_a_lock_and_a_reload_and_what_the_computer_finds_later_joins(ward, record, live_server):
    photo = record.photos(1)[0]
    page = ward.opened(photo)
    expect(page.get_by_role("heading", name="The computer is looking")).to_be_visible()
    page.get_by_role("button", name="Add box").click()
    is_kept(page)
    note(photo, seen(kind=Kind.FACE, box=FACE), stage="faces", done=False)
    expect(page.get_by_role("heading", name="Found 1 area so far")).to_be_visible()
    assert focused(page).startswith("Box 1 of 2: drawn box")  # nothing moved under the hand
    note(photo, seen("SAHPLL 0f", box=BAND), stage="text", done=False)
    expect(page.get_by_role("heading", name="Found 2 areas so far")).to_be_visible()
    note(photo, seen("SAMPLE", box=BAND), stage="text-close", done=True)  # read better, it is the patient's own
    expect(page.get_by_role("heading", name="The computer found 2 areas")).to_be_visible()
    expect(page.locator("[data-note]").last).to_have_text("This patient’s name: “SAMPLE”", timeout=AT_MOST)
    expect(page.locator("#say")).to_have_text("Box 3. Text: This patient’s name: “SAMPLE”", timeout=AT_MOST)
    page.get_by_label("Cover", exact=True).last.check()
    page.get_by_role("button", name="Lock", exact=True).click()  # at once, before the page has kept it
    expect(page).to_have_url(re.compile("/lock/"))
    assert sorted(found.state for found in see_desk(photo, record.by).findings) == ["cover", "cover", "undecided"]

    cookie = {"name": "sessionid", "value": cookie_for(record.person), "url": live_server.url}
    page.context.add_cookies([cookie])
    page = ward.opened(photo)
    assert sorted(words.rpartition(", ")[2] for words in boxes(page)) == ["covered", "covered", "not decided"]


@pytest.mark.requirement("F1")
def test_what_the_computer_sees_in_the_copy_arrives_while_the_page_is_open_and_after_it_was_saved(ward, record, photo, axe):
    page = ward.opened(photo)
    page.get_by_role("button", name="Cover all 3").click()
    wait_until(lambda: not queries.to_decide(record.by, [photo.pk]))
    expect(page.locator("[data-left]")).to_have_text("The computer looks once more", timeout=AT_MOST)
    look_again(queries.draft_of(record.by, photo.pk), seen("SAMPLE", box=ELSEWHERE), seen(kind=Kind.FACE, box=BESIDE))
    expect(page.get_by_text("1 thing still looks like a face, 1 like text in the covered copy. Cover or show each.")).to_be_visible(
        timeout=AT_MOST
    )
    page.reload()
    expect(page.get_by_text("1 thing still looks like a face, 1 like text in the covered copy.")).to_be_visible(timeout=AT_MOST)
    axe(page)
    page.get_by_role("button", name="Cover all 2").click()
    wait_until(lambda: not queries.to_decide(record.by, [photo.pk]))
    look_again(queries.draft_of(record.by, photo.pk))
    page.get_by_label("Nothing else identifies the patient.").check()
    page.get_by_role("button", name="Save").click()  # before the whole of the look
    expect(page.get_by_role("heading", name="This copy can be shared")).to_be_visible(timeout=AT_MOST)
    look_again(queries.newest_copy(record.by, photo.pk), seen("WARD 4", box=(0.45, 0.45, 0.1, 0.05)), whole=True)
    expect(page.get_by_text("This copy was taken back: 1 thing still looks like text.")).to_be_visible(timeout=AT_MOST)
    axe(page)
    page.get_by_role("link", name="Decide, and save again").click()
    expect(page.get_by_role("link", name="Skip to the boxes")).to_be_attached()
    expect(page.locator(".sl-area").last).to_have_attribute("aria-label", re.compile("not decided$"))


def test_of_two_people_on_one_photo_the_slower_sees_what_the_other_did_and_loses_nothing(ward, record, photo):
    page = ward.opened(photo)
    webb = actor_of(make_person("webb", "Sr E Webb", wards=["BURNS2"]))
    open_desk(photo, webb)
    keep(photo, webb, *(said(found, Decision.SHOW) for found in Finding.objects.filter(photograph=photo, x__isnull=False)))
    page.get_by_role("button", name="Cover all 3").click()
    notice = page.locator(".sl-cover__dispute")
    expect(notice).to_contain_text(re.compile(r"Sr E Webb changed this at \d\d:\d\d. Look again."))
    assert all(words.endswith("covered") for words in boxes(page))
    expect(page.locator(".sl-area-theirs")).to_have_count(3)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Somebody else changed this. Choose whose boxes stay")).to_be_visible()
    page.get_by_role("button", name="Add box").click()  # on goes the work
    wait_until(lambda: len(queries.set_aside(record.by, photo.pk).boxes) == 4)
    page.reload()
    expect(notice).to_contain_text("Sr E Webb changed this at")
    assert [words.rpartition(", ")[2] for words in boxes(page)] == ["covered"] * 4
    expect(page.locator(".sl-area-theirs")).to_have_count(3)
    page.get_by_role("button", name="Take theirs").click()
    wait_until(lambda: queries.set_aside(record.by, photo.pk) is None)
    assert all(words.endswith("shown") for words in boxes(page))
    page.keyboard.press("Control+z")
    assert all(words.endswith("covered") for words in boxes(page))
    is_kept(page)
    assert {found.state for found in see_desk(photo, webb).findings} == {Decision.COVER}


def test_where_the_computer_could_not_look_people_do_and_the_copy_says_so(ward, record, axe, clicks):
    photo = file_one(record.patient, record.visit, jpeg=invented.photo(3, size=(2400, 1600)))
    note(photo, stage="faces", failed=True)
    page = ward.opened(photo)
    expect(page.get_by_text("The computer could not check this photo. Look yourself and draw boxes.")).to_be_visible()
    axe(page)
    page.emulate_media(forced_colors="active")
    axe(page)
    for _ in range(5):
        page.get_by_role("button", name="Larger").click()
    page.wait_for_function("() => document.querySelector('.sl-sheet img').naturalWidth === 2400")
    page.get_by_role("button", name="Add box").click()
    page.get_by_label("Nothing else identifies the patient.").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The computer could not check this photo. A person looked.")).to_be_visible(timeout=AT_MOST)
    axe(page)
    computer_looks_again(photo)
    expect(page.get_by_role("heading", name="This copy can be shared")).to_be_visible(timeout=AT_MOST)  # the page asked by itself
    assert queries.approvals(record.by, [photo.pk])[photo.pk].copy.flagged

    page.get_by_role("link", name="Cover again").or_(page.get_by_role("button", name="Cover again")).click()
    page.get_by_role("button", name="Do not share this photo").click()
    expect(page).to_have_url(re.compile(f"/photos/{photo.pk}/$"))
    assert queries.approvals(record.by, [photo.pk]) == {}


def test_who_zooms_in_when_the_photo_is_not_open_any_more_is_told_and_opens_it_again_at_the_same_place(ward, record, live_server, axe):
    photo = looked_at(file_one(record.patient, record.visit, jpeg=invented.photo(3, size=(2400, 1600))))
    page = ward.opened(photo)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": cookie_for(record.person), "url": live_server.url}
    page.context.add_cookies([cookie])  # signed in anew: the leave to see the bytes was the other sign-in's
    told = page.get_by_role("group", name="The larger picture")
    page.locator("[data-pane]").focus()
    for _ in range(5):
        page.keyboard.press("+")
    expect(told).to_contain_text("shown for a quarter of an hour after the photo was opened")
    page.set_viewport_size({"width": 390, "height": 844})
    axe(page)
    page.set_viewport_size({"width": 1366, "height": 768})
    page.evaluate(TWO_FRAMES)  # the photo takes on the new width
    place = page.locator("[data-pane]").evaluate(PLACE)
    entries = len(facts_of("deidentify.view_desk"))
    told.get_by_role("button", name="Open it again").press("Enter")
    page.wait_for_function("() => document.querySelector('.sl-sheet img').naturalWidth === 2400")
    expect(told).to_be_hidden()
    expect(page.locator("[data-pane]")).to_be_focused()
    assert page.locator("[data-pane]").evaluate(PLACE) == place
    assert len(facts_of("deidentify.view_desk")) == entries + 1
