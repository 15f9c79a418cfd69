// A workbook in place of Excel's, on Microsoft's office-addin-mock: what was not loaded and synchronised cannot be read. It refuses
// what Excel refuses (locked cells of protected sheets, passwords) and has Python calculate what was written.
const { OfficeMockObject } = mockLibrary();
const state = BOOK; // sheets: name -> { used, values, formulas, formats, locked, protected, password, options }; tables; names
globalThis.book = state;

let queue = []; // what happens at the next sync
let tracked = [];
let number = 0;
const asked = new Map();
globalThis.answered = (id, answer) => asked.get(id)(answer);
const python = (told) =>
  new Promise((resolve) => {
    number += 1;
    asked.set(number, resolve);
    askPython(JSON.stringify({ id: number, ...told }));
  });

const fail = (code) => {
  throw Object.assign(new Error(`The operation failed: ${code}`), { code });
};

function mock(values, methods = {}, plain = {}) {
  const made = new OfficeMockObject();
  for (const [name, value] of Object.entries(values)) {
    made.setValue(name, value);
  }
  Object.assign(made, methods, plain);
  tracked.push(made);
  return made;
}

// What is assigned to `values` or `formulas` is written at the next sync.
function writable(made, write) {
  return new Proxy(made, {
    get: (target, name) => (typeof target[name] === "function" ? target[name].bind(target) : target[name]),
    set: (target, name, value) => {
      if (name === "values" || name === "formulas") {
        queue.push(() => write(value));
      } else {
        target[name] = value;
      }
      return true;
    },
  });
}

class Collection extends OfficeMockObject {
  constructor(items, methods = {}) {
    super();
    this.setValue("items", items);
    Object.assign(this, methods);
    this.list = items;
    tracked.push(this);
  }

  load(text) {
    super.load("items");
    for (const part of text.split(",")) {
      const [first, name] = part.trim().split("/");
      if (first !== "items") {
        throw new Error(`${part} is no property of items`);
      }
      this.list.forEach((item) => item.load(name));
    }
  }
}

const letters = (column) => (column < 26 ? "" : letters(Math.floor(column / 26) - 1)) + String.fromCharCode(65 + (column % 26));
const numberOf = (text) => [...text].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
const rectangle = (text) => {
  const [from, to = from] = text.replaceAll("$", "").split(":").map((cell) => cell.match(/^([A-Z]+)(\d+)$/));
  return [from[2] - 1, numberOf(from[1]) - 1, to[2] - from[2] + 1, numberOf(to[1]) - numberOf(from[1]) + 1];
};

const written = [];

function put(name, top, left, rows) {
  const sheet = state.sheets[name];
  rows.forEach((cells, row) => {
    cells.forEach((value, column) => {
      const [at, place] = [top + row - sheet.used[0], left + column - sheet.used[1]];
      if (sheet.protected && sheet.locked[at][place]) {
        fail("AccessDenied");
      }
      if (state.refused > 0 && (state.refused -= 1) === 0) {
        fail("GeneralException"); // when it has written one cell already
      }
      const text = typeof value === "string" && value.startsWith("'");
      const formula = typeof value === "string" && value.startsWith("=");
      if (formula) {
        sheet.formulas[at][place] = value;
        return;
      }
      if (typeof value === "string" && !text && /^[0-9]+[\/-][0-9]+/.test(value)) {
        value = 45000; // Excel would make a date of it
      }
      const plain = text ? value.slice(1) : value;
      sheet.formulas[at][place] = "";
      sheet.values[at][place] = plain;
      written.push([name, top + row + 1, left + column + 1, plain === "" ? null : plain]);
    });
  });
}

