import hashlib
import io
from dataclasses import replace
from http.server import ThreadingHTTPServer
from threading import Thread

import pytest
import torch

from mmlearn_edu.networks import WeightsUnavailable
from mmlearn_edu.networks.weights import PRETRAINED, Pretrained, load_weights
from tests.datasets.serving import Handler, Server, good


def content():
    file = io.BytesIO()
    torch.save({"layer.weight": torch.arange(6.0).reshape(2, 3)}, file)
    return file.getvalue()


CONTENT = content()


@pytest.fixture
def server(monkeypatch, tmp_path):
    """Stand in for the network; torch keeps its files in a folder that only this test knows."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "火炬 home"))
    with Server(("127.0.0.1", 0), Handler) as server:
        server.answers = [good(CONTENT)]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def wanted(server):
    return Pretrained(f"{server.url}/toy-{hashlib.sha256(CONTENT).hexdigest()[:8]}.pth", 1)


def left(wanted):
    return list(wanted.path.parent.glob("*"))


def unavailable(wanted, why, weights="download"):
    words = rf"{wanted.file} \(1 MB\) {why}\. Ask for weights='download' .* fetch {wanted.url} .* `curl .* weights='ran"
    with pytest.raises(WeightsUnavailable, match=words) as caught:
        load_weights(wanted, weights)
    assert repr(str(wanted.path)) in str(caught.value)


def test_fetched_once_and_then_from_the_cache(server, wanted, capsys):
    for weights in ("download", "download", "cached"):
        assert torch.equal(load_weights(wanted, weights)["layer.weight"], torch.arange(6.0).reshape(2, 3))
    assert (server.n_requests, left(wanted)) == (1, [wanted.path])
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith(f"\r{wanted.file} [{'#' * 20}] 0 MB\n")


def test_nothing_is_fetched_without_being_asked_for(server, wanted):
    unavailable(wanted, "is not on this machine", "cached")
    assert server.n_requests == 0


def test_what_was_saved_by_hand_is_taken(server, wanted):
    wanted.path.parent.mkdir(parents=True)
    wanted.path.write_bytes(CONTENT)
    assert list(load_weights(wanted, "cached")) == ["layer.weight"]
    assert server.n_requests == 0


def test_another_file_is_not_trusted_and_fetched_again_only_if_asked(server, wanted):
    wanted.path.parent.mkdir(parents=True)
    wanted.path.write_bytes(CONTENT[:-1])
    unavailable(wanted, r"is there, but is not the published file \(its SHA256 differs\)", "cached")
    assert server.n_requests == 0
    assert list(load_weights(wanted, "download")) == ["layer.weight"]


def test_corrupt_on_arrival(server, wanted):
    server.answers = [good(b"<html>please log in</html>")]
    unavailable(wanted, r"cannot be fetched: what arrives is not the published file \(its SHA256 differs\)")
    assert left(wanted) == []


@pytest.mark.parametrize(("status", "words"), [(403, "403 Forbidden"), (404, "404 Not Found")])
def test_refused(server, wanted, status, words):
    server.answers = [(status, b"no", 2)]
    unavailable(wanted, f"cannot be fetched: the server answers {words}")
    assert left(wanted) == []


def test_cut_on_the_way(server, wanted):
    server.answers = [(200, CONTENT[:500], len(CONTENT))]
    unavailable(wanted, r"cannot be fetched: no connection \(\w+\)")
    assert left(wanted) == []


def test_a_server_that_does_not_say_how_much(server, wanted):
    server.answers = [(200, CONTENT, None)]
    assert list(load_weights(wanted, "download")) == ["layer.weight"]


def test_nobody_listens(wanted):
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as gone:
        port = gone.server_port
    elsewhere = replace(wanted, url=f"http://127.0.0.1:{port}/{wanted.file}")
    unavailable(elsewhere, r"cannot be fetched: no connection \(ConnectionError\)")


def test_a_folder_that_cannot_be_made(wanted):
    wanted.path.parents[2].mkdir(parents=True)
    (wanted.path.parents[1]).write_text("a file stands where the folder should be")
    unavailable(wanted, r"cannot be fetched: it cannot be written \(.+\)")


def test_a_stopped_cell_leaves_nothing(wanted, monkeypatch):
    def stopped(bar, n_bytes):
        assert wanted.path.with_suffix(".part").is_file()
        raise KeyboardInterrupt

    monkeypatch.setattr("mmlearn_edu.datasets._download._Bar.update", stopped)
    with pytest.raises(KeyboardInterrupt):
        load_weights(wanted, "download")
    assert left(wanted) == []


@pytest.mark.parametrize("name", PRETRAINED)
def test_address_and_size_are_those_of_the_installed_torchvision(name):
    from mmlearn_edu.networks import torchvision

    theirs = torchvision().models.get_model_weights(name).DEFAULT
    ours = PRETRAINED[name]
    assert ours.url == theirs.url
    assert ours.megabytes == pytest.approx(theirs.meta["_file_size"] * 1.024**2, abs=1.5)
    assert len(ours.sha256) == 8
    assert ours.path.name == ours.file
