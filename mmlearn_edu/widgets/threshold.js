// Move a threshold along the scores of two classes, and watch who is called positive and what it costs.

const [WIDTH, HEIGHT, LEFT, INNER] = [440, 300, 16, 408];
const [AXIS, TALL] = [148, 104]; // bars of positives stand on the axis, those of negatives hang from it
const LOW_IS_GOOD = ["fpr"];

/** How many of the scores, which rise, reach the threshold: a score equal to it does. */
function reach(rising, threshold) {
  let [from, to] = [0, rising.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (rising[middle] >= threshold) to = middle;
    else from = middle + 1;
  }
  return rising.length - from;
}

/** Counts and measures at a threshold; nothing over nothing is 0. */
function scoresAt(positives, negatives, threshold) {
  const [tp, fp] = [reach(positives, threshold), reach(negatives, threshold)];
  const [fn, tn] = [positives.length - tp, negatives.length - fp];
  const share = (part, whole) => (whole ? part / whole : 0);
  return { tp, fp, fn, tn, accuracy: share(tp + tn, tp + fp + fn + tn), precision: share(tp, tp + fp),
    recall: share(tp, tp + fn), f1: share(2 * tp, 2 * tp + fp + fn), fpr: share(fp, fp + tn), iou: share(tp, tp + fp + fn) };
}

/** Whether a goal's measure is on the right side of its bound; reaching the bound counts. */
const meets = (at, [measure, bound]) => (LOW_IS_GOOD.includes(measure) ? at[measure] <= bound : at[measure] >= bound);

/** The better of two values of a measure; either may be null. */
function better(measure, one, two) {
  if (one === null || two === null) return one ?? two;
  return LOW_IS_GOOD.includes(measure) ? Math.min(one, two) : Math.max(one, two);
}

/** The bars of one class as one SVG path, up or down from the axis; its tallest bar fills the room. */
function barsPath({ start, width }, counts, toX, up) {
  const most = Math.max(...counts);
  return counts.map((count, i) => {
    const [x, next] = [toX(start + i * width), toX(start + (i + 1) * width)];
    return count ? `M${x},${AXIS}v${(up ? -TALL : TALL) * (count / most)}h${next - x - 0.6}V${AXIS}z` : "";
  }).join("");
}

/** Stripes in the colour of a class, for what is called wrongly. */
function stripes(name) {
  const id = freshId("stripes");
  const lines = svg("path", { class: `mml-stripe mml-${name}`, d: "M-1,1l2,-2M0,6l6,-6M5,7l2,-2" });
  return { id, node: svg("pattern", { id, width: 6, height: 6, patternUnits: "userSpaceOnUse" }, lines) };
}

function histogram(model, say, names) {
  const [low, high, bars] = ["low", "high", "bars"].map((trait) => model.get(trait));
  const toX = (value) => LEFT + ((value - low) / (high - low)) * INNER;
  const toValue = (x) => low + ((x - LEFT) / INNER) * (high - low);
  const clips = [0, 1].map(() => ({ id: freshId("side"), box: svg("rect", { y: 0, height: HEIGHT }) }));
  const marks = ["negative", "positive"].map(stripes);
  const paths = ["negative", "positive"].flatMap((name, k) => [0, 1].map((side) => svg("path", {
    d: barsPath(bars, bars.counts[k], toX, k === 1), class: `mml-bars mml-${name}`, "clip-path": `url(#${clips[side].id})`,
    ...(k === side ? {} : { style: `fill: url(#${marks[k].id})` }) }))); // a negative right of the line is called wrongly
  const text = (x, y, anchor, word, kind = "mml-tick") => svg("text", { class: kind, x, y, "text-anchor": anchor }, word);
  const rules = model.get("ticks").map((tick) => svg("line", { class: "mml-rule", x1: toX(tick), x2: toX(tick), y1: AXIS - TALL, y2: AXIS + TALL }));
  const numbers = model.get("ticks").map((tick) => text(toX(tick), AXIS + TALL + 16, "middle", String(tick)));
  const sides = [text(0, 36, "end", say("kept", { name: names[0] })), text(0, 36, "start", say("called", { name: names[1] }))];
  const tallest = (k) => `${"□■"[k]} ${names[k]} (${say("tallest", { count: Math.max(...bars.counts[k]) })})`;
  const cut = svg("g", { class: "mml-handle mml-cut" }, svg("rect", { class: "mml-grip-area", x: -24, y: 40, width: 48, height: 2 * TALL + 6 }),
    svg("line", { y1: 24, y2: AXIS + TALL }), svg("circle", { class: "mml-end", cy: AXIS, r: 9 }));
  const picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "mml-picture mml-chart", role: "img",
    "aria-label": say("picture", { label: labelOf(model, say), positive: names[1], negative: names[0] }) },
  svg("defs", {}, ...clips.map(({ id, box }) => svg("clipPath", { id }, box)), ...marks.map(({ node }) => node)),
  ...rules, ...paths, svg("line", { class: "mml-rule mml-zero", x1: LEFT, x2: LEFT + INNER, y1: AXIS, y2: AXIS }), ...numbers, ...sides,
  text(LEFT, 14, "start", tallest(1), "mml-class"), text(LEFT, HEIGHT - 8, "start", tallest(0), "mml-class"),
  text(LEFT + INNER, HEIGHT - 8, "end", `${labelOf(model, say)} →`), cut);

  function show(threshold) {
    const x = Math.min(LEFT + INNER, Math.max(LEFT, toX(threshold)));
    fill(clips[0].box, { x: 0, width: x }, []);
    fill(clips[1].box, { x, width: WIDTH - x }, []);
    cut.setAttribute("transform", `translate(${x})`);
    sides.forEach((side, i) => fill(side, { x: x + (i ? 8 : -8), visibility: lengthOf(side) + 8 < (i ? WIDTH - x : x) ? "visible" : "hidden" }, []));
  }
  return { picture, cut, toValue, show };
}

