// The areas of one photo as a list beside it: the same number, Cover or Show, and for the chosen one the steps without a drag.
//
// A row keeps its place while a hand is at it: it opens when its name or its box is chosen, not when Cover or Show is.

import { UNDECIDED } from "./work.js";

export class Rows extends EventTarget {
  constructor(list, work, photo) {
    super();
    Object.assign(this, { list, work, photo, rows: new Map() });
    this.template = document.getElementById("sl-area-row");
    list.replaceChildren();
    list.addEventListener("click", (event) => this.#clicked(event));
    list.addEventListener("change", (event) => {
      const id = event.target.closest("[data-row]")?.dataset.row;
      if (id && event.target.matches("[data-say-state]")) this.dispatchEvent(new CustomEvent("decide", { detail: { id, state: event.target.value } }));
    });
  }

  #clicked(event) {
    const id = event.target.closest("[data-row]")?.dataset.row;
    if (!id) return;
    if (event.target.closest("[data-name]")) this.dispatchEvent(new CustomEvent("choose", { detail: id }));
    const step = event.target.closest("[data-step]")?.dataset.step;
    if (step) this.dispatchEvent(new CustomEvent("step", { detail: { id, step } }));
  }

  draw(selected) {
    const { areas } = this.work.photo(this.photo);
    for (const [id, row] of this.rows) {
      if (areas.some((one) => one.id === id)) continue;
      row.remove();
      this.rows.delete(id);
    }
    areas.forEach((one, index) => {
      const row = this.rows.get(one.id) ?? this.#row(one);
      if (this.list.children[index] !== row) this.#place(row, index);
      this.#say(row, one);
      this.#open(row, one.id === selected);
    });
  }

  #row(one) {
    const row = this.template.content.firstElementChild.cloneNode(true);
    row.dataset.row = one.id;
    row.id = `row-${one.id}`;
    for (const radio of row.querySelectorAll("[data-say-state]")) {
      radio.name = `state-${one.id}`;
      radio.id = `state-${one.id}-${radio.value}`;
      row.querySelector(`[data-for="${radio.value}"]`).htmlFor = radio.id;
    }
    row.querySelector("[data-steps]").id = `steps-${one.id}`;
    row.querySelector("[data-name]").setAttribute("aria-controls", `steps-${one.id}`);
    this.rows.set(one.id, row);
    return row;
  }

  #place(row, index) {
    const focused = row.contains(document.activeElement) ? document.activeElement : null;
    this.list.insertBefore(row, this.list.children[index] ?? null);
    focused?.focus({ preventScroll: true });
  }

  #say(row, one) {
    row.querySelector("[data-words]").textContent = `${one.number}. ${one.words}`;
    row.querySelector("[data-note]").textContent = one.note;
    row.querySelector("[data-legend]").textContent = `Box ${one.number}, ${one.words.toLowerCase()}`;
    row.querySelector("[data-step='remove']").textContent = one.drawn ? "Remove" : "Show it";
    row.dataset.state = one.state;
    for (const radio of row.querySelectorAll("[data-say-state]")) radio.checked = one.state !== UNDECIDED && radio.value === one.state;
  }

  #open(row, open) {
    const opens = open && row.querySelector("[data-steps]").hidden;
    row.toggleAttribute("data-selected", open);
    row.querySelector("[data-steps]").hidden = !open;
    row.querySelector("[data-name]").setAttribute("aria-expanded", String(open));
    if (opens) row.scrollIntoView({ block: "nearest" });
  }

  // Where the focus goes when a row has gone: the next one, the one before, or nowhere.
  neighbour(index) {
    const row = this.list.children[Math.min(index, this.list.children.length - 1)];
    return row?.querySelector("[data-name]");
  }
}
