// What the page says of the work as a whole: how much was found, how much is left, and why it cannot be saved yet.

import { tell } from "../app/say.js";

const counted = (number, one, many) => (number === 1 ? `1 ${one}` : `${number} ${many}`);

const listed = (numbers) => (numbers.length < 2 ? numbers.join("") : `${numbers.slice(0, -1).join(", ")} and ${numbers.at(-1)}`);

export class Saying {
  constructor(form, editor) {
    Object.assign(this, { form, editor });
    this.heading = form.querySelector("[data-heading]");
    this.left = form.querySelector("[data-left]");
    this.cover = form.querySelector("[data-do='cover']");
    this.save = form.querySelector("[data-signs], [data-goes-on]");
    this.saves = this.save.textContent;
    this.problem = form.querySelector("[data-problem]");
    this.problem.addEventListener("click", (event) => this.#follow(event));
    if (!this.problem.hidden) this.problem.focus();
  }

  draw() {
    const { desks, work } = this.editor;
    const parts = [...this.form.querySelectorAll("[data-found-of]")];
    const found = desks.reduce((sum, { id }) => sum + work.photo(id).areas.filter((one) => !one.drawn).length, 0);
    const drawn = desks.reduce((sum, { id }) => sum + work.photo(id).areas.filter((one) => one.drawn).length, 0);
    const left = desks.reduce((sum, { id }) => sum + work.undecided(id).length, 0);
    const [looking, failed] = [parts.some((part) => "looking" in part.dataset), parts.some((part) => "failed" in part.dataset)];
    const areas = counted(found, "area", "areas");
    if (found) this.heading.textContent = looking ? `Found ${areas} so far` : `The computer found ${areas}`;
    else if (looking) this.heading.textContent = "The computer is looking";
    else this.heading.textContent = failed ? "Not checked by the computer" : "The computer found nothing. Look yourself.";
    const again = left === 0 && parts.some((part) => "again" in part.dataset) && "The computer looks once more";
    this.left.textContent = [left && `${left} still to decide`, drawn && `${drawn} drawn`, again].filter(Boolean).join(", ");
    this.cover.textContent = left ? (left === 1 ? "Cover it" : `Cover all ${left}`) : "Nothing left to decide";
    this.cover.setAttribute("aria-disabled", String(left === 0));
    this.cover.hidden = left === 0 && found === 0;
    // One green button: what comes next.
    this.cover.classList.toggle("nhsuk-button--secondary", left === 0);
    this.save.classList.toggle("nhsuk-button--secondary", left > 0);
    this.save.textContent = this.saves;
    this.save.removeAttribute("aria-disabled");
    this.#drop(left);
  }

  // What was mended on this page is no problem any more. What the server said of another photo, or of a colleague, stays.
  #drop(left) {
    if (this.problem.hidden) return;
    for (const item of this.problem.querySelectorAll("li")) {
      const [, kind, id] = /^#(row|boxes-of|dispute|looked)-(.*)$/.exec(item.querySelector("a")?.getAttribute("href") ?? "") ?? [];
      if (kind === "dispute" ? !this.editor.keeper.disputed.has(id) : kind === "looked" ? this.#signed() : kind && left === 0) item.remove();
    }
    this.problem.hidden = !this.problem.querySelector("li");
  }

  #signed() {
    const full = [...this.form.querySelectorAll("[name='looked_for']")];
    return full.every((one) => one.checked) || Boolean(this.form.querySelector("[name='urgent']")?.checked);
  }

  // Whether the form may go; else the page says what is missing, linked, and the focus is there.
  mayBeSent() {
    const { desks, work, keeper } = this.editor;
    const problems = [];
    for (const { id, element } of desks) {
      const left = work.undecided(id);
      if (left.length) {
        const where = desks.length > 1 ? `${element.dataset.name}: ` : "";
        const numbers = left.map((one) => one.number).sort((one, other) => one - other);
        problems.push([`${where}${counted(left.length, "area", "areas")} still to decide: ${listed(numbers)}`, `row-${left[0].id}`]);
      }
      if (keeper.disputed.has(id)) problems.push(["Somebody else changed this. Choose whose boxes stay", `dispute-${id}`]);
    }
    if (!this.#signed()) {
      const full = [...this.form.querySelectorAll("[name='looked_for']")];
      const urgent = this.form.querySelector("[name='urgent']");
      problems.push([urgent ? "Tick all four, or the one below them" : "Tick all four, when you have looked", full.find((one) => !one.checked).id]);
    }
    this.#show(problems);
    return problems.length === 0;
  }

  // Copies take seconds: they are made, and the computer looks at each once more.
  makes() {
    this.save.setAttribute("aria-disabled", "true");
    this.save.textContent = "Making the copies…";
    tell("Making the copies. The computer looks at them once more.");
  }

  #show(problems) {
    this.problem.hidden = problems.length === 0;
    this.problem.querySelector("ul").replaceChildren(...problems.map(([words, target]) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      Object.assign(link, { href: `#${target}`, textContent: words });
      item.append(link);
      return item;
    }));
    if (problems.length) this.problem.focus();
  }

  #follow(event) {
    const target = event.target.closest("a")?.hash.slice(1);
    if (!target) return;
    event.preventDefault();
    const place = document.getElementById(target);
    const row = place?.closest("[data-row]");
    const desk = row && this.editor.desks.find(({ rows }) => rows.list.contains(row));
    if (desk) {
      row.scrollIntoView({ block: "nearest" });
      desk.view.reveal(desk.layer.shown(row.dataset.row));
      row.querySelector("[data-say-state]").focus();
    } else {
      place?.focus();
    }
  }
}
