"""Names of companies: what is one name, what is two, and what is none; hostile cells among them."""

from datetime import date

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graphs.errors import InputError
from graphs.tables_companies import Manifests
from models.companies import forms, names

ONE = [
    ("Kabano Mining Ltd", "KABANO MINING LIMITED"),
    ("Kabano Mining Ltd", "Kabano  Mining, Ltd."),
    ("Kabano Mining Ltd", "KABANO MINING CO., LTD"),
    ("Kabano Sàrl", "KABANO S.A.R.L."),
    ("Kabano Sàrl", "Kabano s a r l"),
    ("Søren & Möller A/S", "SOREN AND MOLLER AS"),
    ("Kabano Sp. z o.o.", "Kabano sp z oo"),
    ("Kabano Sp. z o.o.", "KABANO SP. Z O. O."),
    ("Kabano S.A. de C.V.", "KABANO SA DE CV"),
    ("Kabano S. de R.L. de C.V.", "KABANO SRL DE CV"),
    ("J. P. Kabano Inc", "JP KABANO INCORPORATED"),
    ("D'Ora Gold Inc", "DORA GOLD INC."),
    ("D’Ora Gold Inc", "D`ORA GOLD INC"),
    ("Kabano\u200b Mining\u00a0Ltd", "kabano mining ltd"),
    ("ＫＡＢＡＮＯ Ｍｉｎｉｎｇ", "Kabano Mining"),
    ("Kabano™ Mining® Ltd 🙂", "Kabano Mining Ltd"),
    ("Kabano Ltd as agent for Deroti SA", "Kabano Ltd"),
    ("Kabano Ltd c/o Deroti SA", "Kabano Ltd"),
]
TWO = [
    ("Kabano Mining Ltd", "Kabano Mining LLC"),
    ("Kabano Mining Ltd", "Kabano Mining"),
    ("Kabano Mining 2", "Kabano Mining 3"),
    ("Kabano Mining Pte Ltd", "Kabano Mining Pvt Ltd"),
    ("Kabano Mining", "Kabano Minings"),
    # The second begins with a Cyrillic letter that only looks Latin.
    ("ACME Gold", "\u0410CME Gold"),
    # Different Chinese words of one sound.
    ("山东矿业", "山東矿业"),
]
NOBODY = [
    None, "", "   ", "-", "...", "***", "\u200b", "🙂", "TO ORDER", "To the order of Kabano Bank",
    "to order of shipper", "SAME AS CONSIGNEE", "Same", "N/A", "none", "NULL", "XXX", "Unknown", "x" * 301, "é" * 5000,
    "AS PER BILL OF LADING", "to order as agent for Deroti",
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), ONE)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    read, again = names.read(one), names.read(other)
    assert read is not None
    assert again is not None
    assert read.key == again.key


@pytest.mark.parametrize(("one", "other"), TWO)
def test_what_may_be_two_companies_has_two_keys(one: str, other: str) -> None:
    keys = {name.key for text in (one, other) if (name := names.read(text))}
    assert len(keys) == 2


@pytest.mark.parametrize("text", NOBODY)
def test_a_cell_that_names_nobody_is_none(text: str | None) -> None:
    assert names.read(text) is None
    assert names.company_id(text, "GHA") is None


@pytest.mark.parametrize(
    ("text", "words", "form", "numbers"),
    [
        ("PT Kabano Tbk", ("kabano",), "pt tbk", ()),
        ("PT", ("pt",), "", ()),
        ("SA", ("sa",), "", ()),
        ("Co Ltd", ("co",), "ltd", ()),
        ("CV Deroti Jaya", ("deroti", "jaya"), "cv", ()),
        ("OOO Kabano", ("kabano",), "ooo", ()),
        ("Kabano GmbH & Co. KG", ("kabano",), "gmbh co kg", ()),
        ("Kabano Mine II Ltd", ("kabano", "mine", "ii"), "ltd", ("2",)),
        ("Kabano Mine No. 02", ("kabano", "mine", "no", "02"), "", ("2",)),
        ("Kabano A1 B1", ("kabano", "a1", "b1"), "", ("1", "1")),
        ("X", ("x",), "", ()),
        ("7", ("7",), "", ("7",)),
    ],
)
def test_form_and_numbers_are_kept_apart(
    text: str, words: tuple[str, ...], form: str, numbers: tuple[str, ...]
) -> None:
    name = names.read(text)
    assert name is not None
    assert (name.words, name.form, name.numbers) == (words, form, numbers)


