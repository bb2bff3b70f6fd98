// Passkeys (WebAuthn level 2) for plain forms.
//
// <button formaction="/sign-in/passkey/" formnovalidate hidden
//         data-passkey="get" data-options="/sign-in/passkey/options/" data-into="credential">Sign in with a passkey</button>
//
// `data-passkey` is "get" to show a passkey or "create" to make one. The button asks the server what to ask the device for, puts
// the answer as JSON into the form's field named by `data-into`, and sends the form through itself. Without this module the button
// stays hidden and the form works by password.

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const toText = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const readId = (one) => ({ ...one, id: toBytes(one.id) });

function readOptions({ publicKey: options }) {
  const read = { ...options, challenge: toBytes(options.challenge) };
  if (options.user) read.user = readId(options.user);
  if (options.excludeCredentials) read.excludeCredentials = options.excludeCredentials.map(readId);
  if (options.allowCredentials) read.allowCredentials = options.allowCredentials.map(readId);
  return { publicKey: read };
}

function writeCredential(credential) {
  const answer = credential.response;
  const response = { clientDataJSON: toText(answer.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (answer[name]) response[name] = toText(answer[name]);
  }
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
}

async function askServer(button) {
  const token = button.form.elements.csrfmiddlewaretoken.value;
  const answer = await fetch(button.dataset.options, { method: "POST", headers: { "X-CSRFToken": token } });
  if (!answer.ok || answer.redirected) throw new Error(`options: ${answer.status}`);
  return readOptions(await answer.json());
}

function say(button, words) {
  let place = button.parentElement.querySelector("[data-passkey-says]");
  if (!place) {
    place = document.createElement("p");
    place.dataset.passkeySays = "";
    place.className = "nhsuk-error-message";
    place.setAttribute("role", "status");
    button.after(place);
  }
  place.textContent = words;
}

async function use(event) {
  const button = event.currentTarget;
  event.preventDefault();
  if (button.disabled) return;
  button.disabled = true;
  say(button, "");
  try {
    const options = await askServer(button);
    const make = button.dataset.passkey === "create";
    const credential = await (make ? navigator.credentials.create(options) : navigator.credentials.get(options));
    button.form.elements[button.dataset.into].value = JSON.stringify(writeCredential(credential));
    button.disabled = false;
    button.form.requestSubmit(button);
  } catch (problem) {
    button.disabled = false;
    const known = { InvalidStateError: "This device holds a passkey of yours already.", NotAllowedError: "No passkey was used. Try again." };
    say(button, known[problem.name] ?? "The passkey could not be used here. Try again, or use your password.");
  }
}

if (window.PublicKeyCredential && navigator.credentials) {
  for (const button of document.querySelectorAll("button[data-passkey]")) {
    button.hidden = false;
    button.addEventListener("click", use);
    if (button.hasAttribute("data-first")) button.focus();
  }
}
