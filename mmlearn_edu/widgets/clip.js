// Scrub through clips frame by frame, watch them, and mark a frame. Nothing moves before a key or a button is pressed.

const SPEEDS = [0.25, 0.5, 1, 2];
const [HIGH, EDGE, FOOT] = [130, 46, 24]; // of the picture of changes
const DASHES = ["none", "7 3", "2 3", "9 3 2 3"];
const MARKS = ["M-3,0a3,3 0 1,0 6,0a3,3 0 1,0 -6,0z", "M-3,-3h6v6h-6z", "M0,-4L4,3H-4z", "M0,-4L4,0L0,4L-4,0z"];

/** One clip: its pixels, how many frames, how tall and wide, and 1 or 3 numbers a pixel. */
function filmOf(text, [frames, height, width, channels = 1]) {
  return { pixels: unpack(text), frames, height, width, channels };
}

/** Mean absolute difference of brightness between each frame and the next, as Python's frame_energy. */
function energyOf({ pixels, frames, height, width, channels }) {
  const size = height * width;
  const grey = Float64Array.from({ length: frames * size }, (_, i) => {
    let sum = 0;
    for (let c = 0; c < channels; c += 1) sum += pixels[channels * i + c];
    return sum / channels / 255;
  });
  return Float64Array.from({ length: frames - 1 }, (_, t) => {
    let sum = 0;
    for (let i = t * size; i < (t + 1) * size; i += 1) sum += Math.abs(grey[i + size] - grey[i]);
    return sum / size;
  });
}

/** Draw one frame, a canvas pixel for a pixel; a clip that has ended shows its last frame. */
function drawFrame(canvas, { pixels, frames, height, width, channels }, number) {
  const first = Math.min(number, frames - 1) * height * width * channels;
  const image = new ImageData(width, height);
  for (let i = 0; i < height * width; i += 1) {
    for (let c = 0; c < 3; c += 1) image.data[4 * i + c] = pixels[first + channels * i + Math.min(c, channels - 1)];
    image.data[4 * i + 3] = 255;
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}

/** A round number a little above `most`, for the top of the axis. */
function roundUp(most) {
  const unit = 10 ** Math.floor(Math.log10(most || 1));
  return Number(([1, 2, 5, 10].find((each) => each * unit >= most) * unit).toPrecision(3));
}

/** How wide to draw, so that letters come out as large as elsewhere; as in JupyterLab where nothing is laid out yet. */
const widthOf = (el) => Math.min(800, Math.max(240, (el.clientWidth || 800) - 40));

/** How much changes, frame by frame; entry t stands at frame t + 1. Pressing or dragging goes to a frame. */
function changes(say, names, energies, last, wide, go, done) {
  const most = roundUp(Math.max(...energies.flatMap((each) => [...each])));
  const x = (frame) => EDGE + (frame / last) * (wide - EDGE - 8);
  const y = (value) => 8 + (1 - value / most) * (HIGH - 8 - FOOT);
  const word = (at, px, py, text) => svg("text", { class: "mml-tick", x: px, y: py, "text-anchor": at }, text);
  const step = Math.max(1, Math.ceil(last / (wide / 60)));
  const now = svg("path", { class: "mml-now-frame" });
  const flag = svg("path", { class: "mml-flag-frame" });
  const lines = energies.map((energy, c) => svg("g", { class: `mml-c${c}`, role: "img", "aria-label":
    say("energy-of", { name: names[c], frame: 1 + energy.indexOf(Math.max(...energy)) }) },
  svg("path", { class: "mml-change", "stroke-dasharray": DASHES[c], d: `M${[...energy].map((e, t) => `${x(t + 1)},${y(e)}`).join("L")}` }),
  ...(last > 60 ? [] : [...energy].map((e, t) => svg("path", { class: "mml-change-at", d: MARKS[c], transform: `translate(${x(t + 1)},${y(e)})` })))));
  const frames = Array.from({ length: Math.floor(last / step) + 1 }, (_, i) => i * step);
  const picture = svg("svg", { viewBox: `0 0 ${wide} ${HIGH}`, class: "mml-changes mml-boxed" },
    ...[0, most].flatMap((value) => [svg("line", { class: "mml-cross", x1: EDGE, x2: wide - 8, y1: y(value), y2: y(value) }),
      word("end", EDGE - 5, y(value) + 4, String(value))]),
    ...frames.map((frame) => word("middle", x(frame), HIGH - 7, String(frame))), flag, now, ...lines);
  const to = (event) => go(Math.round(((pointer(picture, event)[0] - EDGE) / (wide - EDGE - 8)) * last));
  picture.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    picture.setPointerCapture(event.pointerId);
    to(event);
  });
  picture.addEventListener("pointerup", done);
  picture.addEventListener("pointermove", (event) => { if (picture.hasPointerCapture(event.pointerId)) to(event); });
  const stroke = (frame) => `M${x(frame)},8V${HIGH - FOOT}`;
  return {
    node: html("figure", { class: "mml-across" }, html("figcaption", { class: "mml-note" }, say("energy", { most })), picture),
    show(frame, marked) {
      now.setAttribute("d", stroke(frame));
      flag.setAttribute("d", marked === null ? "" : `${stroke(marked)}m0,-${HIGH - FOOT - 8}l12,5l-12,5`);
    },
  };
}

