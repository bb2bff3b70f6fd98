// One photo in its window: as large as the window allows, from there to 800 %; turned; the full rendition once it is needed.
//
// 1. Panning is the browser's own scrolling, a pinch the browser's own zoom; Ctrl and wheel is a zoom around the pointer.
// 2. It begins with the rendition of 2048 px. The full one is fetched when the screen shows more pixels than that has; where the time
//    for which the photo was opened is over, it says so ("ended") and waits until it was opened again.

const LEAST = 1;
const MOST = 8;
const STEP = 1.25;
const PHONE = matchMedia("(max-width: 61.99em)");
const OF_SCREEN = 0.62;

export class View extends EventTarget {
  constructor(pane) {
    super();
    this.pane = pane;
    this.sheet = pane.querySelector("[data-sheet]");
    this.picture = this.sheet.querySelector("img");
    this.wide = Number(pane.dataset.width) || 3;
    this.high = Number(pane.dataset.height) || 2;
    this.zoom = LEAST;
    this.turns = 0;
    if (!Number(pane.dataset.width)) this.#measure();
    pane.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      this.to(this.zoom * STEP ** (-event.deltaY / 100), event);
    }, { passive: false });
    this.picture.addEventListener("load", () => this.dispatchEvent(new CustomEvent("loaded")));
    this.picture.addEventListener("error", () => this.dispatchEvent(new CustomEvent("broken")));
    new ResizeObserver(() => this.lay()).observe(pane);
  }

  // A photo whose size nobody knows yet has that of its picture.
  #measure() {
    const take = () => {
      [this.wide, this.high] = [this.picture.naturalWidth || this.wide, this.picture.naturalHeight || this.high];
      this.lay();
    };
    if (this.picture.complete) take();
    else this.picture.addEventListener("load", take, { once: true });
  }

  turn(turns) {
    if (this.turns === turns) return;
    this.turns = turns;
    this.lay();
  }

  larger(at) { this.to(this.zoom * STEP, at); }

  smaller(at) { this.to(this.zoom / STEP, at); }

  fit() { this.to(LEAST); }

  // Zoom around a point of the screen, or around the middle of what is seen.
  to(zoom, at) {
    const pane = this.pane.getBoundingClientRect();
    const [x, y] = [at?.clientX ?? pane.left + pane.width / 2, at?.clientY ?? pane.top + pane.height / 2];
    const before = this.sheet.getBoundingClientRect();
    const [across, down] = [(x - before.left) / before.width, (y - before.top) / before.height];
    this.zoom = Math.min(MOST, Math.max(LEAST, zoom));
    this.lay();
    const after = this.sheet.getBoundingClientRect();
    this.pane.scrollBy(after.left + across * after.width - x, after.top + down * after.height - y);
    this.dispatchEvent(new CustomEvent("zoom"));
  }

  // The sheet is the photo as it is seen; the picture lies in it, turned about its middle.
  lay() {
    const sideways = this.turns % 2 === 1;
    const [wide, high] = sideways ? [this.high, this.wide] : [this.wide, this.high];
    if (PHONE.matches && this.zoom === LEAST) {
      this.pane.style.height = `${Math.min((this.pane.clientWidth * high) / wide, innerHeight * OF_SCREEN)}px`;
    } else if (!PHONE.matches) {
      this.pane.style.height = "";
    }
    const room = Math.min(this.pane.clientWidth, (this.pane.clientHeight * wide) / high);
    const width = room * this.zoom;
    const height = (width * high) / wide;
    Object.assign(this.sheet.style, { width: `${width}px`, height: `${height}px` });
    Object.assign(this.picture.style, {
      width: `${sideways ? height : width}px`,
      height: `${sideways ? width : height}px`,
      transform: `translate(-50%, -50%) rotate(${90 * this.turns}deg)`,
    });
    this.pane.classList.toggle("sl-pane--in", this.zoom > LEAST);
    this.dispatchEvent(new CustomEvent("laid"));
    if (Math.max(width, height) * devicePixelRatio > Math.max(this.picture.naturalWidth, this.picture.naturalHeight)) this.#full();
  }

  #full() { // (2)
    const { full } = this.picture.dataset;
    if (!full || !this.picture.naturalWidth) return;
    delete this.picture.dataset.full;
    fetch(full, { redirect: "manual" }).then(async (answer) => {
      if (answer.ok) {
        this.picture.src = URL.createObjectURL(await answer.blob());
      } else {
        this.ended = full;
        this.dispatchEvent(new CustomEvent("ended"));
      }
    }, () => { this.picture.dataset.full = full; });
  }

  // The photo was opened again: what is larger may be asked for, at the place and zoom that are there.
  opened() {
    this.picture.dataset.full = this.ended;
    this.lay();
  }

  // Brings a box into the window, and moves nothing else on the page.
  reveal(box) {
    const seen = this.seen();
    if (box.x >= seen.x && box.y >= seen.y && box.x + box.w <= seen.x + seen.w && box.y + box.h <= seen.y + seen.h) return;
    const [wide, high] = [this.sheet.clientWidth, this.sheet.clientHeight];
    this.pane.scrollTo((box.x + box.w / 2) * wide - this.pane.clientWidth / 2, (box.y + box.h / 2) * high - this.pane.clientHeight / 2);
  }

  // What is seen of the photo, in shares of it.
  seen() {
    const [pane, sheet] = [this.pane.getBoundingClientRect(), this.sheet.getBoundingClientRect()];
    const left = Math.max(pane.left, sheet.left);
    const top = Math.max(pane.top, sheet.top);
    return {
      x: (left - sheet.left) / sheet.width,
      y: (top - sheet.top) / sheet.height,
      w: (Math.min(pane.right, sheet.right) - left) / sheet.width,
      h: (Math.min(pane.bottom, sheet.bottom) - top) / sheet.height,
    };
  }

  // Where a pointer is, in shares of the photo.
  at(event) {
    const sheet = this.sheet.getBoundingClientRect();
    const share = (value) => Math.min(1, Math.max(0, value));
    return { x: share((event.clientX - sheet.left) / sheet.width), y: share((event.clientY - sheet.top) / sheet.height) };
  }
}
