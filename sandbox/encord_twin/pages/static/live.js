// Keep the page as it is now: fetch its changing part every second, and let cards glide to where they went.

const PERIOD = 1000;
const GLIDE = 650;
const EASILY = { duration: GLIDE, easing: "cubic-bezier(.3,.6,.2,1)" };
const PATIENCE = 30; // failed tries in a row, then the twin is taken for gone

const region = document.querySelector("[data-live]");
const pulse = document.querySelector("[data-pulse]");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let tag = null;
let failures = 0;
let turn = 0;

export function address() {
  return region.dataset.live;
}

/** Show another frame or branch from now on; resolves when it is there. */
export function lookAt(url) {
  region.dataset.live = url;
  tag = null;
  return refresh();
}

export async function refresh() {
  const mine = ++turn;
  const url = region.dataset.live;
  if (!url) return;
  try {
    const answer = await fetch(url, { cache: "no-store", headers: tag ? { "If-None-Match": tag } : {} });
    const html = answer.status === 200 ? await answer.text() : null;
    if (mine !== turn) return; // somebody wants something else by now
    failures = 0;
    pulse.hidden = answer.ok || answer.status === 304;
    if (!pulse.hidden) pulse.textContent = "This is no longer there; the page shows how it was.";
    if (html === null) return;
    tag = answer.headers.get("ETag");
    show(html);
  } catch {
    failures += 1;
    pulse.hidden = false;
    pulse.textContent = "The twin has stopped; the page shows how it was.";
  }
}

function show(html) {
  const fresh = document.createElement("div");
  fresh.innerHTML = html; // our own page, escaped there; the policy forbids scripts in it
  const before = places(region);
  const scrolled = new Map([...region.querySelectorAll("[data-scroll]")].map((one) => [one.dataset.scroll, one.scrollTop]));
  const across = [...region.querySelectorAll(".columns, .flow")].map((one) => one.scrollLeft);
  const focused = document.activeElement?.getAttribute("href");
  keepNodes(fresh);
  region.replaceChildren(...fresh.childNodes);
  for (const one of region.querySelectorAll("[data-scroll]")) one.scrollTop = scrolled.get(one.dataset.scroll) ?? 0;
  region.querySelectorAll(".columns, .flow").forEach((one, index) => (one.scrollLeft = across[index] ?? 0));
  if (focused) region.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  region.dispatchEvent(new CustomEvent("shown"));
  tellTimes();
  glide(before);
}

/** Pictures stay what they are, or they would flicker; so do forms, or they would forget what was typed. */
function keepNodes(fresh) {
  const pictures = new Map([...region.querySelectorAll("img.thumbnail")].map((one) => [one.getAttribute("src"), one]));
  for (const one of fresh.querySelectorAll("img.thumbnail")) {
    const old = pictures.get(one.getAttribute("src"));
    if (old) {
      pictures.delete(one.getAttribute("src"));
      one.replaceWith(old);
    }
  }
  for (const one of fresh.querySelectorAll("[data-keep]")) {
    const old = region.querySelector(`[data-keep="${CSS.escape(one.dataset.keep)}"]`);
    if (old) one.replaceWith(old);
  }
}

function places(root) {
  return new Map(
    [...root.querySelectorAll("[data-card]")].map((one) => [one.dataset.card, { stage: one.dataset.place, box: one.getBoundingClientRect() }]),
  );
}

function glide(before) {
  const moves = [];
  for (const card of region.querySelectorAll("[data-card]")) {
    const old = before.get(card.dataset.card);
    const moved = !old || old.stage !== card.dataset.place;
    if (moved) card.classList.add("moved");
    if (!calm.matches) moves.push([card, old, card.getBoundingClientRect(), moved]);
  }
  for (const [card, old, box, moved] of moves) {
    if (!old) card.animate([{ opacity: 0 }, { opacity: 1 }], { duration: GLIDE });
    else if (moved) fly(card, old.box, box);
    else if (old.box.top !== box.top) card.animate([{ transform: `translateY(${old.box.top - box.top}px)` }, { transform: "none" }], EASILY);
  }
}

/** Columns cut off what leaves them: a double of the card flies above all of them, while the card itself waits. */
function fly(card, from, to) {
  const double = card.cloneNode(true);
  double.removeAttribute("data-card");
  double.inert = true;
  double.classList.replace("moved", "flying");
  double.style.width = `${to.width}px`;
  document.body.append(double);
  const lowest = card.parentElement.getBoundingClientRect().bottom - to.height;
  const way = [from, { left: to.left, top: Math.min(to.top, lowest) }];
  card.animate([{ opacity: 0 }, { opacity: 0 }], { duration: GLIDE });
  double.animate(way.map(({ left, top }) => ({ transform: `translate(${left}px, ${top}px)` })), EASILY).finished.finally(() => double.remove());
}

function tellTimes() {
  for (const one of document.querySelectorAll("time[data-ago]")) {
    const seconds = Math.max(0, Math.round((Date.now() - Date.parse(one.dateTime)) / 1000));
    const [number, unit] = seconds < 60 ? [seconds, "s"] : seconds < 3600 ? [Math.floor(seconds / 60), "min"] : [Math.floor(seconds / 3600), "h"];
    one.textContent = `${number} ${unit} ago`;
  }
}

for (const link of document.querySelectorAll("nav a")) {
  const path = link.getAttribute("href");
  const here = location.pathname;
  if (path === "/" ? here === "/" || here.startsWith("/projects") : here.startsWith(path)) link.setAttribute("aria-current", "page");
}
document.documentElement.classList.add("scripted");
tellTimes();
setInterval(() => {
  tellTimes();
  if (!document.hidden && failures < PATIENCE) refresh();
}, PERIOD);
