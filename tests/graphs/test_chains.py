from itertools import product

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphs.chains import Chain, chains, price_of
from graphs.errors import InputError
from tests.graphs.network_rows import NAMES, VALUE, edge, edges, produces

GOLD = ("gold", 2020, "baci")
TRADE = edges(
    ("MINE", "HUB", 60.0, 6.0),
    ("ELSE", "HUB", 20.0, 2.0),
    ("HUB", "SHOP", 40.0, 4.0),
    ("HUB", "MINE", 9.0, 1.0),
    ("MINE", "SHOP", 5.0, 1.0),
)
OUTPUT = produces(("MINE", 9.0))


def test_what_can_have_passed_by_hand():
    (row,) = chains(TRADE, OUTPUT, *GOLD).to_dicts()
    assert (row["rank"], row["producer"], row["hub_1"], row["market"]) == (1, "MINE", "HUB", "SHOP")
    assert (row["leg_1_kg"], row["leg_2_kg"], row["leg_1_usd"], row["leg_2_usd"]) == (6.0, 4.0, 60.0, 40.0)
    assert (row["hub_1_inflow_kg"], row["hub_1_unweighed"], row["hub_1_outflow_kg"]) == (8.0, 0, 5.0)
    assert row["hub_1_output_kg"] is None
    assert (row["possible_kg"], row["passable_kg"]) == (4.0, 4.0 * 6 / 8)
    assert (row["possible_usd"], row["passable_usd"]) == (40.0, 40.0 * 60 / 80)


def test_what_the_hub_mines_itself_is_part_of_what_it_has():
    (row,) = chains(TRADE, produces(("MINE", 9.0), ("HUB", 2.0)), *GOLD).to_dicts()
    assert row["hub_1_output_kg"] == 2.0
    assert row["passable_kg"] == pytest.approx(4.0 * 6 / 10)
    priced = Chain(by="usd", price_usd=10.0)
    (row,) = chains(TRADE, produces(("MINE", 9.0), ("HUB", 2.0)), *GOLD, priced).to_dicts()
    assert row["passable_usd"] == pytest.approx(40.0 * 60 / 100)


@pytest.mark.parametrize(
    ("output", "price", "is_hub"),
    [(2.4, None, True), (2.5, None, False), (None, None, False), (2.4, 10.0, True), (2.4, 11.0, False)],
)
def test_who_mines_half_of_its_exports_is_no_hub(output, price, is_hub):
    mined = produces(("MINE", 9.0), ("HUB", output))  # it exports 5 kg for 49 USD
    assert chains(TRADE, mined, *GOLD, Chain(price_usd=price, by="usd")).height == (1 if is_hub else 0)


def test_the_next_leg_may_be_of_the_next_year():
    later = pl.concat([TRADE, edges(edge("HUB", "LATE", 30.0, 3.0, year=2021))])
    (row,) = chains(later, OUTPUT, *GOLD, Chain(lag=1)).to_dicts()
    assert (row["market"], row["year"], row["lag"], row["leg_2_kg"]) == ("LATE", 2020, 1, 3.0)
    assert row["hub_1_inflow_kg"] == 8.0
    assert row["hub_1_outflow_kg"] == 3.0


def test_a_hub_that_sells_more_than_it_bought_passes_on_no_more_than_came():
    trade = edges(("MINE", "HUB", 60.0, 6.0), ("HUB", "SHOP", 100.0, 10.0), ("HUB", "FAIR", 20.0, 2.0))
    found = chains(trade, OUTPUT, *GOLD)
    assert dict(found.select("market", "passable_kg").iter_rows()) == {"SHOP": 6 * 10 / 12, "FAIR": 6 * 2 / 12}
    assert found["passable_kg"].sum() == pytest.approx(6.0)


def test_nobody_passes_on_more_than_it_mined_where_both_are_measured_alike():
    priced = Chain(by="usd", price_usd=10.0)
    (row,) = chains(TRADE, produces(("MINE", 1.5)), *GOLD, priced).to_dicts()
    assert row["producer_output_kg"] == 1.5
    assert row["passable_usd"] == pytest.approx(15.0 * 40 / 80)
    assert row["passable_kg"] == pytest.approx(1.5 * 4 / 8)
    (unpriced,) = chains(TRADE, produces(("MINE", 1.5)), *GOLD).to_dicts()
    assert unpriced["passable_kg"] == pytest.approx(6.0 * 4 / 8)
    (unknown,) = chains(TRADE, produces(("MINE", None)), *GOLD, priced).to_dicts()
    assert unknown["passable_usd"] == pytest.approx(60.0 * 40 / 80)


