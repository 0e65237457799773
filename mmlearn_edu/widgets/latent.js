// Walk through a plane of codes, and see what each place is decoded to.

const REACH = 2; // steps within which the other side of a border must begin
const FAR = 5; // steps of an arrow with Shift
const PACE = 3; // steps of PgUp and PgDn: fewer than the band around a border is wide

/** The picture between the pictures of a grid, its first row the lowest: the four around it, the nearer the more.
 *  `across` and `up` are 0 at the left and the lowest picture, 1 at the right and the highest. */
function blendPictures(pictures, [size, height, width], across, up) {
  const [row, column] = [up * (size - 1), across * (size - 1)];
  const [r, c] = [row, column].map((at) => Math.min(Math.floor(at), size - 2));
  const [below, left] = [row - r, column - c];
  const pixels = height * width;
  const first = (r * size + c) * pixels;
  return Float64Array.from({ length: pixels }, (_, i) => {
    const at = first + i;
    const [lower, upper] = [at, at + size * pixels].map((k) => (1 - left) * pictures[k] + left * pictures[k + pixels]);
    return (1 - below) * lower + below * upper;
  });
}

/** Which classes the places within two steps are read as, each once, in order; `readings` has `size` rows, lowest first. */
function nearby(readings, size, row, column) {
  const seen = new Set();
  for (let r = Math.max(0, row - REACH); r <= Math.min(size - 1, row + REACH); r += 1) {
    for (let c = Math.max(0, column - REACH); c <= Math.min(size - 1, column + REACH); c += 1) seen.add(readings[r * size + c]);
  }
  return [...seen].sort((a, b) => a - b);
}

/** Whether a place is read as one side of the border, and the other side begins within two steps. */
function atBorder(readings, size, row, column, start, beyond) {
  const near = nearby(readings, size, row, column);
  const here = readings[row * size + column];
  return (here === start || beyond.includes(here)) && near.includes(start) && beyond.some((group) => near.includes(group));
}

/** A place `steps` on from here, straight towards another. */
function towards([x, y], [toX, toY], step, steps) {
  const whole = Math.max(Math.abs(toX - x), Math.abs(toY - y)) / step;
  const share = whole > steps ? steps / whole : 1;
  return [x + share * (toX - x), y + share * (toY - y)];
}

/** Lines between the places that are read differently, as SVG paths: those that the task asks for, and the others. */
function borderLines(readings, size, toPicture, isAsked) {
  const paths = { asked: "", others: "" };
  const draw = (one, other, from, to) => {
    if (one !== other) paths[isAsked(one, other) ? "asked" : "others"] += `M${toPicture(from)}L${toPicture(to)}`;
  };
  for (let r = 0; r < size; r += 1) for (let c = 0; c < size; c += 1) {
    const here = readings[r * size + c];
    if (c + 1 < size) draw(here, readings[r * size + c + 1], [c + 0.5, r - 0.5], [c + 0.5, r + 0.5]);
    if (r + 1 < size) draw(here, readings[(r + 1) * size + c], [c - 0.5, r + 0.5], [c + 0.5, r + 0.5]);
  }
  return paths;
}

/** A sample written as its class: the start of the task on a disc, its goal on a square, so not by colour alone. */
function sampleMark(name, [x, y], side) {
  const shape = side ? [svg("rect", { x: -9, y: -9, width: 18, height: 18, rx: side === "start" ? 9 : 1 })] : [];
  return svg("g", { class: `mml-code${side ? ` mml-${side}-code` : ""}`, transform: `translate(${x},${y})` }, ...shape,
    svg("text", { y: 4, "text-anchor": "middle" }, [...name].slice(0, 2).join("")));
}

