// Mix three modalities by their weights, and watch what the mixture is worth.

const CORNERS = [[210, 44], [30, 356], [390, 356]]; // of the first, second and third modality
const UNITS = 10000; // weights are whole ten-thousandths, so that three of them sum to exactly 1
const EVEN = [0.3334, 0.3333, 0.3333];

/** The row of the grid of all weights in steps of 1/steps whose first two are i/steps and j/steps. */
function rowOf(steps, i, j) {
  const rest = steps - i;
  return (rest * (rest + 1)) / 2 + rest - j;
}

const stepsOf = (values) => Math.round((Math.sqrt(8 * values.length + 1) - 3) / 2);

/** The value between the points of the grid: the plane through the corners of the small triangle around it. */
function simplexValue(weights, values) {
  const steps = stepsOf(values);
  const [a, b] = [weights[0] * steps, weights[1] * steps];
  const [i, j] = [Math.floor(a + 1e-9), Math.floor(b + 1e-9)]; // a hair below a line counts as on it
  const [across, up] = [Math.max(a - i, 0), Math.max(b - j, 0)];
  const corners = across + up <= 1
    ? [[i, j, 1 - across - up], [i + 1, j, across], [i, j + 1, up]]
    : [[i + 1, j + 1, across + up - 1], [i + 1, j, 1 - up], [i, j + 1, 1 - across]];
  return corners.reduce((sum, [p, q, share]) => (share > 1e-9 ? sum + share * values[rowOf(steps, p, q)] : sum), 0);
}

/** One weight set, the other two sharing the rest in the proportion they had (evenly if they had none). */
function shiftWeight(weights, which, weight) {
  const units = weights.map((number) => Math.floor(UNITS * number + 0.5));
  units[which] = Math.min(UNITS, Math.max(0, Math.floor(UNITS * weight + 0.5)));
  const [one, other] = [0, 1, 2].filter((place) => place !== which);
  const [rest, both] = [UNITS - units[which], units[one] + units[other]];
  const [part, whole] = both ? [units[one], both] : [1, 2];
  units[one] = Math.floor((2 * rest * part + whole) / (2 * whole));
  units[other] = rest - units[one];
  return units.map((number) => number / UNITS);
}

/** Three numbers to the nearest weights, so a place outside to the nearest on the triangle; then to whole percent. */
function toWeights(numbers) {
  let [sum, shift] = [0, 0];
  [...numbers].sort((a, b) => b - a).forEach((number, k) => {
    sum += number;
    if (number > (sum - 1) / (k + 1)) shift = (sum - 1) / (k + 1);
  });
  const exact = numbers.map((number) => 100 * Math.max(0, number - shift));
  const percents = exact.map((number) => Math.floor(number + 1e-9));
  const byRest = [0, 1, 2].sort((p, q) => (exact[q] - percents[q]) - (exact[p] - percents[p]) || p - q);
  for (let left = 100 - percents.reduce((a, b) => a + b, 0), k = 0; left > 0; left -= 1, k += 1) percents[byRest[k]] += 1;
  return percents.map((number) => number / 100);
}

const toPicture = (weights) => [0, 1].map((axis) => weights.reduce((sum, weight, k) => sum + weight * CORNERS[k][axis], 0));

function fromPicture(x, y) {
  const first = (CORNERS[1][1] - y) / (CORNERS[1][1] - CORNERS[0][1]);
  const third = (x - CORNERS[1][0] - first * (CORNERS[0][0] - CORNERS[1][0])) / (CORNERS[2][0] - CORNERS[1][0]);
  return toWeights([first, 1 - first - third, third]);
}

/** All small triangles of the grid: each with three corners [x, y, value]. */
function triangles(values) {
  const steps = stepsOf(values);
  const point = (i, j) => [...toPicture([i, j, steps - i - j].map((n) => n / steps)), values[rowOf(steps, i, j)]];
  const all = [];
  for (let i = 0; i < steps; i += 1) for (let j = 0; i + j < steps; j += 1) {
    all.push([point(i, j), point(i + 1, j), point(i, j + 1)]);
    if (i + j < steps - 1) all.push([point(i + 1, j + 1), point(i + 1, j), point(i, j + 1)]);
  }
  return all;
}

/** Where the value passes `level` on the way from one corner to another. */
function crossing([x1, y1, v1], [x2, y2, v2], level) {
  const share = (level - v1) / (v2 - v1);
  return [x1 + share * (x2 - x1), y1 + share * (y2 - y1)];
}

