// The document beside a card, all its mentions marked.
let reading = null;

function closeDocument() {
  reading = null;
  document.getElementById("document").hidden = true;
  document.body.classList.remove("reading");
}

async function showDocument(card) {
  if (reading === card.id) return closeDocument();
  if (!card.quote && !card.doc_id) return say("the change belongs to no single document");
  const place = card.quote ? `&start=${card.quote.start}&end=${card.quote.end}` : "";
  const id = card.quote ? card.quote.doc_id : card.doc_id.split(", ")[0];
  let found;
  try {
    found = await ask(`document?side=${card.side}&id=${encodeURIComponent(id)}${place}`);
  } catch (error) {
    return say(error.message);
  }
  reading = card.id;
  const box = document.getElementById("document");
  const close = node("button", "close", "Close");
  close.type = "button";
  close.addEventListener("click", closeDocument);
  const text = node("pre");
  const kinds = new Set();
  let target = null;
  for (const [words, quoted, mentions] of found.pieces) {
    const piece = drawPiece(words, quoted, mentions);
    for (const [table] of mentions) kinds.add(table);
    if (quoted) target = target || piece;
    text.append(piece);
  }
  const about = [found.source, found.published, found.doc_id].filter(Boolean).join(" · ");
  const legend = node("p", "legend", ...[...kinds].sort().map((table) => node("span", "m " + table, table)));
  box.replaceChildren(close, node("h2", "", found.title), node("p", "aside", about), legend, text);
  box.hidden = false;
  box.scrollTop = 0;
  document.body.classList.add("reading");
  if (target) target.scrollIntoView({ block: "center" });
  return true;
}

function drawPiece(words, quoted, mentions) {
  const piece = mentions.length ? node("span", "m " + mentions[mentions.length - 1][0], words) : node("span", "", words);
  if (mentions.length) piece.title = mentions.map((m) => m.join(" ")).join("\n");
  if (quoted) piece.classList.add("said-here");
  return piece;
}
