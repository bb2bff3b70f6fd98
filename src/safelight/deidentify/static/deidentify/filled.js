// The form's fields for one photo: the rows that the server drew, and what goes back to it.

export function read(form, desk) {
  const id = desk.dataset.desk;
  const areas = [...form.querySelectorAll(`[data-rows="${id}"] > [data-area]`)].map((row) => JSON.parse(row.dataset.area));
  return { turn: Number(form.elements[`turn-${id}`].value), areas };
}

export function write(form, id, { turn, areas }, version) {
  form.elements[`turn-${id}`].value = turn;
  form.elements[`version-${id}`].value = version;
  form.elements[`boxes-${id}`].value = JSON.stringify(areas.map(({ id: area, x, y, w, h, drawn, state }) => ({ id: area, x, y, w, h, drawn, state })));
}
