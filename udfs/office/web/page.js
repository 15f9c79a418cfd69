// Elements of the pane: texts are always texts, never markup.

export const result = () => document.getElementById("esito");

export function make(tag, text = "", settings = {}, ...inside) {
  const element = Object.assign(document.createElement(tag), settings);
  if (text !== "") {
    element.textContent = text;
  }
  element.append(...inside);
  return element;
}

export function button(text, run, main = false) {
  return make("button", text, { type: "button", className: main ? "principale" : "", onclick: run });
}

// Shows a title and what belongs to it in place of what was there.
export function show(title, ...inside) {
  result().replaceChildren(make("h2", title), ...inside.filter((one) => one !== null));
  result().focus();
}

export function warn(text) {
  const place = document.getElementById("avviso");
  place.textContent = text;
  place.hidden = text === "";
}

// Lines `[text, level, cell]`; those with a cell lead to it.
export function lines(all, go, className = "") {
  const items = all.map(([text, level = 0, cell = ""]) => {
    const item = make("li", cell === "" ? text : "", { className });
    item.style.paddingLeft = `${level * 12}px`;
    if (cell !== "") {
      item.append(make("button", text, { type: "button", title: `Vai a ${cell}`, onclick: () => go(cell) }));
    }
    return item;
  });
  return items.length === 0 ? null : make("ul", "", {}, ...items);
}
