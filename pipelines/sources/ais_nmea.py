r"""Positions of ships from NMEA sentences (AIVDM, AIVDO), decoded line by line with pyais.

    \s:2573535,c:1671533231*08\!AIVDM,1,1,,A,13u?etPv2;0n:dDPwUM1U1Cb069D,0*24
    !AIVDM,1,1,,A,13u?etPv2;0n:dDPwUM1U1Cb069D,0*24,r003669945,1671533231

A sentence states no date, so a line needs the second of its reception: `c:` of a tag block (seconds or milliseconds),
the number at its end as the US coast guard writes it, or a $PGHP line before it. Positions are messages 1, 2, 3, 18, 19
and 27; names, sizes and draughts (5, 19, 24) go with the later positions of the same ship. Other messages, comments and
other sentences of receivers are counted as speaking of no ship. A line with a wrong checksum is refused even where it
could be decoded: what it says would look plausible.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

import polars as pl
from pyais.exceptions import AISBaseException
from pyais.messages import AISSentence, GatehouseSentence, NMEASentenceFactory

LINE = re.compile(rb"(?P<tag>\\[^\\]*\\)?(?P<sentence>[!$][^*]*\*[0-9A-Fa-f]{2})(?P<after>,[^*]*)?")
STAMP = re.compile(rb"(?:^|,)([0-9]{9,10})(?=,|$)")
TAG_TIME = re.compile(rb"(?:^|,)c:([0-9]{9,13})(?=,|$)")
CLASS_A, CLASS_B, LONG_RANGE = (1, 2, 3), (18, 19), 27
POSITION_FIELDS = ("mmsi", "lon", "lat", "speed", "course")
NO_SPEED_27, NO_COURSE_27 = 63, 511
SCHEMA: dict[str, pl.DataType] = {
    "mmsi": pl.String(),
    "time": pl.Int64(),
    "lon": pl.Float64(),
    "lat": pl.Float64(),
    "speed": pl.Float64(),
    "course": pl.Float64(),
    "heading": pl.Float64(),
    "status": pl.UInt8(),
    "draught": pl.Float64(),
    "imo": pl.Int64(),
    "name": pl.String(),
    "call_sign": pl.String(),
    "ais_type": pl.UInt16(),
    "length": pl.Float64(),
    "width": pl.Float64(),
    "transceiver": pl.String(),
    "raw_row": pl.UInt32(),
    "fault": pl.String(),
    "fault_found": pl.String(),
    "is_other": pl.Boolean(),
}
MOST_LINES_APART, MOST_SECONDS_APART = 500, 10
"""Parts of one message arrive together; sequence numbers return after ten messages, so later ones are another's."""
MOST_SHIPS = 1 << 20
"""Names and sizes of so many ships are remembered; those told longest ago are forgotten first."""
FOUND_BYTES = 100


class _RefusedError(Exception):
    """A line that cannot be used; the message is the reason."""


@dataclass
class _Group:
    """Parts of a message of several sentences, so far."""

    row: int
    time: int | None
    parts: dict[int, AISSentence] = field(default_factory=dict)
    rows: dict[int, tuple[int, str]] = field(default_factory=dict)


