// Inserisci funzione: a function chosen by its help, its arguments, the formula in the active cell.
import { act } from "./engine.js";
import { button, make, show, warn } from "./page.js";
import { enter, selection } from "./workbook.js";

function argument([name, help, optional], place) {
  const field = make("input", "", { type: "text", id: `argomento${place}` });
  const take = async () => {
    field.value = await selection();
  };
  return make(
    "div",
    "",
    {},
    make("label", optional ? `[${name}]` : name, { htmlFor: field.id }),
    make("div", "", { className: "argomento" }, field, button("Selezione", () => take().catch((error) => warn(error.message)))),
    make("small", help),
  );
}

export async function chooseFunction() {
  const { categories, functions } = await act("functions");
  const groups = Object.entries(categories).map(([label, names]) =>
    make("optgroup", "", { label }, ...names.map((name) => make("option", name, { value: name }))),
  );
  const list = make("select", "", { id: "funzione_scelta" }, ...groups);
  const form = make("div");
  const insert = async () => {
    const values = [...form.querySelectorAll("input")].map((field) => field.value);
    await enter(await act("formula", { name: list.value, arguments: values }));
    warn("");
  };
  const describe = () => {
    const chosen = functions[list.value];
    form.replaceChildren(make("p", chosen.help), ...chosen.arguments.map(argument));
  };
  list.onchange = describe;
  const put = button("Inserisci nella cella selezionata", () => insert().catch((error) => warn(error.message)), true);
  put.id = "inserisci";
  show("Inserisci funzione", make("label", "Funzione", { htmlFor: list.id }), list, form, put);
  describe();
}
