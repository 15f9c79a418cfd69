// The page's side of the worker: asks it, one message a question, and says what is wrong where it cannot run.

export const NO_WASM =
  "XL_PERF non può calcolare qui: questo Excel non permette WebAssembly. Serve Microsoft 365 o Office 2021 con WebView2 aggiornato;" +
  " se c'è, un criterio di sicurezza della rete lo vieta: rivolgersi a chi amministra i computer.";
const NOT_STARTED = "XL_PERF non si è avviato";

let last = 0;
const waiting = new Map();
let worker = null;
let failure = "";
let settle;

// Resolves with `snapshot` or `plain` once Python answers; rejects with what is wrong.
export const started = new Promise((resolve, reject) => {
  settle = { resolve, reject };
});
started.catch(() => {});

// Resolves with what is wrong with the editions that were added; empty where nothing is.
export const editionsRead = new Promise((resolve) => {
  settle.read = resolve;
});

function hasWasm() {
  try {
    new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
    return true;
  } catch {
    return false;
  }
}

function fail(text) {
  failure = text;
  settle.reject(new Error(text));
  for (const { reject } of waiting.values()) {
    reject(new Error(text));
  }
  waiting.clear();
}

function hear({ data }) {
  if (data.state === "ready") {
    settle.resolve(data.how);
  } else if (data.state === "failed") {
    fail(`${NOT_STARTED}: ${data.why}`);
  } else if (data.problem !== undefined) {
    settle.read(data.problem);
  } else {
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.failed === undefined) {
      asked?.resolve(data.text);
    } else {
      asked?.reject(new Error(data.failed));
    }
  }
}

export function start() {
  if (!hasWasm()) {
    fail(NO_WASM);
    return;
  }
  worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  worker.onmessage = hear;
  worker.onerror = (event) => fail(`${NOT_STARTED}: ${event.message ?? "i file non si possono leggere"}`);
}

function ask(message, transfer = []) {
  if (failure !== "") {
    return Promise.reject(new Error(failure));
  }
  return new Promise((resolve, reject) => {
    last += 1;
    waiting.set(last, { resolve, reject });
    worker.postMessage({ id: last, ...message }, transfer);
  });
}

// Answers of many calls: JSON in, JSON out.
export const askCalls = (calls) => ask({ calls });

// What an action says; throws with a text for users.
export async function act(name, told = {}, bytes = undefined) {
  const message = { act: name, text: JSON.stringify(told) };
  const answer = JSON.parse(await (bytes === undefined ? ask(message) : ask({ ...message, bytes }, [bytes])));
  if (answer.failed !== undefined) {
    throw new Error(answer.failed);
  }
  return answer.said;
}
