// Paint numbers into a small grid; beside a picture they are the kernel that is slid over it.

const TYPING = 1500; // milliseconds after which the next digit begins a new number

/** Slide the kernel over a picture of height x width; "same" puts zeros around it. The kernel is not turned round. */
function correlate(X, [height, width], kernel, padding) {
  const [rows, columns] = [kernel.length, kernel[0].length];
  const [top, left] = padding === "same" ? [Math.floor(rows / 2), Math.floor(columns / 2)] : [0, 0];
  const shape = padding === "same" ? [height, width] : [height - rows + 1, width - columns + 1];
  const values = new Float64Array(shape[0] * shape[1]);
  for (let i = 0; i < shape[0]; i += 1) {
    for (let j = 0; j < shape[1]; j += 1) {
      let sum = 0;
      for (let k = 0; k < rows; k += 1) {
        for (let l = 0; l < columns; l += 1) {
          const [y, x] = [i + k - top, j + l - left];
          if (y >= 0 && y < height && x >= 0 && x < width) sum += kernel[k][l] * X[y * width + x];
        }
      }
      values[i * shape[1] + j] = sum;
    }
  }
  return { values, shape };
}

const largest = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** The largest absolute response to a vertical edge, to a horizontal edge, and to an even area. */
function edgeResponses(kernel) {
  const [height, width] = [2 * kernel.length, 2 * kernel[0].length];
  const answer = (bright) => {
    const X = Array.from({ length: height * width }, (_, i) => Number(bright(Math.floor(i / width), i % width)));
    return largest(correlate(X, [height, width], kernel, "valid").values);
  };
  return { vertical: answer((y, x) => x >= width / 2), horizontal: answer((y) => y >= height / 2), even: answer(() => 1) };
}

/** What to say about a kernel: "won", or what is missing; "none" and "much" leave room for rounding. */
function judge(responses, goal, none = 0.005, much = 1) {
  const other = goal === "vertical" ? "horizontal" : "vertical";
  if (responses[goal] < much - none) return "weak";
  if (responses.even >= none) return "also-even";
  return responses[other] >= none ? "also-other" : "won";
}

/** Kernels to begin from, in any odd shape; the edges are found in the middle row or column and its neighbours. */
function preset(name, rows, columns) {
  const [r, c] = [(rows - 1) / 2, (columns - 1) / 2];
  const value = {
    identity: (i, j) => Number(i === r && j === c),
    blur: () => 1 / (rows * columns),
    vertical: (i, j) => Math.sign(j - c),
    horizontal: (i) => Math.sign(i - r),
  }[name];
  return Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (__, j) => value(i, j)));
}

/** A value that the grid may hold: within its range, and one of the two ends where there is nothing between. */
function allowed(value, low, high, step) {
  const inside = Math.min(high, Math.max(low, value));
  if (low + step === high) return inside - low < step / 2 ? low : high;
  return Number(inside.toPrecision(10)); // 0.1 + 0.2 is 0.3
}

/** One more key of a number being typed: the text so far, or null where the key belongs to no number. */
function typed(text, key) {
  const next = text + (key === "," ? "." : key);
  return /^-?\d{0,4}(\.\d{0,2})?$/.test(next) ? next : null;
}

const minus = (words) => words.replace("-", "−");
const cellText = (value) => minus(String(Number(value.toFixed(2)) + 0));
const withCell = (values, r, c, value) => values.map((row, i) => row.map((old, j) => (i === r && j === c ? value : old)));

