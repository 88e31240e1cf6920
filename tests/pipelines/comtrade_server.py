"""A server on this machine that behaves as the UN Comtrade API is known to behave, faults included.

Bodies are of the API's shape and hold invented numbers. `faults` are played one per request, in order.
"""

import gzip
import json
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

KEY = "0123456789abcdef-good-key"
RELEASED = "2024-05-06T07:08:09.1234567"
FLOWS = {"M", "X", "RM", "RX", "DX", "FM", "MIP", "MOP", "XIP", "XOP"}
FILTERS = {
    "reportercode": "reporterCode",
    "period": "period",
    "cmdcode": "cmdCode",
    "flowcode": "flowCode",
    "partnercode": "partnerCode",
    "partner2code": "partner2Code",
    "motcode": "motCode",
    "customscode": "customsCode",
}


def row(
    reporter: int, period: int, partner: int, commodity: str = "260400", flow: str = "M", **other: Any
) -> dict[str, Any]:
    """One row with the 47 fields of the API."""
    year, month = (period, 52) if period < 9_999 else divmod(period, 100)
    texts = ("reporterISO", "reporterDesc", "flowDesc", "partnerISO", "partnerDesc", "partner2ISO", "partner2Desc")
    more = ("cmdDesc", "customsDesc", "motDesc", "qtyUnitAbbr", "altQtyUnitAbbr", "aggrLevel", "isLeaf")
    value = float(1_000 * partner + period)
    return {
        "typeCode": "C",
        "freqCode": "A" if month == 52 else "M",
        "refPeriodId": year * 10_000 + 101,
        "refYear": year,
        "refMonth": month,
        "period": str(period),
        "reporterCode": reporter,
        "flowCode": flow,
        "partnerCode": partner,
        "partner2Code": 0,
        "classificationCode": "H5",
        "classificationSearchCode": "HS",
        "isOriginalClassification": True,
        "cmdCode": commodity,
        "customsCode": "C00",
        "mosCode": "0",
        "motCode": 0,
        "qtyUnitCode": 8,
        "qty": value / 10,
        "isQtyEstimated": False,
        "altQtyUnitCode": 8,
        "altQty": value / 10,
        "isAltQtyEstimated": False,
        "netWgt": value / 10,
        "isNetWgtEstimated": False,
        "grossWgt": 0,
        "isGrossWgtEstimated": False,
        "cifvalue": value if flow == "M" else None,
        "fobvalue": value if flow == "X" else None,
        "primaryValue": value,
        "legacyEstimationFlag": 0,
        "isReported": True,
        "isAggregate": False,
        **dict.fromkeys((*texts, *more)),
        **other,
    }


@dataclass
class Seen:
    """A request as the server saw it."""

    path: str
    parameters: dict[str, str]
    key: str | None
    headers: dict[str, str]


