// The custom functions: every call of one turn of Excel's recalculation goes to the worker in few messages.
import { askCalls } from "./engine.js";
import { FUNCTIONS } from "./names.js";

const MOST_CALLS = 2000;
const MOST_CELLS = 50000;
const OBJECTS = "1.4"; // runtimes from here on take errors as objects

let waiting = [];
let cells = 0;
let timer = null;
let runtime = ""; // known once Excel has answered

function newest() {
  const has = (version) => Office.context.requirements.isSetSupported("CustomFunctionsRuntime", version);
  return ["1.4", "1.3"].find(has) ?? "1.2";
}

const cellsOf = (args) => args.reduce((sum, arg) => sum + (Array.isArray(arg) ? arg.length * (arg[0]?.length ?? 1) : 1), 1);

// Runtimes before 1.4 take errors only as objects of CustomFunctions.Error, and not all of them.
function older(cell) {
  if (typeof cell !== "string" || !/^#[A-Z]+([/_][A-Z0-9]+)?[!?]?$/.test(cell)) {
    return cell;
  }
  const codes = CustomFunctions.ErrorCode;
  const givable = [codes.divisionByZero, codes.invalidNumber, codes.notAvailable, codes.nullReference];
  return new CustomFunctions.Error(givable.includes(cell) ? cell : codes.invalidValue);
}

const refused = (text) => new CustomFunctions.Error(CustomFunctions.ErrorCode.notAvailable, text);

async function send(batch) {
  runtime ||= newest();
  try {
    const calls = batch.map(({ name, args }) => [name, args]);
    const answers = JSON.parse(await askCalls(JSON.stringify({ runtime, calls })));
    batch.forEach(({ resolve, reject }, place) => {
      const [rows, wrong] = answers[place];
      if (wrong !== undefined) {
        reject(refused(wrong));
      } else {
        resolve(runtime === OBJECTS ? rows : rows.map((row) => row.map(older)));
      }
    });
  } catch (error) {
    batch.forEach(({ reject }) => reject(refused(error.message)));
  }
}

function flush() {
  clearTimeout(timer);
  timer = null;
  const batch = waiting;
  waiting = [];
  cells = 0;
  send(batch);
}

function call(name, args) {
  return new Promise((resolve, reject) => {
    waiting.push({ name, args, resolve, reject });
    cells += cellsOf(args);
    if (waiting.length >= MOST_CALLS || cells >= MOST_CELLS) {
      flush();
    } else if (timer === null) {
      timer = setTimeout(flush, 0);
    }
  });
}

// Ties every function of the catalogue to its name in Excel.
export function associate() {
  for (const [name, count] of Object.entries(FUNCTIONS)) {
    CustomFunctions.associate(name, (...args) => call(name, args.slice(0, count)));
  }
}
