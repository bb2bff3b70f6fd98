// Drawing a line in a photo. The numbers in the form are the truth: without this module they are typed.
//
// 1. A click sets the start, a second one the end, each further one moves the nearer end. Both can be dragged, and moved by arrows
//    (with Shift ten times as far) while they have the focus.
// 2. Where the photo has a scale the length is said at once, as `measuring.py` says it: in pixels of the photo, so that its sides count.
const ENDS = [["x0", "y0", "Start of the line"], ["x1", "y1", "End of the line"]];
const STEP = 0.2; // per cent of the photo
const MOST_DEGREES = 15;

const root = document.querySelector("[data-measure]");

function start() {
  const frame = root.querySelector("[data-frame]");
  const picture = frame.querySelector("img");
  const form = document.querySelector("form[data-line]");
  if (!form) return;
  const result = document.querySelector("[data-result]");
  const slanted = document.querySelector("[data-slanted]");
  const line = document.createElement("span");
  line.className = "sl-measure__line";
  frame.append(line);

  const read = (name) => {
    const text = form.elements[name].value.trim().replace(",", ".");
    const value = Number(text);
    return text && value >= 0 && value <= 100 ? value : null;
  };
  const write = (name, value) => { form.elements[name].value = (Math.round(Math.min(100, Math.max(0, value)) * 100) / 100).toString(); };
  const isSet = ([x, y]) => read(x) !== null && read(y) !== null;

  function put(end, event) {
    const edge = picture.getBoundingClientRect();
    write(end[0], ((event.clientX - edge.left) / edge.width) * 100);
    write(end[1], ((event.clientY - edge.top) / edge.height) * 100);
    show();
  }

  const handles = ENDS.map((end) => {
    const handle = document.createElement("button");
    handle.type = "button";
    handle.className = "sl-measure__end";
    handle.setAttribute("aria-label", `${end[2]}: move it by the arrow keys`);
    handle.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      const drag = (move) => put(end, move);
      handle.setPointerCapture(event.pointerId);
      handle.addEventListener("pointermove", drag);
      handle.addEventListener("lostpointercapture", () => handle.removeEventListener("pointermove", drag), { once: true });
    });
    handle.addEventListener("keydown", (event) => {
      const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (!move || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      const far = event.shiftKey ? 10 * STEP : STEP;
      write(end[0], read(end[0]) + move[0] * far);
      write(end[1], read(end[1]) + move[1] * far);
      show();
    });
    frame.append(handle);
    return handle;
  });

  function show() {
    const [x0, y0, x1, y1] = ENDS.flatMap(([x, y]) => [read(x), read(y)]);
    handles.forEach((handle, index) => {
      handle.hidden = !isSet(ENDS[index]);
      handle.style.left = `${read(ENDS[index][0])}%`;
      handle.style.top = `${read(ENDS[index][1])}%`;
    });
    line.hidden = !ENDS.every(isSet);
    if (line.hidden) return say(null);
    const across = ((x1 - x0) / 100) * picture.offsetWidth;
    const down = ((y1 - y0) / 100) * picture.offsetHeight;
    line.style.left = `${x0}%`;
    line.style.top = `${y0}%`;
    line.style.width = `${Math.hypot(across, down)}px`;
    line.style.transform = `rotate(${Math.atan2(down, across)}rad)`;
    return say([x0 / 100, y0 / 100, x1 / 100, y1 / 100]);
  }

  function say(drawn) { // (2)
    if (!result || !root.dataset.ruler) return;
    const wide = Number(picture.getAttribute("width"));
    const high = Number(picture.getAttribute("height"));
    const of = ([x0, y0, x1, y1]) => [(x1 - x0) * wide, (y1 - y0) * high];
    const ruler = of(root.dataset.ruler.split(" ").map(Number));
    const mine = drawn ? of(drawn) : [0, 0];
    const millimetres = (Math.hypot(...mine) / Math.hypot(...ruler)) * Number(root.dataset.millimetres);
    const words = millimetres >= 10 ? `about ${(millimetres / 10).toFixed(1)} cm` : `about ${millimetres.toFixed(0)} mm`;
    const angle = ([x, y]) => (Math.atan2(y, x) * 180) / Math.PI;
    const apart = Math.abs(angle(mine) - angle(ruler)) % 180;
    const degrees = Math.min(apart, 180 - apart);
    result.textContent = drawn ? `${words} (${root.dataset.said})` : "";
    slanted.hidden = !drawn || degrees <= MOST_DEGREES;
    slanted.querySelector("[data-degrees]").textContent = Math.round(degrees);
  }

  picture.addEventListener("click", (event) => { // (1)
    const edge = picture.getBoundingClientRect();
    const away = ([x, y]) => Math.hypot(
      event.clientX - edge.left - (read(x) / 100) * edge.width,
      event.clientY - edge.top - (read(y) / 100) * edge.height,
    );
    const open = ENDS.findIndex((end) => !isSet(end));
    const chosen = open >= 0 ? open : away(ENDS[0]) < away(ENDS[1]) ? 0 : 1;
    put(ENDS[chosen], event);
    handles[chosen].focus({ preventScroll: true });
  });
  form.addEventListener("input", show);
  new ResizeObserver(show).observe(picture);
  show();
}

if (root) start();
