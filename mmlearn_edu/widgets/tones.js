// Widen a window until the spectrum of two tones shows two peaks.

const FLOOR = -80; // dB
const [BOTTOM, TOP] = [-40, 6]; // dB, of the picture
const [WIDE, HIGH, LEFT, UNDER] = [420, 250, 44, 26];

/** Two equally strong tones, at their crest in the middle of n samples. */
function twoTones([low, high], rate, n) {
  const tone = (f, i) => Math.cos((2 * Math.PI * f * (i - n / 2)) / rate);
  return Float64Array.from({ length: n }, (_, i) => tone(low, i) + tone(high, i));
}

/** Level at every frequency in dB, 0 being the peak of one such tone alone; the same as Python's tone_spectrum. */
function spectrum(frequencies, rate, n, nFft) {
  const fade = hann(n);
  const seen = twoTones(frequencies, rate, n).map((value, i) => value * fade[i]);
  const full = fade.reduce((sum, value) => sum + value, 0) / 2;
  return magnitudes(seen, nFft).map((size) => Math.max(FLOOR, 20 * Math.log10(Math.max(size / full, 1e-12))));
}

/** The highest point on each side of the middle, and the lowest between them: places and depth in dB. */
function valley(level, [low, high], rate, nFft) {
  const place = (f) => Math.round((f * nFft) / rate);
  const best = (first, last, better) => {
    let found = first;
    for (let k = first; k <= last; k += 1) if (better(level[k], level[found])) found = k;
    return found;
  };
  const middle = place((low + high) / 2);
  const left = best(place(1.5 * low - 0.5 * high), middle, (a, b) => a > b);
  const right = best(middle, place(1.5 * high - 0.5 * low), (a, b) => a > b);
  const lowest = best(left, right, (a, b) => a < b);
  return { left, right, lowest, depth: Math.min(level[left], level[right]) - level[lowest] };
}

const path = (points) => `M${points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join("L")}`;

/** The spectrum around the two tones; dashed lines stand where they really are. */
function spectrumPicture(model, say) {
  const [low, high] = model.get("frequencies");
  const [rate, nFft] = [model.get("rate"), model.get("n_fft")];
  const reach = 5 * (high - low);
  const x = (f) => LEFT + ((f - low + reach) / (high - low + 2 * reach)) * (WIDE - LEFT - 6);
  const y = (level) => 18 + ((TOP - Math.max(BOTTOM, level)) / (TOP - BOTTOM)) * (HIGH - 18 - UNDER);
  const tick = (at, px, py, text) => svg("text", { class: "mml-tick", x: px, y: py, "text-anchor": at }, text);
  const curve = svg("path", { class: "mml-curve" });
  const gap = svg("path", { class: "mml-gap" });
  const picture = svg("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, class: "mml-picture mml-plot", role: "img" },
    ...[0, -20, -40].flatMap((level) => [tick("end", LEFT - 5, y(level) + 4, String(level).replace("-", "−")),
      svg("line", { class: "mml-cross", x1: LEFT, x2: WIDE - 6, y1: y(level), y2: y(level) })]),
    ...[low, high].map((f) => svg("line", { class: "mml-true", x1: x(f), x2: x(f), y1: 18, y2: HIGH - UNDER })),
    tick("end", x(low) - 3, 12, `${low} Hz`), tick("start", x(high) + 3, 12, `${high} Hz`),
    tick("start", LEFT, HIGH - 8, `${short(low - reach)} Hz`), tick("end", WIDE - 6, HIGH - 8, `${short(high + reach)} Hz`),
    tick("start", 2, 12, `↑ ${say("level")}`), curve, gap);
  const at = (k) => (k * rate) / nFft;
  return {
    picture,
    show(level, { left, right, lowest, depth }, apart) {
      const [first, last] = [low - reach, high + reach].map((f) => Math.round((f * nFft) / rate));
      const shown = Array.from({ length: last - first + 1 }, (_, i) => first + i);
      curve.setAttribute("d", path(shown.map((k) => [x(at(k)), y(level[k])])));
      const rim = Math.min(level[left], level[right]);
      const [a, b] = [x(at(left)), x(at(right))];
      gap.setAttribute("d", depth > 0 ? `M${a},${y(rim)}H${b}M${x(at(lowest))},${y(rim)}V${y(level[lowest])}` : "");
      picture.setAttribute("aria-label", say("picture", { low, high, shape: say(apart ? "two-peaks" : "one-peak") }));
    },
  };
}

