"""docstrings: what is in it, that it reads as prose, that nothing is there twice, and that it can be learnt."""

import csv
import io
import re
import unicodedata

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.model_selection import GroupShuffleSplit, StratifiedShuffleSplit, cross_val_score
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline

from mmlearn_edu._resources import resource
from mmlearn_edu.datasets import CorruptDatasetError, _files, load_docstrings, verify

FOLDER = resource("datasets", "docstrings")
TOPICS = "algebra,astronomy,graphs,images,language,neural networks,plotting,signals,sound,statistics,tables,web"
MARKUP = {
    "role": r":\w+:",
    "directive": r"\.\. |::",
    "prompt": r">>>|\bIn \[",
    "quoted code": r"`",
    "emphasis": r"\*|(?<!\w)_\w|\w_(?!\w)",
    "identifier": r"\w_\w|\w\.[a-z]\w|\w\(\)",
    "table or underline": r"\||---|===|\+-",
    "bracket, comparison, assignment": r"[\[\]{}<>=]",
    "formula": r"\\|\$|\^",
    "reference": r"\[\d+\]|\(\s*\)|\bet al\b",
    "link": r"https?:|www\.|\bdoi\b",
    "e-mail": r"@|\be-?mail\b",
    "placeholder": r"%\(|\bTODO\b|\bFIXME\b",
    "odd spacing": r"\s{2}|^\s|\s$|\s[,;.)]|\n",
    "number of a version": r"[Vv]ersion \d|deprecated",
}


@pytest.fixture(scope="module")
def docstrings():
    return load_docstrings()


@pytest.fixture(scope="module")
def rows():
    return list(csv.DictReader(io.StringIO((FOLDER / "texts.csv").read_bytes().decode(), newline="")))


