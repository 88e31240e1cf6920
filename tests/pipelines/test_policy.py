"""Words that no output may carry."""

import ast
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.errors import InputError
from pipelines.policy import check, forbidden, lint
from tests.conftest import REPOSITORY


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("An illegal flow", ["illegal"]),
        ("Smuggling and money-laundering", ["smuggling", "laundering"]),
        ("FRAUDULENT papers", ["fraudulent"]),
        ("a crime, a criminal, two thieves", ["crime", "criminal", "thieves"]),
        ("suspected tax evasion", ["suspected", "evasion"]),
        ("The exporter conceals its stolen goods", ["conceals", "stolen"]),
    ],
)
def test_forbidden_words_are_found_in_any_form(text: str, found: list[str]) -> None:
    assert lint(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "An implausible flow: 50 M USD is apparently unmatched.",
        "unrecorded supply: own output, unrecorded imports, scrap or stock",
        "criminologists read it",  # a profession, not a verdict
        "a corrupt file",  # a file, not a person
        "imports during a ban",
        "",
    ],
)
def test_calm_words_pass(text: str) -> None:
    assert lint(text) == []


@given(st.text(alphabet="abcdefghilmnorstu gSF-"))
def test_column_and_text_agree(text: str) -> None:
    column = pl.DataFrame({"sentence": [text]}).select(forbidden("sentence")).item()
    assert column == bool(lint(text))


def test_null_text_is_clean() -> None:
    assert pl.DataFrame({"t": [None]}, schema={"t": pl.String}).select(forbidden("t")).item() is False


def test_check_hands_back_a_clean_text_and_refuses_another() -> None:
    assert check("a gap", "the sentence") == "a gap"
    with pytest.raises(InputError, match="the sentence says 'fraud'"):
        check("a fraud", "the sentence")


def test_what_channels_and_causes_say_is_clean() -> None:
    from models.flows.channels import CHANNELS
    from models.flows.ordinary import CAUSES, meaning

    sentences = [text for one in CHANNELS.values() for text in (one.meaning, one.needs)]
    sentences += [meaning(cause) for cause in CAUSES]
    assert len(sentences) >= 12 + 14
    assert {text: lint(text) for text in sentences if lint(text) or not text} == {}


def _texts(file: Path) -> list[str]:
    """Every text in a module: messages, names shown to people, docstrings."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]


@pytest.mark.parametrize("package", ["graphs", "models", "pipelines"])
def test_no_text_in_the_code_carries_such_a_word(package: str) -> None:
    files = [one for one in sorted((REPOSITORY / package).rglob("*.py")) if one.name != "policy.py"]
    # Of an invented world, and of schemes that were planted, the truth is known, and it may be said.
    known = [REPOSITORY / "models" / name for name in ("planting", "world")]
    files = [one for one in files if not any(one.is_relative_to(folder) for folder in known)]
    texts = [(file.name, text) for file in files for text in _texts(file)]
    assert len(texts) > 50
    assert [(name, found) for name, text in texts if (found := lint(text))] == []


def test_tables_of_text_are_clean() -> None:
    files = sorted((REPOSITORY / "graphs").rglob("*.csv"))
    assert files
    assert [(one.name, found) for one in files if (found := lint(one.read_text(encoding="utf-8")))] == []
