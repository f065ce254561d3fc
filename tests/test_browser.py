"""The pages in a real browser: a newcomer's path, keys only, two tabs, hostile text, forged requests."""

from __future__ import annotations

import http.client
import json
import re
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from pipeline.decisions.store import read_decisions
from pipeline.tables import read_rows
from tests.browser import EXECUTABLE, NO_BROWSER, pactline, served
from tests.snapshots import country, document, report, write_run

pytestmark = pytest.mark.skipif(EXECUTABLE is None, reason=NO_BROWSER)

TALLINN = """TALLINN, 12 May 2024 - The Ministry of Foreign Affairs of Estonia and the Ministry of Education
of Ghana signed a Memorandum of Understanding on school networks.

The first meeting of the Joint Working Group was held in Accra on 3 June 2024.
"""
LIMA = """LIMA, 2 July 2024 - Peru and Portugal signed an Agreement on Cooperation in Fisheries today.
About 300 boats will be fitted with beacons.
"""
RIGHT_TO_LEFT = "\u202egnp.exe\u202c \u2067\u05d0\u05d1\u2069"
HOSTILE = (
    f"<script>window.pwned = 1</script> <img src=x onerror=pwned=1> {RIGHT_TO_LEFT} &amp; </pre>"
)


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=EXECUTABLE)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    """A page that fails the test when it shows an alert, breaks its policy or asks another host."""
    context = chromium.new_context(viewport={"width": 1300, "height": 850})
    context.set_default_timeout(15_000)
    made = context.new_page()
    made.problems = []
    watch(made)
    yield made
    assert made.problems == []
    context.close()


