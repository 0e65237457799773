// A mark beside every exercise's cell. It lives in the page only: the notebook and its metadata are never touched.

const NAME = "mml-lab-mark";

function mark(exercise, language) {
  const node = document.createElement("div");
  node.className = NAME;
  node.lang = language;
  node.title = exercise.spoken;
  node.dataset.status = exercise.status;
  for (const [part, text] of [["sign", exercise.sign], ["word", exercise.word], ["hidden", exercise.spoken]]) {
    const span = document.createElement("span");
    span.className = `mml-lab-${part}`;
    span.textContent = text;
    if (part !== "hidden") span.setAttribute("aria-hidden", "true"); // the sentence says both
    node.append(span);
  }
  return node;
}

// Beside the cell and not in its prompt, which JupyterLab rewrites whenever the cell runs.
function markCell(cell, record) {
  const old = cell.node.querySelector(`:scope > .${NAME}`);
  const exercise = record.exerciseOf(cell.model);
  const wanted = exercise && mark(exercise, record.facts.language);
  if (wanted && old?.isEqualNode(wanted)) return;
  old?.remove();
  cell.node.classList.toggle("mml-lab-marked", Boolean(wanted));
  if (wanted) cell.node.append(wanted);
}

export const plugin = (lab, IRecord) => ({
  id: "mmlearn-edu:marks",
  description: "A mark at the cell of every exercise: passed, partly, not yet, to do, changed.",
  autoStart: true,
  requires: [IRecord, lab.notebook.INotebookTracker],
  activate(app, record, tracker) {
    const markAll = ({ content }) => content.widgets.forEach((cell) => markCell(cell, record));
    const later = (panel) => requestAnimationFrame(() => panel.isDisposed || markAll(panel));
    record.changed.connect(() => tracker.forEach(markAll));
    tracker.widgetAdded.connect(async (_, panel) => {
      await panel.context.ready;
      if (panel.isDisposed) return;
      panel.content.model.cells.changed.connect(() => later(panel)); // moved, copied and undone cells are new ones
      later(panel);
    });
  },
});
