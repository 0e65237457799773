// Move centroids by hand, against Lloyd's algorithm.

const SIZE = 420;
const MARGIN = 34;
const EDGE = 22; // no centroid closer to the border: its ring would be cut off
const LETTERS = "ABCDEF";
const SHAPES = [
  ["circle", "M-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0z"],
  ["square", "M-3.6,-3.6h7.2v7.2h-7.2z"],
  ["triangle", "M0,-4.8L4.6,3.4H-4.6z"],
  ["diamond", "M0,-5.2L4.4,0L0,5.2L-4.4,0z"],
  ["plus", "M-1.5,-4.6h3v3.1h3.1v3h-3.1v3.1h-3v-3.1h-3.1v-3h3.1z"],
  ["wedge", "M0,4.8L4.6,-3.4H-4.6z"],
];

/** The nearest centroid of every point (the first of equals), and the sum of the squared distances. */
function assign(points, centroids) {
  let objective = 0;
  const labels = points.map(([x, y]) => {
    const squared = centroids.map(([cx, cy]) => (x - cx) ** 2 + (y - cy) ** 2);
    const least = Math.min(...squared);
    objective += least;
    return squared.indexOf(least);
  });
  return { labels, objective };
}

/** Every centroid to the mean of its points; one without points stays. */
function lloydStep(points, centroids) {
  const { labels } = assign(points, centroids);
  return centroids.map((centroid, c) => {
    const own = points.filter((_, i) => labels[i] === c);
    if (!own.length) return centroid;
    const sum = own.reduce(([a, b], [x, y]) => [a + x, b + y], [0, 0]);
    return [sum[0] / own.length, sum[1] / own.length];
  });
}

function drawing(model, space, say, move) {
  const dots = model.get("points").map((point) => {
    const [x, y] = space.toPicture(point);
    return svg("path", { transform: `translate(${x},${y})` });
  });
  const handles = model.get("start").map((_, c) => svg("g", {
    class: `mml-handle mml-c${c}`, tabindex: 0, role: "slider", "aria-roledescription": say("movable"),
    "aria-label": say("centroid", { letter: LETTERS[c], shape: say(SHAPES[c][0]) }),
  }, svg("circle", { class: "mml-target", r: 22 }), svg("circle", { class: "mml-halo", r: 19 }),
  svg("path", { d: SHAPES[c][1], transform: "scale(3.4)" }), svg("text", { y: SHAPES[c][0] === "wedge" ? 2.5 : 4.5, "text-anchor": "middle" }, LETTERS[c])));
  const cloud = svg("g", { role: "img" }, ...dots);
  const picture = svg("svg", { viewBox: `0 0 ${SIZE} ${SIZE}`, class: "mml-picture mml-boxed" }, cloud, ...handles);

  handles.forEach((handle, c) => {
    draggable(picture, handle, (x, y) => move(c, space.toData([x, y])), () => handle.focus({ preventScroll: true }));
    handle.addEventListener("pointerdown", () => handle.focus({ preventScroll: true }));
    steerable(handle, (dx, dy) => {
      const [x, y] = model.get("centroids")[c];
      move(c, [x + dx * space.span, y + dy * space.span]);
    });
  });

  function show(centroids, labels) {
    labels.forEach((label, i) => {
      if (dots[i].dataset.label === String(label)) return;
      fill(dots[i], { d: SHAPES[label][1], class: `mml-point mml-c${label}`, "data-label": label }, []);
    });
    handles.forEach((handle, c) => {
      const [px, py] = space.toPicture(centroids[c]);
      const [x, y] = centroids[c].map(short);
      handle.style.transform = `translate(${px}px, ${py}px)`;
      const members = labels.filter((label) => label === c).length;
      const edge = [[0, SIZE], [SIZE, 0]].map((corner) => space.toData(corner)[0]);
      fill(handle, { "aria-valuenow": x, "aria-valuemin": short(edge[0]), "aria-valuemax": short(edge[1]),
        "aria-valuetext": say("place", { x, y, count: members }) }, []);
    });
    cloud.setAttribute("aria-label", say("cloud", { count: dots.length }));
  }
  return { picture, handles, show };
}

