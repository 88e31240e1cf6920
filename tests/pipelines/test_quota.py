"""The ledger of calls: right across restarts, processes and midnight."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from graphs.errors import QuotaExhausted
from pipelines.quota import Ledger, Spent

NOON = datetime(2024, 3, 5, 12, tzinfo=UTC)


def ledger(folder: Path, calls: int = 3, now: datetime = NOON) -> Ledger:
    return Ledger(folder, "comtrade", calls, lambda: now)


def test_calls_are_counted_until_none_is_left(tmp_path: Path) -> None:
    book = ledger(tmp_path)
    for left in (2, 1, 0):
        book.spend()
        assert book.left() == left
    with pytest.raises(QuotaExhausted, match=r"comtrade \(3 calls\) is spent: run .* after 2024-03-06 00:00 UTC"):
        book.spend()
    assert book.spent() == 3


def test_a_restart_remembers(tmp_path: Path) -> None:
    ledger(tmp_path).spend()
    assert ledger(tmp_path).spent() == 1


def test_a_new_utc_day_brings_a_new_allowance(tmp_path: Path) -> None:
    late = ledger(tmp_path, 1, datetime(2024, 3, 5, 23, 59, tzinfo=UTC))
    late.spend()
    assert late.left() == 0
    assert ledger(tmp_path, 1, datetime(2024, 3, 6, 0, 0, tzinfo=UTC)).left() == 1


def test_a_call_that_never_left_is_given_back(tmp_path: Path) -> None:
    book = ledger(tmp_path, 1)
    book.give_back(book.spend())
    assert book.left() == 1
    book.spend()


def test_what_the_source_says_counts_more_than_our_own_count(tmp_path: Path) -> None:
    ledger(tmp_path).close(NOON + timedelta(hours=15))
    assert ledger(tmp_path).left() == 0
    with pytest.raises(Spent, match="2024-03-06 03:00") as caught:
        ledger(tmp_path).spend()
    assert caught.value.until == NOON + timedelta(hours=15)
    assert ledger(tmp_path).spent() == 0
    assert ledger(tmp_path, now=NOON + timedelta(hours=15)).left() == 3


def test_sources_have_their_own_books(tmp_path: Path) -> None:
    Ledger(tmp_path, "comtrade", 1, lambda: NOON).spend()
    assert Ledger(tmp_path, "comtrade-2", 1, lambda: NOON).left() == 1


def test_a_line_that_a_power_cut_left_open_spoils_no_other(tmp_path: Path) -> None:
    ledger(tmp_path).spend()
    with (tmp_path / "comtrade" / "2024-03-05.log").open("a") as log:
        log.write("\n+ 0123")
    ledger(tmp_path).spend()
    assert ledger(tmp_path).spent() == 3  # the torn line counts as a call that may have been made


SPEND = """
import sys
from pathlib import Path
from graphs.errors import QuotaExhausted
from pipelines.quota import Ledger
made = 0
for _ in range(50):
    try:
        Ledger(Path(sys.argv[1]), "comtrade", 120).spend()
        made += 1
    except QuotaExhausted:
        pass
print(made)
"""


def test_processes_at_once_never_spend_more_than_there_is(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SPEND, str(tmp_path)]
    children = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    made = [int(child.communicate()[0]) for child in children]
    assert sum(made) == 120
