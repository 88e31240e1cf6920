"""What a user writes becomes one plain value, or one sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.countries import areas
from graphs.errors import InputError, LayoutError
from graphs.families import FAMILIES
from graphs.questions.catalogue import question, questions, values
from graphs.questions.reading import KINDS, Parameter, read
from graphs.questions.values import PARSERS, parse


def one(kind: str, default: str | None = None) -> Parameter:
    return Parameter("some", kind, default, "What is meant")


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("area", "IDN", "IDN"),
        ("area", "idn", "IDN"),
        ("area", "Indonesia", "IDN"),
        ("area", " côte d'ivoire ", "CIV"),
        ("area", "TÜRKIYE", "TUR"),
        ("area", "_X", "_X"),
        ("area", "Areas, n.e.s.", "_X"),
        ("area", "xaa", "XAA"),
        ("area", "ROM", "ROU"),
        ("family", "gold", "gold"),
        ("family", "Gold", "gold"),
        ("family", "hs2833", "hs2833"),
        ("goods", "260400", "260400"),
        ("goods", "Nickel", "nickel"),
        ("year", "2020", 2020),
        ("whole", "1_000", 1000),
        ("number", "1e6", 1e6),
        ("number", "0", 0.0),
        ("source", "baci", "baci"),
        ("alert_list", "Learned", "learned"),
        ("mode", "Sea", "sea"),
        ("port", " Port of Tema ", "Port of Tema"),
        ("strait", "Suez Canal", "Suez Canal"),
        ("company", "M\u00e9tal & Co", "M\u00e9tal & Co"),
    ],
)
def test_what_is_meant_is_understood(kind, text, value):
    found = parse(one(kind), text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("kind", "text", "sentence"),
    [
        ("area", "Indonsia", "neither an ISO alpha-3 code nor the name of a listed area; did you mean Indonesia"),
        ("area", "", "neither an ISO alpha-3 code"),
        ("area", "any", "some cannot be 'any': name one"),
        ("family", "golf", "no listed material, the nearest is gold; use"),
        ("family", "260400", "adds codes up to materials: use nickel"),
        ("family", "hs", "no listed material"),
        ("goods", "2604", "has 4 digits; use six, or a material such as nickel"),
        ("goods", "26040000", "has 8 digits"),
        ("year", "20", "is no year from 1900 to 2199"),
        ("year", "two", "is no year"),
        ("year", "-2020", "is no year"),
        ("year", "²⁰²⁰", "is no year"),
        ("whole", "0", "is no whole number from 1 on"),
        ("whole", "1.5", "is no whole number"),
        ("whole", "1e30", "is no whole number"),
        ("number", "-1", "is no number from 0 on"),
        ("number", "nan", "is no number"),
        ("number", "inf", "is no number"),
        ("number", "1,000", "is no number"),
        ("alert_list", "all", "use agnostic or learned"),
        ("mode", "ship", "is no means of transport; use road, rail"),
        ("port", "", "is no name on one line"),
        ("port", "two\nlines", "is no name on one line"),
        ("company", "x" * 201, "is no name on one line of 200 characters"),
    ],
)
def test_what_is_of_no_use_is_said_in_one_sentence(kind, text, sentence):
    with pytest.raises(InputError, match=r"^some ") as refused:
        parse(one(kind), text)
    assert sentence in str(refused.value)


def test_any_stands_for_everything_only_where_it_is_the_default():
    assert parse(one("goods", "any"), "Any") == ""


def test_every_kind_has_a_parser():
    assert set(PARSERS) == set(KINDS)


@given(st.sampled_from(KINDS), st.text(max_size=12))
def test_no_text_breaks_a_parser_or_becomes_null(kind, text):
    wanted = {"year": int, "whole": int, "number": float}.get(kind, str)
    try:
        found = parse(one(kind), text)
    except InputError as error:
        found, wanted = str(error), str
    assert isinstance(found, wanted)
    assert wanted is not str or kind in ("text", "source") or "\n" not in found


def test_every_listed_area_and_material_is_known_by_its_code_and_its_name():
    names = [area.name.casefold() for area in areas().values()]
    for code, area in areas().items():
        assert parse(one("area"), code) == code
        if names.count(area.name.casefold()) == 1:
            assert parse(one("area"), area.name) == code
    for name, family in FAMILIES.items():
        assert parse(one("family"), name) == parse(one("family"), family.title) == name


def test_defaults_and_derived_values_complete_what_is_given():
    found = values(question("imports-under-a-ban"), {"year": 2020})
    assert found == {
        "exporter": "",
        "year": 2020,
        "min_value_usd": 0.0,
        "limit": 50,
        "source": "declared or reconciled",
        "first_day": "2020-01-01",
        "last_day": "2020-12-31",
    }


def test_unknown_and_missing_parameters_and_questions_are_named():
    with pytest.raises(InputError, match="largest-flows has no parameter 'yaer'; it takes commodity, year, min_value"):
        values(question("largest-flows"), {"yaer": 2020})
    with pytest.raises(InputError, match="largest-flows needs year: Calendar year"):
        values(question("largest-flows"), {"commodity": "gold"})
    with pytest.raises(InputError, match="there is no question 'hubs'; the nearest: hubs-without-production"):
        question("hubs")
    with pytest.raises(InputError, match="there is no question 'larges-flow'; the nearest: largest-flows"):
        question("larges-flow")
    with pytest.raises(InputError, match=r"there is no question ''$"):
        question("")


@pytest.mark.parametrize("asked", questions().values(), ids=list(questions()))
def test_every_default_is_a_value_of_its_kind(asked):
    for parameter in asked.parameters:
        if parameter.default is not None:
            assert parse(parameter, parameter.default) is not None


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("// meaning: M", "// sense: M", "is none of meaning"),
        ("// meaning: M\n", "", "the header needs 'meaning' once"),
        ("// data: any", "// data: all", "data says 'all', which is none of declared"),
        ("| year |", "| day |", "parameter says 'day', which is none of text"),
        ("| text |", "| blob |", "column says 'blob', which is none of text"),
        ("// key: code", "// key: cod", "key says 'cod', which is none of code"),
        ("| year | | ", "| year | ", "has 3 parts between bars, not 4"),
        ("\nRETURN 1", "", "needs a header of comment lines and a statement"),
    ],
)
def test_a_file_that_is_no_question_is_named_with_its_fault(old, new, sentence):
    header = ["T", "", "meaning: M", "data: any", "parameter: y | year | | Y", "key: code", "column: code | text | C"]
    text = "\n".join([f"// {line}".strip() for line in header]) + "\n\nRETURN 1"
    assert read("some", text).statement == "RETURN 1"
    assert old in text
    with pytest.raises(LayoutError, match=r"^question some: ") as refused:
        read("some", text.replace(old, new))
    assert sentence in str(refused.value)
