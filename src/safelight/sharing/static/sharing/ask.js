// The button says to whom it goes, and the number to ring is that team's.
const form = document.querySelector("[data-ask]");
const button = form?.querySelector("[data-send]");
const names = button ? JSON.parse(button.dataset.names) : {};

function show() {
  const chosen = form.querySelector("input[name=who]:checked");
  const person = form.querySelector("select[name=person]");
  const box = form.querySelector("[data-person]");
  if (box) box.hidden = chosen?.value !== box.dataset.person;
  const colleague = person?.value ? person.selectedOptions[0].textContent : "";
  const who = chosen ? names[chosen.value] ?? colleague : "";
  const others = form.querySelectorAll("input[name=also]:checked").length;
  const words = who ? `Send to ${who}${others ? ` and ${others} more` : ""}` : "Send";
  // Words that are put anew while a finger is on the button lose its click: leaving the question is a change, too.
  if (button && button.textContent !== words) button.textContent = words;
  for (const words of form.querySelectorAll("[data-of]")) words.classList.toggle("sl-ask__other", words.dataset.of !== chosen?.value);
}

if (form) {
  form.addEventListener("change", show);
  show();
}
