// Edit two shapes and watch NumPy's broadcasting line up their axes from the right.

const MAX_AXES = 6;
const MAX_DRAWN = 12;

/** "(5, 1)", "5,1" or "5 1" -> [5, 1]; anything else -> a sentence that says what to write. */
function readShape(text) {
  const inside = text.trim().replace(/^[([]/, "").replace(/[)\]]$/, "").trim();
  if (!inside) return /^[([]/.test(text.trim()) ? [] : "Write sizes with commas, such as 5, 1.";
  const sizes = inside.replace(/,$/, "").split(/\s*,\s*|\s+/);
  const wrong = sizes.find((size) => !/^\d{1,5}$/.test(size));
  if (wrong !== undefined) return `“${wrong}” is not a size. Write whole numbers with commas, such as 5, 1.`;
  if (sizes.length > MAX_AXES) return `${sizes.length} axes are too many to draw; write at most ${MAX_AXES}.`;
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
function grid(name, shape, full, value) {
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
  const label = `${name} of shape ${tuple(shape)}${tuple(shape) === tuple(full) ? "" : `, stretched to ${tuple(full)}`}`;
  return html("figure", { class: "mml-grid" }, html("figcaption", {}, `${name} ${tuple(shape)}`),
    svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": label }, ...cells));
}

const sign = (text) => html("span", { class: "mml-sign", "aria-hidden": "true" }, text);

function grids(a, b, shape) {
  const drawn = shape ? [a, b, shape] : [a, b];
  if (drawn.some((s) => s.length > 3 || s.some((n) => n > MAX_DRAWN || n < 1))) {
    return [html("p", { class: "mml-note" },
      `Drawn up to 3 axes with sizes from 1 to ${MAX_DRAWN}; the table holds for any size.`)];
  }
  const [valueA, valueB] = [(place) => valueAt(a, place, 1), (place) => valueAt(b, place, 10)];
  const [fullA, fullB] = [shape ?? a, shape ?? b];
  const terms = [grid("a", a, fullA, valueA), sign(shape ? "+" : "✗"), grid("b", b, fullB, valueB)];
  return shape ? [...terms, sign("="), grid("a + b", shape, shape, (place) => valueA(place) + valueB(place))] : terms;
}

/** The axes, lined up from the right, with what happens to each. */
function table(axes) {
  const cell = (own, size) => {
    if (size === null) return html("td", { class: "mml-clash" }, `✗ ${own ?? 1}`);
    if (own === size) return html("td", {}, own);
    return html("td", { class: "mml-stretched" }, `${own ?? "none"} → ${size}`);
  };
  const why = ({ a, b, size }) => {
    if (size === null) return `${a} against ${b}: neither is 1`;
    if (a === b) return "the same";
    const [name, own] = a === size ? ["b", b] : ["a", a];
    if (own === null) return `${name} has no such axis: it counts as 1`;
    return `${name} is 1: it stretches`;
  };
  const row = (name, cells) => html("tr", {}, name ? html("th", { scope: "row" }, name) : html("td", { class: "mml-why" }), ...cells);
  const heads = axes.map(({ axis }) => html("th", { scope: "col" }, `axis ${String(axis).replace("-", "−")}`));
  return html("table", { class: "mml-axes" }, html("caption", {}, "The axes, lined up from the right"),
    html("thead", {}, row("", heads)),
    html("tbody", {}, row("a", axes.map((axis) => cell(axis.a, axis.size))),
      row("b", axes.map((axis) => cell(axis.b, axis.size))),
      row("a + b", axes.map(({ size }) => html("td", { class: size === null ? "mml-clash" : "mml-result" }, size ?? "✗"))),
      row("why", axes.map((axis) => html("td", { class: "mml-why" }, why(axis))))));
}

function field(model, name) {
  const input = html("input", { type: "text", id: freshId(name), spellcheck: "false", autocomplete: "off" });
  const wrong = html("span", { class: "mml-wrong", id: freshId("wrong") });
  input.setAttribute("aria-describedby", wrong.id);
  const node = html("div", { class: "mml-field" }, html("label", { for: input.id }, `Shape of ${name}`), input, wrong);
  function show() {
    const problem = readShape(model.get(name));
    if (input.value !== model.get(name)) input.value = model.get(name);
    wrong.textContent = typeof problem === "string" ? problem : "";
    input.setAttribute("aria-invalid", typeof problem === "string");
  }
  return { node, input, show };
}

function verdictOf(answer, goal) {
  if (answer === "does not broadcast") return "✗ These two do not broadcast.";
  if (typeof answer === "string") return `One of them is ${answer}. Stretch both.`;
  return tuple(answer) === tuple(goal) ? `✓ ${tuple(goal)}, and both were stretched.` : `The result is ${tuple(answer)}.`;
}

function render({ model, el }) {
  const goal = model.get("goal");
  const fields = ["a", "b"].map((name) => field(model, name));
  const verdict = html("p", { class: "mml-verdict" });
  const aligned = html("div", { class: "mml-scroll" });
  const drawn = html("div", { class: "mml-grids" });
  const body = html("div", { class: "mml-stack" },
    html("div", { class: "mml-fields" }, fields[0].node, sign("+"), fields[1].node, sign("="), verdict),
    html("div", { class: "mml-both" }, aligned, drawn),
    html("p", { class: "mml-note" }, "Solid cells are numbers in memory, counting up from 0 (in b by tens). "
      + "Dashed cells are copies that stretching makes."));
  const card = frame(model, el, "Shape playground", body, ["[Tab] next shape", "type sizes with commas: 5, 1"]);

  function redraw() {
    fields.forEach((each) => each.show());
    const [a, b] = ["a", "b"].map((name) => readShape(model.get(name)));
    const answer = model.get("answer");
    card.showAnswer(answer === null ? null : Array.isArray(answer) ? tuple(answer) : answer);
    if (typeof a === "string" || typeof b === "string") return;
    const { axes, shape } = broadcast(a, b);
    const now = answerOf(a, b, goal);
    verdict.textContent = verdictOf(now, goal);
    verdict.classList.toggle("mml-won", Array.isArray(now) && tuple(now) === tuple(goal));
    aligned.replaceChildren(...(axes.length ? [table(axes)] : []));
    drawn.replaceChildren(...grids(a, b, shape));
  }
  fields.forEach(({ input }, i) => input.addEventListener("input", () => {
    const changed = { [["a", "b"][i]]: input.value };
    const [a, b] = fields.map((each) => readShape(each.input.value));
    const readable = Array.isArray(a) && Array.isArray(b);
    save(model, readable ? { ...changed, answer: answerOf(a, b, goal) } : changed);
    card.say(readable ? verdictOf(answerOf(a, b, goal), goal) : "");
  }));
  const stop = follow(model, ["a", "b", "answer"], redraw);
  redraw();
  return () => { stop(); card.release(); };
}

export { answerOf, broadcast, readShape, valueAt };
export default { render };