/** The part of a small triangle with values from `level` up, as a polygon; and where the line of equal value crosses it. */
function cutAt(corners, level) {
  const [polygon, line] = [[], []];
  corners.forEach((corner, k) => {
    const next = corners[(k + 1) % 3];
    if (corner[2] >= level) polygon.push(corner.slice(0, 2));
    if ((corner[2] >= level) === (next[2] >= level)) return;
    const at = crossing(corner, next, level);
    polygon.push(at);
    line.push(at);
  });
  return { polygon, line };
}

const path = (points, close = "z") => (points.length ? `M${points.map(([x, y]) => `${x.toFixed(2)},${y.toFixed(2)}`).join("L")}${close}` : "");

/** The middle of that piece of a line which is farthest from all places taken. */
function roomiest(pieces, taken) {
  const distance = ([x, y]) => Math.min(...taken.map(([a, b]) => Math.hypot(x - a, y - b)));
  const middles = pieces.map(([[x1, y1], [x2, y2]]) => [(x1 + x2) / 2, (y1 + y2) / 2]);
  return middles.reduce((best, middle) => (distance(middle) > distance(best) ? middle : best));
}

/** Darker for higher, from band to band; opaque, in both themes. */
const shade = (band, bands) => `fill: color-mix(in srgb, var(--c0) ${Math.round(6 + (52 * band) / Math.max(1, bands - 1))}%, var(--card))`;

/** Bands of equal shade, the lines between them, and a word on each line. */
function heatMap(values, levels) {
  const small = triangles(values);
  const bands = [svg("path", { d: path(CORNERS), style: shade(0, levels.length + 1) })];
  const [lines, words, taken] = [[], [], [...CORNERS]];
  levels.forEach((level, k) => {
    const cuts = small.map((corners) => cutAt(corners, level));
    const style = `${shade(k + 1, levels.length + 1)}; stroke: none`;
    bands.push(svg("path", { d: cuts.map(({ polygon }) => path(polygon)).join(""), style }));
    const pieces = cuts.map(({ line }) => line).filter((line) => line.length === 2);
    lines.push(svg("path", { class: "mml-contour", d: pieces.map((piece) => path(piece, "")).join("") }));
    if (!pieces.length) return;
    const [x, y] = roomiest(pieces, taken);
    taken.push([x, y]);
    words.push(svg("text", { class: "mml-level", x, y: y + 4, "text-anchor": "middle" }, short(level)));
  });
  return svg("g", { "aria-hidden": "true" }, ...bands, ...lines, svg("path", { class: "mml-outline", d: path(CORNERS) }), ...words);
}

function drawing(model, say, measure, move, press) {
  const [values, names, alone] = ["values", "names", "alone"].map((trait) => model.get(trait));
  const labels = names.map((name, k) => {
    const value = short(simplexValue([0, 1, 2].map((n) => Number(n === k)), values));
    return svg("text", { class: "mml-class", x: CORNERS[k][0] + [0, -22, 22][k], y: CORNERS[k][1] + (k ? 34 : -18),
      "text-anchor": ["middle", "start", "end"][k] }, `${k === alone ? "★ " : ""}${name} ${value}`);
  });
  const handle = svg("g", { class: "mml-handle mml-query", tabindex: 0, role: "slider", "aria-label": say("mixture"),
    "aria-roledescription": say("movable"), "aria-valuemin": 0, "aria-valuemax": 1 }, svg("circle", { class: "mml-target", r: 24 }),
  svg("circle", { class: "mml-halo", r: 17 }), svg("path", { d: "M0,-13L11,0L0,13L-11,0z" }));
  const picture = svg("svg", { viewBox: "0 0 420 400", class: "mml-picture mml-chart", role: "group",
    "aria-label": say("picture", { names: names.join(say("and")), measure }) },
  heatMap(values, model.get("levels")), svg("g", { "aria-hidden": "true" }, ...labels), handle);
  draggable(picture, handle, (x, y) => move(fromPicture(x, y)), () => handle.focus());
  handle.addEventListener("pointerdown", () => handle.focus());
  handle.addEventListener("keydown", (event) => press(event));
  tappable(picture, (x, y) => { move(fromPicture(x, y)); handle.focus(); });
  return { picture, show(weights, spoken) {
    handle.setAttribute("transform", `translate(${toPicture(weights)})`);
    fill(handle, { "aria-valuenow": weights[0], "aria-valuetext": spoken }, []);
  } };
}

