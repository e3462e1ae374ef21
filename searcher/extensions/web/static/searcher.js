/* Searches change the page in place: the address is fetched, and its <main> replaces the current one. Everything
   also works without JavaScript. */

document.documentElement.classList.add("js");
const form = () => document.getElementById("search");
let asked = 0;

/** Return the address of the form, without empty and default values. */
function address() {
  const usual = { sort: "relevance" };
  const all = [...new FormData(form())].filter(([name, value]) => value && usual[name] !== value);
  const given = all.filter(([name, field]) => name !== "match_all" || all.some(([other]) => other === field));
  const query = new URLSearchParams(given).toString();
  return new URL(query ? `?${query}` : ".", new URL(form().getAttribute("action"), location)).href;
}

/** Show another state of this page. The focus stays on the same control. */
async function show(url, { push = true } = {}) {
  const mine = ++asked;
  const main = document.getElementById("main");
  main.setAttribute("aria-busy", "true");
  const sent = new Map(textFields().map((field) => [field.name, field.value]));
  let answer, text;
  try {
    answer = await fetch(url, { headers: { Accept: "text/html" } });
    text = await answer.text();
  } catch {
    location.assign(url);
    return;
  }
  if (mine !== asked) return;
  if (new URL(answer.url || url).pathname !== new URL(url, location).pathname) {
    location.assign(answer.url); // A question may redirect to another page.
    return;
  }
  const page = new DOMParser().parseFromString(text, "text/html");
  const focused = handle(document.activeElement);
  const open = document.getElementById("narrow")?.open;
  const down = document.querySelector(".facets")?.scrollTop;
  document.title = page.title;
  const typed = textFields().filter((field) => field.value !== sent.get(field.name));
  const { selectionStart, selectionEnd } = document.activeElement;
  adopt(page, main);
  for (const { name, value } of typed) if (form().elements[name]) form().elements[name].value = value;
  if (push) history.pushState(null, "", answer.url || url);
  const narrow = document.getElementById("narrow");
  if (narrow && open !== undefined) narrow.open = open;
  if (narrow && down) narrow.parentNode.scrollTop = down;
  const again = find(focused);
  again?.focus({ preventScroll: true });
  if (typed.some(({ name }) => name === again?.name)) again.setSelectionRange(selectionStart, selectionEnd);
}

/** Return the text fields of the form, except the search box, which adopt() does not change. */
const textFields = () => [...form().elements].filter((field) => field.type === "text");

/** Replace the content. The live region stays the same element, so that screen readers announce changes. */
function adopt(page, main) {
  const [now, then] = [document.querySelector("output[role=status]"), page.querySelector("output[role=status]")];
  main.replaceChildren(...page.getElementById("main").childNodes);
  main.removeAttribute("aria-busy");
  offerCopying();
  document.querySelector(".top nav").replaceChildren(...page.querySelector(".top nav").childNodes);
  const [mine, theirs] = [form(), page.getElementById("search")];
  mine.querySelectorAll("input[type=hidden]").forEach((one) => one.remove());
  mine.append(...theirs.querySelectorAll("input[type=hidden]"));
  if (document.activeElement !== mine.elements.q) mine.elements.q.value = theirs.elements.q.value;
  for (const name of ["aria-invalid", "aria-describedby"]) {
    const value = theirs.elements.q.getAttribute(name);
    value === null ? mine.elements.q.removeAttribute(name) : mine.elements.q.setAttribute(name, value);
  }
  if (now && then) {
    const words = [...then.childNodes];
    then.replaceWith(now);
    now.replaceChildren();
    requestAnimationFrame(() => now.replaceChildren(...words));
  }
}

/** Return a key by which a control can be found in another state of the page. */
const handle = (one) => one && { id: one.id, name: one.name, value: one.type === "checkbox" ? one.value : null };
function find({ id, name, value } = {}) {
  if (id) return document.getElementById(id);
  const same = name ? [...document.getElementsByName(name)] : [];
  return same.find((one) => value === null || one.value === value);
}

if (form() && document.body.classList.contains("searching")) {
  document.addEventListener("change", (event) => {
    const one = event.target;
    if (one.form !== form() || one.type === "search" || one.closest(".dates")) return;
    const other = one.checked && pair(one);
    if (other) other.checked = false;
    show(address()).then(toResults);
  });
  // Do not change the page between typing the two dates.
  document.addEventListener("focusout", ({ target, relatedTarget }) => {
    const dates = target.closest(".dates");
    if (!dates || dates.contains(relatedTarget) || target.closest("[aria-busy]")) return;
    if ([...dates.querySelectorAll("input")].some((one) => one.value !== one.defaultValue)) show(address()).then(toResults);
  });
  form().addEventListener("submit", (event) => {
    if (event.submitter?.hasAttribute("formaction")) return; // to another page
    event.preventDefault();
    show(address()).then(() => scrollTo({ top: 0 }));
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (link?.matches(".show-results")) document.getElementById("narrow").open = false;
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const url = new URL(link.href?.baseVal ?? link.href, location);
    if (url.origin !== location.origin || url.pathname !== location.pathname || url.hash) return;
    event.preventDefault();
    show(url.href).then(() => link.closest(".pages") && scrollTo({ top: 0 }));
  });
  addEventListener("popstate", () => show(location.href, { push: false }));
  if (matchMedia("(max-width: 50rem)").matches && !document.querySelector(".dates [aria-invalid]")) document.getElementById("narrow")?.removeAttribute("open");
}

