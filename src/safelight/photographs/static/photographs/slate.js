// A token that is older than it says would tell a wrong time of the camera: it is put out of sight until the next one is there.
//
// 1. A slate is good to be photographed for half a minute. Where the next does not come (a tab that was hidden, a server that
//    does not answer), its symbols vanish.
// 2. A tab that is seen again asks at once.
const GOOD = 32_000;
let since = performance.now();

const slate = () => document.querySelector("#slate[hx-get]");
const old = () => performance.now() - since > GOOD;

function look() {
  if (slate() && old()) slate().classList.add("sl-slate--old"); // (1)
}

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.elt.id === "slate") since = performance.now();
});
document.addEventListener("visibilitychange", () => {
  look();
  const part = slate();
  if (!document.hidden && part && old()) { // (2)
    window.htmx.ajax("GET", part.getAttribute("hx-get"), { target: part, swap: "outerHTML" });
  }
});
setInterval(look, 1000);