@dataclass
class Api:
    """What the server holds and how it behaves; change it between requests."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    limit: int = 100
    preview_limit: int = 10
    quota: int = 500
    retry_after: str = "1"
    released: dict[tuple[int, int], str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    etag: str | None = '"v1"'
    faults: deque[str] = field(default_factory=deque)
    seen: list[Seen] = field(default_factory=list)
    charged: int = 0
    elapsed: int = 0
    base_url: str = ""
    drip_s: float = 0.05

    def asked(self, part: str) -> list[Seen]:
        """Requests whose path holds this part."""
        return [one for one in self.seen if part in one.path]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    api: Api

    def log_message(self, *_: object) -> None:
        """Stay quiet."""

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        parameters = {name.lower(): text for name, text in parse_qsl(address.query)}
        key = self.headers.get("Ocp-Apim-Subscription-Key")
        self.api.seen.append(Seen(address.path, parameters, key, dict(self.headers)))
        fault = self.api.faults.popleft() if self.api.faults else ""
        if fault and self._play(fault):
            return
        if not address.path.startswith(("/public/", "/files/")) and not self._may_pass(key):
            return
        status, body, headers = self._route(address.path, parameters)
        self._send(status, body, headers, fault)

    def _may_pass(self, key: str | None) -> bool:
        if key != KEY:
            word = "missing" if key is None else f"invalid ({key})"
            self._error(401, f"Access denied due to {word} subscription key.")
            return False
        if self.api.charged >= self.api.quota:
            self._error(
                403, "Out of call volume quota. Quota will be replenished in 03:14:17.", {"Retry-After": "11657"}
            )
            return False
        self.api.charged += 1
        return True

    def _play(self, fault: str) -> bool:
        """Play a fault that replaces the answer; False for one that spoils it."""
        if fault == "429":
            self._error(429, "Rate limit is exceeded. Try again in 2 seconds.", {"Retry-After": self.api.retry_after})
        elif fault == "quota":
            self._error(
                403, "Out of call volume quota. Quota will be replenished in 03:14:17.", {"Retry-After": "11657"}
            )
        elif fault == "forbidden":
            self._error(403, "This product is not part of your subscription.")
        elif fault in ("500", "502", "503"):
            self._error(int(fault), "Backend is busy")
        elif fault == "html":
            self._send(200, b"<!DOCTYPE html><html><body>Maintenance</body></html>", {})
        elif fault == "slow":
            time.sleep(1.8)
            self.close_connection = True
        elif fault == "hang up":
            self.close_connection = True
        elif fault.startswith("redirect "):
            self._send(302, b"", {"Location": fault.removeprefix("redirect ")})
        else:
            return False
        return True

    def _route(self, path: str, asked: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        if path in self.api.files:
            return self._file(self.api.files[path])
        if path == "/files/v1/app/reference/ListofReferences.json":
            listed = [{"category": name, "fileuri": uri} for name, uri in self.api.references.items()]
            return 200, "\ufeff".encode() + json.dumps({"results": listed}).encode(), {}
        parts = path.strip("/").split("/")
        if len(parts) != 6:
            return 404, b'{"statusCode": 404, "message": "Resource not found"}', {}
        area, _, service, _, frequency, _ = parts
        if len(self.path) >= 4_096 or len(asked.get("period", "").split(",")) > 12:
            return 400, b'{"statusCode": 400, "message": "Too many values"}', {}
        if area == "bulk":
            return self._json(self._bulk_list(asked))
        if service.lower().startswith("getda"):
            return self._json(self._availability(asked))
        return self._json(*self._select(area, frequency, asked))

    def _select(self, area: str, frequency: str, asked: dict[str, str]) -> tuple[list[dict[str, Any]], int | None]:
        """Rows, cut at the limit without a word; and their number where only that was asked for."""
        found = self.api.rows
        if any(len(text) != (4 if frequency == "A" else 6) for text in asked.get("period", "").split(",")):
            found = []
        if not set(asked.get("flowcode", "M").split(",")) <= FLOWS:
            found = []
        for name, column in FILTERS.items():
            if name in asked:
                wanted = set(asked[name].split(","))
                found = [one for one in found if str(one[column]) in wanted]
        if asked.get("countonly") == "true":
            return [], len(found)
        limit = self.api.preview_limit if area == "public" else self.api.limit
        return found[: min(limit, int(asked.get("maxrecords", limit)))], None

    def _availability(self, asked: dict[str, str]) -> list[dict[str, Any]]:
        sizes = Counter((one["reporterCode"], int(one["period"])) for one in self.api.rows)
        periods, reporters = asked.get("period", "").split(","), asked.get("reportercode", "").split(",")
        return [
            {
                "datasetCode": 20_000 + at,
                "typeCode": "C",
                "period": period,
                "reporterCode": reporter,
                "classificationCode": "H5",
                "totalRecords": size,
                "datasetChecksum": size,
                "firstReleased": RELEASED,
                "lastReleased": self.api.released.get((reporter, period), RELEASED),
            }
            for at, ((reporter, period), size) in enumerate(sorted(sizes.items()))
            if str(period) in periods and (reporters == [""] or str(reporter) in reporters)
        ]

    def _bulk_list(self, asked: dict[str, str]) -> list[dict[str, Any]]:
        found = []
        for path in self.api.files:
            if path.startswith("/bulk/v1/file/"):
                reporter, period = (int(part) for part in path.split("/")[4:6])
                day = self.api.released.get((reporter, period), RELEASED)
                one = {"fileUrl": self.api.base_url + path, "reporterCode": reporter, "period": period}
                found.append({**one, "classificationCode": "H5", "publicationDate": day, "fileSize": "1 KB"})
        return [one for one in found if str(one["period"]) in asked["period"].split(",")]

    def _json(self, rows: list[dict[str, Any]], count: int | None = None) -> tuple[int, bytes, dict[str, str]]:
        self.api.elapsed += 1
        body = {"elapsedTime": f"0.{self.api.elapsed:02d} secs", "count": len(rows) if count is None else count}
        return 200, json.dumps({**body, "data": rows, "error": ""}).encode(), {"Content-Type": "application/json"}

    def _file(self, data: bytes) -> tuple[int, bytes, dict[str, str]]:
        headers = {"ETag": self.api.etag} if self.api.etag else {}
        asked = self.headers.get("Range", "")
        if not asked or self.headers.get("If-Range") != self.api.etag:
            return 200, data, headers
        start = int(asked.removeprefix("bytes=").partition("-")[0])
        if start >= len(data):
            return 416, b"", {"Content-Range": f"bytes */{len(data)}"}
        return 206, data[start:], {**headers, "Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}"}

    def _error(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        self._send(status, json.dumps({"statusCode": status, "message": message}).encode(), headers or {})

    def _send(self, status: int, body: bytes, headers: dict[str, str], fault: str = "") -> None:
        self.send_response(status)
        for name, text in headers.items():
            self.send_header(name, text)
        if fault == "half json":
            body = body[: len(body) // 2]
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self._write(body, fault)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _write(self, body: bytes, fault: str) -> None:
        if fault == "cut":
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
        elif fault == "drip":
            step = max(1, len(body) // 40)
            for at in range(0, len(body), step):
                self.wfile.write(body[at : at + step])
                self.wfile.flush()
                time.sleep(self.api.drip_s)
        else:
            self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that are killed or give up are what the tests are about; anything else is a fault of a test."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class ComtradeServer:
    """Runs the API in threads while the context lasts."""

    def __init__(self, rows: Iterable[dict[str, Any]] = (), **behaviour: Any) -> None:
        self.api = Api(rows=list(rows), **behaviour)
        handler = type("Handler", (_Handler,), {"api": self.api})
        self._server = _Server(("127.0.0.1", 0), handler)
        self.api.base_url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    def __enter__(self) -> Api:
        self._thread.start()
        return self.api

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def bulk_file(rows: Iterable[dict[str, Any]]) -> bytes:
    """A bulk file: gzip, tab separated."""
    listed = list(rows)
    lines = ["\t".join(listed[0]), *("\t".join(str(cell) for cell in one.values()) for one in listed)]
    return gzip.compress("\n".join(lines).encode(), mtime=0)
