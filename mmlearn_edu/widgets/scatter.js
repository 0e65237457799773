// Move a query among items, and watch which item each metric calls the nearest.

const MOST_NAMED = 26; // more names than this would hide the items
const ROWS = 5;
const RINGS = { // around the nearest item: each metric has its own shape and size, so that all three can be seen
  cosine: "M-11,0a11,11 0 1,0 22,0a11,11 0 1,0 -22,0z",
  euclidean: "M-13,-13h26v26h-26z",
  manhattan: "M0,-23L23,0L0,23L-23,0z",
};
const SCORES = { cosine, euclidean: (q, i) => -Math.sqrt((q[0] - i[0]) ** 2 + (q[1] - i[1]) ** 2),
  manhattan: (q, i) => -(Math.abs(q[0] - i[0]) + Math.abs(q[1] - i[1])) };

/** The cosine of the angle between two vectors; 0 if one is all zeros, since zeros have no direction. */
function cosine(query, item) {
  const [a, b] = [query, item].map(unit);
  return Math.max(-1, Math.min(1, a[0] * b[0] + a[1] * b[1]));
}

function unit(vector) {
  const size = Math.max(...vector.map(Math.abs)) || 1; // first to size 1: squares of huge numbers leave the range
  const [x, y] = vector.map((number) => number / size);
  const length = Math.sqrt(x * x + y * y) || 1;
  return [x / length, y / length];
}

/** Whole billionths of `largest`, halves to even as in NumPy. */
function billionths(score, largest) {
  const scaled = (score / largest) * 1e9;
  const whole = Math.round(scaled);
  return whole - scaled === 0.5 && whole % 2 ? whole - 1 : whole;
}

/** Rows of `items`, nearest first (the lowest number among equals), and those that share the first place. Scores are
 *  compared in billionths of the largest coordinate (of 1 for cosine), so that what is equal ties. */
function rankItems(query, items, metric) {
  const values = items.map((item) => SCORES[metric](query, item));
  const largest = metric === "cosine" ? 1 : Math.max(...query.map(Math.abs), ...items.flat().map(Math.abs)) || 1;
  const scores = values.map((value) => billionths(value, largest));
  const order = items.map((_, i) => i).sort((a, b) => scores[b] - scores[a] || a - b);
  const nearest = order.filter((i) => scores[i] === scores[order[0]]);
  return { order, nearest, values: values.map((value) => (metric === "cosine" ? value : -value)) };
}

/** Whether the first two of `ranked` have no nearest item in common. */
const disagree = ([one, two]) => !one.nearest.some((i) => two.nearest.includes(i));

/** The way a metric goes from the query to an item, as an SVG path: its geometry. */
function way(metric, [ox, oy], [qx, qy], [ix, iy]) {
  if (metric === "cosine") return `M${qx},${qy}L${ox},${oy}L${ix},${iy}`;
  return metric === "euclidean" ? `M${qx},${qy}L${ix},${iy}` : `M${qx},${qy}L${ix},${qy}L${ix},${iy}`;
}

/** A name beside its item, on the side where there is room for it. */
function nameOf(name, x) {
  return x < 330 ? svg("text", { x: 9, y: -8 }, name) : svg("text", { x: -9, y: -8, "text-anchor": "end" }, name);
}

function drawing(model, say, move, visit) {
  const [items, names, metrics] = ["items", "names", "metrics"].map((trait) => model.get(trait));
  const plot = chart({ low: model.get("low"), high: model.get("high"), ticks: model.get("ticks"), labels: model.get("labels") });
  const ways = metrics.map((metric) => svg("path", { class: `mml-way mml-${metric}` }));
  const rings = metrics.map((metric) => svg("path", { class: `mml-nearest mml-${metric}`, d: RINGS[metric] }));
  const spots = items.map((item, i) => svg("g", { class: "mml-spot", transform: `translate(${plot.toPicture(item)})` },
    svg("circle", { class: "mml-target", r: 12 }), svg("circle", { class: "mml-halo", r: 16 }), svg("circle", { class: "mml-seed", r: 4.5 }),
    ...(items.length > MOST_NAMED ? [] : [nameOf(names[i], plot.toPicture(item)[0])])));
  const handle = svg("g", { class: "mml-handle mml-query" }, svg("circle", { class: "mml-target", r: 24 }),
    svg("circle", { class: "mml-halo", r: 17 }), svg("path", { d: "M0,-13L11,0L0,13L-11,0z" }));
  plot.picture.append(svg("g", { "aria-hidden": "true" }, ...ways, ...rings), ...spots, handle);
  fill(plot.picture, { "aria-label": say("picture", { count: items.length, x: model.get("labels")[0], y: model.get("labels")[1] }) }, []);
  fill(handle, { "aria-label": say("query"), "aria-roledescription": say("movable") }, []);
  const points = [{ node: handle, movable: true, at: () => model.get("query") }, ...spots.map((node) => ({ node }))];
  movablePoints(plot, points, { step: model.get("step"), move: (_, to) => move(to), visit: (i) => visit(i - 1) });
  tappable(plot.picture, (x, y) => { move(plot.toData([x, y])); handle.focus(); });

  function show(query, ranked, describe) {
    const [origin, at] = [plot.toPicture([0, 0]), plot.toPicture(query)];
    handle.setAttribute("transform", `translate(${at})`);
    fill(handle, { "aria-valuenow": query[0], "aria-valuemin": model.get("low")[0], "aria-valuemax": model.get("high")[0],
      "aria-valuetext": say("place", { x: query[0], y: query[1] }) }, []);
    metrics.forEach((metric, m) => {
      const place = plot.toPicture(items[ranked[m].nearest[0]]);
      ways[m].setAttribute("d", way(metric, origin, at, place));
      rings[m].setAttribute("transform", `translate(${place})`);
    });
    spots.forEach((spot, i) => spot.setAttribute("aria-label", describe(i)));
  }
  return { picture: plot.picture, show };
}

