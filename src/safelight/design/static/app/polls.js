// Parts that ask for news (`hx-get` with `hx-trigger="load delay:..."`) do it only while somebody can see them.
//
// 1. A hidden tab does not ask; it goes on when it is seen again.
// 2. Ten minutes after the last touch a part stops, and a button goes on.
// 3. No answer, or a fault: the part turns grey, the page says so, and it is tried again every five seconds.
// 4. Locked or signed out meanwhile (401, 403): the lock page, never a broken part.
import { say } from "./say.js";

const LONGEST = 10 * 60 * 1000;
const AGAIN = 5000;
const held = new Set();
let touched = performance.now();

const asks = (part) => part.matches?.("[hx-get][hx-trigger^='load delay'], [hx-get][hx-trigger^='every']");

// A part that was held back is put there anew, so that its clock starts again.
function restart(part) {
  held.delete(part);
  if (!part.isConnected) return;
  const anew = part.cloneNode(true);
  part.replaceWith(anew);
  window.htmx.process(anew);
}

function offer(part) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "nhsuk-button nhsuk-button--secondary nhsuk-button--small sl-refresh";
  button.textContent = "Refresh";
  button.addEventListener("click", () => {
    button.remove();
    restart(part);
  });
  part.after(button);
}

function unreachable(part) {
  if (!part.classList.contains("sl-stale")) {
    part.classList.add("sl-stale");
    const words = document.createElement("p");
    words.className = "sl-unreachable";
    words.textContent = `Cannot reach the server. Trying again… This is from ${new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}.`;
    part.prepend(words);
    say("Cannot reach the server. Trying again.");
  }
  setTimeout(restart, AGAIN, part);
}

document.addEventListener("htmx:beforeRequest", (event) => {
  const part = event.detail.elt;
  if (!asks(part)) return;
  if (document.hidden) { // (1)
    event.preventDefault();
    held.add(part);
  } else if (performance.now() - touched > LONGEST) { // (2)
    event.preventDefault();
    offer(part);
  }
});

document.addEventListener("htmx:sendError", (event) => { // (3)
  if (asks(event.detail.elt)) unreachable(event.detail.elt);
});

document.addEventListener("htmx:responseError", (event) => {
  const { elt, xhr } = event.detail;
  if (!asks(elt)) return;
  if (xhr.status === 401 || xhr.status === 403) { // (4)
    window.location.assign(document.querySelector("form[data-lock-after]")?.action ?? "/");
  } else {
    unreachable(elt); // (3)
  }
});

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) [...held].forEach(restart);
});
for (const kind of ["keydown", "pointerdown"]) {
  window.addEventListener(kind, () => { touched = performance.now(); }, { passive: true, capture: true });
}
