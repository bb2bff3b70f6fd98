// The areas of one photo as boxes over it, and what a pointer does to them: mouse, pen and finger alike.
//
// 1. Drag a box: it moves. Drag one of eight handles: its size changes. Drag elsewhere: the window scrolls, by the browser.
// 2. While drawing: corner to corner in one drag, or a click on each of two corners.
// 3. A click selects. What a keyboard or a screen reader "clicks" is answered as Enter is.
// 4. Boxes are placed in shares of the sheet, so that no zoom moves them. What is seen is what is sent: covered is opaque.

import { COVER, SHOW, turned, within } from "./work.js";

const HANDLES = [[0, 0], [0.5, 0], [1, 0], [1, 0.5], [1, 1], [0.5, 1], [0, 1], [0, 0.5]];
const HANDLE = 24;
const STILL = 4; // px that a click may slip
const SMALL = 26; // px: a box that its own number would hide
const IN_WORDS = { [COVER]: "covered", [SHOW]: "shown", undecided: "not decided" };

export const percent = (share) => Math.round(share * 100);

export const inWords = (box) => `left ${percent(box.x)}, top ${percent(box.y)}, ${percent(box.w)} wide, ${percent(box.h)} high, percent`;

function put(element, box) {
  for (const [side, share] of [["left", box.x], ["top", box.y], ["width", box.w], ["height", box.h]]) {
    element.style[side] = `${share * 100}%`;
  }
}

export class Layer extends EventTarget {
  constructor(view, work, photo) {
    super();
    Object.assign(this, { view, work, photo, selected: null, drawing: false, corner: null });
    this.boxes = new Map();
    this.area = view.sheet;
    this.handles = HANDLES.map(([across, down]) => this.#handle(across, down));
    this.rubber = document.createElement("span");
    this.rubber.className = "sl-rubber";
    this.rubber.hidden = true;
    this.area.append(...this.handles, this.rubber);
    this.area.addEventListener("pointerdown", (event) => this.#down(event));
    view.addEventListener("laid", () => this.draw());
    view.pane.addEventListener("scroll", () => this.#layHandles(), { passive: true });
  }

  #handle(across, down) {
    const made = document.createElement("span");
    made.className = `sl-handle sl-handle--${across === 0.5 ? "ns" : down === 0.5 ? "ew" : across === down ? "nwse" : "nesw"}`;
    Object.assign(made.dataset, { across, down });
    made.hidden = true;
    return made;
  }

  shown(id) {
    return turned(this.work.area(this.photo, id), this.work.photo(this.photo).turn);
  }

  // The boxes as the work stands. One that is there already keeps its element, and with it the focus.
  draw() {
    const { areas, turn } = this.work.photo(this.photo);
    const here = new Set(areas.map((one) => one.id));
    for (const [id, element] of this.boxes) {
      if (here.has(id)) continue;
      element.remove();
      this.boxes.delete(id);
      if (this.selected === id) this.select(null);
    }
    areas.forEach((one, index) => {
      const element = this.boxes.get(one.id) ?? this.#box(one.id);
      put(element, turned(one, turn));
      element.className = `sl-area sl-area--${one.state}${this.#beside(turned(one, turn), one.number)}`;
      element.toggleAttribute("data-selected", one.id === this.selected);
      element.setAttribute("aria-pressed", String(one.state === COVER));
      const note = one.note ? `, ${one.note}` : "";
      const which = one.number > areas.length ? one.number : `${one.number} of ${areas.length}`;
      element.setAttribute("aria-label", `Box ${which}: ${one.words.toLowerCase()}${note}, ${IN_WORDS[one.state]}`);
      element.firstChild.textContent = one.number;
      if (this.area.children[index + 1] !== element) this.#move(element, index + 1);
    });
    this.#layHandles();
  }

  // The number of a small box stands beside it: left and right by turns, for the lines of a label lie close.
  #beside(box, number) {
    const [wide, high] = [box.w * this.area.clientWidth, box.h * this.area.clientHeight];
    if (Math.min(wide, high) >= SMALL) return "";
    const right = number % 2 === 0 || box.x * this.area.clientWidth < SMALL;
    return ` sl-area--small sl-area--number-${right ? "right" : "left"}`;
  }

  #box(id) {
    const made = document.createElement("div");
    Object.assign(made, { tabIndex: 0, id: `area-${id}` });
    made.setAttribute("role", "button");
    made.dataset.area = id;
    const number = document.createElement("span");
    number.className = "sl-area__number";
    made.append(number);
    made.addEventListener("focus", () => this.select(id));
    made.addEventListener("click", (event) => {
      if (event.detail === 0) this.dispatchEvent(new CustomEvent("toggle", { detail: id })); // (3)
    });
    this.boxes.set(id, made);
    return made;
  }

