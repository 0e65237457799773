"""What is fetched: right, once, or not at all and with words. The network is a server on this machine."""

import errno
import hashlib
import importlib
import io
import os
import subprocess
import sys
from dataclasses import asdict, replace
from http.server import ThreadingHTTPServer

import numpy as np
import pytest

from mmlearn_edu import datasets
from mmlearn_edu.datasets import DatasetUnavailable, _download, fsdd, mnist, multiple_features, newsgroups, olivetti
from mmlearn_edu.datasets._download import Download, download
from tests.datasets import serving
from tests.datasets.serving import Handler, good

CONTENT = bytes(range(256)) * 1000


@pytest.fixture
def server(server):
    server.answers = [good(CONTENT)]
    return server


def wanted(url, content=CONTENT):
    return Download(url, hashlib.sha256(content).hexdigest(), "toy.bin", "make_toy()", 1)


def unavailable(server, folder, why, url=None):
    """Check that the download fails with these words and leaves nothing, good or bad."""
    url = url or server.url
    words = rf"toy\.bin cannot be fetched: {why}\. Use make_toy\(\), .* fetch {url} by hand .* as '.*toy\.bin'\.$"
    with pytest.raises(DatasetUnavailable, match=words):
        download(wanted(url), folder)
    assert list(folder.glob("*")) == []


def test_good_once_then_from_the_cache(server, tmp_path, capsys):
    folder = tmp_path / "数据 cache"
    path = download(wanted(server.url), folder)
    assert (path.read_bytes(), path) == (CONTENT, folder / "toy.bin")
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.endswith(f"\rtoy.bin [{'#' * 20}] 0 MB\n")
    assert download(wanted(server.url), folder) == path
    assert (server.n_requests, capsys.readouterr().err, list(folder.iterdir())) == (1, "", [path])


def test_what_was_saved_by_hand_is_taken(server, tmp_path):
    (tmp_path / "toy.bin").write_bytes(CONTENT)
    assert download(wanted(server.url), tmp_path).read_bytes() == CONTENT
    assert server.n_requests == 0


def test_a_spoilt_cache_is_fetched_again(server, tmp_path):
    (tmp_path / "toy.bin").write_bytes(CONTENT[:-1])
    assert download(wanted(server.url), tmp_path).read_bytes() == CONTENT
    assert server.n_requests == 1


def test_a_wrong_file_saved_by_hand_is_told_and_stays(server, tmp_path):
    server.answers = [(403, b"", 0)]
    (tmp_path / "toy.bin").write_bytes(b"<html>please log in</html>")
    with pytest.raises(DatasetUnavailable, match=r"403 Forbidden.*What is there now is not the published file\.$"):
        download(wanted(server.url), tmp_path)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"<html>please log in</html>"]


def test_without_a_folder_it_is_the_users_cache(server, tmp_path, monkeypatch):
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name: tmp_path / name)
    assert download(wanted(server.url)) == tmp_path / "mmlearn-edu" / "toy.bin"


def test_a_server_that_does_not_say_how_much(server, tmp_path, capsys):
    content = CONTENT * 10
    server.answers = [(200, content, None)]
    assert download(wanted(server.url, content), tmp_path).read_bytes() == content
    assert capsys.readouterr().err == "".join(f"\rtoy.bin {n} MB" for n in range(3)) + "\n"


@pytest.mark.parametrize("first", [(503, b"", 0), (200, CONTENT[:99], 99), (200, CONTENT[:99], len(CONTENT))])
def test_a_bad_moment_passes(server, tmp_path, first):
    server.answers = [first, good(CONTENT)]
    assert download(wanted(server.url), tmp_path).read_bytes() == CONTENT
    assert server.n_requests == 2


def test_other_content_than_published(server, tmp_path):
    server.answers = [good(b"<html>please log in</html>")]
    unavailable(server, tmp_path, r"what arrives is not the published file \(its SHA256 differs\)")
    assert server.n_requests == 3


@pytest.mark.parametrize(("status", "words"), [(403, "403 Forbidden"), (404, "404 Not Found")])
def test_the_server_says_no(server, tmp_path, status, words):
    server.answers = [(status, b"no", 2)]
    unavailable(server, tmp_path, f"the server answers {words}")


def test_the_connection_breaks_every_time(server, tmp_path):
    server.answers = [(200, CONTENT[:500], len(CONTENT))]
    unavailable(server, tmp_path, r"no connection \(\w+\)")


