// Facets, search and keys of the page of a diff; the filters are in the address.
const data = JSON.parse(document.getElementById("data").textContent);
const FACETS = [["table", "Table"], ["kind", "Kind"], ["cause_kind", "Cause"], ["country", "Country"], ["field", "Field"]];
const BATCH = 150;
const list = document.getElementById("list");
const more = document.getElementById("more");
const search = document.getElementById("search");
const told = document.getElementById("told");
let shown = [];
let drawn = 0;
let lastCause = null;

for (const card of data.cards) {
  card.country = card.countries;
  card.field = card.fields.map((f) => f.name);
  card.words = JSON.stringify([card.label, card.doc_id, card.cause, card.rule, card.quote, card.fields]).toLowerCase();
}

function readState() {
  const given = new URLSearchParams(location.hash.slice(1));
  const state = { q: given.get("q") || "" };
  for (const [name] of FACETS) state[name] = new Set(given.getAll(name));
  return state;
}

function writeState(state) {
  const params = new URLSearchParams();
  if (state.q) params.set("q", state.q);
  for (const [name] of FACETS) for (const value of state[name]) params.append(name, value);
  history.replaceState(null, "", "#" + params);
}

const valuesOf = (card, name) => (Array.isArray(card[name]) ? card[name] : [card[name]]);

function fits(card, state, except) {
  if (state.q && !card.words.includes(state.q.toLowerCase())) return false;
  return FACETS.every(([name]) =>
    name === except || !state[name].size || valuesOf(card, name).some((v) => state[name].has(v)));
}

function drawFacets(state) {
  for (const [name, title] of FACETS) {
    const counts = new Map();
    for (const card of data.cards) for (const v of valuesOf(card, name)) counts.set(v, counts.get(v) || 0);
    for (const card of data.cards) {
      if (fits(card, state, name)) for (const v of new Set(valuesOf(card, name))) counts.set(v, counts.get(v) + 1);
    }
    const box = document.getElementById("facet-" + name);
    const focused = document.activeElement && document.activeElement.dataset.value;
    box.replaceChildren(node("legend", "", title));
    for (const [value, count] of [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))) {
      const input = node("input");
      input.type = "checkbox";
      input.checked = state[name].has(value);
      input.dataset.value = name + "=" + value;
      input.addEventListener("change", () => {
        const now = readState();
        input.checked ? now[name].add(value) : now[name].delete(value);
        writeState(now);
        draw();
      });
      box.append(node("label", count ? "" : "none", input, node("span", "", (name === "cause_kind" && data.names[value]) || value), node("b", "", count.toLocaleString())));
      if (focused === input.dataset.value) input.focus();
    }
  }
}

function drawBatch(count) {
  const made = document.createDocumentFragment();
  for (const card of shown.slice(drawn, drawn + count)) {
    if (card.cause !== lastCause) made.append(node("h2", "", card.cause));
    lastCause = card.cause;
    made.append(drawCard(card));
  }
  list.append(made);
  drawn = Math.min(shown.length, drawn + count);
  more.hidden = drawn >= shown.length;
}

function draw() {
  const state = readState();
  if (search.value !== state.q) search.value = state.q;
  shown = data.cards.filter((card) => fits(card, state, null));
  drawFacets(state);
  list.replaceChildren();
  drawn = 0;
  lastCause = null;
  drawBatch(BATCH);
  told.textContent = `${shown.length.toLocaleString()} of ${data.rows.toLocaleString()} changes` +
    (data.left_out ? ` (the page holds the first ${data.cards.length.toLocaleString()})` : "");
}

function step(by) {
  const cards = [...list.querySelectorAll(".card")];
  const at = cards.indexOf(document.activeElement.closest ? document.activeElement.closest(".card") : null);
  if (by > 0 && at + by >= cards.length) drawBatch(BATCH);
  const next = list.querySelectorAll(".card")[Math.max(0, at + by)];
  if (next) {
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }
}

search.addEventListener("input", () => {
  const state = readState();
  state.q = search.value;
  writeState(state);
  draw();
});
document.getElementById("reset").addEventListener("click", () => {
  history.replaceState(null, "", "#");
  draw();
});
more.addEventListener("click", () => drawBatch(BATCH));
window.addEventListener("hashchange", draw);
window.addEventListener("beforeprint", () => drawBatch(shown.length));
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target === search) {
    if (event.key === "Escape") search.blur();
    return;
  }
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "/") search.focus();
  else return;
  event.preventDefault();
});
new IntersectionObserver((seen) => {
  if (seen.some((one) => one.isIntersecting) && !more.hidden) drawBatch(BATCH);
}, { rootMargin: "600px" }).observe(more);
draw();