  #move(element, place) {
    const focused = element === document.activeElement;
    this.area.insertBefore(element, this.area.children[place]);
    if (focused) element.focus({ preventScroll: true });
  }

  // Another person's boxes, to be compared; nothing can be done to them.
  others(areas, turn) {
    this.area.querySelectorAll(".sl-area-theirs").forEach((one) => one.remove());
    for (const one of areas) {
      const made = document.createElement("span");
      made.className = `sl-area-theirs sl-area-theirs--${one.state}`;
      put(made, turned(one, turn));
      this.area.append(made);
    }
  }

  select(id) {
    if (this.selected === id) return;
    this.boxes.get(this.selected)?.removeAttribute("data-selected");
    this.selected = id;
    this.boxes.get(id)?.setAttribute("data-selected", "");
    this.#layHandles();
    this.dispatchEvent(new CustomEvent("select", { detail: id }));
  }

  // Handles lie half outside their box, but within the photo, where a pointer can get at them.
  #layHandles() {
    const box = this.selected && !this.drawing && this.work.area(this.photo, this.selected) ? this.shown(this.selected) : null;
    const [wide, high] = [this.area.clientWidth, this.area.clientHeight];
    for (const handle of this.handles) {
      handle.hidden = !box;
      if (!box) continue;
      const place = (start, size, share, length) => {
        const out = share === 0.5 ? 0 : (share - 0.5) * HANDLE * 0.75;
        return Math.min(length - HANDLE, Math.max(0, (start + size * share) * length + out - HANDLE / 2));
      };
      handle.style.left = `${place(box.x, box.w, Number(handle.dataset.across), wide)}px`;
      handle.style.top = `${place(box.y, box.h, Number(handle.dataset.down), high)}px`;
    }
  }

  startDrawing(on) {
    this.drawing = on;
    this.corner = null;
    this.rubber.hidden = true;
    this.area.classList.toggle("sl-sheet--drawing", on);
    this.#layHandles();
    this.dispatchEvent(new CustomEvent("drawing", { detail: on }));
  }

  #down(event) {
    if (event.button !== 0 || !event.isPrimary) return;
    if (this.drawing) return void this.#follow(event, this.#drawn(event));
    const handle = event.target.closest(".sl-handle");
    const box = event.target.closest(".sl-area");
    if (!handle && !box) return;
    event.preventDefault(); // neither a text selection nor a lost focus
    if (box) {
      box.focus({ preventScroll: true });
      this.select(box.dataset.area);
    }
    this.#follow(event, handle ? this.#sized(event, handle) : this.#moved(event));
  }

  // A drag from its first pixel to its end, which a second finger or the browser may call off.
  #follow(event, { move, end = () => {} }) {
    const start = [event.clientX, event.clientY];
    const caught = event.target.setPointerCapture ? event.target : this.area;
    caught.setPointerCapture(event.pointerId);
    let going = false;
    const moved = (next) => {
      if (next.pointerId !== event.pointerId) return;
      if (!going && Math.hypot(next.clientX - start[0], next.clientY - start[1]) < STILL) return;
      move(this.view.at(next), going);
      going = true;
    };
    const over = (next) => {
      if (next.pointerId !== event.pointerId) return;
      for (const [kind, heard] of [["pointermove", moved], ["pointerup", over], ["pointercancel", over]]) caught.removeEventListener(kind, heard);
      end(this.view.at(next), going, next.type === "pointercancel");
    };
    for (const [kind, heard] of [["pointermove", moved], ["pointerup", over], ["pointercancel", over]]) caught.addEventListener(kind, heard);
  }

  #moved(event) {
    const id = this.selected;
    const [from, was] = [this.view.at(event), this.shown(id)];
    return {
      move: (to, joined) => this.work.place(this.photo, id, { ...was, x: was.x + to.x - from.x, y: was.y + to.y - from.y }, { joined }),
      end: (_at, went) => went && this.dispatchEvent(new CustomEvent("placed", { detail: id })),
    };
  }

  #sized(event, handle) {
    const id = this.selected;
    const [from, was] = [this.view.at(event), this.shown(id)];
    const [across, down] = [Number(handle.dataset.across), Number(handle.dataset.down)];
    const side = (share, start, size, by) => { // one edge goes with the hand, the other stays
      if (share === 0.5) return [start, size];
      const [stays, goes] = share === 0 ? [start + size, start] : [start, start + size];
      const to = Math.min(1, Math.max(0, goes + by));
      return [Math.min(stays, to), Math.abs(stays - to)];
    };
    return {
      move: (to, joined) => {
        const [x, w] = side(across, was.x, was.w, to.x - from.x);
        const [y, h] = side(down, was.y, was.h, to.y - from.y);
        this.work.place(this.photo, id, { x, y, w, h }, { joined });
      },
      end: (_at, went) => went && this.dispatchEvent(new CustomEvent("placed", { detail: id })),
    };
  }

  #drawn(event) { // (2)
    event.preventDefault();
    const first = this.corner ?? this.view.at(event);
    const between = (to) => ({ x: Math.min(first.x, to.x), y: Math.min(first.y, to.y), w: Math.abs(to.x - first.x), h: Math.abs(to.y - first.y) });
    return {
      move: (to) => {
        this.rubber.hidden = false;
        put(this.rubber, between(to));
      },
      end: (to, went, calledOff) => {
        if (calledOff) return this.startDrawing(true);
        if (!went && !this.corner) { // the first of two corners
          this.corner = first;
          this.rubber.hidden = false;
          put(this.rubber, { ...within({ ...first, w: 0, h: 0 }) });
          this.dispatchEvent(new CustomEvent("corner"));
          return;
        }
        this.startDrawing(false);
        this.dispatchEvent(new CustomEvent("drawn", { detail: between(to) }));
      },
    };
  }
}
