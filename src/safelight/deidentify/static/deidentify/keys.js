// Keys. Single letters work while a box or a photo has the focus, never elsewhere (WCAG 2.1.4).

const ARROWS = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };
const SIZES = { ArrowLeft: "narrower", ArrowRight: "wider", ArrowUp: "shorter", ArrowDown: "taller" };
const WRITES = "input:not([type=radio], [type=checkbox]), textarea, select";

export function listen(editor) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.metaKey || event.target.matches?.(WRITES)) return;
    const act = event.ctrlKey ? steps(editor, event) : keys(editor, event);
    if (!act) return;
    event.preventDefault();
    act();
  });
}

function steps(editor, event) {
  const key = event.key.toLowerCase();
  if (event.altKey) return null;
  if (key === "z") return event.shiftKey ? () => editor.redo() : () => editor.undo();
  return key === "y" ? () => editor.redo() : null;
}

function keys(editor, event) {
  if (event.key === "Escape" && editor.active.layer.drawing) return () => editor.draws(editor.active);
  const desk = editor.desks.find(({ view }) => view.pane.contains(event.target));
  if (!desk) return null;
  const id = event.target.dataset.area;
  return (id && onBox(editor, desk, id, event)) || onPhoto(editor, desk, event);
}

function onBox(editor, desk, id, event) {
  const { key, shiftKey, altKey, repeat } = event;
  if (key in ARROWS) {
    return () => editor.nudge(desk, id, (shiftKey ? SIZES : ARROWS)[key], { fine: altKey, joined: repeat });
  }
  if (shiftKey || altKey) return null;
  if (key === "Enter" || key === " ") return () => editor.toggle(desk, id);
  return key === "Delete" || key === "Backspace" ? () => editor.remove(desk, id) : null;
}

function onPhoto(editor, desk, event) {
  if (event.altKey) return null;
  const acts = {
    n: () => editor.add(desk),
    d: () => editor.draws(desk),
    t: () => editor.turn(desk),
    "+": () => desk.view.larger(),
    "=": () => desk.view.larger(),
    "-": () => desk.view.smaller(),
    0: () => desk.view.fit(),
  };
  return acts[event.key.length === 1 ? event.key.toLowerCase() : event.key] ?? null;
}
