"""The archive: nothing half-written, nothing overwritten, everything checked when read."""

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto.server import ThreadedMotoServer
from upath import UPath

from graphs.errors import DamagedFile, InputError
from pipelines.archive import Archive, Entry

TERMS = {"licence": "CC BY 4.0", "citation": "Somebody (2024)"}


@pytest.fixture(params=["folder", "memory"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Archive:
    if request.param == "folder":
        return Archive(tmp_path / "archive")
    return Archive(UPath(f"memory://archive-{uuid4().hex}"))


def put(archive: Archive, data: bytes, query: str = "q", **more: object) -> Entry:
    return archive.put(data, source="test", query=query, **TERMS, **more)  # type: ignore[arg-type]


def test_bytes_come_back_with_their_origin(archive: Archive) -> None:
    moment = datetime(2024, 5, 6, 7, 8, tzinfo=UTC)
    entry = put(
        archive, b"tin", url_note="somewhere", retrieved=moment, published=date(2024, 1, 2), details={"rows": 3}
    )
    assert archive.read(entry) == b"tin"
    assert entry.sha256 == hashlib.sha256(b"tin").hexdigest()
    assert archive.entries() == [entry] == archive.entries("test")
    assert archive.entries("other") == []
    found = archive.latest("test", "q")
    assert found == entry
    assert found is not None
    assert (found.retrieved, found.published, found.licence, found.citation, found.url_note, found.size_bytes) == (
        moment,
        date(2024, 1, 2),
        "CC BY 4.0",
        "Somebody (2024)",
        "somewhere",
        3,
    )
    assert found.details == {"rows": 3}


def test_objects_are_named_by_their_hash(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    entry = put(archive, b"tin")
    digest = hashlib.sha256(b"tin").hexdigest()
    assert (tmp_path / "objects" / digest[:2] / digest).read_bytes() == b"tin"
    assert Path(archive.path(entry).path) == tmp_path / "objects" / digest[:2] / digest


def test_same_bytes_again_are_no_new_version(archive: Archive) -> None:
    first = put(archive, b"tin")
    assert put(archive, b"tin") == first
    assert archive.versions("test", "q") == [first]


def test_changed_bytes_are_a_new_version_and_the_old_one_stays(archive: Archive) -> None:
    first, second = put(archive, b"tin"), put(archive, b"lead")
    assert archive.versions("test", "q") == [first, second]
    assert archive.latest("test", "q") == second
    assert (archive.read(first), archive.read(second)) == (b"tin", b"lead")


def test_a_source_that_goes_back_to_its_old_bytes_makes_a_third_version(archive: Archive) -> None:
    put(archive, b"tin")
    put(archive, b"lead")
    third = put(archive, b"tin")
    assert archive.latest("test", "q") == third
    assert [one.sha256 for one in archive.versions("test", "q")] == [
        hashlib.sha256(text).hexdigest() for text in (b"tin", b"lead", b"tin")
    ]


def test_a_clock_that_is_set_back_does_not_hide_the_new_version(archive: Archive) -> None:
    put(archive, b"tin", retrieved=datetime.now(UTC) + timedelta(days=1))
    second = put(archive, b"lead")
    assert archive.latest("test", "q") == second


def test_an_answer_that_differs_only_in_what_does_not_matter_is_no_new_version(archive: Archive) -> None:
    first = put(archive, b"rows; took 1 s", content_sha256="rows")
    again = put(archive, b"rows; took 2 s", content_sha256="rows")
    assert again == first
    assert archive.read(again) == b"rows; took 1 s"
    newer = put(archive, b"rows; took 3 s", content_sha256="rows", details={"released": "2024"})
    assert newer.sha256 == first.sha256
    assert archive.latest("test", "q") == newer
    assert put(archive, b"other rows", content_sha256="others").sha256 != first.sha256


def test_the_details_of_two_answers_compare_as_the_manifest_keeps_them(archive: Archive) -> None:
    first = put(archive, b"tin", details={"pairs": (1, 2), 5: "x"})
    assert put(archive, b"tin", details={"pairs": [1, 2], "5": "x"}) == first


def test_queries_are_kept_apart(archive: Archive) -> None:
    one, other = put(archive, b"tin", "a"), put(archive, b"tin", "b")
    assert one.sha256 == other.sha256
    assert [entry.query for entry in archive.entries()] == ["a", "b"]


def test_a_file_is_kept_as_it_is(archive: Archive, tmp_path: Path) -> None:
    file = tmp_path / "big.bin"
    file.write_bytes(os.urandom(3 << 20))
    entry = archive.put(file, source="test", query="q", **TERMS)
    assert entry.size_bytes == 3 << 20
    assert archive.read(entry) == file.read_bytes()


def test_changed_bytes_on_disk_are_noticed(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    entry = put(archive, b"tin")
    archive.path(entry).write_bytes(b"ton")
    with pytest.raises(DamagedFile, match="changed on disk: fetch it again"):
        archive.read(entry)
    archive.path(entry, verify=False).unlink()
    with pytest.raises(DamagedFile, match="is missing: fetch it again"):
        archive.path(entry)


def test_fetching_again_heals_a_damaged_object(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    entry = put(archive, b"tin")
    archive.path(entry).write_bytes(b"ton")
    put(archive, b"tin")
    assert archive.read(entry) == b"tin"


def test_a_damaged_record_is_one_sentence(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    put(archive, b"tin")
    record = next((tmp_path / "manifest").rglob("*.json"))
    record.write_text('{"source": "te')
    with pytest.raises(DamagedFile, match=r"record .* is not readable: delete it"):
        archive.entries()


@pytest.mark.parametrize("name", ["", "../up", "Baci", "a/b", "1x"])
def test_a_source_must_be_a_plain_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="not usable"):
        Archive(tmp_path).put(b"x", source=name, query="q", **TERMS)


@given(st.text(), st.dictionaries(st.text(), st.integers() | st.text()), st.none() | st.dates())
def test_records_read_back_as_written(query: str, details: dict[str, object], published: date | None) -> None:
    moment = datetime(2024, 1, 1, tzinfo=UTC)
    entry = Entry("s", query, "ab", 1, moment, "l", "c", published=published, details=details)
    assert Entry.from_json(entry.to_json()) == entry


def test_what_a_killed_process_left_is_swept_a_day_later(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    old, young = archive.partial / "1-a.writing", archive.partial / "1-b.writing"
    old.write_bytes(b"half")
    young.write_bytes(b"half")
    os.utime(old, (time.time() - 90_000, time.time() - 90_000))
    put(archive, b"tin")
    assert (old.exists(), young.exists()) == (False, True)


PUT = """
import sys
from pipelines.archive import Archive
archive = Archive(sys.argv[1])
archive.put(sys.argv[2], source="test", query="q", licence="l", citation="c")
"""


def test_kill_9_in_the_middle_of_a_put_leaves_nothing_and_the_rerun_completes(tmp_path: Path) -> None:
    root, pipe = tmp_path / "archive", tmp_path / "pipe"
    os.mkfifo(pipe)
    child = subprocess.Popen([sys.executable, "-c", PUT, str(root), str(pipe)])
    with pipe.open("wb", buffering=0) as feed:
        feed.write(b"x" * 100_000)  # the child waits for the rest
        _until(lambda: any(root.glob("partial/*.writing")))
        child.send_signal(signal.SIGKILL)
        assert child.wait() == -signal.SIGKILL
    assert Archive(root).entries() == []
    assert not list(root.glob("objects/*/*"))
    whole = tmp_path / "whole"
    whole.write_bytes(b"x" * 200_000)
    subprocess.run([sys.executable, "-c", PUT, str(root), str(whole)], check=True)
    (entry,) = Archive(root).entries()
    assert Archive(root).read(entry) == b"x" * 200_000


PUT_MANY = """
import sys
from pipelines.archive import Archive
archive = Archive(sys.argv[1])
print("ready", flush=True)
for at in range(400):
    archive.put(f"{at}".encode() * 5_000, source="test", query=f"{at}", licence="l", citation="c")
"""


@pytest.mark.slow
def test_kill_9_at_random_points_never_leaves_a_record_without_its_bytes(tmp_path: Path) -> None:
    dice = random.Random(7)
    reached = 0
    for _ in range(8):
        with subprocess.Popen([sys.executable, "-c", PUT_MANY, str(tmp_path)], stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(dice.uniform(0.0, 0.25))
            child.send_signal(signal.SIGKILL)
            child.wait()
        entries = Archive(tmp_path).entries()
        assert all(Archive(tmp_path).is_intact(entry) for entry in entries)
        assert len(entries) >= reached
        reached = len(entries)
    subprocess.run([sys.executable, "-c", PUT_MANY, str(tmp_path)], check=True, stdout=subprocess.DEVNULL)
    entries = Archive(tmp_path).entries()
    assert sorted(int(entry.query) for entry in entries) == list(range(400))
    named = {entry.sha256 for entry in entries}
    assert {file.name for file in tmp_path.glob("objects/*/*")} == named


def test_several_processes_put_the_same_bytes_at_once(tmp_path: Path) -> None:
    code = PUT_MANY.replace("range(400)", "range(20)")
    children = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.DEVNULL) for _ in range(3)
    ]
    assert [child.wait() for child in children] == [0, 0, 0]
    archive = Archive(tmp_path)
    assert {entry.query for entry in archive.entries()} == {str(at) for at in range(20)}
    assert all(archive.is_intact(entry) for entry in archive.entries())
    assert not list(tmp_path.glob("partial/*"))


def _until(condition: Callable[[], bool], within_s: float = 20.0) -> None:
    end = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


@pytest.mark.slow
def test_an_archive_in_an_object_store(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in {"ACCESS_KEY_ID": "x", "SECRET_ACCESS_KEY": "y", "DEFAULT_REGION": "us-east-1"}.items():
        monkeypatch.setenv(f"AWS_{name}", text)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        address = "http://{}:{}".format(*server.get_host_and_port())
        root = UPath("s3://parcels", endpoint_url=address)
        root.fs.mkdir("parcels")
        archive = Archive(root / "archive")
        assert archive.entries() == []
        first, second = put(archive, b"tin"), put(archive, b"lead" * 1_000_000)
        again = Archive(UPath("s3://parcels/archive", endpoint_url=address))
        assert again.versions("test", "q") == [first, second]
        assert again.read(first) == b"tin"
        assert put(again, b"lead" * 1_000_000) == second
    finally:
        server.stop()
