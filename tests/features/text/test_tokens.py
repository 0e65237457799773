from itertools import pairwise
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmlearn_edu.features import ngrams, tokenize


def test_words_by_hand():
    assert tokenize("I saw a RED ring, twice.") == ["i", "saw", "a", "red", "ring", "twice"]
    assert tokenize("I saw a ring", r"\w\w+") == ["saw", "ring"]
    assert tokenize("") == tokenize(" \n\t") == tokenize("，。！？…") == tokenize("🔴👨‍👩‍👧") == []


def test_one_letter_stored_in_two_ways_is_one_letter():
    composed, apart = "café", "cafe\u0301"
    assert composed != apart
    assert tokenize(composed) == tokenize(apart) == ["café"]
    assert tokenize("ＡB") == ["ａb"]  # full-width stays full-width


@given(st.text(st.characters(codec="utf-8", max_codepoint=0x2FFFF)))
def test_storage_of_accents_never_matters(text):
    assert tokenize(normalize("NFD", text)) == tokenize(normalize("NFC", text))


def test_chinese():
    assert tokenize("一个红色的圆，在左边。") == ["一个红色的圆", "在左边"]
    assert tokenize("红LED灯、3个", r"[一-鿿]|[^\W一-鿿]+") == ["红", "led", "灯", "3", "个"]


def test_runs_by_hand():
    assert ngrams(["not", "good", "at", "all"], (2, 3)) == [
        "not good", "good at", "at all", "not good at", "good at all",
    ]  # fmt: skip
    assert ngrams("红色的", (1, 3), glue="") == ["红", "色", "的", "红色", "色的", "红色的"]
    assert ngrams("ab", (1, 1), glue="") == ["a", "b"]
    assert ngrams("ab", (3, 4), glue="") == ngrams([], (1, 1)) == []


@given(st.lists(st.text()), st.integers(1, 4), st.integers(0, 3))
def test_how_many_runs(tokens, low, more):
    runs = ngrams(tokens, (low, low + more))
    assert len(runs) == sum(max(0, len(tokens) - n + 1) for n in range(low, low + more + 1))
    if low == 1:
        assert runs[: len(tokens)] == tokens
    if low == 2:
        assert runs[: max(0, len(tokens) - 1)] == [f"{a} {b}" for a, b in pairwise(tokens)]


@pytest.mark.parametrize(
    ("ngram_range", "error", "message"),
    [
        ((2, 1), ValueError, r"ngram_range=\(2, 1\) must have 1 <= low <= high; \(1, 2\) is single tokens and pairs"),
        ((0, 2), ValueError, r"ngram_range=\(0, 2\) must have 1 <= low"),
        (2, TypeError, "ngram_range=2 is no pair of whole numbers"),
        ("12", TypeError, "ngram_range='12' is no pair"),
        ((1, 1.5), TypeError, r"ngram_range=\(1, 1.5\) is no pair"),
    ],
)
def test_says_what_a_range_is(ngram_range, error, message):
    with pytest.raises(error, match=message):
        ngrams(["a", "b"], ngram_range)
