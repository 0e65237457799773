// The side panel: what comes next, every chapter with its exercises, predictions and recall.

// Make an element: properties first, then what is in it.
function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on") || name === "open") node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

const open = (record, { chapter, exercise }) => record.app.commands.execute("mmlearn-edu:open", { chapter, exercise });

const sign = (exercise) =>
  element("span", { class: "mml-lab-sign", "data-status": exercise.status, "aria-hidden": "true" }, exercise.sign);

function nextStep(record) {
  const { next, words } = record.facts;
  const go = element("button", { class: "mml-lab-button mml-lab-first", "data-key": "next" }, words.go);
  go.onclick = () => open(record, next);
  const reachable = next.exercise && record.chapter(next.chapter).notebook;
  const title = next.title ? element("p", { class: "mml-lab-title" }, next.title) : null;
  return element("div", { class: "mml-lab-next" }, title, element("p", {}, next.words), reachable ? go : null);
}

function exerciseLine(record, chapter, exercise) {
  const word = element("span", { class: "mml-lab-word" }, exercise.word);
  const parts = [sign(exercise), element("span", { class: "mml-lab-what" }, exercise.title), word];
  if (!chapter.notebook) return element("li", { class: "mml-lab-exercise" }, ...parts);
  const button = element("button", { class: "mml-lab-exercise", "data-key": exercise.id, title: exercise.id }, ...parts);
  button.onclick = () => open(record, { chapter: chapter.id, exercise: exercise.id });
  return element("li", {}, button);
}

function chapterPart(record, chapter, opened) {
  const { words } = record.facts;
  const bar = element("span", { class: "mml-lab-bar", "aria-hidden": "true" }, element("span"));
  bar.firstChild.style.width = `${(100 * chapter.passed) / Math.max(1, chapter.total)}%`;
  const head = element("summary", { "data-key": `chapter ${chapter.id}` },
    element("span", { class: "mml-lab-title" }, `${chapter.id.split("-")[0]}  ${chapter.title}`),
    element("span", { class: "mml-lab-count" }, chapter.begun ? chapter.count : chapter.minutes), bar);
  const whole = element("button", { class: "mml-lab-button", "data-key": `open ${chapter.id}` }, words.open);
  whole.append(element("span", { class: "mml-lab-hidden" }, ` ${chapter.id}`));
  whole.onclick = () => open(record, { chapter: chapter.id });
  const way = chapter.notebook ? whole : element("p", {}, `${chapter.id}.ipynb: ${words.absent}`);
  const lines = chapter.exercises.map((exercise) => exerciseLine(record, chapter, exercise));
  const part = element("details", { open: opened.has(chapter.id) }, head, way, element("ul", {}, ...lines));
  part.ontoggle = () => (part.open ? opened.add(chapter.id) : opened.delete(chapter.id));
  return part;
}

function contents(record, opened) {
  const { chapters, next, kept, words } = record.facts;
  if (!chapters.length) return [];
  return [
    nextStep(record),
    element("h3", {}, words.chapters),
    ...chapters.map((chapter) => chapterPart(record, chapter, opened)),
    element("h3", {}, words.kept),
    ...kept.map((line) => element("p", {}, line)),
  ];
}

// Draw anew, and give the focus back to the control that had it.
function draw(node, record, opened) {
  const [title, live, body] = node.children;
  live.textContent = [record.message, ...(record.facts?.notes ?? [])].filter(Boolean).join(" ");
  if (!record.facts) return;
  node.lang = record.facts.language;
  title.textContent = record.words.title;
  const key = body.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  body.replaceChildren(...contents(record, opened));
  if (key) body.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}

function makePanel(lab, record) {
  const heading = element("h2", {}, "mmlearn_edu");
  const live = element("p", { class: "mml-lab-note", role: "status" });
  const node = element("section", { "aria-labelledby": "mml-lab-heading", tabindex: "-1" }, heading, live);
  heading.id = "mml-lab-heading";
  node.append(element("div"));
  class Panel extends lab.widgets.Widget {
    onActivateRequest() { // by its tab, or by the command: the keyboard goes to the next step
      (node.querySelector("button, summary") ?? node).focus({ preventScroll: true });
    }
  }
  const panel = new Panel({ node });
  panel.id = "mmlearn-edu-panel";
  panel.addClass("mml-lab");
  panel.title.icon = record.icon;
  panel.title.caption = "mmlearn_edu";
  const opened = new Set();
  let first = true;
  record.changed.connect(() => {
    if (first && record.facts?.next?.chapter) opened.add(record.facts.next.chapter);
    first &&= !record.facts;
    panel.title.caption = record.words.title ?? panel.title.caption;
    draw(node, record, opened);
  });
  return panel;
}

export const plugin = (lab, IRecord) => ({
  id: "mmlearn-edu:panel",
  description: "A side panel with the progress and the next step.",
  autoStart: true,
  requires: [IRecord],
  optional: [lab.application.ILayoutRestorer, lab.apputils.ICommandPalette],
  activate(app, record, restorer, palette) {
    const panel = makePanel(lab, record);
    app.shell.add(panel, "left", { rank: 150 }); // below the file browser
    restorer?.add(panel, panel.id);
    app.commands.addCommand("mmlearn-edu:show", {
      label: () => record.words.show ?? "mmlearn_edu",
      execute: () => {
        setTimeout(() => app.shell.activateById(panel.id), 200); // the palette first gives the focus back to the notebook
      },
    });
    for (const command of ["mmlearn-edu:show", "mmlearn-edu:next"]) {
      palette?.addItem({ command, category: "mmlearn_edu" });
    }
  },
});
