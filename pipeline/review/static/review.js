// The review: cards with decisions. The server holds the state; the page asks for it again and again,
// so that two tabs show the same.
const BATCH = 60;
const POLL = 3000;
const KEYS = [["j / k", "next, previous"], ["a", "accept"], ["r", "reject"], ["s", "set a value"], ["f", "flag"], ["c", "comment"],
  ["m", "mark, then m on another: same / not the same"], ["u", "undo"], ["d", "the document beside it"], ["A", "accept all shown"],
  ["/", "search"], ["?", "these keys"], ["Esc", "close"]];
const by = (id) => document.getElementById(id);
let cards = [];
let leftOut = 0;
let settable = {};
let states = {};
let progress = { cards: 0, decided: 0, causes: {} };
let version = "";
let shown = [];
let drawn = 0;
let current = null;
let marked = null;
let done = [];

const OPEN = { state: "undecided", flagged: false, notes: [], decisions: [], by: "" };
const stateOf = (card) => states[card.id] || OPEN;
const isOpen = (card) => stateOf(card).state === "undecided";

function valuesOf(card, name) {
  if (name === "state") return stateOf(card).flagged ? [stateOf(card).state, "flagged"] : [stateOf(card).state];
  return name === "country" ? card.countries : [card[name]];
}

const facets = new Facets(
  [["state", "State"], ["cause", "Cause"], ["table", "Table"], ["kind", "Kind"], ["country", "Country"]],
  valuesOf, "state=undecided", () => draw());

// ── the server ──

async function ask(path, body) {
  const options = body === undefined ? {} : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  let answer;
  try {
    answer = await fetch(path, { cache: "no-store", ...options });
  } catch {
    throw new Error("the review doesn't answer: start `pactline review` again and open its new address");
  }
  const content = await answer.json().catch(() => ({ error: `the review answered ${answer.status}` }));
  if (!answer.ok) throw new Error(content.error || answer.statusText);
  return content;
}

function take(answer) {
  if (answer.version === version) return false;
  ({ states, progress, version } = answer);
  by("progress").max = Math.max(1, progress.cards);
  by("progress").value = progress.decided;
  by("told").textContent = `${progress.decided.toLocaleString()} of ${progress.cards.toLocaleString()} decided`;
  by("opposed").hidden = !answer.opposed.length;
  by("opposed").replaceChildren(...answer.opposed.map(drawOpposed));
  return true;
}

async function look() {
  try {
    const answer = await ask("states?have=" + version);
    if (answer.states && take(answer)) refresh();
  } catch (error) {
    say(error.message);
  }
}

async function send(path, body) {
  try {
    const answer = await ask(path, body);
    take(answer);
    refresh();
    focusCurrent();
    return answer;
  } catch (error) {
    say(error.message);
    return null;
  }
}

async function decide(action, some, more = {}) {
  if (!some.length && !more.cause) return say("there is nothing left to decide here");
  const answer = await send("decide", { action, cards: more.cause ? [] : some.map((card) => card.id), ...more });
  if (!answer) return false;
  done.push(answer.made);
  say(`${TOLD[action]}: ${answer.made.length.toLocaleString()} · u takes it back`);
  return true;
}

const TOLD = { accept: "accepted", reject: "rejected", set: "set", flag: "flagged", comment: "commented", same: "the same", not_same: "not the same" };

async function undo(ids) {
  if (await send("undo", { ids })) {
    done = done.filter((made) => !made.some((id) => ids.includes(id)));
    say(`taken back: ${ids.length.toLocaleString()}`);
  }
}

function undoLast() {
  const card = currentCard();
  const own = card ? stateOf(card).decisions : [];
  if (done.length) undo(done[done.length - 1]);
  else if (own.length) undo([own[own.length - 1]]);
  else say("there is nothing to undo");
}

function say(text) {
  const box = by("message");
  box.textContent = text;
  box.hidden = false;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { box.hidden = true; }, 6000);
}

// ── drawing ──

function button(text, key, work) {
  const made = node("button", "", text);
  made.type = "button";
  if (key) {
    made.setAttribute("aria-keyshortcuts", key);
    made.append(node("kbd", "", key));
  }
  made.addEventListener("click", work);
  return made;
}

