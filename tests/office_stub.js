// In place of office.js: what the page and its scripts need of Excel, and calls of the functions as Excel makes them.
globalThis.functions = {};
globalThis.Office = {
  onReady: async (then) => (then?.({ host: "Excel" }), { host: "Excel" }),
  context: { requirements: { isSetSupported: (_, version) => Number(version) <= Number("RUNTIME") } },
  actions: { associate() {} },
};
globalThis.Excel = {
  RequestContext: class {
    workbook = { name: "prova.xlsx", load() {} };
    application = { cultureInfo: { name: "it-IT", load() {}, datetimeFormat: { shortDatePattern: "gg/mm/aaaa", load() {} } } };
    async sync() {}
  },
};
globalThis.CustomFunctions = {
  associate: (id, body) => (functions[id] = body),
  Error: class { constructor(code, message) { Object.assign(this, { code, message }); } },
  ErrorCode: { divisionByZero: "#DIV/0!", invalidName: "#NAME?", invalidNumber: "#NUM!", invalidReference: "#REF!", invalidValue: "#VALUE!", notAvailable: "#N/A", nullReference: "#NULL!" },
};
const cell = { address: "Foglio1!A1" };
const call = async ([id, args]) => functions[id](...args, { ...cell }).catch((error) => ({ thrown: error.code ?? String(error), message: error.message }));
globalThis.calculate = async (calls) => JSON.stringify(await Promise.all(calls.map(call)));
