// What is urgent stands in the tab's title as well: "(1) Urgent Home". The bar above the page brings it, new every 15 seconds.
const MARK = /^\(\d+\) Urgent /;

function title() {
  const words = document.getElementById("sl-bar")?.dataset.title ?? "";
  const plain = document.title.replace(MARK, "");
  document.title = words ? `${words} ${plain}` : plain;
}

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.elt?.id === "sl-bar") title();
});