/** The first places by every metric, side by side. */
function table(metrics, names, say) {
  const count = Math.min(ROWS, names.length);
  const cells = Array.from({ length: count }, () => metrics.map((metric) => html("td", { class: `mml-${metric}` })));
  const sign = (metric) => svg("svg", { viewBox: "-24 -24 48 48", width: 16, height: 16, "aria-hidden": "true" },
    svg("path", { class: `mml-nearest mml-${metric}`, d: RINGS[metric] }));
  const head = html("tr", {}, html("th", { scope: "col" }, say("ranks")),
    ...metrics.map((metric) => html("th", { scope: "col" }, sign(metric), " ", say(`metric-${metric}`))));
  const rows = cells.map((row, i) => html("tr", {}, html("th", { scope: "row" }, String(i + 1)), ...row));
  const node = html("table", { class: "mml-ranks" }, html("caption", {}, say("nearest")),
    html("thead", {}, head), html("tbody", {}, ...rows));
  return { node, show(ranked) {
    ranked.forEach(({ order, values }, m) => cells.forEach((row, r) => {
      row[m].replaceChildren(html("b", {}, names[order[r]]), " ", html("span", { class: "mml-note" }, short(values[order[r]])));
    }));
  } };
}

function render({ model, el }) {
  const say = wording(model);
  const [items, names, metrics] = ["items", "names", "metrics"].map((trait) => model.get(trait));
  const [low, high, step] = ["low", "high", "step"].map((trait) => model.get(trait));
  const snap = (value, axis) => Number((Math.round(Math.min(high[axis], Math.max(low[axis], value)) / step) * step)
    .toFixed(model.get("decimals"))) + 0;
  const rankAll = () => metrics.map((metric) => rankItems(model.get("query"), items, metric));
  const title = (metric) => say(`metric-${metric}`);
  let visited = -1;

  const called = ({ nearest }) => (nearest.length > 3 ? say("tied", { count: nearest.length }) : nearest.map((i) => names[i]).join(" = "));
  function verdictOn(ranked) {
    const [one, two] = metrics;
    if (metrics.slice(0, 2).includes("cosine") && !model.get("query").some(Boolean)) return say("origin");
    if (disagree(ranked)) return say("apart", { one: title(one), two: title(two), first: called(ranked[0]), second: called(ranked[1]) });
    const item = names[ranked[0].nearest.find((i) => ranked[1].nearest.includes(i))];
    return say("same", { one: title(one), two: title(two), item });
  }
  function describe(i, ranked) {
    const ranks = ranked.map(({ order, values }, m) => say("rank", { metric: title(metrics[m]), rank: order.indexOf(i) + 1, value: short(values[i]) }));
    return [say("item", { name: names[i] }), say("place", { x: short(items[i][0]), y: short(items[i][1]) }), ...ranks].join(say("semicolon"));
  }
  function moveTo(place) {
    const query = place.map(snap);
    save(model, { query, answer: query });
    card.say(say("said", { x: query[0], y: query[1], verdict: verdictOn(rankAll()) }));
  }
  const drawn = drawing(model, say, moveTo, (i) => { visited = i; redraw(); });
  const ranking = table(metrics, names, say);
  const verdict = html("p", { class: "mml-verdict" });
  const detail = html("p", { class: "mml-note mml-detail" });
  const panel = html("div", { class: "mml-panel" }, verdict, ranking.node, detail, html("p", { class: "mml-note" }, say("legend")));
  const card = frame(model, el, say("title"), html("div", { class: "mml-body" }, drawn.picture, panel),
    ["key-move", "key-far", "key-walk", "key-drag"].map((key) => say(key)));

  function redraw() {
    const ranked = rankAll();
    drawn.show(model.get("query"), ranked, (i) => describe(i, ranked));
    ranking.show(ranked);
    verdict.textContent = verdictOn(ranked);
    verdict.classList.toggle("mml-won", disagree(ranked));
    detail.textContent = visited < 0 ? say("touch") : describe(visited, ranked);
    const answer = model.get("answer");
    card.showAnswer(answer === null ? null : `(${answer.join(", ")})`);
  }
  const stop = follow(model, ["query", "answer"], redraw);
  redraw();
  return () => { stop(); card.release(); };
}

export { cosine, disagree, rankItems };
export default { render };
