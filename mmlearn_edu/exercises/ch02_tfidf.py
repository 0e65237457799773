"""Chapter 02-tfidf: learn a vocabulary, count, weigh by rarity, search; Chinese by runs of characters."""

# ruff: noqa: ARG001  (cases and laws have one signature, whatever they use of it)

import functools
import re
from collections import Counter
from dataclasses import replace

import numpy as np

from mmlearn_edu.checks.authoring import (
    case,
    chapter,
    close,
    exact,
    exercise,
    law,
    mistake,
    prediction,
    question,
    same_hints,
)
from mmlearn_edu.checks.comparators.kinds import same_structure
from mmlearn_edu.checks.comparators.structure import Ranking
from mmlearn_edu.checks.exercise import Problem
from mmlearn_edu.datasets import load_docstrings
from mmlearn_edu.features import TfidfVectorizer, tokenize

CHAPTER = chapter("02-tfidf", "TF-IDF: which words matter", minutes=50, needs=["00-start-here"])

LIBRARY = ["sklearn.feature_extraction", "mmlearn_edu.features.text.counts", "mmlearn_edu.features.text.tfidf"]
PAGE = 510  # the docstring that the widget opens with

PREDICTIONS = [
    prediction(
        id="tfidf.counts_search",
        prompt="You ask 1320 texts: `what is the shortest path in a graph?` A text scores one point for every word of "
        "yours, each time it stands there. What comes out on top?",
        options={
            "a": "a text about something else",
            "b": "a text about graphs",
            "c": "a tie of hundreds of texts",
        },
        outcome=lambda topic: "b" if topic == "graphs" else "a",
        after="`the`, `is`, `in` and `a` stand nearly everywhere, and most often in long texts. They outvote `graph`.",
        example="statistics",
    ),
    prediction(
        id="tfidf.unknown_word",
        prompt="You ask for `graph zyzzyva`. No text has the word zyzzyva. What does the fitted engine do with it?",
        options={
            "a": "it raises an error",
            "b": "it gives it the largest weight of all: no word is rarer",
            "c": "it skips it, as if you had asked for `graph`",
        },
        outcome=lambda same: "c" if same else "b",
        after="The vocabulary was learned from the texts and is frozen. A word without a column cannot be counted, "
        "and it could not match any text anyway.",
        example=True,
    ),
]

QUESTIONS = [
    question(
        id="tfidf.q1",
        prompt="A word stands in every one of 1000 texts, 50 times in yours. What is its smoothed idf?",
        options={"a": "0", "b": "1", "c": "50"},
        answer="b",
        why="ln(1001 / 1001) + 1: the logarithm is 0, and the +1 keeps the word from vanishing.",
        wrong={
            "a": "That is ln(n / df), without the +1.",
            "c": "That is its tf. idf never looks at how often a word stands in one text.",
        },
    ),
    question(
        id="tfidf.q2",
        prompt="What does df count?",
        options={
            "a": "the texts that have the word at all",
            "b": "how often the word stands in all texts together",
            "c": "the words of the text",
        },
        answer="a",
        why="Ten times in one text is still one text.",
        wrong={
            "b": "Then one text that says it a hundred times would make the word look common.",
            "c": "That is the length of a text; L2 takes care of it.",
        },
    ),
    question(
        id="tfidf.q3",
        prompt="You fit TF-IDF on one single text. What are the idf of its words?",
        options={"a": "high for its special words", "b": "all zero", "c": "all the same"},
        answer="c",
        why="Every word stands in 1 of 1 texts. What is left is the counts: rarity can only be seen across texts.",
        wrong={
            "a": "One text cannot know which of its words others lack.",
            "b": "The smoothed idf is at least 1.",
        },
    ),
    question(
        id="tfidf.q4",
        prompt="A query has a word that no training text had. What happens to it?",
        options={
            "a": "it gets a new column",
            "b": "it gets the largest idf",
            "c": "it is skipped",
        },
        answer="c",
        why="The columns were frozen when the vocabulary was learned; only then do rows of texts and queries fit.",
        wrong={
            "a": "Then the query would have more columns than the texts.",
            "b": "It has no column, so it has no idf either.",
        },
    ),
    question(
        id="tfidf.q5",
        prompt="You write a text twice in a row into one file. What happens to its TF-IDF row of length 1?",
        options={"a": "every weight doubles", "b": "every weight halves", "c": "nothing"},
        answer="c",
        why="All counts double, so the row points the same way; L2 then gives both the same length.",
        wrong={"a": "Before L2, yes.", "b": "Dividing by the length undoes the doubling, no more."},
    ),
    question(
        id="tfidf.q6",
        prompt="A tokeniser takes a word to be two letters or more. Which query is then empty?",
        options={"a": "`I C U`", "b": "`plan B`", "c": "`the C language`"},
        answer="a",
        why="All three of its words have one letter. The other two only lose their most telling word.",
        wrong={"b": "`plan` is left.", "c": "`the` and `language` are left, and C is gone."},
    ),
    question(
        id="tfidf.q7",
        prompt="Why are Chinese texts often cut into runs of one and two characters?",
        options={
            "a": "because a Chinese dictionary has far more words than a vocabulary can have columns",
            "b": "because no blanks mark its words, so a whole clause would be one word",
            "c": "because computers store two bytes a character",
        },
        answer="b",
        why="With whole clauses as words, only an exact repetition is ever found.",
        wrong={
            "a": "A vocabulary has as many columns as it needs. Missing is a blank that shows where a word ends.",
            "c": "Storage has nothing to do with it.",
        },
    ),
    question(
        id="tfidf.q8",
        prompt="n = 8 texts, df = 1. Which number is ln(n / df) + 1?",
        options={"a": "about 3.08", "b": "about 2.50", "c": "about 1.90"},
        answer="a",
        why="ln 8 is 2.08.",
        wrong={
            "b": "That is the smoothed one: ln(9 / 2) + 1.",
            "c": "That took the logarithm to base 10.",
        },
    ),
]


# Texts drawn at random: capitals, full stops, words of one letter, words within words


_STOCK = ["I", "a", "ring", "string", "red", "Red", "the", "saw", "C", "in", "bring"]
TEXTS = [
    "I saw a ring.",
    "A red ring!",
    "The string is red, red.",
    "A ring, a ring, a ring: bring a string!",
    "I saw a ring. I saw it.",
    "A C ring.",
]
_HAND = TEXTS[:3]


def _texts(rng, n_texts, longest=7, stock=_STOCK):
    """Draw texts of 2 to `longest` words, with commas and full stops."""
    found = []
    for _ in range(n_texts):
        words = rng.choice(stock, size=rng.integers(2, longest + 1)).tolist()
        found.append(", ".join(words[:2]) + " " + " ".join(words[2:]) + ".")
    return found


def _words(text, pattern=r"\w+"):
    return re.findall(pattern, text.lower())


# tfidf.learn_vocabulary


def _vocabulary_cases(rng, dtype):
    return [
        case(_HAND[:2], label="2 texts"),
        case(_HAND, label="3 texts"),
        case(_texts(rng, 5), label="5 texts"),
        case([*_texts(rng, 8, 9), "A one-off, Éclair."], label="9 texts"),
    ]


def _numbered(words):
    return {word: column for column, word in enumerate(words)}


def _every(texts, words=_words):
    return [word for text in texts for word in words(text)]


def _same_columns(expected, actual):
    """Compare vocabularies; right words in other columns are told apart from other words."""
    problem = exact()(expected, actual)
    if problem and problem.id == "value" and isinstance(actual, dict) and set(actual) == set(expected):
        return replace(
            problem,
            id="other-columns",
            message="The words are right, their columns are not. Sort the words first: column 0 is the first in the "
            "alphabet.",
        )
    return problem


def _alphabetical(f, rng):
    found = f(_texts(rng, 6))
    right = sorted(found, key=found.get) == sorted(found)
    return right or "Sort the words before you number them: column 0 is the first in the alphabet."


