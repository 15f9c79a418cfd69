// Prepares the Python part of the add-in with the same Pyodide that the page runs: bytecode of the sources, and a snapshot of the
// memory after the start, which pages load in place of starting.
//
// node prepare.mjs PYODIDE SOURCES OUT: writes OUT/xl_perf.zip and OUT/snapshot.bin.
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

import { startPlainly } from "../web/boot.mjs";

const [pyodideFolder, sources, out] = process.argv.slice(2);
const pyodide = await import(pathToFileURL(`${pyodideFolder}/pyodide.mjs`).href);
const indexURL = `${pyodideFolder}/`;

async function bytecode() {
  const python = await pyodide.loadPyodide({ indexURL });
  python.FS.mkdirTree("/sources");
  python.FS.mount(python.FS.filesystems.NODEFS, { root: sources }, "/sources");
  python.runPython(readFileSync(new URL("./bytecode.py", import.meta.url), "utf8"));
  return Buffer.from(python.FS.readFile("/xl_perf.zip"));
}

// A page that starts from the snapshot answers calls before it has the modules' files: all that calls may ever import is in it.
const ALL = `
from importlib import import_module
from udfs.office.plan_data import CALLS, EDITIONS
from xl_perf.plan import load_edition
for name in CALLS:
    import_module(name)
for name in EDITIONS:
    load_edition(name)
`;
const code = await bytecode();
writeFileSync(`${out}/xl_perf.zip`, code);
const python = await startPlainly(pyodide, code, { indexURL, _makeSnapshot: true });
python.runPython(ALL);
writeFileSync(`${out}/snapshot.bin`, gzipSync(python.makeMemorySnapshot(), { level: 9 }));
