// The review: cards with decisions. The server holds the state; the page asks it again when it is
// looked at, so that two tabs show the same.
const FACETS = [["state", "State"], ["cause", "Cause"], ["table", "Table"], ["kind", "Kind"], ["country", "Country"]];
const BATCH = 60;
const KEYS = [["j / k", "next, previous"], ["a", "accept"], ["r", "reject"], ["s", "set a value"], ["f", "flag"], ["c", "comment"],
  ["m", "mark for same / not the same"], ["u", "undo"], ["d", "document beside it"], ["A", "accept all shown"], ["/", "search"], ["?", "these keys"], ["Esc", "close"]];
const by = (id) => document.getElementById(id);
const filters = { q: "", state: new Set(["undecided"]), cause: new Set(), table: new Set(), kind: new Set(), country: new Set() };
let cards = [];
let settable = {};
let states = {};
let shown = [];
let drawn = 0;
let current = null;
let marked = null;
let reading = null;
let history = [];

async function ask(path, body) {
  const options = body === undefined ? {} : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(path, { cache: "no-store", ...options });
  const content = await answer.json().catch(() => ({ error: "the server gave no answer" }));
  if (!answer.ok) throw new Error(content.error || answer.statusText);
  return content;
}

function say(text) {
  const box = by("message");
  box.textContent = text;
  box.hidden = false;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { box.hidden = true; }, 5000);
}

const stateOf = (card) => states[card.id] || { state: "undecided", flagged: false, notes: [], decisions: [], by: "" };

function valuesOf(card, name) {
  if (name === "state") return stateOf(card).flagged ? [stateOf(card).state, "flagged"] : [stateOf(card).state];
  if (name === "country") return card.countries;
  return [card[name]];
}

function fits(card, except) {
  if (filters.q && !card.words.includes(filters.q.toLowerCase())) return false;
  return FACETS.every(([name]) => name === except || !filters[name].size || valuesOf(card, name).some((v) => filters[name].has(v)));
}

function drawFacets() {
  for (const [name, title] of FACETS) {
    const counts = new Map([...filters[name]].map((v) => [v, 0]));
    for (const card of cards) if (fits(card, name)) for (const v of valuesOf(card, name)) counts.set(v, (counts.get(v) || 0) + 1);
    const focused = document.activeElement && document.activeElement.dataset.value;
    const box = by("facet-" + name);
    box.replaceChildren(node("legend", "", title));
    for (const [value, count] of [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))) {
      const input = node("input");
      input.type = "checkbox";
      input.checked = filters[name].has(value);
      input.dataset.value = name + "=" + value;
      input.addEventListener("change", () => { input.checked ? filters[name].add(value) : filters[name].delete(value); draw(); });
      box.append(node("label", count ? "" : "none", input, node("span", "", value), node("b", "", count.toLocaleString())));
      if (focused === input.dataset.value) input.focus();
    }
  }
}

function button(text, key, work) {
  const made = node("button", "", text);
  made.type = "button";
  if (key) made.setAttribute("aria-keyshortcuts", key);
  made.addEventListener("click", work);
  return made;
}

function drawReviewed(card) {
  const made = drawCard(card);
  const state = stateOf(card);
  made.classList.toggle("done", state.state !== "undecided");
  made.dataset.id = card.id;
  const told = state.state + (state.by ? " by " + state.by : "") + (state.flagged ? ", flagged" : "");
  const actions = node("div", "actions", node("span", "state " + state.state, told),
    button("Accept", "a", () => decide("accept", [card])), button("Reject", "r", () => decide("reject", [card])),
    button("Set…", "s", () => askValue(card)), button("Flag", "f", () => decide("flag", [card])),
    button("Comment…", "c", () => askComment(card)), button("Document", "d", () => showDocument(card)));
  if (state.decisions.length) actions.append(button("Undo", "u", () => undo(state.decisions[state.decisions.length - 1])));
  made.append(actions, ...state.notes.map((note) => node("p", "notes", note)));
  made.addEventListener("focusin", () => choose(card.id));
  return made;
}

function choose(id) {
  current = id;
  for (const card of by("list").querySelectorAll(".card")) card.classList.toggle("current", card.dataset.id === id);
}

function drawBatch(count) {
  const made = document.createDocumentFragment();
  let last = drawn ? shown[drawn - 1].cause : null;
  for (const card of shown.slice(drawn, drawn + count)) {
    if (card.cause !== last) made.append(drawCause(card.cause));
    last = card.cause;
    made.append(drawReviewed(card));
  }
  by("list").append(made);
  drawn = Math.min(shown.length, drawn + count);
  by("more").hidden = drawn >= shown.length;
}

