// @ts-check
// The page of search: asks as the reader types, shows the answers, and keeps the question in the address. Its words are the page's.
(() => {
  const search = briefings;
  const STEP = 20; // notes that are shown at once, and with each "more"
  const FEW = 5; // names that are shown at once
  const MOST = 200; // choices of a filter
  const ENTRIES = { quotations: "q", events: "e", figures: "f" };

  /** @param {string} id @returns {any} */
  const the = (id) => document.getElementById(id);
  /** @type {HTMLFormElement} */
  const form = the("_search");
  const words = form.dataset;
  /** @type {HTMLInputElement} */
  const field = form.q;
  /** @type {HTMLElement} */
  const results = the("_results");
  /** @type {NodeListOf<HTMLSelectElement>} */
  const filters = form.querySelectorAll("select[data-facet]");

  // A theme without words in the page's language speaks English, so dates do, too.
  const language = words.day === "9 May 2017" ? "en-GB" : document.documentElement.lang;
  const number = new Intl.NumberFormat(language).format;
  /** @param {string} date a day, a month or a year */
  const written = (date) => {
    if (date.length === 4) return date;
    const day = date.length > 7 ? "numeric" : undefined;
    const form = new Intl.DateTimeFormat(language, { year: "numeric", month: "short", day, timeZone: "UTC" });
    return form.format(new Date(date)).replace("Sept ", "Sep "); // as the site writes it
  };

  /** @param {string} url from the site's root */
  const addressOf = (url) => {
    const address = new URL(url, search.root);
    // On a disk a page is a file of its folder.
    if (address.protocol === "file:" && address.pathname.endsWith("/")) address.pathname += "index.html";
    return address.href;
  };

  // 1 Rows

  /** @typedef {{ href: string, title: string, marking: number, date?: string, summary?: string, reason?: string, tag?: string, count?: string }} Row */

  /** Makes an element from a template of the page. Texts become text nodes, never HTML.
   * @param {string} template @param {Row} row @param {string[]} terms */
  const element = (template, row, terms) => {
    /** @type {DocumentFragment} */
    const made = the(template).content.cloneNode(true);
    for (const place of /** @type {NodeListOf<any>} */ (made.querySelectorAll("[data-fill]"))) {
      const name = /** @type {keyof Row} */ (place.dataset.fill);
      const value = row[name];
      place.removeAttribute("data-fill");
      if (!value) place.remove();
      else if (name === "marking") {
        const mark = search.MARKS[row.marking];
        place.append(mark);
        place.classList.add(`tlp-${mark.slice(4).toLowerCase().replace("+strict", "")}`);
      } else if (name === "date") {
        place.dateTime = value;
        place.append(written(String(value)));
      } else {
        if (name === "title") place.href = row.href;
        search.marked(String(value), ["title", "summary"].includes(name) ? terms : []).forEach((part, i) => {
          const mark = i % 2 ? document.createElement("mark") : place;
          mark.append(part);
          if (mark !== place) place.append(mark);
        });
      }
    }
    return made;
  };

  /** @param {Hit} hit @param {string[]} terms @returns {Row} */
  const rowOf = (hit, terms) => {
    const { number, entry, segment } = hit;
    const { cards, details } = segment.data;
    const title = cards.titles[number];
    const date = hit.day || cards.dates[number];
    if (entry) {
      const [kind, , text, where, , speaker, marking] = entry;
      const summary = [speaker, title].filter(Boolean).join(" · ");
      return { href: addressOf(where), title: kind === "q" ? `“${text}”` : text, date, marking, summary };
    }
    const summary = details?.summaries[number];
    // Words that neither headline nor standfirst shows stand in names of the note, which are then told, or in its text.
    const shown = ` ${search.termsOf(`${title} ${summary} ${date}`).join(" ")} `;
    const missing = search.wantedOf(terms).flatMap((wanted, i) => (wanted.test(shown) ? [] : { term: terms[i], wanted }));
    const named = Object.entries(segment.facets).flatMap(([facet, { ids, own }]) => own[number].map((i) => search.names[facet]?.get(ids[i])));
    const telling = named.filter((one) => one && missing.some(({ wanted }) => wanted.test(one.terms)));
    const inText = missing.flatMap(({ term, wanted }) => (telling.some((one) => wanted.test(one?.terms || "")) ? [] : term)).join(", ");
    return {
      href: addressOf(cards.urls?.[number] || `notes/${search.encode(cards.ids[number])}/`),
      title, date, summary,
      marking: Number(cards.markings[number]),
      reason: [...new Set(telling.map((one) => one?.name)), inText && details && `${words.inText} ${inText}`].filter(Boolean).join(" · "),
      tag: search.names.topic.get(cards.used.topics[cards.topics[number][0]])?.name,
    };
  };

  // 2 The question, in the form and in the address

  /** @returns {Question & { list: string }} */
  const question = () => {
    /** @type {any} */
    const { q, ...said } = Object.fromEntries(new FormData(form));
    return { words: q, from: "", to: "", sort: "", list: "", ...said, chosen: Object.fromEntries([...filters].map(({ name }) => [name, said[name]])) };
  };

  const restore = () => {
    for (const [name, value] of new URLSearchParams(location.search)) {
      const control = form.elements.namedItem(name);
      if (control instanceof HTMLSelectElement && ![...control.options].some((one) => one.value === value)) control.add(new Option(value, value));
      if (control) /** @type {any} */ (control).value = value;
    }
  };

  const remember = () => {
    const said = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value) said.set(name, String(value));
    history.replaceState(null, "", `?${said}`);
  };

  // 3 The answer

  let shown = STEP;
  let fewNames = true;
  let later = 0;
  let drawing = 0;

  /** Fills a list, and leaves the keyboard where it is though all elements are new.
   * @param {string} id @param {(row: Row) => Node} make @param {Row[]} rows @param {number} total */
  const fill = (id, make, rows, total) => {
    const list = the(id);
    const { href } = list.contains(document.activeElement) ? /** @type {any} */ (document.activeElement) : {};
    list.replaceChildren(...rows.map(make));
    if (href) [...list.querySelectorAll("a")].find((link) => link.href === href)?.focus({ preventScroll: true });
    list.closest("section").hidden = !rows.length;
    const more = the(`${id}_more`);
    more.hidden = rows.length >= total;
    more.lastElementChild.textContent = `${number(rows.length)} / ${number(total)}`;
  };

  /** @param {Question} asked */
  const fillFilters = (asked) => {
    const counts = search.count(asked);
    for (const select of filters) {
      const value = select.value;
      const choices = [...counts[/** @type {Facet} */ (select.name)]].sort(([, a], [, b]) => b - a).slice(0, MOST);
      if (value && !choices.some(([id]) => id === value)) choices.push([value, 0]);
      /** @type {any} */ (select.closest("label")).hidden = choices.length < (value ? 1 : 2);
      if (select === document.activeElement) continue; // the reader is choosing
      const named = search.names[select.name];
      const options = choices.map(([id, notes]) => new Option(`${named?.get(id)?.name || id} (${number(notes)})`, id, false, id === value));
      select.replaceChildren(select.options[0], ...options);
    }
    const chosen = Object.values(asked.chosen).filter(Boolean).length + (asked.from || asked.to ? 1 : 0);
    the("_clear").hidden = !chosen;
    the("_chosen").textContent = chosen ? `(${number(chosen)})` : "";
  };

  const draw = () => {
    drawing = 0;
    const asked = question();
    const isAsked = Boolean(asked.words.trim()) || search.isNarrowed(asked);
    results.hidden = !isAsked;
    the("_lists").hidden = isAsked;
    results.ariaBusy = "true";
    clearTimeout(later);
    if (!isAsked) return search.want(null);
    const { terms, notes, entries, records } = search.find(asked);
    /** @type {Record<string, Hit[]>} */
    const lists = { "": notes };
    for (const [name, kind] of Object.entries(ENTRIES)) lists[name] = entries.filter(({ entry }) => entry?.[0] === kind);
    for (const radio of form.list) {
      const count = lists[radio.value].length;
      radio.nextElementSibling.textContent = number(count);
      radio.parentElement.hidden = radio.value && !radio.checked && !count;
    }
    const hits = lists[asked.list] || notes;
    // Of those that have the words in their text alone, two are enough beside notes.
    const best = records.filter(({ score }, i) => score > 1 || i < 2 || !hits.length);
    const names = fewNames ? best.slice(0, FEW) : records;
    /** @param {(typeof records)[number]} record @returns {Row} */
    const asName = ({ type, name, url, notes, marking }) => ({
      href: addressOf(url), title: name, marking, tag: words[type], count: notes ? number(notes) : "",
    });
    fill("_names", (row) => element("_name", row, terms), names.map(asName), records.length);
    fill("_notes", (row) => element("_note", row, terms), hits.slice(0, shown).map((hit) => rowOf(hit, terms)), hits.length);
    // All else comes after these answers are seen, and what is read aloud once typing has stopped.
    later = setTimeout(() => {
      search.want(asked.words);
      fillFilters(asked);
      later = setTimeout(tell, 200, hits.length);
    }, 100);
  };

  /** Says how much was found, and what could not be loaded. @param {number} hits */
  const tell = (hits) => {
    const isLoading = search.isLoading() || drawing > 0;
    results.ariaBusy = String(isLoading);
    the("_found").textContent = `${words.found} ${number(hits)}${isLoading ? ` · ${words.loading}` : ""}`;
    the("_none").hidden = hits || isLoading;
    const failed = search.failed();
    the("_trouble").hidden = !failed.length;
    the("_failed").textContent = failed.join(", ");
  };

  const ask = () => {
    shown = STEP;
    fewNames = true;
    draw();
    remember();
  };

  // 4 What the reader does

  form.addEventListener("input", ask);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
    results.querySelector("a")?.focus();
  });
  the("_notes_more").addEventListener("click", () => {
    const before = shown;
    shown += STEP;
    draw();
    the("_notes").querySelectorAll("a")[before]?.focus();
  });
  the("_names_more").addEventListener("click", () => {
    fewNames = false;
    draw();
    the("_names").querySelector("a")?.focus();
  });
  the("_clear").addEventListener("click", () => {
    for (const filter of [...filters, form.from, form.to]) filter.value = "";
    field.focus();
    ask();
  });
  the("_again").addEventListener("click", search.retry);
  document.addEventListener("keydown", (event) => {
    const { key } = event;
    const links = [...results.querySelectorAll("a")].filter((link) => link.checkVisibility());
    const at = links.findIndex((link) => link === document.activeElement);
    if (event.isComposing || (at < 0 && document.activeElement !== field)) return;
    if (key === "ArrowDown" || (key === "ArrowUp" && at >= 0)) (links[key === "ArrowDown" ? at + 1 : at - 1] || (at < 1 ? field : links[at])).focus();
    else if (key === "Escape") {
      if (at < 0) field.value = "";
      field.focus();
      ask();
    } else return;
    event.preventDefault();
  });

  for (const part of form.querySelectorAll("fieldset")) part.disabled = false;
  restore();
  if (!location.search && matchMedia("(hover: hover)").matches) field.focus();
  search.open(() => (drawing ||= setTimeout(draw, 80))).then((isThere) => {
    if (isThere) draw();
    else the("_trouble").hidden = false;
  });
})();
