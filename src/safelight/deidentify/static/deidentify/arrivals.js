// What the computer finds while the page is open. A part of the page asks for it (htmx, see design/polls.js) and carries it as
// `data-found`; it joins the work without moving what a hand is at. When everything is decided the computer looks again, at what would
// be shown: what it finds there arrives in the same way.

import { tell } from "../app/say.js";

export function follow(editor) {
  document.addEventListener("htmx:load", (event) => {
    const part = event.detail.elt;
    if (part.matches?.("[data-found-of]")) take(editor, part);
  });
}

export function again(form, id) {
  form.querySelector(`[data-found-of="${id}"]`)?.dispatchEvent(new CustomEvent("sl-again"));
}

function take(editor, part) {
  const { fresh, better } = editor.work.arrive(part.dataset.foundOf, JSON.parse(part.dataset.found));
  editor.saying.draw();
  if (fresh.length) {
    const own = fresh.find((one) => one.note);
    const more = fresh.length === 1 ? "1 more area" : `${fresh.length} more areas`;
    tell(own ? `The computer found ${more}. ${own.words}: ${own.note}` : `The computer found ${more}`);
  } else if (better.length) {
    tell(`Box ${better[0].number}. ${better[0].words}: ${better[0].note}`);
  } else if (!("looking" in part.dataset || "again" in part.dataset)) {
    tell("failed" in part.dataset ? "The computer could not check this photo. Look yourself and draw boxes." : "The computer has looked at everything");
  }
}
