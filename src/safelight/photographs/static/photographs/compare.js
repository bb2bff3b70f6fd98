// Two photos that are looked at together. Without this module there are two pictures, and links to other dates.
//
// 1. Zoom and place are one for both: 100 % fits the box; the same point of both photos is in the middle.
// 2. Side by side, flip in place (keys 1 and 2, a button that can be held), or one over the other by opacity, moved by hand: nothing
//    is aligned by the computer.
// 3. Panning is the browser's own scrolling, and dragging with a mouse. The other photo follows.
// 4. Arrows go to other dates of the photo that is active: the one that has the focus, or is shown. Zoom, place and way of looking
//    go along in the fragment of the address, which is sent to nobody.
// 5. Where both photos have a ruler, a bar of one and the same length stands below each: as long as it is there at this zoom.
// 6. Keys work while the focus is in here (WCAG 2.1.4); it is when the page opens.
import { say } from "../app/say.js";

const MOST = 8;
const STEP = 1.25;
const HELD = 350;
const NUDGE = 0.5; // per cent of the photo
const LENGTHS = [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500]; // millimetres
const ROOM = 0.4; // of the box

const root = document.querySelector("[data-compare]");

function start() {
  const sides = [...root.querySelectorAll("[data-side]")].map((figure) => ({
    figure,
    box: figure.querySelector("[data-box]"),
    picture: figure.querySelector("img"),
    at: { left: 0, top: 0 },
  }));
  const bar = root.querySelector("[data-compare-bar]");
  const saved = new URLSearchParams(window.location.hash.slice(1));
  const number = (name, least, most, otherwise) => {
    const value = saved.has(name) ? Number(saved.get(name)) : NaN;
    return value >= least && value <= most ? value : otherwise;
  };
  let zoom = number("z", 1, MOST, 1);
  let centre = { x: number("x", 0, 1, 0.5), y: number("y", 0, 1, 0.5) };
  let mode = ["side", "flip", "over"].includes(saved.get("m")) ? saved.get("m") : "side";
  let active = root.dataset.active === "a" ? 0 : 1;
  let moved = { x: 0, y: 0 };

  function fit({ box, picture }) {
    const wide = picture.naturalWidth || picture.width;
    const high = picture.naturalHeight || picture.height;
    return Math.min(box.offsetWidth, (box.offsetHeight * wide) / high);
  }

  function measure() { // (5)
    const parts = sides.map(({ figure }) => figure.querySelector("[data-scale]"));
    if (!parts.every((part, index) => part && sides[index].picture?.isConnected)) return;
    const seen = sides.find(({ box }) => box.offsetWidth)?.box; // of two in one place, one alone is laid out
    const each = parts.map((part, index) => (fit({ ...sides[index], box: seen }) * zoom) / Number(part.dataset.scale));
    const longest = LENGTHS.findLast((length) => length * Math.max(...each) <= ROOM * seen.offsetWidth) ?? LENGTHS[0];
    parts.forEach((part, index) => {
      part.hidden = false;
      part.querySelector("[data-length]").style.width = `${longest * each[index]}px`;
      part.querySelector("[data-length-says]").textContent = longest < 10 ? `about ${longest} mm` : `about ${longest / 10} cm`;
    });
  }

  function place(side) { // (1)
    const { box, picture } = side;
    if (!picture?.isConnected || !box.offsetWidth) return;
    picture.style.width = `${fit(side) * zoom}px`;
    const left = centre.x * picture.offsetWidth - box.clientWidth / 2;
    const top = centre.y * picture.offsetHeight - box.clientHeight / 2;
    box.scrollTo({ left, top, behavior: "instant" });
    side.at = { left: box.scrollLeft, top: box.scrollTop };
  }

  function show() {
    root.className = `sl-compare sl-compare--${mode}${zoom > 1 ? " sl-compare--in" : ""}`;
    sides.forEach((side, index) => side.figure.classList.toggle("sl-compare__side--active", index === active));
    for (const button of bar.querySelectorAll("[data-mode]")) button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
    bar.querySelector("[data-flip]").classList.toggle("sl-compare__pressed", mode === "flip");
    for (const part of bar.querySelectorAll("[data-over]")) part.hidden = mode !== "over";
    bar.querySelector("[data-zoom-says]").textContent = `${Math.round(zoom * 100)} %`;
    const above = sides[1].picture;
    if (above) {
      above.style.opacity = mode === "over" ? bar.querySelector("[data-opacity]").value / 100 : "";
      above.style.transform = mode === "over" ? `translate(${moved.x}%, ${moved.y}%)` : "";
    }
    sides.forEach(place);
    measure();
  }

  function turn(to) { // flip in place: (2)
    const inside = root.contains(document.activeElement) && !bar.contains(document.activeElement);
    active = to;
    mode = "flip";
    show();
    if (inside) sides[to].box.focus({ preventScroll: true });
    say(sides[to].box.getAttribute("aria-label"));
  }

  function change(to) {
    zoom = Math.min(MOST, Math.max(1, to));
    if (zoom === 1) centre = { x: 0.5, y: 0.5 };
    show();
  }

  function nudge(x, y) {
    moved = x || y ? { x: moved.x + x * NUDGE, y: moved.y + y * NUDGE } : { x: 0, y: 0 };
    show();
  }

  function follow(side) { // (3)
    const { box, picture } = side;
    if (Math.abs(box.scrollLeft - side.at.left) < 2 && Math.abs(box.scrollTop - side.at.top) < 2) return;
    side.at = { left: box.scrollLeft, top: box.scrollTop };
    if (picture.offsetWidth > box.clientWidth) centre.x = (box.scrollLeft + box.clientWidth / 2) / picture.offsetWidth;
    if (picture.offsetHeight > box.clientHeight) centre.y = (box.scrollTop + box.clientHeight / 2) / picture.offsetHeight;
    sides.filter((other) => other !== side).forEach(place);
  }

  function go(link) { // (4)
    if (link) window.location.assign(`${link.href}#${new URLSearchParams({ z: zoom, x: centre.x, y: centre.y, m: mode })}`);
  }

  sides.forEach((side, index) => {
    const { box, figure, picture } = side;
    figure.addEventListener("focusin", () => {
      active = index;
      sides.forEach((each, place) => each.figure.classList.toggle("sl-compare__side--active", place === index));
    });
    if (!picture) return;
    if (!picture.complete) picture.addEventListener("load", show, { once: true });
    box.addEventListener("scroll", () => follow(side));
    box.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      change(zoom * STEP ** (-event.deltaY / 100));
    }, { passive: false });
    box.addEventListener("pointerdown", (event) => {
      if (event.pointerType !== "mouse" || event.button !== 0 || zoom === 1) return;
      const from = { x: event.clientX + box.scrollLeft, y: event.clientY + box.scrollTop };
      const drag = (move) => box.scrollTo(from.x - move.clientX, from.y - move.clientY);
      box.setPointerCapture(event.pointerId);
      box.addEventListener("pointermove", drag);
      box.addEventListener("lostpointercapture", () => box.removeEventListener("pointermove", drag), { once: true });
    });
  });

  const flip = bar.querySelector("[data-flip]");
  let pressed = 0;
  flip.addEventListener("pointerdown", () => {
    pressed = performance.now();
    turn(mode === "flip" ? 1 - active : 0);
  });
  for (const name of ["pointerup", "pointercancel"]) {
    flip.addEventListener(name, () => {
      if (pressed && performance.now() - pressed > HELD) turn(1 - active);
      pressed = 0;
    });
  }
  flip.addEventListener("click", (event) => { // by keyboard: a pointer has done it already
    if (event.detail === 0) turn(mode === "flip" ? 1 - active : 0);
  });
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.mode) {
      mode = button.dataset.mode;
      show();
    } else if (button?.dataset.nudge) {
      nudge(...button.dataset.nudge.split(" ").map(Number));
    } else if (button) {
      if ("zoomIn" in button.dataset) change(zoom * STEP);
      if ("zoomOut" in button.dataset) change(zoom / STEP);
      if ("zoomFit" in button.dataset) change(1);
    }
  });
  bar.querySelector("[data-opacity]").addEventListener("input", show);

  root.addEventListener("click", (event) => {
    const link = event.target.closest(".sl-compare__days a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(link);
  });

  const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  root.addEventListener("keydown", (event) => { // (6)
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const slider = event.target.matches("input");
    const done = () => {
      if (event.key in arrows && event.shiftKey && mode === "over") return nudge(...arrows[event.key]) ?? true;
      if (slider || event.shiftKey && event.key !== "+") return false;
      if (event.key === "1" || event.key === "2") return turn(Number(event.key) - 1) ?? true;
      if (event.key === "+" || event.key === "=") return change(zoom * STEP) ?? true;
      if (event.key === "-") return change(zoom / STEP) ?? true;
      if (event.key === "0") return change(1) ?? true;
      if (event.key === "Escape" && mode !== "side") {
        mode = "side";
        return show() ?? true;
      }
      const pans = zoom > 1 && event.target.matches("[data-box]"); // the arrows scroll then
      if (pans || !["ArrowLeft", "ArrowRight"].includes(event.key)) return false;
      go(sides[active].figure.querySelector(event.key === "ArrowLeft" ? "[data-older]" : "[data-newer]"));
      return true;
    };
    if (done()) event.preventDefault();
  });

  for (const here of root.querySelectorAll("[aria-current]")) {
    const row = here.closest("ol");
    row.scrollLeft = here.offsetLeft - row.offsetWidth / 2;
  }
  window.addEventListener("resize", show);
  bar.hidden = false;
  root.dataset.ready = "";
  show();
  sides[active].box.focus({ preventScroll: true });
}

if (root) start();
