// A scanner is a keyboard: what it types goes into the scan box (`data-scan`), wherever the focus was lost to.

const box = document.querySelector("[data-scan]");

function nothingHasFocus() {
  return document.activeElement === document.body || document.activeElement === null;
}

if (box) {
  document.addEventListener("keydown", (event) => {
    const printable = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (printable && nothingHasFocus()) box.focus(); // the key itself then lands in the box
  });
  window.addEventListener("pageshow", () => {
    if (nothingHasFocus()) box.focus();
  });
  window.addEventListener("focus", () => {
    if (nothingHasFocus()) box.focus();
  });
}
