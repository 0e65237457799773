"""Names and cards: every form and every slip, by hand."""

import unicodedata

import numpy as np
import pytest

from mmlearn_edu.datasets._names import FAMILY, FORMS, GIVEN, HAN_FAMILY, HAN_GIVEN, full_names, write_cards
from mmlearn_edu.datasets._persons import CARD_TAKE, CHOICES, NAME, draw

RENE = {"given": GIVEN.index("René"), "family": FAMILY.index("Kovač"), "script": CHOICES["script"].index("Latin")}
WEN, XUE = [*HAN_GIVEN].index("文"), [*HAN_GIVEN].index("雪")
HAN = {
    "given": WEN + len(HAN_GIVEN) * XUE,
    "family": [*HAN_FAMILY].index("李"),
    "script": CHOICES["script"].index("Han"),
}


def card(name, form="full", slip="none", where=0, letter=0):
    code = {**name, "form": CHOICES["form"].index(form), "slip": CHOICES["slip"].index(slip)}
    return write_cards({k: np.array([v]) for k, v in {**code, "where": where, "letter": letter}.items()})[0]


@pytest.mark.parametrize(
    ("form", "latin", "han"),
    [
        ("full", "René Kovač", "李文雪"),
        ("family first", "Kovač, René", "Li Wenxue"),
        ("initial", "R. Kovač", "W. Li"),
        ("cut", "René K.", "文雪"),
        ("plain", "RENE KOVAC", "WENXUE LI"),
        ("initials", "R. K.", "W. L."),
        ("given only", "René", "文雪"),
    ],
)
def test_every_form(form, latin, han):
    assert card(RENE, form) == latin
    assert card(HAN, form) == han
    assert form in FORMS


@pytest.mark.parametrize(
    ("slip", "where", "latin", "han"),
    [
        ("none", 2, "René Kovač", "李文雪"),
        ("swap", 0, "eRné Kovač", "文李雪"),
        ("drop", 1, "Rné Kovač", "李雪"),
        ("double", 1, "Reené Kovač", "李文文雪"),
        ("mistype", 1, "Rcné Kovač", "李文雪"),
        ("swap", 8, "René Kovča", "文李雪"),
    ],
)
def test_every_slip(slip, where, latin, han):
    assert card(RENE, slip=slip, where=where, letter=2) == latin
    assert card(HAN, slip=slip, where=where, letter=2) == han


def test_a_slip_of_the_pen_in_characters_is_a_character():
    assert card(HAN, slip="mistype", where=0, letter=3) == "海文雪"


def test_names_are_those_of_the_card_in_full():
    traits = draw(NAME, 300, np.random.RandomState(0))
    names = full_names(traits)
    plain = {name: np.zeros(300, dtype=int) for name in CARD_TAKE}
    np.testing.assert_array_equal(write_cards({**traits, **plain}), names)
    han = traits["script"] == CHOICES["script"].index("Han")
    assert han.mean() == pytest.approx(0.25, abs=0.1)
    assert all(len(name) == 3 for name in names[han])
    assert all(name.count(" ") == 1 for name in names[~han])
    assert len(set(names)) > 250


def test_no_card_is_empty_and_all_can_be_written_down():
    cards = write_cards(draw({**NAME, **CARD_TAKE}, 5000, np.random.RandomState(0)))
    assert min(len(text) for text in cards) >= 1
    assert all(text.encode().decode() == text == unicodedata.normalize("NFC", text) for text in cards)


def test_no_name_twice_in_the_lists():
    for names in (GIVEN, FAMILY, [*HAN_GIVEN], [*HAN_FAMILY], [*HAN_FAMILY.values()], [*HAN_GIVEN.values()]):
        assert len(set(names)) == len(names)