@exercise(
    "tfidf.learn_vocabulary",
    title="Learn a vocabulary and freeze it",
    section=("by-hand", "3 · By hand"),
    points=1,
    cases=_vocabulary_cases,
    compare=_same_columns,
    laws=[
        law("the order of the texts changes nothing", lambda f, rng: f(_HAND) == f(_HAND[::-1])),
        law("columns follow the alphabet", _alphabetical),
    ],
    mistakes=[
        mistake(
            "capitals-kept",
            lambda texts: _numbered(sorted({word for text in texts for word in re.findall(r"\w+", text)})),
            "You kept capitals, so Red and red are two words. `tokenize` makes every letter small.",
            seen="expected slip, not yet seen: no lower()",
        ),
        mistake(
            "one-letter-words-dropped",
            lambda texts: _numbered(sorted(set(_every(texts, lambda text: _words(text, r"\w\w+"))))),
            "Your words have two letters or more: `I`, `a` and `C` are gone. A word is one letter or more.",
            seen="scikit-learn issue #11834: TfidfVectorizer still filters out 'a' and 'I'",
        ),
        mistake(
            "split-at-blanks",
            lambda texts: _numbered(sorted(set(_every(texts, lambda text: text.lower().split())))),
            "You split at blanks, so the full stop stays on the word: `ring.` is not `ring`. Use `tokenize`.",
            seen="expected slip, not yet seen: str.split for a tokeniser",
        ),
        mistake(
            "order-of-appearance",
            lambda texts: _numbered(dict.fromkeys(_every(texts))),
            "The words are right, in the order in which you met them. Sort them before you number them.",
            seen="expected slip, not yet seen: no sorting",
        ),
        mistake(
            "columns-from-1",
            lambda texts: {word: column + 1 for word, column in _numbered(sorted(set(_every(texts)))).items()},
            "Columns count from 0, like every axis in NumPy. Your first word has column 1.",
            seen="expected slip, not yet seen: counted from 1",
        ),
        mistake(
            "counts-for-columns",
            lambda texts: dict(Counter(_every(texts))),
            "You say how often each word stands there. A vocabulary says in which column a word is counted.",
            seen="question 'Why is this CountVectorizer output different from my word counts?'",
        ),
        mistake(
            "words-only",
            lambda texts: sorted(set(_every(texts))),
            "These are the right words in the right order, as a list. Return a dict: each word with its column.",
            seen="expected slip, not yet seen: stopped at the sorted words",
        ),
        mistake(
            "repeats-numbered",
            lambda texts: _numbered(sorted(_every(texts))),
            "A word that stands twice used up two columns. Take every different word once: a set.",
            seen="expected slip, not yet seen: a list where a set was needed",
        ),
        mistake(
            "columns-to-words",
            lambda texts: dict(enumerate(sorted(set(_every(texts))))),
            "Your dict leads from column to word. Turn it round: the word is the key, the column its value.",
            seen="expected slip, not yet seen: dict(enumerate(words))",
        ),
        mistake(
            "letters-for-words",
            lambda texts: _numbered(sorted({letter for text in texts for letter in text})),
            "These are letters: a text is a run of letters, and you went over those. Go over tokenize(text).",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "last-text-only",
            lambda texts: _numbered(sorted(set(_words(texts[-1])))),
            "Only the last text is in your vocabulary. Gather the words of all texts before you number them.",
            seen="expected slip, not yet seen: a name written over in a loop",
        ),
    ],
    alternatives=[
        lambda texts: _numbered(np.unique(_every(texts)).tolist()),
        lambda texts: {word: int(np.searchsorted(sorted(set(_every(texts))), word)) for word in _every(texts)},
    ],
    hints_for=same_hints(
        [
            'Print tokenize("A red ring!"). What became of the capital, of the full stop, of the word of one letter?',
            "The words of a text are what `tokenize` returns. Gather those of every text in one set.",
            "{word for text in texts for word in tokenize(text)}      # every text",
        ],
        "capitals-kept",
        "one-letter-words-dropped",
        "split-at-blanks",
        "letters-for-words",
    )
    | same_hints(
        [
            "Which word is first in the alphabet, and which column has it in yours?",
            "Numbers come last: first a set, then sorted, then enumerate, which counts from 0.",
            "for column, word in enumerate(sorted(words)): ...      # after sorting",
        ],
        "other-columns",
        "order-of-appearance",
    ),
    hints=[
        "First: which different words are there? A set keeps every word once. Then number them.",
        "sorted(a_set) is a list in alphabetical order; enumerate(words) gives pairs of column and word, from 0.",
        (
            "words = sorted({word for text in texts for word in tokenize(text)})\n"
            "return {word: ... for column, word in enumerate(words)}"
        ),
    ],
    forbids=LIBRARY,
)
def learn_vocabulary(texts):
    """Give every word of the training texts a column: a dict from word to column, words in alphabetical order."""
    # 1 tokenise: every different word once, in alphabetical order
    words = sorted({word for text in texts for word in tokenize(text)})
    # give every word a column, from 0
    ### BEGIN SOLUTION
    #: return {...: ... for column, word in enumerate(words)}
    return {word: column for column, word in enumerate(words)}
    ### END SOLUTION


# tfidf.count_words


def _count_cases(rng, dtype):
    learned = _numbered(sorted(set(_every(_HAND[:2]))))
    train, new = _texts(rng, 4, 5), _texts(rng, 3, 9)
    known = _numbered(sorted({*_every(train), "tin"}))
    return [
        case(_HAND, learned, label="3 texts, 5 known words; `string` is unknown"),
        case(TEXTS[3:4], learned, label="1 text with repeats"),
        case([*new, "Zyzzyva!", "", "red red tin"], known, label="6 texts, one of them empty"),
    ]


def _table(texts, vocabulary, count):
    """Count with the slips that the mistakes below need: ``count(tokens, word, text)``."""
    words = sorted(vocabulary, key=vocabulary.get)
    return np.array([[count(_words(text), word, text) for word in words] for text in texts]).reshape(len(texts), -1)


def _unknown_raises(texts, vocabulary):
    counts = np.zeros((len(texts), len(vocabulary)), dtype=int)
    for row, text in enumerate(texts):
        for word in tokenize(text):
            counts[row, vocabulary[word]] += 1
    return counts


def _unknown_last(texts, vocabulary):
    counts = np.zeros((len(texts), len(vocabulary)), dtype=int)
    for row, text in enumerate(texts):
        for word in tokenize(text):
            counts[row, vocabulary.get(word, -1)] += 1
    return counts


def _row_forgotten(texts, vocabulary):
    counts = np.zeros((len(texts), len(vocabulary)), dtype=int)
    for text in texts:
        for word in tokenize(text):
            if word in vocabulary:
                counts[vocabulary[word]] += 1
    return counts


def _with_counter(texts, vocabulary):
    bags = [Counter(tokenize(text)) for text in texts]
    return np.array([[bag[word] for word in vocabulary] for bag in bags], dtype=int)


def _one_by_one(texts, vocabulary):
    columns = [[vocabulary[word] for word in tokenize(text) if word in vocabulary] for text in texts]
    return np.stack([np.bincount(np.array(row, dtype=int), minlength=len(vocabulary)) for row in columns])


_LEARNED = _numbered(["a", "hat", "red", "saw"])


