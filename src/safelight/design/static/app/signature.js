// A box to sign in: `<div data-signature hidden><canvas></canvas><button data-signature-clear><input type="hidden"></div>`.
//
// 1. It appears only where this module runs, and is never asked for: a name that is typed says the same.
// 2. What is kept are strokes of points, whole numbers from 0 to 1000 across and down: JSON in the hidden field, no picture.
// 3. What came back with the form is drawn again.
import SignaturePad from "../built/signature_pad.js";

const SCALE = 1000;
const NEAR = 4;

function strokesOf(pad, canvas) {
  const inside = (value, size) => Math.min(SCALE, Math.max(0, Math.round((value * SCALE) / size)));
  return pad.toData().map(({ points }) => {
    const all = points.map(({ x, y }) => [inside(x, canvas.offsetWidth), inside(y, canvas.offsetHeight)]);
    let last = all[0];
    return all.filter((point, index) => {
      const kept = index === 0 || Math.hypot(point[0] - last[0], point[1] - last[1]) >= NEAR;
      if (kept) last = point;
      return kept;
    });
  });
}

function pointsOf(strokes, canvas) {
  const there = ([x, y]) => ({ x: (x * canvas.offsetWidth) / SCALE, y: (y * canvas.offsetHeight) / SCALE, pressure: 0.5, time: 0 });
  return strokes.map((stroke) => ({ penColor: "#212b32", minWidth: 1, maxWidth: 2.5, points: stroke.map(there) }));
}

function watch(box) {
  const canvas = box.querySelector("canvas");
  const kept = box.querySelector("input[type=hidden]");
  box.hidden = false; // (1)
  const pad = new SignaturePad(canvas, { penColor: "#212b32", minWidth: 1, maxWidth: 2.5 });

  // The canvas has as many pixels as the screen shows; known only once it is seen.
  function fit() {
    if (!canvas.offsetWidth) return;
    const dense = window.devicePixelRatio || 1;
    canvas.width = canvas.offsetWidth * dense;
    canvas.height = canvas.offsetHeight * dense;
    canvas.getContext("2d").scale(dense, dense);
    pad.clear();
    if (kept.value) pad.fromData(pointsOf(JSON.parse(kept.value), canvas)); // (3)
  }

  pad.addEventListener("endStroke", () => { kept.value = JSON.stringify(strokesOf(pad, canvas)); }); // (2)
  box.querySelector("[data-signature-clear]")?.addEventListener("click", () => {
    pad.clear();
    kept.value = "";
  });
  new ResizeObserver(fit).observe(canvas);
}

document.querySelectorAll("[data-signature]").forEach(watch);