function drawReviewed(card) {
  const made = drawCard(card);
  const state = stateOf(card);
  made.classList.toggle("done", state.state !== "undecided");
  made.classList.toggle("current", card.id === current);
  made.dataset.id = card.id;
  made.dataset.state = JSON.stringify(state);
  made.dataset.cause = card.cause;
  const told = state.state + (state.by ? " by " + state.by : "") + (state.flagged ? ", flagged" : "");
  const actions = node("div", "actions", node("span", "state " + state.state, told),
    button("Accept", "a", () => decide("accept", [card])), button("Reject", "r", () => decide("reject", [card])),
    button("Set…", "s", () => askValue(card)), button("Flag", "f", () => decide("flag", [card])),
    button("Comment…", "c", () => askComment(card)), button("Document", "d", () => showDocument(card)));
  if (state.decisions.length) actions.append(button("Undo", "", () => undo([state.decisions[state.decisions.length - 1]])));
  made.append(actions, ...state.notes.map((note) => node("p", "notes", note)));
  made.addEventListener("focusin", () => choose(card.id));
  return made;
}

function drawOpposed(group) {
  const said = group.said.map(([id, text]) => node("span", "", text + " ", button("take back", "", () => undo([id]))));
  return node("p", "", "Opposite decisions on ", node("b", "", group.about), ": ", ...said.flatMap((s, i) => (i ? [" · ", s] : [s])));
}

function drawCause(cause) {
  const made = node("h2", "", node("span", "", cause), button("", "", () => bulkOfCause(cause)));
  made.dataset.cause = cause;
  return made;
}

function labelCauses() {
  for (const heading of by("list").querySelectorAll("h2")) {
    const [decided, all] = progress.causes[heading.dataset.cause] || [0, 0];
    const made = heading.querySelector("button");
    made.textContent = `Accept the ${openOf(heading.dataset.cause).toLocaleString()} left…`;
    made.hidden = !openOf(heading.dataset.cause);
    heading.title = `${decided.toLocaleString()} of ${all.toLocaleString()} decided`;
  }
}

// With no filter but the state, a cause stands for all of its changes, those left out of the page too.
const isWhole = () => !facets.q && ["table", "kind", "country"].every((name) => !facets.chosen[name].size);

function openOf(cause) {
  const [decided, all] = progress.causes[cause] || [0, 0];
  return isWhole() ? all - decided : shown.filter((card) => card.cause === cause && isOpen(card)).length;
}

function bulkOfCause(cause) {
  const some = (isWhole() ? cards : shown).filter((card) => card.cause === cause && isOpen(card));
  askBulk("accept", some, openOf(cause), isWhole() ? { cause } : {});
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
  labelCauses();
}

function draw() {
  shown = cards.filter((card) => facets.fits(card, null));
  if (!shown.some((card) => card.id === current)) current = shown.length ? shown[0].id : null;
  facets.draw(cards, (name, value) => value);
  by("list").replaceChildren();
  drawn = 0;
  drawBatch(Math.max(BATCH, shown.findIndex((card) => card.id === current) + 10));
  showEmpty();
}

// After a decision only the cards that it concerns are drawn again.
function refresh() {
  const before = new Set(shown.map((card) => card.id));
  const at = shown.findIndex((card) => card.id === current);
  const now = cards.filter((card) => facets.fits(card, null));
  if (now.some((card) => !before.has(card.id))) return draw();
  const kept = new Map(now.map((card) => [card.id, card]));
  if (!kept.has(current)) {
    const next = shown.slice(Math.max(at, 0)).find((card) => kept.has(card.id)) || now[now.length - 1];
    current = next ? next.id : null;
  }
  for (const old of [...by("list").querySelectorAll(".card")]) {
    const card = kept.get(old.dataset.id);
    if (!card) old.remove();
    else if (old.dataset.state !== JSON.stringify(stateOf(card))) old.replaceWith(drawReviewed(card));
  }
  for (const heading of [...by("list").querySelectorAll("h2")]) {
    if (!heading.nextElementSibling || heading.nextElementSibling.tagName === "H2") heading.remove();
  }
  shown = now;
  drawn = by("list").querySelectorAll(".card").length;
  if (drawn < Math.min(shown.length, BATCH)) drawBatch(BATCH);
  by("more").hidden = drawn >= shown.length;
  facets.draw(cards, (name, value) => value);
  labelCauses();
  choose(current);
  showEmpty();
}

function showEmpty() {
  const left = progress.cards - progress.decided;
  by("empty").hidden = shown.length > 0;
  by("empty").textContent = !progress.cards ? "There is nothing to decide between these two runs."
    : left ? `No change fits these filters; ${left.toLocaleString()} are undecided.`
      : "Everything is decided. Run `pactline run`: the decisions hold from then on.";
  by("bulk").hidden = !shown.some(isOpen);
  by("left-out").hidden = !leftOut;
  by("left-out").textContent = `${leftOut.toLocaleString()} more changes are not on this page: decide by cause, or narrow with --table, --cause, --country.`;
}

