// A slider with a label that a screen reader can use; with an interval, a button that moves it step by step.

/** The value after this one; after the last comes the first again. */
function next(value, { min, max, step }) {
  const steps = Math.round((value - min) / step) + 1;
  return min + steps * step > max + step / 1e6 ? min : tidy(min + steps * step);
}

/** 0.1 + 0.2 is 0.30000000000000004; a slider says 0.3. */
const tidy = (value) => Number(value.toPrecision(12));

function render({ model, el }) {
  const say = wording(model);
  const range = Object.fromEntries(["min", "max", "step"].map((name) => [name, model.get(name)]));
  const page = Math.max(range.step, tidy(Math.round((range.max - range.min) / 10 / range.step) * range.step));
  const slider = rangeControl({ label: model.get("label"), ...range, page }, (value) => save(model, { value: tidy(value) }));
  const deaf = html("p", { class: "mml-deaf", role: "status" });
  const body = html("div", { class: "mml mml-bare", lang: say("kit-lang") }, deaf, slider.node);
  const player = model.get("interval") ? playButton(model, say, range) : null;
  if (player) body.append(html("div", { class: "mml-buttons" }, player.node));
  el.append(body);
  const release = keepKeys(body);
  const leave = watchKernel(model, () => { deaf.textContent = say("kit-deaf"); });
  const redraw = () => slider.show(model.get("value"), String(tidy(model.get("value"))));
  const stop = follow(model, ["value"], redraw);
  redraw();
  return () => { player?.pause(); leave(); stop(); release(); body.remove(); };
}

/** Play goes on until Pause; its name tells which it is now. */
function playButton(model, say, range) {
  let timer = 0;
  const node = buttonControl("", () => (timer ? pause() : play()));
  const name = () => { node.textContent = say(timer ? "pause" : "play", { label: model.get("label") }); };
  function play() {
    timer = setInterval(() => save(model, { value: next(model.get("value"), range) }), model.get("interval"));
    name();
  }
  function pause() {
    clearInterval(timer);
    timer = 0;
    name();
  }
  name();
  return { node, pause };
}

export { next };
export default { render };