/** How long a text is in the picture; guessed from its letters while it is not in a page yet. */
const lengthOf = (text) => text.getComputedTextLength()
  || [...text.textContent].reduce((sum, letter) => sum + (letter > "\u2e7f" ? 13 : 7), 0);

const labelOf = (model, say) => model.get("label") || say("score");

/** Every measure with its number and a bar; the one with a bound shows where the bound is. */
function meters(measures, [aimed, bound], say) {
  const rows = measures.map((measure) => {
    const value = html("span", { class: "mml-number" });
    const part = html("span", { class: "mml-caught mml-now" });
    const aim = html("span", { class: "mml-aim", style: `left: ${100 * bound}%` });
    const sign = LOW_IS_GOOD.includes(measure) ? "≤" : "≥";
    const wish = measure === aimed ? html("span", { class: "mml-note" }, ` ${say("aim")} ${sign} ${bound}`) : "";
    return { measure, value, part, node: html("div", {},
      html("div", { class: "mml-row" }, html("span", {}, say(`measure-${measure}`), wish), value),
      html("div", { class: "mml-bar mml-measure", "aria-hidden": "true" }, part, ...(measure === aimed ? [aim] : []))) };
  });
  const node = html("div", { class: "mml-meters" }, ...rows.map((row) => row.node));
  return { node, show(at) {
    for (const { measure, value, part } of rows) {
      value.textContent = at[measure].toFixed(3);
      part.style.width = `${100 * at[measure]}%`;
    }
  } };
}

/** Rows: what the samples are. Columns: what they are called. Wrong ones have a dashed edge. */
function confusion([negative, positive], say) {
  const cells = Object.fromEntries(["tp", "fn", "fp", "tn"].map((name) => [name,
    html("td", { class: name[0] === "t" ? "mml-true" : "mml-false" })]));
  const head = html("tr", {}, html("td"), ...[positive, negative].map((name) => html("th", { scope: "col" }, say("as", { name }))));
  const row = (name, ...two) => html("tr", {}, html("th", { scope: "row" }, say("really", { name })), ...two);
  const node = html("table", { class: "mml-confusion" }, html("caption", {}, say("matrix")), html("thead", {}, head),
    html("tbody", {}, row(positive, cells.tp, cells.fn), row(negative, cells.fp, cells.tn)));
  return { node, show(at) { for (const [name, cell] of Object.entries(cells)) cell.textContent = at[name]; } };
}