function drawCause(cause) {
  const of = () => shown.filter((card) => card.cause === cause);
  return node("h2", "", cause + " ", button(`Accept ${of().length}…`, "", () => askBulk("accept", of())));
}

function draw() {
  const before = shown.findIndex((card) => card.id === current);
  shown = cards.filter((card) => fits(card, null));
  drawFacets();
  by("list").replaceChildren();
  drawn = 0;
  drawBatch(Math.max(BATCH, before + 10));
  if (shown.length && !shown.some((card) => card.id === current)) current = shown[Math.min(Math.max(before, 0), shown.length - 1)].id;
  choose(current);
}

function take(answer) {
  states = answer.states;
  const { cards: all, decided } = answer.progress;
  by("progress").max = Math.max(1, all);
  by("progress").value = decided;
  by("told").textContent = `${decided.toLocaleString()} of ${all.toLocaleString()} decided`;
  by("opposed").hidden = !answer.opposed.length;
  by("opposed").textContent = answer.opposed.map((group) => "Opposite decisions: " + group.join(" / ")).join(" · ");
}

async function doing(work) {
  try {
    const answer = await work();
    take(answer);
    draw();
    focusCurrent();
    return answer;
  } catch (error) {
    say(error.message);
    return null;
  }
}

async function decide(action, some, more = {}) {
  if (!some.length) return;
  const answer = await doing(() => ask("decide", { action, cards: some.map((card) => card.id), ...more }));
  if (answer) {
    history.push(answer.made);
    say(`${action}: ${some.length.toLocaleString()}`);
  }
}

const undo = (id) => doing(() => ask("undo", { id }));

async function undoLast() {
  const state = current && stateOf({ id: current });
  if (state && state.decisions.length) return undo(state.decisions[state.decisions.length - 1]);
  const last = history.pop();
  if (!last) return say("there is nothing to undo");
  for (const id of last) await undo(id);
}

function dialog(title, content, confirm, work) {
  const box = by("dialog");
  const heading = node("h2", "", title);
  heading.id = "dialog-title";
  const form = node("form", "", heading, ...content);
  form.method = "dialog";
  const actions = node("div", "actions", button("Cancel", "", () => box.close()));
  if (confirm) {
    const sure = node("button", "", confirm);
    sure.type = "submit";
    actions.append(sure);
  }
  form.append(actions);
  form.addEventListener("submit", (event) => { event.preventDefault(); box.close(); if (work) work(); });
  box.replaceChildren(form);
  box.showModal();
}

function labelled(text, input) {
  return node("label", "", text, input);
}

function askBulk(action, some) {
  const listed = some.slice(0, 100).map((card) => node("li", "", `${card.kind} ${card.table} ${card.label}`));
  const left = some.length > 100 ? [node("p", "aside", `… and ${(some.length - 100).toLocaleString()} more`)] : [];
  const why = node("input");
  dialog(`${action} ${some.length.toLocaleString()} changes?`, [node("ul", "", ...listed), ...left, labelled("Why (optional)", why)],
    `${action} ${some.length.toLocaleString()}`, () => decide(action, some, { why: why.value }));
}

function askValue(card) {
  const fields = settable[card.table] || {};
  const names = Object.keys(fields);
  if (!names.length) return say(`values of ${card.table} follow from others and can't be set here`);
  const changed = card.fields.map((f) => f.name).find((name) => name in fields);
  const choice = node("select", "", ...names.map((name) => new Option(name, name, false, name === changed)));
  choice.id = "set-field";
  const slot = node("div");
  const why = node("input");
  let value = null;
  const fill = () => {
    const words = fields[choice.value];
    const now = card.fields.find((f) => f.name === choice.value);
    const text = now && now.new ? now.new.map((part) => part[0]).join("") : "";
    value = words.length ? node("select", "", new Option("(not stated)", ""), ...words.map((w) => new Option(w, w, false, w === text))) : node("input");
    value.id = "set-value";
    if (!words.length) value.value = text;
    slot.replaceChildren(labelled("Value (lists: separated by commas; empty: not stated)", value));
  };
  choice.addEventListener("change", fill);
  fill();
  dialog("Set a value", [node("p", "", card.label), labelled("Field", choice), slot, labelled("Why (optional)", why)], "Set",
    () => decide("set", [card], { field: choice.value, value: value.value, why: why.value }));
}

function askComment(card) {
  const words = node("textarea");
  words.rows = 4;
  dialog("Comment", [node("p", "", card.label), labelled("Comment", words)], "Save", () => decide("comment", [card], { why: words.value }));
}

