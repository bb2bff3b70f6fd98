// The secret of an invitation stands behind the # of its link: it is never part of an address that is sent or logged.
// It goes from there into the form, and out of the address bar.

const form = document.querySelector("form[data-join]");
const secret = window.location.hash.slice(1);
if (form && secret) {
  history.replaceState(null, "", window.location.pathname);
  form.elements.secret.value = secret;
  form.requestSubmit();
}
