// Python in a worker of the page, so that a long calculation never stops Excel's window. Answers two kinds of messages:
// calls of the functions, many at once, and actions on the workbook that the page read. Texts are JSON.
import * as pyodide from "./pyodide/pyodide.mjs";
import { FACTS, install, startFromSnapshot, startPlainly } from "./boot.mjs";

const QUIET = 1000; // milliseconds without a message, after which what calls do not need is made ready

async function file(name) {
  const answer = await fetch(new URL(name, import.meta.url));
  if (!answer.ok) {
    throw new Error(`${name}: ${answer.status}`);
  }
  return answer;
}

async function snapshot() {
  const packed = (await file("snapshot.bin")).body.pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

async function start(code) {
  try {
    return { python: await startFromSnapshot(pyodide, await snapshot()), how: "snapshot" };
  } catch (error) {
    console.info("XL_PERF: plain start,", String(error));
    const python = await startPlainly(pyodide, await code);
    return { python, how: "plain" };
  }
}

// The zip of added editions; a server that has none, or does not answer, adds none.
async function added() {
  try {
    const answer = await fetch(new URL("edizioni.zip", import.meta.url), { cache: "no-cache" });
    return answer.ok ? await answer.arrayBuffer() : new ArrayBuffer(0);
  } catch {
    return new ArrayBuffer(0);
  }
}

async function prepare() {
  const code = file("xl_perf.zip").then((answer) => answer.arrayBuffer());
  const editions = added();
  const { python, how } = await start(code);
  const plan = python.pyimport("xl_perf.plan");
  plan.add(python.toPy(new Uint8Array(await editions)).tobytes());
  return { python, how, plan, code: await code, answers: python.pyimport("udfs.office.calls").answers, act: null };
}

const prepared = prepare();
let timer = 0;

// The modules of the actions, which a start from a snapshot leaves out; added editions are read.
function complete(ready) {
  if (ready.act === null) {
    if (ready.how === "snapshot") {
      install(ready.python, ready.code);
    }
    ready.act = ready.python.pyimport("udfs.office.steps").act;
    postMessage({ problem: ready.plan.problem() });
  }
  return ready;
}

async function answer({ calls, act, text, bytes }) {
  clearTimeout(timer);
  const ready = await prepared;
  if (calls !== undefined) {
    return ready.answers(calls);
  }
  complete(ready);
  if (bytes !== undefined) {
    ready.python.FS.writeFile(`${FACTS}/${JSON.parse(text).file}`, new Uint8Array(bytes));
  }
  return ready.act(act, text);
}

onmessage = async ({ data }) => {
  try {
    postMessage({ id: data.id, text: await answer(data) });
  } catch (error) {
    postMessage({ id: data.id, failed: String(error.message ?? error) });
  }
  rest();
};

function rest() {
  clearTimeout(timer);
  timer = setTimeout(() => prepared.then(complete), QUIET);
}

prepared.then(
  ({ how }) => {
    postMessage({ state: "ready", how });
    rest();
  },
  (error) => postMessage({ state: "failed", why: String(error.message ?? error) }),
);
