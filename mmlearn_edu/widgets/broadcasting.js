// Edit two shapes and watch NumPy's broadcasting line up their axes from the right.

const MAX_AXES = 6;
const MAX_DRAWN = 12;

/** "(5, 1)", "5,1" or "5 1" -> [5, 1]; anything else -> what is wrong: the id of a sentence and its values. */
function readShape(text) {
  const inside = text.trim().replace(/^[([]/, "").replace(/[)\]]$/, "").trim();
  if (!inside) return /^[([]/.test(text.trim()) ? [] : { word: "such-as" };
  const sizes = inside.replace(/,$/, "").split(/\s*,\s*|\s+/);
  const wrong = sizes.find((size) => !/^\d{1,5}$/.test(size));
  if (wrong !== undefined) return { word: "no-size", size: wrong };
  if (sizes.length > MAX_AXES) return { word: "too-many", count: sizes.length, most: MAX_AXES };
  return sizes.map(Number);
}

/** Python's way to write a tuple. */
const tuple = (shape) => (shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`);

/** Axis by axis from the right: equal sizes agree, a 1 stretches, a missing axis counts as 1. */
function broadcast(a, b) {
  const axes = [];
  for (let back = Math.max(a.length, b.length); back >= 1; back -= 1) {
    const [m, n] = [a[a.length - back] ?? null, b[b.length - back] ?? null];
    const [left, right] = [m ?? 1, n ?? 1];
    const size = left === right || right === 1 ? left : left === 1 ? right : null;
    axes.push({ axis: -back, a: m, b: n, size });
  }
  const fits = axes.every((axis) => axis.size !== null);
  return { axes, shape: fits ? axes.map((axis) => axis.size) : null };
}

/** The value of an array of shape `shape` that counts 0, step, 2 * step, ... at a place of the result. */
function valueAt(shape, place, step) {
  const own = place.slice(place.length - shape.length).map((i, axis) => (shape[axis] === 1 ? 0 : i));
  return step * own.reduce((flat, i, axis) => flat * shape[axis] + i, 0);
}

/** What Python reads: the result, or two words where the task does not count it. */
function answerOf(a, b, goal) {
  const { shape } = broadcast(a, b);
  if (!shape) return "does not broadcast";
  const same = (one, other) => tuple(one) === tuple(other);
  return same(shape, goal) && (same(a, goal) || same(b, goal)) ? `already ${tuple(goal)}` : shape;
}

/** One array as cells: its own solid, the copies that stretching makes dashed; a third axis goes to the back. */
function grid(say, name, shape, full, value) {
  const own = [...Array(full.length - shape.length).fill(1), ...shape];
  const [layers, rows, columns] = [...Array(3 - full.length).fill(1), ...full];
  const side = Math.max(13, Math.min(30, Math.floor(190 / Math.max(rows, columns))));
  const shift = Math.min(9, 60 / layers);
  const [width, height] = [columns * side + (layers - 1) * shift + 2, rows * side + (layers - 1) * shift + 2];
  const cells = [];
  for (let layer = layers - 1; layer >= 0; layer -= 1) {
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        const place = [layer, row, column].slice(3 - full.length);
        const copy = place.some((i, axis) => i > 0 && own[axis] === 1);
        const [x, y] = [column * side + layer * shift + 1, row * side + (layers - 1 - layer) * shift + 1];
        cells.push(svg("rect", { x, y, width: side - 2, height: side - 2, rx: 2, class: copy ? "mml-copy" : "mml-cell" }));
        if (side < 20 || layer > 0) continue;
        const middle = { x: x + side / 2 - 1, y: y + side / 2 + 3, "text-anchor": "middle" };
        cells.push(svg("text", { ...middle, class: copy ? "mml-copied" : "mml-value" }, value(place)));
      }
    }
  }
  const stretched = tuple(shape) !== tuple(full);
  const label = say(stretched ? "grid-stretched" : "grid", { name, shape: tuple(shape), full: tuple(full) });
  return html("figure", { class: "mml-grid" }, html("figcaption", {}, `${name} ${tuple(shape)}`),
    svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": label }, ...cells));
}

const sign = (text) => html("span", { class: "mml-sign", "aria-hidden": "true" }, text);

function grids(say, a, b, shape) {
  const drawn = shape ? [a, b, shape] : [a, b];
  if (drawn.some((s) => s.length > 3 || s.some((n) => n > MAX_DRAWN || n < 1))) {
    return [html("p", { class: "mml-note" }, say("not-drawn", { most: MAX_DRAWN }))];
  }
  const [valueA, valueB] = [(place) => valueAt(a, place, 1), (place) => valueAt(b, place, 10)];
  const [fullA, fullB] = [shape ?? a, shape ?? b];
  const terms = [grid(say, "a", a, fullA, valueA), sign(shape ? "+" : "✗"), grid(say, "b", b, fullB, valueB)];
  const sum = (place) => valueA(place) + valueB(place);
  return shape ? [...terms, sign("="), grid(say, "a + b", shape, shape, sum)] : terms;
}

/** The axes, lined up from the right, with what happens to each. */
function table(say, axes) {
  const cell = (own, size) => {
    if (size === null) return html("td", { class: "mml-clash" }, `✗ ${own ?? 1}`);
    if (own === size) return html("td", {}, own);
    return html("td", { class: "mml-stretched" }, `${own ?? say("none")} → ${size}`);
  };
  const why = ({ a, b, size }) => {
    if (size === null) return say("clash", { a, b });
    if (a === b) return say("same");
    const [name, own] = a === size ? ["b", b] : ["a", a];
    return say(own === null ? "missing" : "stretches", { name });
  };
  const row = (name, cells) => html("tr", {}, name ? html("th", { scope: "row" }, name) : html("td", { class: "mml-why" }), ...cells);
  const heads = axes.map(({ axis }) => html("th", { scope: "col" }, say("axis", { number: String(axis).replace("-", "−") })));
  return html("table", { class: "mml-axes" }, html("caption", {}, say("axes")),
    html("thead", {}, row("", heads)),
    html("tbody", {}, row("a", axes.map((axis) => cell(axis.a, axis.size))),
      row("b", axes.map((axis) => cell(axis.b, axis.size))),
      row("a + b", axes.map(({ size }) => html("td", { class: size === null ? "mml-clash" : "mml-result" }, size ?? "✗"))),
      row(say("why"), axes.map((axis) => html("td", { class: "mml-why" }, why(axis))))));
}

/** What to say about an answer: as a verdict, and where the learner reads what `check` will get. */
function verdictOf(say, answer, goal) {
  if (answer === "does not broadcast") return say("no");
  if (typeof answer === "string") return say("already", { shape: tuple(goal) });
  return say(tuple(answer) === tuple(goal) ? "won" : "result", { shape: tuple(answer) });
}

function shown(say, answer, goal) {
  if (answer === null) return null;
  if (Array.isArray(answer)) return tuple(answer);
  return answer === "does not broadcast" ? say("answer-no") : say("answer-already", { shape: tuple(goal) });
}

function render({ model, el }) {
  const say = wording(model);
  const goal = model.get("goal");
  const fields = ["a", "b"].map((name) => textControl({ label: say("shape", { name }) }, (text) => type(name, text)));
  const verdict = html("p", { class: "mml-verdict" });
  const aligned = html("div", { class: "mml-scroll" });
  const drawn = html("div", { class: "mml-grids" });
  const body = html("div", { class: "mml-stack" },
    html("div", { class: "mml-fields" }, fields[0].node, sign("+"), fields[1].node, sign("="), verdict),
    html("div", { class: "mml-both" }, aligned, drawn),
    html("p", { class: "mml-note" }, say("legend")));
  const card = frame(model, el, say("title"), body, [say("key-tab"), say("key-type")]);

  function redraw() {
    const [a, b] = ["a", "b"].map((name) => readShape(model.get(name)));
    [a, b].forEach((shape, i) => fields[i].show(model.get("ab"[i]), shape.word ? say(shape.word, shape) : ""));
    card.showAnswer(shown(say, model.get("answer"), goal));
    if (a.word || b.word) return;
    const { axes, shape } = broadcast(a, b);
    const now = answerOf(a, b, goal);
    verdict.textContent = verdictOf(say, now, goal);
    verdict.classList.toggle("mml-won", Array.isArray(now) && tuple(now) === tuple(goal));
    aligned.replaceChildren(...(axes.length ? [table(say, axes)] : []));
    drawn.replaceChildren(...grids(say, a, b, shape));
  }
  function type(name, text) {
    const [a, b] = fields.map((each) => readShape(each.input.value));
    const problem = [a, b].find((shape) => shape.word);
    const answer = problem ? null : answerOf(a, b, goal);
    save(model, { [name]: text, ...(!problem && { answer }) });
    card.say(problem ? say(problem.word, problem) : verdictOf(say, answer, goal));
  }
  const stop = follow(model, ["a", "b", "answer"], redraw);
  redraw();
  return () => { stop(); card.release(); };
}

export { answerOf, broadcast, readShape, valueAt };
export default { render };