class Feed:
    """What a reader has to remember from line to line: open groups, names of ships, the time of a $PGHP line."""

    def __init__(self, row: int = 0) -> None:
        self.row = row
        self.wrapped: int | None = None
        self.groups: dict[tuple[object, ...], _Group] = {}
        self.ships: dict[int, dict[str, Any]] = {}
        self.out: list[dict[str, Any]] = []

    def line(self, raw: bytes) -> None:
        """Takes one line: at most one position, and one row for each line that is refused or speaks of no ship."""
        self.row += 1
        text = raw.strip()
        if not text:
            return
        if text.startswith(b"#"):
            self._other(self.row)
            return
        try:
            self._sentence(text)
        except _RefusedError as error:
            self._refuse(self.row, str(error), _shown(text))

    def end(self) -> None:
        """Refuses the parts whose message never became whole."""
        for group in list(self.groups.values()):
            self._give_up(group)
        self.groups.clear()

    def taken(self) -> pl.DataFrame:
        """Rows since the last call, with columns of SCHEMA and times in UTC."""
        rows, self.out = self.out, []
        frame = pl.DataFrame(rows, schema=SCHEMA)
        return frame.with_columns(pl.from_epoch("time", time_unit="s").cast(pl.Datetime("us")))

    def _sentence(self, text: bytes) -> None:
        found = LINE.fullmatch(text)
        if found is None:
            raise _RefusedError("the line is no NMEA sentence with a checksum (*hh) at its end; fetch it again")
        sentence = _parsed(found["sentence"])
        wrapped, self.wrapped = self.wrapped, None
        if isinstance(sentence, GatehouseSentence):
            self.wrapped = int(sentence.timestamp.replace(tzinfo=UTC).timestamp())
        if not isinstance(sentence, AISSentence):
            self._other(self.row)
            return
        time = _time(found["tag"], found["after"], wrapped)
        if sentence.frag_cnt == 1:
            self._message(sentence, time)
        else:
            self._part(sentence, time, found["tag"], _shown(text))

    def _part(self, sentence: AISSentence, time: int | None, tag: bytes | None, shown: str) -> None:
        """Keeps a part; decodes the message with the last one."""
        station = re.search(rb"s:([^,*\\]*)", tag or b"")
        key = (sentence.talker_id, sentence.seq_id, sentence.channel, sentence.frag_cnt, station and station[1])
        group = self.groups.get(key)
        if group is not None and (sentence.frag_num in group.parts or self._is_stale(group, time)):
            self._give_up(self.groups.pop(key))
            group = None
        if group is None:
            group = self.groups[key] = _Group(self.row, time)
            self._drop_stale()
        group.parts[sentence.frag_num] = sentence
        group.rows[sentence.frag_num] = (self.row, shown)
        group.time = time if group.time is None else group.time
        if len(group.parts) == sentence.frag_cnt:
            del self.groups[key]
            for row, _ in list(group.rows.values())[:-1]:
                self._other(row)
            parts = [group.parts[at] for at in sorted(group.parts)]
            self._message(AISSentence.assemble_from_iterable(parts), group.time)

    def _is_stale(self, group: _Group, time: int | None) -> bool:
        is_late = time is not None and group.time is not None and abs(time - group.time) > MOST_SECONDS_APART
        return is_late or self.row - group.row > MOST_LINES_APART

    def _drop_stale(self) -> None:
        """Groups stand in the order of their first part."""
        for key, group in list(self.groups.items()):
            if self.row - group.row <= MOST_LINES_APART:
                return
            self._give_up(self.groups.pop(key))

    def _give_up(self, group: _Group) -> None:
        total = next(iter(group.parts.values())).frag_cnt
        for at, (row, shown) in group.rows.items():
            self._refuse(row, f"it is part {at} of {total} of a message whose other parts did not come", shown)

    def _message(self, sentence: AISSentence, time: int | None) -> None:
        kind = sentence.ais_id
        try:
            said = sentence.decode()
        except (AISBaseException, ValueError, KeyError, IndexError, TypeError) as error:
            raise _RefusedError("the message cannot be decoded; it may be cut") from error
        if kind in (5, 19, 24):
            self._static(said)
        if kind in CLASS_A or kind in CLASS_B or kind == LONG_RANGE:
            self._position(said, kind, time)
        else:
            self._other(self.row)

    def _static(self, said: Any) -> None:
        """Remembers what the ship says of itself; a message with a part of it leaves the rest as it was."""
        if said.mmsi is None:
            raise _RefusedError("the message ends before the identity of its ship; it was cut")
        ship = self.ships.pop(int(said.mmsi), {})
        for name, column in (("imo", "imo"), ("callsign", "call_sign"), ("shipname", "name"), ("draught", "draught")):
            value = getattr(said, name, None)
            if value not in (None, ""):
                ship[column] = value
        kind = getattr(said, "ship_type", None)
        if kind is not None:
            ship["ais_type"] = int(kind)
        for column, ends in (("length", ("to_bow", "to_stern")), ("width", ("to_port", "to_starboard"))):
            sides = [side for one in ends if (side := getattr(said, one, None)) is not None]
            if len(sides) == len(ends):
                ship[column] = float(sum(sides))
        self.ships[int(said.mmsi)] = ship
        if len(self.ships) > MOST_SHIPS:
            del self.ships[next(iter(self.ships))]

    def _position(self, said: Any, kind: int, time: int | None) -> None:
        if any(getattr(said, name) is None for name in POSITION_FIELDS):
            raise _RefusedError("the message ends before its position does; it was cut")
        if time is None:
            raise _RefusedError("no second of reception is given (tag block c:, a number at the end, or $PGHP before)")
        is_long = kind == LONG_RANGE
        status = getattr(said, "status", None)
        row = {
            "mmsi": f"{said.mmsi:09d}",
            "time": time,
            "lon": said.lon,
            "lat": said.lat,
            "speed": None if is_long and said.speed >= NO_SPEED_27 else said.speed,
            "course": None if is_long and said.course >= NO_COURSE_27 else said.course,
            "heading": getattr(said, "heading", None),
            "status": None if status is None else int(status),
            "transceiver": "A" if kind in CLASS_A else "B" if kind in CLASS_B else None,
            "raw_row": self.row,
            "is_other": False,
        }
        self.out.append(row | self.ships.get(int(said.mmsi), {}))

    def _refuse(self, row: int, reason: str, shown: str) -> None:
        self.out.append({"raw_row": row, "fault": reason, "fault_found": shown, "is_other": False})

    def _other(self, row: int) -> None:
        self.out.append({"raw_row": row, "is_other": True})


