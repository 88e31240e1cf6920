"""HTTP against a real server on this machine, with the faults that servers have."""

import hashlib
import logging
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from graphs.errors import FetchError
from pipelines.download import download
from pipelines.fetching import Ask, Fetcher, KeyHeader, Patience, Secret, asked_wait_s, progress_bars
from pipelines.quota import Ledger, Spent, utc_now
from tests.pipelines.comtrade_server import KEY, Api, ComtradeServer

QUICK = Patience(connect_s=5, read_s=1.0, total_s=20, attempts=4, first_wait_s=0.01, longest_wait_s=2)
FILE = bytes(range(256)) * 4_000
WRONG = "wrong-key-9876543210"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def api() -> Iterator[Api]:
    with ComtradeServer(files={"/files/v1/a.bin": FILE, "/data/v1/get/C/A/x": b"{}"}) as served:
        yield served


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with Fetcher(QUICK) as made:
        yield made


def public(api: Api, **more: int) -> Ask:
    return Ask(f"{api.base_url}/files/v1/a.bin", "the file", **more)  # type: ignore[arg-type]


def keyed(api: Api, key: str = KEY, path: str = "/data/v1/get/C/A/x") -> Ask:
    return Ask(f"{api.base_url}{path}", "the rows", KeyHeader("Ocp-Apim-Subscription-Key", Secret(key), "THE_KEY"))


def test_a_body_comes_whole(api: Api, fetcher: Fetcher) -> None:
    assert fetcher.get(public(api), bytes) == FILE


@pytest.mark.parametrize("fault", ["429", "500", "502", "503", "cut", "hang up", "slow"])
def test_a_passing_fault_is_asked_again(api: Api, fetcher: Fetcher, fault: str) -> None:
    api.retry_after = "0"
    api.faults.append(fault)
    assert fetcher.get(public(api), bytes) == FILE
    assert len(api.seen) == 2


def test_retry_after_is_honoured(api: Api, fetcher: Fetcher) -> None:
    api.faults.append("429")
    start = time.monotonic()
    fetcher.get(public(api), bytes)
    assert 1.0 <= time.monotonic() - start < 10.0


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("503", r"the file: 127\.0\.0\.1 answered 503 \(Backend is busy\) \(4 attempts\): run the command again"),
        ("cut", r"the file: the connection to 127\.0\.0\.1 was cut \(4 attempts\): run"),
        ("slow", r"the file: 127\.0\.0\.1 did not answer within 1 s \(4 attempts\): run"),
    ],
)
def test_a_lasting_fault_is_one_sentence(api: Api, fetcher: Fetcher, fault: str, sentence: str) -> None:
    api.faults.extend([fault] * 4)
    with pytest.raises(FetchError, match=sentence) as caught:
        fetcher.get(public(api), bytes)
    assert "\n" not in str(caught.value)
    assert len(api.seen) == 4


def test_a_server_that_asks_for_a_long_wait_is_left_alone(api: Api, fetcher: Fetcher) -> None:
    api.retry_after = "3600"
    api.faults.append("429")
    with pytest.raises(FetchError, match=r"is busy \(429\) until \d\d:\d\d UTC"):
        fetcher.get(public(api), bytes)
    assert len(api.seen) == 1


def test_a_server_that_only_drips_is_given_up(api: Api) -> None:
    api.faults.extend(["drip"] * 2)
    patience = Patience(read_s=1, total_s=0.2, attempts=2, first_wait_s=0.01)
    with Fetcher(patience) as hasty, pytest.raises(FetchError, match=r"was still sending after 0\.2 s"):
        hasty.get(public(api), bytes)


def test_no_server_at_all(fetcher: Fetcher, tmp_path: Path) -> None:
    book = Ledger(tmp_path, "comtrade", 10)
    with pytest.raises(FetchError, match=r"no connection to 127\.0\.0\.1 \(4 attempts\)"):
        fetcher.get(Ask("http://127.0.0.1:9/x", "the rows", meter=book), bytes)
    assert book.spent() == 0  # nothing reached the server


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/x", "nonsense", "http://"])
def test_what_is_not_an_address(fetcher: Fetcher, url: str) -> None:
    with pytest.raises(FetchError, match="is not a web address"):
        fetcher.get(Ask(url, "the rows"), bytes)


def test_more_bytes_than_expected_are_refused(api: Api, fetcher: Fetcher) -> None:
    with pytest.raises(FetchError, match=r"sent more than 1\.0 kB"):
        fetcher.get(public(api, max_bytes=1_000), bytes)
    assert len(api.seen) == 1