def test_nobody_listens(server, tmp_path):
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as gone:
        port = gone.server_port
    unavailable(server, tmp_path, r"no connection \(ConnectionError\)", f"http://127.0.0.1:{port}/file")


def test_the_disk_is_full(server, tmp_path, monkeypatch):
    class FullDisk(io.FileIO):
        def write(self, content):
            if self.tell() > 5000:
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().write(content)

    monkeypatch.setattr("pooch.downloaders.open", lambda path, mode: FullDisk(path, mode), raising=False)
    unavailable(server, tmp_path, r"it cannot be written \(No space left on device\)")
    assert server.n_requests == 1


def test_the_folder_is_a_file(server, tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(DatasetUnavailable, match=r"it cannot be written \(.+\)\. Use make_toy\(\)"):
        download(wanted(server.url), tmp_path / "taken")


def test_the_folder_may_be_read_but_not_written(server, tmp_path, monkeypatch):
    def refuse(*arguments, **options):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("pooch.utils.tempfile.NamedTemporaryFile", refuse)  # chmod does not stop root
    unavailable(server, tmp_path, r"it cannot be written \(.*Permission denied.*\)")
    (tmp_path / "toy.bin").write_bytes(CONTENT)  # a teacher put it there: nothing need be written
    assert download(wanted(server.url), tmp_path).read_bytes() == CONTENT


def test_a_stopped_cell_leaves_nothing(server, tmp_path, monkeypatch):
    class Stopped(io.FileIO):
        def write(self, content):
            if self.tell() > 5000:
                raise KeyboardInterrupt
            return super().write(content)

    with monkeypatch.context() as patch:
        patch.setattr("pooch.downloaders.open", lambda path, mode: Stopped(path, mode), raising=False)
        with pytest.raises(KeyboardInterrupt):
            download(wanted(server.url), tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert download(wanted(server.url), tmp_path).read_bytes() == CONTENT


def test_a_killed_python_leaves_nothing_that_is_taken_for_the_file(server, tmp_path):
    server.answers = [(200, CONTENT[:9000], len(CONTENT)), good(CONTENT)]
    code = (  # the file alone: the rest of the package takes seconds to import
        f"import os, runpy; names = runpy.run_path({_download.__file__!r});"
        "names['_Bar'].update = lambda bar, n_bytes: os._exit(9);"  # as sudden as a power cut
        f"names['download'](names['Download'](**{asdict(wanted(server.url))}), {str(tmp_path)!r})"
    )
    killed = subprocess.run([sys.executable, "-c", code], env={**os.environ, "no_proxy": "127.0.0.1"}, check=False)
    assert (killed.returncode, server.n_requests) == (9, 1)
    assert not (tmp_path / "toy.bin").exists()
    assert download(wanted(server.url), tmp_path).read_bytes() == CONTENT


# Every dataset that is fetched


@pytest.fixture(params=[fsdd, mnist, multiple_features, newsgroups, olivetti], ids=lambda m: m.__name__.split(".")[-1])
def module(request):
    return request.param


@pytest.fixture
def name(module):
    return module.__name__.split(".")[-1]


@pytest.fixture
def fetch(name):
    return getattr(datasets, f"fetch_{name}")


@pytest.fixture
def content(name, server, module, monkeypatch):
    """Serve a small archive in the layout of the original; return its bytes."""
    content = getattr(serving, f"{name}_archive")()
    server.offer(monkeypatch, module, content)
    return content


def refused(fetch, module, folder, words):
    """Check that it fails with these words and the twin, and that nothing is left."""
    twin = rf"Use {module.ARCHIVE.twin[:-2]}\(\), which needs no network, instead"
    with pytest.raises(DatasetUnavailable, match=rf"{module.ARCHIVE.file} cannot be fetched: {words}\. {twin}"):
        fetch(data_home=folder)
    assert list(folder.glob("*")) == []


def test_a_dataset_arrives_whole_and_is_kept(content, server, name, module, fetch, tmp_path):
    data = fetch(data_home=tmp_path)
    assert (data.name, len(data), server.n_requests) == (name, len(data.y), 1)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [content]
    X, y = fetch(data_home=tmp_path, return_X_y=True)
    assert server.n_requests == 1
    assert (X.names, y.dtype) == (data.X.names, np.int64)
    np.testing.assert_array_equal(y, data.y)
    for modality in X.names:
        np.testing.assert_array_equal(X[modality], data.X[modality])
    assert all(type(word) is str for word in data.target_names)
    assert 0 <= y.min() <= y.max() < len(data.target_names)
    for title in ("# " + name, "## Origin", "## Licence", "## How it was made", "## Limits"):
        assert f"\n{title}\n" in f"\n{data.card}"
    assert f"({module.ARCHIVE.megabytes} MB)" in " ".join(data.card.split())


@pytest.mark.usefixtures("content")
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((200, b"<html>please log in</html>", 26), "what arrives is not the published file .*"),
        ((202, b"", 0), "what arrives is not the published file .*"),  # so some hosts meet what is no browser
        ((403, b"", 0), "the server answers 403 Forbidden"),
    ],
    ids=["corrupt", "202", "403"],
)
def test_a_server_without_the_dataset(server, module, fetch, tmp_path, answer, words):
    server.answers = [answer]
    refused(fetch, module, tmp_path, words)


