// Listen to sound beside its picture, and mark a moment. Nothing sounds before a key or a button is pressed.

const QUIETEST = -100; // dB
const RANGE = 80; // dB from the spectrogram's black to its brightest
const COLUMNS = 600; // of a picture
const MAGMA = [[0, 0, 4], [81, 18, 124], [183, 55, 121], [252, 137, 97], [252, 253, 191]]; // lighter all the way

/** Base64 of 16-bit samples -> floats; `scale` is the pressure that 32768 stands for. */
function samplesOf(text, scale) {
  const bytes = unpack(text);
  const view = new DataView(bytes.buffer);
  return Float64Array.from({ length: bytes.length / 2 }, (_, i) => (view.getInt16(2 * i, true) * scale) / 32768);
}

const peakOf = (y) => y.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** The factor that brings the highest peak of all clips down to `loudest`. */
function gainOf(clips, loudest) {
  const peak = Math.max(...clips.map(peakOf));
  return peak > 0 ? Math.min(1, loudest / peak) : 1;
}

/** Root mean square within 50 ms around a time, in dB below full scale. */
function levelAt(y, rate, time, width = 0.05) {
  const first = Math.max(0, Math.floor((time - width / 2) * rate + 0.5));
  const heard = y.subarray(first, Math.max(first, Math.floor((time + width / 2) * rate + 0.5)));
  const power = heard.reduce((sum, value) => sum + value * value, 0) / (heard.length || 1);
  return Math.max(QUIETEST, 10 * Math.log10(Math.max(power, 1e-12)));
}

/** Power at every frequency, window by window, as Python's power_spectrogram: silence before the start and after the end. */
function power(y, nFft, hop) {
  const fade = hann(nFft);
  const count = 1 + Math.floor(y.length / hop);
  return Array.from({ length: count }, (_, t) => {
    const seen = fade.map((weight, n) => weight * (y[t * hop + n - nFft / 2] ?? 0));
    return magnitudes(seen, nFft).map((size) => size * size);
  });
}

/** Window and step for a picture: about 32 ms, and no more than 600 columns. */
function windows(length, rate) {
  const nFft = 2 ** Math.round(Math.log2(0.032 * rate));
  return [nFft, Math.max(nFft / 4, Math.ceil(length / COLUMNS))];
}

/** A WAV file of 16 bits and one channel; `gain` makes it more quiet. */
function wavFile(y, rate, gain) {
  const view = new DataView(new ArrayBuffer(44 + 2 * y.length));
  const write = (at, letters) => [...letters].forEach((letter, i) => view.setUint8(at + i, letter.charCodeAt(0)));
  write(0, "RIFF"); view.setUint32(4, 36 + 2 * y.length, true); write(8, "WAVEfmt ");
  view.setUint32(16, 16, true); view.setUint16(20, 1, true); view.setUint16(22, 1, true);
  view.setUint32(24, rate, true); view.setUint32(28, 2 * rate, true); view.setUint16(32, 2, true); view.setUint16(34, 16, true);
  write(36, "data"); view.setUint32(40, 2 * y.length, true);
  y.forEach((value, i) => view.setInt16(44 + 2 * i, Math.round(value * gain * 32767), true));
  return view.buffer;
}

/** The curve of the sound, as the lowest and highest value of each column. */
function waveform(y, peak) {
  const columns = Math.min(COLUMNS, y.length);
  const bounds = (c) => y.subarray(Math.floor((c * y.length) / columns), Math.floor(((c + 1) * y.length) / columns));
  const at = (value) => (50 - (47 * value) / (peak || 1)).toFixed(1);
  const [tops, bottoms] = [[], []];
  for (let c = 0; c < columns; c += 1) {
    tops.push(`${c},${at(Math.max(...bounds(c)))}`);
    bottoms.unshift(`${c},${at(Math.min(...bounds(c)))}`);
  }
  return svg("svg", { viewBox: `0 0 ${Math.max(1, columns - 1)} 100`, preserveAspectRatio: "none", class: "mml-waveform", role: "img" },
    svg("line", { class: "mml-cross", x2: columns, y1: 50, y2: 50 }),
    svg("path", { class: "mml-sound", d: `M${[...tops, ...bottoms].join("L")}Z` }));
}

