// The page that reads a card with the browser: which folder, how far, and how the card is left.
import { bring } from "./bring.js";
import { ChosenCard, HandleCard } from "./card.js";

const page = document.querySelector("#browser");
const token = page.querySelector("[name=csrfmiddlewaretoken]").value;
const says = page.querySelector("[data-says]");
const STEPS = { read: "Reading the card", send: "Copying", check: "Checking every byte", empty: "Emptying the card" };

class Refused extends Error {
  constructor({ code, title, status }) {
    super(title);
    Object.assign(this, { code, status });
  }
}

async function ask(method, address, body) {
  const answer = await fetch(address, { method, body, headers: { "X-CSRFToken": token }, redirect: "manual" });
  if (answer.ok) return answer;
  const said = (answer.headers.get("Content-Type") ?? "").includes("json") ? await answer.json() : {};
  throw said.code ? new Refused(said) : new Error("The server did not answer, or you are signed out.");
}

const door = {
  announce: async (found) => (await ask("POST", page.dataset.cards, JSON.stringify(found))).json(),
  send: (id, digest, file) => ask("PUT", `${id}/frames/${digest}`, file),
  leave: (id, digest, reason) => ask("POST", `${id}/frames/${digest}/left`, JSON.stringify({ reason })),
  receipt: async (id) => (await ask("POST", `${id}/receipt`)).text(),
  end: (id, { emptied, held }) => ask("POST", `${id}/end`, JSON.stringify({ emptied, held })),
};

function say(text) {
  says.hidden = false;
  says.textContent = text;
}

function howItIsLeft({ total, safe, emptied, evidence, others }) {
  const photos = `${safe} of ${total} ${total === 1 ? "photo is" : "photos are"} safe.`;
  if (evidence) return `${photos} They may be evidence: the card stays as it is until a named person releases it.`;
  const more = others ? ` ${others} other ${others === 1 ? "file stays" : "files stay"} on it.` : "";
  const card = emptied ? "The card was emptied, not wiped." : "The card was not emptied.";
  return `${photos} ${card}${more} Wipe it at a station before the next patient.`;
}

async function take(card) {
  for (const control of page.querySelectorAll("button, input[type=file]")) control.disabled = true;
  try {
    const tell = ({ step, done, of }) => say(`Leave the card in. ${STEPS[step]}${of ? `: ${done} of ${of}` : ""}.`);
    const outcome = await bring(card, door, tell, { readAtOnce: Number(page.dataset.readAtOnce) });
    say(howItIsLeft(outcome));
    const link = page.querySelector("[data-import]");
    link.href = `${page.dataset.imports}${outcome.import}/`;
    link.hidden = false;
  } catch (fault) {
    say(`${fault.message} Nothing was deleted that is not safe. Leave the card in and try again.`);
  } finally {
    for (const control of page.querySelectorAll("button, input[type=file]")) control.disabled = false;
  }
}

if ("showDirectoryPicker" in window) {
  page.querySelector("[data-choose]").hidden = false;
  page.querySelector("[data-empty]").addEventListener("click", async () => {
    let folder;
    try {
      folder = await window.showDirectoryPicker({ mode: "readwrite", id: "card" });
    } catch {
      return say("No folder was opened. Choose the card and allow the page to change it, or only copy.");
    }
    await take(new HandleCard(folder));
  });
}
page.querySelector("#folder").addEventListener("change", (event) => {
  if (event.target.files.length) take(new ChosenCard(event.target.files));
});
