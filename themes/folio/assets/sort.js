// @ts-check
// Lets readers sort long tables: by a button in each head of a column, once down, once up, and then as the table was.
(() => {
  /** @typedef {number | string | null} Value null where a cell has nothing to sort by */

  const LONG = 8; // rows
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const { lang } = document.documentElement;
  const collator = new Intl.Collator(lang, { numeric: true });
  const spaced = (/** @type {string} */ words) => words.replace(/[\u00a0\u202f]/g, " ");
  const sample = new Intl.NumberFormat(lang).formatToParts(12345.6);
  const [group, decimal] = ["group", "decimal"].map((type) => spaced(sample.find((one) => one.type === type)?.value || ""));
  const between = group && new RegExp(`(?<=\\d)[${group}](?=\\d{3}(?!\\d))`, "g");
  const written = new Intl.DateTimeFormat(lang).formatToParts().map(({ type }) => type).filter((type) => type !== "literal");
  const months = ["long", "short"].flatMap((month) =>
    [...Array(12).keys()].map((index) => {
      const format = /** @type {Intl.DateTimeFormatOptions} */ ({ day: "numeric", month, timeZone: "UTC" });
      const name = new Intl.DateTimeFormat(lang, format).formatToParts(Date.UTC(2017, index)).find(({ type }) => type === "month")?.value || "";
      return { index, name: name.toLowerCase().replace(/\.$/, "") };
    }),
  );

  /** A date as the page's language writes it, in ISO 8601; null for other words. @param {string} words */
  const dated = (words) => {
    const [, ...numbers] = /^(\d{1,4})[-./](\d{1,2})[-./](\d{1,4})$/.exec(words) || [];
    if (numbers.length) {
      const order = numbers[0].length === 4 ? ["year", "month", "day"] : written;
      return ["year", "month", "day"].map((part) => numbers[order.indexOf(part)].padStart(2, "0")).join("-");
    }
    const [year] = /(?<!\d)\d{4}(?!\d)/.exec(words) || [];
    const month = months.find(({ name }) => /\p{L}{3}/u.test(name) && words.toLowerCase().includes(name));
    if (!year || !month || words.length > 30) return null;
    const [day] = /(?<!\d)\d{1,2}(?!\d)/.exec(words) || [""];
    return `${year}-${String(month.index + 1).padStart(2, "0")}-${day.padStart(2, "0")}`;
  };

  /** The one number that words begin with; null where there is none, or another. @param {string} words */
  const number = (words) => {
    const plain = spaced(words).replace(between, "").replace(decimal, ".").replace("−", "-");
    const found = plain.match(/-?\d+(\.\d+)?/g);
    return found?.length === 1 && !/\p{L}.*\d/u.test(plain) ? Number(found[0]) : null;
  };

  /** @param {Element} cell @returns {Value[]} as a number, as a date, and as words */
  const values = (cell) => {
    const words = (cell.textContent || "").trim();
    if (!words || /^\p{P}$/u.test(words)) return [null, null, null];
    const data = cell.querySelector("data");
    return [data ? Number(data.value) : number(words), cell.querySelector("time")?.dateTime || dated(words), words];
  };

  /** What the rows are sorted by: numbers or dates where all cells of the column are. @param {HTMLTableRowElement[]} rows @param {number} column */
  const keys = (rows, column) => {
    const found = rows.map((row) => values(row.cells[column]));
    const filled = found.filter(([, , words]) => words !== null);
    const kind = [0, 1].find((one) => filled.every((cell) => cell[one] !== null)) ?? 2;
    return { isNumeric: kind === 0, keys: found.map((cell) => cell[kind]) };
  };

  /** @param {HTMLTableElement} table */
  const sortable = (table) => {
    const head = table.tHead?.rows[0];
    const body = table.tBodies[0];
    if (!head || table.tHead?.rows.length !== 1 || body.rows.length < LONG || table.querySelector("[colspan], [rowspan]")) return;
    const given = [...body.rows];
    const isSum = (/** @type {HTMLTableRowElement} */ row) => row.cells[0].querySelector("strong")?.textContent === row.cells[0].textContent;
    const sums = isSum(given[given.length - 1]) && !isSum(given[0]) ? given.slice(-1) : [];
    const rows = given.slice(0, given.length - sums.length);
    const heads = [...head.cells];
    for (const [column, cell] of heads.entries()) {
      if (!cell.textContent?.trim()) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      if (cell.querySelector("a")) {
        button.ariaLabel = cell.textContent.trim();
        cell.append(" ", button);
      } else {
        button.append(...cell.childNodes);
        cell.append(button);
      }
      button.addEventListener("click", () => {
        const { isNumeric, keys: by } = keys(rows, column);
        const [first, second] = isNumeric ? ["descending", "ascending"] : ["ascending", "descending"];
        const order = { "": first, [first]: second, [second]: "" }[cell.ariaSort || ""];
        for (const other of heads) other.removeAttribute("aria-sort");
        if (order) cell.setAttribute("aria-sort", order);
        const sign = order === "descending" ? -1 : 1;
        /** @param {Value} a @param {Value} b */
        const compare = (a, b) => {
          if (a === null || b === null) return Number(a === null) - Number(b === null);
          return sign * (typeof a === "number" && typeof b === "number" ? a - b : collator.compare(String(a), String(b)));
        };
        const indices = [...rows.keys()];
        if (order) indices.sort((one, other) => compare(by[one], by[other]));
        body.append(...indices.map((index) => rows[index]), ...sums);
      });
    }
  };

  const tables = [...document.querySelectorAll("table")].filter((one) => one.closest(".table"));
  if (!tables.some((table) => table.rows.length > LONG)) return;
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = new URL("sort.css", script.src).href;
  sheet.onload = () => tables.forEach(sortable);
  document.head.append(sheet);
})();