/** A colour from black to bright, for a share from 0 to 1. */
function magma(share) {
  const at = Math.min(3.999, Math.max(0, 4 * share));
  const [low, high] = [MAGMA[Math.floor(at)], MAGMA[Math.floor(at) + 1]];
  return low.map((value, i) => value + (high[i] - value) * (at % 1));
}

/** Frequencies from bottom to top, time from left to right; `loudest` is the brightest of all clips. */
function spectrogram(frames, loudest) {
  const [width, height] = [frames.length, frames[0].length];
  const canvas = html("canvas", { width, height, class: "mml-spectrogram", role: "img" });
  const image = new ImageData(width, height);
  frames.forEach((frame, x) => frame.forEach((value, k) => {
    const level = 10 * Math.log10(Math.max(value, 1e-12) / loudest);
    image.data.set([...magma(1 + level / RANGE), 255], 4 * ((height - 1 - k) * width + x));
  }));
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

/** Times for an axis: round numbers, at most five of them. */
function ticks(seconds) {
  const step = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60].find((each) => seconds / each <= 5) ?? 120;
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, i) => Number((i * step).toPrecision(6)));
}

/** What can be seen of one clip, with the playhead and the mark over it. */
function board(say, name, y, rate, seen, picture) {
  const seconds = y.length / rate;
  const left = (time) => `${(100 * time) / seconds}%`;
  const head = html("div", { class: "mml-playhead", tabindex: 0, role: "slider", "aria-label": say("place", { name }),
    "aria-valuemin": 0, "aria-valuemax": seconds.toFixed(2) }, html("div", { class: "mml-now-line" }));
  const flag = html("div", { class: "mml-flag", hidden: "" }, iconed(html("span", { class: "mml-chip" }), "flag", ""));
  const layers = [];
  if (picture !== "spectrogram") {
    const curve = waveform(y, seen.peak);
    curve.setAttribute("aria-label", say("waveform-of", { name }));
    layers.push(curve);
  }
  if (picture !== "waveform") {
    const top = short(rate / 2);
    const canvas = spectrogram(seen.frames, seen.loudest);
    canvas.setAttribute("aria-label", say("spectrogram-of", { name, top }));
    layers.push(html("div", { class: "mml-layer" }, canvas, html("span", { class: "mml-chip mml-chip-top" }, say("hertz", { value: top })),
      html("span", { class: "mml-chip mml-chip-bottom" }, say("hertz", { value: 0 }))));
  }
  const axis = html("div", { class: "mml-times", "aria-hidden": "true" }, ...ticks(seconds).map((time) =>
    html("span", { class: time > 0.9 * seconds ? "mml-last" : "", style: `left:${left(time)}` }, say("second", { time }))));
  const node = html("div", { class: "mml-film-board" }, html("div", { class: "mml-layers" }, ...layers, flag, head), axis);
  return {
    node, head,
    show(time, spoken) {
      head.style.setProperty("--at", left(time));
      fill(head, { "aria-valuenow": time.toFixed(2), "aria-valuetext": spoken }, []);
    },
    mark(time) {
      flag.hidden = time === null;
      if (time === null) return;
      flag.style.left = left(time);
      iconed(flag.firstChild, "flag", time.toFixed(2));
      flag.classList.toggle("mml-flag-left", time > 0.7 * seconds);
    },
  };
}

