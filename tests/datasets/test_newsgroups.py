"""20 newsgroups: the texts, the split and the cuts are those of scikit-learn's own reader."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import _twenty_newsgroups as theirs

from mmlearn_edu.datasets import fetch_newsgroups, newsgroups
from tests.datasets.serving import newsgroups_archive

POST = b"""From: someone@example.org (Some One)
Subject: Re: \xe9t\xe9

In article <1@example.org> other@example.org writes:
> is it so?
| it is
Yes, she said: it is.
No > quote, no | quote.

-----
Some One
"""
POSTS = {
    "20news-bydate-test/sci.space/60000": POST,
    "20news-bydate-test/sci.space/9999": b"Subject: no body",
    "20news-bydate-test/alt.atheism/7": b"",
    "20news-bydate-test/rec.autos/2": b"\n\n",
    "20news-bydate-train/sci.space/10": b"A: b\n\n\n\ntext after\n\n--\n",
    "20news-bydate-train/sci.space/9": b"A: b\r\n\r\nnot our blank line\r\n",
    "20news-bydate-train/alt.atheism/8": b"A: b\n\nno signature\nat all",
    "20news-bydate-train/alt.atheism/9": b"A: b\n\n\n---\nonly a signature",
    "20news-bydate-train/rec.autos/1": b"A: b\n\nQuoted from here\n  \nwrote: me\nlast\n\n\n",
}
PARTS = [(), ("headers",), ("footers",), ("quotes",), ("quotes", "headers"), ("headers", "footers", "quotes")]


@pytest.fixture
def archive(server, monkeypatch):
    content = newsgroups_archive({"20news-bydate-train/README": b"no post", "other/a/b": b"no post", **POSTS})
    server.offer(monkeypatch, newsgroups, content)
    return content


@pytest.mark.parametrize("remove", PARTS, ids="+".join)
def test_agrees_with_scikit_learn(archive, tmp_path, monkeypatch, remove):
    ours = fetch_newsgroups(remove, data_home=tmp_path / "ours")

    def fetch_remote(remote, dirname, **options):
        (tmp_path / "archive").write_bytes(newsgroups_archive(POSTS))  # it is not made to meet strangers
        return shutil.copy(tmp_path / "archive", dirname)

    monkeypatch.setattr(theirs, "_fetch_remote", fetch_remote)
    expected = theirs.fetch_20newsgroups(subset="all", shuffle=False, remove=remove, data_home=tmp_path / "theirs")
    paths = [Path(name).parts[-3:] for name in expected.filenames]
    order = sorted(range(len(paths)), key=lambda i: ("test" in paths[i][0], paths[i]))  # theirs is shuffled
    assert len(order) == len(POSTS)
    assert ours.X["text"].tolist() == [expected.data[i] for i in order]
    assert ours.y.tolist() == expected.target[order].tolist()
    assert list(ours.target_names) == expected.target_names
    assert ours.latents["split"].tolist() == [paths[i][0].removeprefix("20news-bydate-") for i in order]


def test_by_hand(archive, tmp_path):
    data = fetch_newsgroups(["quotes", "footers", "headers"], tmp_path)
    assert data.target_names == ("alt.atheism", "rec.autos", "sci.space")
    assert (data.X["text"].dtype, data.y.dtype) == (object, np.int64)
    assert data.X["text"][7] == "No > quote, no | quote.\n"
    assert fetch_newsgroups(data_home=tmp_path).X["text"][7] == POST.decode("latin-1")
    assert "été" in fetch_newsgroups(data_home=tmp_path).X["text"][7]


@given(st.lists(st.sampled_from(["", " ", "--", "- -", "> a", "|", "x > y", "a wrote: b", "In article"]), max_size=9))
def test_cuts_agree_on_any_lines(lines):
    text = "\n".join(lines)
    assert newsgroups._cut(text, ["headers"]) == theirs.strip_newsgroup_header(text)
    assert newsgroups._cut(text, ["footers"]) == theirs.strip_newsgroup_footer(text)
    assert newsgroups._cut(text, ["quotes"]) == theirs.strip_newsgroup_quoting(text)


@pytest.mark.parametrize(
    ("remove", "words"),
    [
        ("headers", r"remove='headers' is no list; give one, such as remove=\['headers', 'quotes'\], or \[\]"),
        (None, "remove=None is no list"),
        (["header"], r"remove cannot cut 'header'; did you mean headers\?"),
        ([3], "remove cannot cut 3; there is headers, footers, quotes"),
    ],
)
def test_what_cannot_be_cut(archive, server, tmp_path, remove, words):
    with pytest.raises(ValueError, match=words):
        fetch_newsgroups(remove, data_home=tmp_path)
    assert server.n_requests == 0  # told before anything is fetched


def test_an_archive_of_something_else(server, tmp_path, monkeypatch):
    server.offer(monkeypatch, newsgroups, newsgroups_archive({"README": b"moved"}))
    with pytest.raises(OSError, match="ValueError: it holds no 20news-bydate-train/GROUP/POST"):
        fetch_newsgroups(data_home=tmp_path)
