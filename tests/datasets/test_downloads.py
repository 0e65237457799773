"""What is fetched: right, once, or not at all and with words. The network is a server on this machine."""

import errno
import hashlib
import io
import tarfile
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
import soundfile

from mmlearn_edu.datasets import DatasetUnavailable, fetch_fsdd, fsdd
from mmlearn_edu.datasets._download import Download, download

CONTENT = bytes(range(256)) * 1000
# Beside the repository where its makers work; nobody else has it, and nothing of it is shipped.
RECORDINGS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "fsdd" / "recordings"


class Server(ThreadingHTTPServer):
    """Answers each request with the next of `answers` (status, content, bytes it claims), the last one for ever."""

    answers: list
    n_requests = 0

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/file"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        answers, self.server.n_requests = self.server.answers, self.server.n_requests + 1
        status, content, claimed = answers.pop(0) if len(answers) > 1 else answers[0]
        self.send_response(status)
        if claimed is not None:
            self.send_header("Content-Length", str(claimed))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments):
        pass


def good(content=CONTENT):
    return 200, content, len(content)


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr("pooch.core.time.sleep", lambda seconds: None)
    with Server(("127.0.0.1", 0), Handler) as server:
        server.answers = [good()]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def wanted(url, content=CONTENT):
    return Download(url, hashlib.sha256(content).hexdigest(), "toy.bin", "make_toy()")


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
    server.answers = [first, good()]
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


# The Free Spoken Digit Dataset


def archive(files):
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as tar:
        for name, recording in files.items():
            member = tarfile.TarInfo(f"free-spoken-digit-dataset-1.0.9/{name}")
            member.size = len(recording)
            tar.addfile(member, io.BytesIO(recording))
    return content.getvalue()


def wav(wave):
    content = io.BytesIO()
    soundfile.write(content, wave, 8000, format="WAV", subtype="PCM_16")
    return content.getvalue()


@pytest.fixture
def serve(server, monkeypatch):
    def put(files):
        content = archive(files)
        server.answers = [good(content)]
        published = replace(fsdd.ARCHIVE, url=server.url, sha256=hashlib.sha256(content).hexdigest())
        monkeypatch.setattr(fsdd, "ARCHIVE", published)

    return put


def test_names_say_digit_voice_and_take(serve, tmp_path):
    waves = [np.arange(n, dtype=np.int16) - 7 for n in (30, 20, 10)]
    names = ["9_theo_10.wav", "9_theo_9.wav", "0_jackson_2.wav"]
    recordings = {f"recordings/{name}": wav(wave) for name, wave in zip(names, waves, strict=True)}
    serve({"README.md": b"# words", "recordings/notes.txt": b"x", "trim/1_theo_0.wav": b"x", **recordings})
    data = fetch_fsdd(tmp_path)
    assert (data.y.tolist(), list(data.groups["voice"])) == ([0, 9, 9], ["jackson", "theo", "theo"])
    assert (data.latents["take"].tolist(), data.latents["length"].tolist()) == ([2, 9, 10], [10, 20, 30])
    assert (data.X["audio"].dtype, data.X["audio"].shape) == (np.int16, (3, 30))
    for row, wave in zip(data.X["audio"], waves[::-1], strict=True):
        np.testing.assert_array_equal(row, np.pad(wave, (0, 30 - len(wave))))
    X, y = fetch_fsdd(tmp_path, return_X_y=True)
    np.testing.assert_array_equal(X["audio"], data.X["audio"])
    np.testing.assert_array_equal(y, data.y)
    assert "CC BY-SA 4.0" in data.card
    assert [path.name for path in tmp_path.iterdir()] == ["free-spoken-digit-dataset-1.0.9.tar.gz"]


@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="needs ../shared/data/fsdd/recordings, real voices not shipped")
def test_real_recordings_arrive_unchanged(serve, tmp_path):
    paths = sorted(RECORDINGS.glob("*.wav"))
    serve({f"recordings/{path.name}": path.read_bytes() for path in paths})
    data = fetch_fsdd(tmp_path)
    assert np.bincount(data.y).tolist() == [len(paths) // 10] * 10
    facts = zip(data.y, data.groups["voice"], data.latents["take"], data.latents["length"], strict=True)
    for row, (digit, voice, take, length) in zip(data.X["audio"], facts, strict=True):
        wave, rate = soundfile.read(RECORDINGS / f"{digit}_{voice}_{take}.wav", dtype="int16")
        np.testing.assert_array_equal(row[:length], wave)
        assert (rate, row[length:].any()) == (8000, False)


def test_fsdd_names_its_twin_and_its_published_checksum(server, tmp_path, monkeypatch):
    assert fsdd.ARCHIVE.sha256 == "8bc44cde129d505cbbb6b365c09f80c663f2aa77578afc634e6141a2f87100c0"
    server.answers = [(403, b"", 0)]
    monkeypatch.setattr(fsdd, "ARCHIVE", replace(fsdd.ARCHIVE, url=server.url))
    with pytest.raises(DatasetUnavailable, match=r"403 Forbidden\. Use load_spoken_digits\(\), which needs no network"):
        fetch_fsdd(tmp_path)
