// Opens a photo again whose larger picture is not shown any more: who opened it may see it for a quarter of an hour. Place, zoom and
// boxes stay as they are; it is one more entry of who looked.

import { tell } from "../app/say.js";

export function reopens(form, { element, view }) {
  const notice = element.querySelector("[data-ended]");
  const [words, button] = [notice.querySelector("p"), notice.querySelector("button")];
  const first = words.textContent;
  view.addEventListener("ended", () => {
    words.textContent = first;
    notice.hidden = false;
    tell(first);
  });
  button.addEventListener("click", async () => {
    const body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    const answer = await fetch(notice.dataset.ended, { method: "POST", body, redirect: "manual" }).catch(() => null);
    if (answer?.type === "opaqueredirect" || answer?.status === 401) return void window.location.reload(); // locked meanwhile
    if (!answer?.ok) {
      words.textContent = answer ? "This photo cannot be opened any more. Your boxes are kept: go back, and open it anew." : "Cannot reach the server. Try again.";
      tell(words.textContent);
      return;
    }
    notice.hidden = true;
    view.pane.focus({ preventScroll: true });
    tell("Opened again");
    view.opened();
  });
}
