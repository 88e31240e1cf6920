"""Sentences of receivers: decoded line by line, every line accounted for."""

from datetime import datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.position_rows import Told, tidy_positions
from pipelines.sources import ais_nmea
from tests.pipelines.sources.ais_text_files import SECOND, sentences, tagged, xor

NOON = datetime(2024, 10, 1, 12)
STATIC = {
    "type": 5, "mmsi": 280_000_001, "imo": 9074729, "callsign": "XA12", "shipname": "INVENTED", "ship_type": 70,
    "to_bow": 150, "to_stern": 30, "to_port": 10, "to_starboard": 20, "draught": 9.8, "destination": "NOWHERE",
}  # fmt: skip


def read(*lines: bytes) -> Told:
    frames = list(ais_nmea.frames([b"\n".join(lines) + b"\n"]))
    raw = pl.concat(frames)
    told = tidy_positions(raw, source="ais_nmea", file="a.nmea", raw_sha256="ab", file_number=7)
    assert told.positions.height + told.quarantine.height + told.others == sum(1 for line in lines if line.strip())
    return told


def refused(*lines: bytes) -> list[str]:
    return read(*lines).quarantine["reason"].to_list()


def test_a_position_is_read_with_the_second_of_its_reception() -> None:
    told = read(tagged(sentences(status=5)[0]))
    (row,) = told.positions.to_dicts()
    assert row["sender"] == 280_000_001
    assert row["time"].replace(tzinfo=None) == NOON
    assert (row["lon"], row["lat"]) == (pytest.approx(-0.01, abs=1e-5), pytest.approx(5.61, abs=1e-5))
    assert (row["speed_kn"], row["course_deg"]) == (pytest.approx(11.5), pytest.approx(90.1))
    assert (row["heading_deg"], row["status"], row["transceiver"], row["name"]) == (91.0, 5, "A", None)


@pytest.mark.parametrize(
    "line",
    [
        tagged(sentences()[0]),
        tagged(sentences()[0], f"{SECOND}123"),
        sentences()[0] + b",r003669945,%d" % SECOND,
        sentences()[0] + b",%d" % SECOND,
        b"  " + tagged(sentences()[0]) + b"\r",
    ],
    ids=["tag block", "tag block with milliseconds", "coast guard", "number at the end", "blanks around"],
)
def test_all_ways_to_state_a_time_are_read(line: bytes) -> None:
    assert read(line).positions["time"].dt.replace_time_zone(None).to_list() == [NOON]


def test_a_line_of_a_gatehouse_states_the_time_of_the_next_one_only() -> None:
    inner = b"$PGHP,1,2024,10,1,12,0,0,500,219,,2190047,1,2C"
    wrapper = inner + f"*{xor(inner[1:]):02X}".encode()
    told = read(wrapper, sentences()[0], sentences()[0])
    assert told.positions["time"].dt.replace_time_zone(None).to_list() == [NOON]
    assert told.positions["raw_row"].to_list() == [2]
    assert told.quarantine["raw_row"].to_list() == [3]
    assert "no second of reception is given" in told.quarantine["reason"][0]


def test_name_size_and_draught_go_with_the_later_positions_of_their_ship() -> None:
    parts = sentences(**STATIC)
    assert len(parts) == 2
    position = tagged(sentences()[0])
    other = tagged(sentences(mmsi=280_000_002)[0])
    told = read(position, *(tagged(part) for part in parts), position, other)
    columns = ("name", "call_sign", "imo", "ais_type", "length_m", "width_m")
    assert told.positions.select(columns).rows() == [
        (None,) * 6, ("INVENTED", "XA12", 9074729, 70, 180.0, 30.0), (None,) * 6,
    ]  # fmt: skip
    assert told.positions["draught_m"].to_list() == [None, pytest.approx(9.8), None]
    assert told.others == 2


def test_both_parts_of_a_small_ships_name_are_kept_together() -> None:
    first = sentences(type=24, partno=0, shipname="SMALL")[0]
    second = sentences(
        type=24, partno=1, ship_type=30, callsign="XA13", to_bow=8, to_stern=4, to_port=2, to_starboard=2
    )[0]
    told = read(tagged(first), tagged(second), tagged(sentences(type=18)[0]))
    (row,) = told.positions.to_dicts()
    assert (row["name"], row["call_sign"], row["ais_type"], row["length_m"], row["transceiver"]) == (
        "SMALL", "XA13", 30, 12.0, "B",
    )  # fmt: skip
    assert row["status"] is None


def test_positions_that_say_not_available_prove_that_a_ship_was_heard() -> None:
    silent = sentences(lon=181, lat=91, speed=102.3, course=360, heading=511, status=15)[0]
    long_range = sentences(type=27, lon=-0.01, lat=5.61, speed=63, course=511, status=0)[0]
    told = read(tagged(silent), tagged(long_range))
    assert (
        told.positions.select("lon", "lat", "speed_kn", "course_deg", "heading_deg", "status").rows()[0] == (None,) * 6
    )
    assert told.positions.select("speed_kn", "course_deg", "transceiver").rows()[1] == (None, None, None)
    assert told.positions["lat"][1] == pytest.approx(5.61, abs=0.01)


