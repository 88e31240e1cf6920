"""What the user chose, from options, settings and the home's memory."""

import os
from datetime import date
from pathlib import Path

import pytest

from graphs.errors import InputError
from pipelines.analysis import Analysis
from pipelines.choice import Choice, from_environment


def test_an_option_goes_before_a_setting(tmp_path: Path) -> None:
    environment = {"ORETRACE_DATA": f"a{os.pathsep}b", "ORETRACE_ONLY_DATA": "yes", "ORETRACE_AS_OF": "2020-01-01"}
    assert from_environment(environment) == Choice(("a", "b"), True, "2020-01-01")
    assert Choice(as_of="latest").over(from_environment(environment)) == Choice(("a", "b"), True, "latest")
    assert from_environment({}).is_empty


def test_saying_nothing_keeps_the_analysis(tmp_path: Path) -> None:
    before = Analysis(data=(str(tmp_path),), only_data=True, as_of=date(2020, 1, 1))
    assert Choice().applied(before) == before


def test_data_replaces_data_and_whether_it_stands_alone(tmp_path: Path) -> None:
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    one.touch()
    other.touch()
    before = Analysis(data=(str(one),), only_data=True)
    assert Choice(data=(str(other), str(other))).applied(before) == Analysis(data=(str(other),), only_data=False)
    assert Choice(only_data=False).applied(before) == Analysis(data=(str(one),), only_data=False)


def test_relative_paths_become_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "trade").mkdir()
    monkeypatch.chdir(tmp_path)
    assert Choice(data=("trade",)).applied(Analysis()).data == (str(tmp_path / "trade"),)


def test_the_latest_day_forgets_an_earlier_one() -> None:
    assert Choice(as_of="latest").applied(Analysis(as_of=date(2020, 1, 1))).as_of is None
    assert Choice(as_of="2021-02-03").applied(Analysis()).as_of == date(2021, 2, 3)


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        (Choice(data=("/no/such/file.csv",)), "there is no file or folder /no/such/file.csv"),
        (Choice(only_data=True), "name at least one file or folder with --data"),
        (Choice(as_of="2021-13-01"), "is not a day: write it like 2024-06-30"),
    ],
)
def test_what_cannot_be_is_refused(chosen: Choice, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        chosen.applied(Analysis())


def test_a_setting_that_is_neither_yes_nor_no() -> None:
    with pytest.raises(InputError, match="ORETRACE_ONLY_DATA is 'perhaps'"):
        from_environment({"ORETRACE_ONLY_DATA": "perhaps"})
