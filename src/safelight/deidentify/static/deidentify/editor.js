// The page on which people cover what identifies a patient: one photo, or two side by side.
//
// The form holds the truth. The server has drawn its rows; they are read here once, drawn anew whenever the work changes, and
// written back when it is sent. Without this module the same form is filled in by hand, beside a numbered picture.

import { tell } from "../app/say.js";
import { follow } from "./arrivals.js";
import { read, write } from "./filled.js";
import { Keeper } from "./keeper.js";
import { listen } from "./keys.js";
import { inWords, Layer } from "./layer.js";
import { reopens } from "./opening.js";
import { Rows } from "./rows.js";
import { Saying } from "./saying.js";
import { View } from "./view.js";
import { COVER, SHOW, UNDECIDED, Work } from "./work.js";

const WORDS = { [COVER]: "Covered", [SHOW]: "Shown", [UNDECIDED]: "Not decided" };
const FINE = 0.0025;
const COARSE = 0.01;
const MIDDLE = 0.3; // an added box is so large of what is seen

// What the row's buttons and the arrow keys do to a box, by a step.
export const STEPS = {
  left: (box, by) => ({ ...box, x: box.x - by }),
  right: (box, by) => ({ ...box, x: box.x + by }),
  up: (box, by) => ({ ...box, y: box.y - by }),
  down: (box, by) => ({ ...box, y: box.y + by }),
  wider: (box, by) => ({ ...box, w: Math.min(box.w + by, 1 - box.x) }),
  narrower: (box, by) => ({ ...box, w: box.w - by }),
  taller: (box, by) => ({ ...box, h: Math.min(box.h + by, 1 - box.y) }),
  shorter: (box, by) => ({ ...box, h: box.h - by }),
};