def test_two_hubs():
    trade = pl.concat([TRADE, edges(("SHOP", "END", 30.0, 3.0))])
    found = chains(trade, OUTPUT, *GOLD, Chain(legs=3))
    (row,) = found.to_dicts()
    assert [row[name] for name in ("producer", "hub_1", "hub_2", "market")] == ["MINE", "HUB", "SHOP", "END"]
    first = 4.0 * 6 / 8
    assert row["passable_kg"] == pytest.approx(3.0 * first / 5)  # the shop took in 4 and 1
    assert row["possible_kg"] == 3.0
    assert row["hub_2_inflow_kg"] == 5.0


def test_unknown_masses_are_told_and_not_ranked():
    trade = edges(("MINE", "HUB", 60.0, None), ("MINE", "PORT", 1.0, 2.0), ("HUB", "SHOP", 40.0, 4.0),
                  ("PORT", "SHOP", 1.0, 1.0), ("ELSE", "PORT", 1.0, None))  # fmt: skip
    found = chains(trade, OUTPUT, *GOLD)
    assert found.select("rank", "hub_1", "passable_kg", "passable_usd", "hub_1_unweighed").rows() == [
        (1, "PORT", 1.0, 0.5, 1),
        (None, "HUB", None, 40.0, 1),
    ]
    assert chains(trade, OUTPUT, *GOLD, Chain(at_least=0.5))["hub_1"].to_list() == ["PORT"]
    assert chains(trade, OUTPUT, *GOLD, Chain(by="usd"))["hub_1"].to_list() == ["HUB", "PORT"]


def test_only_one_producer_or_market():
    trade = pl.concat([TRADE, edges(("HUB", "STORE", 10.0, 1.0))])
    assert chains(trade, OUTPUT, *GOLD, Chain(market="STORE"))["market"].to_list() == ["STORE"]
    assert chains(trade, OUTPUT, *GOLD, Chain(producer="MINE")).height == 2
    assert chains(trade, OUTPUT, *GOLD, Chain(producer="ELSE")).is_empty()


def test_other_families_sources_and_years_do_not_count():
    others = edges(
        edge("MINE", "HUB", 1e6, 1e6, family="tin"),
        edge("HUB", "SHOP", 1e6, 1e6, source="comtrade"),
        edge("HUB", "SHOP", 1e6, 1e6, year=2019),
    )
    assert chains(pl.concat([TRADE, others]), OUTPUT, *GOLD).equals(chains(TRADE, OUTPUT, *GOLD))


def total(rows, unit, **where):
    return sum(
        row[unit] for row in rows if row[unit] is not None and all(row[name] == value for name, value in where.items())
    )


def slow(rows: list[dict], mined: dict[str, float | None], chain: Chain) -> dict[tuple[str, ...], tuple]:
    """Every chain, one at a time, in the words of the module. `rows` hold no parallel edges and no self-loops."""
    legs = {(row["start"], row["end"], row["year"]): row for row in rows}

    def is_hub(area, year):
        sold = total(rows, "mass_kg", start=area, year=year + chain.lag)
        return area not in mined or (mined[area] is not None and mined[area] < chain.enough * sold)

    def onward(area, year, passable, leg, unit):
        supply = total(rows, unit, end=area, year=year) + (mined.get(area) or 0.0 if unit == "mass_kg" else 0.0)
        supply = max(supply, total(rows, unit, start=area, year=year + chain.lag))
        if passable == 0:
            return 0.0
        if passable is None or leg is None:
            return None
        return min(passable, leg * passable / supply)

    found = {}
    for areas in product(NAMES, repeat=chain.legs + 1):
        years = [2020 + at * chain.lag for at in range(chain.legs)]
        path = [legs.get((areas[at], areas[at + 1], years[at])) for at in range(chain.legs)]
        if len(set(areas)) <= chain.legs or None in path:
            continue
        if areas[0] not in mined or mined[areas[0]] == 0 or not all(map(is_hub, areas[1:-1], years)):
            continue
        told = []
        for unit in ("mass_kg", "value_usd"):
            amounts = [one[unit] for one in path]
            passable = amounts[0]
            for hub, year, leg in zip(areas[1:-1], years, amounts[1:], strict=False):
                passable = onward(hub, year, passable, leg, unit)
            told += [None if None in amounts else min(amounts), passable]
        if told[1] != 0:
            found[areas] = tuple(told)
    return found


PAIR = st.tuples(st.sampled_from(NAMES[:5]), st.sampled_from(NAMES[:5]), st.sampled_from([2020, 2021, 2022]))
FLOWS = st.dictionaries(PAIR.filter(lambda pair: pair[0] != pair[1]), st.tuples(VALUE, VALUE), max_size=25)
MINED = st.dictionaries(st.sampled_from(NAMES[:5]), st.sampled_from([None, 0.0, 1.0, 8.0]), min_size=1, max_size=3)
CHAIN = st.builds(Chain, legs=st.sampled_from([2, 3]), lag=st.sampled_from([0, 1]), enough=st.sampled_from([0.0, 0.5]))


