// With Shift a tick reaches from the photo that was ticked last to this one.
for (const form of document.querySelectorAll("[data-which]")) {
  const ticks = [...form.querySelectorAll("input[type=checkbox]:not(:disabled)")];
  let last = null;
  form.addEventListener("click", (event) => {
    const tick = ticks.find((one) => one === event.target);
    if (!tick) return;
    if (event.shiftKey && last && last !== tick) {
      const [from, to] = [ticks.indexOf(last), ticks.indexOf(tick)].sort((a, b) => a - b);
      for (const one of ticks.slice(from, to + 1)) one.checked = tick.checked;
    }
    last = tick;
  });
}
