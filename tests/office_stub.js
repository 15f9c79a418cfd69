// In place of office.js: what the page needs to start, and calls of the functions as Excel makes them. A workbook is in office_book.js.
globalThis.functions = {};
globalThis.commands = {};
globalThis.Office = {
  onReady: async (then) => (then?.({ host: "Excel" }), { host: "Excel" }),
  context: {
    requirements: { isSetSupported: (_, version) => Number(version) <= Number("RUNTIME") },
    document: { url: "https://ente.example/prova.xlsx" },
  },
  actions: { associate: (id, body) => (commands[id] = body) },
  addin: { showAsTaskpane: async () => (globalThis.paneShown = true) },
};
globalThis.CustomFunctions = {
  associate: (id, body) => (functions[id] = body),
  Error: class { constructor(code, message) { Object.assign(this, { code, message }); } },
  ErrorCode: { divisionByZero: "#DIV/0!", invalidName: "#NAME?", invalidNumber: "#NUM!", invalidReference: "#REF!", invalidValue: "#VALUE!", notAvailable: "#N/A", nullReference: "#NULL!" },
};
const cell = { address: "Foglio1!A1" };
const call = async ([id, args]) => functions[id](...args, { ...cell }).catch((error) => ({ thrown: error.code ?? String(error), message: error.message }));
globalThis.calculate = async (calls) => JSON.stringify(await Promise.all(calls.map(call)));