def test_scripts_are_told() -> None:
    kinds = {
        text: (name.is_latin, name.is_mixed)
        for text in ("Kabano Größe", "Кабано", "\u0410CME", "山东矿业", "株式会社カバノ", "ACME Кабано", "شركة كابانو")
        if (name := names.read(text))
    }
    assert kinds == {
        "Kabano Größe": (True, False),
        "Кабано": (False, False),
        "\u0410CME": (False, True),
        "山东矿业": (False, False),
        "株式会社カバノ": (False, False),
        "ACME Кабано": (False, False),
        "شركة كابانو": (False, False),
    }


@given(st.text(alphabet="abcopltdsavz .&'/-é1I", max_size=30))
@example("P Co Limited x P Co Limited")
@example("Foo P Co Limited")
@example("X Co S de RL de CV")
@example("Co Co Ltd Co")
@example("pt pt cv sa")
def test_a_latin_key_reads_as_itself(text: str) -> None:
    name = names.read(text)
    if name is not None:
        again = names.read(name.key.replace("_", " "))
        assert again is not None
        assert (again.key, again.words, again.form, again.numbers) == (name.key, name.words, name.form, name.numbers)


@given(st.text(max_size=60))
def test_any_text_is_read_or_none(text: str) -> None:
    found = names.company_id(text, None)
    if found is not None:
        assert names.named(found) == (None, found[3:])
        assert found.isascii()
        assert found == names.company_id(f"  {text}\t", None)


@pytest.mark.parametrize("spelling", [" ".join(one) for one in forms.ENDS])
def test_every_listed_form_is_read_at_the_end(spelling: str) -> None:
    assert forms.strip_end(("kabano", *spelling.split())) == (forms.ENDS[tuple(spelling.split())], ("kabano",))
    assert forms.ENDS[tuple(forms.ENDS[tuple(spelling.split())].split())] == forms.ENDS[tuple(spelling.split())]


def test_identifiers_name_country_and_key() -> None:
    assert names.company_id("Kabano Mining Ltd", "GHA") == "GHA:KABANO_MINING_LTD"
    assert names.company_id("Kabano Mining Ltd", None) == "__:KABANO_MINING_LTD"
    assert names.named("GHA:KABANO_MINING_LTD") == ("GHA", "KABANO_MINING_LTD")
    for wrong in ("", "KABANO", ":KABANO", "GHA:"):
        with pytest.raises(InputError, match="is no company"):
            names.named(wrong)


def test_manifests_get_the_identifiers_of_their_parties() -> None:
    rows = [
        {"raw_sha256": "a", "raw_row": 1, "mapping": "m", "shipper": "Kabano Ltd.", "shipper_country": "XAA",
         "consignee": "TO ORDER", "notify": "Deroti SA", "is_counted": True, "known_from": date(2021, 1, 1)},
        {"raw_sha256": "a", "raw_row": 2, "mapping": "m", "shipper": "KABANO LIMITED", "is_counted": True,
         "known_from": date(2021, 1, 1)},
    ]  # fmt: skip
    frame = pl.DataFrame(rows, schema=Manifests.create_empty().schema)
    found = names.identified(frame)
    assert found.select("shipper_id", "consignee_id", "notify_id").rows() == [
        ("XAA:KABANO_LTD", None, "__:DEROTI_SA"),
        ("__:KABANO_LTD", None, None),
    ]
    assert found.drop("shipper_id", "notify_id").equals(frame.drop("shipper_id", "notify_id"))
    assert names.identified(found).equals(found)
    assert names.identified(Manifests.create_empty()).equals(Manifests.create_empty())


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=40))
def test_the_short_way_of_plain_text_is_the_long_way(text: str) -> None:
    short = " ".join(text.translate(names.ASCII_SIGNS).split())
    assert short == " ".join(names._plain(text).split())