def frames(blocks: Iterable[bytes], row: int = 0) -> Iterator[pl.DataFrame]:
    """Rows of SCHEMA of blocks of whole lines, numbered on from `row`."""
    feed = Feed(row)
    for block in blocks:
        lines = block.split(b"\n")
        for line in lines if lines[-1] else lines[:-1]:
            feed.line(line)
        yield feed.taken()
    feed.end()
    yield feed.taken()


def _parsed(text: bytes) -> object:
    """The sentence; None for one of another kind. Raises _RefusedError."""
    try:
        sentence = NMEASentenceFactory.produce(text)
    except AISBaseException as error:
        if text.startswith(b"$") and not text.startswith(b"$PGHP") and _checksum(text) == int(text[-2:], 16):
            return None
        raise _RefusedError("the sentence has a field at fault; fetch it again") from error
    except (ValueError, UnicodeDecodeError) as error:
        raise _RefusedError("the sentence has a field at fault; fetch it again") from error
    if not sentence.is_valid:
        raise _RefusedError("the checksum does not fit the sentence, which was damaged on its way")
    return sentence


def _time(tag: bytes | None, after: bytes | None, wrapped: int | None) -> int | None:
    """Second of reception since 1970. Raises _RefusedError for a tag block that was damaged."""
    if tag is not None:
        inner, star, given = tag.strip(b"\\").rpartition(b"*")
        if not star or not re.fullmatch(rb"[0-9A-Fa-f]{1,2}", given) or int(given, 16) != _xor(inner):
            raise _RefusedError("the checksum does not fit the tag block, which was damaged on its way")
        found = TAG_TIME.search(inner)
        if found is not None:
            return int(found[1]) // (1000 if len(found[1]) > 10 else 1)
    stamps = STAMP.findall(after or b"")
    return int(stamps[-1]) if stamps else wrapped


def _checksum(text: bytes) -> int:
    return _xor(text[1 : text.rindex(b"*")])


def _xor(text: bytes) -> int:
    total = 0
    for one in text:
        total ^= one
    return total


def _shown(text: bytes) -> str:
    return text[:FOUND_BYTES].decode("ascii", errors="replace")