/** The plane: samples, borders once they are asked for, and the point to move. */
function drawing(model, say, keys, move) {
  const { classes, codes, groups, start, goal, low, high } = stateOf(model);
  const plot = chart({ low, high, ticks: model.get("ticks"), labels: model.get("axes") });
  const sideOf = (group) => (group === start ? "start" : group === goal ? "goal" : "");
  const isEnd = (i) => Number(sideOf(groups[i]) !== "");
  const order = codes.map((_, i) => i).sort((a, b) => isEnd(a) - isEnd(b));
  const samples = order.map((i) => sampleMark(classes[groups[i]], plot.toPicture(codes[i]), sideOf(groups[i])));
  const straight = `M${model.get("ends").map(plot.toPicture).join("L")}`;
  const way = ["mml-straight mml-under", "mml-straight"].map((style) => svg("path", { class: style, d: straight }));
  const [others, asked] = [svg("path", { class: "mml-border" }), svg("path", { class: "mml-border mml-asked" })];
  const handle = svg("g", { class: "mml-handle mml-query", tabindex: 0, role: "slider", "aria-label": say("point"),
    "aria-roledescription": say("movable"), "aria-valuemin": low[0], "aria-valuemax": high[0] },
  svg("circle", { class: "mml-target", r: 24 }), svg("circle", { class: "mml-halo", r: 18 }), svg("path", { d: "M0,-14L12,0L0,14L-12,0z" }));
  plot.picture.append(svg("g", { "aria-hidden": "true" }, ...samples, others, asked, ...way), handle);
  fill(plot.picture, { "aria-label": say("picture", { count: codes.length }) }, []);

  handle.addEventListener("keydown", (event) => {
    const to = keys(event.key, event.shiftKey);
    if (!to) return;
    event.preventDefault();
    move(to);
  });
  draggable(plot.picture, handle, (x, y) => move(plot.toData([x, y])), () => handle.focus());
  handle.addEventListener("pointerdown", () => handle.focus());
  tappable(plot.picture, (x, y) => { move(plot.toData([x, y])); handle.focus(); });
  return {
    picture: plot.picture,
    toPicture: plot.toPicture,
    show(place, name) {
      handle.setAttribute("transform", `translate(${plot.toPicture(place)})`);
      fill(handle, { "aria-valuenow": place[0], "aria-valuetext": say("place", { x: place[0], y: place[1], name }) }, []);
    },
    showBorders(paths) {
      others.setAttribute("d", paths.others);
      asked.setAttribute("d", paths.asked);
    },
  };
}

const stateOf = (model) => Object.fromEntries(["classes", "codes", "groups", "start", "goal", "beyond", "ends", "low", "high",
  "step", "decimals", "shape"].map((name) => [name, model.get(name)]));

/** A decoded picture with a line of words below it. */
function shownPicture(say, [, height, width], style) {
  const canvas = html("canvas", { class: "mml-pixels", role: "img", width, height });
  const words = html("figcaption", {});
  const context = canvas.getContext("2d");
  return {
    node: html("figure", { class: `mml-decoded ${style}` }, html("div", { class: "mml-board" }, canvas), words),
    show(levels, name, caption) {
      const image = new ImageData(width, height);
      levels.forEach((level, i) => image.data.set([level, level, level, 255], 4 * i)); // it rounds
      context.putImageData(image, 0, 0);
      canvas.setAttribute("aria-label", say("canvas", { height, width, name }));
      words.textContent = caption;
    },
  };
}

/** Everything that is told about a place. */
function reader(model) {
  const { classes, start, goal, beyond, low, high, step, shape } = stateOf(model);
  const [pictures, readings] = ["pictures", "readings"].map((name) => unpack(model.get(name)));
  const size = Math.round(Math.sqrt(readings.length));
  const cell = (place) => [1, 0].map((axis) => Math.round((place[axis] - low[axis]) / step)); // row, column
  const share = (place, axis) => Math.min(1, Math.max(0, (place[axis] - low[axis]) / (high[axis] - low[axis])));
  const groupAt = (place) => readings[cell(place)[0] * size + cell(place)[1]];
  const nameAt = (place) => classes[groupAt(place)];
  return {
    nameAt,
    pictureAt: (place) => blendPictures(pictures, shape, share(place, 0), share(place, 1)),
    near: (place) => nearby(readings, size, ...cell(place)).map((group) => classes[group]),
    found: (place) => atBorder(readings, size, ...cell(place), start, beyond),
    lines: (toPicture) => borderLines(readings, size, ([c, r]) => toPicture([low[0] + c * step, low[1] + r * step]),
      (one, other) => [one, other].includes(start) && beyond.some((group) => group === one || group === other)),
    verdict(say, place) {
      const name = nameAt(place);
      const near = nearby(readings, size, ...cell(place));
      if (this.found(place)) {
        const across = groupAt(place) === start ? near.find((group) => beyond.includes(group)) : start;
        return say("won", { name, other: classes[across] });
      }
      if (groupAt(place) === start) return say("still-start", { name });
      return beyond.includes(groupAt(place)) ? say("past", { name }) : say("other", { name, start: classes[start], goal: classes[goal] });
    },
  };
}

