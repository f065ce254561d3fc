// Facets with counts and a search. What is chosen is in the address, so that it can be kept and sent.
const MOST_VALUES = 25;

class Facets {
  // names: [key, title] of each facet; valuesOf(card, key): its values; preset: what is chosen
  // where the address says nothing; changed(): called when somebody chose.
  constructor(names, valuesOf, preset, changed) {
    this.names = names;
    this.valuesOf = valuesOf;
    this.preset = preset;
    this.changed = changed;
    this.search = document.getElementById("search");
    this.search.addEventListener("input", () => this.choose((params) => params.set("q", this.search.value)));
    document.getElementById("reset").addEventListener("click", () => this.write(new URLSearchParams("all")));
    // Beside the changes there is room for the filters, above them they would be in the way.
    const wide = window.matchMedia("(min-width: 56rem)");
    const box = document.querySelector("nav details");
    box.open = wide.matches;
    wide.addEventListener("change", () => { box.open = wide.matches; });
    window.addEventListener("hashchange", () => { this.read(); this.changed(); });
    this.read();
  }

  params() {
    return new URLSearchParams(location.hash.slice(1) || this.preset);
  }

  read() {
    const params = this.params();
    this.q = (params.get("q") || "").toLowerCase();
    this.chosen = {};
    for (const [name] of this.names) this.chosen[name] = new Set(params.getAll(name));
    if (this.search.value.toLowerCase() !== this.q) this.search.value = params.get("q") || "";
  }

  choose(change) {
    const params = this.params();
    params.delete("all");
    change(params);
    if (!params.get("q")) params.delete("q");
    this.write(params);
  }

  write(params) {
    const text = params.toString() || "all";
    history.replaceState(null, "", "#" + text.replace(/=$/, ""));
    this.read();
    this.changed();
  }

  get any() {
    return Boolean(this.q) || this.names.some(([name]) => this.chosen[name].size);
  }

  fits(card, except) {
    if (this.q && !wordsOf(card).includes(this.q)) return false;
    return this.names.every(([name]) =>
      name === except || !this.chosen[name].size || this.valuesOf(card, name).some((v) => this.chosen[name].has(v)));
  }

  toggle(name, value) {
    this.choose((params) => {
      const kept = params.getAll(name).filter((v) => v !== value);
      const on = kept.length === params.getAll(name).length;
      params.delete(name);
      for (const v of kept) params.append(name, v);
      if (on) params.append(name, value);
    });
  }

  draw(cards, titleOf) {
    for (const [name, title] of this.names) {
      const counts = new Map([...this.chosen[name]].map((v) => [v, 0]));
      for (const card of cards) {
        const counted = this.fits(card, name) ? 1 : 0;
        for (const v of new Set(this.valuesOf(card, name))) counts.set(v, (counts.get(v) || 0) + counted);
      }
      this.drawOne(name, title, [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)), titleOf);
    }
  }

  drawOne(name, title, counts, titleOf) {
    const box = document.getElementById("facet-" + name);
    const focused = document.activeElement && document.activeElement.dataset.value;
    const shown = counts.filter(([value], at) => at < MOST_VALUES || this.chosen[name].has(value));
    box.hidden = !counts.length;
    box.replaceChildren(node("legend", "", title), ...shown.map(([value, count]) => {
      const input = node("input");
      input.type = "checkbox";
      input.checked = this.chosen[name].has(value);
      input.dataset.value = name + "=" + value;
      input.addEventListener("change", () => this.toggle(name, value));
      return node("label", count ? "" : "none", input, node("span", "", titleOf(name, value)), node("b", "", count.toLocaleString()));
    }));
    if (shown.length < counts.length) box.append(node("p", "aside", `… ${(counts.length - shown.length).toLocaleString()} more: search for them`));
    for (const input of box.querySelectorAll("input")) if (input.dataset.value === focused) input.focus();
  }
}

function wordsOf(card) {
  if (card.words === undefined) {
    const said = (q) => (q ? [q.before, ...q.pieces.map((p) => p[0]), q.after].join("") : "");
    const told = card.fields.flatMap((f) => [f.name, ...[...(f.old || []), ...(f.new || [])].map((p) => p[0]), said(f.old_quote), said(f.new_quote)]);
    card.words = [card.label, card.doc_id, card.cause, card.rule, card.where, said(card.quote), ...told].join("\n").toLowerCase();
  }
  return card.words;
}
