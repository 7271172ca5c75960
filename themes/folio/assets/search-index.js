// @ts-check
// What a search knows: loads the files of the site's index, finds what a question asks for, and puts it in order. It draws nothing.

/** @typedef {"topic" | "actor" | "role" | "source" | "kind" | "marking"} Facet What filters choose from. */
/** @typedef {{ words: string, from: string, to: string, sort: string, chosen: Partial<Record<Facet, string>> }} Question */
/** @typedef {{ name: string, type: string, url: string, notes: number, marking: number, broader: string[], terms: string }} Named */
/** @typedef {{ segment: Segment, number: number, entry?: any[], day?: string }} Hit A note; or an entry of a note, and its day. */
/** @typedef {object} Segment The notes of a period, numbered from the oldest; or the texts that have no date.
 * @property {string} name
 * @property {string} version
 * @property {number} count
 * @property {number} shards
 * @property {string[]} parts What there is besides cards and words, in the order in which it is loaded.
 * @property {Map<string, string>} state Of each part and shard of words: "loading", "loaded" or "failed".
 * @property {Record<string, any>} data What its files have.
 * @property {Record<string, { ids: string[], own: number[][] }>} facets What each note has of each facet: indexes of `ids`.
 * @property {Record<string, string[]>} terms Those of titles, summaries and entries: of each text, with a space on both sides of each.
 * @property {Map<string, Uint8Array>} found How well a term is found in each note.
 */