@exercise(
    "tfidf.count_words",
    title="Count the words of a text",
    section=("by-hand", "3 · By hand"),
    points=2,
    cases=_count_cases,
    laws=[
        law(
            "a text written twice counts twice",
            lambda f, rng: np.array_equal(2 * np.asarray(f(["a hat"], _LEARNED)), f(["a hat a hat"], _LEARNED)),
        ),
        law(
            "the order of the words is lost",
            lambda f, rng: np.array_equal(f(["a red hat"], _LEARNED), f(["hat red a"], _LEARNED)),
        ),
    ],
    mistakes=[
        mistake(
            "unknown-raises",
            _unknown_raises,
            "A word that was not in the training texts has no column, and your function stops there. "
            "Skip it: if word in vocabulary.",
            seen="expected slip, not yet seen: vocabulary[word] for a new word",
        ),
        mistake(
            "unknown-in-last-column",
            _unknown_last,
            "You gave unknown words column -1, and NumPy takes that for the last column. Skip them instead.",
            seen="expected slip, not yet seen: get(word, -1)",
        ),
        mistake(
            "only-yes-or-no",
            lambda texts, vocabulary: _table(texts, vocabulary, lambda tokens, word, text: int(word in tokens)),
            "You say whether a word stands in a text. Count how often: += 1, not = 1.",
            seen="expected slip, not yet seen: = 1 for += 1",
        ),
        mistake(
            "words-within-words",
            lambda texts, vocabulary: _table(texts, vocabulary, lambda tokens, word, text: text.lower().count(word)),
            "You found `ring` inside `string`: text.count looks for letters, not words. Tokenise first, then count.",
            seen="oseledets/NLA pull request #3: it would find 'cat' in 'catalyst'",
        ),
        mistake(
            "capitals-kept",
            lambda texts, vocabulary: _table(
                texts, vocabulary, lambda tokens, word, text: re.findall(r"\w+", text).count(word)
            ),
            "A word with a capital was not found: the vocabulary is in small letters. Split with `tokenize`.",
            seen="expected slip, not yet seen: no lower()",
        ),
        mistake(
            "one-letter-words-dropped",
            lambda texts, vocabulary: _table(
                texts, vocabulary, lambda tokens, word, text: _words(text, r"\w\w+").count(word)
            ),
            "Words of one letter, `I` and `a`, are not counted. Split with `tokenize`.",
            seen="scikit-learn issue #11834: TfidfVectorizer still filters out 'a' and 'I'",
        ),
        mistake(
            "split-at-blanks",
            lambda texts, vocabulary: _table(
                texts, vocabulary, lambda tokens, word, text: text.lower().split().count(word)
            ),
            "You split at blanks: `ring.` with its full stop is not `ring`. Split with `tokenize`.",
            seen="expected slip, not yet seen: str.split for a tokeniser",
        ),
        mistake(
            "split-only",
            lambda texts, vocabulary: _table(texts, vocabulary, lambda tokens, word, text: text.split().count(word)),
            "You split at blanks: capitals and full stops stay, so `A` is not `a` and `ring.` is not `ring`. "
            "Split with `tokenize`.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "row-forgotten",
            _row_forgotten,
            "counts[column] is a row of the table. You need two numbers: counts[row, column], "
            "with the row of the text.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "transposed",
            lambda texts, vocabulary: _with_counter(texts, vocabulary).T,
            "You have one row per word. Texts are the samples: one row per text, one column per word.",
            seen="expected slip, not yet seen: transpose",
        ),
        mistake(
            "all-in-one-row",
            lambda texts, vocabulary: _with_counter(texts, vocabulary).sum(axis=0),
            "You counted all texts together. Give every text its own row: (n_texts, n_words).",
            seen="expected slip, not yet seen: one Counter for all texts",
        ),
        mistake(
            "shares",
            lambda texts, vocabulary: _table(
                texts, vocabulary, lambda tokens, word, text: tokens.count(word) / max(1, len(tokens))
            ),
            "You divided by the number of words. Here, only count; step 4 takes care of the length.",
            seen="Stack Overflow question 56912742: TF = 1/4 by hand, 1 in scikit-learn",
        ),
        mistake(
            "learned-again",
            lambda texts, vocabulary: _with_counter(texts, sorted(set(_every(texts)))),
            "You counted the words of these texts, not those of the vocabulary you were given. "
            "Its columns are frozen: `vocabulary[word]`.",
            seen="scikit-learn issue #11367: fit_transform called again on the new text",
        ),
        mistake(
            "known-words-only-counted-together",
            lambda texts, vocabulary: _with_counter(texts, vocabulary).sum(axis=1),
            "You have one number per text. Count each word by itself: one column per word.",
            seen="expected slip, not yet seen: the column forgotten",
        ),
    ],
    alternatives=[_with_counter, _one_by_one, lambda texts, vocabulary: _with_counter(texts, vocabulary).astype(float)],
    hints_for={
        about: [
            "Give your function a text with a word it has never met. Which column would that word go to?",
            "Ask before you count: does the vocabulary have this word? If not, go on with the next.",
            "if word in vocabulary:\n    counts[row, vocabulary[word]] += 1",
        ]
        for about in ("unknown-raises", "unknown-in-last-column")
    },
    equivalent_mutants={
        "counts = np.zeros((len(texts), len(vocabulary)), dtype=int): np.zeros((len(texts), len(vocabulary)), "
        "dtype=int) -> np.zeros((len(texts), len(vocabulary)))": "whole numbers stored as floats are the same counts",
    },
    hints=[
        "Two loops: over the texts, each with its row, and over the words of that text.",
        "vocabulary[word] is the column. Add 1 to counts[row, column] for every word that the vocabulary has.",
        (
            "for row, text in enumerate(texts):\n    for word in tokenize(text):\n        if word in vocabulary:\n"
            "            counts[...] += 1\nreturn counts"
        ),
    ],
    forbids=LIBRARY,
)
def count_words(texts, vocabulary):
    """Count the known words of every text: (n_texts, n_words). A word without a column is skipped.

    vocabulary leads from a word to its column. Take the words of a text from `tokenize(text)`.
    """
    counts = np.zeros((len(texts), len(vocabulary)), dtype=int)
    # 2 count: for every text, for every word that the vocabulary has, add 1
    ### BEGIN SOLUTION
    for row, text in enumerate(texts):
        for word in tokenize(text):
            if word in vocabulary:
                counts[row, vocabulary[word]] += 1
    ### END SOLUTION
    return counts


# tfidf.learn_idf


def _counts(rng, n_texts, n_words, dtype):
    """Draw counts whose rarities differ: later words are rarer; no text and no word is empty."""
    share = np.linspace(0.95, 0.1, n_words)
    counts = rng.integers(1, 6, size=(n_texts, n_words)) * (rng.random((n_texts, n_words)) < share)
    counts[:, 0] = rng.integers(1, 6, size=n_texts)  # one word stands in every text, several times
    counts[0, 0] = 3
    counts[rng.integers(n_texts, size=n_words), np.arange(n_words)] += 1
    return counts.astype(dtype)


def _idf_cases(rng, dtype):
    return [
        case(np.array([[1, 0, 2], [1, 3, 0], [2, 0, 0], [1, 0, 1]], dtype), label="4 texts, 3 words"),
        case(_counts(rng, 12, 5, dtype), label="12 texts, 5 words"),
        case(_counts(rng, 3, 8, dtype), label="3 texts, 8 words"),
        case(
            np.hstack([_counts(rng, 7, 3, dtype), np.zeros((7, 1), dtype)]),
            label="7 texts, 4 words, one of them unused",
        ),
    ]


def _df(counts):
    return np.sum(np.asarray(counts) > 0, axis=0)


def _quiet(function):
    """Let a formula divide by zero in silence: what comes out is what a learner's comes to."""

    @functools.wraps(function)
    def answer(*args):
        with np.errstate(divide="ignore", invalid="ignore"):
            return function(*args)

    return answer


