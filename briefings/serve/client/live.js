// Keeps a served page as its sources are.
const root = new URL("..", import.meta.url), html = document.documentElement;
const path = location.pathname.slice(root.pathname.length);
const mark = (page) => page.querySelector("script[data-page]");
const parse = (text) => new DOMParser().parseFromString(text, "text/html");

// Ties the screen to what was served. Where they differ, the reader did it: it stays.
const tie = (live, served) => {
  live.served = served;
  served.live = live;
  served.childNodes.forEach((node, i) => tie(live.childNodes[i], node));
  return live;
};

// Makes `live` what `next` is; what was served so before is left.
const morph = (live, next) => {
  const old = live.served, left = [...old.childNodes], later = [...next.childNodes];
  live.served = next;
  next.live = live;
  if (old.data !== next.data) live.data = next.data;
  for (const { name } of old.attributes ?? []) if (!next.hasAttribute(name)) live.removeAttribute(name);
  for (const { name, value } of next.attributes ?? []) if (old.getAttribute(name) !== value) live.setAttribute(name, value);
  for (const wish of next.childNodes) {
    later.shift();
    // Only elements are sought further on; line breaks are alike.
    const find = (fits) => left.findIndex((n, i) => (wish.attributes || !i) && fits(n, i)) + 1;
    const stays = (n) => n.attributes && later.some((o) => o.isEqualNode(n));
    const at = find((n) => n.isEqualNode(wish)) ||
      find((n, i) => n.nodeName + n.id === wish.nodeName + wish.id && !left.slice(0, i + 1).some(stays));
    if (at) morph(left.splice(0, at).pop().live, wish);
    else live.insertBefore(tie(wish.cloneNode(true), wish), left[0]?.live);
    if (!at && wish.matches?.("script:not([type$=json])")) location.reload(); // to run it
  }
  for (const n of old.childNodes) if (n.live.served === n) n.live.remove();
};

// The panel stands beside the body, where no theme reaches.
tie(html, parse("").importNode(html, true));
const shadow = html.appendChild(document.createElement("live-panel")).attachShadow({ mode: "open" });
shadow.innerHTML = `<link rel=stylesheet href=${root}-/live.css><div><output></output><div></div></div>`;
const [style, box] = shadow.children, [away, panel] = box.children;
tie(panel, parse("").body);
new ResizeObserver(() => (shadow.host.style.height = html.style.scrollPaddingBottom = `${box.offsetHeight}px`)).observe(box);

panel.onsubmit = async (e) => {
  e.preventDefault();
  const chosen = Object.fromEntries(new FormData(e.target, e.submitter));
  await fetch(`${root}-/view`, { method: "POST", body: JSON.stringify(chosen) });
  location.reload();
};

let turn = Promise.resolve(), source;
const update = async () => {
  const answer = await fetch(location).catch(() => {}), next = parse(await answer?.text()).documentElement;
  if (mark(next)) morph(html, next);
};
const events = {
  hello: () => (away.value = ""),
  panel: ({ html }) => morph(panel, parse(html).body),
  page: () => (turn = turn.then(update).catch(() => location.reload())),
  css: ({ href }) => href.forEach((file) => {
    const url = root + file, sheet = [...document.styleSheets].find(({ href }) => href?.split("?")[0] === url);
    if (sheet) sheet.ownerNode.href = `${url}?${Date.now()}`; // the old one stays till then
    else if (performance.getEntriesByName(url)[0]) location.reload();
  }),
  follow: ({ url }) => localStorage.last === name && url !== path && location.assign(root + url),
};

const connect = () => {
  source = new EventSource(`${root}-/events?` + new URLSearchParams({ url: path, page: mark(html).dataset.page }));
  for (const kind in events) source.addEventListener(kind, ({ data }) => events[kind](JSON.parse(data)));
  source.onerror = () => {
    source.close();
    away.value = "Offline.";
    setTimeout(seen, 1000);
  };
};
style.onload = connect;

// Only the tab seen last follows the author.
const seen = () => {
  if (document.hasFocus()) localStorage.last = name ||= Math.random();
  if (!document.hidden && source?.readyState > 1) connect();
};
seen();
onfocus = document.onvisibilitychange = seen;
