// The task pane, and the page that Excel keeps for the custom functions: starts Python, ties functions and ribbon to it.
import { act, editionsRead, start, started } from "./engine.js";
import { associate } from "./functions.js";
import { chooseFunction } from "./insert.js";
import { button, lines, make, show, warn } from "./page.js";
import { go, read, readSettled, selected, where, write } from "./workbook.js";
import { VERSION } from "./names.js";

const NO_OFFICE = "Questa pagina si apre dentro Excel: qui Excel non c'è, o office.js non si è potuto caricare.";
const key = () => `${Office.context.partitionKey ?? ""}xl_perf:${where()}`;
const state = document.getElementById("stato");
let running = false;

function answer({ title, summary, lines: said, good }) {
  show(title, make("p", summary, { id: "sommario" }), lines(said, follow, good ? "" : "avviso"));
}

function follow(cell) {
  go(cell).catch((error) => warn(error.message));
}

// What a proposal would write; the button writes it.
function propose({ title, summary, lines: said, remarks, values }) {
  const count = values.length;
  const writes = button(count === 1 ? "Scrivi 1 cella" : `Scrivi ${count} celle`, () => run(() => accept(title, values)), true);
  writes.id = "scrivi";
  show(
    title,
    make("p", count === 0 ? `${summary} Non c'è niente da scrivere.` : summary, { id: "sommario" }),
    count === 0 ? null : make("div", "", { className: "comandi" }, writes, button("Annulla", () => show(title))),
    lines(said, follow),
    remarks.length === 0 ? null : make("h2", "Da guardare"),
    lines(remarks, follow, "avviso"),
  );
}

async function accept(title, values) {
  await write(values);
  const settled = await readSettled();
  const done = await act("applied");
  let kept = `Si torna indietro con «Ripristina».`;
  try {
    localStorage.setItem(key(), done.note);
  } catch {
    kept = "Questo Excel non conserva i valori di prima: «Ripristina» non li ha.";
  }
  const late = settled ? "" : " Le formule non hanno ancora finito: i risultati possono cambiare.";
  const moved = done.results.map(([cell, label, before, after]) => [`${label}: ${before} → ${after}`, 0, cell]);
  show(title, make("p", `${done.summary} ${kept}${late}`, { id: "sommario" }), lines(moved, follow));
}

async function onWorkbook(name, told, then) {
  await read();
  then(await act(name, told));
}

function chooseFile() {
  const file = make("input", "", { type: "file", id: "file", accept: ".csv,.txt,.tsv,.xlsx,.xlsm" });
  const overwrite = make("input", "", { type: "checkbox", id: "sostituisci" });
  const load = async () => {
    const chosen = file.files[0];
    if (chosen === undefined) {
      return;
    }
    const bytes = await chosen.arrayBuffer();
    await read();
    propose(await act("load", { file: chosen.name, overwrite: overwrite.checked }, bytes));
  };
  show(
    "Carica dati",
    make("label", "File csv, o un'altra cartella xlsx", { htmlFor: "file" }),
    file,
    make("label", "", { className: "scelta" }, overwrite, "Sostituisci anche i valori già presenti"),
    make("div", "", { className: "comandi" }, button("Avanti", () => run(load), true)),
  );
}

const ACTIONS = {
  ricarica: ["Ricarica obiettivi", () => onWorkbook("reload", {}, propose)],
  carica: ["Carica dati", chooseFile],
  controlla: ["Controlla", () => onWorkbook("check", {}, answer)],
  spiega: ["Spiega la cella", async () => onWorkbook("explain", { cell: await selected() }, answer)],
  manca: ["Che cosa manca", () => onWorkbook("missing", {}, answer)],
  funzione: ["Inserisci funzione", chooseFunction],
  ripristina: ["Ripristina", () => onWorkbook("restore", { note: localStorage.getItem(key()) ?? "" }, propose)],
  guida: ["Guida", async () => show("Guida", make("p", await act("guide")))],
};

// Does one thing at a time; what goes wrong is shown.
async function run(what) {
  if (running) {
    return;
  }
  running = true;
  document.body.setAttribute("aria-busy", "true");
  warn("");
  try {
    await what();
  } catch (error) {
    warn(error.message);
  }
  running = false;
  document.body.removeAttribute("aria-busy");
}

function offer(name, [title, what]) {
  const from = () => run(what);
  document.getElementById("azioni").append(Object.assign(button(title, from), { id: name }));
  Office.actions.associate(name, async (event) => {
    await Office.addin.showAsTaskpane();
    event.completed();
    await from();
  });
}

// What is known without Excel: the version, and what is wrong.
async function tell() {
  state.textContent = `Versione ${VERSION}, si avvia ...`;
  try {
    await started;
    state.textContent = `Versione ${VERSION}`;
    warn(await editionsRead);
  } catch (error) {
    state.textContent = `Versione ${VERSION}`;
    warn(error.message);
  }
}

async function main() {
  if (globalThis.Office === undefined) {
    state.textContent = NO_OFFICE;
    return;
  }
  start();
  associate();
  await Office.onReady();
  Object.entries(ACTIONS).forEach(([name, action]) => offer(name, action));
  tell();
  await navigator.serviceWorker?.register("sw.js").catch((error) => console.info("XL_PERF: no service worker,", error));
}

main();
