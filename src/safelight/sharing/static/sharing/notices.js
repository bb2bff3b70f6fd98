// Asks this browser to be told, and gives the server where to send. A person presses the button first: no page asks by itself.
const form = document.querySelector("form[data-push-key]");
const says = document.querySelector("[data-push-says]");

function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/").padEnd(Math.ceil(text.length / 4) * 4, "="));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

async function subscribe() {
  if ((await Notification.requestPermission()) !== "granted") {
    says.textContent = "This browser does not allow notices from Safelight. Allow them in its settings, then press again.";
    return;
  }
  await navigator.serviceWorker.register(form.dataset.worker);
  const ready = await navigator.serviceWorker.ready;
  const made = await ready.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(form.dataset.pushKey) });
  const given = made.toJSON();
  form.elements.endpoint.value = given.endpoint;
  form.elements.p256dh.value = given.keys.p256dh;
  form.elements.auth.value = given.keys.auth;
  form.submit();
}

if (form && "serviceWorker" in navigator && "PushManager" in window) {
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    subscribe().catch(() => {
      says.textContent = "This browser could not be set up. Your hospital's network may not let it reach its maker. Mail still reaches you.";
    });
  });
} else if (says) {
  says.textContent = "This browser cannot show notices.";
}
