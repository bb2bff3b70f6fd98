// Reads changes out: a status region that is itself exchanged is often not read, so its words (`data-say`) are copied into one that stays.
// At most every five seconds, the latest words win, and the last words are always said.

const PAUSE = 5000;
const region = document.getElementById("say");
let said = document.querySelector("[data-say]")?.dataset.say ?? "";
let saidAt = -Infinity;
let waiting = null;

export function say(words) {
  if (waiting) clearTimeout(waiting);
  waiting = null;
  if (words === said) return;
  const pause = saidAt + PAUSE - performance.now();
  if (pause > 0) {
    waiting = setTimeout(say, pause, words);
    return;
  }
  said = words;
  saidAt = performance.now();
  region.textContent = words;
}

// What answers a hand is said at once.
export function tell(words) {
  if (waiting) clearTimeout(waiting);
  waiting = null;
  said = words;
  saidAt = performance.now();
  region.textContent = words;
}

function look(changes) {
  for (const node of changes.flatMap((change) => [...change.addedNodes])) {
    if (!(node instanceof Element)) continue;
    const speaker = node.matches("[data-say]") ? node : node.querySelector("[data-say]");
    if (speaker?.dataset.say) say(speaker.dataset.say);
  }
}

if (region) new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