/** The weights after a key, or null where the key means nothing. */
function afterKey(weights, key, far, best) {
  const step = far ? 0.1 : 0.01;
  const [first, second, third] = weights;
  const aside = (by) => [first, ...[second - by, third + by]].map((weight) => Math.round(UNITS * weight) / UNITS);
  if (key === "ArrowLeft") return aside(-Math.min(step, third));
  if (key === "ArrowRight") return aside(Math.min(step, second));
  const up = { ArrowUp: step, ArrowDown: -step, PageUp: 0.1, PageDown: -0.1 }[key];
  if (up) return shiftWeight(weights, 0, first + up);
  return { Home: EVEN, End: [0, 1, 2].map((k) => Number(k === best)) }[key] ?? null;
}

/** What the shades mean, in words. */
function legendOf(levels, say) {
  const swatch = (band) => svg("svg", { width: 18, height: 14, "aria-hidden": "true" },
    svg("rect", { class: "mml-swatch", width: 18, height: 14, style: shade(band, levels.length + 1) }));
  const names = levels.length ? [say("under", { level: short(levels[0]) }), ...levels.map((level) => say("from", { level: short(level) }))] : [];
  return html("ul", { class: "mml-shades" }, ...names.map((name, band) => html("li", {}, swatch(band), " ", name)));
}

function render({ model, el }) {
  const say = wording(model);
  const [values, names, alone, goal] = ["values", "names", "alone", "goal"].map((trait) => model.get(trait));
  const measure = model.get("measure") || say("accuracy");
  const corner = simplexValue([0, 1, 2].map((k) => Number(k === alone)), values);
  const mixture = (weights) => names.map((name, k) => `${name} ${weights[k]}`).join(say("and"));
  const now = () => simplexValue(model.get("weights"), values);
  function verdictOn(value) {
    if (value >= goal) return say("won");
    return say(value > corner ? "above" : "below", { name: names[alone], goal: short(goal) });
  }
  function mix(weights) {
    save(model, { weights, answer: Object.fromEntries(names.map((name, k) => [name, weights[k]])) });
    card.say(say("said", { mixture: mixture(weights), measure, value: short(now()), verdict: verdictOn(now()) }));
  }
  function press(event) {
    const weights = afterKey(model.get("weights"), event.key, event.shiftKey, alone);
    if (weights === null) return;
    event.preventDefault();
    mix(weights);
  }
  const drawn = drawing(model, say, measure, mix, press);
  const sliders = names.map((name, k) => rangeControl({ label: say("weight", { name }), min: 0, max: 1, step: 0.01, page: 0.1 },
    (weight) => mix(shiftWeight(model.get("weights"), k, weight))));
  const row = (label, value) => html("div", { class: "mml-row" }, html("span", {}, label), value);
  const value = html("span", { class: "mml-number" });
  const fixed = (number) => html("span", { class: "mml-number" }, short(number));
  const verdict = html("p", { class: "mml-verdict" });
  const panel = html("div", { class: "mml-panel" }, row(say("now", { measure }), value),
    row(`★ ${say("single", { name: names[alone] })}`, fixed(corner)), row(say("aim"), fixed(goal)), verdict,
    ...sliders.map((slider) => slider.node), html("p", { class: "mml-note" }, say("legend")), legendOf(model.get("levels"), say));
  const card = frame(model, el, say("title"), html("div", { class: "mml-body" }, drawn.picture, panel),
    [say("key-move"), say("key-far"), say("key-ends", { name: names[alone] }), say("key-drag")]);

  function redraw() {
    const weights = model.get("weights");
    const spoken = `${mixture(weights)}; ${measure} ${short(now())}`;
    drawn.show(weights, spoken);
    sliders.forEach((slider, k) => slider.show(weights[k], String(weights[k]), spoken));
    value.textContent = short(now());
    verdict.textContent = verdictOn(now());
    verdict.classList.toggle("mml-won", now() >= goal);
    card.showAnswer(model.get("answer") === null ? null : mixture(weights));
  }
  const stop = follow(model, ["weights", "answer"], redraw);
  redraw();
  return () => { stop(); card.release(); };
}

export { afterKey, cutAt, fromPicture, shiftWeight, simplexValue, toWeights };
export default { render };
