// A second click within a second is the same click: a form is sent once.

const sent = new WeakMap();

document.addEventListener("submit", (event) => {
  const now = performance.now();
  if (now - (sent.get(event.target) ?? -Infinity) < 1000) event.preventDefault();
  else sent.set(event.target, now);
}, { capture: true });
