"""What journeys measure with: an accessibility check, a count of what hands do, a look for overflow, a security key."""

import json

import pytest
from playwright.sync_api import CDPSession, ConsoleMessage, Page
from tests.shared import PROJECT

AXE = PROJECT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# A page is looked at when its colours have stopped changing.
AT_REST = """
  await new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  const passing = document.getAnimations().filter(one => one.effect.getComputedTiming().endTime < Infinity);
  await Promise.allSettled(passing.map(one => one.finished));
"""
# What axe says of all that is right is long, and is left in the browser.
FINDINGS = f"""async rules => {{
  {AT_REST}
  return (await axe.run(document, {{runOnly: rules, resultTypes: ['violations']}})).violations;
}}"""
WIDTHS = (320, 768, 1366)
STORED = "sl-hands"

# Counted in the tab's own storage, so that a new page goes on counting. Typing and scanning into a field are not counted, Enter is.
COUNT = """
(() => {
  if (window.top !== window || location.protocol === "about:") return;
  const count = (event) => {
    if (!event.isTrusted || event.repeat) return;
    const field = event.target.matches?.("textarea, input:not([type=radio], [type=checkbox], [type=submit], [type=button])");
    const typed = event.type === "keydown" && field && (event.key.length === 1 || event.key === "Backspace");
    const modifier = ["Shift", "Control", "Alt", "Meta"].includes(event.key);
    if (typed || modifier) return;
    sessionStorage.setItem("sl-hands", Number(sessionStorage.getItem("sl-hands") ?? 0) + 1);
  };
  for (const kind of ["pointerdown", "keydown"]) window.addEventListener(kind, count, { capture: true });
})();
"""

OVERFLOW = """() => {
  const page = document.documentElement;
  if (page.scrollWidth <= page.clientWidth) return [];
  return [...document.body.querySelectorAll("*")]
    .filter((one) => one.getBoundingClientRect().right > page.clientWidth + 1)
    .map((one) => `${one.tagName.toLowerCase()}.${one.className}`).slice(0, 8);
}"""

SECURITY_KEY = {
    "protocol": "ctap2",
    "ctap2Version": "ctap2_1",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def no_finding(page: Page) -> None:
    """No finding of axe on the page as it stands, its best practices included."""
    if not AXE.exists():
        pytest.fail("axe-core is missing: run make assets")
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text())
    violations = page.evaluate(FINDINGS, RULES)
    found = [{"rule": one["id"], "what": one["help"], "where": [node["html"] for node in one["nodes"]][:3]} for one in violations]
    assert not found, json.dumps(found, indent=1, ensure_ascii=False)


def at_rest(page: Page) -> None:
    """As long as `no_finding` waits before it looks."""
    page.evaluate(f"async () => {{ {AT_REST} }}")


def hands(page: Page) -> int:
    """Clicks and keys since the tab was opened; letters typed into a field, and scans, are left out."""
    return int(page.evaluate(f"sessionStorage.getItem('{STORED}') ?? 0"))


def fits(page: Page, widths: tuple[int, ...] = WIDTHS) -> None:
    """The page needs no scrolling sideways at any of these widths (WCAG 1.4.10)."""
    size = page.viewport_size
    for width in widths:
        page.set_viewport_size({"width": width, "height": 768})
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert (wide := page.evaluate(OVERFLOW)) == [], f"{width} px: {wide}"
    if size:
        page.set_viewport_size(size)


def is_fault(message: ConsoleMessage) -> bool:
    """An error on the console that is ours. A refused request (403, 404, 422) is an answer; Chromium and htmx print it as an error."""
    return message.type == "error" and not message.text.startswith(("Failed to load resource", "Response Status Error Code"))


class SecurityKey:
    """Chromium's virtual authenticator on one page: it holds passkeys and verifies its user, until told otherwise."""

    def __init__(self, page: Page) -> None:
        self.devtools: CDPSession = page.context.new_cdp_session(page)
        self.devtools.send("WebAuthn.enable", {"enableUI": False})
        self.id = self.devtools.send("WebAuthn.addVirtualAuthenticator", {"options": SECURITY_KEY})["authenticatorId"]

    def verifies_its_user(self, does: bool) -> None:
        self.devtools.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": does})

    @property
    def credentials(self) -> list[dict[str, object]]:
        return self.devtools.send("WebAuthn.getCredentials", {"authenticatorId": self.id})["credentials"]
