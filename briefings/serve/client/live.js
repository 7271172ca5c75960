// Keeps a page as its sources are.
const root = new URL("..", import.meta.url), html = document.documentElement;
const path = location.pathname.slice(root.pathname.length);
const mark = (page) => page.querySelector("script[data-page]");
const parse = (text) => new DOMParser().parseFromString(text, "text/html");

// Ties the screen to what was served.
const tie = (live, served) => {
  live.served = served;
  served.live = live;
  served.childNodes.forEach((node, i) => tie(live.childNodes[i], node));
  return live;
};

// Makes `live` what `next` is; what the reader did stays.
const morph = (live, next) => {
  const old = live.served, left = [...old.childNodes], later = [...next.childNodes];
  live.served = next;
  next.live = live;
  if (old.data !== next.data) live.data = next.data;
  for (const { name } of old.attributes ?? []) if (!next.hasAttribute(name)) live.removeAttribute(name);
  for (const { name, value } of next.attributes ?? []) if (old.getAttribute(name) !== value) live.setAttribute(name, value);
  for (const wish of next.childNodes) {
    later.shift();
    // Only elements are sought: breaks are alike.
    const find = (fits) => left.findIndex((n, i) => (wish.attributes || !i) && fits(n, i)) + 1;
    const stays = (n) => n.attributes && later.some((o) => o.isEqualNode(n));
    const at = find((n) => n.isEqualNode(wish)) ||
      find((n, i) => n.nodeName + n.id === wish.nodeName + wish.id && !left.slice(0, i + 1).some(stays));
    if (at) morph(left.splice(0, at).pop().live, wish);
    else live.insertBefore(tie(wish.cloneNode(true), wish), left[0]?.live);
    if (!at && wish.matches?.("script:not([type$=json])")) location.reload();
  }
  for (const n of old.childNodes) if (n.live.served === n) n.live.remove();
};

tie(html, parse("").importNode(html, true));
const shadow = html.appendChild(document.createElement("live-panel")).attachShadow({ mode: "open" });
shadow.innerHTML = `<link rel=stylesheet href=${root}-/live.css><div><output></output><div>`;
const [style, box] = shadow.children, [away, panel] = box.children;
tie(panel, parse("").body);
new ResizeObserver(() => (shadow.host.style.height = html.style.scrollPaddingBottom = box.offsetHeight + "px")).observe(box);

panel.onsubmit = async (e) => {
  e.preventDefault();
  const form = e.target, choice = new URLSearchParams(new FormData(form, e.submitter));
  const answer = await fetch(root + "-/view?" + choice, { method: "POST" });
  if (answer.ok) location.reload();
  else form.lastChild.innerText = await answer.text();
};

let turn = Promise.resolve(), source;
const rest = (ms, why = "") => {
  source.close();
  away.value = why;
  setTimeout(seen, ms);
};
const on = {
  wait: () => rest(3000),
  panel: ({ html }) => {
    away.value = "";
    morph(panel, parse(html).body);
    const bar = panel.querySelector(".bar") ?? {};
    bar.open = sessionStorage.bar !== "false";
    bar.ontoggle = () => (sessionStorage.bar = bar.open);
  },
  page: () => (turn = turn.then(async () => {
    const next = parse(await fetch(location).then((it) => it.text(), String)).documentElement;
    mark(next) ? morph(html, next) : source.onerror();
  }).catch(() => location.reload())),
  css: ({ href }) => href.forEach((file) => {
    const url = root + file, sheet = [...document.styleSheets].find(({ href }) => href?.split("?")[0] === url);
    if (sheet) sheet.ownerNode.href = `${url}?${Date.now()}`;
    else if (performance.getEntriesByName(url)[0]) location.reload();
  }),
  follow: ({ url }) => localStorage.last === name && url !== path && (location = root + url),
};

const seen = () => {
  // The tab seen last follows the author.
  if (document.hasFocus()) localStorage.last = name ||= Math.random();
  if (document.hidden || source?.readyState < 2) return;
  source = new EventSource(root + "-/events?" + new URLSearchParams({ url: path, ...mark(html).dataset }));
  for (const kind in on) source.addEventListener(kind, ({ data }) => on[kind](JSON.parse(data)));
  source.onerror = () => rest(1000, "Offline.");
};
style.onload = onfocus = document.onvisibilitychange = seen;
