"""Whole files of UN Comtrade: everything one reporter declared in one period, and the code lists.

Bulk files are gzip, tab separated, one per reporter, period and classification; they need a key that allows
them. A file is downloaded once per publication, resumes where it was cut, and is read to its end before it
counts as whole. Code lists are public.
"""

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from graphs.errors import FetchError, InputError
from pipelines.archive import CHUNK_BYTES, Entry
from pipelines.fetching import TryAgain
from pipelines.sources.comtrade_api import CITATION, LICENCE, Comtrade, day_of, period_batches
from pipelines.sources.comtrade_portions import SOURCE, note
from pipelines.sources.comtrade_query import Call, Request, joined, numbers

REFERENCES = "files/v1/app/reference/ListofReferences.json"


def bulk(client: Comtrade, request: Request) -> Iterator[Entry]:
    """Bulk files of a request's reporters and periods, all commodities; yields each once it is archived."""
    service = "bulkTariffline" if request.is_tariff_line else "bulk"
    reporters = [number for code in request.reporters for number in numbers(code)]
    for periods in period_batches(request.periods):
        parameters = {"period": ",".join(map(str, periods))}
        if reporters:
            parameters["reportercode"] = ",".join(map(str, reporters))
        path = f"C/{request.frequency}/{request.classification}?{joined(parameters)}"
        for row in client.listed(service, path):
            yield _file(client, request, service, row)


def references(client: Comtrade) -> dict[str, str]:
    """Categories of code lists, such as `reporter` or `cmd:H6`, with their addresses."""
    raw = client.line.plain(f"{client.access.base_url}/{REFERENCES}", "UN Comtrade list of references")
    try:
        found = {row["category"]: row["fileuri"] for row in json.loads(raw.decode("utf-8-sig"))["results"]}
    except (ValueError, KeyError, TypeError):
        raise FetchError("the list of references of UN Comtrade changed its form: nothing was fetched") from None
    _put(client, raw, "references", {"kind": "reference"})
    return found


def reference(client: Comtrade, category: str) -> Entry:
    """One code list into the archive. Raises InputError for a category that is not in the list."""
    found = references(client)
    if category not in found:
        raise InputError(f"UN Comtrade has no list {category!r}: use one of {', '.join(sorted(found))}")
    # The list names the public host; ours may be another.
    path = found[category].split("/", 3)[-1]
    raw = client.line.plain(f"{client.access.base_url}/{path}", f"UN Comtrade list {category}")
    return _put(client, raw, f"reference {category}", {"kind": "reference"})


def _file(client: Comtrade, request: Request, service: str, row: Mapping[str, Any]) -> Entry:
    """One bulk file, unless it is archived in this publication already."""
    try:
        pair, address = (int(row["reporterCode"]), int(row["period"])), str(row["fileUrl"])
        edition, stamp = str(row["classificationCode"]), str(row.get("publicationDate") or row.get("timestamp") or "")
    except (KeyError, TypeError, ValueError):
        raise FetchError("the bulk list of UN Comtrade changed its form: nothing was fetched") from None
    call = Call(
        (pair[1],), reporters=(pair[0],), frequency=request.frequency, classification=edition, has_breakdown=True
    )
    query = f"{service}/{call.path.partition('/')[2]}?{joined(call.parameters())}"
    details = {**note(call, None, {pair: stamp}), "kind": service, "scope": f"{service} {edition}"}
    latest = client.archive.latest(SOURCE, query)
    if latest and latest.details == details:
        return latest
    url = urljoin(f"{client.access.base_url}/bulk/v1/file/{pair[0]}/", address)
    name = hashlib.sha256(f"{query} {stamp}".encode()).hexdigest()[:20]
    target = client.archive.partial / f"{name}.gz"
    client.line.file(url, f"UN Comtrade bulk {pair[0]} {pair[1]}", target, _check_gzip)
    entry = _put(client, target, query, details, stamp)
    target.unlink(missing_ok=True)
    return entry


def _check_gzip(file: Path) -> None:
    """Raise TryAgain for a file that is not gzip, or ends early."""
    try:
        with gzip.open(file) as stream:
            while stream.read(CHUNK_BYTES):
                pass
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise TryAgain("the file is not whole gzip") from None


def _put(client: Comtrade, data: bytes | Path, query: str, details: Mapping[str, Any], stamp: str = "") -> Entry:
    return client.archive.put(
        data,
        source=SOURCE,
        query=query,
        licence=LICENCE,
        citation=CITATION,
        url_note=client.access.base_url,
        published=day_of(stamp),
        details=details,
    )