def every_year(mined):
    return produces(*((area, mass, year) for area, mass in mined.items() for year in (2020, 2021, 2022)))


@settings(max_examples=60, deadline=None)
@given(FLOWS, MINED, CHAIN)
def test_equals_every_chain_tried_one_at_a_time_in_any_order(flows, mined, chain):
    rows = [edge(*pair[:2], *amounts, year=pair[2]) for pair, amounts in flows.items()]
    frame = edges(*rows)
    before = frame.clone()
    found = chains(frame, every_year(mined), *GOLD, chain)
    assert frame.equals(before)
    assert found.equals(chains(edges(*rows[::-1]), every_year(mined), *GOLD, chain))
    expected = slow(rows, mined, chain)
    told = {row[: len(chain.areas)]: row[len(chain.areas) :]
            for row in found.select(*chain.areas, *TOLD).iter_rows()}  # fmt: skip
    assert set(told) == set(expected)
    for areas, numbers in told.items():
        assert numbers == pytest.approx(expected[areas])


TOLD = ("possible_kg", "passable_kg", "possible_usd", "passable_usd")


@settings(max_examples=60, deadline=None)
@given(FLOWS, MINED, CHAIN, st.permutations(NAMES))
def test_nothing_passes_that_a_leg_cannot_carry_and_names_do_not_matter(flows, mined, chain, order):
    found = chains(edges(*(edge(*pair[:2], *amounts, year=pair[2]) for pair, amounts in flows.items())),
                   every_year(mined), *GOLD, chain)  # fmt: skip
    for row in found.iter_rows(named=True):
        for unit in ("kg", "usd"):
            legs = [row[f"leg_{leg}_{unit}"] for leg in range(1, chain.legs + 1)]
            if None not in legs:
                assert row[f"possible_{unit}"] == min(legs)
            if row[f"passable_{unit}"] is not None:
                assert row[f"passable_{unit}"] <= min(leg for leg in legs if leg is not None) * (1 + 1e-12)
    passable = found["passable_kg"].drop_nulls().to_list()
    assert passable == sorted(passable, reverse=True)
    assert found["rank"].drop_nulls().to_list() == list(range(1, len(passable) + 1))

    name = dict(zip(NAMES, order, strict=True))
    renamed = chains(
        edges(*(edge(name[a], name[b], *amounts, year=year) for (a, b, year), amounts in flows.items())),
        every_year({name[area]: mass for area, mass in mined.items()}), *GOLD, chain,
    )  # fmt: skip
    told = found.with_columns(pl.col(one).replace_strict(name, return_dtype=pl.String) for one in chain.areas)
    keys = list(chain.areas)
    assert told.drop("rank").sort(keys).equals(renamed.drop("rank").sort(keys))


def test_leaving_out_small_chains_early_leaves_the_same_large_ones():
    rows = edges(*((a, b, 2.0 ** (3 * at % 7), 2.0 ** (5 * at % 7)) for at, (a, b) in enumerate(product(NAMES, NAMES))))
    whole = chains(rows, produces(("A", 1.0)), *GOLD, Chain(legs=3))
    large = chains(rows, produces(("A", 1.0)), *GOLD, Chain(legs=3, at_least=0.5))
    assert 0 < large.height < whole.height
    assert large.equals(whole.filter(pl.col("passable_kg") >= 0.5))


def test_the_price_of_the_middle_dollar():
    rows = edges(("A", "B", 10.0, 10.0), ("A", "C", 60.0, 2.0), ("B", "C", 30.0, 10.0), ("C", "A", 9.0, None))
    assert price_of(rows, *GOLD) == 30.0  # below it trade for 40 of 100 USD
    assert price_of(rows.head(0), *GOLD) is None


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (lambda: chains(TRADE, OUTPUT, "gold", 2019, "baci"), "No output of gold is known for 2019"),
        (lambda: chains(TRADE, OUTPUT, *GOLD, Chain(legs=3, lag=1)), "known for 2021"),
        (lambda: Chain(legs=4), "name 2 or 3 legs"),
        (lambda: Chain(lag=2), "a lag of 0 or 1"),
        (lambda: Chain(by="tons"), "kg or usd"),
        (lambda: Chain(enough=-1.0), "below 0"),
        (lambda: Chain(price_usd=0.0), "a price of 0"),
    ],
)
def test_what_cannot_be_asked_is_refused(action, words):
    with pytest.raises(InputError, match=words):
        action()