def watch(page, problems=None):
    found = page.problems if problems is None else problems
    page.on("dialog", lambda dialog: (found.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on(
        "console", lambda message: found.append(message.text) if message.type == "error" else None
    )
    page.on(
        "request",
        lambda asked: (
            None if asked.url.startswith(("file:", "http://127.0.0.1")) else found.append(asked.url)
        ),
    )


@pytest.fixture
def project(tmp_path):
    """Two runs written by hand, to review."""
    a = document(
        "a.txt", "India and Kenya signed the memorandum on ports. Peru was told of it.", title="A"
    )
    hostile = document("<b>.txt", f"{HOSTILE} Chile spoke.\n\n" + "word " * 200_000, title=HOSTILE)
    (tmp_path / "rules").mkdir()
    made = report(
        a,
        "India and Kenya signed the memorandum on ports.",
        title="memorandum on ports",
        status="signed",
    )
    nasty = report(hostile, HOSTILE, title=HOSTILE, place=RIGHT_TO_LEFT)
    write_run(tmp_path / "outputs", "20240101T000000Z", documents=[a],
              agreement_reports=[{**made, "status": "proposed"}])  # fmt: skip
    write_run(tmp_path / "outputs", "20240102T000000Z", documents=[a, hostile], agreement_reports=[made, nasty],
              countries=[country(a, "India", "IN"), country(a, "Kenya", "KE"), country(a, "Peru", "PE"),
                         country(hostile, "Chile", "CL")])  # fmt: skip
    return tmp_path


@pytest.fixture
def address(project):
    with served(project) as found:
        yield found


def count(page):
    return page.locator(".card").count()


def card_of(page, told):
    """The card whose heading is kind, table and label in one word."""
    return page.locator(".card").filter(has=page.locator("h3", has_text=told))


def expect_decided(page, number):
    page.locator("#told", has_text=re.compile(f"^{number} of")).wait_for()


# ── a newcomer's path ──


def test_a_newcomers_path(tmp_path, page):  # noqa: PLR0915 - one path, from end to end
    pactline(tmp_path, "init", "ledger")
    folder = tmp_path / "ledger"
    pactline(folder, "run")
    (folder / "raw" / "tallinn.txt").write_text(TALLINN)
    (folder / "raw" / "lima.txt").write_text(LIMA)
    topics = folder / "rules" / "topics.toml"
    topics.write_text(
        topics.read_text().replace(
            'words = ["digital education"', 'words = ["digital skills", "digital education"'
        )
    )
    pactline(folder, "run")
    told = pactline(folder, "diff")
    assert "new document lima.txt" in told
    assert re.search(r"rule changed rules/topics.toml:\d+ \[topics/digital-education\]", told)
    assert "topics: " in told

    with served(folder) as address:
        page.goto(address)
        page.wait_for_selector(".card")
        card_of(page, "figures300 boats").get_by_role("button", name="Reject").click()
        expect_decided(page, 1)
        card_of(page, "Joint Working Group").get_by_role("button", name="Set").click()
        page.get_by_label("Field").select_option("date")
        page.locator("#set-value").fill("June 3rd")
        page.get_by_role("button", name="Set", exact=True).click()
        page.get_by_role("alert").filter(has_text="no date").wait_for()
        page.problems.clear()  # The browser tells of the answer 400.
        page.locator("#set-value").fill("2024-06-04")
        page.get_by_role("button", name="Set", exact=True).click()
        expect_decided(page, 2)
        for cause in ("new document lima.txt", "new document tallinn.txt", "rule changed"):
            page.locator("h2", has_text=cause).get_by_role("button").click()
            page.locator("dialog button[type=submit]").click()
            page.locator("h2", has_text=cause).wait_for(state="detached")
        page.get_by_text("Everything is decided").wait_for()
        page.goto("about:blank")
    pactline(folder, "review", "--check")

    pactline(folder, "run")
    tables = folder / "outputs" / "tables"
    assert "lima.txt" not in {r["doc_id"] for r in read_rows(tables, "figures")}
    meeting = next(r for r in read_rows(tables, "meeting_reports") if r["doc_id"] == "tallinn.txt")
    assert meeting["date"] == "2024-06-04"
    support = [
        e
        for e in read_rows(tables, "evidence")
        if e["record_id"] == meeting["report_id"] and e["field"] == "date"
    ]
    assert [(e["value"], e["step"]) for e in support] == [("2024-06-04", "decided")]
    told = pactline(folder, "diff")
    assert "decision set date by ann" in told
    assert "decision reject by ann" in told
    pactline(folder, "review", "--check")
    bytes_now = {p.name: p.read_bytes() for p in tables.glob("*.parquet")}
    pactline(folder, "run")
    assert {p.name: p.read_bytes() for p in tables.glob("*.parquet")} == bytes_now

    (folder / "raw" / "moved").mkdir()
    (folder / "raw" / "tallinn.txt").rename(folder / "raw" / "moved" / "tallinn-2024.txt")
    lima = folder / "raw" / "lima.txt"
    lima.write_text(
        "A paragraph that came later.\n\n" + lima.read_text().replace(" will ", "\nwill ")
    )
    pactline(folder, "run")
    assert "lima.txt" not in {r["doc_id"] for r in read_rows(tables, "figures")}
    dates = {r["date"] for r in read_rows(tables, "meeting_reports") if "tallinn" in r["doc_id"]}
    assert dates == {"2024-06-04"}
    assert "0 of 2 decisions no longer apply" in pactline(folder, "review", "--stale")


# ── the review ──


def test_everything_can_be_done_with_keys_alone(address, project, page):
    page.goto(address)
    page.wait_for_selector(".card")
    total = count(page)
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("a")
    expect_decided(page, 1)
    page.keyboard.press("u")
    expect_decided(page, 0)
    assert count(page) == total
    page.keyboard.press("/")
    page.keyboard.type("Kenya")
    page.keyboard.press("Escape")
    page.locator(".card.current", has_text="Kenya").first.wait_for()
    page.keyboard.press("r")
    expect_decided(page, 1)
    page.keyboard.press("f")
    page.locator(".state", has_text="flagged").wait_for()
    page.keyboard.press("c")
    page.keyboard.type("look at this")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".notes", has_text="ann: look at this").wait_for()
    page.keyboard.press("d")
    page.locator("#document .m").first.wait_for()
    page.keyboard.press("Escape")
    page.locator("#document").wait_for(state="hidden")
    page.keyboard.press("/")
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.press("Escape")
    page.keyboard.press("A")
    page.keyboard.press("Enter")
    page.get_by_text("Everything is decided").wait_for()
    actions = sorted(d.action for d in read_decisions(project / "rules") if d.action != "undo")
    assert actions.count("accept") == total  # One was undone, one of all is rejected.
    assert {"reject", "flag", "comment"} <= set(actions)
    page.keyboard.press("?")
    page.get_by_role("dialog").get_by_text("the document beside it").wait_for()


def test_two_tabs_show_the_same(address, project, page):
    other = page.context.new_page()
    watch(other, page.problems)
    for one in (page, other):
        one.goto(address)
        one.wait_for_selector(".card")
    card_of(page, "countriesPeru").get_by_role("button", name="Accept").click()
    expect_decided(page, 1)
    expect_decided(other, 1)
    assert card_of(other, "countriesPeru").count() == 0
    page.keyboard.press("a")
    other.keyboard.press("j")
    other.keyboard.press("r")
    for one in (page, other):
        one.locator("#told", has_text=re.compile("^[23] of")).wait_for()
    assert len(read_decisions(project / "rules")) in {2, 3}


def test_opposite_decisions_can_be_taken_back(project, page):
    with served(project) as address:
        page.goto(address)
        card_of(page, "countriesPeru").get_by_role("button", name="Accept").click()
        expect_decided(page, 1)
        page.goto("about:blank")
    with served(project, "--who", "ben") as address:
        page.goto(address + "#state=accepted")
        card_of(page, "countriesPeru").get_by_role("button", name="Reject").click()
        page.locator("#opposed", has_text="countries Peru").wait_for()
        page.locator("#opposed").get_by_role("button", name="take back").last.click()
        page.locator("#opposed").wait_for(state="hidden")
        page.locator("#told", has_text="1 of").wait_for()
        page.locator(".card .state", has_text="accepted by ann").wait_for()


def test_hostile_text_is_text(address, page):
    page.goto(address)
    card = page.locator(".card", has_text="window.pwned").filter(has_text="agreement_reports").first
    card.wait_for()
    assert HOSTILE.split(" ", maxsplit=1)[0] in card.locator("h3").inner_text()
    card.get_by_role("button", name="Document").click()
    page.locator("#document .said-here").first.wait_for()
    assert len(page.locator("#document .text").text_content()) > 900_000
    assert page.evaluate("window.pwned") is None
    assert page.locator("main script, main img, #document img").count() == 0


@pytest.mark.parametrize("width", [390, 800, 1300])
def test_nothing_leaves_the_page_sideways(address, project, page, width):
    page.set_viewport_size({"width": width, "height": 800})
    pactline(project, "diff", "--html", "page.html")
    for target in (address, (project / "page.html").as_uri()):
        page.goto(target)
        page.wait_for_selector(".card")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_requests_that_were_forged_are_refused(address, project, page):
    parts = urlsplit(address)
    body = json.dumps({"action": "accept", "cause": "cause unknown a side doesn't tell its rules"})

    def ask(method, path, **headers):
        with closing(http.client.HTTPConnection("127.0.0.1", parts.port, timeout=20)) as connection:
            connection.putrequest(method, path, skip_host=True)
            for name, value in {
                "Host": parts.netloc,
                "Content-Length": len(body),
                **headers,
            }.items():
                connection.putheader(name, value)
            connection.endheaders(body.encode())
            return connection.getresponse().status

    decide = parts.path + "decide"
    assert ask("GET", parts.path) == 200
    assert ask("GET", parts.path, Host=f"evil.example:{parts.port}") == 403
    assert ask("GET", "/wrong-token/") == 404
    assert ask("GET", "/") == 404
    assert ask("POST", decide) == 403
    assert ask("POST", decide, Origin="http://evil.example") == 403
    assert ask("POST", "/wrong-token/decide", Origin=f"http://{parts.netloc}") == 404
    page.goto("data:text/html,another page")
    page.evaluate(
        "([url, body]) => fetch(url, {method: 'POST', mode: 'no-cors', body}).catch(() => null)",
        [address + "decide", body],
    )
    page.problems.clear()  # The browser tells that the request was refused.
    assert read_decisions(project / "rules") == []
    assert ask("POST", decide, Origin=f"http://{parts.netloc}") == 200
    assert read_decisions(project / "rules") != []


def test_only_this_machine_is_served(address):
    assert urlsplit(address).hostname == "127.0.0.1"
    assert len(urlsplit(address).path) > 32


# ── the report ──


@pytest.fixture
def report_page(project, page):
    pactline(project, "diff", "--html", "page.html")
    page.goto((project / "page.html").as_uri())
    page.wait_for_selector(".card")
    return page


def test_facets_filter_and_the_address_keeps_them(report_page):
    total = count(report_page)
    report_page.get_by_role("checkbox", name="countries").check()
    assert count(report_page) == 4
    assert "table=countries" in report_page.url
    report_page.get_by_role("searchbox").fill("chile")
    assert count(report_page) == 1
    report_page.reload()
    report_page.wait_for_selector(".card")
    assert count(report_page) == 1
    assert report_page.get_by_role("checkbox", name="countries").is_checked()
    report_page.get_by_role("button", name="Clear filters").click()
    assert count(report_page) == total


def test_the_report_has_both_values_and_the_marks(report_page):
    field = report_page.locator(".card.changed .field").first
    assert field.locator("del").inner_text() == "proposed"
    assert field.locator("ins").inner_text() == "signed"


def test_the_report_is_read_with_keys_and_printed(report_page):
    report_page.keyboard.press("j")
    report_page.keyboard.press("j")
    assert report_page.evaluate("document.activeElement.className").startswith("card")
    report_page.keyboard.press("/")
    assert report_page.evaluate("document.activeElement.id") == "search"
    report_page.emulate_media(media="print")
    assert not report_page.locator("nav").is_visible()
    assert len(report_page.pdf()) > 10_000


def test_hostile_text_in_the_report_is_text(report_page):
    assert report_page.evaluate("window.pwned") is None
    assert report_page.locator(".card", has_text="window.pwned").count() > 0
    assert report_page.locator("main script, main img").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_in_light_and_dark(report_page, scheme):
    report_page.emulate_media(color_scheme=scheme)
    for selector in ("h1", ".card h3", ".aside", "del", "ins", ".quote"):
        ratio = report_page.locator(selector).first.evaluate(_CONTRAST)
        assert ratio >= 4.5, (selector, ratio)


_CONTRAST = """(node) => {
  const light = (colour) => {
    const parts = colour.match(/[\\d.]+/g).map(Number);
    const linear = parts.slice(0, 3).map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  let ground = node;
  while (/rgba\\(.*, 0\\)|transparent/.test(getComputedStyle(ground).backgroundColor)) ground = ground.parentElement;
  const [one, two] = [light(getComputedStyle(node).color), light(getComputedStyle(ground).backgroundColor)].sort((a, b) => b - a);
  return (one + 0.05) / (two + 0.05);
}"""