const currentCard = () => shown.find((card) => card.id === current);

function choose(id) {
  current = id;
  for (const card of by("list").querySelectorAll(".card.current")) card.classList.remove("current");
  const found = nodeOf(id);
  if (found) found.classList.add("current");
}

const nodeOf = (id) => [...by("list").querySelectorAll(".card")].find((card) => card.dataset.id === id);

function focusCurrent() {
  const found = nodeOf(current);
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

// ── dialogs ──

// ``work`` says whether it was done; a dialog whose work failed stays open with what was typed.
function dialog(title, content, confirm, work) {
  const box = by("dialog");
  const heading = node("h2", "", title);
  heading.id = "dialog-title";
  const form = node("form", "", heading, ...content);
  const actions = node("div", "actions", button("Cancel", "", () => box.close()));
  if (confirm) {
    const sure = node("button", "", confirm);
    sure.type = "submit";
    actions.append(sure);
  }
  form.append(actions);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (await work()) {
      box.close();
      focusCurrent();
    }
  });
  box.replaceChildren(form);
  box.showModal();
}

function labelled(text, input) {
  return node("label", "", text, input);
}

function askBulk(action, some, count = some.length, more = {}) {
  if (!count) return say("there is nothing left to decide here");
  const listed = some.slice(0, 100).map((card) => node("li", "", `${card.kind} ${card.table} ${card.label}`));
  const left = count > 100 ? [node("p", "aside", `… and ${(count - 100).toLocaleString()} more`)] : [];
  const why = node("input");
  const verb = action[0].toUpperCase() + action.slice(1);
  return dialog(`${verb} ${count.toLocaleString()} changes?`, [node("ul", "", ...listed), ...left, labelled("Why (optional)", why)],
    `${verb} ${count.toLocaleString()}`, () => decide(action, some, { why: why.value, ...more }));
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
  return dialog("Set a value", [node("p", "", card.label), labelled("Field", choice), slot, labelled("Why (optional)", why)], "Set",
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
  const different = button("Not the same", "", async () => { if (await decide("not_same", pair)) by("dialog").close(); });
  dialog("Are these the same record?", [node("p", "", pair[0].label), node("p", "", pair[1].label), different], "The same", () => decide("same", pair));
  marked = null;
  return true;
}

function help() {
  const keys = KEYS.flatMap(([key, told]) => [node("dt", "", node("kbd", "", key)), node("dd", "", told)]);
  dialog("Keys", [node("dl", "", ...keys)], "", null);
}

// ── keys ──

const COMMANDS = {
  j: () => step(1), k: () => step(-1), A: () => askBulk("accept", shown.filter(isOpen)), "/": () => facets.search.focus(), "?": help, u: undoLast,
  Escape: () => closeDocument(),
  a: (card) => decide("accept", [card]), r: (card) => decide("reject", [card]), f: (card) => decide("flag", [card]),
  s: askValue, c: askComment, m: askPair, d: showDocument,
};
const ALWAYS = new Set(["j", "k", "A", "/", "?", "u", "Escape"]);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || by("dialog").open) return;
  if (event.target === facets.search) {
    if (event.key === "Escape") {
      facets.search.blur();
      focusCurrent();
    }
    return;
  }
  const command = COMMANDS[event.key];
  const card = currentCard();
  if (!command || (!card && !ALWAYS.has(event.key))) return;
  event.preventDefault();
  command(card);
});
by("more").addEventListener("click", () => drawBatch(BATCH));
by("help-button").addEventListener("click", help);
by("bulk-accept").addEventListener("click", () => askBulk("accept", shown.filter(isOpen)));
by("bulk-reject").addEventListener("click", () => askBulk("reject", shown.filter(isOpen)));
new IntersectionObserver((seen) => { if (seen.some((one) => one.isIntersecting) && !by("more").hidden) drawBatch(BATCH); }, { rootMargin: "600px" }).observe(by("more"));
document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
setInterval(() => { if (!document.hidden && !by("dialog").open) look(); }, POLL);

(async () => {
  try {
    const [found, answer] = await Promise.all([ask("cards"), ask("states")]);
    cards = found.cards;
    leftOut = found.left_out;
    settable = found.settable;
    take(answer);
    draw();
  } catch (error) {
    say(error.message);
  }
})();