def test_a_missing_page_is_not_asked_again(api: Api, fetcher: Fetcher) -> None:
    with pytest.raises(FetchError, match=r"answered 404 \(Resource not found\): check what was asked for"):
        fetcher.get(Ask(f"{api.base_url}/files/none", "the rows"), bytes)
    assert len(api.seen) == 1


def test_quota_and_refusal_are_told_apart(api: Api, fetcher: Fetcher) -> None:
    api.faults.extend(["quota", "forbidden"])
    with pytest.raises(Spent, match=r"the allowance is spent \(403\): run the command again after") as caught:
        fetcher.get(keyed(api), bytes)
    assert timedelta(hours=3, minutes=14) < caught.value.until - utc_now() <= timedelta(seconds=11_657)
    with pytest.raises(
        FetchError, match=r"refused access \(403: This product .*\): check the key in THE_KEY"
    ) as refused:
        fetcher.get(keyed(api), bytes)
    assert not isinstance(refused.value, Spent)
    assert len(api.seen) == 2


def test_a_wrong_key_is_named_by_its_setting_and_never_shown(
    api: Api, fetcher: Fetcher, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ask = keyed(api, WRONG)
    with pytest.raises(FetchError, match=r"refused access \(401: .*\): check the key in THE_KEY") as caught:
        fetcher.get(ask, bytes)
    assert api.seen[0].key == WRONG  # the server had it, and sent it back in its message
    assert caught.tb.tb_next  # the frame of this test itself holds the key
    frames = traceback.StackSummary.extract(traceback.walk_tb(caught.tb.tb_next), capture_locals=True)
    trace = "".join(frames.format())
    assert "auth_flow" in trace or "_refuse" in trace
    for text in (str(caught.value), repr(caught.value), repr(ask), trace, caplog.text, repr(Secret(WRONG))):
        assert WRONG not in text


def test_without_a_key(api: Api, fetcher: Fetcher) -> None:
    with pytest.raises(FetchError, match="it wants a key that was not given"):
        fetcher.get(Ask(f"{api.base_url}/data/v1/get/C/A/x", "the rows"), bytes)


def test_the_key_stays_with_its_host(api: Api, fetcher: Fetcher) -> None:
    with ComtradeServer(files={"/files/v1/a.bin": b"other"}) as other:
        api.faults.append(f"redirect {other.base_url}/files/v1/a.bin")
        assert fetcher.get(keyed(api), bytes) == b"other"
        assert (api.seen[0].key, other.seen[0].key) == (KEY, None)


def test_redirects_on_the_same_host_keep_the_key_and_end(api: Api, fetcher: Fetcher) -> None:
    api.faults.append("redirect /data/v1/get/C/A/x")
    assert fetcher.get(keyed(api), bytes) == b"{}"
    assert [one.key for one in api.seen] == [KEY, KEY]
    api.faults.extend(["redirect /data/v1/get/C/A/x"] * 5)
    with pytest.raises(FetchError, match="redirects without end"):
        fetcher.get(keyed(api), bytes)


def test_a_key_is_not_sent_in_the_clear(fetcher: Fetcher) -> None:
    ask = Ask("http://example.invalid/x", "the rows", KeyHeader("K", Secret(KEY), "THE_KEY"))
    with pytest.raises(FetchError, match=r"not sent to example\.invalid without https"):
        fetcher.get(ask, bytes)


@pytest.mark.parametrize(
    ("header", "text", "seconds"),
    [
        ("7", "", 7.0),
        (None, "Rate limit is exceeded. Try again in 2 seconds.", 2.0),
        (None, "Quota will be replenished in 03:14:17.", 11_657.0),
        (None, "Quota will be replenished in 2.00:00:05.", 172_805.0),
        ("soon", "Try again in 9 seconds", 9.0),
        (None, "", None),
    ],
)
def test_how_long_a_server_wants_us_to_wait(header: str | None, text: str, seconds: float | None) -> None:
    assert asked_wait_s(header, text) == seconds


def test_a_date_in_retry_after() -> None:
    later = format_datetime(utc_now() + timedelta(seconds=90))
    assert asked_wait_s(later) == pytest.approx(90, abs=2)


def test_a_download_appears_when_it_is_whole(api: Api, fetcher: Fetcher, tmp_path: Path) -> None:
    target = download(fetcher, public(api), tmp_path / "new" / "a.bin")
    assert target.read_bytes() == FILE
    assert sorted(one.name for one in target.parent.iterdir()) == ["a.bin", "a.bin.lock"]


def test_a_cut_download_goes_on_where_it_was_cut(api: Api, fetcher: Fetcher, tmp_path: Path) -> None:
    api.faults.append("cut")
    assert download(fetcher, public(api), tmp_path / "a.bin").read_bytes() == FILE
    assert api.seen[1].headers["Range"] == f"bytes={len(FILE) // 2}-"


def test_a_file_that_changed_meanwhile_is_fetched_anew(api: Api, fetcher: Fetcher, tmp_path: Path) -> None:
    (tmp_path / "a.bin.part").write_bytes(b"half of the old file")
    (tmp_path / "a.bin.part.json").write_text('{"mark": "\\"v0\\""}')
    assert download(fetcher, public(api), tmp_path / "a.bin").read_bytes() == FILE


@pytest.mark.parametrize("mark", [None, 'W/"weak"'])
def test_without_a_mark_of_the_version_nothing_is_glued(
    api: Api, fetcher: Fetcher, tmp_path: Path, mark: str | None
) -> None:
    api.etag = mark
    api.faults.append("cut")
    assert download(fetcher, public(api), tmp_path / "a.bin").read_bytes() == FILE
    assert "Range" not in api.seen[1].headers


def test_a_part_that_lacked_only_its_name(api: Api, fetcher: Fetcher, tmp_path: Path) -> None:
    (tmp_path / "a.bin.part").write_bytes(FILE)
    (tmp_path / "a.bin.part.json").write_text('{"mark": "\\"v1\\""}')
    assert download(fetcher, public(api), tmp_path / "a.bin").read_bytes() == FILE
    assert len(api.seen) == 1


def test_a_part_longer_than_the_file_is_dropped(api: Api, fetcher: Fetcher, tmp_path: Path) -> None:
    (tmp_path / "a.bin.part").write_bytes(FILE + b"more")
    (tmp_path / "a.bin.part.json").write_text('{"mark": "\\"v1\\""}')
    assert download(fetcher, public(api), tmp_path / "a.bin").read_bytes() == FILE


def test_two_processes_do_not_write_the_same_file(api: Api, fetcher: Fetcher, tmp_path: Path) -> None:
    api.faults.append("drip")
    first = threading.Thread(target=lambda: download(fetcher, public(api), tmp_path / "a.bin"))
    first.start()
    _wait_for(tmp_path / "a.bin.part", 1)
    with Fetcher(QUICK) as second, pytest.raises(FetchError, match="another process is downloading it"):
        download(second, public(api), tmp_path / "a.bin")
    first.join()
    assert (tmp_path / "a.bin").read_bytes() == FILE


DOWNLOAD = """
import sys
from pathlib import Path
from pipelines.download import download
from pipelines.fetching import Ask, Fetcher
with Fetcher() as fetcher:
    download(fetcher, Ask(sys.argv[1], "the file"), Path(sys.argv[2]))
"""


def test_kill_9_in_the_middle_of_a_download_and_the_rerun_completes(api: Api, tmp_path: Path) -> None:
    api.faults.append("drip")
    target = tmp_path / "a.bin"
    command = [sys.executable, "-c", DOWNLOAD, f"{api.base_url}/files/v1/a.bin", str(target)]
    child = subprocess.Popen(command)
    size = _wait_for(tmp_path / "a.bin.part", len(FILE) // 10)
    os.kill(child.pid, signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL
    assert not target.exists()
    subprocess.run(command, check=True)
    assert hashlib.sha256(target.read_bytes()).digest() == hashlib.sha256(FILE).digest()
    start = int(api.seen[1].headers["Range"].removeprefix("bytes=").removesuffix("-"))
    assert start >= size  # only the rest was asked for


def test_the_bar_follows_the_bytes(api: Api, tmp_path: Path) -> None:
    bars = progress_bars(Console(file=StringIO()))
    with bars, Fetcher(QUICK, bars) as fetcher:
        api.faults.append("cut")
        download(fetcher, public(api), tmp_path / "a.bin")
        (task,) = bars.tasks
    assert (task.completed, task.total, task.description) == (len(FILE), len(FILE), "the file")


def _wait_for(file: Path, size: int) -> int:
    end = time.monotonic() + 20
    while not file.exists() or file.stat().st_size < size:
        assert time.monotonic() < end, "the download did not begin in time"
        time.sleep(0.01)
    return file.stat().st_size