@exercise(
    "tfidf.learn_idf",
    title="Say how rare a word is",
    section=("by-hand", "3 · By hand"),
    points=2,
    cases=_idf_cases,
    laws=[
        law(
            "how often a word stands in one text changes nothing",
            lambda f, rng: np.allclose(f(np.array([[1, 0], [1, 1.0]])), f(np.array([[9, 0], [1, 7.0]]))),
        ),
        law("the rarer the word, the larger its idf", lambda f, rng: _falls(f)),
    ],
    mistakes=[
        mistake(
            "counted-tokens",
            lambda counts: np.log((1 + len(counts)) / (1 + counts.sum(axis=0))) + 1,
            "You added up how often a word stands anywhere. df counts texts: how many have the word at all, "
            "counts > 0.",
            seen="twitter/scalding pull request #338: a total count where the number of documents was meant",
        ),
        mistake(
            "no-plus-one",
            lambda counts: np.log((1 + len(counts)) / (1 + _df(counts))),
            "The +1 after the logarithm is missing: a word of every text gets 0 and disappears, instead of weighing "
            "little.",
            seen="Stack Overflow question 36756335: should the idf of a word in every text not be 0?",
        ),
        mistake(
            "not-smoothed",
            _quiet(lambda counts: np.log(len(counts) / _df(counts)) + 1),
            "This is ln(n / df) + 1, the second of the three. Smooth it: 1 + n over 1 + df, as if one more text had "
            "every word. Then no df is 0.",
            seen="Stack Overflow question 36756335: idf compared with smooth_idf=False",
        ),
        mistake(
            "textbook",
            _quiet(lambda counts: np.log(len(counts) / _df(counts))),
            "This is ln(n / df), the first of the three: 0 for a word of every text, infinite for a word of none. "
            "Take 1 + n over 1 + df, and add 1 at the end.",
            seen="Stack Overflow question 56912742: IDF = log(3/2) by hand",
        ),
        mistake(
            "smoothed-below-only",
            lambda counts: np.log(len(counts) / (1 + _df(counts))) + 1,
            "You added 1 below the line only. Add it above too: (1 + n) / (1 + df), or a word of every text falls "
            "below 1.",
            seen="NaturalNode/natural issue #284: 1 + log(n / (1 + df))",
        ),
        mistake(
            "smoothed-below-no-plus-one",
            lambda counts: np.log(len(counts) / (1 + _df(counts))),
            "This is ln(n / (1 + df)): negative for a word of every text, as if it counted against a text. "
            "Take (1 + n) / (1 + df), and add 1 at the end.",
            seen="NaturalNode/natural issue #102: log(5 / 3) asked for, with n = 5 and df = 2",
        ),
        mistake(
            "log10",
            lambda counts: np.log10((1 + len(counts)) / (1 + _df(counts))) + 1,
            "You took the logarithm to base 10. It is the natural one here: np.log. "
            "(Because of the +1, the base is not just a scale.)",
            seen="question 'Difference in values of tf-idf matrix using scikit-learn and hand calculation': 0.477",
        ),
        mistake(
            "log2",
            lambda counts: np.log2((1 + len(counts)) / (1 + _df(counts))) + 1,
            "You took the logarithm to base 2. It is the natural one here: np.log.",
            seen="expected slip, not yet seen: bits",
        ),
        mistake(
            "no-logarithm",
            lambda counts: (1 + len(counts)) / (1 + _df(counts)) + 1,
            "The logarithm is missing. Without it a word of one text in a thousand would weigh a thousand times as "
            "much.",
            seen="hrs/python-tf-idf issue #6: there is no log in the code",
        ),
        mistake(
            "within-the-text",
            lambda counts: np.log((1 + len(counts)) / (1 + np.sum(counts > 0, axis=1))) + 1,
            "You counted along each row: one number per text. idf looks across texts, down the columns: axis=0, "
            "one number per word.",
            seen="miso-belica/sumy issue #17: the sentences of one document taken for the documents",
        ),
        mistake(
            "no-parentheses",
            lambda counts: np.log(1 + len(counts) / (1 + _df(counts))) + 1,
            "Division comes before addition: you took 1 + (n / (1 + df)). Put 1 + n into parentheses: "
            "(1 + n) / (1 + df).",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "divided-outside",
            lambda counts: np.log(1 + len(counts)) / (1 + _df(counts)) + 1,
            "You divided the logarithm. Divide first, then take the logarithm of the fraction: one pair of "
            "parentheses around all of it.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "one-df-for-all",
            lambda counts: np.log((1 + len(counts)) / (1 + np.sum(counts > 0))) + 1,
            "You added up the whole table, and got one number. Every word has a df of its own: axis=0, down the "
            "columns.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "words-for-texts",
            lambda counts: np.log((1 + counts.shape[1]) / (1 + _df(counts))) + 1,
            "Your n is the number of words. It is the number of texts: the rows, len(counts).",
            seen="olivernn/lunr.js pull request #156: the number of tokens in place of the number of documents",
        ),
        mistake(
            "tokens-for-texts",
            lambda counts: np.log((1 + counts.sum()) / (1 + _df(counts))) + 1,
            "Your n is the sum of all counts. It is the number of texts: the rows, len(counts).",
            seen="expected slip, not yet seen: n read as the number of all words",
        ),
        mistake(
            "upside-down",
            lambda counts: np.log((1 + _df(counts)) / (1 + len(counts))) + 1,
            "The fraction is upside down: common words got the larger numbers. It is (1 + n) / (1 + df).",
            seen="expected slip, not yet seen: df above the line",
        ),
        mistake(
            "df-returned",
            _df,
            "This is df, and it is right. Now turn it into a rarity: ln((1 + n) / (1 + df)) + 1.",
            seen="expected slip, not yet seen: stopped after the first step",
        ),
    ],
    alternatives=[
        lambda counts: 1 + np.log1p(len(counts)) - np.log1p(np.count_nonzero(counts, axis=0)),
        lambda counts: np.array([np.log((1 + len(counts)) / (1 + np.sum(column > 0))) + 1 for column in counts.T]),
    ],
    hints_for={
        "counted-tokens": [
            "Ten times in one text: how many texts is that?",
            "counts > 0 is True where a text has the word. The sum of Trues down a column counts texts.",
            "df = np.sum(counts > 0, axis=...)",
        ],
    },
    hints=[
        "First df: for every column, how many rows have more than 0? Then the formula with n = len(counts).",
        "np.sum(counts > 0, axis=0) counts the Trues down each column. np.log is the natural logarithm.",
        "df = np.sum(counts > 0, axis=...)\nreturn np.log((1 + ...) / (1 + ...)) + 1",
    ],
    forbids=LIBRARY,
)
def learn_idf(counts):
    """Say how rare every word is: ln((1 + n) / (1 + df)) + 1, of shape (n_words,).

    counts is (n_texts, n_words); n is the number of texts, df[j] how many of them have word j at all.
    """
    # df: in how many texts does each word stand?
    ### BEGIN SOLUTION
    df = np.sum(counts > 0, axis=0)
    ### END SOLUTION
    # smooth, natural logarithm, plus 1
    ### BEGIN SOLUTION
    return np.log((1 + len(counts)) / (1 + df)) + 1
    ### END SOLUTION


def _falls(f):
    staircase = np.tril(np.ones((5, 5)))  # word j stands in 5 - j of the texts
    return bool(np.all(np.diff(f(staircase)) > 0))


# tfidf.weigh


def _weigh_cases(rng, dtype):
    found = [case(np.array([[3, 0], [0, 0], [3, 2]], dtype), np.array([1, 2], dtype), label="3 texts, 2 words")]
    for n_texts, n_words in [(6, 4), (4, 4), (2, 9)]:
        counts = _counts(rng, n_texts, n_words, dtype)
        counts[-1] = 0
        idf = (np.log((1 + 20) / (1 + np.linspace(20, 2, n_words))) + 1).astype(dtype)
        found.append(case(counts, idf, label=f"{n_texts} texts, one without a known word; {n_words} words"))
    return found


def _scaled(counts, idf, length):
    weights = counts * idf
    found = length(weights)
    return weights / np.where(found > 0, found, 1)


def _l2(weights):
    return np.linalg.norm(weights, axis=1, keepdims=True)


