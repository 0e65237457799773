// What the learner has done: the one place that asks the server. The panel, the launcher and the marks listen.

const QUIET = 400; // milliseconds without a change before the server is asked
const SILENT = "mmlearn-edu: the server does not tell the progress; `mmlearn-edu doctor` says why."
  + " 服务器没有提供进度；`mmlearn-edu doctor` 会说明原因。"; // the words come from the server, and here it is missing
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="16">
  <path class="jp-icon3" fill="#616161" d="M4 4a2 2 0 0 1 2-2h13a1 1 0 0 1 1 1v18a1 1 0 0 1-1 1H6a2 2 0 0 1-2-2zm2 0v16h12V4z"/>
  <path class="jp-icon3" fill="#616161" d="M10.6 16.2 7.4 13l1.4-1.4 1.8 1.8 4.6-4.6 1.4 1.4z"/></svg>`;
const VERDICT = "application/vnd.mmlearn.verdict+json";

const ours = (model) => model?.getMetadata("mmlearn_edu") ?? {};
const chapterOf = (notebookModel) => ours(notebookModel).chapter;

function isVerdict(cell) {
  const outputs = cell.model.type === "code" ? cell.model.outputs.toJSON() : [];
  return outputs.some((output) => output.data && VERDICT in output.data);
}

class Record {
  constructor(lab, app, tracker) {
    Object.assign(this, { lab, app, tracker });
    this.changed = new lab.signaling.Signal(this);
    this.facts = null; // the server's answer: see mmlearn_edu/checks/panel.py
    this.message = ""; // of this moment, for the panel's live region
    this.folder = "";
    this.icon = new lab.ui.LabIcon({ name: "mmlearn-edu:workbook", svgstr: ICON });
    this.sent = this.received = null;
    tracker.widgetAdded.connect((_, panel) => this.follow(panel));
    tracker.currentChanged.connect(() => this.look());
    lab.notebook.NotebookActions.executed.connect((_, { notebook, cell }) => {
      if (chapterOf(notebook.model) || isVerdict(cell)) this.ask();
    });
    window.addEventListener("focus", () => this.ask()); // back from a terminal, where progress is made too
    app.restored.then(() => this.ask());
  }

  get words() {
    return this.facts?.words ?? {};
  }

  chapter(id) {
    return this.facts?.chapters.find((chapter) => chapter.id === id);
  }

  // The exercise that a cell asks, as the server tells it; undefined for any other cell.
  exerciseOf(cellModel) {
    const id = ours(cellModel).exercise;
    const exercises = this.facts?.chapters.flatMap((chapter) => chapter.exercises) ?? [];
    return id && exercises.find((exercise) => exercise.id === id);
  }

  async follow(panel) {
    await panel.context.ready;
    if (panel.isDisposed || !chapterOf(panel.content.model)) return;
    panel.content.model.contentChanged.connect(() => this.ask({ onlyIfEdited: true }));
    panel.disposed.connect(() => this.ask());
    this.look();
    this.ask();
  }

  // As seen from the server's root.
  pathOf(context) {
    return this.app.serviceManager.contents.localPath(context.path);
  }

  // Where the learner is: in the folder of the chapter looked at last.
  look() {
    const panel = this.tracker.currentWidget;
    if (!panel || !chapterOf(panel.content.model)) return;
    const folder = this.pathOf(panel.context).split("/").slice(0, -1).join("/");
    if (folder !== this.folder) {
      this.folder = folder;
      this.ask();
    }
  }

  // The cells as they stand in the editor: what is on the disk may be two minutes old.
  openCells() {
    const open = {};
    this.tracker.forEach(({ content, context }) => {
      if (!chapterOf(content.model)) return;
      const cells = [...content.model.cells].filter((cell) => cell.type === "code");
      open[this.pathOf(context)] = cells.map((cell) => cell.sharedModel.getSource());
    });
    return open;
  }

  // Ask once things are quiet; a whole run of a notebook is one question.
  ask({ onlyIfEdited = false } = {}) {
    this.due ||= !onlyIfEdited;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), QUIET);
  }

  async send() {
    if (this.busy) return this.ask({ onlyIfEdited: true });
    const body = JSON.stringify(this.openCells());
    if (!this.due && body === this.sent) return;
    this.busy = true;
    this.due = false;
    this.sent = body;
    try {
      this.take(await this.answer(body));
    } catch {
      this.say(this.words.away ?? SILENT);
    } finally {
      this.busy = false;
    }
  }

  async answer(body) {
    const { ServerConnection } = this.lab.services;
    const { serverSettings } = this.app.serviceManager;
    const folder = `?folder=${encodeURIComponent(this.folder)}`;
    const address = this.lab.coreutils.URLExt.join(serverSettings.baseUrl, "mmlearn-edu/progress") + folder;
    const request = body === "{}" ? { method: "GET" } : { method: "POST", body };
    const response = await ServerConnection.makeRequest(address, request, serverSettings);
    if (!response.ok) throw new ServerConnection.ResponseError(response);
    return response.text();
  }

  take(text) {
    if (text === this.received && !this.message) return;
    this.received = text;
    this.facts = JSON.parse(text);
    this.message = "";
    this.changed.emit();
  }

  say(words) {
    if (words === this.message) return;
    this.message = words;
    this.changed.emit();
  }
}

export const plugin = (lab, IRecord) => ({
  id: "mmlearn-edu:record",
  description: "Asks the server what the learner has done, after every check and every change.",
  autoStart: true,
  requires: [lab.notebook.INotebookTracker],
  provides: IRecord,
  activate(app, tracker) {
    return new Record(lab, app, tracker);
  },
});
