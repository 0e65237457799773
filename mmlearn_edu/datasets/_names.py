"""Names put together by chance, and the cards they are written on."""

from unicodedata import combining, normalize

import numpy as np
from numpy.typing import NDArray

from mmlearn_edu.datasets._persons import CHOICES, Codes

__all__ = ["full_names", "write_cards"]

# Given and family name are drawn each on its own, so that most persons have them from two places.
GIVEN = [
    "Ada", "Aiko", "Amara", "Ana", "Anwar", "Aylin", "Bruno", "Chidi", "Dara", "Elif", "Emeka", "Farid", "Goran",
    "Hana", "Hugo", "Inga", "Ivo", "Jana", "Jomo", "Kaito", "Kofi", "Lars", "Leila", "Linh", "Maja", "Malik", "Mei",
    "Milan", "Minh", "Nadia", "Nils", "Noor", "Olga", "Omar", "Oskar", "Paula", "Priya", "Rafael", "Ravi", "René",
    "Rita", "Sami", "Sara", "Sofía", "Tarek", "Thabo", "Vera", "Yara", "Yuki", "Zoë",
]  # fmt: skip
FAMILY = [
    "Abe", "Abdi", "Ahmed", "Banda", "Bauer", "Castro", "Cohen", "Costa", "Diallo", "Dube", "Eriksen", "Fischer",
    "Flores", "Garcia", "Gupta", "Haddad", "Hansen", "Ibarra", "Ito", "Jansen", "Juma", "Kamau", "Karimi", "Kim",
    "Kovač", "Kumar", "Lindgren", "Lopez", "Mensah", "Moreau", "Müller", "Nagy", "Nakamura", "Novák", "Okafor",
    "Osei", "Park", "Patel", "Pereira", "Petrov", "Popescu", "Rossi", "Sahin", "Santos", "Sato", "Silva", "Singh",
    "Tanaka", "Vargas", "Weber",
]  # fmt: skip
HAN_FAMILY = {
    "王": "Wang", "李": "Li", "张": "Zhang", "刘": "Liu", "陈": "Chen", "杨": "Yang",
    "赵": "Zhao", "黄": "Huang", "周": "Zhou", "吴": "Wu", "林": "Lin", "何": "He",
}  # fmt: skip
HAN_GIVEN = {
    "明": "ming", "华": "hua", "文": "wen", "海": "hai", "平": "ping", "安": "an", "云": "yun", "星": "xing",
    "雪": "xue", "梅": "mei", "春": "chun", "宁": "ning", "杰": "jie", "丽": "li", "思": "si", "远": "yuan",
}  # fmt: skip
FORMS = {  # how a name in Latin letters, and one in characters, is put on a card
    "full": ("{given} {family}", "{han}"),
    "family first": ("{family}, {given}", "{family} {given}"),
    "initial": ("{g}. {family}", "{g}. {family}"),
    "cut": ("{given} {f}.", "{han_given}"),
    "plain": ("{plain}", "{plain}"),
    "initials": ("{g}. {f}.", "{g}. {f}."),
    "given only": ("{given}", "{han_given}"),
}


def full_names(code: Codes) -> NDArray[np.object_]:
    """Return the name of each person, as it stands on a card in full."""
    names = zip(code["given"].tolist(), code["family"].tolist(), code["script"].tolist(), strict=True)
    return np.array([_form("full", *name) for name in names], dtype=object)


def write_cards(code: Codes) -> NDArray[np.object_]:
    """Write a card for each entry of the traits: one of `FORMS`, with a slip of the pen where the traits say so."""
    traits = ("form", "given", "family", "script", "slip", "where", "letter")
    rows = zip(*(code[trait].tolist() for trait in traits), strict=True)
    return np.array([_card(*row) for row in rows], dtype=object)


def _card(form: int, given: int, family: int, script: int, slip: int, where: int, letter: int) -> str:
    text = _form(CHOICES["form"][form], given, family, script)
    return _slip(text, CHOICES["slip"][slip], where % (len(text) - 1), letter)


def _form(form: str, given: int, family: int, script: int) -> str:
    latin = CHOICES["script"][script] == "Latin"
    if latin:
        han = han_given = ""
        first, last = GIVEN[given % len(GIVEN)], FAMILY[family % len(FAMILY)]
    else:
        one, two = (list(HAN_GIVEN)[number % len(HAN_GIVEN)] for number in (given, given // len(HAN_GIVEN)))
        surname = list(HAN_FAMILY)[family % len(HAN_FAMILY)]
        han_given, han = one + two, surname + one + two
        first, last = (HAN_GIVEN[one] + HAN_GIVEN[two]).capitalize(), HAN_FAMILY[surname]
    words = {"given": first, "family": last, "g": first[0], "f": last[0], "han": han, "han_given": han_given}
    return FORMS[form][not latin].format(plain=_plain(f"{first} {last}").upper(), **words)


def _plain(text: str) -> str:
    """Leave out the accents."""
    return "".join(letter for letter in normalize("NFD", text) if not combining(letter))


def _slip(text: str, slip: str, at: int, letter: int) -> str:
    here, after = text[at], text[at + 1]
    letters = "".join(HAN_GIVEN) if here in HAN_GIVEN or here in HAN_FAMILY else "abcdefghijklmnopqrstuvwxyz"
    written = {
        "none": here + after,
        "swap": after + here,
        "drop": after,
        "double": here + here + after,
        "mistype": letters[letter % len(letters)] + after,
    }
    return text[:at] + written[slip] + text[at + 2 :]
