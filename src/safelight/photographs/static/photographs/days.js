// The arrows go to the day before and the day after. While a photo that was made larger has the focus, they move it.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  if (event.target.closest("input, select, textarea, .sl-zoom--in")) return;
  const name = { ArrowLeft: "[data-day-before]", ArrowRight: "[data-day-after]" }[event.key];
  const link = name && document.querySelector(name);
  if (!link) return;
  event.preventDefault();
  link.click();
});

// The day that is shown stands in the middle of the strip.
const here = document.querySelector(".sl-strip [aria-current]");
if (here) {
  const strip = here.closest("ol");
  strip.scrollLeft = here.offsetLeft + here.offsetWidth / 2 - strip.offsetWidth / 2;
}