@exercise(
    "tfidf.weigh",
    title="Weigh words and scale texts to length 1",
    section=("by-hand", "3 · By hand"),
    points=3,
    cases=_weigh_cases,
    laws=[
        law(
            "a text written twice weighs the same",
            lambda f, rng: _twice(f, rng),
        ),
        law("every row has length 1, or is all zeros", lambda f, rng: _unit(f, rng)),
    ],
    mistakes=[
        mistake(
            "no-length",
            lambda counts, idf: counts * idf,
            "Step 3 is right; step 4 is missing. Divide every row by its length, or long texts win every search.",
            seen="Stack Overflow question 56912742: the values of norm=None expected",
        ),
        mistake(
            "empty-text-nan",
            _quiet(lambda counts, idf: counts * idf / _l2(counts * idf)),
            "A text without a known word has length 0, and 0 / 0 is NaN. Leave such a row at zeros: divide by 1 there.",
            seen="FreeDiscovery/FreeDiscovery pull request #167: NaN for empty documents",
        ),
        mistake(
            "sum-to-1",
            lambda counts, idf: _scaled(counts, idf, lambda weights: weights.sum(axis=1, keepdims=True)),
            "Your rows sum to 1. Length is meant as in geometry: the root of the sum of squares, np.linalg.norm.",
            seen="expected slip, not yet seen: L1 for L2",
        ),
        mistake(
            "largest-to-1",
            lambda counts, idf: _scaled(counts, idf, lambda weights: weights.max(axis=1, keepdims=True)),
            "Your largest weight is 1. Divide by the length of the row: the root of the sum of squares.",
            seen="expected slip, not yet seen: divided by the maximum",
        ),
        mistake(
            "columns-to-length-1",
            lambda counts, idf: _scaled(counts, idf, lambda weights: np.linalg.norm(weights, axis=0)),
            "You scaled every word, down the columns. Scale every text: axis=1, along the rows.",
            seen="expected slip, not yet seen: axis",
        ),
        mistake(
            "whole-table",
            lambda counts, idf: _scaled(counts, idf, np.linalg.norm),
            "You divided by one number, the length of the whole table. Every text has a length of its own: axis=1.",
            seen="expected slip, not yet seen: np.linalg.norm without an axis",
        ),
        mistake(
            "length-first",
            lambda counts, idf: _scaled(counts, np.ones_like(idf), _l2) * idf,
            "You scaled first and weighed afterwards, so the rows have other lengths again. Weigh, then scale.",
            seen="expected slip, not yet seen: order of the two steps",
        ),
        mistake(
            "not-weighed",
            lambda counts, idf: _scaled(counts, np.ones_like(idf), _l2),
            "These are scaled counts: idf was not used. Multiply every column by its idf first.",
            seen="expected slip, not yet seen: step 3 left out",
        ),
        mistake(
            "at-for-star",
            _quiet(lambda counts, idf: counts @ idf / np.linalg.norm(counts @ idf)),
            "@ adds the products of a text up to one number. Multiply column by column with *, and every weight stays.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "squared-length",
            lambda counts, idf: _scaled(counts, idf, lambda weights: np.sum(weights**2, axis=1, keepdims=True)),
            "You divided by the sum of squares. The length is its square root.",
            seen="expected slip, not yet seen: the root forgotten",
        ),
        mistake(
            "divided-by-idf",
            lambda counts, idf: _scaled(counts, 1 / idf, _l2),
            "You divided by idf, so rare words got lighter. idf is large for rare words: multiply.",
            seen="expected slip, not yet seen: the I of IDF taken at its word",
        ),
        mistake(
            "logarithm-of-counts",
            lambda counts, idf: _scaled(np.log1p(counts), idf, _l2),
            "You took the logarithm of the counts. That is another scheme (sublinear tf); here tf is the count itself.",
            seen="olivernn/lunr.js pull request #156: tf on a logarithmic scale",
        ),
        mistake(
            "row-lengths-not-lined-up",
            _quiet(lambda counts, idf: counts * idf / np.linalg.norm(counts * idf, axis=1)),
            "Every length belongs to a row, but an array of shape (n_texts,) lines up with the columns. "
            "Keep the axis: keepdims=True.",
            seen="met in chapter 00: axes line up from the right",
        ),
    ],
    alternatives=[
        lambda counts, idf: _by_rows(counts, idf),
        lambda counts, idf: _scaled(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1), idf, _l2),
        lambda counts, idf: _scaled(counts @ np.diag(idf), 1, lambda weights: np.sqrt((weights**2).sum(1))[:, None]),
    ],
    hints_for={
        "empty-text-nan": [
            "Which text is all zeros, and what is its length?",
            "Replace a length of 0 by 1 before you divide: 0 / 1 is 0.",
            "length = np.where(length > 0, length, 1)",
        ],
    },
    equivalent_mutants={
        "return weights / np.where(length > 0, length, 1): 0 -> 1": "counts are whole and idf is at least 1, so a row "
        "is at least 1 long or all zeros",
        "return weights / np.where(length > 0, length, 1): 1 -> 2": "a row of zeros, divided by 2, is a row of zeros",
    },
    hints=[
        "Two steps: multiply, then divide every row by its own length. One text has no known word: look at its length.",
        (
            "np.linalg.norm(weights, axis=1, keepdims=True) is (n_texts, 1), one length per row. "
            "np.where(length > 0, length, 1) is 1 where the length is 0."
        ),
        (
            "weights = counts * ...\nlength = np.linalg.norm(weights, axis=..., keepdims=True)\n"
            "return weights / np.where(length > 0, ..., 1)"
        ),
    ],
    forbids=[*LIBRARY, "sklearn.preprocessing"],
)
def weigh(counts, idf):
    """Weigh counts (n_texts, n_words) by idf (n_words,), and scale every text to length 1.

    A text without a known word stays a row of zeros.
    """
    # 3 weigh: every column by its idf
    ### BEGIN SOLUTION
    weights = counts * idf
    ### END SOLUTION
    # 4 scale: every row by its length, the root of its sum of squares
    ### BEGIN SOLUTION
    length = np.linalg.norm(weights, axis=1, keepdims=True)
    return weights / np.where(length > 0, length, 1)
    ### END SOLUTION


def _by_rows(counts, idf):
    rows = [row * idf for row in counts]
    return np.stack([row / np.sqrt(row @ row) if row.any() else row for row in rows])


def _twice(f, rng):
    counts, idf = _counts(rng, 4, 5, float), np.linspace(1, 3, 5)
    return np.allclose(f(counts, idf), f(2 * counts, idf))


def _unit(f, rng):
    counts = _counts(rng, 4, 5, float)
    counts[2] = 0
    return np.allclose(np.linalg.norm(f(counts, np.linspace(1, 3, 5)), axis=1), [1, 1, 0, 1])


# tfidf.find_texts


def _engine(texts, query, fitted_on=None, rarity=True, length=True):
    """Score every text, with the slips that the mistakes below need."""
    vocabulary = learn_vocabulary(fitted_on or texts)
    counts, asked = count_words(texts, vocabulary), count_words([query], vocabulary)
    idf = learn_idf(count_words(fitted_on or texts, vocabulary)) if rarity else np.ones(len(vocabulary))
    if not length:
        return counts * idf @ (asked * idf)[0]
    return weigh(counts, idf) @ weigh(asked, idf)[0]


def _scores(query, texts, k):
    return _engine(texts, query)


class _Positions(Ranking):
    """Judge an order of positions; texts in their place are told."""

    def __call__(self, expected, actual):
        """Return where the order differs first."""
        if isinstance(actual, list | tuple) and actual and all(isinstance(one, str) for one in actual):
            return Problem("texts", "These are the texts themselves. Return their positions: np.argsort(-scores)[:k].")
        return super().__call__(expected, actual)


def _best(scores, k):
    return np.argsort(-scores)[:k]


def _fitted_again(query, texts, k):
    engine = TfidfVectorizer()
    scores = (engine.fit_transform(texts) @ engine.fit_transform([query]).T).toarray()[:, 0]
    return np.argsort(-scores)[:k]


def _search_cases(rng, dtype):
    topics = [["graph", "node", "edge"], ["note", "pitch", "chord"], ["star", "orbit", "sky"]]
    found = []
    for n_texts, k, label in [(6, 2, "6 texts, the best 2"), (12, 3, "12 texts, the best 3"), (9, 9, "9 texts, all 9")]:
        texts = []
        for i in range(n_texts):
            filler = rng.choice(["the", "a", "of", "is", "in"], size=rng.integers(3, 25)).tolist()
            words = rng.choice(topics[i % 3], size=rng.integers(1, 4)).tolist()
            texts.append(" ".join(rng.permutation([*filler, *words])))
        query = " ".join(["Who is the", rng.choice(topics[0]), "of the", rng.choice(topics[1]), "in a zyx"]) + "?"
        found.append(case(query, texts, k, label=label))
    three = ["the the a oak", "elm ash", "ash ash"]  # what the query's own words would turn round
    return [*found, case("Ash the!", three, 3, label="3 texts, all 3")]