@pytest.mark.usefixtures("content")
def test_no_network_for_a_dataset(server, module, fetch, tmp_path, monkeypatch):
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as gone:
        url = f"http://127.0.0.1:{gone.server_port}/file"
    monkeypatch.setattr(module, "ARCHIVE", replace(module.ARCHIVE, url=url))
    refused(fetch, module, tmp_path, r"no connection \(ConnectionError\)")


@pytest.mark.usefixtures("content")
def test_no_room_for_a_dataset(module, fetch, tmp_path, monkeypatch):
    class FullDisk(io.FileIO):
        def write(self, content):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("pooch.downloaders.open", lambda path, mode: FullDisk(path, mode), raising=False)
    refused(fetch, module, tmp_path, r"it cannot be written \(No space left on device\)")


@pytest.mark.parametrize("n_bytes", [None, 0, 5])
def test_an_archive_that_is_as_published_but_cut(content, server, module, fetch, tmp_path, monkeypatch, n_bytes):
    server.offer(monkeypatch, module, content[: len(content) // 2 if n_bytes is None else n_bytes])
    words = rf"{module.ARCHIVE.file}' is the published file, but cannot be read \(\w+: .+\)\. "
    with pytest.raises(DatasetUnavailable, match=rf"{words}Use {module.ARCHIVE.twin[:-2]}\(\), which needs no network"):
        fetch(data_home=tmp_path)


def test_checksums_are_the_published_ones():
    published = {
        "fsdd": "8bc44cde129d505cbbb6b365c09f80c663f2aa77578afc634e6141a2f87100c0",  # tensorflow/datasets
        "mnist": "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",  # keras-team/keras
        "multiple_features": "449a5c649176d4a61a0408844ad45908cfcf6825cc029aa5b876b7624a244df6",  # pypi.org
        "newsgroups": "8f1b2514ca22a5ade8fbb9cfa5727df95fa587f4c87b786e15c759fa66d95610",  # scikit-learn
        "olivetti": "b612fb967f2dc77c9c62d3e1266e0c73d5fca46a4b8906c18e454d41af987794",  # scikit-learn
    }
    assert {name: getattr(datasets, name).ARCHIVE.sha256 for name in datasets.list_downloads()} == published


@pytest.mark.parametrize(
    ("ours", "theirs"), [(newsgroups, "_twenty_newsgroups.ARCHIVE"), (olivetti, "_olivetti_faces.FACES")]
)
def test_url_and_checksum_are_those_of_the_installed_scikit_learn(ours, theirs):
    file, name = theirs.split(".")
    published = getattr(importlib.import_module(f"sklearn.datasets.{file}"), name)
    assert (ours.ARCHIVE.url, ours.ARCHIVE.sha256) == (published.url, published.checksum)


def test_files_can_be_fetched_before_they_are_needed(content, name, module, fetch, server, tmp_path):
    path = datasets.fetch_file(name, tmp_path)
    assert (path, path.read_bytes()) == (tmp_path / module.ARCHIVE.file, content)
    fetch(data_home=tmp_path)
    assert server.n_requests == 1
    assert datasets.list_downloads()[name].endswith(f". ({module.ARCHIVE.megabytes} MB)")


def test_what_to_use_instead_is_there(module):
    twin = module.ARCHIVE.twin
    assert twin.endswith("()")
    assert hasattr(datasets, twin[:-2])


def test_a_download_that_does_not_exist():
    with pytest.raises(LookupError, match=r"there is no download 'minst'; did you mean mnist\?"):
        datasets.fetch_file("minst")
