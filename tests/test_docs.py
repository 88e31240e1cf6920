"""What the documents say is so: the reference is the code's own, every command shown is real, every word is calm."""

import importlib
import inspect
import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, get_args, get_type_hints

import polars as pl
import pytest
import typer

from graphs.events import BANS
from graphs.families import FAMILIES
from graphs.flags import Flag
from graphs.questions.catalogue import questions
from graphs.tables import TABLES
from models.flows.channels import CHANNELS, Channel
from models.flows.ordinary import CAUSES
from models.world.words import ARTEFACT_WORDS, SCHEME_WORDS
from pipelines import cli, reference
from pipelines.commands.catalogue import commands
from pipelines.commands.options import NOTHING_FOUND
from pipelines.definitions import codes
from pipelines.home import FOLDERS, Home
from pipelines.policy import lint
from pipelines.settings import DEFAULT_HOME
from pipelines.views import wording
from pipelines.world import truth_files
from tests.conftest import REPOSITORY
from tests.pipelines import small_trade

DOCS = REPOSITORY / "docs"
PROSE = [REPOSITORY / "README.md", *sorted(DOCS.glob("*.md"))]
TEXTS = [*PROSE, REPOSITORY / "CHANGELOG.md", REPOSITORY / "NOTICE"]
PACKAGES = ("graphs", "models", "pipelines", "benchmarks")
READING = frozenset({"alerts", "explain", "flows", "sources", "changes", "history"})
"""Commands that only read, so that a test may run whatever a document shows of them."""
REAL_DATA = "ORETRACE_DATA_DIR"
"""Where tests and benchmarks find real data; no setting of the program."""
MADE_BY_BENCH = "docs/benchmarks.md"
AVOIDED = re.compile(r"<!-- words to avoid -->(.*?)<!-- end of words to avoid -->", re.DOTALL)
TRUTH = re.compile(r"<!-- names in the truth -->(.*?)<!-- end of names in the truth -->", re.DOTALL)
"""Of an invented world the truth is known, and may be said."""
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
           "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
           "twenty-one", "twenty-two", "twenty-three", "twenty-four", "twenty-five", "twenty-six", "twenty-seven",
           "twenty-eight", "twenty-nine", "thirty")  # fmt: skip


class Shown(NamedTuple):
    """A command line that a document shows."""

    where: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.where}: oretrace {' '.join(self.words)}"