@exercise(
    "tfidf.find_texts",
    title="Build a search engine",
    section=("search-text", "Search"),
    points=3,
    cases=_search_cases,
    compare=_Positions(_scores),
    laws=[
        law("a text finds itself", lambda f, rng: _itself(f, rng)),
        law("a query without a known word is no error", lambda f, rng: len(f("zyzzyva", ["a hat", "a cup"], 1)) == 1),
    ],
    mistakes=[
        mistake(
            "counts-only",
            lambda query, texts, k: _best(_engine(texts, query, rarity=False, length=False), k),
            "This is the order of raw counts: `the` and `of` decide. Weigh texts and query before you compare.",
            seen="what section 4 shows: one text wins every search",
        ),
        mistake(
            "no-idf",
            lambda query, texts, k: _best(_engine(texts, query, rarity=False), k),
            "You compared scaled counts. Weigh texts and query by the idf of the texts.",
            seen="expected slip, not yet seen: idf left out",
        ),
        mistake(
            "no-length",
            lambda query, texts, k: _best(_engine(texts, query, length=False), k),
            "Your texts are weighed, but not scaled to length 1, so long texts come first. Use `weigh` for both.",
            seen="NaturalNode/natural issue #337: tf-idf of the words added up, no cosine",
        ),
        mistake(
            "worst-first",
            lambda query, texts, k: np.argsort(_engine(texts, query))[:k],
            "np.argsort sorts from small to large: these are the worst matches. Sort the negative scores.",
            seen="expected slip, not yet seen: argsort without a minus",
        ),
        mistake(
            "best-last",
            lambda query, texts, k: np.argsort(_engine(texts, query))[-k:],
            "These are the right texts, best last. Turn the order round.",
            seen="expected slip, not yet seen: argsort()[-k:], not turned round",
        ),
        mistake(
            "query-learned-alone",
            lambda query, texts, k: _best(
                _weighed(texts, texts) @ _weighed([query], [query])[0],
                k,
            ),
            "The query got a vocabulary of its own, so its columns mean other words. Learn from the texts, once; "
            "count and weigh the query with that.",
            seen="scikit-learn issue #11367: fit_transform on the query, incompatible dimensions",
        ),
        mistake(
            "query-learned-too",
            lambda query, texts, k: _best(_engine(texts, query, fitted_on=[*texts, query]), k),
            "You learned idf from the texts and the query together, so asking for a word makes it less rare. "
            "Learn from the texts alone.",
            seen="MaartenGr/PolyFuzz issue #27: TfidfVectorizer fitted on both lists",
        ),
        mistake(
            "query-fitted-again",
            _fitted_again,
            "fit_transform on the query learns a new vocabulary. Fit on the texts once; for the query, only transform.",
            seen="scikit-learn issue #11367: fit_transform on the query, incompatible dimensions",
        ),
        mistake(
            "scores-in-a-column",
            lambda query, texts, k: np.argsort(-_engine(texts, query)[:, None])[:k],
            "Your scores are a column, (n_texts, 1), and argsort sorts along each row, of one number. "
            "Make them flat first: scores[:, 0].",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "scores-returned",
            lambda query, texts, k: np.sort(_engine(texts, query))[::-1][:k],
            "These are the scores, and they are right. Return the positions of the texts: np.argsort, not np.sort.",
            seen="expected slip, not yet seen: sort for argsort",
        ),
        mistake(
            "all-scores",
            lambda query, texts, k: _engine(texts, query),
            "You returned one score per text. Sort them: the positions of the k best.",
            seen="expected slip, not yet seen: stopped at the scores",
        ),
        mistake(
            "only-the-best",
            lambda query, texts, k: int(np.argmax(_engine(texts, query))),
            "That is the best text. Return the k best, in order: np.argsort(-scores)[:k].",
            seen="expected slip, not yet seen: argmax for argsort",
        ),
    ],
    alternatives=[
        lambda query, texts, k: _with_the_package(query, texts, k),
        lambda query, texts, k: (
            np.argsort(np.linalg.norm(_weighed(texts, texts) - _weighed([query], texts), axis=1), kind="stable")[:k]
            if _engine(texts, query).any()
            else np.arange(k)
        ),
        lambda query, texts, k: sorted(range(len(texts)), key=lambda i: -_engine(texts, query)[i])[:k],
    ],
    hints_for={
        "query-learned-alone": [
            "How many columns has your query, and how many have the texts?",
            "learn_vocabulary(texts) once; then count_words([query], vocabulary) with the same vocabulary.",
            "asked = weigh(count_words([query], vocabulary), idf)      # the same vocabulary",
        ],
    },
    equivalent_mutants={
        "asked = weigh(count_words([query], vocabulary), idf)[0]: weigh(count_words([query], vocabulary), idf) -> "
        "weigh(idf, count_words([query], vocabulary))": "a product may be turned round",
        "return np.argsort(-(weigh(counts, idf) @ asked))[:k]: weigh(counts, idf) -> weigh(idf, counts)": "as above",
    },
    hints=[
        "You have all the parts: learn_vocabulary, count_words, learn_idf, weigh. From which texts is each learned?",
        (
            "Rows of length 1: their dot products are cosines, texts @ query. "
            "The query is a text too: count_words([query], ...)."
        ),
        (
            "vocabulary = learn_vocabulary(texts)\ncounts = count_words(texts, vocabulary)\nidf = ...\n"
            "asked = weigh(count_words([query], vocabulary), idf)[0]\nscores = weigh(counts, idf) @ ...\n"
            "return np.argsort(...)[:k]"
        ),
    ],
)
def find_texts(query, texts, k):
    """Return the positions of the k texts that are most similar to the query, best first.

    Vocabulary and idf are learned from the texts alone; similarity is the cosine of the weighed rows.
    An unknown word in the query changes nothing. Equal scores may come in any order.
    """
    ### BEGIN SOLUTION
    vocabulary = learn_vocabulary(texts)
    counts = count_words(texts, vocabulary)
    idf = learn_idf(counts)
    asked = weigh(count_words([query], vocabulary), idf)[0]
    return np.argsort(-(weigh(counts, idf) @ asked))[:k]
    ### END SOLUTION


def _weighed(texts, learned_from):
    vocabulary = learn_vocabulary(learned_from)
    return weigh(count_words(texts, vocabulary), learn_idf(count_words(learned_from, vocabulary)))


def _with_the_package(query, texts, k):
    engine = TfidfVectorizer().fit(texts)
    return np.argsort(-(engine.transform(texts) @ engine.transform([query]).T).toarray()[:, 0])[:k]


def _itself(f, rng):
    texts = ["the hat of the fox", "a cup in the sky", "the ink of a pen", "the sky"]
    return all(f(text, texts, 1)[0] == i for i, text in enumerate(texts))


# tfidf.char_ngrams


def _ngram_cases(rng, dtype):
    drawn = "".join(rng.choice(list("红黄蓝圆方大小的"), size=9))
    return [
        case("红色的圆", 2, label="4 characters, in twos"),
        case("红红红", 1, label="3 characters, one by one"),
        case("red hat", 3, label="7 characters with a blank, in threes"),
        case("圆", 2, label="1 character, in twos"),
        case(drawn, 3, label="9 characters, in threes"),
    ]


def _runs(text, n):
    return [text[start : start + n] for start in range(len(text) - n + 1)]


