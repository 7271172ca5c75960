// @ts-check
// Marks in lists what is new since the reader's last visit. Kept in this browser; nothing is sent.
(() => {
  /** @typedef {{ since: string, seen: number }} Visit The day of the visit before; when a list was last open. */

  const PAUSE = 30 * 60 * 1000; // without a list ends a visit
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const key = "briefings " + new URL("..", script.src).pathname;

  /** Remembers this visit. @returns {string} the day of the one before */
  const lastVisit = () => {
    const now = Date.now();
    /** @type {Visit | null} */
    const known = JSON.parse(localStorage.getItem(key) || "null");
    const ended = known && now - known.seen > PAUSE;
    const since = ended ? new Date(known.seen).toISOString().slice(0, 10) : known ? known.since : "";
    localStorage.setItem(key, JSON.stringify({ since, seen: now }));
    return since;
  };

  let since = "";
  try {
    since = lastVisit();
  } catch {} // storage is refused
  if (!since) return;
  for (const item of document.querySelectorAll(".notes > li")) {
    const times = [...item.querySelectorAll("time"), ...(item.closest(".day")?.querySelectorAll("h3 time") || [])];
    if (times.some((time) => time.dateTime.slice(0, 10) >= since)) {
      const mark = document.createElement("span");
      mark.className = "flag fresh";
      mark.textContent = script.dataset.word || "";
      item.querySelector(".headline")?.after(" ", mark);
    }
  }
})();
