"""A server on this machine that behaves as the events API of Global Fishing Watch is known to behave.

Bodies are of the API's shape and hold invented ships. `faults` are played one per request, in order: a status, or bytes
that are sent instead of an answer.
"""

import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

TOKEN = "0123456789-good-token"
COMMON = {
    "regions": {"mpa": [], "eez": ["8371"]},
    "boundingBox": [0, 0, 1, 1],
    "distances": {"startDistanceFromShoreKm": 12, "endDistanceFromShoreKm": 14},
}


def ship(mmsi: str, name: str | None = "INVENTED") -> dict[str, Any]:
    return {"id": f"v{mmsi}", "name": name, "ssvid": mmsi, "flag": "XAA", "type": "cargo"}


def event(kind: str, name: str, said: dict[str, Any], **other: Any) -> dict[str, Any]:
    return {
        "id": name,
        "type": kind,
        "start": "2024-10-01T01:45:37.000Z",
        "end": "2024-10-01T14:03:37.000Z",
        "position": {"lat": 5.5, "lon": -0.5},
        "vessel": ship("280000001"),
        kind: said,
        **COMMON,
        **other,
    }


def gap(name: str = "g1", **other: Any) -> dict[str, Any]:
    said = {
        "intentionalDisabling": True, "distanceKm": "53.32", "durationHours": 12.3, "impliedSpeedKnots": "2.34",
        "positions12HoursBeforeSat": "14", "offPosition": {"lat": 5.4, "lon": -0.4},
        "onPosition": {"lat": "5.9", "lon": "-0.9"},
    }  # fmt: skip
    return event("gap", name, said, **other)


def visit(name: str = "p1", key: str = "port_visit") -> dict[str, Any]:
    place = {"anchorageId": "39572851", "id": "xaa-tema", "name": "HAVEN", "flag": "XAA", "lat": 5.6, "lon": 0.0}
    made = event("port_visit", name, {})
    del made["port_visit"]
    return made | {key: {"visitId": "cc6a", "confidence": "3", "durationHrs": 40.5, "startAnchorage": place}}


def meeting(name: str = "e1") -> list[dict[str, Any]]:
    """Both sides of one meeting."""
    sides = (("280000001", "280000002"), ("280000002", "280000001"))
    return [
        event(
            "encounter",
            f"{name}.{at}",
            {
                "vessel": ship(other),
                "medianDistanceKilometers": 0.022,
                "medianSpeedKnots": 0.57,
                "type": "carrier-bunker",
            },
            vessel=ship(own),
        )
        for at, (own, other) in enumerate(sides, start=1)
    ]


def loitering(name: str = "l1") -> dict[str, Any]:
    return event("loitering", name, {"totalTimeHours": 12.3, "totalDistanceKm": 57.1, "averageSpeedKnots": 1.34})


@dataclass
class Server:
    """Events by data set, what was asked, and faults to play."""

    events: dict[str, list[Any]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    faults: deque[int | bytes] = field(default_factory=deque)
    url: str = ""

    def answer(self, query: dict[str, str], token: str | None) -> tuple[int, bytes]:
        """Status and body."""
        self.asked.append(query)
        if self.faults:
            fault = self.faults.popleft()
            return (200, fault) if isinstance(fault, bytes) else (fault, _error(fault))
        if token != f"Bearer {TOKEN}":
            return 401, _error(401)
        if not {"datasets[0]", "limit", "offset"} <= set(query):
            return 422, _error(422)
        found = self.events.get(query["datasets[0]"], [])
        start, limit = int(query["offset"]), int(query["limit"])
        entries = found[start : start + limit]
        following = start + limit if start + limit < len(found) else None
        body = {"metadata": {}, "total": len(found), "limit": limit, "offset": start, "nextOffset": following}
        return 200, json.dumps(body | {"entries": entries}).encode()


def _error(status: int) -> bytes:
    return json.dumps({"statusCode": status, "error": "Refused", "messages": [{"title": "x", "detail": "y"}]}).encode()


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """The server on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = server.answer(dict(parse_qsl(urlsplit(self.path).query)), self.headers.get("Authorization"))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    server.url = f"http://127.0.0.1:{http.server_port}/v3"
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