@exercise(
    "tfidf.char_ngrams",
    title="Cut Chinese into runs of characters",
    section=("chinese-text", "Text without blanks (optional)"),
    points=1,
    cases=_ngram_cases,
    compare=exact(),
    laws=[
        law(
            "m characters have m - n + 1 runs", lambda f, rng: [len(f("一二三四五", n)) for n in (1, 2, 5)] == [5, 4, 1]
        ),
    ],
    mistakes=[
        mistake(
            "last-one-missing",
            lambda text, n: [text[start : start + n] for start in range(len(text) - n)],
            "The last run is missing: m characters have m - n + 1 runs, and range stops before its end.",
            seen="smoothnlp/SmoothNLP issue #26: the last n-gram of every sentence is left out",
        ),
        mistake(
            "cut-into-pieces",
            lambda text, n: [text[start : start + n] for start in range(0, len(text), n)],
            "You cut the text into pieces that do not overlap. Runs overlap: start one at every character.",
            seen="expected slip, not yet seen: a step of n",
        ),
        mistake(
            "tails-kept",
            lambda text, n: [text[start : start + n] for start in range(len(text))],
            "The runs at the end are too short: a slice past the end is cut off in silence. "
            "Stop where n characters are left.",
            seen="expected slip, not yet seen: range(len(text))",
        ),
        mistake(
            "runs-of-words",
            lambda text, n: _runs(text.split(), n),
            "You made runs of words. A Chinese sentence has no blanks: take runs of characters.",
            seen="expected slip, not yet seen: split() first",
        ),
        mistake(
            "one-too-long",
            lambda text, n: [text[start : start + n + 1] for start in range(len(text) - n)],
            "Your runs have n + 1 characters. A slice text[start : stop] leaves out `stop`.",
            seen="expected slip, not yet seen: stop counted in",
        ),
        mistake(
            "stops-at-n",
            lambda text, n: [text[start:n] for start in range(len(text) - n + 1)],
            "A slice text[start : stop] ends at position `stop`, not after so many characters. Stop at start + n.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "repeats-lost",
            lambda text, n: list(dict.fromkeys(_runs(text, n))),
            "A run that stands twice must come twice, or it cannot be counted.",
            seen="expected slip, not yet seen: a set for a list",
        ),
        mistake(
            "always-twos",
            lambda text, n: _runs(text, 2),
            "Your runs have two characters, whatever n is.",
            seen="expected slip, not yet seen: a number in place of n",
        ),
        mistake(
            "only-the-first",
            lambda text, n: [text[:n]] if len(text) >= n else [],
            "That is the first run. Start one at every character.",
            seen="expected slip, not yet seen: no loop",
        ),
    ],
    alternatives=[
        lambda text, n: ["".join(run) for run in zip(*(text[start:] for start in range(n)), strict=False)],
        lambda text, n: tuple(_runs(text, n)),
    ],
    hints_for=same_hints(
        [
            "What are the first and the last run of 红色的圆 in twos, and what are yours?",
            "The last run starts n characters before the end, at len(text) - n; range needs one more to reach it.",
            "range(len(text) - n + 1)",
        ],
        "last-one-missing",
        "tails-kept",
        "one-too-long",
    ),
    hints=[
        "红色的圆 in twos: 红色, 色的, 的圆. How many, and where does each start?",
        "text[start : start + n] is one run. The last start leaves n characters: len(text) - n.",
        "return [text[start : start + n] for start in range(...)]      # which starts?",
    ],
    forbids=[*LIBRARY, "mmlearn_edu.features.text.tokens.ngrams"],
)
def char_ngrams(text, n):
    """Return every run of n neighbouring characters of a text, in order, repeats included."""
    ### BEGIN SOLUTION
    #: return [text[start : start + n] for start in ...]
    return [text[start : start + n] for start in range(len(text) - n + 1)]
    ### END SOLUTION


# tfidf.top_word


@functools.cache
def _opened():
    """Return the page that the widget opens, and how rare its words are among all texts."""
    texts = load_docstrings().X["text"]
    engine = TfidfVectorizer().fit(texts)
    idf = dict(zip(engine.get_feature_names_out(), engine.idf_.tolist(), strict=True))
    return texts[PAGE], {word: idf[word] for word in tokenize(texts[PAGE])}


def _weights_of(page, rarity):
    return {word: times * rarity[word] for word, times in Counter(tokenize(page)).items()}


