"""The Free Spoken Digit Dataset: what the names of its files say, and voices that arrive unchanged."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from mmlearn_edu.datasets import fetch_fsdd, fsdd
from tests.datasets.serving import fsdd_archive, wav

# Beside the repository where its makers work; nobody else has it, and nothing of it is shipped.
RECORDINGS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "fsdd" / "recordings"


@pytest.fixture
def serve(server, monkeypatch):
    return lambda files: server.offer(monkeypatch, fsdd, fsdd_archive(files))


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
