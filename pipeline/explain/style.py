"""The style sheet of an explanation; its hash stands in the page's content security policy."""

from __future__ import annotations

from pipeline.explain.model import KINDS

# Hues of the kinds of mention; lightness and strength follow the colour scheme.
_HUES = {"country": 150, "date": 220, "institution": 65, "person": 330, "figure": 290}

_BASE = """
:root { color-scheme: light dark; --ground: #fdfdfc; --panel: #f4f4f1; --ink: #1c1c1a;
  --aside: #5f5f58; --line: #d9d9d2; --link: #1d4f91; --mark: 92%; --chroma: .06; --rule: 55%;
  --target: #ffe27a; }
@media (prefers-color-scheme: dark) { :root { --ground: #161715; --panel: #1f201d; --ink: #e8e8e2;
  --aside: #a3a39a; --line: #3a3b36; --link: #9cc3f5; --mark: 34%; --chroma: .06; --rule: 70%;
  --target: #6b5600; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
header { padding: 1rem 1.5rem .75rem; border-bottom: 1px solid var(--line); }
h1 { margin: 0 0 .25rem; font-size: 1.35rem; line-height: 1.25; text-wrap: balance; }
dl { display: flex; flex-wrap: wrap; gap: .1rem 1.25rem; margin: 0; font-size: .85rem; }
dl div { display: flex; gap: .4rem; min-width: 0; }
dt { color: var(--aside); } dd { margin: 0; overflow-wrap: anywhere; }
fieldset { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: .5rem 0 0; padding: 0;
  border: 0; font-size: .85rem; }
legend { float: left; padding: 0; margin-right: 1rem; }
.key { display: inline-flex; align-items: center; gap: .35rem; cursor: pointer; }
.key input { margin: 0; }
.columns { flex: 1; display: grid; grid-template-columns: minmax(0, 5fr) minmax(20rem, 4fr); }
main { padding: 1rem 1.5rem 4rem; min-width: 0; position: sticky; top: 0; align-self: start;
  max-height: 100vh; overflow-y: auto; }
.text { margin: 0; max-width: 46rem; white-space: pre-wrap; overflow-wrap: anywhere;
  font: inherit; line-height: 1.75; }
.records { padding: 1rem 1.25rem 4rem; background: var(--panel);
  border-left: 1px solid var(--line); min-width: 0; }
.m { border-radius: .2em; padding: .08em .12em; margin: 0 -.12em; }
.key .m { margin: 0; padding: .05em .4em; }
.ev { text-decoration: underline; text-decoration-thickness: 2px; text-underline-offset: .22em;
  text-decoration-color: var(--aside); }
.boilerplate { color: var(--aside); font-style: italic; }
:target { background: var(--target); outline: 2px solid currentColor; outline-offset: 1px;
  scroll-margin-top: 30vh; }
.aside { color: var(--aside); font-size: .82rem; }
.record { margin: 0 0 .75rem; border: 1px solid var(--line); border-radius: .4rem;
  background: var(--ground); }
summary { padding: .5rem .75rem; cursor: pointer; overflow-wrap: anywhere; }
.subject { display: inline-block; margin-right: .4em; color: var(--aside); font-size: .85rem; }
.id { display: block; font-family: ui-monospace, monospace; }
.record p { margin: .1rem 0; overflow-wrap: anywhere; }
.record > p { margin: .25rem .75rem; }
.quote { font-size: .9rem; }
a { color: var(--link); text-underline-offset: .15em; }
table { width: 100%; border-collapse: collapse; margin-top: .5rem; font-size: .92rem; }
th, td { padding: .4rem .75rem; border-top: 1px solid var(--line); text-align: left;
  vertical-align: top; overflow-wrap: anywhere; }
th { width: 7.5rem; font-weight: 600; overflow-wrap: normal; }
.value + .value { margin-top: .6rem; }
.not-taken { padding-left: .6rem; border-left: 2px solid var(--line); font-size: .85rem; }
code { font: .92em ui-monospace, monospace; }
@media (max-width: 56rem) { .columns { grid-template-columns: minmax(0, 1fr); }
  .records { border-left: 0; border-top: 1px solid var(--line); }
  main { padding: 1rem 1rem 2rem; position: static; max-height: none; } header { padding: 1rem; } th { width: 6rem; } }
@media print { .records { background: none; } main { position: static; max-height: none; } .columns { display: block; } }
"""


def _kind_rules(kind: str, hue: int) -> str:
    colour = f"oklch(var(--mark) var(--chroma) {hue})"
    line = f"oklch(var(--rule) .13 {hue})"
    off = f"body:has(#show-{kind}:not(:checked)) .text"
    return (
        f".{kind} {{ background: {colour}; }}\n"
        f".in-{kind} {{ box-shadow: 0 2px 0 {line}; }}\n"
        f"{off} .{kind}:not(:target) {{ background: none; }}\n"
        f"{off} .in-{kind} {{ box-shadow: none; }}\n"
    )


STYLE = _BASE + "".join(_kind_rules(kind, _HUES[kind]) for kind in KINDS)
