// The ways into the notebooks: a chapter, the cell of an exercise, the next step. The panel and the launcher take them.

async function goTo(record, notebook, exercise) {
  const index = notebook.widgets.findIndex((cell) => record.exerciseOf(cell.model)?.id === exercise);
  if (index < 0) return record.say(record.words.gone);
  notebook.deselectAll();
  notebook.mode = "command";
  notebook.activeCellIndex = index;
  await notebook.scrollToCell(notebook.widgets[index], "start");
}

async function open(app, record, { chapter, exercise }) {
  const path = record.chapter(chapter)?.notebook;
  if (!path) return null;
  const panel = await app.commands.execute("docmanager:open", { path, factory: "Notebook" });
  app.shell.activateById(panel.id);
  await panel.context.ready;
  if (exercise) await goTo(record, panel.content, exercise);
  return panel; // a launcher closes when it gets a widget
}

// A card in the launcher: number and title, and how far it is, or how long it takes before it is begun.
const title = (chapter) =>
  chapter ? `${chapter.id.split("-")[0]} ${chapter.title} · ${chapter.begun ? chapter.share : chapter.minutes}` : "";

export const plugin = (lab, IRecord) => ({
  id: "mmlearn-edu:commands",
  description: "Opens a chapter, the cell of an exercise, the next step.",
  autoStart: true,
  requires: [IRecord],
  activate({ commands, shell }, record) {
    commands.addCommand("mmlearn-edu:open", {
      label: (args) => title(record.chapter(args.chapter)),
      caption: (args) => record.chapter(args.chapter)?.notebook ?? "",
      icon: record.icon,
      execute: (args) => open({ commands, shell }, record, args),
    });
    commands.addCommand("mmlearn-edu:next", {
      label: () => record.facts?.next?.words ?? "mmlearn_edu",
      isEnabled: () => Boolean(record.facts?.next?.exercise),
      execute: () => open({ commands, shell }, record, record.facts.next),
    });
    record.changed.connect(() => commands.notifyCommandChanged()); // the palette keeps labels
  },
});