def fences(text: str, language: str = r"\w*") -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def spans(text: str) -> list[str]:
    """Inline code outside fences."""
    bare = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    return [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", bare)]


def command_lines(text: str) -> Iterator[tuple[str, ...]]:
    """Arguments of every line in a fence that calls oretrace."""
    for block in fences(text):
        for line in block.replace("\\\n", " ").splitlines():
            if found := re.match(r"\s*(?:\$ )?(?:\w+=\S+ )*(?:\S*/)?oretrace(?: (.*))?$", line):
                yield tuple(shlex.split(found.group(1) or "", comments=True))


def source_code() -> str:
    files = [file for package in PACKAGES for file in sorted((REPOSITORY / package).rglob("*.py"))]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


PROSE_TEXT = {file.name: file.read_text(encoding="utf-8") for file in PROSE}
SHOWN = [Shown(name, words) for name, text in PROSE_TEXT.items() for words in command_lines(text)]
PLACEHOLDERS = {one.name for command in commands().values() for one in command.options} | {"COMMAND", "..."}


def parse(words: tuple[str, ...]) -> tuple[str, dict[str, Any]]:
    """Name and values of a command line, by the command line itself. Raises where it is not one."""
    group: Any = typer.main.get_command(cli.app)
    outer = group.make_context("oretrace", list(words))
    rest = [*outer._protected_args, *outer.args]
    if not rest:
        return "", outer.params
    name, command, arguments = group.resolve_command(outer, rest)
    return name, command.make_context(name, arguments, parent=outer).params


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to work in, with a home at the default place, made by a real run over a small file of invented trade."""
    folder = tmp_path_factory.mktemp("newcomer")
    data = small_trade.write(
        folder / "small.csv", small_trade.rows(codes=("260400", "710812"), years=range(2012, 2020))
    )
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("ORETRACE_")]:
            patch.delenv(name)
        assert cli.main(["--home", str(folder / DEFAULT_HOME), "run", "--only-data", "--data", str(data)]) == 0
    return folder


@pytest.fixture
def at_place(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("ORETRACE_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(place)
    return place


def without_home(words: tuple[str, ...]) -> list[str]:
    """The words without `--home DIR`, so that they are about the default home."""
    kept = list(words)
    while "--home" in kept:
        at = kept.index("--home")
        del kept[at : at + 2]
    return [word for word in kept if not word.startswith("--home=")]


# The reference is the code's own.


def test_the_reference_is_what_the_code_says() -> None:
    written = (DOCS / "reference.md").read_text(encoding="utf-8")
    assert written == reference.document(), "run `python -m pipelines.reference` and commit docs/reference.md"


def test_the_reference_is_written_where_it_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert reference.DOCUMENT == DOCS / "reference.md"
    monkeypatch.setattr(reference, "DOCUMENT", tmp_path / "docs" / "reference.md")
    assert reference.main() == 0
    assert (tmp_path / "docs" / "reference.md").read_text(encoding="utf-8") == reference.document()


def test_a_cell_cannot_break_its_table() -> None:
    text = reference.table(["a", "b"], [("one | two", "three\n  four"), (5, None)])
    assert text == "| a | b |\n| --- | --- |\n| one \\| two | three four |\n| 5 |  |"


def headed(level: int) -> set[str]:
    """Code in the reference's headings of this level."""
    return set(re.findall(rf"^{'#' * level} `([^`]+)`", PROSE_TEXT["reference.md"], re.MULTILINE))


def rows_of(section: str) -> set[str]:
    """First cells, in code, of the tables in a section of the reference."""
    found = re.search(rf"^#+ {section}\n(.*?)(?=^## |\Z)", PROSE_TEXT["reference.md"], re.DOTALL | re.MULTILINE)
    assert found, f"the reference has no section {section}"
    return set(re.findall(r"^\| `([^`]+)` \|", found.group(1), re.MULTILINE))


def test_every_table_channel_and_command_has_a_heading() -> None:
    called = {f"oretrace {name}".strip() for name in commands()}
    assert headed(3) == {*TABLES, *CHANNELS, *called}


def test_every_cause_flag_family_setting_and_asset_has_a_row() -> None:
    assert rows_of("Ordinary causes") == set(CAUSES)
    assert rows_of("Flags") == {one.name.lower() for one in Flag if one.name}
    assert rows_of("Commodity families") >= set(FAMILIES)
    assert rows_of("Settings") == set(re.findall(r"ORETRACE_[A-Z_]+\b(?<!_)", source_code())) - {REAL_DATA}
    assert rows_of("Dagster") >= set(codes())
    assert rows_of("Between them") == set(FOLDERS) - set(TABLES)


def test_every_ban_stands_with_its_act() -> None:
    lines = [line for line in PROSE_TEXT["reference.md"].splitlines() if line.startswith("| ")]
    for ban in BANS:
        assert any(ban.citation in line and str(ban.start) in line and ban.prefixes[0] in line for line in lines)


@pytest.mark.parametrize("name", TABLES)
def test_every_column_has_a_meaning(name: str) -> None:
    schema: Any = TABLES[name]
    assert [column for column in schema.columns() if not reference.column_meaning(schema, column)] == []


def test_every_intermediate_table_and_cause_says_what_it_is() -> None:
    text = PROSE_TEXT["reference.md"]
    for name in [*(set(FOLDERS) - set(TABLES)), *CAUSES]:
        assert re.search(rf"^\| `{name}` \| \w", text, re.MULTILINE), f"{name} has no meaning"
    assert set(reference.LEADS) == set(get_args(get_type_hints(Channel)["leads"]))


def test_every_exit_code_is_listed() -> None:
    found = dict(re.findall(r"^\| (\d+) \| (.+) \|$", PROSE_TEXT["reference.md"].partition("## Settings")[0], re.M))
    codes_in_code = (
        cli.FINE,
        NOTHING_FOUND,
        cli.BAD_INPUT,
        cli.NOT_FETCHED,
        cli.UNUSABLE,
        cli.LIMIT,
        cli.BUG,
        cli.INTERRUPTED,
    )
    assert set(found) == {str(code) for code in codes_in_code}


# Every command that a document shows is real.


def test_documents_show_commands() -> None:
    assert {shown.where for shown in SHOWN} >= {"README.md", "reading-an-alert.md", "operating.md"}
    assert any(set(shown.words) & READING for shown in SHOWN)


@pytest.mark.parametrize("shown", SHOWN, ids=str)
def test_a_shown_command_line_can_be_typed(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORETRACE_REVIEWER", "Ada")
    name, _ = parse(shown.words)
    assert name in commands()


@pytest.mark.parametrize(
    "words", [("alert",), ("alerts", "--exporters", "IDN"), ("explain",), ("--hom", "x", "sources")], ids=str
)
def test_a_command_that_is_none_is_found_out(words: tuple[str, ...]) -> None:
    with pytest.raises(Exception, match=r"(?i)no such|missing"):
        parse(words)


@pytest.mark.parametrize("name", PROSE_TEXT)
def test_commands_and_options_named_in_a_sentence_exist(name: str) -> None:
    known = commands()
    every = {word for one in known.values() for word in option_words(one.name)} | {"--help"}
    for span in spans(PROSE_TEXT[name]):
        words = re.split(r"[\s=,]+", span)
        options = {word for word in words if word.startswith("--")}
        if words[0] == "oretrace":
            named = next((word for word in words[1:] if word in known), "")
            assert named or all(word.startswith("-") for word in words[1:]), f"{name}: `{span}` is no command"
            assert options <= option_words(named) | option_words("") | {"--help"}, f"{name}: `{span}`"
        elif span.startswith("--"):
            assert options <= every, f"{name}: `{span}` is no option"


def test_commands_named_in_messages_exist() -> None:
    """What an error tells people to type, and what a docstring calls it."""
    named = re.findall(r"`oretrace ([^`{]+)", source_code())
    assert len(named) > 10
    for text in named:
        if text.split()[0] in PLACEHOLDERS:
            continue
        words = re.split(r"[\s=,]+", text.strip())
        found = next((word for word in words if word in commands()), None)
        assert found, f"`oretrace {text}` is no command"
        known = option_words(found) | option_words("")
        assert {word for word in words if word.startswith("--")} <= known, f"`oretrace {text}`"
        arguments = [word for word in words[words.index(found) + 1 :] if not word.startswith("-")]
        takes = any(not one.name.startswith("-") for one in commands()[found].options)
        assert takes or not arguments or "--" in text, f"`oretrace {text}`: {found} takes no {arguments[0]}"


def option_words(command: str) -> set[str]:
    own = {word for one in commands()[command].options for word in re.findall(r"--[\w-]+", one.name)}
    asked = {f"--{one.name.replace('_', '-')}" for question in questions().values() for one in question.parameters}
    return own | asked if command == "ask" else own


def test_a_shown_command_that_reads_can_be_run(at_place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever country or rank it names, it finds something or says that it found nothing."""
    codes_seen = set()
    for shown in SHOWN:
        if parse_name(shown) not in READING or PLACEHOLDERS & set(shown.words):
            continue
        code = cli.main(without_home(shown.words))
        _, err = capsys.readouterr()
        assert code in (cli.FINE, NOTHING_FOUND), f"{shown} ends with {code}: {err}"
        assert err.count("\n") <= 1, str(shown)
        codes_seen.add(code)
    assert cli.FINE in codes_seen


def parse_name(shown: Shown) -> str:
    return next((word for word in without_home(shown.words) if not word.startswith("-")), "")


@pytest.mark.parametrize("name", PROSE_TEXT)
def test_python_in_a_document_runs(name: str, at_place: Path) -> None:
    for block in fences(PROSE_TEXT[name], "python"):
        exec(compile(block, name, "exec"), {})


def test_every_channel_stands_in_the_readme_by_its_name_and_its_word_for_the_command() -> None:
    rows = re.findall(r"^\| ([\w, -]+) \| `(\w+)` \| .+ \|$", PROSE_TEXT["README.md"], re.MULTILINE)
    assert {word: name for name, word in rows} == {word: wording.CHANNELS[word] for word in CHANNELS}
    listed = next(one.meaning for one in commands()["alerts"].options if one.name.startswith("--channel"))
    assert [word for word in CHANNELS if word not in listed] == []


def test_machine_readable_alerts_have_the_columns_that_the_reference_lists(at_place: Path) -> None:
    assert cli.main(["alerts", "--all", "--format", "csv", "--out", "all.csv"]) == 0
    header = (at_place / "all.csv").read_text().splitlines()[0].split(",")
    listed = re.search(r"columns in this order: (.*)\.\n", PROSE_TEXT["reference.md"])
    assert listed
    assert re.findall(r"`(\w+)`", listed.group(1)) == header


def test_tables_lie_where_the_reference_says(place: Path) -> None:
    home = Home.open(place / DEFAULT_HOME)
    stored = re.findall(r"`((?:tidy|scores|alerts)/[\w/]+)\.parquet`", PROSE_TEXT["reference.md"])
    assert len(stored) > 15
    for path in stored:
        if path != "tidy/comtrade/YEAR":  # asked of UN Comtrade only
            assert list(home.path.glob(f"{path.replace('YEAR', '*').replace('FAMILY', '*')}.parquet")), path
    gold = pl.read_parquet_metadata(home.table_path("flows", "gold").path)
    assert {f"oretrace.{one}" for one in ("code", "inputs", "content")} <= set(gold)


# Whatever else a document names is there.


@pytest.mark.parametrize("name", PROSE_TEXT)
def test_make_targets_exist(name: str) -> None:
    targets = set(re.findall(r"^(\w+):", (REPOSITORY / "Makefile").read_text(), re.MULTILINE))
    code = "\n".join([*fences(PROSE_TEXT[name]), *spans(PROSE_TEXT[name])])
    assert set(re.findall(r"^make (\w+)", code, re.MULTILINE)) <= targets


@pytest.mark.parametrize("name", PROSE_TEXT)
def test_modules_files_and_settings_exist(name: str) -> None:
    every = spans(PROSE_TEXT[name])
    for span in every:
        for dotted in re.findall(r"\b(?:graphs|models|pipelines)(?:\.\w+)+", span):
            assert is_there(dotted), f"{name} names {dotted}"
        for path in re.findall(rf"^(?:docs|tests|dagster_home|{'|'.join(PACKAGES)})/[\w./-]*", span):
            assert (REPOSITORY / path).exists() or path == MADE_BY_BENCH, f"{name} names {path}"
    known = set(re.findall(r"ORETRACE_[A-Z_]+", source_code())) | {REAL_DATA}
    assert set(re.findall(r"ORETRACE_[A-Z_]*[A-Z]", PROSE_TEXT[name])) <= known


def is_there(dotted: str) -> bool:
    """True for a module, or something in one."""
    try:
        importlib.import_module(dotted)
    except ModuleNotFoundError:
        module, _, name = dotted.rpartition(".")
        return bool(module) and hasattr(importlib.import_module(module), name)
    return True


@pytest.mark.parametrize("name", [name for name in PROSE_TEXT if name != "reference.md"])
def test_names_in_code_are_names_in_the_code(name: str) -> None:
    words = {word for span in spans(PROSE_TEXT[name]) for word in re.findall(r"\b[a-z]+(?:_[a-z0-9]+)+\b", span)}
    known = set(re.findall(r"\w+", source_code() + (REPOSITORY / "Makefile").read_text()))
    known |= set(re.findall(r"\w+", " ".join(fences(PROSE_TEXT[name]))))
    known |= {one.name for question in questions().values() for one in (*question.parameters, *question.columns)}
    assert {word for word in words if word not in known and not (REPOSITORY / word).exists()} == set()


@pytest.mark.parametrize("name", PROSE_TEXT)
def test_links_lead_somewhere(name: str) -> None:
    folder = REPOSITORY if name == "README.md" else DOCS
    for target in re.findall(r"\]\(([^)\s]+)\)", PROSE_TEXT[name]):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        file = (folder / path) if path else folder / name
        assert file.exists(), f"{name} links to {target}"
        if not anchor:
            continue
        headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
        slugs = {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}
        assert anchor in slugs, f"{name} links to {target}"


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: file.name)
def test_counts_in_words_are_right(file: Path) -> None:
    counts = {"ordinary causes": len(CAUSES), "channels": len(CHANNELS)}
    found = re.findall(rf"\b({'|'.join(NUMBERS)})\s+(ordinary causes|channels)\b", file.read_text().lower())
    assert [(word, what) for word, what in found if NUMBERS.index(word) + 1 != counts[what]] == []


# Every word is calm.


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: file.name)
def test_documents_accuse_nobody(file: Path) -> None:
    assert lint(TRUTH.sub("", AVOIDED.sub("", file.read_text(encoding="utf-8")))) == []


def test_every_scheme_and_artefact_of_the_world_is_named_with_its_meaning() -> None:
    listed = TRUTH.search(PROSE_TEXT["world.md"])
    assert listed
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", listed.group(1), re.MULTILINE)
    assert rows == [*SCHEME_WORDS.items(), *ARTEFACT_WORDS.items()]


def test_every_truth_table_is_named() -> None:
    section = PROSE_TEXT["world.md"].partition("| in `truth/` |")[2].partition("##")[0]
    named = set(re.findall(r"`(\w+)`", section))
    assert named == set(re.findall(r'^        "(\w+)": ', inspect.getsource(truth_files.tables), re.MULTILINE))


def test_words_to_avoid_are_those_that_the_lint_refuses() -> None:
    listed = AVOIDED.search(PROSE_TEXT["reading-an-alert.md"])
    assert listed
    words = spans(listed.group(1))
    assert len(words) > 10
    assert [word for word in words if lint(word) != [word]] == []
    replies = " ".join(line.split("|")[2] for line in listed.group(1).splitlines() if line.startswith("| `"))
    assert lint(replies) == []
