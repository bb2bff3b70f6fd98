// A place on a photo: "here". A click sets it, arrows move it, and it goes with the answer. 0 to 1 of the photo as it is shown.
const STEP = 0.02;
const form = document.querySelector("[data-mark-form]");
const all = [];
const inside = (value) => Math.min(Math.max(value, 0), 1);

function place(dot, picture, x, y) {
  dot.style.left = `${picture.offsetLeft + x * picture.offsetWidth}px`;
  dot.style.top = `${picture.offsetTop + y * picture.offsetHeight}px`;
}

// One place goes with an answer: marking one photo removes the mark on another.
function marking(box, button) {
  const picture = box.querySelector("img");
  const says = button.querySelector("[data-mark-says]") ?? button;
  const fields = { item: form.elements.namedItem("item"), x: form.elements.namedItem("x"), y: form.elements.namedItem("y") };
  const dot = document.createElement("button");
  dot.type = "button";
  dot.className = "sl-marked__here";
  dot.hidden = true;
  box.append(dot);

  function set(x, y) {
    for (const other of all) if (other !== clear) other();
    if (box.dataset.marking) fields.item.value = box.dataset.marking;
    fields.x.value = inside(x).toFixed(4);
    fields.y.value = inside(y).toFixed(4);
    dot.hidden = false;
    dot.setAttribute("aria-label", `Marked place: ${Math.round(fields.x.value * 100)} from the left, ${Math.round(fields.y.value * 100)} from the top, percent. Arrow keys move it.`);
    place(dot, picture, Number(fields.x.value), Number(fields.y.value));
    says.textContent = "Remove the mark";
  }
  function clear() {
    fields.x.value = "";
    fields.y.value = "";
    dot.hidden = true;
    says.textContent = "Mark a place";
  }
  all.push(clear);
  button.hidden = false;
  button.addEventListener("click", () => {
    if (!dot.hidden) return clear();
    set(0.5, 0.5);
    dot.focus({ preventScroll: true });
    return undefined;
  });
  picture.addEventListener("click", (event) => {
    if (!dot.hidden) set(event.offsetX / picture.offsetWidth, event.offsetY / picture.offsetHeight);
  });
  dot.addEventListener("keydown", (event) => {
    const [right, down] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0];
    if (!right && !down) return;
    event.preventDefault();
    set(Number(fields.x.value) + right * STEP, Number(fields.y.value) + down * STEP);
  });
  window.addEventListener("resize", () => { if (!dot.hidden) place(dot, picture, Number(fields.x.value), Number(fields.y.value)); });
}

for (const box of form ? document.querySelectorAll("[data-marking]") : []) {
  const button = box.parentElement.querySelector("[data-mark]") ?? form.querySelector("[data-mark]");
  if (button) marking(box, button);
}

// Places that were marked in answers. A small picture is shown whole, so its place is that of the picture in its frame.
for (const item of document.querySelectorAll("[data-marks]")) {
  const picture = item.querySelector("img");
  const show = () => {
    item.querySelectorAll("span.sl-marked__here").forEach((dot) => dot.remove());
    const scale = Math.min(picture.offsetWidth / picture.naturalWidth, picture.offsetHeight / picture.naturalHeight);
    const [wide, high] = [picture.naturalWidth * scale, picture.naturalHeight * scale];
    for (const [x, y] of item.dataset.marks.split(";").filter(Boolean).map((pair) => pair.split(",").map(Number))) {
      const dot = document.createElement("span");
      dot.className = "sl-marked__here";
      dot.style.left = `${picture.offsetLeft + (picture.offsetWidth - wide) / 2 + x * wide}px`;
      dot.style.top = `${picture.offsetTop + (picture.offsetHeight - high) / 2 + y * high}px`;
      item.append(dot);
    }
  };
  if (picture.complete && picture.naturalWidth) show();
  picture.addEventListener("load", show);
  window.addEventListener("resize", () => { if (picture.naturalWidth) show(); });
}
