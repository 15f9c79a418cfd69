// The open workbook through Office.js: read as grids for the actions, written with what they propose.
import { act } from "./engine.js";

const MOST_CELLS = 20000; // of one answer of Excel, which may be 5 MB on the web
const PATIENCE = 60000; // milliseconds that formulas may take after a writing
const LOCKED = { format: { protection: { locked: true } } };
const BUSY = /^#(BUSY|OCCUPATO|GETTING_DATA|ESTRAZIONE_DATI)/i;

const later = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// The workbook as a restoration finds it again.
export const where = () => Office.context.document.url || "cartella senza nome";

function places(range) {
  const top = range.rowIndex + 1;
  const left = range.columnIndex + 1;
  return [top, left, top + range.rowCount - 1, left + range.columnCount - 1];
}

const SIZE = "rowIndex,columnIndex,rowCount,columnCount";

async function contents(context) {
  const book = context.workbook;
  book.worksheets.load("items/name");
  book.tables.load("items/name,items/showHeaders,items/showTotals");
  book.names.load("items/name,items/formula");
  await context.sync();
  const sheets = book.worksheets.items;
  const tables = book.tables.items.map((table) => {
    const range = table.getRange();
    range.load(SIZE);
    table.worksheet.load("name");
    const head = table.showHeaders ? table.getHeaderRowRange() : null;
    head?.load("values");
    return { table, range, head };
  });
  sheets.forEach((sheet) => sheet.names.load("items/name,items/formula"));
  await context.sync();
  const names = (found, sheet) => found.items.map((name) => [name.name, name.formula, sheet]);
  return {
    where: where(),
    sheets: sheets.map((sheet) => sheet.name),
    tables: tables.map(({ table, range, head }) => [
      table.name,
      table.worksheet.name,
      places(range),
      head?.values[0] ?? [],
      table.showHeaders,
      table.showTotals,
    ]),
    names: [...names(book.names, null), ...sheets.flatMap((sheet) => names(sheet.names, sheet.name))],
  };
}

// The runs of equal cells of a row that are open or have a number format.
function* runs(row, number, column, formats, locks) {
  let first = 0;
  for (let at = 1; at <= row.length; at += 1) {
    const opened = !locks[first].format.protection.locked;
    if (at < row.length && formats[at] === formats[first] && opened !== locks[at].format.protection.locked) {
      continue;
    }
    if (opened || formats[first] !== "General") {
      yield [number, column + first, number, column + at - 1, opened, formats[first]];
    }
    first = at;
  }
}

function told(sheet, range, locks) {
  const { values, valueTypes, formulas, numberFormat } = range;
  const [row, column] = places(range);
  const said = { sheet, row, column, values, formulas: [], errors: [], styles: [] };
  values.forEach((cells, at) => {
    cells.forEach((value, place) => {
      const text = formulas[at][place];
      if (typeof text === "string" && text.startsWith("=") && text !== value) {
        said.formulas.push([at, place, text]);
      }
      if (valueTypes[at][place] === "Error") {
        said.errors.push([at, place]);
      }
    });
    said.styles.push(...runs(cells, row + at, column, numberFormat[at], locks[at]));
  });
  return said;
}

// Reads a sheet in blocks of rows; true where a function has not answered yet.
async function readSheet(context, sheet, used) {
  const rows = Math.max(1, Math.floor(MOST_CELLS / used.columnCount));
  let busy = false;
  for (let first = 0; first < used.rowCount; first += rows) {
    const count = Math.min(rows, used.rowCount - first);
    const range = sheet.getRangeByIndexes(used.rowIndex + first, used.columnIndex, count, used.columnCount);
    range.load(`${SIZE},values,valueTypes,formulas,numberFormat`);
    const locks = range.getCellProperties(LOCKED);
    await context.sync();
    const said = told(sheet.name, range, locks.value);
    busy ||= said.errors.some(([row, column]) => BUSY.test(said.values[row][column]));
    await act("sheet", said);
    await later(0);
  }
  return busy;
}

async function readAll(context) {
  const sheets = context.workbook.worksheets;
  await act("read", await contents(context));
  const used = sheets.items.map((sheet) => sheet.getUsedRangeOrNullObject());
  used.forEach((range) => range.load(SIZE));
  await context.sync();
  let busy = false;
  for (const [place, sheet] of sheets.items.entries()) {
    busy = (!used[place].isNullObject && (await readSheet(context, sheet, used[place]))) || busy;
  }
  return busy;
}

