// Shared by every explorable. Python puts this file in front of a widget's own file: together they are one module.

const SVG = "http://www.w3.org/2000/svg";

/** Make an element: html("p", {class: "x"}, "text", child). */
function html(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

let count = 0;
/** An id no other element of the page has: two views of one widget may stand side by side. */
function freshId(word) {
  count += 1;
  return `mmlearn-${word}-${count}`;
}

/** The words of a widget in the learner's language: say("caught", {share: "63 %"}). */
function wording(model) {
  const words = model.get("words");
  return (id, values = {}) => words[id].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** The frame: title, task, a line that says what the check will read, the widget's body, and its keys. */
function frame(model, el, title, body, keys) {
  const words = wording(model);
  const heading = html("p", { class: "mml-title", id: freshId("title") }, title);
  const task = html("p", { class: "mml-task" }, html("strong", {}, words("kit-task")), ` ${model.get("task")}`);
  const answer = html("span", { class: "mml-answer" });
  const live = html("p", { class: "mml-hidden", role: "status", "aria-live": "polite" });
  const help = html("p", { class: "mml-keys" }, ...keys.map(readKey));
  const top = html("div", { class: "mml-top" }, heading, answer);
  const root = html("div", { class: "mml", role: "group", lang: words("kit-lang"), "aria-labelledby": heading.id },
    top, task, body, help, live);
  el.append(root);
  const release = keepKeys(root);
  let timer = 0;
  return {
    /** Tell a screen reader, once the reader pauses. */
    say(sentence) {
      clearTimeout(timer);
      timer = setTimeout(() => { live.textContent = sentence; }, 700);
    },
    /** Show what `check` would read now. */
    showAnswer(value) {
      answer.textContent = value === null ? words("kit-no-answer") : words("kit-answer", { answer: value });
      answer.classList.toggle("mml-given", value !== null);
    },
    release() { clearTimeout(timer); release(); root.remove(); },
  };
}

/** "[Home] first" becomes a key cap and a word. */
function readKey(words) {
  const parts = words.split(/\[([^\]]+)\]/);
  return html("span", {}, ...parts.map((part, i) => (i % 2 ? html("kbd", {}, part) : part)));
}

/** Plain keys belong to the widget while it has the focus; Ctrl, Cmd and Shift+Enter stay JupyterLab's.
 *  JupyterLab asks the focused element first, so it is the one that must carry the mark, and before any listener. */
function keepKeys(root) {
  const decide = (event) => {
    if (!root.contains(event.target)) return;
    const labs = event.ctrlKey || event.metaKey || (event.shiftKey && event.key === "Enter");
    event.target.toggleAttribute("data-lm-suppress-shortcuts", !labs);
  };
  window.addEventListener("keydown", decide, true);
  return () => window.removeEventListener("keydown", decide, true);
}

/** Change the widget's state, here and in Python. */
function save(model, changes) {
  for (const [name, value] of Object.entries(changes)) model.set(name, value);
  model.save_changes();
}

/** Redraw when any of these traits changes, from whichever side; returns how to stop. */
function follow(model, traits, redraw) {
  const events = traits.map((trait) => `change:${trait}`);
  for (const event of events) model.on(event, redraw);
  return () => { for (const event of events) model.off(event, redraw); };
}

/** The pointer in the coordinates of an SVG picture, however it is scaled. */
function pointer(picture, event) {
  const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(picture.getScreenCTM().inverse());
  return [at.x, at.y];
}

/** Drag `handle`: `move(x, y)` with the pointer in the picture's coordinates; `end()` when it is let go. */
function draggable(picture, handle, move, end = () => {}) {
  handle.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
  });
  handle.addEventListener("pointermove", (event) => {
    if (handle.hasPointerCapture(event.pointerId)) move(...pointer(picture, event));
  });
  handle.addEventListener("pointerup", end);
}

/** Place data in a square picture, with one scale for both directions: distances stay distances. */
function plane(points, size, margin) {
  const range = (axis) => points.reduce(
    ([low, high], p) => [Math.min(low, p[axis]), Math.max(high, p[axis])], [Infinity, -Infinity]);
  const [[left, right], [bottom, top]] = [range(0), range(1)];
  const span = Math.max(right - left, top - bottom) || 1;
  const scale = (size - 2 * margin) / span;
  const [cx, cy] = [(left + right) / 2, (bottom + top) / 2];
  return {
    span,
    toPicture: ([x, y]) => [size / 2 + (x - cx) * scale, size / 2 - (y - cy) * scale],
    toData: ([px, py]) => [cx + (px - size / 2) / scale, cy - (py - size / 2) / scale],
  };
}

/** 0.6321 -> "63.2 %". */
const percent = (share) => `${(100 * share).toFixed(1)} %`;

/** Four significant digits, as Python's :.4g writes numbers of everyday size. */
const short = (value) => String(Number(value.toPrecision(4)));

/** Base64, as Python packs bytes, back to bytes. */
const unpack = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
