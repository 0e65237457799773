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

/** An id no other element of the page has. Every widget of a notebook is a module of its own: the page counts. */
function freshId(word) {
  window.mmlearnIds = (window.mmlearnIds ?? 0) + 1;
  return `mmlearn-${word}-${window.mmlearnIds}`;
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
  const deaf = html("p", { class: "mml-deaf" });
  const root = html("div", { class: "mml", role: "group", lang: words("kit-lang"), "aria-labelledby": heading.id },
    top, deaf, task, body, help, live);
  el.append(root);
  const release = keepKeys(root);
  const leave = watchKernel(model, () => {
    deaf.textContent = live.textContent = words("kit-deaf");
  });
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
    release() { clearTimeout(timer); leave(); release(); root.remove(); },
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

const GONE = ["autorestarting", "terminating", "dead"];

/** Call `tell` once Python hears this widget no more: its kernel was restarted, replaced, shut down or died. Returns
 *  how to stop. JupyterLab's widgets notice a restart, and their comm lives no more; of the rest we tell their manager.
 *  Other front ends, and a page without Python, have no such manager. */
function watchKernel(model, tell) {
  const session = model.widget_manager?.context?.sessionContext;
  const onStatus = (_, status) => { if (GONE.includes(status)) model.widget_manager.disconnect(); };
  const onKernel = (_, { oldValue }) => { if (oldValue) model.widget_manager.disconnect(); };
  model.on("comm_live_update", tell);
  session?.statusChanged.connect(onStatus);
  session?.kernelChanged.connect(onKernel);
  return () => {
    model.off("comm_live_update", tell);
    session?.statusChanged.disconnect(onStatus);
    session?.kernelChanged.disconnect(onKernel);
  };
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
  // A finger on the handle must not scroll the page; touch-action alone does not hold for parts of an SVG picture.
  handle.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
  handle.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
  });
  handle.addEventListener("pointermove", (event) => {
    if (handle.hasPointerCapture(event.pointerId)) move(...pointer(picture, event));
  });
  handle.addEventListener("pointerup", end);
}

/** A slider with its label. Arrows go by `step`, PageUp and PageDown by `page`, Home and End to the ends. */
function rangeControl({ label, min, max, step = 1, page = 10 * step }, change) {
  const input = html("input", { type: "range", min, max, step, id: freshId("range") });
  const number = html("span", { class: "mml-number" });
  const node = html("div", { class: "mml-control" },
    html("div", { class: "mml-row" }, html("label", { for: input.id }, label), number), input);
  input.addEventListener("input", () => change(Number(input.value)));
  input.addEventListener("keydown", (event) => {
    const way = { PageUp: page, PageDown: -page }[event.key];
    if (way === undefined) return;
    event.preventDefault(); // the browser's own page is a tenth of the range
    input.value = Number(input.value) + way; // it stays within the ends and on a step
    change(Number(input.value));
  });
  return {
    node,
    input,
    /** Show a value: as it is written beside the label, and as a screen reader speaks it. */
    show(value, text, spoken = text) {
      input.value = value;
      number.textContent = text;
      input.setAttribute("aria-valuetext", spoken);
    },
  };
}

/** A line to type into, with its label and room for what is wrong with what was typed. */
function textControl({ label, ...attributes }, change) {
  const wrong = html("span", { class: "mml-wrong", id: freshId("wrong") });
  const input = html("input", { type: "text", id: freshId("text"), spellcheck: "false", autocomplete: "off",
    "aria-describedby": wrong.id, ...attributes });
  const node = html("div", { class: "mml-field" }, html("label", { for: input.id }, label), input, wrong);
  input.addEventListener("input", () => change(input.value));
  return {
    node,
    input,
    /** Show a value, and a sentence where it cannot be used; the caret stays where it is while one types. */
    show(value, problem = "") {
      if (input.value !== String(value)) input.value = value;
      wrong.textContent = problem;
      input.setAttribute("aria-invalid", problem !== "");
    },
  };
}

/** A number to type, or to change with the arrow keys; `change` hears only of numbers that are allowed. */
function numberControl(say, { label, min, max, step = "any" }, change) {
  const control = textControl({ label, type: "number", inputmode: "decimal", min, max, step }, () => {
    const allowed = control.input.value !== "" && control.input.validity.valid;
    if (allowed) change(Number(control.input.value));
    control.show(control.input.value, allowed ? "" : say("kit-number", { min, max }));
  });
  return { ...control, show: (value) => { if (Number(control.input.value) !== value) control.show(value); } };
}

/** One of several, from a list that opens: `options` is [[value, words], ...]. */
function choiceControl({ label, options }, change) {
  const items = options.map(([value, words]) => html("option", { value }, words));
  const input = html("select", { id: freshId("choice") }, ...items);
  input.addEventListener("change", () => change(input.value));
  const node = html("div", { class: "mml-field" }, html("label", { for: input.id }, label), input);
  return { node, input, show: (value) => { input.value = value; } };
}

/** A button; the `first` of a widget stands out. */
function buttonControl(label, press, { first = false } = {}) {
  const button = html("button", { type: "button", class: `mml-button${first ? " mml-first" : ""}` }, label);
  button.addEventListener("click", press);
  return button;
}

/** Arrow keys move a handle over a picture: `move(dx, dy)` in units of 0.02, five times as far with Shift; up is +1. */
function steerable(handle, move) {
  handle.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!way) return;
    event.preventDefault();
    const far = event.shiftKey ? 0.1 : 0.02;
    move(way[0] * far, way[1] * far);
  });
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