/** The grid of numbers: one stop for Tab, arrows between cells, a number typed, or a brush. */
function grid(model, say, change) {
  const values = model.get("values");
  const [low, high, step] = ["low", "high", "step"].map((name) => model.get(name));
  const turns = low + step === high;
  const brush = { value: allowed(Math.max(low, Math.min(high, step)), low, high, step) };
  let at = [0, 0];
  let text = "";
  let last = 0;

  const cells = values.map((row, r) => row.map((_, c) => html("div", {
    role: "gridcell", class: "mml-paint", tabindex: r || c ? -1 : 0, "data-row": r, "data-column": c,
  })));
  const heads = ["rows", "columns"].map((name) => model.get(name));
  const node = html("div", { role: "grid", class: "mml-painted", "aria-label": say(model.get("pixels") ? "kernel" : "matrix"),
    style: `--columns:${values[0].length + Number(model.get("rows").length > 0)}` }, ...headed(cells, heads));

  const now = (r, c) => model.get("values")[r][c];
  const put = (r, c, value) => change(r, c, allowed(value, low, high, step));
  const paint = (r, c, value = turns ? low + high - now(r, c) : brush.value) => put(r, c, value);
  function go(r, c) {
    cells[at[0]][at[1]].tabIndex = -1;
    at = [Math.min(values.length - 1, Math.max(0, r)), Math.min(values[0].length - 1, Math.max(0, c))];
    cells[at[0]][at[1]].tabIndex = 0;
    cells[at[0]][at[1]].focus();
    text = "";
  }
  function type(key, time) {
    text = typed(time - last > TYPING ? "" : text, key) ?? typed("", key);
    last = time;
    const value = Number(text);
    if (key !== "-" && text !== "" && Number.isFinite(value)) put(...at, value);
  }
  const [ends, corner] = [values[0].length - 1, values.length - 1];
  const keys = {
    ArrowLeft: () => go(at[0], at[1] - 1), ArrowRight: () => go(at[0], at[1] + 1),
    ArrowUp: () => go(at[0] - 1, at[1]), ArrowDown: () => go(at[0] + 1, at[1]),
    Home: () => go(at[0], 0), End: () => go(at[0], ends), PageUp: () => go(0, at[1]), PageDown: () => go(corner, at[1]),
    " ": () => paint(...at), Enter: () => paint(...at),
    Delete: () => put(...at, 0), Backspace: () => put(...at, 0),
    "+": () => put(...at, now(...at) + step), "=": () => put(...at, now(...at) + step),
    "-": (time) => { put(...at, now(...at) - step); text = ""; type("-", time); }, // and the sign of what follows
  };
  node.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^[\d.,]$/.test(event.key)) type(event.key, event.timeStamp);
    else if (keys[event.key]) { if (event.key !== "-") text = ""; keys[event.key](event.timeStamp); } else return;
    event.preventDefault();
  });
  node.addEventListener("focusin", ({ target }) => { // by Tab, or by a screen reader's own ways
    const [r, c] = [Number(target.dataset.row), Number(target.dataset.column)];
    if (r !== at[0] || c !== at[1]) go(r, c);
  });
  paintByPointer(node, cells, go, (r, c, value) => { paint(r, c, value); return now(r, c); });

  function show() {
    model.get("values").forEach((row, r) => row.forEach((value, c) => {
      const cell = cells[r][c];
      const words = cellText(value);
      cell.textContent = row.length > 5 ? words.replace("0.", ".") : words; // a narrow cell, and two digits behind the point
      cell.setAttribute("aria-label", words);
      cell.classList.toggle("mml-plus", value > 0);
      cell.classList.toggle("mml-minus", value < 0);
      cell.style.setProperty("--share", Math.abs(value) / Math.max(Math.abs(low), Math.abs(high)));
    }));
  }
  return { node, show, brush, turns };
}

/** The cells in rows, with their names before and above them where they have any. */
function headed(cells, [rowNames, columnNames]) {
  const head = (role, name) => html("div", { role, class: "mml-paint-name" }, name);
  const lines = cells.map((row, r) => html("div", { role: "row", class: "mml-paint-row" },
    ...(rowNames.length ? [head("rowheader", rowNames[r])] : []), ...row));
  if (!columnNames.length) return lines;
  const corner = rowNames.length ? [head("columnheader", "")] : [];
  return [html("div", { role: "row", class: "mml-paint-row" }, ...corner,
    ...columnNames.map((name) => head("columnheader", name))), ...lines];
}

/** Mouse or finger: the first cell decides what is painted, and the cells it is dragged over follow. */
function paintByPointer(node, cells, go, paint) {
  let value;
  let seen = null;
  const under = (event) => node.getRootNode().elementFromPoint(event.clientX, event.clientY)?.closest?.(".mml-paint");
  const visit = (cell) => {
    if (!cell || !node.contains(cell) || cell === seen) return;
    seen = cell;
    const [r, c] = [Number(cell.dataset.row), Number(cell.dataset.column)];
    value = paint(r, c, value);
    go(r, c);
  };
  node.addEventListener("pointerdown", (event) => {
    const cell = event.target.closest(".mml-paint");
    if (event.button !== 0 || !cell) return;
    event.preventDefault();
    [value, seen] = [undefined, null];
    node.setPointerCapture(event.pointerId);
    visit(cell);
  });
  node.addEventListener("pointermove", (event) => { if (node.hasPointerCapture(event.pointerId)) visit(under(event)); });
}

/** Paint values from `low` (black) to `high` (white) onto a canvas, one pixel each. */
function shade(canvas, values, [height, width], low, high) {
  Object.assign(canvas, { width, height });
  const image = new ImageData(width, height);
  values.forEach((value, i) => image.data.set([0, 1, 2].map(() => Math.round((255 * (value - low)) / (high - low))), 4 * i));
  for (let i = 3; i < image.data.length; i += 4) image.data[i] = 255;
  canvas.getContext("2d").putImageData(image, 0, 0);
}

