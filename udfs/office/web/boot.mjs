// Python in place: Pyodide started, plainly or from a snapshot of its memory, and the modules of the add-in where it finds them.
// Used by the page's worker and, when the folder is built, by node.

export const HOME = "/xl_perf";
export const FACTS = "/dati";
const SETTINGS = {
  fullStdLib: false,
  env: { HOME: "/home", XL_PERF_DATA: "/xl_perf_dati", PYTHONDONTWRITEBYTECODE: "1" },
};

// Starts Pyodide and imports what answers calls, the newest edition read.
export async function startPlainly(pyodide, code, options = {}) {
  const python = await pyodide.loadPyodide({ ...SETTINGS, ...options });
  install(python, code);
  python.runPython("import udfs.office.calls; from xl_perf.plan import load_edition; load_edition()");
  return python;
}

// The same, from a snapshot of the memory after such a start. The modules' files are not there yet: `install` brings them.
// Throws where this Pyodide or this browser cannot do it.
export async function startFromSnapshot(pyodide, snapshot) {
  const createPyodideModule = async (settings) => {
    const { default: create } = await import("./pyodide/pyodide.asm.mjs");
    const made = await create(settings);
    if (made.HEAP8.length < snapshot.length) {
      made.growMemory(snapshot.length); // restoring does not grow it
    }
    return made;
  };
  return pyodide.loadPyodide({ ...SETTINGS, _loadSnapshot: snapshot, createPyodideModule });
}

// Puts the add-in's modules where Python finds them.
export function install(python, code) {
  python.FS.mkdirTree(FACTS);
  python.FS.writeFile("/xl_perf.zip", new Uint8Array(code));
  python.runPython(`
import importlib, sys, zipfile
zipfile.ZipFile("/xl_perf.zip").extractall("${HOME}")
if "${HOME}" not in sys.path:
    sys.path.insert(0, "${HOME}")
importlib.invalidate_caches()
`);
  python.FS.unlink("/xl_perf.zip");
}
