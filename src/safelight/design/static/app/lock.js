// Locks the screen when nobody has touched it for a while, and tells the server that somebody does.
//
// The header's lock form carries `data-lock-after` (seconds) and `data-here` (where a touch is told).
// 1. A warning in words a minute before, or half-way where that is sooner. A key, a click or a move answers it.
// 2. Then the form is sent, and the page is hidden at once. A tab that slept locks when it wakes.
// 3. Parts that ask for news are no touch. The server keeps the same limit by itself: this module makes it visible.

const form = document.querySelector("form[data-lock-after]");
const TOUCHES = ["keydown", "pointerdown", "pointermove", "wheel", "touchstart"];

function watch(seconds) {
  const warnAt = Math.max(seconds - 60, seconds / 2);
  const tellEvery = Math.min(30, seconds / 4);
  let touched = Date.now();
  let told = touched;
  let warning = null;

  function tell() {
    told = Date.now();
    const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
    fetch(form.dataset.here, { method: "POST", headers, redirect: "manual" }).then((answer) => {
      // Locked or ended from elsewhere: the page itself then shows the lock.
      if (answer.type === "opaqueredirect" || answer.status === 401) window.location.reload();
    }, () => {});
  }

  function touch() {
    touched = Date.now();
    if (!warning) return;
    warning.remove();
    warning = null;
    tell();
  }

  function warn() {
    warning = document.createElement("div");
    warning.className = "sl-lock-warning";
    warning.setAttribute("role", "alert");
    const left = Math.round(seconds - warnAt);
    warning.textContent = `This screen locks soon, in ${left} seconds. Press any key, or touch the screen, to go on.`;
    document.body.append(warning);
  }

  function lock() {
    const idle = document.createElement("input");
    Object.assign(idle, { type: "hidden", name: "idle", value: "1" });
    form.append(idle);
    document.body.hidden = true;
    form.requestSubmit();
  }

  for (const kind of TOUCHES) window.addEventListener(kind, touch, { passive: true, capture: true });
  const clock = setInterval(() => {
    const still = (Date.now() - touched) / 1000;
    if (still >= seconds) { // (2)
      clearInterval(clock);
      lock();
    } else if (still >= warnAt) { // (1)
      if (!warning) warn();
    } else if (touched > told && (Date.now() - told) / 1000 >= tellEvery) {
      tell();
    }
  }, 1000);
}

if (form) watch(Number(form.dataset.lockAfter));