/** Plays one clip, from a file made here when it is first asked for. */
function player(y, rate, gain, { tick, end, fail }) {
  let audio = null;
  let url = null;
  let frame = 0;
  const loop = () => { tick(audio.currentTime); frame = requestAnimationFrame(loop); };
  function make() {
    url = URL.createObjectURL(new Blob([wavFile(y, rate, gain)], { type: "audio/wav" }));
    audio = new Audio(url);
    audio.addEventListener("ended", () => { cancelAnimationFrame(frame); end(y.length / rate); });
  }
  return {
    playing: () => audio !== null && !audio.paused && !audio.ended,
    start(time, speed) {
      if (audio === null) make();
      audio.currentTime = time >= y.length / rate - 0.005 ? 0 : time;
      audio.playbackRate = speed;
      audio.play().then(() => { cancelAnimationFrame(frame); frame = requestAnimationFrame(loop); })
        .catch((error) => { if (error.name !== "AbortError") fail(error.message); }); // stopped before it began: no harm
    },
    stop() {
      cancelAnimationFrame(frame);
      if (audio !== null) audio.pause();
      return audio?.currentTime ?? 0;
    },
    seek(time) { if (audio !== null) audio.currentTime = time; },
    speed(value) { if (audio !== null) audio.playbackRate = value; },
    release() {
      this.stop();
      if (url !== null) URL.revokeObjectURL(url);
    },
  };
}

const STEPS = { ArrowLeft: -0.1, ArrowDown: -0.1, ArrowRight: 0.1, ArrowUp: 0.1, PageUp: 1, PageDown: -1, Home: -1e9, End: 1e9 };

/** One clip: its name, buttons, numbers and pictures. `take` are what it does: play, seek, mark. */
function clipRow(say, name, shown, take) {
  const play = buttonControl("", take.play, { first: true });
  const mark = iconed(buttonControl("", take.mark), "flag", say("mark"));
  const time = html("span", { class: "mml-number" });
  const level = html("span", { class: "mml-level" });
  mark.setAttribute("aria-label", say("mark-name", { name }));
  shown.head.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = STEPS[event.key];
    if (step !== undefined) take.seek((now) => now + (event.shiftKey ? step / 10 : step));
    else if (event.key === " ") take.play();
    else if (event.key === "Enter" && !event.shiftKey) take.mark();
    else return;
    event.preventDefault();
  });
  const track = (event) => {
    const box = shown.head.getBoundingClientRect();
    take.seek(() => ((event.clientX - box.left) / box.width) * shown.seconds);
  };
  shown.head.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault(); // JupyterLab would take the focus to its cell
    shown.head.focus();
    shown.head.setPointerCapture(event.pointerId);
    track(event);
  });
  shown.head.addEventListener("pointermove", (event) => { if (shown.head.hasPointerCapture(event.pointerId)) track(event); });
  let told = null;
  const node = html("div", { class: "mml-clip", role: "group", "aria-label": name }, html("div", { class: "mml-clip-top" },
    html("strong", {}, name), html("span", { class: "mml-clip-told" }, time, level), play, mark), shown.node);
  return {
    node,
    show(seconds, decibel, playing) {
      const words = { time: seconds.toFixed(2), seconds: shown.seconds.toFixed(2), level: decibel.toFixed(1).replace("-", "−") };
      time.textContent = say("time", words);
      level.textContent = `${say("level-name")} ${say("level", words)}`;
      if (playing !== told) iconed(play, playing ? "pause" : "play", say(playing ? "pause" : "play"));
      told = playing;
      play.setAttribute("aria-label", say(playing ? "pause-name" : "play-name", { name }));
      shown.show(seconds, say("value", words));
    },
  };
}

/** What is drawn of all clips alike: one amplitude for full height, one power for the brightest colour. */
function pictured(clips, rate, picture) {
  const peak = Math.max(...clips.map(peakOf));
  const all = picture === "waveform" ? clips.map(() => null) : clips.map((y) => power(y, ...windows(y.length, rate)));
  const brightest = (frames) => frames.reduce((most, frame) => Math.max(most, peakOf(frame)), 1e-12);
  const loudest = picture === "waveform" ? 1 : Math.max(...all.map(brightest));
  return all.map((frames) => ({ frames, peak, loudest }));
}