function range(name, top, left, height, width) {
  const sheet = state.sheets[name];
  const cut = (grid, of = (cell) => cell) =>
    Array.from({ length: height }, (_, row) =>
      Array.from({ length: width }, (_, column) => of(grid[top + row - sheet.used[0]]?.[left + column - sheet.used[1]])),
    );
  const values = cut(sheet.values, (cell) => (cell?.error === undefined ? (cell ?? "") : cell.error));
  const types = cut(sheet.values, (cell) => (cell?.error === undefined ? "Double" : "Error"));
  const formulas = cut(sheet.formulas).map((row, at) => row.map((text, place) => text || values[at][place]));
  const formats = cut(sheet.formats, (cell) => cell ?? "General");
  const address = `'${name}'!${letters(left)}${top + 1}${height * width > 1 ? `:${letters(left + width - 1)}${top + height}` : ""}`;
  const made = mock(
    { rowIndex: top, columnIndex: left, rowCount: height, columnCount: width, values, valueTypes: types, formulas, numberFormat: formats, address },
    {
      getCellProperties: () => ({ value: cut(sheet.locked, (cell) => ({ format: { protection: { locked: cell ?? true } } })) }),
      select: () => queue.push(() => (state.selected = [name, top, left, height, width])),
    },
    { isNullObject: false, worksheet: worksheet(name) },
  );
  const format = mock({});
  format.protection = mock({ locked: sheet.locked[top - sheet.used[0]]?.[left - sheet.used[1]] ?? true });
  made.format = format;
  return writable(made, (rows) => put(name, top, left, rows));
}

function protection(name) {
  const sheet = state.sheets[name];
  const made = mock(
    { protected: sheet.protected },
    {
      unprotect: (password) =>
        queue.push(() => (sheet.password && sheet.password !== password ? fail("AccessDenied") : (sheet.protected = false))),
      protect: (options) =>
        queue.push(() => {
          if (sheet.protected) {
            fail("InvalidOperation");
          }
          sheet.protected = true;
          (state.log ??= []).push([name, JSON.stringify(options)]);
        }),
    },
  );
  made.setValue("options", sheet.options);
  return made;
}

const names = (sheet) =>
  new Collection(state.names.filter((one) => one[2] === sheet).map(([name, formula]) => mock({ name, formula })));

function worksheet(name) {
  return mock(
    { name },
    {
      getUsedRangeOrNullObject: () => range(name, ...state.sheets[name].used),
      getRangeByIndexes: (...at) => range(name, ...at),
      getRange: (text) => range(name, ...rectangle(text)),
      activate: () => queue.push(() => (state.active = name)),
    },
    {
      get protection() {
        return protection(name);
      },
      get names() {
        return (this.keptNames ??= names(name));
      },
    },
  );
}

function table([name, sheet, [top, left, bottom, right], headings]) {
  return mock(
    { name, showHeaders: true, showTotals: false },
    {
      getRange: () => range(sheet, top - 1, left - 1, bottom - top + 1, right - left + 1),
      getHeaderRowRange: () => mock({ values: [headings] }),
    },
    { worksheet: worksheet(sheet) },
  );
}

function workbook() {
  const sheets = Object.fromEntries(Object.keys(state.sheets).map((name) => [name, worksheet(name)]));
  return {
    worksheets: new Collection(Object.values(sheets), { getItem: (name) => sheets[name] ?? fail("ItemNotFound") }),
    tables: new Collection(state.tables.map(table)),
    names: names(null),
    application: mock({ calculationState: "Done" }, { calculate: () => {} }),
    getActiveCell: () => range(...state.selected.slice(0, 3), 1, 1),
    getSelectedRange: () => range(...state.selected),
  };
}

async function sync() {
  const steps = queue;
  queue = [];
  for (const step of steps) {
    step();
  }
  if (written.length > 0) {
    for (const [name, row, column, value] of await python({ written: written.splice(0) })) {
      const sheet = state.sheets[name];
      sheet.values[row - 1 - sheet.used[0]][column - 1 - sheet.used[1]] = value;
    }
  }
  const objects = tracked;
  tracked = [];
  await Promise.all(objects.map((one) => one.sync()));
  tracked.push(...objects);
  await new Promise((done) => setTimeout(done, 0));
}

globalThis.Excel = {
  run: async (what) => {
    tracked = [];
    queue = [];
    return what({ workbook: workbook(), sync });
  },
};
