// The secret of a guest's link stands behind its #: it is never part of an address that is sent, logged or given on.
// It goes from there into the form and out of the address bar. Nothing is sent until somebody presses the button.

const form = document.querySelector("form[data-link]");
const secret = window.location.hash.slice(1);
if (form && secret) {
  history.replaceState(null, "", window.location.pathname);
  form.elements.secret.value = secret;
  form.querySelector("[data-link-paste]").hidden = true;
  document.querySelector("[data-link-ready]").hidden = false;
  document.querySelector("[data-link-staff]").hidden = true;
}