/** The measures of the goal against the threshold, drawn only where the learner has been. */
function trail(model, measures, say) {
  const [width, height, left, bottom] = [300, 124, 34, 20];
  const [low, high, [, bound]] = ["low", "high", "goal"].map((trait) => model.get(trait));
  const x = (value) => left + ((value - low) / (high - low)) * (width - left - 8);
  const y = (share) => height - bottom - share * (height - bottom - 8);
  const signs = measures.map((_, m) => svg("path", { class: `mml-seen mml-seen-${m}` }));
  const dot = [(px, py) => `M${px - 2},${py}a2,2 0 1,0 4,0a2,2 0 1,0 -4,0z`, (px, py) => `M${px},${py - 3}l3,5h-6z`];
  const tick = (at, px, py, word) => svg("text", { class: "mml-tick", x: px, y: py, "text-anchor": at }, word);
  const rule = (share, kind) => svg("line", { class: kind, x1: left, x2: width - 8, y1: y(share), y2: y(share) });
  const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "mml-trail", "aria-hidden": "true" },
    ...[0, 0.5, 1].map((share) => rule(share, "mml-cross")), rule(bound, "mml-bound"),
    ...[0, 0.5, 1].map((share) => tick("end", left - 5, y(share) + 4, String(share))),
    tick("start", left, height - 4, String(low)), tick("end", width - 8, height - 4, String(high)), ...signs);
  const names = measures.map((measure, m) => `${"●▲"[m]} ${say(`measure-${measure}`)}`).join(", ");
  const seen = new Set();
  return {
    node: html("div", {}, html("p", { class: "mml-note mml-head" }, `${say("trail")}: ${names}`), picture),
    visit(threshold, at) {
      if (seen.has(threshold)) return;
      seen.add(threshold);
      measures.forEach((measure, m) => signs[m].setAttribute("d",
        `${signs[m].getAttribute("d") ?? ""}${dot[m](x(threshold), y(at[measure]))}`));
    },
  };
}

function render({ model, el }) {
  const say = wording(model);
  const [positives, negatives, goal] = ["positives", "negatives", "goal"].map((trait) => model.get(trait));
  const [low, high, step, decimals] = ["low", "high", "step", "decimals"].map((trait) => model.get(trait));
  const [measure, , best] = goal;
  const names = ["negative", "positive"].map((word, k) => model.get("names")[k] || say(word));
  const title = (name, at) => say("reached", { measure: say(`measure-${name}`), value: at[name].toFixed(3) });
  const now = () => scoresAt(positives, negatives, model.get("threshold"));
  let record = null; // the best value of `best` among the places where the goal was met

  function verdictOn(at) {
    const reached = title(measure, at);
    if (!meets(at, goal)) return say("short-of", { reached });
    if (best === measure) return say("met", { reached });
    return say("met-best", { reached, best: say("best-yet", { measure: say(`measure-${best}`), value: record.toFixed(3) }) });
  }
  function keep(at) {
    if (meets(at, goal)) record = better(best, record, at[best]);
  }
  function cutAt(threshold) {
    save(model, { threshold, answer: threshold });
    card.say(`${valueText(now())}. ${verdictOn(now())}`);
  }
  const snap = (value) => cutAt(Number((Math.round(Math.min(high, Math.max(low, value)) / step) * step).toFixed(decimals)) + 0);
  const valueText = (at) => say("value", { threshold: model.get("threshold"), measured: model.get("metrics").map((name) => title(name, at)).join(", ") });

  const drawn = histogram(model, say, names);
  const slider = rangeControl({ label: say("threshold"), min: low, max: high, step, page: 20 * step }, snap);
  const typed = numberControl(say, { label: say("typed"), min: low, max: high }, cutAt);
  const meter = meters(model.get("metrics"), goal, say);
  const matrix = confusion(names, say);
  const visited = trail(model, [...new Set([measure, best])], say);
  const verdict = html("p", { class: "mml-verdict" });
  const legend = html("p", { class: "mml-note" }, say("legend", { positive: names[1] }));
  const left = html("div", { class: "mml-panel mml-broad" }, drawn.picture, slider.node, typed.node, legend);
  const right = html("div", { class: "mml-panel" }, verdict, meter.node, matrix.node, visited.node);
  const card = frame(model, el, say("title"), html("div", { class: "mml-body mml-upper" }, left, right),
    ["key-one", "key-page", "key-ends", "key-drag"].map((key) => say(key)));

  function redraw() {
    const [threshold, at] = [model.get("threshold"), now()];
    keep(at);
    drawn.show(threshold);
    slider.show(threshold, String(threshold), valueText(at));
    typed.show(threshold);
    for (const part of [meter, matrix]) part.show(at);
    visited.visit(threshold, at);
    verdict.textContent = verdictOn(at);
    verdict.classList.toggle("mml-won", meets(at, goal));
    card.showAnswer(model.get("answer") === null ? null : String(model.get("answer")));
  }
  const focus = () => slider.input.focus({ preventScroll: true });
  draggable(drawn.picture, drawn.cut, (x) => snap(drawn.toValue(x)), focus);
  tappable(drawn.picture, (x) => { snap(drawn.toValue(x)); focus(); });
  const stop = follow(model, ["threshold", "answer"], redraw);
  redraw();
  return () => { stop(); card.release(); };
}

export { better, meets, reach, scoresAt };
export default { render };
