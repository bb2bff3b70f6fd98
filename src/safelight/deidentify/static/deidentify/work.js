// What is said of the areas of a set of photos, and each step back: no page, no server.
//
// 1. An area is a share of the upright photo as its file says which way is up: x, y, w, h in 0..1. A turn that a person adds is
//    counted beside it; `turned` and `turnedBack` lead from one to the other.
// 2. A step is kept whole, 200 of them, whatever it changed: boxes, choices, turns, in one photo or in several.
// 3. Moving an undecided area means that it is covered. Removing one that the computer found means that it is shown.
// 4. What the computer finds meanwhile joins every step, so that no step back loses it, and changes nothing that a person said.

export const UNDECIDED = "undecided";
export const COVER = "cover";
export const SHOW = "show";

const STEPS = 200;
const SMALLEST = 0.004;

export function turned(box, turns) {
  let { x, y, w, h } = box;
  for (let left = turns & 3; left > 0; left -= 1) [x, y, w, h] = [1 - y - h, x, h, w];
  return { x, y, w, h };
}

export const turnedBack = (box, turns) => turned(box, 4 - (turns & 3));

// The box as near to what was asked as lies within the photo: a move keeps its size, a new size keeps its place.
export function within({ x, y, w, h }) {
  const wide = Math.min(1, Math.max(SMALLEST, w));
  const high = Math.min(1, Math.max(SMALLEST, h));
  return { x: Math.min(1 - wide, Math.max(0, x)), y: Math.min(1 - high, Math.max(0, y)), w: wide, h: high };
}

export class Work extends EventTarget {
  constructor(photos) {
    super();
    this.photos = photos; // {id: {turn, areas: [{id, number, x, y, w, h, drawn, state, words, note}]}}
    this.past = [];
    this.future = [];
  }

  photo(id) { return this.photos[id]; }

  area(photo, id) { return this.photos[photo].areas.find((one) => one.id === id); }

  number(photo, id) { return this.area(photo, id).number; }

  undecided(photo) {
    return this.photos[photo].areas.filter((one) => one.state === UNDECIDED);
  }

  // A step. `joined` adds it to the one before: a key that is held down, a drag that goes on.
  change(photos, { joined = false } = {}) {
    if (!joined) {
      this.past = [...this.past.slice(1 - STEPS), this.photos];
      this.future = [];
    }
    this.photos = photos;
    this.dispatchEvent(new CustomEvent("change"));
  }

  #with(photo, areas, how) {
    this.change({ ...this.photos, [photo]: { ...this.photos[photo], areas } }, how);
  }

  decide(photo, id, state) {
    this.#with(photo, this.photos[photo].areas.map((one) => (one.id === id ? { ...one, state } : one)));
  }

  // Cover everything undecided, in one step. Gives how many there were.
  coverAll() {
    const left = Object.keys(this.photos).reduce((sum, id) => sum + this.undecided(id).length, 0);
    if (left === 0) return 0;
    const covered = (one) => (one.state === UNDECIDED ? { ...one, state: COVER } : one);
    this.change(Object.fromEntries(Object.entries(this.photos).map(([id, photo]) => [id, { ...photo, areas: photo.areas.map(covered) }])));
    return left;
  }

  // `box` as the person sees the photo, turn and all.
  place(photo, id, box, how) {
    const at = turnedBack(within(box), this.photos[photo].turn);
    const moved = (one) => (one.id === id ? { ...one, ...at, state: one.state === UNDECIDED ? COVER : one.state } : one); // (3)
    this.#with(photo, this.photos[photo].areas.map(moved), how);
  }

  add(photo, box) {
    const at = turnedBack(within(box), this.photos[photo].turn);
    const number = 1 + Math.max(0, ...[this.photos, ...this.past].flatMap((step) => step[photo].areas.map((one) => one.number)));
    const made = { id: crypto.randomUUID(), number, ...at, drawn: true, state: COVER, words: "Drawn box", note: "" };
    this.#with(photo, [...this.photos[photo].areas, made]);
    return made.id;
  }

  // Gives whether it is gone: what the computer found stays and is shown (3).
  remove(photo, id) {
    if (!this.area(photo, id).drawn) {
      this.decide(photo, id, SHOW);
      return false;
    }
    this.#with(photo, this.photos[photo].areas.filter((one) => one.id !== id));
    return true;
  }

  turn(photo) {
    const was = this.photos[photo];
    this.change({ ...this.photos, [photo]: { ...was, turn: (was.turn + 1) % 4 } });
  }

  // Another's state of a photo, as one step that can be taken back.
  take(photo, theirs) {
    this.change({ ...this.photos, [photo]: { ...this.photos[photo], ...theirs } });
  }

  undo() { return this.#step(this.past, this.future); }

  redo() { return this.#step(this.future, this.past); }

  #step(from, to) {
    if (from.length === 0) return false;
    to.push(this.photos);
    this.photos = from.pop();
    this.dispatchEvent(new CustomEvent("change"));
    return true;
  }

  // (4) What the computer found until now. Gives the areas that are new, and those of which it knows more than it did.
  arrive(photo, found) {
    const before = this.photos[photo].areas;
    const gone = before.filter((one) => !one.drawn && one.state === UNDECIDED && !found.some((other) => other.id === one.id));
    const known = new Set(Object.values(this.photos[photo].areas).map((one) => one.id));
    const fresh = found.filter((one) => !known.has(one.id));
    const said = new Map(found.map(({ id, words, note }) => [id, { words, note }]));
    const better = before.filter((one) => said.has(one.id) && said.get(one.id).note !== one.note).map((one) => ({ ...one, ...said.get(one.id) }));
    this.named(photo, Object.fromEntries(found.map(({ id, number }) => [id, number])));
    if (fresh.length + gone.length + better.length === 0) return { fresh, better };
    const joined = (photos) => {
      const { areas } = photos[photo];
      const kept = areas.filter((one) => !gone.some((other) => other.id === one.id && one.state === UNDECIDED));
      const added = fresh.filter((one) => !kept.some((other) => other.id === one.id));
      const told = [...kept, ...added].map((one) => ({ ...one, ...said.get(one.id) }));
      const all = this.past.length === 0 ? inOrder(told, found) : told;
      return { ...photos, [photo]: { ...photos[photo], areas: all } };
    };
    this.#everywhere(joined);
    return { fresh, better };
  }

  // The numbers that the server has given: an area that was drawn here may have met one that arrived there.
  named(photo, numbers) {
    const { areas } = this.photos[photo];
    if (areas.every((one) => (numbers[one.id] ?? one.number) === one.number)) return;
    this.#everywhere((photos) => {
      const renamed = photos[photo].areas.map((one) => ({ ...one, number: numbers[one.id] ?? one.number }));
      return { ...photos, [photo]: { ...photos[photo], areas: renamed } };
    });
  }

  #everywhere(joined) {
    this.photos = joined(this.photos);
    this.past = this.past.map(joined);
    this.future = this.future.map(joined);
    this.dispatchEvent(new CustomEvent("arrived"));
  }
}

// Until a person has begun, areas stand as the server orders them; afterwards no number changes under a hand.
function inOrder(areas, found) {
  const place = new Map(found.map((one, index) => [one.id, index]));
  return [...areas].sort((one, other) => (place.get(one.id) ?? Infinity) - (place.get(other.id) ?? Infinity));
}
