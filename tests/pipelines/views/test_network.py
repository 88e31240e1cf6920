"""The page of a network: nothing from elsewhere, nothing that a name could run, nothing left out in silence."""

import base64
import hashlib
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser

import polars as pl
import pytest

from graphs.ego import MORE, Focus, ego
from pipelines.policy import lint
from pipelines.views.network import data, embedded, page
from pipelines.views.network_layout import NARROW, WIDE, layout
from pipelines.views.network_words import CAVEAT, NONE, SILENT, UNKNOWN, declared
from tests.graphs.ego_rows import HOSTILE, alert, alert_ids, flow, tables
from tests.graphs.ego_rows import declared as both

ABOUT = {"sources": "BACI", "licences": "Etalab 2.0", "as_of": "2025-12-31", "snapshot": "0123456789abcdef"}
BROWSER = next((one for one in ("chromium", "chromium-browser", "google-chrome") if shutil.which(one)), None)


class Page(HTMLParser):
    """Elements, their attributes and their text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag in ("script", "style", "title", "h1", "p", "li", "dd", "dt", "summary", "td", "span"):
            self.open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag):
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_data(self, text):
        if self.open:
            self.texts[self.open[-1]][-1] += text


def star(partners=30, **names):
    rows = [flow("CEN", f"P{at:02}", 2020, 1000.0 - at) for at in range(partners)]
    rows += [flow(f"P{at:02}", "CEN", 2020, 2000.0) for at in range(0, partners, 2)]
    return tables(*rows, names=names)


AROUND = Focus(area="CEN", family="gold", year=2020)


@pytest.fixture(scope="module")
def hostile_page() -> str:
    names = {f"H{at:02}": name for at, name in enumerate(HOSTILE)}
    rows = [flow(code, "H00", 2020, 50.0 - at) for at, code in enumerate(names)]
    rows += [both("H01", "H00", 2021, 1.0, 2.0, source="baci")]
    known = [alert(rows[1]["flow_id"], 2, sentence=HOSTILE[2], channel=HOSTILE[3])]
    found = ego(tables(*rows, names=names, alerts=known), Focus(area="H00", year=2020), most=10)
    return page(found, {"sources": HOSTILE[3], HOSTILE[2]: HOSTILE[5]})


def test_the_file_names_no_address():
    """Addresses may stand in the licence comments of vis-network and as the name of the SVG namespace; nowhere else.

    Comments are taken out first; what is left may hold neither a scheme nor a protocol-relative address.
    """
    text = page(ego(star(), AROUND), ABOUT)
    assert "Almende B.V" in text  # the licence comment is there
    code = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL).replace("http://www.w3.org/2000/svg", "")
    assert re.findall(r".{0,40}(?:https?:|//).{0,40}", code) == []
    for tag, attributes in Page(text).elements:
        assert tag not in ("link", "iframe", "img", "base", "object", "embed", "a")
        for name, value in attributes.items():
            assert not name.startswith("on")
            assert name not in ("src", "action", "data")
            assert name != "href" or str(value).startswith("#")


def test_the_policy_allows_these_scripts_and_nothing_else():
    parsed = Page(page(ego(star(), AROUND), ABOUT))
    (policy,) = [one["content"] for tag, one in parsed.elements if one.get("http-equiv") == "Content-Security-Policy"]
    allowed = {
        name: parts.split() for name, _, parts in (one.strip().partition(" ") for one in (policy or "").split(";"))
    }
    assert allowed["default-src"] == allowed["connect-src"] == ["'none'"]
    run = [text for text, (_, one) in zip(parsed.texts["script"], scripts(parsed), strict=True) if "type" not in one]
    assert allowed["script-src"] == [f"'{sha256(one)}'" for one in run]
    assert allowed["style-src"] == [f"'{sha256(parsed.texts['style'][0])}'"]


def scripts(parsed: Page) -> list[tuple[str, dict[str, str | None]]]:
    return [one for one in parsed.elements if one[0] == "script"]


def sha256(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_hostile_names_are_text_everywhere(hostile_page):
    parsed = Page(hostile_page)
    assert len(scripts(parsed)) == 3
    assert [tag for tag, _ in parsed.elements if tag == "img"] == []
    told = json.loads(parsed.texts["script"][0])
    names = {one["id"]: one["label"] for one in told["nodes"]}
    assert all(names[code] == HOSTILE[int(code[1:])] for code in names if code != MORE)
    assert parsed.texts["title"] == [f"Trade around {HOSTILE[0]}"]
    assert parsed.texts["dd"] == [HOSTILE[3], HOSTILE[5]]
    assert HOSTILE[2] in next(iter(told["alerts"].values()))
    listed = [one.strip() for one in parsed.texts["li"]]
    assert any(one.startswith(HOSTILE[11]) for one in listed)  # among the areas that are drawn as one node


def test_json_in_a_page_cannot_end_its_script():
    text = embedded({"a": "</script><!--\u2028\u2029&\U0001f600\ud800"})
    assert not set(text) & set("<>&\u2028\u2029")
    assert text.isascii()
    assert json.loads(text) == {"a": "</script><!--\u2028\u2029&\U0001f600\ud800"}


def test_what_is_not_drawn_one_by_one_is_named_with_its_value():
    found = ego(star(), AROUND, most=10)
    told = data(found)
    (more,) = [one for one in told["nodes"] if one["id"] == MORE]
    assert more["when"]["2020"]["areas"] == 31 - 9
    assert "buys from Land CEN: " in " ".join(more["when"]["2020"]["lines"])
    parsed = Page(page(found, ABOUT))
    assert "The 22 areas that are drawn as one node" in parsed.texts["summary"]
    assert sum("Land P" in one for one in parsed.texts["li"]) == 22


def test_links_that_are_not_drawn_are_counted():
    rows = [flow("CEN", one, 2020, 9.0) for one in ("AAA", "BBB", "CCC")]
    ties = [flow("AAA", "BBB", 2020, 3e6), flow("BBB", "CCC", 2020, 2e6), flow("CCC", "AAA", 2020, 1e6)]
    told = data(ego(tables(*rows, *ties), AROUND, ties=1))
    assert told["undrawn"]["2020"] == "2 smaller links among the partners, 3.00 M USD, not drawn."


@pytest.mark.parametrize(
    ("counts", "value", "kind", "expected"),
    [
        ((1, 0, 0, 0, 0), 5.0, "country", "5 USD"),
        ((1, 0, 0, 0, 0), 0.0, "country", "0 USD"),
        ((0, 0, 1, 0, 0), None, "country", NONE),
        ((0, 0, 0, 1, 0), None, "country", SILENT),
        ((0, 0, 0, 0, 1), None, "country", UNKNOWN),
        ((0, 0, 0, 1, 0), None, "residual", "no country, so it declares nothing"),
        ((0, 1, 0, 0, 0), None, "country", "declares a mass, no value"),
        ((0, 1, 0, 0, 0), None, "residual", "declares a mass, no value"),
        ((0, 0, 2, 1, 0), None, "country", "declares none (2 of 3); did not report (1 of 3)"),
        ((1, 0, 2, 0, 0), 5.0, "country", "5 USD in 1 of 3 flows; 2 of 3 flows: declares none"),
        ((1, 1, 0, 0, 0), 5.0, "country", "5 USD in 1 of 2 flows; 1 of 2 flows: declares a mass, no value"),
    ],
)
def test_missing_is_said_and_never_zero(counts, value, kind, expected):
    names = ("stated", "weighed", "none", "silent", "unknown")
    row = {f"export_{name}": count for name, count in zip(names, counts, strict=True)} | {"export_value_usd": value}
    assert declared(row, "export", kind) == expected


def test_both_declarations_and_the_level_stand_on_a_link():
    one = both("AAA", "BBB", 2020, None, 4.0)
    mine = [one["flow_id"]]
    levels = pl.LazyFrame({"alert_id": alert_ids(*mine), "flow_id": mine, "claim_level": [2]})
    found = ego(tables(one, alerts=[alert(one["flow_id"], 2)]), Focus(flow_id=one["flow_id"]), levels=levels)
    (link,) = data(found)["edges"]
    told = link["when"]["2020"]
    assert (told["export"], told["import"], told["said"]) == (NONE, "4 USD", "candidate")
    assert (link["from"], link["to"], link["arrows"]) == ("AAA", "BBB", "to")
    assert (
        Page(page(found, ABOUT)).texts["p"][1] == "Candidate, rank 1 of the agnostic list, mirror gap: Alert number 1."
    )


def test_a_flow_that_nobody_judged_is_not_called_ordinary():
    rows = [flow("CEN", "AAA"), flow("CEN", "BBB")]
    mine = [rows[0]["flow_id"]]
    levels = pl.LazyFrame({"alert_id": alert_ids(*mine), "flow_id": mine, "claim_level": [0]})
    with_levels = data(ego(tables(*rows), AROUND, levels=levels))["edges"]
    assert [one["when"]["2020"]["said"] for one in with_levels] == ["ordinary", "not judged"]
    without = data(ego(tables(*rows), AROUND))["edges"]
    assert {one["when"]["2020"]["said"] for one in without} == {"no alert: not judged, or nothing stood out"}


def test_the_page_says_what_it_is_not_and_where_it_comes_from():
    parsed = Page(page(ego(star(), AROUND), ABOUT))
    assert parsed.texts["p"][0] == CAVEAT
    assert dict(zip(parsed.texts["dt"], parsed.texts["dd"], strict=True)) == {
        "sources": "BACI", "licences": "Etalab 2.0", "as of": "2025-12-31", "snapshot": "0123456789abcdef",
    }  # fmt: skip
    said = " ".join(text for tag, texts in parsed.texts.items() if tag not in ("script", "style") for text in texts)
    assert lint(said) == []


def test_residuals_are_told_apart():
    found = ego(tables(flow("CEN", "AAA"), flow("CEN", "_X"), residuals=["_X"]), AROUND)
    kinds = {one["id"]: one["kind"] for one in data(found)["nodes"]}
    assert kinds == {"CEN": "centre", "AAA": "country", "_X": "residual"}
    assert "no country: areas not specified" in [one.strip() for one in Page(page(found, ABOUT)).texts["li"]]


def test_the_same_frames_make_the_same_page_in_any_order():
    rows = [flow("CEN", f"P{at}", 2020, float(at % 3)) for at in range(9)] + [flow("P1", "P2"), flow("P2", "CEN")]
    pages = {page(ego(tables(*order), AROUND, most=6), ABOUT) for order in (rows, rows[::-1])}
    assert len(pages) == 1


@pytest.mark.parametrize("focus", [AROUND, Focus(family="gold", year=2020), Focus(flow_id="baci:CEN:P01:710812:2020")])
@pytest.mark.parametrize("room", [WIDE, NARROW])
def test_no_two_nodes_share_a_place(focus, room):
    found = ego(star(60), focus)
    spots = layout(found, room)
    assert set(found.nodes["id"]) <= set(spots)
    places = [(spots[one].x, spots[one].y) for one in found.nodes["id"]]
    near = [
        (one, other)
        for at, one in enumerate(places)
        for other in places[at + 1 :]
        if abs(one[0] - other[0]) < 40 and abs(one[1] - other[1]) < 14
    ]
    assert near == []


def test_names_do_not_meet():
    """Boxes of 14 px high letters, 7.5 px wide, at most 22 letters with the amount."""
    found = ego(star(60), AROUND)
    spots = layout(found, WIDE)
    boxes = []
    for one in found.nodes["id"]:
        spot, wide = spots[one], 22 * 7.5
        left = {"left": spot.x - 22 - wide, "right": spot.x + 22, "below": spot.x - wide / 2}[spot.side]
        top = spot.y + (38 if spot.side == "below" else -7)
        boxes.append((left, top, left + wide, top + 14))
    assert [
        (one, other)
        for at, one in enumerate(boxes)
        for other in boxes[at + 1 :]
        if one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
    ] == []


@pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine: the page is not run in a browser")
def test_a_browser_draws_the_page_and_runs_nothing_of_a_name(hostile_page, tmp_path):
    (tmp_path / "page.html").write_text(hostile_page, encoding="utf-8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
             "--disable-background-networking", "--disable-component-update", "--virtual-time-budget=4000",
             "--enable-logging=stderr", f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom"]  # fmt: skip
    command = [str(BROWSER), *flags, (tmp_path / "page.html").as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    drawn = Page(done.stdout)
    (root,) = [one for tag, one in drawn.elements if tag == "html"]
    assert root.get("data-ready") == "yes"
    assert "data-hacked" not in root
    assert [one for one in done.stderr.splitlines() if "CONSOLE" in one] == []
    assert any(tag == "canvas" for tag, _ in drawn.elements)
    assert {HOSTILE[2], HOSTILE[3], HOSTILE[8], UNKNOWN} <= set(drawn.texts["td"])


def test_invented_countries_are_told_to_be_none():
    rows = [flow("XAA", "XAB")]
    parsed = Page(page(ego(tables(*rows), Focus(area="XAA", family="gold", year=2020)), ABOUT))
    assert parsed.texts["p"][0].startswith("Codes from XAA to XZZ belong to no real country")
    assert parsed.texts["p"][0].endswith(CAVEAT)