@pytest.fixture
def own_copy(tmp_path, monkeypatch):
    folder = tmp_path / "datasets" / "docstrings"
    folder.mkdir(parents=True)
    for path in FOLDER.iterdir():
        if path.is_file():
            (folder / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(_files, "resource", lambda *parts: tmp_path.joinpath(*parts))
    return folder


def test_shapes_kinds_and_balance(docstrings):
    assert len(docstrings) == 1320
    assert docstrings.X.names == ("text",)
    assert docstrings.X["text"].dtype == object
    assert {type(text) for text in docstrings.X["text"]} == {str}
    assert docstrings.y.dtype == np.int64
    np.testing.assert_array_equal(np.bincount(docstrings.y), 110)
    assert docstrings.target_names == tuple(TOPICS.split(","))


def test_every_column_belongs_to_its_text(docstrings, rows):
    assert docstrings.X["text"].tolist() == [row["text"] for row in rows]
    assert [docstrings.target_names[topic] for topic in docstrings.y] == [row["topic"] for row in rows]
    for name, values in {**docstrings.groups, **docstrings.latents}.items():
        assert values.tolist() == [row[name] for row in rows], name


def test_three_texts_by_hand(docstrings):
    topic = dict(zip(docstrings.latents["name"], docstrings.y, strict=True))
    text = dict(zip(docstrings.latents["name"], docstrings.X["text"], strict=True))
    assert docstrings.target_names[topic["scipy.ndimage._morphology.binary_erosion"]] == "images"
    assert text["scipy.ndimage._morphology.binary_erosion"].startswith("Multidimensional binary erosion with a given")
    assert docstrings.target_names[topic["pandas.plotting._misc.radviz"]] == "plotting"


def test_x_and_y_alone(docstrings):
    X, y = load_docstrings(return_X_y=True)
    assert X["text"].tolist() == docstrings.X["text"].tolist()
    np.testing.assert_array_equal(y, docstrings.y)


def test_order_tells_nothing(docstrings):
    assert len(set(docstrings.y[:60])) == 12
    assert (np.diff(docstrings.y) == 0).mean() < 0.15


def test_groups_nest_and_cross_topics(docstrings):
    library, module = docstrings.groups["library"], docstrings.groups["module"]
    assert len({*zip(library, module, strict=True)}) == len(set(module))  # a module is part of one library
    assert max(np.unique(module, return_counts=True)[1]) <= 10
    assert len(set(module)) > 700
    topics = {name: len(set(docstrings.y[library == name])) for name in set(library)}
    assert {name for name, n in topics.items() if n >= 4} >= {"astropy", "scipy"}  # a library is no topic
    assert min(len(set(library[docstrings.y == topic])) for topic in range(12)) >= 2
    for name, part in zip(docstrings.latents["name"], module, strict=True):
        assert name.startswith(part)


@pytest.mark.parametrize("what", MARKUP)
def test_no_markup_remains(docstrings, what):
    assert [text for text in docstrings.X["text"] if re.search(MARKUP[what], text)] == []


@pytest.mark.parametrize(
    ("what", "planted"),
    [
        ("role", "the value :math:`x` of"),
        ("directive", "as in .. note:: this"),
        ("prompt", "run >>> f(x)"),
        ("quoted code", "call ``fit`` first"),
        ("emphasis", "this is *important*"),
        ("identifier", "the max_iter option"),
        ("identifier", "of scipy.signal here"),
        ("table or underline", "Notes ----- The"),
        ("bracket, comparison, assignment", "a <numpy.ndarray> is"),
        ("formula", r"the sum $\\alpha$ of"),
        ("reference", "as shown in [1]"),
        ("link", "at https://example.org"),
        ("e-mail", "write to a@b.org"),
        ("placeholder", "the %(name)s of"),
        ("odd spacing", "the sum of , the"),
        ("number of a version", "since version 1.2 it"),
    ],
)
def test_the_search_for_markup_finds_it(what, planted):
    assert re.search(MARKUP[what], planted)


def test_every_text_is_a_paragraph_of_english(docstrings):
    common = re.compile(r"\b(the|a|an|of|is|are|to|in|and|for|with|by|that|it|this|be|as|on|if|or)\b", re.IGNORECASE)
    for text in docstrings.X["text"]:
        words = text.split()
        assert 40 <= len(words) <= 200, text
        assert text[0].isupper(), text
        assert text[-1] in ".!?" or text[-2:] in ('."', ".)"), text
        assert len(common.findall(text)) > len(words) / 8, text
        assert all(len(s.split()) > 1 for s in re.split(r"(?<=[a-z]{3}[.!?]) (?=[A-Z])", text)), text
        assert sum(map(str.isascii, text)) > 0.95 * len(text), text
        assert text == unicodedata.normalize("NFC", text)
        assert text.count("(") == text.count(")"), text


DOCSTRING = """Smooth a signal with a window of *fixed* width.

The signal is reflected at both ends, see :func:`pkg.pad`. The ``window`` is moved along
the signal [1]_, and :meth:`~pkg.Filter.apply` returns the mean of each position.

The cost grows with :math:`\\alpha^2` and the width. However, this is seldom felt in practice.
A short window follows the signal, and a long one leaves only its trend.

.. note:: This is a draft of the text.

>>> smooth([1, 2])

Parameters
----------
x : the values of the signal

Notes
-----
An even width moves the signal by half a sample:

- this is an item of a list
"""


def test_prose_of_a_docstring_by_hand(monkeypatch):
    monkeypatch.syspath_prepend(FOLDER)
    from prose import sentences

    assert sentences(DOCSTRING) == [
        "Smooth a signal with a window of fixed width.",
        "The window is moved along the signal, and apply returns the mean of each position.",
        "A short window follows the signal, and a long one leaves only its trend.",
    ]
    assert sentences("x = f(y)\n\nThe function is called with the value of y and returns x.") == []
    assert sentences("") == []


def test_no_text_names_a_library(docstrings):
    words = "numpy|scipy|sympy|matplotlib|pandas|networkx|torch|keras|tensorflow|librosa|django|sklearn|nltk|astropy"
    assert [text for text in docstrings.X["text"] if re.search(rf"\b({words})\b", text, re.IGNORECASE)] == []


def test_nothing_is_there_twice(docstrings):
    assert len(set(docstrings.latents["name"])) == len(set(docstrings.X["text"])) == 1320
    X = TfidfVectorizer().fit_transform(docstrings.X["text"])
    cosine = (X @ X.T).toarray()
    np.fill_diagonal(cosine, 0)
    assert cosine.max() < 0.8


def test_no_sentence_is_boilerplate(docstrings):
    sentences = [s for text in docstrings.X["text"] for s in set(re.split(r"(?<=[.!?]) (?=[A-Z])", text))]
    assert max(np.unique(sentences, return_counts=True)[1]) <= 3


def test_topics_can_be_learnt_but_not_perfectly_and_modules_leak(docstrings):
    model = make_pipeline(CountVectorizer(), MultinomialNB(alpha=0.1))
    splits = {"random": StratifiedShuffleSplit(5, test_size=0.25, random_state=0)}
    splits |= {group: GroupShuffleSplit(5, test_size=0.25, random_state=0) for group in docstrings.groups}
    score = {
        name: cross_val_score(
            model, docstrings.X["text"], docstrings.y, groups=docstrings.groups.get(name), cv=split
        ).mean()
        for name, split in splits.items()
    }
    assert 0.72 < score["random"] < 0.92
    assert score["library"] < score["module"] < score["random"]


def test_every_library_has_its_licence(docstrings):
    licences = (FOLDER / "LICENSES.txt").read_text(encoding="utf-8")
    versions = {*zip(docstrings.groups["library"], docstrings.latents["version"], strict=True)}
    assert len(versions) == len(set(docstrings.groups["library"]))
    pinned = {tuple(line.split("==")) for line in (FOLDER / "requirements.txt").read_text().split()}
    assert versions == pinned
    table = dict(re.findall(r"^\| \[([\w-]+)\]\(https://\S+\) ([\d.]+) \|", docstrings.card, re.MULTILINE))
    assert table == dict(versions)
    headings = re.findall(r"={100}\n([^=]+)\n={100}\n\n(.{60})", licences, re.DOTALL)
    listed = {tuple(entry.split()) for names, _ in headings for entry in names.split(", ")}
    assert listed == versions
    for foreign in ("GNU GENERAL PUBLIC", "GNU LESSER", "Free Software Foundation"):
        assert foreign.lower() not in licences.lower()


def test_card_tells_the_size(docstrings):
    for fact in ("1320", "110 of each", f"{len(set(docstrings.groups['module']))} modules"):
        assert fact in docstrings.card, fact
    assert f"{len(set(docstrings.groups['library']))} libraries" in docstrings.card
    for heading in ("## How it was made", "## Measured", "## Limits", "## Licence"):
        assert heading in docstrings.card


def test_small_enough_to_ship():
    assert sum(path.stat().st_size for path in FOLDER.iterdir() if path.is_file()) < 2_000_000


def test_a_changed_file_is_met_with_words(own_copy):
    assert len(load_docstrings()) == 1320
    content = bytearray((own_copy / "texts.csv").read_bytes())
    content[1000] ^= 1
    (own_copy / "texts.csv").write_bytes(content)
    with pytest.raises(CorruptDatasetError, match=r"texts\.csv is not the file we shipped: expected SHA256"):
        load_docstrings()


def test_a_missing_file_is_met_with_words(own_copy):
    (own_copy / "texts.csv").unlink()
    with pytest.raises(CorruptDatasetError, match=r"texts\.csv cannot be read \(No such file or directory\)\. Restore"):
        load_docstrings()


def test_losing_the_licences_is_noticed(own_copy):
    (own_copy / "LICENSES.txt").write_text("")
    with pytest.raises(CorruptDatasetError, match=r"LICENSES\.txt is not the file we shipped"):
        verify("docstrings")


def test_shipped_files_are_right():
    assert verify("docstrings") == ["LICENSES.txt", "texts.csv"]