/** After filtering far down a page, scroll to the results. */
function toResults() {
  const results = document.getElementById("results");
  if (results?.getBoundingClientRect().top < 0) results.scrollIntoView();
}

/** A value cannot be both selected and excluded. */
function pair(one) {
  const name = one.name.startsWith("not_") ? one.name.slice(4) : `not_${one.name}`;
  return [...document.getElementsByName(name)].find((other) => other.value === one.value);
}

/* The timeline: drag over bars to select a period. */
let from = null;
const bar = (event) => event.target.closest?.(".timeline a");
document.addEventListener("pointerdown", (event) => (from = event.button ? null : bar(event)));
document.addEventListener("dragstart", (event) => bar(event) && event.preventDefault());
document.addEventListener("pointermove", (event) => {
  const to = from && bar(event);
  if (to) for (const one of between(from, to)) one.classList.add("brushed");
});
document.addEventListener("pointerup", (event) => {
  const to = from && bar(event);
  if (to && to !== from && form()) {
    const chosen = between(from, to);
    form().elements.after.value = chosen[0].dataset.after;
    form().elements.before.value = chosen.at(-1).dataset.before;
    show(address());
  }
  from = null;
});
function between(one, other) {
  const bars = [...one.parentNode.querySelectorAll("a")];
  const [a, b] = [bars.indexOf(one), bars.indexOf(other)].sort((x, y) => x - y);
  bars.forEach((bar) => bar.classList.remove("brushed"));
  return bars.slice(a, b + 1);
}

/* Menus close on Escape and on a click elsewhere. */
const menus = () => document.querySelectorAll("details.menu[open]");
document.addEventListener("click", (event) => {
  for (const one of menus()) if (!one.contains(event.target)) one.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const one of menus()) {
    one.open = false;
    one.querySelector("summary").focus();
  }
});

/* If a list is pasted into the search box, offer to search each line separately. */
document.getElementById("q")?.addEventListener("paste", (event) => {
  const text = event.clipboardData?.getData("text") ?? "";
  const lines = text.split(/\r?\n/).filter((line) => line.trim());
  document.getElementById("offer")?.remove();
  if (lines.length < 2) return;
  const offer = Object.assign(document.createElement("form"), { id: "offer", method: "post", action: "/batch", className: "notice" });
  const field = (name, value) => Object.assign(document.createElement("input"), { type: "hidden", name, value });
  const words = event.target.dataset.list.replace("{n}", lines.length);
  const button = Object.assign(document.createElement("button"), { textContent: words });
  offer.setAttribute("role", "status");
  offer.append(field("list", lines.join("\n")), field("as", "queries"), button);
  document.getElementById("main").before(offer);
});

/* Keys: / focuses the search box, j and k move between hits, Enter opens a hit. */
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input:not([type=checkbox]), textarea, select")) return;
  const step = { j: 1, k: -1 }[event.key];
  const match = { n: 1, p: -1 }[event.key];
  if (event.key === "/") {
    event.preventDefault();
    form()?.elements.q.select();
  } else if (match) {
    go(match);
  } else if (step) {
    const links = [...document.querySelectorAll(".hits h2 a, .hits .permalink")];
    const at = links.indexOf(document.activeElement);
    links[at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step]?.focus();
  }
});

/* The reader: n and p move between passages. Switches for marks are remembered. */
const passages = [];
for (const mark of document.querySelectorAll(".reader .body mark")) {
  if (mark.id) passages.push([]);
  passages.at(-1)?.push(mark);
}
const matches = document.querySelector(".matches");
let here = passages.findIndex(([first]) => first.matches(".here"));
const seen = (is) => passages[here]?.forEach((mark) => mark.classList.toggle("here", is));
function go(step) {
  const all = passages.length;
  if (!all) return;
  seen(false);
  here = here < 0 && step < 0 ? all - 1 : (here + step + all) % all;
  seen(true);
  passages[here][0].scrollIntoView({ block: "center" });
  const number = (one) => one.toLocaleString(document.documentElement.lang);
  matches.querySelector("[role=status]").textContent = matches.dataset.words
    .replace("{n}", number(here + 1))
    .replace("{total}", number(all));
}
matches?.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link) return;
  event.preventDefault();
  go(link.rel === "next" ? 1 : -1);
});
for (const what of ["names", "quotes"]) {
  const box = document.getElementById(`show-${what}`);
  if (!box) continue;
  const set = () => document.documentElement.classList.toggle(`no-${what}`, !box.checked);
  box.checked = localStorage.getItem(`no-${what}`) === null;
  set();
  box.addEventListener("change", () => {
    set();
    box.checked ? localStorage.removeItem(`no-${what}`) : localStorage.setItem(`no-${what}`, "1");
  });
}

