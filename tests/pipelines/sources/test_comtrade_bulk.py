"""Bulk files and code lists of UN Comtrade."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from graphs.errors import FetchError, InputError
from pipelines.archive import Archive
from pipelines.fetching import Patience, Secret
from pipelines.sources.comtrade_access import Access
from pipelines.sources.comtrade_api import Comtrade
from pipelines.sources.comtrade_bulk import bulk, reference, references
from pipelines.sources.comtrade_files import parse
from pipelines.sources.comtrade_portions import portions
from pipelines.sources.comtrade_query import Request
from tests.pipelines.comtrade_server import KEY, Api, ComtradeServer, bulk_file, row

QUICK = Patience(connect_s=5, read_s=1.0, total_s=20, attempts=3, first_wait_s=0.01, longest_wait_s=2)
ROWS = [row(156, 2020, partner) for partner in range(1, 400)]
BOTH = Request((2019, 2020))


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def api() -> Iterator[Api]:
    files = {"/bulk/v1/file/156/2020": bulk_file(ROWS), "/bulk/v1/file/360/2019": bulk_file([row(360, 2019, 156)])}
    with ComtradeServer(files=files) as served:
        yield served


@pytest.fixture
def client(api: Api, tmp_path: Path) -> Iterator[Comtrade]:
    access = Access((Secret(KEY),), api.base_url, pause_s=0.0, list_age_s=0.0)
    with Comtrade(Archive(tmp_path / "archive"), access, tmp_path / "quota", patience=QUICK) as made:
        yield made


def test_bulk_files_come_once_and_can_be_read(api: Api, client: Comtrade) -> None:
    entries = list(bulk(client, BOTH))
    assert [entry.query for entry in entries] == [
        "bulk/C/A/H5?reportercode=156&period=2020",
        "bulk/C/A/H5?reportercode=360&period=2019",
    ]
    assert [entry.published for entry in entries] == [date(2024, 5, 6)] * 2
    assert client.archive.read(entries[0]) == api.files["/bulk/v1/file/156/2020"]
    raw = parse(Path(client.archive.path(entries[0]).path), "bulk").raw
    assert raw.height == 399
    assert [one.entry for one in portions(client.archive)] == entries
    assert list(bulk(client, BOTH)) == entries
    assert len(api.asked("/bulk/v1/file/")) == 2
    assert not [file for file in client.archive.partial.iterdir() if file.suffix != ".lock"]


def test_a_revised_bulk_file_is_a_new_version_and_replaces_the_old(api: Api, client: Comtrade) -> None:
    old = list(bulk(client, BOTH))
    api.released[156, 2020] = "2025-01-01T00:00:00"
    api.files["/bulk/v1/file/156/2020"] = bulk_file(ROWS[:5])
    new = list(bulk(client, BOTH))
    assert (new[0].sha256 != old[0].sha256, new[1]) == (True, old[1])
    assert client.archive.versions("comtrade", old[0].query) == [old[0], new[0]]
    assert [one.entry for one in portions(client.archive)] == [old[1], new[0]]


def test_a_cut_bulk_file_is_resumed(api: Api, client: Comtrade) -> None:
    api.faults.extend(["", "cut"])
    first = next(bulk(client, BOTH))
    assert client.archive.read(first) == api.files["/bulk/v1/file/156/2020"]
    assert "Range" in api.asked("/bulk/v1/file/")[1].headers


def test_a_gzip_that_ends_early_is_refused(api: Api, client: Comtrade) -> None:
    api.files["/bulk/v1/file/156/2020"] = bulk_file(ROWS)[:-20]
    with pytest.raises(FetchError, match=r"bulk 156 2020: the file is not whole gzip \(3 attempts\)"):
        list(bulk(client, BOTH))
    assert [one for one in client.archive.entries("comtrade") if one.details["kind"] == "bulk"] == []


def test_a_bulk_file_elsewhere_is_fetched_without_the_key(api: Api, client: Comtrade) -> None:
    with ComtradeServer(files={"/files/x.gz": bulk_file(ROWS)}) as other:
        listed = f'{{"count": 1, "error": "", "data": [{{"fileUrl": "{other.base_url}/files/x.gz", "reporterCode": 156,'
        api.files["/bulk/v1/get/C/A/HS"] = f'{listed} "period": 2020, "classificationCode": "H5"}}]}}'.encode()
        list(bulk(client, Request((2020,))))
        assert [one.key for one in other.seen] == [None]


def test_a_bulk_list_of_another_form(api: Api, client: Comtrade) -> None:
    api.files["/bulk/v1/get/C/A/HS"] = b'{"count": 1, "error": "", "data": [{"url": "x"}]}'
    with pytest.raises(FetchError, match="the bulk list of UN Comtrade changed its form"):
        list(bulk(client, Request((2020,))))


def test_bulk_needs_a_key(api: Api, tmp_path: Path) -> None:
    access = Access(base_url=api.base_url, pause_s=0.0)
    with (
        Comtrade(Archive(tmp_path), access, tmp_path, patience=QUICK) as keyless,
        pytest.raises(FetchError, match="bulk needs a key"),
    ):
        list(bulk(keyless, BOTH))


def test_code_lists_are_public_and_archived(api: Api, client: Comtrade) -> None:
    api.references = {"flow": "https://comtradeapi.un.org/files/v1/app/reference/tradeRegimes.json"}
    api.files["/files/v1/app/reference/tradeRegimes.json"] = b'{"results": [{"id": "M"}]}'
    assert list(references(client)) == ["flow"]
    entry = reference(client, "flow")
    assert client.archive.read(entry) == b'{"results": [{"id": "M"}]}'
    assert all(one.key is None for one in api.seen)
    with pytest.raises(InputError, match="has no list 'gold': use one of flow"):
        reference(client, "gold")


def test_a_list_of_references_of_another_form(api: Api, client: Comtrade) -> None:
    api.files["/files/v1/app/reference/ListofReferences.json"] = b"[]"
    with pytest.raises(FetchError, match="list of references of UN Comtrade changed its form"):
        references(client)


@pytest.mark.realdata
def test_recorded_answers_are_read(api: Api, client: Comtrade, real_data: Path) -> None:
    recorded = real_data / "api-fixtures"
    api.files["/bulk/v1/get/C/A/S1"] = (recorded / "bulk_get_recorded.json").read_bytes()
    name = "b07f98ee4cfb477c5b86923bbf159d48ca519ccb35c35865b3578b075fc918fb"
    api.files[f"/bulk/v1/file/32/{name}"] = bulk_file(ROWS)
    (entry,) = bulk(client, Request((1962,), reporters=("ARG",), classification="S1"))
    assert (entry.published, entry.details["released"]) == (date(2003, 4, 29), {"32:1962": "2003-04-29T11:24:10Z"})
    api.files["/bulk/v1/get/C/A/S1"] = (recorded / "bulk_get_empty_recorded.json").read_bytes()
    assert list(bulk(client, Request((1962,), classification="S1"))) == []
    api.files["/public/v1/preview/C/A/HS"] = (recorded / "get_C_A_HS_recorded_includeDesc.json").read_bytes()
    assert client.preview(Request((2010,))).entry.details["rows"] == 4
