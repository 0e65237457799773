"""What chapter 02 claims: its article runs and learns nothing, and its numbers hold on the versions we pin."""

import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer as SklearnCounts
from sklearn.feature_extraction.text import TfidfVectorizer as SklearnTfidf
from sklearn.preprocessing import normalize

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.learner import verdict_of
from mmlearn_edu.checks.source import stub_source
from mmlearn_edu.datasets import load_docstrings, make_scenes
from mmlearn_edu.features import CountVectorizer, TfidfVectorizer, tokenize
from mmlearn_edu.similarity import top_k

SOURCE = Path(__file__).parents[2] / "notebooks" / "source" / "02_tfidf.py"
DOCSTRINGS = load_docstrings()
TEXTS = DOCSTRINGS.X["text"]
FISHER = list(DOCSTRINGS.latents["name"]).index("scipy.stats._stats_py.fisher_exact")


@pytest.fixture(scope="module")
def broken():
    """The article's weights, as the learner's cell has them."""
    scope = {"np": np, "re": re, "Counter": Counter}
    exec(stub_source(registry.get("tfidf.fix_article")), scope)
    return scope["article_tfidf"]


@pytest.fixture(scope="module")
def mended():
    return registry.get("tfidf.fix_article").reference


def test_the_listing_of_section_2_ranks_as_the_exercise_weighs(broken):
    (listing,) = re.findall(r"```python\n# (def keywords.*?)# ```", SOURCE.read_text("utf-8"), flags=re.DOTALL)
    scope = {"np": np, "re": re, "Counter": Counter}
    exec(re.sub(r"^# ?", "", listing, flags=re.MULTILINE), scope)
    for text in TEXTS[500:520]:
        (weights,) = broken([text])
        assert scope["keywords"](text, 3) == sorted(weights, key=lambda word: -weights[word])[:3]


def test_no_text_learns_from_another_and_after_the_repair_every_one_does(broken, mended):
    texts = TEXTS[:200].tolist()
    assert broken(texts) == [broken([text])[0] for text in texts]
    assert all(together != alone for together, alone in zip(mended(texts), map(mended, zip(texts)), strict=True))


def test_common_words_are_on_top_and_after_the_repair_they_are_not(broken, mended):
    """Among the four heaviest words of a text, those that a third of all texts have."""
    df = Counter(word for text in TEXTS for word in set(tokenize(text)))

    def common(weighed):
        tops = [sorted(row, key=row.get, reverse=True)[:4] for row in weighed]
        return np.mean([df[word] > len(TEXTS) / 3 for top in tops for word in top])

    assert common(broken(TEXTS)) > 0.4
    assert common(mended(TEXTS)) < 0.12


def test_words_of_one_letter_are_lost_in_silence(broken, mended):
    assert set(broken(["I C a ring."])[0]) == {"ring"}
    assert set(mended(["I C a ring."])[0]) == {"i", "c", "a", "ring"}


def test_a_text_of_one_letter_words_is_a_loud_fault():
    with pytest.raises(ValueError, match="empty vocabulary; perhaps the documents only contain stop words"):
        SklearnCounts().fit(["I", "我 爱 猫"])


def test_scikit_learn_with_our_pattern_is_named_right_and_as_it_comes_drops_short_words():
    def answer(texts, pattern):
        engine = SklearnTfidf(token_pattern=pattern).fit(texts)
        idf = dict(zip(engine.get_feature_names_out(), engine.idf_, strict=True))
        bags = [Counter(re.findall(pattern, text.lower())) for text in texts]
        return [{word: float(bag[word] * idf[word]) for word in bag} for bag in bags]

    exercise = registry.get("tfidf.fix_article")
    assert verdict_of(exercise, lambda texts: answer(texts, r"\w+"), seed=0).passed
    found = verdict_of(exercise, lambda texts: answer(texts, r"\w\w+"), seed=0)
    assert found.diagnosis[0] == "one-letter-words-dropped"


@pytest.fixture(scope="module")
def counted():
    counter = CountVectorizer().fit(TEXTS)
    return counter, counter.transform(TEXTS)


def test_one_text_keeps_winning_when_words_are_counted(counted):
    """Every text's first sentence asks; the text itself may not answer."""
    counter, counts = counted
    points = (counts @ counter.transform([text.split(". ")[0] for text in TEXTS]).T).toarray()
    np.fill_diagonal(points, -1)
    wins = np.bincount(points.argmax(axis=0), minlength=len(TEXTS))
    assert wins.argmax() == FISHER
    assert wins[FISHER] > 0.25 * len(TEXTS)
    idf = TfidfVectorizer().fit_transform(TEXTS)
    alike = (idf @ idf.T).toarray()
    np.fill_diagonal(alike, -1)
    assert np.bincount(alike.argmax(axis=0)).max() < 0.02 * len(TEXTS), "by tf-idf no text does"


def test_length_and_idf_each_help(counted):
    counts = counted[1].astype(float)
    module, y = DOCSTRINGS.groups["module"], DOCSTRINGS.y

    def share(X):
        alike = (X @ X.T).toarray()
        alike[module[:, None] == module] = -1
        return np.mean(y[top_k(alike, k=5)] == y[:, None])

    plain, length, both = share(counts), share(normalize(counts)), share(TfidfVectorizer().fit_transform(TEXTS))
    chance = np.mean(y[:, None] == y)
    assert chance < plain < 1.6 * chance, "hardly better than chance"
    assert length - plain == pytest.approx(both - length, abs=0.03), "as much again"
    assert both > 0.5


def test_one_shortest_outweighs_five_the():
    engine = TfidfVectorizer().fit(TEXTS)
    shortest, the = (engine.idf_[engine.vocabulary_[word]] for word in ("shortest", "the"))
    assert 5 * the < shortest


@pytest.mark.parametrize("seed", range(5))
def test_runs_of_characters_search_chinese_as_words_search_english(seed):
    english = make_scenes(300, random_state=seed).X["text"]
    chinese = make_scenes(300, random_state=seed, language="zh").X["text"]

    def share(captions, asked, **options):
        engine = TfidfVectorizer(**options).fit(captions)
        alike = (engine.transform(asked) @ engine.transform(captions).T).toarray()
        np.fill_diagonal(alike, -1)
        return np.mean(asked[top_k(alike, k=5)] == asked[:, None])

    asked = np.array([caption.partition("的")[2] for caption in chinese])
    others = Counter(asked.tolist())
    ceiling = np.mean([min(5, others[one] - 1) / 5 for one in asked.tolist()])
    by_words = share(english, np.array([" ".join(caption.split()[2:]) for caption in english]))
    by_runs = share(chinese, asked, analyzer="char", ngram_range=(1, 2))
    assert by_words == pytest.approx(ceiling)
    assert ceiling - 0.01 < by_runs < ceiling + 1e-9, "what is missing are magentas, 品红色, taken for reds, 红色"
    assert share(chinese, asked) == pytest.approx(1 / 24, abs=0.03), "chance: a whole caption passes for a word"
    assert TfidfVectorizer().fit(chinese).transform(asked).nnz == 0


def test_the_widgets_text_needs_eleven():
    page, rarity = registry.get("tfidf.top_word").cases(None, None)[0].args
    assert page == TEXTS[510]
    assert registry.get("tfidf.top_word").reference(page, rarity) == 11
    assert tokenize(page).count("the") == 3


def test_red_stands_inside_magenta():
    assert "红色" in "品红色"
