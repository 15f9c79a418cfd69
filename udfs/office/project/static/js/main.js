// Puts the calls of one recalculation into few requests: each cell calls its function on its own, and one request per
// cell costs more than the calculation. custom-functions-code.js posts through globalThis.xwRequest, which gathers them.

const CALL = "/xlwings/custom-functions-call";
const BATCH = "/xlperf/batch";
const MOST_CALLS = 500;
const MOST_CELLS = 50000;

const direct = globalThis.xwRequest;
const waiting = new Map(); // batches still open, by address and credentials

function cellsOf(call) {
  return call.args.reduce(
    (sum, arg) =>
      sum + (Array.isArray(arg) ? arg.reduce((n, row) => n + (Array.isArray(row) ? row.length : 1), 0) : 1),
    1,
  );
}

// Runtimes before 1.4 take errors only as objects of CustomFunctions.Error, and not all of them.
function shown(cell) {
  if (typeof cell !== "string" || !/^#[A-Z]+([/_][A-Z0-9]+)?[!?]?$/.test(cell)) {
    return cell;
  }
  const codes = CustomFunctions.ErrorCode;
  const givable = [codes.divisionByZero, codes.invalidNumber, codes.notAvailable, codes.nullReference];
  return new CustomFunctions.Error(givable.includes(cell) ? cell : codes.invalidValue);
}

function withErrors(rows, runtime) {
  return runtime === "1.2" || runtime === "1.3" ? rows.map((row) => row.map(shown)) : rows;
}

async function send(batch) {
  const calls = batch.items.map(({ body }) => ({ func_name: body.func_name, args: body.args }));
  const { runtime } = batch.items[0].body;
  try {
    const answer = await direct.post(batch.url, { runtime, calls }, batch.options);
    batch.items.forEach((item, index) => {
      const { result, error } = answer.data.results[index];
      if (error === undefined) {
        item.resolve({ ...answer, data: { result: withErrors(result, runtime) } });
      } else {
        item.reject({ response: { status: 400, statusText: "", data: { detail: error } } });
      }
    });
  } catch (error) {
    batch.items.forEach((item) => item.reject(error));
  }
}

function close(key) {
  const batch = waiting.get(key);
  if (batch !== undefined) {
    waiting.delete(key);
    clearTimeout(batch.timer);
    send(batch);
  }
}

function post(url, body, options) {
  if (!url.endsWith(CALL)) {
    return direct.post(url, body, options);
  }
  return new Promise((resolve, reject) => {
    const key = JSON.stringify([url, options?.headers, body.runtime]);
    const cells = cellsOf(body);
    if ((waiting.get(key)?.cells ?? 0) + cells > MOST_CELLS) {
      close(key);
    }
    if (!waiting.has(key)) {
      waiting.set(key, {
        url: url.slice(0, -CALL.length) + BATCH,
        options,
        items: [],
        cells: 0,
        timer: setTimeout(() => close(key), 0),
      });
    }
    const batch = waiting.get(key);
    batch.items.push({ body, resolve, reject });
    batch.cells += cells;
    if (batch.items.length === MOST_CALLS) {
      close(key);
    }
  });
}

globalThis.xwRequest = { ...direct, post };

// The texts of the page that xlwings-server writes in English.
document.documentElement.lang = "it";
for (const [selector, text] of [
  [".xlwings-office-ready-error-inner > div", "Il componente non si è caricato."],
  ["#xlwings-taskpane-reload-btn", "Ricarica"],
  ["#xlwings-taskpane-reload-cancel-btn", "Annulla"],
]) {
  const element = document.querySelector(selector);
  if (element) {
    element.textContent = text;
  }
}