function render({ model, el }) {
  const say = wording(model);
  const { classes, start, goal, ends, low, high, step, decimals, shape } = stateOf(model);
  const names = { start: classes[start], goal: classes[goal] };
  const read = reader(model);
  const snap = (value, axis) => Number((Math.round(Math.min(high[axis], Math.max(low[axis], value)) / step) * step)
    .toFixed(decimals)) + 0;

  function keys(key, shift) {
    const place = model.get("place");
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[key];
    if (way) return place.map((value, axis) => value + way[axis] * step * (shift ? FAR : 1));
    return { Home: ends[0], End: ends[1], PageUp: towards(place, ends[0], step, PACE),
      PageDown: towards(place, ends[1], step, PACE) }[key];
  }
  function moveTo(to) {
    const place = to.map(snap);
    save(model, { place, answer: place, found: model.get("found") || read.found(place) });
    card.say(say("said", { x: place[0], y: place[1], verdict: read.verdict(say, place) }));
  }
  const drawn = drawing(model, say, keys, moveTo);
  const [from, here, to] = ["mml-small", "mml-large", "mml-small"].map((style) => shownPicture(say, shape, style));
  ["start", "goal"].forEach((side, k) => [from, to][k].show(read.pictureAt(ends[k]), names[side], say(`end-${side}`, { name: names[side] })));
  const verdict = html("p", { class: "mml-verdict" });
  const near = html("p", { class: "mml-note" });
  const buttons = html("div", { class: "mml-buttons" });
  const reveal = buttonControl("", () => save(model, { shown: !model.get("shown") }));
  const panel = html("div", { class: "mml-panel" }, html("div", { class: "mml-decoded-row" }, from.node, here.node, to.node),
    verdict, near, buttons, html("p", { class: "mml-note" }, say("legend", names)),
    html("p", { class: "mml-note" }, say(model.get("by_mean") ? "by-mean" : "by-classifier")));
  const card = frame(model, el, say("title"), html("div", { class: "mml-body mml-top-aligned" }, drawn.picture, panel),
    ["key-move", "key-far", "key-towards", "key-ends", "key-drag"].map((key) => say(key, names)));

  function redraw() {
    const [place, answer] = [model.get("place"), model.get("answer")];
    const name = read.nameAt(place);
    drawn.show(place, name);
    here.show(read.pictureAt(place), name, say("read", { name }));
    verdict.textContent = read.verdict(say, place);
    verdict.classList.toggle("mml-won", read.found(place));
    near.textContent = say("near", { names: read.near(place).join(say("and")) });
    card.showAnswer(answer === null ? null : `(${answer.join(", ")})`);
  }
  function redrawBorders() {
    if (model.get("found") && !reveal.isConnected) buttons.append(reveal); // first find it, then see it
    reveal.textContent = say(model.get("shown") ? "conceal" : "reveal");
    drawn.showBorders(model.get("shown") ? read.lines(drawn.toPicture) : { asked: "", others: "" });
  }
  const stops = [follow(model, ["place", "answer"], redraw), follow(model, ["found", "shown"], redrawBorders)];
  redraw();
  redrawBorders();
  return () => { stops.forEach((stop) => stop()); card.release(); };
}

export { atBorder, blendPictures, borderLines, nearby, towards };
export default { render };