/** A square picture with axes, one scale for both directions, from what Python chose: its corners and round numbers. */
function chart({ low, high, ticks, labels }, size = 440) {
  const [left, top, inner] = [48, 12, size - 62];
  const scale = inner / (high[0] - low[0]);
  const toPicture = ([x, y]) => [left + (x - low[0]) * scale, top + (high[1] - y) * scale];
  const toData = ([px, py]) => [low[0] + (px - left) / scale, high[1] - (py - top) / scale];
  const rule = (from, to, zero) => svg("line", { class: zero ? "mml-rule mml-zero" : "mml-rule",
    x1: from[0], y1: from[1], x2: to[0], y2: to[1] });
  const tick = (x, y, anchor, word) => svg("text", { class: "mml-tick", x, y, "text-anchor": anchor }, word);
  const bottom = top + inner;
  const marks = [
    ...ticks[0].map((x) => rule(toPicture([x, low[1]]), toPicture([x, high[1]]), x === 0)),
    ...ticks[1].map((y) => rule(toPicture([low[0], y]), toPicture([high[0], y]), y === 0)),
    ...ticks[0].map((x) => tick(toPicture([x, 0])[0], bottom + 16, "middle", String(x))),
    ...ticks[1].map((y) => tick(left - 6, toPicture([0, y])[1] + 4, "end", String(y))),
    tick(left + inner, bottom + 38, "end", `${labels[0]} →`), tick(left + 4, top + 14, "start", `↑ ${labels[1]}`),
  ];
  const picture = svg("svg", { viewBox: `0 0 ${size} ${size + 4}`, class: "mml-picture mml-chart", role: "group" },
    svg("g", { "aria-hidden": "true" }, ...marks));
  return { picture, toPicture, toData };
}

/** Points to visit and to move, with one tab stop for all of them, so that 200 points are not 200 tab stops.
 *  PgUp, PgDn, Home and End walk from point to point; arrows move the one that has the focus if it may be moved,
 *  `move(i, [x, y])`, and walk where it may not. A drag moves it too; `visit(i)` tells which one has the focus. */
function movablePoints({ picture, toData }, points, { step, move, visit = () => {} }) {
  let current = 0;
  const place = (i) => points[i].at();
  function walk(to) {
    points[Math.min(points.length - 1, Math.max(0, to))].node.focus();
  }
  function press(event, i) {
    const steps = { PageDown: i + 1, PageUp: i - 1, Home: 0, End: points.length - 1 };
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (way && points[i].movable) {
      const far = step * (event.shiftKey ? 10 : 1);
      move(i, [place(i)[0] + way[0] * far, place(i)[1] + way[1] * far]);
    } else if (way) walk(i + (event.key === "ArrowRight" || event.key === "ArrowDown" ? 1 : -1));
    else if (event.key in steps) walk(steps[event.key]);
    else return;
    event.preventDefault();
  }
  points.forEach(({ node, movable }, i) => {
    fill(node, { tabindex: i === current ? 0 : -1, role: movable ? "slider" : "button" }, []);
    node.addEventListener("keydown", (event) => press(event, i));
    node.addEventListener("focus", () => {
      points[current].node.setAttribute("tabindex", -1);
      node.setAttribute("tabindex", 0);
      current = i;
      visit(i);
    });
    if (movable) draggable(picture, node, (x, y) => move(i, toData([x, y])), () => node.focus());
    node.addEventListener("pointerdown", () => node.focus());
  });
}

/** Call `place(x, y)` where the picture is tapped beside its handles: what a drag does, for those who cannot drag. */
function tappable(picture, place) {
  picture.addEventListener("click", (event) => {
    if (!event.target.closest(".mml-handle, .mml-spot")) place(...pointer(picture, event));
  });
}

/** The Fourier transform of re + i im, in place; their length is a power of 2 (Cooley and Tukey, 1965). */
function fft(re, im) {
  const n = re.length;
  for (let i = 1, j = 0; i < n; i += 1) { // to the place with the same bits from right to left
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) [re[i], re[j], im[i], im[j]] = [re[j], re[i], im[j], im[i]];
  }
  for (let half = 1; half < n; half *= 2) {
    for (let k = 0; k < half; k += 1) {
      const [c, s] = [Math.cos((-Math.PI * k) / half), Math.sin((-Math.PI * k) / half)];
      for (let a = k; a < n; a += 2 * half) {
        const b = a + half;
        const [x, y] = [c * re[b] - s * im[b], c * im[b] + s * re[b]];
        [re[b], im[b], re[a], im[a]] = [re[a] - x, im[a] - y, re[a] + x, im[a] + y];
      }
    }
  }
}

/** The magnitudes of frequencies 0 to n / 2 of a real signal, zeros behind it up to length n. */
function magnitudes(signal, n) {
  const [re, im] = [new Float64Array(n), new Float64Array(n)];
  re.set(signal);
  fft(re, im);
  return Float64Array.from({ length: n / 2 + 1 }, (_, k) => Math.hypot(re[k], im[k]));
}

/** The Hann window of n samples: it fades in and out. */
const hann = (n) => Float64Array.from({ length: n }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / n));

const ICONS = { play: "M3 1.5v11l9-5.5z", pause: "M2.5 2h3.2v10H2.5zM8.3 2h3.2v10H8.3z", flag: "M3 1h1.4v1H11L9 5l2 3H4.4v5.5H3z" };

/** Write words on a button, behind a picture that no font can lack. */
function iconed(button, name, words) {
  const picture = svg("svg", { viewBox: "0 0 14 14", class: "mml-icon", "aria-hidden": "true" }, svg("path", { d: ICONS[name] }));
  button.replaceChildren(picture, words);
  return button;
}
