// A photo that can be looked at closely: `<div data-zoom tabindex="0"><img></div>`.
//
// 1. 100 % fits the box; from there to 800 %, around the middle of what is seen, or around the pointer.
// 2. Buttons (`data-zoom-in`, `data-zoom-out`, `data-zoom-fit`, `data-zoom-says`; made here where the page has none),
//    Ctrl and wheel (which a pinch on a touch pad is), and + - 0 while the photo has the focus.
// 3. Panning is the browser's own scrolling: wheel, touch, arrows, scroll bars.
// 4. `data-full` on the picture names a larger rendition: it is fetched once the zoom needs it.

const LEAST = 1;
const MOST = 8;
const STEP = 1.25;

function button(name, words, sign) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "sl-zoom-bar__button";
  made.dataset[name] = "";
  made.setAttribute("aria-label", words);
  made.textContent = sign;
  return made;
}

function bar() {
  const made = document.createElement("div");
  made.className = "sl-zoom-bar";
  made.setAttribute("role", "group");
  made.setAttribute("aria-label", "Zoom");
  const says = document.createElement("output");
  says.className = "sl-zoom-bar__says";
  says.dataset.zoomSays = "";
  made.append(button("zoomOut", "Smaller", "−"), says, button("zoomIn", "Larger", "+"), button("zoomFit", "Fit", "Fit"));
  return made;
}

function watch(box) {
  const picture = box.querySelector("img");
  if (!picture) return;
  if (!box.parentElement.querySelector("[data-zoom-in]")) box.before(bar());
  const says = box.parentElement.querySelector("[data-zoom-says]");
  let zoom = LEAST;

  // The width of the picture at 100 %: as large as the box allows.
  function fit() {
    const wide = picture.naturalWidth || picture.width;
    const high = picture.naturalHeight || picture.height;
    return Math.min(box.clientWidth, (box.clientHeight * wide) / high);
  }

  function show(to, at) {
    const next = Math.min(MOST, Math.max(LEAST, to));
    const edge = box.getBoundingClientRect();
    const x = (at?.clientX ?? edge.left + edge.width / 2) - edge.left;
    const y = (at?.clientY ?? edge.top + edge.height / 2) - edge.top;
    const across = (box.scrollLeft + x) / zoom;
    const down = (box.scrollTop + y) / zoom;
    if (zoom === LEAST) box.style.height = `${box.clientHeight}px`; // the box keeps its size
    const width = fit() * next;
    box.classList.toggle("sl-zoom--in", next > LEAST);
    picture.style.width = next > LEAST ? `${width}px` : "";
    zoom = next;
    if (zoom === LEAST) box.style.height = "";
    box.scrollTo(across * zoom - x, down * zoom - y);
    if (says) says.textContent = `${Math.round(zoom * 100)} %`;
    if (picture.dataset.full && width * window.devicePixelRatio > picture.naturalWidth) { // (4)
      picture.src = picture.dataset.full;
      delete picture.dataset.full;
    }
  }

  const acts = { zoomIn: () => show(zoom * STEP), zoomOut: () => show(zoom / STEP), zoomFit: () => show(LEAST) };
  box.parentElement.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-zoom-in], [data-zoom-out], [data-zoom-fit]");
    if (pressed) Object.keys(acts).filter((name) => name in pressed.dataset).forEach((name) => acts[name]());
  });
  box.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    show(zoom * STEP ** (-event.deltaY / 100), event);
  }, { passive: false });
  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const name = { "+": "zoomIn", "=": "zoomIn", "-": "zoomOut", 0: "zoomFit" }[event.key];
    if (!name) return;
    event.preventDefault();
    acts[name]();
  });
  window.addEventListener("resize", () => show(LEAST));
  show(LEAST);
}

document.querySelectorAll("[data-zoom]").forEach(watch);
