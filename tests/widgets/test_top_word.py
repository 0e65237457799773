"""A document and its words by tf-idf: numbers against the transformers, page against Python, and typing."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer as SklearnTfidf

from mmlearn_edu.datasets import load_docstrings
from mmlearn_edu.features import TfidfVectorizer, tokenize
from mmlearn_edu.widgets import edit_document, word_weights

TEXTS = load_docstrings().X["text"]
ENGINE = TfidfVectorizer().fit(TEXTS)
IDF = dict(zip(ENGINE.get_feature_names_out(), ENGINE.idf_, strict=True))
SMALL = {"a": 1.0, "red": 1.5, "ring": 2.0, "红": 3.0, "é": 2.5}
DOCUMENTS = [
    "A red, red ring!",
    "RING ring a_ring red_",
    "红 圆，红。 é e\u0301 É x² ½ 3.5 Ⅻ",
    "İstanbul ΣΑΣ straße ﬁ",
    "",
    "nothing known\n\there",
]


@pytest.mark.parametrize("i", [0, 510, 883])
def test_weights_are_those_of_both_libraries(i):
    found = word_weights(TEXTS[i], IDF)
    theirs = SklearnTfidf(token_pattern=r"\w+").fit(TEXTS)
    for vectorizer in (ENGINE, theirs):
        row, words = vectorizer.transform([TEXTS[i]]).toarray()[0], vectorizer.get_feature_names_out()
        expected = {words[j]: row[j] for j in np.flatnonzero(row)}
        assert {word: weight for word, _, weight in found} == pytest.approx(expected)
    assert [word for word, *_ in found[:2]] == sorted(expected, key=lambda word: -expected[word])[:2]
    assert {word: tf for word, tf, _ in found} == {word: tokenize(TEXTS[i]).count(word) for word in expected}


def test_equal_weights_in_the_order_of_the_alphabet():
    assert [word for word, *_ in word_weights("b c a", {"a": 1.0, "b": 1.0, "c": 1.0})] == ["a", "b", "c"]


def test_starts_untouched_and_tells_the_words_of_its_picture():
    widget = edit_document(TEXTS[510], IDF, "the")
    assert widget.answer is None
    assert "‘the’" in widget.task
    assert "image 0.34" in widget._alt()
    before = widget._still()
    widget.text += " the" * 20
    assert widget._still() != before
    assert "image (3×)" in before


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ((["a"], SMALL, "a"), TypeError, "document is list, expected one text"),
        (("a", SMALL, "star"), ValueError, "goal='star' is not among the 5 words"),
        (("a", {"a": np.nan}, "a"), ValueError, "finite number above 0"),
        (("a", {"a": 0.0}, "a"), ValueError, "finite number above 0"),
        (("star", SMALL, "a"), ValueError, "no word of the document is in idf"),
    ],
)
def test_says_what_it_cannot_open(arguments, error, words):
    with pytest.raises(error, match=words):
        edit_document(*arguments)


@pytest.fixture(scope="module")
def page(chromium):
    page = chromium.new_page()
    page.evaluate(
        "async (source) => { window.widget = "
        "await import(URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))); }",
        edit_document("a ring", SMALL, "a")._esm,
    )
    yield page
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("document", [*DOCUMENTS, *TEXTS[:40]])
def test_page_finds_the_same_words(page, document):
    assert page.evaluate("text => widget.tokenize(text)", document) == tokenize(document)


@pytest.mark.browser
@pytest.mark.parametrize("document", DOCUMENTS)
def test_page_weighs_alike(page, document):
    idf = edit_document("a ring", SMALL, "a").idf
    theirs = page.evaluate("([text, idf]) => widget.wordWeights(text, widget.readIdf(idf))", [document, idf])
    ours = word_weights(document, SMALL)
    assert [(row["word"], row["tf"]) for row in theirs] == [(word, tf) for word, tf, _ in ours]
    np.testing.assert_allclose([row["weight"] for row in theirs], [weight for *_, weight in ours], rtol=1e-14)


@pytest.mark.browser
def test_page_has_every_idf_to_the_last_digit(page):
    groups = edit_document(TEXTS[510], IDF, "the").idf
    assert dict(page.evaluate("groups => [...widget.readIdf(groups)]", groups)) == IDF


@pytest.mark.browser
def test_task_by_keyboard_alone(show):
    page = show(edit_document(TEXTS[510], IDF, "the"))
    page.keyboard.press("Tab")
    page.keyboard.press("Control+End")
    page.keyboard.type(" The THE")
    assert page.evaluate("model.get('answer')") == "‘image’ is still on top"
    page.keyboard.press("Tab")
    for _ in range(6):
        page.keyboard.press("Enter")
    assert page.evaluate("model.get('answer')") == 11
    assert page.locator(".mml-answer").inner_text() == "Your answer: 11"
    assert page.locator(".mml-verdict").inner_text() == "✓ With 11 copies, ‘the’ is the top word."
    assert page.locator("tbody tr").first.inner_text().split()[:4] == ["1", "▶", "the", "11"]
    page.wait_for_function("document.querySelector('[aria-live=polite]').textContent.includes('With 11 copies')")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("model.get('answer')") is None
    assert page.evaluate("model.get('text')") == TEXTS[510]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("text", "answer"),
    [("", "no word of this text is known"), ("a red", "‘red’ is still on top"), ("red a a", 2), ("ring a a", "two")],
)
def test_every_state_has_words(show, text, answer):
    page = show(edit_document("a ring", SMALL, "a"))
    page.get_by_label("The text").fill(text)
    found = page.evaluate("model.get('answer')")
    assert found == answer or (answer == "two" and found == "two words share the top")
    assert page.locator(".mml-verdict").inner_text()


@pytest.mark.browser
def test_the_goal_is_listed_even_when_it_is_far_down(show):
    page = show(edit_document(TEXTS[510], IDF, "a"))
    assert page.locator("tr.mml-goal").inner_text().split()[1:3] == ["▶", "a"]