/* A click on a time in a transcript plays the recording from there. */
const player = document.getElementById("player");
document.addEventListener("click", (event) => {
  const moment = player && event.target.closest?.(".moment");
  const at = moment && new URL(moment.href).hash.match(/^#t=(\d+)$/);
  if (!at) return;
  event.preventDefault();
  player.currentTime = Number(at[1]);
  player.play();
});

/* Show the progress while uploaded files are read. */
const loading = document.getElementById("loading");
async function follow() {
  try {
    const page = new DOMParser().parseFromString(await (await fetch("/inbox")).text(), "text/html");
    const state = page.getElementById("loading");
    // Screen readers announce each change, so equal text is not replaced.
    if (state.textContent !== loading.textContent) loading.replaceChildren(...state.childNodes);
  } finally {
    followLater();
  }
}
const followLater = () => loading?.querySelector(".running") && setTimeout(follow, 1000);
followLater();

/* Copy buttons need JavaScript and are hidden without it. */
const offerCopying = () => document.querySelectorAll(".copy[hidden]").forEach((one) => (one.hidden = false));
offerCopying();
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.(".copy");
  if (!button) return;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
  if (button.matches(".done")) return;
  const words = button.textContent;
  button.classList.add("done");
  button.textContent = document.body.dataset.copied;
  setTimeout(() => {
    button.classList.remove("done");
    button.textContent = words;
  }, 1500);
});

/* The search box is a combobox with suggestions for the end of the query. */
const box = document.getElementById("q");
const list = Object.assign(document.createElement("ul"), { id: "suggestions", hidden: true, role: "listbox", ariaLabel: box?.dataset.suggested });
let chosen = -1, pending, offered = 0;
if (box) {
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"]]) box.setAttribute(name, value);
  box.after(list);
  box.addEventListener("input", () => {
    clearTimeout(pending);
    pending = setTimeout(suggest, 150);
  });
  box.addEventListener("blur", () => offer([]));
  box.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const options = [...list.children];
    if (event.key === "Enter") clearTimeout(pending);
    if (list.hidden || !(step || (event.key === "Enter" && chosen >= 0) || event.key === "Escape")) return;
    event.preventDefault();
    if (event.key === "Escape") offer([]);
    else if (!step) options[chosen].take();
    else choose(options, chosen < 0 && step < 0 ? options.length - 1 : chosen + step);
  });
  box.form.addEventListener("submit", () => offer([]));
}
async function suggest() {
  const typed = box.value.slice(0, box.selectionStart);
  const before = offered;
  const answer = typed.trim() && (await fetch(`/suggest?_find=${encodeURIComponent(typed.slice(-100))}`));
  const { suggestions } = answer?.ok ? await answer.json() : { suggestions: [] };
  // Ignore the answer if the list was closed or the text changed meanwhile.
  if (before === offered && typed === box.value.slice(0, box.selectionStart) && document.activeElement === box) offer(suggestions);
}
function offer(suggestions) {
  offered += 1;
  clearTimeout(pending);
  list.replaceChildren(...suggestions.map(option));
  list.hidden = !suggestions.length;
  box.setAttribute("aria-expanded", String(!list.hidden));
  choose([...list.children], -1);
}
function option({ value, label, articles, query, typed }, number) {
  const one = Object.assign(document.createElement("li"), { id: `suggestion${number}`, role: "option" });
  one.append(Object.assign(document.createElement("bdi"), { textContent: value }), ` ${label} · ${articles.toLocaleString(document.documentElement.lang)}`);
  one.take = () => {
    box.setRangeText(`${query} `, box.selectionStart - typed.length, box.selectionStart, "end");
    offer([]);
  };
  one.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    one.take();
  });
  return one;
}
function choose(options, number) {
  chosen = options.length && number >= 0 ? number % options.length : -1;
  options.forEach((one, at) => one.setAttribute("aria-selected", String(at === chosen)));
  chosen < 0 ? box.removeAttribute("aria-activedescendant") : box.setAttribute("aria-activedescendant", options[chosen].id);
}

/* Completion of names in text fields. */
let typing;
document.addEventListener("input", (event) => {
  const box = event.target;
  if (!box.dataset?.complete) return;
  clearTimeout(typing);
  typing = setTimeout(async () => {
    const answer = await fetch(`/api/facets/${box.dataset.complete}?_find=${encodeURIComponent(box.value)}`);
    if (!answer.ok) return;
    const { values } = await answer.json();
    document.getElementById(box.getAttribute("list")).replaceChildren(
      ...values.slice(0, 20).map(({ value }) => Object.assign(document.createElement("option"), { value })),
    );
  }, 150);
});