/** A picture of pixels with a frame on it: `rows` x `columns` pixels whose first corner is moved to a place. */
function framed(name, shape, rows, columns) {
  const canvas = html("canvas", { class: "mml-pixels", role: "img" });
  const mark = html("div", { class: "mml-look" });
  const board = html("div", { class: "mml-board" }, canvas, mark);
  const note = html("p", { class: "mml-note" });
  const part = (size, whole) => `${(100 * size) / whole}%`;
  Object.assign(mark.style, { height: part(rows, shape[0]), width: part(columns, shape[1]) });
  return {
    node: html("figure", { class: "mml-shown" }, html("figcaption", {}, name), board, note), canvas, mark, board, note,
    put(row, column) { Object.assign(mark.style, { top: part(row, shape[0]), left: part(column, shape[1]) }); },
  };
}

/** The picture, the kernel's frame on it to move, and the response. */
function pictures(model, say, look) {
  const shape = model.get("shape");
  const [rows, columns] = [model.get("values").length, model.get("values")[0].length];
  const same = model.get("padding") === "same";
  const around = same ? [(rows - 1) / 2, (columns - 1) / 2] : [0, 0];
  const size = same ? shape : [shape[0] - rows + 1, shape[1] - columns + 1];
  const X = Float64Array.from(unpack(model.get("pixels")), (level) => level / 255);
  const [before, after] = [framed(say("image"), shape, rows, columns), framed(say("response"), size, 1, 1)];
  shade(before.canvas, X, shape, 0, 1);
  before.canvas.setAttribute("aria-label", `${say("image")}, ${say("size", { rows: shape[0], columns: shape[1] })}`);
  before.note.textContent = say(model.get("padding"));
  fill(before.mark, { tabindex: 0, role: "slider", "aria-label": say("place"), "aria-roledescription": say("movable"),
    "aria-valuemin": 0, "aria-valuemax": size[0] * size[1] - 1 }, []);

  const go = (row, column) => look([[row, size[0]], [column, size[1]]]
    .map(([at, whole]) => Math.min(whole - 1, Math.max(0, Math.round(at)))));
  moveByKeys(before.mark, () => model.get("place"), go);
  moveByPointer(before, shape, (y, x) => go(y - 0.5 - (same ? 0 : (rows - 1) / 2), x - 0.5 - (same ? 0 : (columns - 1) / 2)));

  function show() {
    const [row, column] = model.get("place");
    const { values } = correlate(X, shape, model.get("values"), model.get("padding"));
    const most = Math.max(1, largest(values));
    shade(after.canvas, values, size, -most, most);
    after.canvas.setAttribute("aria-label", `${say("response")}, ${say("size", { rows: size[0], columns: size[1] })}`);
    after.note.textContent = say("legend", { low: minus(short(-most)), high: short(most) });
    before.put(row - around[0], column - around[1]);
    after.put(row, column);
    fill(before.mark, { "aria-valuenow": row * size[1] + column, "aria-valuetext": say("at", { row, column }) }, []);
    return values[row * size[1] + column];
  }
  return { nodes: [before.node, after.node], show };
}

function moveByKeys(mark, place, go) {
  mark.addEventListener("keydown", (event) => {
    const far = event.shiftKey ? 5 : 1;
    const [row, column] = place();
    const to = {
      ArrowLeft: [row, column - far], ArrowRight: [row, column + far], ArrowUp: [row - far, column],
      ArrowDown: [row + far, column], PageUp: [row - 5, column], PageDown: [row + 5, column],
      Home: [row, 0], End: [row, 1e6],
    }[event.key];
    if (!to) return;
    event.preventDefault();
    go(...to);
  });
}

function moveByPointer({ board, mark }, [height, width], go) {
  const follow = (event) => {
    const box = board.getBoundingClientRect();
    go(((event.clientY - box.top) / box.height) * height, ((event.clientX - box.left) / box.width) * width);
  };
  board.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    board.setPointerCapture(event.pointerId);
    follow(event);
    mark.focus();
  });
  board.addEventListener("pointermove", (event) => { if (board.hasPointerCapture(event.pointerId)) follow(event); });
}

/** Three numbers with what is wanted of each, and the verdict. */
function probes(model, say) {
  const rows = ["vertical", "horizontal", "even"].map((key) => {
    const value = html("span", { class: "mml-number" });
    const mark = html("span", { class: "mml-wanted" });
    const node = html("div", { class: "mml-row" }, html("span", {}, say(`probe-${key}`)), mark, value);
    return { key, value, mark, node };
  });
  const verdict = html("p", { class: "mml-verdict" });
  const goal = model.get("goal");
  return {
    node: html("div", { class: "mml-told" }, html("p", { class: "mml-note" }, say("probes")),
      ...rows.map((row) => row.node), verdict),
    show(kernel) {
      const responses = edgeResponses(kernel);
      for (const { key, value, mark } of rows) {
        const good = key === goal ? responses[key] >= 0.995 : responses[key] < 0.005;
        value.textContent = short(responses[key]);
        mark.textContent = `${good ? "✓" : "✗"} ${say(key === goal ? "wanted-much" : "wanted-none")}`;
        mark.classList.toggle("mml-won", good);
      }
      verdict.textContent = say(judge(responses, goal));
      verdict.classList.toggle("mml-won", judge(responses, goal) === "won");
      return verdict.textContent;
    },
  };
}