var briefings = (() => {
  // 1 Terms: what is compared. The program makes the index by the very same rules.

  const SPACELESS =
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303b\u3041-\u30ff" +
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\ua9e0-\ua9ff\uaa60-\uaa7f\uac00-\ud7ff\uf900-\ufaff\u{1b000}-\u{1b16f}\u{20000}-\u{3ffff}]";
  const IS_SPACELESS = new RegExp(`^${SPACELESS}`, "u");
  const PIECE = new RegExp(`${SPACELESS}+|(?:(?!${SPACELESS})[\\p{L}\\p{N}\\p{M}])+`, "gu");
  const ACCENTS = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]/g;

  /** @param {string} text @returns {string[]} its words; and each two neighbours where a script puts no spaces between words */
  const termsOf = (text) => {
    const found = [];
    const isPlain = /^[ -~]*$/.test(text);
    const folded = isPlain ? text.toLowerCase() : text.normalize("NFKD").toLowerCase().normalize("NFKD").replace(ACCENTS, "").normalize("NFC");
    for (const [piece] of folded.matchAll(PIECE)) {
      const letters = [...piece];
      if (IS_SPACELESS.test(piece)) for (let i = 0; i < (letters.length - 1 || 1); i++) found.push(letters.slice(i, i + 2).join(""));
      else if (letters.length > 1 || /\p{N}/u.test(piece)) found.push(letters.slice(0, 64).join(""));
    }
    return found;
  };

  /** @param {string} term @returns {number} in which of 64 buckets it lies, as its first two letters say */
  const bucketOf = (term) => {
    const [first, second = 0] = [...term].map((letter) => letter.codePointAt(0) || 0);
    return (31 * first + (IS_SPACELESS.test(term) ? 0 : second)) % 64;
  };

  /** @param {string} text */
  const padded = (text) => ` ${termsOf(text).join(" ")} `;

  let known = "";
  /** @type {RegExp[]} */
  let patterns = [];
  /** How each term is looked for: with and without a plural's s or es, the last one as the beginning of a word, too. @param {string[]} terms */
  const wantedOf = (terms) => {
    if (known === terms.join(" ")) return patterns;
    known = terms.join(" ");
    return (patterns = terms.map((term, i) => {
      const singular = term.length > 3 && /s$/.test(term) ? [term.slice(0, -1), term.replace(/es$/, "")] : [];
      const plural = term.length > 2 ? "(?:e?s)?" : "";
      return new RegExp(` (?:${[term, ...singular].join("|")})${plural} ${i === terms.length - 1 ? `| ${term}` : ""}`);
    }));
  };

  /** Cuts a text where marks of found words begin and end: every second part is marked.
   * @param {string} text @param {string[]} terms those of the question */
  const marked = (text, terms) => {
    const wanted = wantedOf(terms);
    const isFound = (/** @type {string} */ piece) => wanted.some((one) => one.test(padded(piece)));
    if (!isFound(text)) return [text];
    const parts = [""];
    /** @param {string} piece @param {boolean} is */
    const add = (piece, is) => (is === (parts.length % 2 === 0) ? (parts[parts.length - 1] += piece) : parts.push(piece));
    let end = 0;
    for (const { 0: piece, index } of text.matchAll(PIECE)) {
      add(text.slice(end, index), false);
      const letters = IS_SPACELESS.test(piece) ? [...piece] : [piece];
      letters.forEach((letter, i) => add(letter, isFound(letter + (letters[i + 1] || "")) || (i > 0 && isFound(letters[i - 1] + letter))));
      end = index + piece.length;
    }
    add(text.slice(end), false);
    return parts;
  };

  // 2 Files: each calls `briefings.part` with what it has, so that they load from a disk, too.

  const AT_ONCE = 6;
  const root = new URL("..", /** @type {HTMLScriptElement} */ (document.currentScript).src);
  /** @type {Map<string, any>} */
  const arrived = new Map();
  /** @type {Segment[]} The newest first. */
  let segments = [];
  /** @type {string[] | null} The terms of the question; null where none is asked. */
  let asked = null;
  /** @type {Promise<void> | null} */
  let renewal = null;
  let working = 0;
  let changed = () => {};

  /** @param {string} name @param {string} [version] @returns {Promise<any>} what the file has; undefined if it cannot be had */
  const load = (name, version) =>
    new Promise((resolve) => {
      const script = document.createElement("script");
      script.src = new URL(`search/${name}.js${version ? `?v=${version}` : ""}`, root).href;
      script.onload = script.onerror = () => {
        script.remove();
        resolve(arrived.get(name));
        arrived.delete(name);
      };
      document.head.append(script);
    });

  /** Learns which segments there are. What is loaded of those that are as before stays. @param {string} [version] */
  const loadSegments = async (version) => {
    const known = segments;
    /** @type {[name: string, version: string, count: number, shards: number, hasEntries: boolean][]} */
    const rows = (await load("segments", version))?.segments || [];
    segments = rows.map(
      ([name, version, count, shards, hasEntries]) =>
        known.find((one) => one.name === name && one.version === version) || {
          name, version, count, shards,
          parts: hasEntries ? ["details", "entries"] : ["details"],
          state: new Map(), data: {}, facets: {}, terms: { titles: [], summaries: [], entries: [] }, found: new Map(),
        },
    );
  };

  /** What is to be loaded next: the cards of all segments; then, while a question stands, all that it takes of the newest segment first.
   * @returns {[Segment, string] | undefined} */
  const next = () => {
    for (const segment of segments) if (!segment.state.has("cards")) return [segment, "cards"];
    for (const segment of asked ? segments : []) {
      const shards = (asked || []).map((term) => `words-${bucketOf(term) % segment.shards}`);
      const part = [...segment.parts, ...shards].find((name) => !segment.state.has(name));
      if (part) return [segment, part];
    }
  };

  /** @param {Segment} segment @param {string} part */
  const take = async (segment, part) => {
    segment.state.set(part, "loading");
    const data = await load(`${segment.name}/${part}`, segment.version);
    const isRight = data?.of === segment.version;
    // A browser may have kept files of different publications: then it asks once more what there is.
    if (isRight) keep(segment, part, data);
    else if (data) await (renewal ||= loadSegments(data.of));
    segment.state.set(part, isRight ? "loaded" : "failed");
  };

  const work = () => {
    for (let job; working < AT_ONCE && (job = next()); ) {
      working++;
      take(...job).finally(() => {
        working--;
        work();
        changed();
      });
    }
  };

  /** @param {Segment} segment @param {string} part @param {any} data */
  const keep = ({ data: all, terms, facets, found }, part, data) => {
    all[part] = data;
    found.clear();
    const { used = {} } = data;
    if (part === "cards") {
      terms.titles = data.titles.map(padded);
      facets.kind = { ids: used.kinds, own: data.kinds.map((/** @type {number} */ kind) => [kind]) };
      facets.marking = { ids: MARKS, own: [...data.markings].map((digit) => [Number(digit)]) };
      // A note of a sub-topic is one of all topics that are broader, too.
      const wider = (used.topics || []).map(withBroader);
      const own = (data.topics || []).map((/** @type {number[]} */ topics) => [...new Set(topics.flatMap((index) => wider[index]))]);
      facets.topic = { ids: [...names.topic.keys()], own };
    } else if (part === "details") {
      /** @type {[actor: number, role: number][][]} */
      const actors = data.actors || [];
      terms.summaries = data.summaries.map(padded);
      facets.actor = { ids: used.actors || [], own: actors.map((pairs) => pairs.map(([actor]) => actor)) };
      facets.role = { ids: used.roles || [], own: actors.map((pairs) => [...new Set(pairs.map(([, role]) => role))]) };
      facets.source = { ids: used.sources || [], own: data.sources || [] };
    } else if (part === "entries") terms.entries = data.entries.map((/** @type {any[]} */ entry) => padded(`${entry[2]} ${entry[5]}`));
  };

  /** @param {string} id of a topic @returns {number[]} the places of the topic and of all broader ones */
  const withBroader = (id) => {
    const ids = new Set([id]);
    for (const one of ids) for (const broader of names.topic.get(one)?.broader || []) ids.add(broader);
    return [...ids].map((one) => [...names.topic.keys()].indexOf(one)).filter((place) => place >= 0);
  };

  // 3 Names

  const MARKS = ["TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED"];
  /** @type {Facet[]} */
  const FACETS = ["topic", "actor", "role", "source", "kind", "marking"];
  /** @type {Record<string, Map<string, Named>>} Of each facet, by id. */
  const names = {};

  /** @param {any} records */
  const readRecords = (records) => {
    /** @param {Facet} facet @param {any[][]} rows @param {(row: any[]) => any[]} rest */
    const read = (facet, rows, rest = () => []) => {
      names[facet] = new Map(
        rows.map((row) => {
          const [notes, marking, others = [], broader = [], type = facet] = rest(row);
          const [id, name] = row;
          const url = `${facet}s/${encode(id)}/`;
          return [id, { name, type, url, notes, marking, broader, terms: padded([name, ...others].join(" ")) }];
        }),
      );
    };
    read("topic", records.topics, ([, , others, broader, notes, marking]) => [notes, marking, others, broader]);
    read("actor", records.actors, ([, , others, type, notes, marking]) => [notes, marking, others, [], type || "actor"]);
    read("source", records.sources, ([, , notes, marking]) => [notes, marking]);
    read("role", records.roles);
    read("kind", records.kinds);
  };

  // 4 What is found

  const OUT_OF_RANGE = 1 << FACETS.length;
  // The rule of relevance: each word counts where it stands best, a title 8, names and the standfirst 4, a text that has it three times
  // or more 2, any other text 1. The sum decides; then the newer note comes first.
  const [IN_TITLE, IN_NAMES, OFTEN, IN_TEXT] = [8, 4, 2, 1];

  /** Says for each note how well a term is found in it.
   * @param {Segment} segment @param {string} term @param {RegExp} wanted @returns {Uint8Array} */
  const levels = (segment, term, wanted) => {
    let found = segment.found.get(wanted.source);
    if (found) return found;
    segment.found.set(wanted.source, (found = new Uint8Array(segment.count)));
    const words = segment.data[`words-${bucketOf(term) % segment.shards}`]?.words || {};
    for (const word of Object.keys(words).filter((word) => wanted.test(` ${word} `))) {
      let number = 0;
      for (const step of words[word].split(" ")) {
        number += parseInt(step, 36);
        found[number] = Math.max(found[number], step.endsWith("!") ? OFTEN : IN_TEXT);
      }
    }
    for (const facet of FACETS) {
      const hits = segment.facets[facet]?.ids.map((id) => wanted.test(names[facet]?.get(id)?.terms || ""));
      if (hits?.includes(true)) segment.facets[facet]?.own.forEach((own, number) => own.some((index) => hits[index]) && (found[number] = IN_NAMES));
    }
    if (/^\d{4}$/.test(term)) segment.data.cards.dates?.forEach((/** @type {string} */ date, /** @type {number} */ number) => date.startsWith(term) && (found[number] = IN_NAMES));
    segment.terms.summaries.forEach((terms, number) => wanted.test(terms) && (found[number] = IN_NAMES));
    segment.terms.titles.forEach((terms, number) => wanted.test(terms) && (found[number] = IN_TITLE));
    return found;
  };

  /** @param {Segment} segment @param {string[]} terms */
  const levelsOf = (segment, terms) => wantedOf(terms).map((wanted, i) => levels(segment, terms[i], wanted));

  /** @param {string} date a day, month or year @param {Question} question */
  const isInRange = (date, { from, to }) => date >= from.slice(0, date.length) && (!to || date <= to.slice(0, date.length));

  /** What a note has of a facet. Who looks for an actor in a role means the role of that actor.
   * @param {Segment} segment @param {Facet} facet @param {number} number @param {Question} question @returns {number[]} */
  const valuesOf = ({ data: { details }, facets }, facet, number, { chosen }) => {
    if (facet !== "role" || !chosen.actor || !details) return facets[facet]?.own[number] || [];
    const actor = details.used.actors.indexOf(chosen.actor);
    return details.actors[number].flatMap((/** @type {number[]} */ [who, role]) => (who === actor ? role : []));
  };

  /** Calls `each` for the notes of a segment that have all terms, the newest first: with the number, the sum of the levels, and a bit for
   * each filter that the note fails.
   * @param {Segment} segment @param {Question} question @param {string[]} terms @param {(number: number, score: number, failed: number) => void} each */
  const sift = (segment, question, terms, each) => {
    const found = levelsOf(segment, terms);
    const filters = FACETS.map((facet, i) => ({ facet, bit: 1 << i, index: segment.facets[facet]?.ids.indexOf(question.chosen[facet] || "") })).filter(
      ({ facet }) => question.chosen[facet],
    );
    const { dates } = segment.data.cards;
    const isDated = Boolean(question.from || question.to);
    for (let number = segment.count - 1; number >= 0; number--) {
      let score = 0;
      if (!found.every((levels) => (score += levels[number]) && levels[number])) continue;
      let failed = isDated && !isInRange(dates[number], question) ? OUT_OF_RANGE : 0;
      for (const { facet, bit, index = -1 } of filters) if (!valuesOf(segment, facet, number, question).includes(index)) failed |= bit;
      each(number, score, failed);
    }
  };

  const periods = () => segments.filter(({ name, data }) => name !== "pages" && data.cards);

  /** Counts, for each choice of each filter, the notes that there would be with it in the place of what is chosen.
   * @param {Question} question */
  const count = (question) => {
    const totals = /** @type {Record<Facet, Map<string, number>>} */ (Object.fromEntries(FACETS.map((facet) => [facet, new Map()])));
    for (const segment of periods()) {
      const counts = FACETS.map((facet) => new Uint32Array(segment.facets[facet]?.ids.length || 0));
      sift(segment, question, termsOf(question.words), (number, _, failed) =>
        FACETS.forEach((facet, i) => failed & ~(1 << i) || valuesOf(segment, facet, number, question).forEach((index) => counts[i][index]++)),
      );
      FACETS.forEach((facet, i) =>
        segment.facets[facet]?.ids.forEach((id, index) => counts[i][index] && totals[facet].set(id, (totals[facet].get(id) || 0) + counts[i][index])),
      );
    }
    return totals;
  };

  /** Finds topics, actors, sources and pages: by their names, whole ones first; then those whose own texts have all terms.
   * @param {string[]} terms @param {RegExp[]} wanted */
  const findRecords = (terms, wanted) => {
    /** @type {Map<string, Omit<Named, "broader" | "terms"> & { score: number }>} */
    const hits = new Map();
    const whole = ` ${terms.join(" ")} `;
    const byUrl = new Map(["topic", "actor", "source"].flatMap((facet) => [...names[facet].values()].map((named) => [named.url, named])));
    for (const named of byUrl.values())
      if (wanted.every((one) => one.test(named.terms)))
        hits.set(named.url, { ...named, score: padded(named.name) === whole ? 3 : 2 });
    for (const segment of segments) {
      const { cards } = segment.data;
      if (segment.name !== "pages" || !cards) continue;
      const found = levelsOf(segment, terms);
      for (let number = 0; number < segment.count; number++) {
        const url = cards.urls[number];
        if (hits.has(url) || !found.every((levels) => levels[number])) continue;
        const page = { type: "page", url, name: cards.titles[number], marking: Number(cards.markings[number]), notes: 0 };
        hits.set(url, { ...(byUrl.get(url) || page), score: found.every((levels) => levels[number] === IN_TITLE) ? 2 : 1 });
      }
    }
    return [...hits.values()].sort((a, b) => b.score - a.score || b.notes - a.notes);
  };

  /** Finds quotations, events and figures whose own words have all terms.
   * @param {Segment} segment @param {Question} question @param {RegExp[]} wanted @returns {Hit[]} */
  const findEntries = (segment, question, wanted) => {
    const fitting = new Set();
    sift(segment, question, [], (number, _, failed) => failed & ~OUT_OF_RANGE || fitting.add(number));
    return segment.terms.entries.flatMap((terms, i) => {
      const entry = segment.data.entries.entries[i];
      const number = entry[1];
      if (!fitting.has(number) || !wanted.every((one) => one.test(terms))) return [];
      const day = /^\d{4}(-\d\d){0,2}/.exec(entry[4])?.[0] || segment.data.cards.dates[number];
      return isInRange(day, question) ? { segment, number, entry, day } : [];
    });
  };

  /** Answers from what is loaded. @param {Question} question */
  const find = (question) => {
    const terms = termsOf(question.words);
    const wanted = wantedOf(terms);
    /** @type {Hit[][]} */
    const byScore = [];
    /** @type {Hit[]} */
    const entries = [];
    for (const segment of periods()) {
      sift(segment, question, terms, (number, score, failed) => failed || (byScore[question.sort ? 0 : score] ||= []).push({ segment, number }));
      entries.push(...findEntries(segment, question, wanted));
    }
    const notes = byScore.reverse().flat();
    entries.sort((a, b) => (/** @type {string} */ (a.day) < /** @type {string} */ (b.day) ? 1 : -1));
    if (question.sort === "oldest") [notes, entries].forEach((hits) => hits.reverse());
    return { terms, notes, entries, records: terms.length && !isNarrowed(question) ? findRecords(terms, wanted) : [] };
  };

  /** @param {Question} question */
  const isNarrowed = ({ chosen, from, to }) => Boolean(from || to || Object.values(chosen).some(Boolean));

  /** @param {string} id as addresses have it */
  const encode = (id) => encodeURI(id).replace(/[?#]/g, encodeURIComponent);

  return {
    part: (/** @type {string} */ name, /** @type {unknown} */ data) => arrived.set(name, data),
    root, MARKS, names, termsOf, bucketOf, marked, wantedOf, encode, isNarrowed, find, count,

    /** Loads what every question needs, and calls `tell` whenever more has come. @param {() => void} tell */
    async open(tell) {
      changed = tell;
      const [records] = await Promise.all([load("records"), loadSegments()]);
      if (!records || !segments.length) return false;
      readRecords(records);
      work();
      return true;
    },

    /** Goes on to load what the words of a question need; null where none is asked. @param {string | null} words */
    want(words) {
      asked = words === null ? null : termsOf(words);
      work();
    },

    isLoading: () => working > 0,

    /** The segments of which something could not be loaded. */
    failed: () => segments.filter(({ state }) => [...state.values()].includes("failed")).map(({ name }) => name),

    /** Tries again to load what could not be loaded. */
    retry() {
      renewal = null;
      for (const { state } of segments) for (const [part, how] of state) if (how === "failed") state.delete(part);
      work();
    },
  };
})();
