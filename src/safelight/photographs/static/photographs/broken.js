// One broken photo shows a tile with the reason; the others work. The words come from the page (`data-broken`).

function replace(picture) {
  const tile = document.createElement("span");
  tile.className = "sl-photo__none";
  tile.textContent = picture.dataset.broken;
  const about = document.createElement("span");
  about.className = "nhsuk-u-visually-hidden";
  about.textContent = `${picture.alt}: `;
  tile.prepend(about);
  picture.replaceWith(tile);
}

for (const picture of document.querySelectorAll("img[data-broken]")) {
  // A picture may have failed before this module came.
  if (picture.complete && picture.naturalWidth === 0) replace(picture);
  else picture.addEventListener("error", () => replace(picture), { once: true });
}