def test_stations_and_what_else_a_receiver_writes_speak_of_no_ship() -> None:
    base = sentences(type=4, mmsi=2_190_047, year=2024, month=10, day=1)[0]
    inner = b"$GPZDA,120000,01,10,2024,00,00"
    clock = inner + f"*{xor(inner[1:]):02X}".encode()
    told = read(b"# a comment", clock, tagged(base), b"", tagged(sentences(mmsi=2_190_047)[0]))
    assert told.positions.is_empty()
    assert told.quarantine.is_empty()
    assert told.others == 4


def test_a_damaged_line_is_refused_even_where_it_could_be_decoded() -> None:
    line = sentences()[0]
    changed = line.replace(b",A,14", b",A,24")
    assert changed != line
    reasons = refused(tagged(changed), tagged(line[:-3]), tagged(line).replace(b"c:1", b"c:2"), b"noise \x00\xff", b"!")
    assert ["checksum does not fit the sentence" in one for one in reasons] == [True, False, False, False, False]
    assert ["no NMEA sentence with a checksum" in one for one in reasons] == [False, True, False, True, True]
    assert "checksum does not fit the tag block" in reasons[2]


def test_a_message_cut_short_is_refused() -> None:
    inner = b"!AIVDM,1,1,,A,13u?etPv2,0"
    line = inner + f"*{xor(inner[1:]):02X}".encode()
    (reason,) = refused(tagged(line))
    assert "it was cut" in reason
    inner = b"!AIVDM,1,1,,A,,0"
    (reason,) = refused(tagged(inner + f"*{xor(inner[1:]):02X}".encode()))
    assert "row 1: " in reason


def test_parts_are_joined_in_any_order_and_beside_those_of_another_station() -> None:
    one, two = sentences(**STATIC)
    lines = [tagged(two), tagged(one, station="y"), tagged(one), tagged(two, station="y"), tagged(sentences()[0])]
    told = read(*lines)
    assert told.positions["name"].to_list() == ["INVENTED"]
    assert told.quarantine.is_empty()


def test_a_part_without_its_others_is_refused() -> None:
    one, two = sentences(**STATIC)
    told = read(tagged(one), tagged(one), tagged(two), tagged(two))
    assert told.quarantine["raw_row"].to_list() == [1, 4]
    assert told.quarantine["reason"].to_list() == [
        "row 1: it is part 1 of 2 of a message whose other parts did not come",
        "row 4: it is part 2 of 2 of a message whose other parts did not come",
    ]


def test_parts_far_apart_belong_to_different_messages() -> None:
    one, two = sentences(**STATIC)
    assert len(refused(tagged(one), tagged(two, SECOND + 11))) == 2
    filler = [tagged(sentences()[0])] * 501
    told = read(one, *filler, two)
    assert told.quarantine["raw_row"].to_list() == [1, 503]
    assert told.positions["name"].to_list() == [None] * 501


def test_names_of_too_many_ships_are_forgotten_from_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ais_nmea, "MOST_SHIPS", 2)
    names = [tagged(sentences(type=24, partno=0, mmsi=280_000_000 + at, shipname=f"SHIP {at}")[0]) for at in (1, 2, 3)]
    told = read(*names, *(tagged(sentences(mmsi=280_000_000 + at)[0]) for at in (1, 2, 3)))
    assert told.positions["name"].to_list() == [None, "SHIP 2", "SHIP 3"]


@given(st.lists(st.integers(0, 5), min_size=1, max_size=30), st.integers(1, 200))
def test_the_size_of_blocks_does_not_matter(chosen: list[int], block: int) -> None:
    parts = sentences(**STATIC)
    kinds = [tagged(sentences()[0]), tagged(parts[0]), tagged(parts[1]), b"noise", sentences()[0], b"# comment"]
    text = b"\n".join(kinds[at] for at in chosen) + b"\n"
    cuts = [text[at : at + block] for at in range(0, len(text), block)]
    # Blocks end at line ends, as reading.blocks makes them.
    lines: list[bytes] = []
    rest = b""
    for cut in cuts:
        end = (rest + cut).rfind(b"\n") + 1
        lines.append((rest + cut)[:end])
        rest = (rest + cut)[end:]
    apart = pl.concat(list(ais_nmea.frames([one for one in lines if one])))
    assert apart.equals(pl.concat(list(ais_nmea.frames([text]))))


@given(st.data())
def test_whatever_happens_to_a_line_it_is_kept_whole_or_refused(data: st.DataObject) -> None:
    line = bytearray(tagged(sentences()[0]))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(line) - 1))
        line[at] = data.draw(st.integers(0, 255).filter(lambda one: one not in b"\r\n"))
    told = read(bytes(line)) if bytes(line).strip() else None
    good = read(tagged(sentences()[0])).positions
    if told is not None and told.positions.height:
        # A checksum of eight bits lets one change in 256 pass at most: what passes states a place on earth.
        assert told.positions.columns == good.columns
        assert told.positions["sender"].is_between(0, 999_999_999).all()