/** Counts frames while time passes: `show(frame)` for each, `end(frame)` after the last. */
function clock(last, show, end) {
  let handle = 0;
  let frame = null;
  function start(from, rate) {
    const began = performance.now();
    const loop = () => {
      const next = Math.min(last, from + Math.floor(((performance.now() - began) / 1000) * rate));
      if (next !== frame) { frame = next; show(frame); }
      handle = requestAnimationFrame(loop);
      if (next === last) { const at = frame; stop(); end(at); }
    };
    frame = from;
    loop();
  }
  function stop() {
    cancelAnimationFrame(handle);
    const at = frame;
    frame = null;
    return at;
  }
  return { start, stop, running: () => frame !== null };
}

/** The line and marker that stand for a clip among others. */
function lineKey(c) {
  return svg("svg", { viewBox: "0 0 30 12", class: `mml-key mml-c${c}`, "aria-hidden": "true" },
    svg("path", { class: "mml-change", "stroke-dasharray": DASHES[c], d: "M0,6H30" }),
    svg("path", { class: "mml-change-at", d: MARKS[c], transform: "translate(15,6)" }));
}

/** A clip with its name, and what changed since the frame before. */
function screen(say, name, film, energy, key) {
  const canvas = html("canvas", { width: film.width, height: film.height, class: "mml-pixels", role: "img" });
  const change = html("span", { class: "mml-number" });
  const row = html("div", { class: "mml-row" }, html("span", {}, ...(key === null ? [say("change-alone")] : [key, say("change", { name })])), change);
  return {
    node: html("figure", { class: "mml-film" }, html("figcaption", {}, name), canvas), row,
    show(frame) {
      drawFrame(canvas, film, frame);
      canvas.setAttribute("aria-label", say("picture", { name, frame: Math.min(frame, film.frames - 1) }));
      const before = Math.min(frame, film.frames) - 1; // after its end it stands still
      const size = frame >= film.frames ? 0 : energy[before];
      change.textContent = frame === 0 ? say("none") : size.toFixed(4);
    },
  };
}

function render({ model, el }) {
  const say = wording(model);
  const [names, rate] = ["names", "rate"].map((name) => model.get(name));
  const films = model.get("film").map((text, c) => filmOf(text, model.get("shapes")[c]));
  const energies = films.map(energyOf);
  const last = Math.max(...films.map((film) => film.frames)) - 1;
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const speedNow = () => model.get("speed") || (calm ? 0.25 : 1);
  const screens = films.map((film, c) => screen(say, names[c], film, energies[c], films.length > 1 ? lineKey(c) : null));
  const time = html("span", { class: "mml-number" });

  const stopAt = () => (running.running() ? running.stop() : model.get("frame"));
  const go = (frame) => {
    stopAt();
    const to = Math.min(last, Math.max(0, frame));
    save(model, { frame: to });
    redraw();
    card.say(say("said", { frame: to }));
  };
  const running = clock(last, show, (frame) => {
    save(model, { frame });
    redraw();
    card.say(say("ended", { frame }));
  });
  function play() {
    const was = running.running();
    const frame = stopAt();
    save(model, { frame });
    if (!was) running.start(frame >= last ? 0 : frame, rate * speedNow());
    card.say(was ? say("paused", { frame }) : say("playing"));
    redraw();
  }
  function mark() {
    const frame = stopAt();
    save(model, { frame, answer: frame });
    redraw();
    card.say(say("said-mark", { frame }));
  }
  const slider = rangeControl({ label: say("scrub"), min: 0, max: last, page: Math.max(2, Math.round(last / 10)) }, go);
  slider.input.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const act = { " ": play, Enter: mark }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  const playing = buttonControl("", play, { first: true });
  const marking = iconed(buttonControl("", mark), "flag", say("mark"));
  const speed = choiceControl({ label: say("speed"), options: SPEEDS.map((each) => [each, say("times", { speed: each })]) },
    (value) => {
      const frame = running.running() ? running.stop() : null;
      save(model, { speed: Number(value) });
      if (frame !== null) running.start(frame, rate * speedNow());
    });
  const plot = model.get("energy") ? changes(say, names, energies, last, widthOf(el), go, () => slider.input.focus()) : null;
  const panel = html("div", { class: "mml-panel" }, slider.node,
    html("div", { class: "mml-row" }, html("span", {}, say("time")), time), ...screens.map((each) => each.row),
    html("div", { class: "mml-buttons" }, playing, marking), speed.node,
    html("p", { class: "mml-note" }, say(calm ? "calm" : "once")));
  const body = html("div", { class: "mml-body mml-top-aligned" }, html("div", { class: "mml-screens" },
    ...screens.map((each) => each.node)), panel, ...(plot ? [plot.node] : []));
  const keys = ["key-one", "key-ten", "key-ends", "key-space", "key-mark"];
  const card = frame(model, el, say("title"), body, keys.map((key) => say(key, { page: Math.max(2, Math.round(last / 10)) })));

  function show(at) {
    const words = { frame: at, last, time: (at / rate).toFixed(2) };
    screens.forEach((each) => each.show(at));
    slider.show(at, say("frame", words), say("value", words));
    time.textContent = say("second", words);
    plot?.show(at, model.get("answer"));
  }
  function redraw() {
    if (!running.running()) show(model.get("frame"));
    const on = running.running();
    iconed(playing, on ? "pause" : "play", say(on ? "pause" : "play"));
    speed.show(speedNow());
    const answer = model.get("answer");
    card.showAnswer(answer === null ? null : say("answer", { frame: answer }));
  }
  const stop = follow(model, ["frame", "speed", "answer"], redraw);
  redraw();
  return () => { stop(); running.stop(); card.release(); };
}

export { energyOf, filmOf, roundUp };
export default { render };
