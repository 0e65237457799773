// Turn an axis through the middle of a cloud and watch the variance it catches.

const SIZE = 390;
const MIDDLE = SIZE / 2;
const RING = 158;

function mean(points) {
  const sum = points.reduce(([a, b], [x, y]) => [a + x, b + y], [0, 0]);
  return [sum[0] / points.length, sum[1] / points.length];
}

/** Variance along the axis divided by the variance along both features together. */
function shareCaught(points, degrees) {
  const [mx, my] = mean(points);
  const turn = (degrees * Math.PI) / 180;
  const [ux, uy] = [Math.cos(turn), Math.sin(turn)];
  let caught = 0;
  let total = 0;
  for (const [x, y] of points) {
    caught += ((x - mx) * ux + (y - my) * uy) ** 2;
    total += (x - mx) ** 2 + (y - my) ** 2;
  }
  return caught / total;
}

/** An axis has no front: 190 degrees is 10 degrees. */
const wrap = (degrees) => ((Math.round(degrees) % 180) + 180) % 180;

function drawing(model, say) {
  const points = model.get("points");
  const middle = mean(points);
  const reach = Math.max(...points.map(([x, y]) => Math.hypot(x - middle[0], y - middle[1])));
  const scale = (RING - 14) / reach;
  const centred = points.map(([x, y]) => [(x - middle[0]) * scale, (y - middle[1]) * scale]);
  const drops = centred.map(() => svg("line", { class: "mml-drop" }));
  const shadows = centred.map(() => svg("rect", { class: "mml-shadow", x: -4, y: -4, width: 8, height: 8 }));
  const dots = centred.map(([x, y]) => svg("circle", { class: "mml-dot", cx: x, cy: -y, r: 4 }));
  const rod = svg("line", { class: "mml-rod" });
  const grip = svg("line", { class: "mml-grip" });
  const ends = [0, 1].map(() => svg("circle", { class: "mml-end", r: 9 }));
  const turnable = svg("g", { class: "mml-turnable" }, grip, rod, ...ends);
  const [labelX, labelY] = model.get("labels");
  const centre = svg("g", { transform: `translate(${MIDDLE},${MIDDLE})` },
    ...protractor(), ...drops, ...dots, turnable, ...shadows);
  const picture = svg("svg", { viewBox: `0 0 ${SIZE} ${SIZE}`, role: "img", class: "mml-picture" }, centre,
    svg("text", { x: SIZE - 2, y: SIZE - 4, "text-anchor": "end", class: "mml-label" }, `${labelX} →`),
    svg("text", { x: 2, y: 14, class: "mml-label" }, `↑ ${labelY}`));

  function turnTo(degrees) {
    const turn = (degrees * Math.PI) / 180;
    const [ux, uy] = [Math.cos(turn), Math.sin(turn)];
    for (const bar of [rod, grip]) place(bar, -RING * ux, RING * uy, RING * ux, -RING * uy);
    ends.forEach((end, i) => fill(end, { cx: (1 - 2 * i) * RING * ux, cy: (2 * i - 1) * RING * uy }, []));
    centred.forEach(([x, y], i) => {
      const along = x * ux + y * uy;
      place(drops[i], x, -y, along * ux, -along * uy);
      shadows[i].setAttribute("transform", `translate(${along * ux},${-along * uy}) rotate(${-degrees})`);
    });
    picture.setAttribute("aria-label", say("picture", { count: points.length, x: labelX, y: labelY, degrees }));
  }
  return { picture, turnable, turnTo };
}

function place(bar, x1, y1, x2, y2) {
  fill(bar, { x1, y1, x2, y2 }, []);
}

function protractor() {
  const marks = [svg("circle", { class: "mml-ring", r: RING }),
    svg("line", { class: "mml-cross", x1: -RING, x2: RING }), svg("line", { class: "mml-cross", y1: -RING, y2: RING })];
  for (let degrees = 0; degrees < 180; degrees += 30) {
    const turn = (degrees * Math.PI) / 180;
    const attributes = { x: (RING + 22) * Math.cos(turn), y: -(RING + 22) * Math.sin(turn) + 4, "text-anchor": "middle" };
    marks.push(svg("text", { ...attributes, class: "mml-tick" }, `${degrees}°`));
  }
  return marks;
}

/** Share caught against angle, drawn only where the learner has been. */
function trail() {
  const [width, height, left, bottom] = [300, 110, 34, 20];
  const x = (degrees) => left + (degrees / 180) * (width - left - 8);
  const y = (share) => height - bottom - share * (height - bottom - 12);
  const seen = new Map();
  const dots = svg("g", { class: "mml-seen" });
  const now = svg("circle", { class: "mml-now", r: 5 });
  const tick = (at, px, py, text) => svg("text", { class: "mml-tick", x: px, y: py, "text-anchor": at }, text);
  const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "mml-trail", "aria-hidden": "true" },
    ...[0, 0.5, 1].map((share) => svg("line", { class: "mml-cross", x1: left, x2: width - 8, y1: y(share), y2: y(share) })),
    tick("end", left - 5, y(0) + 4, "0"), tick("end", left - 5, y(1) + 4, "100"),
    ...[0, 90, 180].map((degrees) => tick("middle", x(degrees) - (degrees === 180 ? 8 : 0), height - 4, `${degrees}°`)),
    dots, now);
  return {
    picture,
    visit(degrees, share) {
      if (!seen.has(degrees)) {
        seen.set(degrees, share);
        dots.append(svg("circle", { cx: x(degrees), cy: y(share), r: 2.2 }));
      }
      fill(now, { cx: x(degrees), cy: y(share) }, []);
    },
  };
}

function render({ model, el }) {
  const points = model.get("points");
  const say = wording(model);
  const drawn = drawing(model, say);
  const visited = trail();
  const angle = rangeControl({ label: say("angle"), min: 0, max: 179, page: 10 }, (degrees) => turn(degrees));
  const share = html("span", { class: "mml-number" });
  const caught = html("span", { class: "mml-caught" });
  const panel = html("div", { class: "mml-panel" },
    angle.node,
    html("div", { class: "mml-row" }, html("span", {}, say("share")), share),
    html("div", { class: "mml-bar", "aria-hidden": "true" }, caught),
    html("p", { class: "mml-note" }, say("legend")),
    html("p", { class: "mml-note mml-head" }, say("trail")), visited.picture);
  const body = html("div", { class: "mml-body" }, drawn.picture, panel);
  const card = frame(model, el, say("title"), body,
    ["key-one", "key-ten", "key-ends", "key-drag"].map((key) => say(key)));

  function redraw() {
    const degrees = model.get("degrees");
    const part = shareCaught(points, degrees);
    angle.show(degrees, `${degrees}°`, say("value", { degrees, share: percent(part) }));
    share.textContent = percent(part);
    caught.style.width = `${100 * part}%`;
    drawn.turnTo(degrees);
    visited.visit(degrees, part);
    card.showAnswer(model.get("answer") === null ? null : `${model.get("answer")}°`);
  }
  function turn(degrees) {
    save(model, { degrees: wrap(degrees), answer: wrap(degrees) });
    card.say(say("said", { degrees: wrap(degrees), share: percent(shareCaught(points, wrap(degrees))) }));
  }
  const toAngle = (x, y) => turn((Math.atan2(MIDDLE - y, x - MIDDLE) * 180) / Math.PI);
  draggable(drawn.picture, drawn.turnable, toAngle, () => angle.input.focus({ preventScroll: true }));
  const stop = follow(model, ["degrees", "answer"], redraw);
  redraw();
  return () => { stop(); card.release(); };
}

export { shareCaught, wrap };
export default { render };
