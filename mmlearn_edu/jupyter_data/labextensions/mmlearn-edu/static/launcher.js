// A category in the launcher: a card for every chapter of the learner's folder.

export const plugin = (lab, IRecord) => ({
  id: "mmlearn-edu:launcher",
  description: "The chapters as cards in the launcher.",
  autoStart: true,
  requires: [IRecord],
  optional: [lab.launcher?.ILauncher].filter(Boolean),
  activate(app, record, launcher) {
    if (!launcher) return;
    let cards = [];
    let shown = "";
    record.changed.connect(() => {
      const chapters = (record.facts?.chapters ?? []).filter((chapter) => chapter.notebook && chapter.total);
      const now = JSON.stringify(chapters.map((chapter) => [chapter.title, chapter.begun, chapter.share, chapter.notebook]));
      if (now === shown) return;
      shown = now;
      cards.forEach((card) => card.dispose());
      cards = chapters.map((chapter, rank) => launcher.add({
        command: "mmlearn-edu:open", args: { chapter: chapter.id }, category: record.words.title, rank,
      }));
    });
  },
});