def _needed(page, rarity, extra=1):
    weights = _weights_of(page, rarity)
    return int(max(weight for word, weight in weights.items() if word != "the") // rarity["the"]) + extra


def _there(page):
    return tokenize(page).count("the")


def _same_copies(expected, actual):
    """Compare how often `the` must stand there; say what is on top with the number that was given."""
    if isinstance(actual, str) and actual:
        return Problem("not-on-top", f"In the widget, {actual}. Go on until it is `the`.")
    problem = close()(expected, actual)
    if problem is None or problem.id != "value" or not 0 <= float(actual) < 1e6:
        return problem
    weights, one = _weights_of(*_opened()), _opened()[1]["the"]
    best = max((word for word in weights if word != "the"), key=weights.get)
    if actual * one < weights[best]:
        return Problem("too-few", f"With {actual:g} of them `the` weighs {actual * one:.1f}, and `{best}` more.")
    return Problem("too-many", f"With {actual:g} of them `the` is on top, but fewer will do.")


@exercise(
    "tfidf.top_word",
    title="Outvote a rare word by a common one",
    section=("widget-text", "7 · Make a word the top word"),
    kind="widget",
    points=1,
    cases=lambda rng, dtype: [case(*_opened(), label="how often")],
    compare=_same_copies,
    mistakes=[
        mistake(
            "only-those-typed",
            lambda page, rarity: _needed(page, rarity) - _there(page),
            "That is how many you added. Count all of them: tf is how often the word stands in the whole text.",
            seen="expected slip, not yet seen: the ones that stood there already",
        ),
        mistake(
            "one-short",
            lambda page, rarity: _needed(page, rarity, extra=0),
            "One short: with so many it is still second.",
            seen="expected slip, not yet seen: rounded down",
        ),
        mistake(
            "one-too-many",
            lambda page, rarity: _needed(page, rarity, extra=2),
            "It was on top one copy earlier. Take one away and look.",
            seen="expected slip, not yet seen: typed on",
        ),
        mistake(
            "the-untouched-text",
            lambda page, rarity: _there(page),
            "That is how often it stands in the text as it came. Add more until it is on top.",
            seen="expected slip, not yet seen: read off before the edit",
        ),
    ],
    alternatives=[lambda page, rarity: float(_needed(page, rarity))],
    equivalent_mutants={
        "copies = int(max((tf[word] * rarity[word] for word in tf)) / rarity['the']) + 1: max((tf[word] * rarity[word] "
        "for word in tf)) / rarity['the'] -> max((tf[word] * rarity[word] for word in tf)) * rarity['the']": "the idf "
        "of `the` is so close to 1 that dividing and multiplying by it round to the same number",
    },
    hints_for=same_hints(
        [
            "Look at the column tf of the list: it counts the whole text, not only what you added.",
            "Reload the text as it was, add one copy at a time, and stop when the mark is on place 1.",
            "copies = editing      # reads the number from the widget",
        ],
        "only-those-typed",
        "one-too-many",
        "too-many",
    ),
    hints=[
        "Type the word again and again at the end of the text, and watch the list.",
        "Delete nothing: with fewer other words the question is another one.",
        "Or compute: the weight of the top word, divided by the idf of `the`, and the next whole number.",
    ],
)
def copies_needed(page, rarity):
    """Make `the` the top word of page by adding copies of it; the answer is how many stand there then.

    rarity leads from a word to its idf.
    """
    ### BEGIN SOLUTION
    #: copies = ...  # the number you found, or the widget itself: copies = editing
    tf = Counter(tokenize(page))
    copies = int(max(tf[word] * rarity[word] for word in tf) / rarity["the"]) + 1
    ### END SOLUTION
    return copies


# tfidf.fix_article and why


def _article_cases(rng, dtype):
    stock = ["I", "a", "the", "C", "graph", "node", "edge", "note", "pitch"]
    return [
        case(TEXTS[4:], label="2 texts"),
        case(_texts(rng, 4, 8, stock), label="4 texts of one sentence"),
        case([" ".join(_texts(rng, 3, 6, stock)) for _ in range(5)], label="5 texts of three sentences"),
    ]


def _article(texts, pattern=r"\w\w+", across=False, scale=False):
    """Weigh as the article does, or with one of its two faults mended."""
    bags = [Counter(_words(text, pattern)) for text in texts]
    df = Counter(word for bag in bags for word in bag)
    found = []
    for text, bag in zip(texts, bags, strict=True):
        parts = [_words(part, pattern) for part in text.split(".")]
        inside = Counter(word for part in parts for word in set(part))
        n, times = (len(texts), df) if across else (len(parts), inside)
        row = {word: bag[word] * (np.log((1 + n) / (1 + times[word])) + 1) for word in bag}
        length = np.sqrt(sum(weight**2 for weight in row.values())) if scale else 1
        found.append({word: float(weight / length) for word, weight in row.items()})
    return found


def _over_texts(texts, count_of):
    """Weigh across texts, with a df of its own: ``count_of(bags)``."""
    bags = [Counter(_words(text)) for text in texts]
    df, n = count_of(bags), len(texts)
    return [{word: float(bag[word] * (np.log((1 + n) / (1 + df[word])) + 1)) for word in bag} for bag in bags]


def _same_words(expected, actual):
    """Compare weights word by word, and say which text and which word differ first."""
    problem = same_structure(expected, actual)
    pairs = [] if problem else enumerate(zip(expected, actual, strict=True), start=1)
    return problem or next((found for number, pair in pairs if (found := _one_text(number, *pair))), None)


def _one_text(number, want, got):
    if not isinstance(got, dict):
        return Problem("type", f"Text {number}: a dict from word to weight is expected.")
    if missing := sorted(set(want) - set(got)):
        return Problem("missing-word", f"Text {number}: the word `{missing[0]}` is missing.")
    if extra := sorted(set(map(str, got)) - set(want)):
        return Problem("extra-word", f"Text {number}: `{extra[0]}` is not a word of it.")
    for word in want:
        problem = close()(want[word], got[word])
        if problem and problem.id == "value":
            return Problem("weight", f"Text {number}: `{word}` weighs {got[word]:.4g}, not {want[word]:.4g}.")
        if problem:
            return problem
    return None


def _company(f, rng):
    alone, others = f(["a red hat", "a cup"])[0], f(["a red hat", "a cup", "a red car", "a red bus"])[0]
    return others["red"] < alone["red"] or "Two more texts with `red` were added, and its weight did not fall."


def _short_words(f, rng):
    found = f(["I C a hat", "go B"])
    return {"i", "c", "a"} <= set(found[0]) and "b" in found[1]


@exercise(
    "tfidf.fix_article",
    title="Repair a TF-IDF that never looks at other texts",
    section=("by-hand", "3 · By hand"),
    points=3,
    cases=_article_cases,
    compare=_same_words,
    laws=[
        law("a word that more texts have weighs less", _company),
        law("words of one letter are words", _short_words),
    ],
    mistakes=[
        mistake(
            "as-published",
            lambda texts: _article(texts),
            "Both faults are still there: words of one letter are dropped, and df counts sentences of one text, "
            "not texts.",
            seen="miso-belica/sumy issue #17, and scikit-learn issue #11834",
        ),
        mistake(
            "within-the-text",
            lambda texts: _article(texts, r"\w+"),
            "The tokeniser is mended. df still counts sentences within one text, so no text learns from another. "
            "Count the texts that have the word.",
            seen="miso-belica/sumy issue #17: N is the number of sentences in the document",
        ),
        mistake(
            "one-letter-words-dropped",
            lambda texts: _article(texts, across=True),
            "idf looks across texts now. But the pattern still wants two letters: `I`, `a` and `C` are gone.",
            seen="scikit-learn issue #11834: TfidfVectorizer still filters out 'a' and 'I'",
        ),
        mistake(
            "counted-tokens",
            lambda texts: _over_texts(texts, lambda bags: sum(bags, Counter())),
            "You added the counts of all texts. df counts a text once, however often the word stands in it: "
            "go over the keys of each bag.",
            seen="udacity/aitnd-issues issue #90: df read as the number of times a word appears",
        ),
        mistake(
            "tf-for-df",
            lambda texts: _own_counts(texts),
            "n is the number of texts now, but your df is tf: how often the word stands in this very text. "
            "Count the texts that have it.",
            seen="met while taking this chapter as a learner",
        ),
        mistake(
            "scaled-too",
            lambda texts: _article(texts, r"\w+", across=True, scale=True),
            "Right, and scaled to length 1 as well. Here, only mend the two faults: tf times idf.",
            seen="expected slip, not yet seen: one step too many",
        ),
        mistake(
            "sentences-of-all-texts",
            lambda texts: _over_sentences(texts),
            "df now looks across texts, but it still counts sentences. A text is one document: count it once.",
            seen="expected slip, not yet seen: all sentences thrown together",
        ),
    ],
    alternatives=[
        lambda texts: _article(texts, r"\w+", across=True),
        lambda texts: _by_the_chapter(texts),
        lambda texts: _by_the_package(texts),
    ],
    hints_for=same_hints(
        [
            "Which texts does your df look at: all of them, or one? And how often may one text count?",
            "Make all bags first. Then go over the keys of every bag: each text counts a word once.",
            "df = Counter(word for bag in bags for word in bag)      # all texts",
        ],
        "within-the-text",
        "counted-tokens",
        "tf-for-df",
        "sentences-of-all-texts",
        "a word that more texts have weighs less",
    )
    | same_hints(
        [
            'Try the pattern alone: re.findall on "I C a ring".',
            "One letter followed by one letter or more makes two. How do you write one letter or more?",
            're.findall(r"\\w+", text.lower())',
        ],
        "one-letter-words-dropped",
        "missing-word",
    ),
    hints=[
        "Give it one more text. Which weights of the first text change? Then look for `I` and `a`.",
        (
            "Two repairs: one letter is enough for a word; and df is counted once, over all texts, before any text is "
            "weighed, with n the number of texts."
        ),
        (
            'bags = [Counter(re.findall(r"\\w+", text.lower())) for text in texts]\n'
            "df = Counter(word for bag in bags for word in bag)\n"
            "idf = {word: np.log((1 + len(texts)) / (1 + df[word])) + 1 for word in df}\n"
            "return [{word: ... for word in bag} for bag in bags]"
        ),
    ],
)
def article_tfidf(texts):
    """Return for each text a dict: its words, each with its weight tf * idf."""
    ### BEGIN SOLUTION
    #: weighed = []
    #: for text in texts:
    #:     sentences = [re.findall(r"\w\w+", sentence) for sentence in text.lower().split(".")]
    #:     tf = Counter(word for sentence in sentences for word in sentence)
    #:     df = Counter(word for sentence in sentences for word in set(sentence))
    #:     idf = {word: np.log((1 + len(sentences)) / (1 + df[word])) + 1 for word in df}
    #:     weighed.append({word: tf[word] * idf[word] for word in tf})
    #: return weighed
    bags = [Counter(re.findall(r"\w+", text.lower())) for text in texts]
    df = Counter(word for bag in bags for word in bag)
    idf = {word: np.log((1 + len(texts)) / (1 + df[word])) + 1 for word in df}
    return [{word: bag[word] * idf[word] for word in bag} for bag in bags]
    ### END SOLUTION


def _over_sentences(texts):
    parts = [set(_words(part)) for text in texts for part in text.split(".")]
    df, bags = Counter(word for part in parts for word in part), [Counter(_words(text)) for text in texts]
    idf = {word: np.log((1 + len(parts)) / (1 + df[word])) + 1 for word in df}
    return [{word: float(bag[word] * idf[word]) for word in bag} for bag in bags]


def _own_counts(texts):
    bags = [Counter(_words(text)) for text in texts]
    return [{word: float(tf * (np.log((1 + len(texts)) / (1 + tf)) + 1)) for word, tf in bag.items()} for bag in bags]


def _by_the_chapter(texts):
    vocabulary = learn_vocabulary(texts)
    counts = count_words(texts, vocabulary)
    words, weights = list(vocabulary), counts * learn_idf(counts)
    return [{words[j]: row[j] for j in np.flatnonzero(row)} for row in weights]


def _by_the_package(texts):
    engine = TfidfVectorizer().fit(texts)
    idf = dict(zip(engine.get_feature_names_out(), engine.idf_, strict=True))
    return [{word: times * idf[word] for word, times in Counter(tokenize(text)).items()} for text in texts]


@exercise(
    "tfidf.why_unnoticed",
    title="Say why nobody noticed",
    section=("debug-text", "8 · Debug the article"),
    kind="choice",
    points=1,
    cases=lambda rng, dtype: [case(label="your choice")],
    options={
        "a": "because NumPy warns only once, and the warning scrolled away",
        "b": "because the logarithm makes all weights equal",
        "c": "because it returns a positive weight for every word, and nothing stands beside it to compare with",
        "d": "because a text has too few sentences for a fault to matter: in a longer one the top words would be right",
    },
    mistakes=[
        mistake(
            "a",
            lambda: "a",
            "Nothing here divides by zero or overflows, so NumPy has no reason to warn.",
            seen="expected slip, not yet seen: a wrong belief about warnings",
        ),
        mistake(
            "b",
            lambda: "b",
            "The weights differ: they follow the counts. That is just why they look like an answer.",
            seen="expected slip, not yet seen: a wrong belief about the logarithm",
        ),
        mistake(
            "d",
            lambda: "d",
            "It does matter: the top words were `the` and `of`. More sentences would not have changed that.",
            seen="expected slip, not yet seen: a wrong belief about small numbers",
        ),
    ],
    hints=["Look at the words that the article put on top. What would a reader of the numbers alone have seen?"],
)
def why_unnoticed():
    """Say why the two faults could have gone unnoticed."""
    ### BEGIN SOLUTION
    #: answer = ...  # a letter
    answer = "c"
    ### END SOLUTION
    return answer