/** How many rows of a mask hold nothing but its higher value. */
function completeRows(values, high) {
  return values.filter((row) => row.every((value) => value === high)).length;
}

/** The count of complete rows, for a mask. */
function counted(model, say) {
  const value = html("span", { class: "mml-number" });
  return {
    node: html("div", { class: "mml-row" }, html("span", {}, say("complete")), value),
    show(values) {
      const count = completeRows(values, model.get("high"));
      value.textContent = say("share", { count, total: values.length, share: percent(count / values.length) });
      return `${say("complete")}: ${value.textContent}`;
    },
  };
}

/** Buttons that replace the whole matrix. */
function starters(model, say, replace) {
  const [rows, columns] = [model.get("start").length, model.get("start")[0].length];
  return html("div", { class: "mml-buttons" },
    ...model.get("presets").map((name) => buttonControl(say(name), () => replace(preset(name, rows, columns)))),
    buttonControl(say("again"), () => replace(model.get("start"))));
}

function render({ model, el }) {
  const say = wording(model);
  const kernel = model.get("pixels") !== "";
  const sums = (values) => values.flat().reduce((sum, value) => sum + value, 0);
  const mask = model.get("low") + model.get("step") === model.get("high");
  const told = kernel ? probes(model, say) : mask ? counted(model, say) : { node: "", show: () => "" };
  const cells = grid(model, say, (r, c, value) => {
    const values = withCell(model.get("values"), r, c, value);
    save(model, { values, answer: values });
    card.say(say("changed", { cell: cellName(model, say, r, c), value: cellText(value), verdict: told.show(values) }));
  });
  const replace = (values) => {
    save(model, { values, answer: values });
    card.say(told.show(values));
  };
  const seen = kernel ? pictures(model, say, (place) => save(model, { place })) : null;
  const looked = html("span", {});
  const response = html("span", { class: "mml-number" });
  const brush = cells.turns ? html("p", { class: "mml-note" }, say("turn-note")) : brushes(model, say, cells.brush);
  const side = (...children) => html("div", { class: `mml-paint-side ${kernel ? "" : "mml-alone"}` },
    html("p", { class: "mml-caption" }, say(kernel ? "kernel" : "matrix")), cells.node, ...children, brush,
    starters(model, say, replace));
  const parts = kernel
    ? [side(), html("div", { class: "mml-panel mml-wide" }, html("div", { class: "mml-pair" }, ...seen.nodes),
      html("div", { class: "mml-row" }, looked, response), told.node)]
    : [side(told.node)];
  const keys = ["key-move", "key-ends", "key-type", cells.turns ? "key-turn" : "key-brush", "key-clear"];
  const card = frame(model, el, say(kernel ? "title-kernel" : "title"), html("div", { class: "mml-body mml-top-aligned" }, ...parts),
    keys.map((key) => say(key)));

  function redraw() {
    const [values, answer, [row, column]] = ["values", "answer", "place"].map((name) => model.get(name));
    cells.show();
    told.show(values);
    if (kernel) {
      response.textContent = minus(short(seen.show()));
      looked.textContent = say("looked", { row, column });
    }
    card.showAnswer(answer === null ? null : say("answer",
      { rows: answer.length, columns: answer[0].length, sum: minus(short(sums(answer))) }));
  }
  const stop = follow(model, ["values", "answer", "place"], redraw);
  redraw();
  return () => { stop(); card.release(); };
}

/** "row 0, column 2", or the names where they have any. */
function cellName(model, say, r, c) {
  const name = (trait, id, number) => model.get(trait)[number] ?? say(id, { number });
  return say("cell", { row: name("rows", "row", r), column: name("columns", "column", c) });
}

/** Which value a brush paints. */
function brushes(model, say, brush) {
  const [min, max, step] = ["low", "high", "step"].map((name) => model.get(name));
  const control = rangeControl({ label: say("brush"), min, max, step, page: 2 * step }, (value) => {
    brush.value = value;
    control.show(value, cellText(value));
  });
  control.show(brush.value, cellText(brush.value));
  return html("div", {}, control.node, html("p", { class: "mml-note" }, say("brush-note")));
}

export { allowed, completeRows, correlate, edgeResponses, judge, preset, typed };
export default { render };