function render({ model, el }) {
  const say = wording(model);
  const [rate, names, picture] = ["rate", "names", "picture"].map((name) => model.get(name));
  const clips = model.get("sound").map((text) => samplesOf(text, model.get("scale")));
  const gain = gainOf(clips, model.get("loudest"));
  const seen = pictured(clips, rate, picture);
  const problem = html("p", { class: "mml-wrong" });
  const boards = clips.map((y, c) => ({ ...board(say, names[c], y, rate, seen[c], picture), seconds: y.length / rate }));

  const place = (c, time) => Math.min(boards[c].seconds, Math.max(0, Math.round(time * 1000) / 1000));
  const keep = (c, time) => save(model, { times: model.get("times").map((old, i) => (i === c ? place(c, time) : old)) });
  const players = clips.map((y, c) => player(y, rate, gain, {
    tick: (time) => show(c, time),
    end: (time) => keep(c, time),
    fail: (reason) => { problem.textContent = say("cannot", { reason }); show(c, model.get("times")[c]); },
  }));
  function stopAll() {
    players.forEach((each, c) => { if (each.playing()) keep(c, each.stop()); });
  }
  const takes = clips.map((_, c) => ({
    play() {
      const playing = players[c].playing();
      stopAll();
      if (playing) {
        card.say(say("paused", { time: model.get("times")[c].toFixed(2) }));
      } else {
        players[c].start(model.get("times")[c], model.get("speed"));
        card.say(say("playing", { name: names[c] }));
      }
      redraw();
    },
    seek(to) {
      keep(c, to(players[c].playing() ? players[c].stop() : model.get("times")[c]));
    },
    mark() {
      stopAll();
      const time = Math.round(model.get("times")[c] * 100) / 100;
      save(model, { marked: [c, time], answer: time });
      card.say(say("said-mark", { time: time.toFixed(2), name: names[c] }));
    },
  }));
  const rows = clips.map((_, c) => clipRow(say, names[c], boards[c], takes[c]));
  const speed = choiceControl({ label: say("speed"), options: [0.5, 0.75, 1].map((each) => [each, say("times", { speed: each })]) },
    (value) => { save(model, { speed: Number(value) }); players.forEach((each) => each.speed(Number(value))); });
  const safe = gain < 1 ? say("turned-down", { share: percent(gain) }) : say("safe");
  const notes = [say("pictures"), ...(picture === "waveform" ? [] : [say("spectrogram", { range: RANGE })]), safe];
  const body = html("div", { class: "mml-stack" }, ...rows.map((row) => row.node), problem,
    html("div", { class: "mml-fields" }, speed.node, html("p", { class: "mml-note mml-notes" }, notes.join(" "))));
  const card = frame(model, el, say("title"), body,
    ["key-space", "key-one", "key-fine", "key-page", "key-ends", "key-mark"].map((key) => say(key)));

  function show(c, time) {
    rows[c].show(time, levelAt(clips[c], rate, time), players[c].playing());
  }
  function redraw() {
    const [times, marked] = [model.get("times"), model.get("marked")];
    times.forEach((time, c) => { if (!players[c].playing()) { players[c].seek(time); show(c, time); } });
    boards.forEach((each, c) => each.mark(marked[0] === c ? marked[1] : null));
    speed.show(model.get("speed"));
    const answer = model.get("answer");
    const words = answer === null ? null : { time: answer.toFixed(2), name: names[marked[0]] };
    card.showAnswer(words && say(names.length > 1 ? "answer-in" : "answer", words));
  }
  const stop = follow(model, ["times", "marked", "speed", "answer"], redraw);
  redraw();
  return () => { stop(); players.forEach((each) => each.release()); card.release(); };
}

export { gainOf, levelAt, power, samplesOf, ticks, wavFile, windows };
export default { render };
