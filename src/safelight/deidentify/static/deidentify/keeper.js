// Keeps what is not yet saved on the server, as a draft: a lock, a reload or another person's turn at this PC loses nothing.
//
// 1. Each photo is told a moment after its last change; only a hand's change is told, so that no open page stays unlocked by itself.
// 2. Who brings an old version changes nothing: the page shows what the other person did, and this person's work stays as it is
//    until they choose. Until then it is kept for them alone, what they go on to do as well: a reload shows both.
// 3. The lock waits for what is on its way, for two seconds at most.

import { tell } from "../app/say.js";
import { again } from "./arrivals.js";
import { write } from "./filled.js";

const PAUSE = 700;
const AGAIN = 5000;
const TRIES = 12;
const LOCK_WAITS = 2000;
const OUTLIVES = 60_000; // letters: browsers send no more than 64 KiB for a page that is left

export class Keeper {
  constructor(form, editor) {
    Object.assign(this, { form, editor, tries: 0, timer: null, busy: null });
    this.says = form.querySelector("[data-kept]");
    this.kept = new Map(editor.desks.map(({ id }) => [id, { photo: editor.work.photo(id), version: Number(form.elements[`version-${id}`].value) }]));
    this.disputed = new Map(); // what the other person did
    this.aside = new Map(); // what of this person's is kept for them alone
    this.chosen = new Set(); // photos of which they have chosen their own
    window.addEventListener("online", () => this.changed());
    document.addEventListener("visibilitychange", () => document.hidden && this.send());
    document.addEventListener("submit", (event) => this.#locks(event));
    form.addEventListener("click", (event) => this.#chosen(event));
    for (const element of form.querySelectorAll("[data-dispute]")) this.#found(element); // what the server has said already
  }

  version(id) { return this.kept.get(id).version; }

  #unkept() {
    const { work } = this.editor;
    const last = (id) => (this.disputed.has(id) ? this.aside.get(id) : this.kept.get(id).photo);
    return [...this.kept.keys()].filter((id) => !same(last(id), work.photo(id)));
  }

  resting() { return this.busy === null && this.#unkept().length === 0 && this.disputed.size === 0; }

  changed() {
    clearTimeout(this.timer);
    this.tries = 0;
    if (this.#unkept().length) this.timer = setTimeout(() => this.send(), PAUSE);
  }

  // Gives whether everything is kept now.
  async send() {
    clearTimeout(this.timer);
    if (this.busy) await this.busy;
    this.busy = this.#all();
    await this.busy;
    this.busy = null;
    return this.resting();
  }

  async #all() {
    for (const id of this.#unkept()) await this.#one(id); // one after the other: they are few
  }

  async #one(id) {
    const photo = this.editor.work.photo(id);
    write(this.form, id, photo, this.version(id));
    const body = new URLSearchParams({ csrfmiddlewaretoken: this.form.elements.csrfmiddlewaretoken.value });
    for (const name of ["turn", "version", "boxes"]) body.set(name, this.form.elements[`${name}-${id}`].value);
    if (this.chosen.has(id)) body.set("chosen", "mine");
    const { keep, aside } = this.form.querySelector(`[data-desk="${id}"]`).dataset;
    const disputed = this.disputed.has(id);
    try {
      const answer = await fetch(disputed ? aside : keep, { method: "POST", body, redirect: "manual", keepalive: `${body}`.length < OUTLIVES });
      if (answer.type === "opaqueredirect" || answer.status === 401) return void window.location.reload(); // locked meanwhile
      const said = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : {};
      if (answer.ok && disputed) this.aside.set(id, photo);
      else if (answer.ok) this.#is(id, photo, said);
      else if (answer.status === 409 && said.areas) this.#dispute(id, said, photo);
      else this.#later(said.says ?? "Not kept yet. Trying again…");
    } catch {
      this.#later("Cannot reach the server. Trying again…");
    }
  }

  #is(id, photo, { version, numbers, looks_again: looksAgain }) {
    this.kept.set(id, { photo, version });
    this.chosen.delete(id);
    this.editor.work.named(id, numbers);
    this.says.textContent = "Kept";
    if (looksAgain) again(this.form, id);
  }

  #later(words) {
    this.says.textContent = words;
    this.tries += 1;
    if (this.tries < TRIES) this.timer = setTimeout(() => this.send(), AGAIN);
  }

  // ---- two people on one photo ----

  #found(element) {
    const said = JSON.parse(element.dataset.dispute || "null");
    if (said) this.#dispute(element.dataset.of, said);
  }

  #dispute(id, said, mine = this.editor.work.photo(id)) {
    this.disputed.set(id, said);
    this.aside.set(id, mine);
    const notice = this.form.querySelector(`[data-dispute][data-of="${id}"]`);
    notice.hidden = false;
    notice.querySelector("[data-says]").textContent = said.says;
    this.editor.desks.find((desk) => desk.id === id).layer.others(said.areas, said.turn);
    this.says.textContent = "Kept for you: choose whose boxes stay";
    tell(said.says);
  }

  #chosen(event) {
    const pressed = event.target.closest("[data-keep-whose]");
    if (!pressed) return;
    event.preventDefault();
    const notice = pressed.closest("[data-dispute]");
    const id = notice.dataset.of;
    const said = this.disputed.get(id);
    const desk = this.editor.desks.find((each) => each.id === id);
    this.disputed.delete(id);
    this.kept.set(id, { photo: { turn: said.turn, areas: said.areas }, version: said.version });
    if (pressed.dataset.keepWhose === "theirs") this.#takes(id, said);
    else this.chosen.add(id);
    notice.hidden = true;
    desk.layer.others([], 0);
    desk.view.pane.focus({ preventScroll: true });
    tell(pressed.dataset.keepWhose === "theirs" ? "Theirs. Undo brings yours back" : "Yours stay");
    this.changed();
  }

  #takes(id, { turn, areas }) {
    this.editor.work.take(id, { turn, areas });
    const body = new URLSearchParams({ csrfmiddlewaretoken: this.form.elements.csrfmiddlewaretoken.value, theirs: "1" });
    const { aside } = this.form.querySelector(`[data-desk="${id}"]`).dataset;
    fetch(aside, { method: "POST", body, redirect: "manual", keepalive: true }).catch(() => null); // a reload asks once more
  }

  #locks(event) { // (3)
    const lock = event.target;
    if (!lock.matches("form[data-lock-after]") || this.resting() || event.defaultPrevented) return;
    event.preventDefault();
    const waited = new Promise((done) => { setTimeout(done, LOCK_WAITS); });
    Promise.race([this.send(), waited]).finally(() => lock.submit());
  }
}

// Whether the server would learn anything new. What the computer found it knows already.
function same(one, other) {
  if (one.turn !== other.turn) return false;
  const said = (photo) => photo.areas.filter((area) => area.drawn || area.state !== "undecided")
    .map(({ id, x, y, w, h, state }) => `${id} ${x} ${y} ${w} ${h} ${state}`).sort().join();
  return one === other || said(one) === said(other);
}
