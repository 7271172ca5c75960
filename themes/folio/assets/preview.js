// @ts-check
// Shows what a link leads to (title, date, standfirst, marking) beside it, from the document that lies beside each page.
(() => {
  /** @typedef {{ title: string, about: string, kicker: string, iso: string, when: string, marking: string }} Told */

  const PATIENCE = 250; // milliseconds for which pointer or focus rests on a link before its page is asked for
  const GRACE = 200; // milliseconds in which the pointer may cross from a link to its preview
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const main = document.querySelector("main");
  if (!main || !location.protocol.startsWith("http")) return;
  const root = new URL("..", script.src).href;
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = new URL("preview.css", script.src).href;
  const box = document.createElement("div");
  box.className = "preview";
  box.id = "_preview";
  box.role = "tooltip";
  /** @type {Map<string, Told | null>} */
  const known = new Map();
  /** @type {HTMLAnchorElement | null} */
  let shown = null;
  /** @type {HTMLAnchorElement | null} */
  let meant = null;
  let timer = 0;
  let request = new AbortController();

  /** Which page of a record a link leads to; elsewhere it is empty. @param {HTMLAnchorElement} link */
  const address = (link) => {
    const page = link.href.split("#")[0];
    if (!page.startsWith(root) || page === location.href.split("#")[0]) return "";
    const isRecord = /^(notes|topics|actors|sources)\/[^/?]+\/$/.test(page.slice(root.length));
    return isRecord || (link.closest(".prose") && /^[^/?]+\/$/.test(page.slice(root.length))) ? page : "";
  };

  /** What a document tells; null where it is of no record. @param {any} found @returns {Told | null} */
  const told = ({ page, note, card, highest_marking }) => {
    if (!note && !card && page.section !== "pages") return null;
    const iso = note ? note.when : "";
    const precise = { year: "numeric", month: iso.length > 4 ? "long" : undefined, day: iso.length > 7 ? "numeric" : undefined };
    const format = new Intl.DateTimeFormat(document.documentElement.lang, /** @type {any} */ ({ ...precise, timeZone: "UTC" }));
    const of = note || card?.source || card?.topic || {};
    return {
      title: page.title,
      about: page.description,
      kicker: note ? note.kind : "",
      iso,
      when: iso && format.format(new Date(iso)),
      marking: card?.marking || of.marking || highest_marking,
    };
  };

  /** @param {string} tag @param {string} name @param {string} words */
  const part = (tag, name, words) => {
    const made = document.createElement(tag);
    made.className = name;
    made.textContent = words;
    return made;
  };

  /** Puts the preview below its link, or above where there is no room. @param {HTMLAnchorElement} link @param {number} y */
  const place = (link, y) => {
    const lines = [...link.getClientRects()];
    const line = lines.find((one) => one.top <= y && y <= one.bottom) || lines[0];
    const { clientWidth, clientHeight } = document.documentElement;
    const start = document.documentElement.dir === "rtl" ? line.right - box.offsetWidth : line.left;
    const left = Math.max(8, Math.min(start, clientWidth - box.offsetWidth - 8));
    const isBelow = line.bottom + box.offsetHeight + 4 <= clientHeight || line.top < box.offsetHeight + 4;
    box.style.left = `${left + scrollX}px`;
    box.style.top = `${(isBelow ? line.bottom + 4 : line.top - box.offsetHeight - 4) + scrollY}px`;
  };

  /** @param {HTMLAnchorElement} link @param {Told} of @param {number} y */
  const show = (link, of, y) => {
    // What stands beside the link already is not said twice.
    const around = link.closest("li, article, section, p")?.textContent || "";
    if (!of.about || around.includes(of.about)) return;
    const kicker = part("p", "kicker", of.kicker);
    if (of.when) {
      const time = /** @type {HTMLTimeElement} */ (part("time", "", of.when));
      time.dateTime = of.iso;
      kicker.append(of.kicker ? " · " : "", time);
    }
    const title = part("p", "headline", of.title);
    if (of.marking !== "TLP:CLEAR") title.append(" ", part("span", `mark tlp-${of.marking.slice(4).toLowerCase().split("+")[0]}`, of.marking));
    box.replaceChildren(...(kicker.textContent ? [kicker] : []), title, part("p", "about", of.about));
    main.append(box);
    place(link, y);
    link.setAttribute("aria-describedby", box.id);
    shown = link;
  };

  const hide = () => {
    clearTimeout(timer);
    request.abort();
    box.remove();
    shown?.removeAttribute("aria-describedby");
    shown = meant = null;
  };

  /** @param {HTMLAnchorElement} link @param {number} y */
  const ask = async (link, y) => {
    const page = address(link);
    request = new AbortController();
    try {
      if (!sheet.isConnected) {
        await new Promise((done) => {
          sheet.onload = sheet.onerror = done;
          document.head.append(sheet);
        });
      }
      if (!known.has(page)) {
        const answer = await fetch(`${page}index.json`, { signal: request.signal });
        known.set(page, answer.ok ? told(await answer.json()) : null);
      }
      const found = known.get(page);
      if (found && meant === link) show(link, found, y);
    } catch {} // the pointer has left, or there is no answer
  };

  /** @param {EventTarget | null} target @param {number} y */
  const enter = (target, y) => {
    const link = target instanceof Element && /** @type {HTMLAnchorElement | null} */ (target.closest("a[href]"));
    if (shown && (link === shown || (target instanceof Node && box.contains(target)))) return clearTimeout(timer);
    if (!link || link === meant || !address(link)) return;
    hide();
    meant = link;
    timer = setTimeout(() => ask(link, y), PATIENCE);
  };

  const leave = () => {
    clearTimeout(timer);
    if (shown) timer = setTimeout(hide, GRACE);
    else hide();
  };

  main.addEventListener("pointerover", (event) => event.pointerType === "mouse" && enter(event.target, event.clientY));
  main.addEventListener("pointerout", (event) => event.pointerType === "mouse" && leave());
  main.addEventListener("focusin", ({ target }) => target instanceof Element && target.matches(":focus-visible") && enter(target, -1));
  main.addEventListener("focusout", hide);
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  addEventListener("pagehide", hide);
})();