function askPair(card) {
  if (!marked || marked.id === card.id) {
    marked = card;
    return say("marked; press m on the other record");
  }
  const pair = [marked, card];
  const same = button("Not the same", "", () => { by("dialog").close(); decide("not_same", pair); });
  dialog("Are these the same record?", [node("p", "", pair[0].label), node("p", "", pair[1].label), same], "The same", () => decide("same", pair));
  marked = null;
}

async function showDocument(card) {
  const box = by("document");
  if (!card.quote && !card.doc_id) return say("the change belongs to no single document");
  const id = card.quote ? card.quote.doc_id : card.doc_id.split(", ")[0];
  if (reading === card.id) {
    reading = null;
    box.hidden = true;
    document.body.classList.remove("reading");
    return;
  }
  let found;
  try {
    const place = card.quote ? `&start=${card.quote.start}&end=${card.quote.end}` : "";
    found = await ask("document?id=" + encodeURIComponent(id) + place);
  } catch (error) {
    return say(error.message);
  }
  reading = card.id;
  const text = node("pre");
  let target = null;
  for (const [words, quoted, mentions] of found.pieces) {
    const piece = mentions.length ? node("span", "m " + mentions[mentions.length - 1][0], words) : node("span", "", words);
    if (mentions.length) piece.title = mentions.map((m) => m.join(" ")).join("\n");
    if (quoted) {
      piece.classList.add("said-here");
      target = target || piece;
    }
    text.append(piece);
  }
  const about = [found.source, found.published, found.doc_id].filter(Boolean).join(" · ");
  box.replaceChildren(node("h2", "", found.title), node("p", "aside", about), text);
  box.hidden = false;
  document.body.classList.add("reading");
  if (target) target.scrollIntoView({ block: "center" });
}

const currentCard = () => shown.find((card) => card.id === current);

function focusCurrent() {
  const found = [...by("list").querySelectorAll(".card")].find((card) => card.dataset.id === current);
  if (found) {
    found.focus({ preventScroll: true });
    found.scrollIntoView({ block: "nearest" });
  }
}

function step(by_) {
  const at = shown.findIndex((card) => card.id === current);
  const next = Math.min(shown.length - 1, Math.max(0, at + by_));
  if (next >= drawn) drawBatch(BATCH);
  if (shown[next]) choose(shown[next].id);
  focusCurrent();
}

function help() {
  const list = KEYS.flatMap(([key, told]) => [node("dt", "", node("kbd", "", key)), node("dd", "", told)]);
  dialog("Keys", [node("dl", "", ...list)], "", null);
}

const COMMANDS = {
  j: () => step(1), k: () => step(-1), A: () => askBulk("accept", shown), "/": () => by("search").focus(), "?": help, u: undoLast,
  a: (card) => decide("accept", [card]), r: (card) => decide("reject", [card]), f: (card) => decide("flag", [card]),
  s: askValue, c: askComment, m: askPair, d: showDocument,
};
const ALWAYS = new Set(["j", "k", "A", "/", "?", "u"]);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || by("dialog").open) return;
  if (event.target === by("search")) {
    if (event.key === "Escape") by("search").blur();
    return;
  }
  const command = COMMANDS[event.key];
  const card = currentCard();
  if (!command || (!card && !ALWAYS.has(event.key))) return;
  event.preventDefault();
  command(card);
});
by("search").addEventListener("input", () => { filters.q = by("search").value; draw(); });
by("reset").addEventListener("click", () => { for (const [name] of FACETS) filters[name].clear(); filters.q = by("search").value = ""; draw(); });
by("more").addEventListener("click", () => drawBatch(BATCH));
by("help-button").addEventListener("click", help);
by("bulk-accept").addEventListener("click", () => askBulk("accept", shown));
by("bulk-reject").addEventListener("click", () => askBulk("reject", shown));
new IntersectionObserver((seen) => { if (seen.some((one) => one.isIntersecting) && !by("more").hidden) drawBatch(BATCH); }, { rootMargin: "600px" }).observe(by("more"));
document.addEventListener("visibilitychange", () => { if (!document.hidden) doing(() => ask("states")); });

(async () => {
  try {
    const [found, answer] = await Promise.all([ask("cards"), ask("states")]);
    cards = found.cards;
    settable = found.settable;
    for (const card of cards) card.words = JSON.stringify([card.label, card.doc_id, card.cause, card.rule, card.quote, card.fields]).toLowerCase();
    take(answer);
    draw();
  } catch (error) {
    say(error.message);
  }
})();