// Hands the workbook as it is now to the actions.
export const read = () => Excel.run(readAll);

// The same once its formulas have answered; false where they still have not.
export function readSettled() {
  return Excel.run(async (context) => {
    const end = Date.now() + PATIENCE;
    const application = context.workbook.application;
    application.calculate("Recalculate");
    for (;;) {
      application.load("calculationState");
      await context.sync();
      if (application.calculationState === "Done" && !(await readAll(context))) {
        return true;
      }
      if (Date.now() > end) {
        await readAll(context);
        return false;
      }
      await later(200);
    }
  });
}

// Takes the protection of sheets away; `closed` gets what puts it back.
async function open(context, names, closed) {
  for (const name of names) {
    const { protection } = context.workbook.worksheets.getItem(name);
    protection.load("protected,options");
    await context.sync();
    if (protection.protected) {
      const { options } = protection;
      protection.unprotect();
      await context.sync().catch(() => {
        throw new Error(`Il foglio «${name}» è protetto con una password: toglierla, o chiedere a chi l'ha messa.`);
      });
      closed.push({ protection, options });
    }
  }
}

async function close(context, closed) {
  closed.forEach(({ protection, options }) => protection.protect(options));
  await context.sync();
}

// A value as Excel takes it as it is: texts that it would read as dates, numbers or formulas get an apostrophe.
function plain(value) {
  if (typeof value !== "string") {
    return value ?? "";
  }
  return /[0-9]|^[=+\-@'#]|^(true|false|vero|falso)$/i.test(value) ? `'${value}` : value;
}

// Cells one below the other of a sheet, written in one go: [sheet, row, column, values].
function columns(values) {
  const found = [];
  const sorted = [...values].sort(
    (one, other) => one[0].localeCompare(other[0]) || one[2] - other[2] || one[1] - other[1],
  );
  for (const [sheet, row, column, value] of sorted) {
    const before = found.at(-1);
    const [name, first, place, known] = before ?? [];
    if (name === sheet && place === column && first + known.length === row) {
      known.push(value);
    } else {
      found.push([sheet, row, column, [value]]);
    }
  }
  return found;
}

// Writes cells, `[sheet, row, column, value]` each with row and column from 1; null empties one. All or none; protected
// sheets are protected again as they were.
export function write(values) {
  return Excel.run(async (context) => {
    const closed = [];
    try {
      await open(context, new Set(values.map(([sheet]) => sheet)), closed);
      const parts = columns(values).map(([sheet, row, column, cells]) => {
        const range = context.workbook.worksheets
          .getItem(sheet)
          .getRangeByIndexes(row - 1, column - 1, cells.length, 1);
        range.load("formulas");
        return { range, cells };
      });
      await context.sync();
      const before = parts.map(({ range }) => range.formulas);
      try {
        parts.forEach(({ range, cells }) => {
          range.values = cells.map((cell) => [plain(cell)]);
        });
        await context.sync();
      } catch (error) {
        parts.forEach(({ range }, place) => {
          range.formulas = before[place];
        });
        await context.sync();
        throw error;
      }
    } finally {
      await close(context, closed);
    }
  });
}

// The active cell, `Sheet!A1`.
export function selected() {
  return Excel.run(async (context) => {
    const cell = context.workbook.getActiveCell();
    cell.load("address");
    cell.worksheet.load("name");
    await context.sync();
    return `${cell.worksheet.name}!${cell.address.split("!").at(-1)}`;
  });
}

// The selected range as an argument of a formula, with its sheet.
export function selection() {
  return Excel.run(async (context) => {
    const range = context.workbook.getSelectedRange();
    range.load("address");
    await context.sync();
    return range.address;
  });
}

// Shows a cell, `Sheet!A1`.
export function go(cell) {
  return Excel.run(async (context) => {
    const at = cell.lastIndexOf("!");
    const sheet = context.workbook.worksheets.getItem(cell.slice(0, at));
    sheet.activate();
    sheet.getRange(cell.slice(at + 1)).select();
    await context.sync();
  });
}

// Puts a formula into the active cell; a protected one is refused.
export function enter(formula) {
  return Excel.run(async (context) => {
    const cell = context.workbook.getActiveCell();
    const { protection } = cell.worksheet;
    protection.load("protected");
    cell.format.protection.load("locked");
    await context.sync();
    if (protection.protected && cell.format.protection.locked) {
      throw new Error("La cella è protetta: scegliere una cella gialla, o una di un foglio proprio.");
    }
    cell.formulas = [[formula]];
    await context.sync();
  });
}