class Editor {
  constructor(form) {
    this.form = form;
    const desks = [...form.querySelectorAll("[data-desk]")];
    this.work = new Work(Object.fromEntries(desks.map((desk) => [desk.dataset.desk, read(form, desk)])));
    this.desks = desks.map((desk) => this.#desk(desk));
    this.active = this.desks[0];
    this.saying = new Saying(form, this);
    this.keeper = new Keeper(form, this);
    for (const kind of ["change", "arrived"]) this.work.addEventListener(kind, () => this.draw());
    this.work.addEventListener("change", () => this.keeper.changed());
    form.addEventListener("click", (event) => this.#pressed(event));
    form.addEventListener("submit", (event) => this.#sent(event));
    document.querySelector("[href='#boxes']").addEventListener("click", (event) => {
      event.preventDefault();
      (form.querySelector(".sl-area") ?? form.querySelector("[data-pane]")).focus();
    });
    listen(this);
    follow(this);
    this.draw();
  }

  #desk(element) {
    const id = element.dataset.desk;
    const view = new View(element.querySelector("[data-pane]"));
    const layer = new Layer(view, this.work, id);
    const rows = new Rows(this.form.querySelector(`[data-rows="${id}"]`), this.work, id);
    const desk = { id, element, view, layer, rows };
    reopens(this.form, desk);
    element.addEventListener("focusin", () => this.activate(desk));
    element.addEventListener("pointerdown", () => this.activate(desk));
    view.addEventListener("zoom", () => this.#sayZoom());
    view.addEventListener("broken", () => element.classList.add("sl-desk--broken"));
    layer.addEventListener("select", ({ detail }) => {
      if (detail) this.activate(desk);
      rows.draw(detail);
    });
    layer.addEventListener("toggle", ({ detail }) => this.toggle(desk, detail));
    layer.addEventListener("placed", ({ detail }) => this.tellBox(desk, detail));
    layer.addEventListener("drawing", ({ detail }) => this.#button("draw").setAttribute("aria-pressed", String(detail)));
    layer.addEventListener("corner", () => tell("First corner set. Click the opposite corner"));
    layer.addEventListener("drawn", ({ detail }) => this.add(desk, detail));
    rows.addEventListener("decide", ({ detail: { id: area, state } }) => this.decide(desk, area, state));
    rows.addEventListener("choose", ({ detail }) => this.choose(desk, detail));
    rows.addEventListener("step", ({ detail: { id: area, step } }) => this.step(desk, area, step));
    return desk;
  }

  draw() {
    for (const { id, view, layer, rows } of this.desks) {
      view.turn(this.work.photo(id).turn);
      layer.draw();
      rows.draw(layer.selected);
    }
    this.#button("undo").setAttribute("aria-disabled", String(this.work.past.length === 0));
    this.#button("redo").setAttribute("aria-disabled", String(this.work.future.length === 0));
    this.saying.draw();
  }

  #button(name) { return this.form.querySelector(`[data-do="${name}"]`); }

  #sayZoom() {
    this.form.querySelector("[data-zoom-is]").textContent = `${Math.round(this.active.view.zoom * 100)} %`;
  }

  activate(desk) {
    if (this.active === desk) return;
    if (this.active.layer.drawing) this.active.layer.startDrawing(false);
    this.active.layer.select(null);
    this.active = desk;
    for (const each of this.desks) each.element.toggleAttribute("data-active", each === desk);
    this.#sayZoom();
  }

  // ---- what a person does ----

  decide(desk, id, state) {
    this.work.decide(desk.id, id, state);
    tell(`Box ${this.work.number(desk.id, id)}. ${WORDS[state]}`);
  }

  toggle(desk, id) {
    this.decide(desk, id, this.work.area(desk.id, id).state === COVER ? SHOW : COVER);
  }

  tellBox(desk, id) {
    tell(`Box ${this.work.number(desk.id, id)}: ${inWords(desk.layer.shown(id))}. ${WORDS[this.work.area(desk.id, id).state]}`);
  }

  choose(desk, id) {
    this.activate(desk);
    desk.layer.select(desk.layer.selected === id ? null : id);
    desk.view.reveal(desk.layer.shown(id));
  }

  nudge(desk, id, step, { fine = false, joined = false } = {}) {
    this.work.place(desk.id, id, STEPS[step](desk.layer.shown(id), fine ? FINE : COARSE), { joined });
    this.tellBox(desk, id);
  }

  step(desk, id, step) {
    if (step === "remove") this.remove(desk, id, { inRow: true });
    else this.nudge(desk, id, step);
  }

  remove(desk, id, { inRow = false } = {}) {
    const number = this.work.number(desk.id, id);
    const place = this.work.photo(desk.id).areas.findIndex((one) => one.id === id);
    const gone = this.work.remove(desk.id, id);
    tell(gone ? `Box ${number} removed` : `Box ${number}. Shown`);
    if (!gone) return;
    const { areas } = this.work.photo(desk.id);
    const after = areas[Math.min(place, areas.length - 1)];
    const next = inRow ? desk.rows.neighbour(place) : after && desk.layer.boxes.get(after.id);
    (next ?? desk.view.pane).focus({ preventScroll: true });
  }

  add(desk, box) {
    const seen = desk.view.seen();
    const middle = { x: seen.x + (seen.w * (1 - MIDDLE)) / 2, y: seen.y + (seen.h * (1 - MIDDLE)) / 2, w: seen.w * MIDDLE, h: seen.h * MIDDLE };
    const id = this.work.add(desk.id, box ?? middle);
    desk.layer.boxes.get(id).focus({ preventScroll: true });
    tell(`Box ${this.work.number(desk.id, id)} added. Covered`);
  }

  turn(desk) {
    this.work.turn(desk.id);
    tell(`Turned. ${this.work.photo(desk.id).turn * 90} degrees`);
  }

  undo() { this.#back(this.work.undo(), "Undone", "Nothing to undo"); }

  redo() { this.#back(this.work.redo(), "Done again", "Nothing to do again"); }

  #back(did, words, nothing) {
    tell(did ? words : nothing);
    // The box that had the focus may have gone with the step.
    if (document.activeElement === document.body) this.active.view.pane.focus({ preventScroll: true });
  }

  draws(desk) {
    desk.layer.startDrawing(!desk.layer.drawing);
    tell(desk.layer.drawing ? "Drawing. Drag from corner to corner, or click two corners. Escape leaves" : "Not drawing");
  }

  coverAll() {
    const covered = this.work.coverAll();
    tell(covered ? `${covered === 1 ? "1 box" : `${covered} boxes`} covered` : "Nothing is left to decide");
  }

  // ---- buttons, and the form ----

  #pressed(event) {
    const name = event.target.closest("[data-do]")?.dataset.do;
    if (!name) return;
    const desk = this.active;
    const acts = {
      draw: () => this.draws(desk),
      add: () => this.add(desk),
      undo: () => this.undo(),
      redo: () => this.redo(),
      smaller: () => desk.view.smaller(),
      larger: () => desk.view.larger(),
      fit: () => desk.view.fit(),
      turn: () => this.turn(desk),
      cover: () => this.coverAll(),
    };
    if (!acts[name]) return;
    event.preventDefault();
    acts[name]();
  }

  fill() {
    for (const { id } of this.desks) write(this.form, id, this.work.photo(id), this.keeper.version(id));
  }

  #sent(event) {
    const pressed = event.submitter;
    if (pressed?.getAttribute("aria-disabled") === "true") return void event.preventDefault(); // it is on its way
    if (pressed && "signs" in pressed.dataset && !this.saying.mayBeSent()) return void event.preventDefault();
    if (pressed && "signs" in pressed.dataset) this.saying.makes();
    this.fill();
    if (this.keeper.resting()) return;
    event.preventDefault(); // first what is on its way, so that the version is right
    this.keeper.send().then((kept) => (kept ? this.#send(pressed) : this.saying.draw()));
  }

  // As the browser would have sent it, with the button that was pressed.
  #send(pressed) {
    this.fill();
    if (pressed?.name) {
      const said = document.createElement("input");
      Object.assign(said, { type: "hidden", name: pressed.name, value: pressed.value });
      this.form.append(said);
    }
    if (pressed?.hasAttribute("formaction")) this.form.action = pressed.formAction;
    this.form.submit();
  }
}

const form = document.querySelector("form[data-cover]");
if (form) new Editor(form);
