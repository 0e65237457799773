// Mounts the explorables of a page without Python: their state stands beside them, and stays in the page.

/** What anywidget's model does, in the page alone. */
function alone(state) {
  const listeners = new Map();
  return {
    get: (name) => state[name],
    set(name, value) {
      state[name] = value;
      for (const listen of [...(listeners.get(`change:${name}`) ?? [])]) listen();
    },
    save_changes() {}, // nobody else wants to know
    on: (event, listen) => { listeners.set(event, [...(listeners.get(event) ?? []), listen]); },
    off: (event, listen) => { listeners.set(event, (listeners.get(event) ?? []).filter((other) => other !== listen)); },
  };
}

for (const place of document.querySelectorAll(".mmlearn-explorable")) {
  const still = [...place.childNodes];
  const { kind, state } = JSON.parse(place.querySelector("script").textContent);
  place.replaceChildren();
  try {
    EXPLORABLES[kind].render({ model: alone(state), el: place });
  } catch (error) {
    console.error(error);
    place.replaceChildren(...still); // the picture and what it shows are better than nothing
  }
}
