"use strict";
// A change as a card. Text from documents only ever becomes text nodes; nothing here builds HTML
// from a string.
function node(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

function pieces(parts, tag) {
  return parts.map(([text, differs]) => (differs ? node(tag, "", text) : document.createTextNode(text)));
}

function quote(q, tag) {
  if (!q) return node("div", "quote");
  const said = node("span", "said", ...pieces(q.pieces, tag));
  return node("div", "quote", q.before, said, q.after);
}

function drawField(f) {
  const old = f.old === null ? [node("span", "aside", "not stated")] : pieces(f.old, "del");
  const now = f.new === null ? [node("span", "aside", "not stated")] : pieces(f.new, "ins");
  const row = node("div", "field", node("b", "", f.name), node("div", "value", ...old), node("div", "value", ...now));
  if (f.old_quote || f.new_quote) row.append(node("span", "aside", f.where || f.rule), quote(f.old_quote, "del"), quote(f.new_quote, "ins"));
  return row;
}

function drawCard(card) {
  const title = node("h3", "", node("span", "sign", card.kind), node("span", "table", card.table), card.label);
  const made = node("article", "card " + card.kind, title, node("div", "aside", card.doc_id));
  made.tabIndex = 0;
  made.id = "c-" + card.id;
  if (card.others.length) made.append(node("div", "aside", (card.kind === "merged" ? "merged from " : "split into ") + card.others.join(", ")));
  if (card.kind === "added" || card.kind === "removed") {
    const facts = card.fields.map((f) => node("span", "", node("i", "", f.name + " "), ...pieces(f.new || f.old || [], "span")));
    made.append(node("div", "facts", ...facts));
    if (card.quote) made.append(quote(card.quote, "span"));
  } else {
    made.append(...card.fields.map(drawField));
    if (card.quote && !card.fields.some((f) => f.old_quote || f.new_quote)) made.append(quote(card.quote, "span"));
  }
  if (card.rule) made.append(node("div", "aside", node("code", "", card.rule), "  " + card.where));
  return made;
}
