// The page of a diff: facets, search, keys, cards in batches.
const data = JSON.parse(document.getElementById("data").textContent);
const BATCH = 100;
const list = document.getElementById("list");
const more = document.getElementById("more");
const told = document.getElementById("told");
let shown = [];
let drawn = 0;
let lastCause = null;

function valuesOf(card, name) {
  if (name === "country") return card.countries;
  if (name === "field") return card.kind === "added" || card.kind === "removed" ? [] : card.fields.map((f) => f.name);
  return [card[name]];
}

const facets = new Facets(
  [["table", "Table"], ["kind", "Kind"], ["cause_kind", "Cause"], ["cause", "Cause in detail"], ["country", "Country"], ["field", "Changed field"]],
  valuesOf, "", draw);

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
  shown = data.cards.filter((card) => facets.fits(card, null));
  facets.draw(data.cards, (name, value) => (name === "cause_kind" && data.names[value]) || value);
  list.replaceChildren();
  drawn = 0;
  lastCause = null;
  drawBatch(BATCH);
  const all = data.cards.length;
  told.textContent = (facets.any ? `${shown.length.toLocaleString()} of ` : "") + `${all.toLocaleString()} changes` +
    (data.left_out ? `; ${data.left_out.toLocaleString()} more rows are in the counts only (evidence and other details, and what is beyond 5,000 changes)` : "");
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

more.addEventListener("click", () => drawBatch(BATCH));
window.addEventListener("beforeprint", () => drawBatch(shown.length));
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target === facets.search) {
    if (event.key !== "Escape") return;
    event.preventDefault(); // A browser would empty the field.
    facets.search.blur();
    return;
  }
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "/") facets.search.focus();
  else return;
  event.preventDefault();
});
new IntersectionObserver((seen) => {
  if (seen.some((one) => one.isIntersecting) && !more.hidden) drawBatch(BATCH);
}, { rootMargin: "600px" }).observe(more);
draw();