/** The sound as long as the longest window, and the part that this window sees. */
function wavePicture(model) {
  const [unit, most, rate] = ["unit", "most", "rate"].map((name) => model.get(name));
  const longest = unit * most;
  const [width, height] = [840, 96];
  const sound = twoTones(model.get("frequencies"), rate, longest);
  const x = (i) => (i / longest) * width;
  const y = (value) => height / 2 - value * (height / 4.3);
  const seen = svg("path", { class: "mml-heard" });
  const fade = svg("path", { class: "mml-fade" });
  const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "mml-wave", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("path", { class: "mml-unheard", d: path([...sound].map((value, i) => [x(i), y(value)])) }), seen, fade);
  return {
    picture,
    show(n) {
      const [window, start] = [hann(n), Math.round((longest - n) / 2)];
      const part = [...window].map((weight, i) => [x(start + i), weight, sound[start + i]]);
      seen.setAttribute("d", path(part.map(([px, weight, value]) => [px, y(weight * value)])));
      const upper = part.map(([px, weight]) => [px, y(2 * weight)]);
      const lower = part.map(([px, weight]) => [px, y(-2 * weight)]);
      fade.setAttribute("d", `${path(upper)}${path(lower)}`);
    },
  };
}

/** A name and a number, one under the other. */
function readout(name) {
  const value = html("span", { class: "mml-number" });
  return { value, node: html("div", { class: "mml-row" }, html("span", {}, name), value) };
}

function render({ model, el }) {
  const say = wording(model);
  const [rate, unit, nFft, most, rule] = ["rate", "unit", "n_fft", "most", "separated"].map((name) => model.get(name));
  const frequencies = model.get("frequencies");
  const milliseconds = (steps) => Number(((1000 * steps * unit) / rate).toPrecision(6));
  const drawn = spectrumPicture(model, say);
  const wave = wavePicture(model);
  const control = rangeControl({ label: say("window"), min: 1, max: most }, (steps) => {
    save(model, { steps, answer: milliseconds(steps) });
    const { depth, verdict } = measure();
    card.say(say("said", { window: milliseconds(steps), dip: depth.toFixed(1), verdict }));
  });
  const [samples, bins, dip] = ["samples", "bins", "dip"].map((name) => readout(say(name)));
  const verdict = html("p", { class: "mml-verdict" });
  const panel = html("div", { class: "mml-panel" }, control.node, samples.node, bins.node, dip.node, verdict,
    html("p", { class: "mml-note" }, say("rule", { rule })));
  const seen = html("figure", { class: "mml-across" }, html("figcaption", { class: "mml-note" }), wave.picture);
  const step = { step: short(milliseconds(1)), page: short(milliseconds(10)) };
  const card = frame(model, el, say("title"), html("div", { class: "mml-body" }, drawn.picture, panel, seen),
    ["key-one", "key-ten", "key-ends"].map((key) => say(key, step)));

  function measure() {
    const level = spectrum(frequencies, rate, model.get("steps") * unit, nFft);
    const found = valley(level, frequencies, rate, nFft);
    const apart = found.depth >= rule;
    return { level, found, depth: found.depth, apart, verdict: say(apart ? "won" : "not-yet") };
  }
  function redraw() {
    const steps = model.get("steps");
    const window = milliseconds(steps);
    const now = measure();
    drawn.show(now.level, now.found, now.apart);
    wave.show(steps * unit);
    seen.firstChild.textContent = say("wave", { seen: window });
    control.show(steps, say("milliseconds", { window }), say("value", { window, samples: steps * unit, verdict: now.verdict }));
    samples.value.textContent = steps * unit;
    bins.value.textContent = say("hertz", { value: (rate / (steps * unit)).toFixed(1) });
    dip.value.textContent = say("decibel", { value: now.depth.toFixed(1) });
    verdict.textContent = now.verdict;
    verdict.classList.toggle("mml-won", now.apart);
    card.showAnswer(model.get("answer") === null ? null : say("answer", { window: model.get("answer") }));
  }
  const stop = follow(model, ["steps", "answer"], redraw);
  redraw();
  return () => { stop(); card.release(); };
}

export { fft, magnitudes, spectrum, valley };
export default { render };
