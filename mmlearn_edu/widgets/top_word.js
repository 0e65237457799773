// Edit a document and watch which of its words tf-idf puts on top.

const SHOWN = 8;

/** Lower-case words, as Python's tokenize finds them: letters, digits and underscores of any language. */
function tokenize(text) {
  return text.toLowerCase().normalize("NFC").match(/[\p{L}\p{N}_]+/gu) ?? [];
}

/** {"1.5": "red ring"} -> Map(red -> 1.5, ring -> 1.5). */
function readIdf(groups) {
  return new Map(Object.entries(groups).flatMap(([idf, words]) => words.split(" ").map((word) => [word, Number(idf)])));
}

/** The words that have an idf, the heaviest first: how often, tf * idf, and its share of a row of length 1. */
function wordWeights(text, idf) {
  const tf = new Map();
  for (const word of tokenize(text)) if (idf.has(word)) tf.set(word, (tf.get(word) ?? 0) + 1);
  const rows = [...tf].map(([word, times]) => ({ word, tf: times, idf: idf.get(word), heavy: times * idf.get(word) }));
  const length = Math.sqrt(rows.reduce((sum, { heavy }) => sum + heavy ** 2, 0));
  rows.sort((a, b) => b.heavy - a.heavy || (a.word < b.word ? -1 : 1));
  return rows.map((row) => ({ ...row, weight: row.heavy / length }));
}

/** What Python reads: how often the goal stands there once it alone is on top; before, which word is. */
function answerOf(rows, goal, say) {
  if (!rows.length) return say("answer-empty");
  if (rows[0].word !== goal) return say("answer-other", { word: rows[0].word });
  return rows.length > 1 && rows[1].heavy === rows[0].heavy ? say("answer-tie") : rows[0].tf;
}

/** The heaviest words; the goal is always among them, and a word marks it besides its colour. */
function table(rows, goal, say) {
  const shown = rows.slice(0, SHOWN);
  const below = rows.findIndex(({ word }) => word === goal);
  if (below >= SHOWN) shown.push(rows[below]);
  const head = ["rank", "word", "tf", "idf", "product", "weight"].map((id) => html("th", { scope: "col" }, say(`head-${id}`)));
  const line = (row) => {
    const bar = html("span", { class: "mml-bar mml-weight", "aria-hidden": "true" },
      html("span", { class: `mml-caught${row.word === goal ? "" : " mml-now"}`, style: `width:${100 * row.heavy / rows[0].heavy}%` }));
    const name = row.word === goal ? html("strong", {}, `▶ ${row.word}`) : row.word;
    return html("tr", row.word === goal ? { class: "mml-goal" } : {}, html("td", {}, rows.indexOf(row) + 1),
      html("th", { scope: "row" }, name), html("td", {}, row.tf), html("td", {}, row.idf.toFixed(2)),
      html("td", {}, row.heavy.toFixed(2)), html("td", {}, html("span", { class: "mml-row" }, row.weight.toFixed(2), bar)));
  };
  return html("table", { class: "mml-words" }, html("caption", {}, say("weights")),
    html("thead", {}, html("tr", {}, ...head)), html("tbody", {}, ...shown.map(line)));
}

function render({ model, el }) {
  const say = wording(model);
  const goal = model.get("goal");
  const idf = readIdf(model.get("idf"));
  const first = model.get("text");
  const area = html("textarea", { id: freshId("text"), rows: 9, spellcheck: "false" });
  const add = buttonControl(say("add", { goal }), () => edit(`${area.value.trimEnd()} ${goal}`), { first: true });
  const undo = buttonControl(say("restore"), () => save(model, { text: first, answer: null }));
  const verdict = html("p", { class: "mml-verdict" });
  const words = html("div", { class: "mml-scroll", tabindex: 0, role: "region", "aria-label": say("weights") });
  const written = html("div", { class: "mml-panel mml-written" }, html("label", { for: area.id }, say("text")), area,
    html("div", { class: "mml-buttons" }, add, undo), verdict);
  const card = frame(model, el, say("title"), html("div", { class: "mml-body" }, written, words), [say("key-tab"), say("key-type")]);

  function edit(text) {
    save(model, { text, answer: answerOf(wordWeights(text, idf), goal, say) });
  }
  area.addEventListener("input", () => edit(area.value));

  function redraw() {
    if (area.value !== model.get("text")) area.value = model.get("text");
    const rows = wordWeights(model.get("text"), idf);
    const answer = answerOf(rows, goal, say);
    const times = rows.find(({ word }) => word === goal)?.tf ?? 0;
    const won = typeof answer === "number";
    verdict.textContent = won ? say("won", { goal, times }) : say("so-far", { goal, times, answer });
    verdict.classList.toggle("mml-won", won);
    words.replaceChildren(rows.length ? table(rows, goal, say) : say("answer-empty"));
    card.showAnswer(model.get("answer"));
    card.say(verdict.textContent);
  }
  redraw();
  const stop = follow(model, ["text", "answer"], redraw);
  return () => { stop(); card.release(); };
}

export default { render };
export { answerOf, readIdf, tokenize, wordWeights };