/** Three bars to compare: the objective now, the best so far, and where Lloyd stops. */
function meters(say) {
  const rows = ["now", "best", "stuck"].map((key) => {
    const value = html("span", { class: "mml-number" });
    const fillBar = html("span", { class: `mml-caught mml-${key}` });
    return { key, value, fillBar, node: html("div", { class: "mml-meter" },
      html("div", { class: "mml-row" }, html("span", {}, say(key)), value),
      html("div", { class: "mml-bar", "aria-hidden": "true" }, fillBar)) };
  });
  return {
    nodes: rows.map((row) => row.node),
    show(values) {
      const most = Math.max(...Object.values(values).filter((value) => value !== null));
      for (const { key, value, fillBar } of rows) {
        value.textContent = values[key] === null ? say("none") : short(values[key]);
        fillBar.style.width = `${(100 * (values[key] ?? 0)) / most}%`;
      }
    },
  };
}

/** How an objective compares with where Lloyd stops (by more than the rounding of a sum) and with the goal. */
function compare(objective, stuck, goal) {
  if (objective < goal) return "won";
  return objective < stuck * (1 - 1e-6) ? "hardly" : "not-yet";
}

function render({ model, el }) {
  const say = wording(model);
  const points = model.get("points");
  const [stuck, goal] = [model.get("stuck"), model.get("goal")];
  const space = plane(points, SIZE, MARGIN);
  const [low, high] = [space.toData([EDGE, SIZE - EDGE]), space.toData([SIZE - EDGE, EDGE])];
  const clamp = ([x, y]) => [Math.min(high[0], Math.max(low[0], x)), Math.min(high[1], Math.max(low[1], y))];

  const judged = (objective) => say(compare(objective, stuck, goal), { goal: short(goal) });

  function moveTo(centroids) {
    const { objective } = assign(points, centroids);
    const best = model.get("answer");
    save(model, { centroids, answer: best === null ? objective : Math.min(best, objective) });
    card.say(say("said", { objective: short(objective), verdict: judged(objective) }));
  }
  const drawn = drawing(model, space, say, (c, place) => {
    glide(false);
    moveTo(model.get("centroids").map((centroid, i) => (i === c ? clamp(place) : centroid)));
  });
  const glide = (on) => drawn.picture.classList.toggle("mml-glide", on);
  const meter = meters(say);
  const verdict = html("p", { class: "mml-verdict" });
  const to = (next) => () => { glide(true); moveTo(next()); };
  const step = buttonControl(say("step"), to(() => lloydStep(points, model.get("centroids"))), { first: true });
  const again = buttonControl(say("again"), to(() => model.get("start")));
  const panel = html("div", { class: "mml-panel" }, ...meter.nodes, verdict,
    html("div", { class: "mml-buttons" }, step, again),
    html("p", { class: "mml-note" }, say("legend")));
  const card = frame(model, el, say("title"), html("div", { class: "mml-body" }, drawn.picture, panel),
    ["key-tab", "key-move", "key-far", "key-drag"].map((key) => say(key)));

  function redraw() {
    const { labels, objective } = assign(points, model.get("centroids"));
    const best = model.get("answer");
    drawn.show(model.get("centroids"), labels);
    meter.show({ now: objective, best, stuck });
    verdict.textContent = judged(best ?? objective);
    verdict.classList.toggle("mml-won", best !== null && best < goal);
    card.showAnswer(best === null ? null : short(best));
  }
  const stop = follow(model, ["centroids", "answer"], redraw);
  redraw();
  return () => { stop(); card.release(); };
}

export { assign, compare, lloydStep };
export default { render };
