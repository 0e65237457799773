"""What holds for every dataset: the container, the cards, the files and what is said when one is broken."""

import pickle
import shutil
import subprocess
import sys

import numpy as np
import pytest

from mmlearn_edu._resources import resource
from mmlearn_edu.datasets import (
    CorruptDatasetError,
    Dataset,
    _files,
    list_datasets,
    load_docstrings,
    load_spoken_digits,
    make_people,
    make_ring,
    make_scenes,
    spoken_digits,
    verify,
)
from mmlearn_edu.datasets._random import bell
from mmlearn_edu.modalities import Modalities

X = Modalities({"image": np.zeros((3, 2, 2)), "text": ["a", "b", "c"]})


@pytest.fixture
def own_copy(tmp_path, monkeypatch):
    """Give the loaders a copy of the shipped files that a test may spoil."""
    shutil.copytree(resource("datasets"), tmp_path / "datasets")
    monkeypatch.setattr(_files, "resource", lambda *parts: tmp_path.joinpath(*parts))
    spoken_digits._read_speech.cache_clear()
    return tmp_path / "datasets" / "spoken_digits"


@pytest.mark.parametrize("wrong", [{"y": np.zeros(2)}, {"groups": {"writer": np.zeros(4)}}, {"latents": {"x": [1]}}])
def test_one_value_per_sample(wrong):
    with pytest.raises(ValueError, match=r"has \d values, but X has 3 samples; give one per sample"):
        Dataset("toy", X, **wrong)


def test_repr_is_short_and_useful():
    words = repr(Dataset("toy", X, y=np.zeros(3), groups={"writer": np.arange(3)}, target_names=("no", "yes")))
    assert len(words) < 400
    for part in ("'toy'", "3 samples", "image: (3, 2, 2)", "2 classes: no, yes", "writer", "card"):
        assert part in words
    assert "latents" not in words


def test_repr_names_only_some_of_many_classes():
    words = repr(Dataset("toy", X, y=np.arange(3), target_names=tuple(f"class {i}" for i in range(11))))
    assert "11 classes: class 0, class 1, class 2, ..." in words


def test_is_read_only_and_pickles():
    toy = Dataset("toy", X, y=np.arange(3), groups={"writer": np.arange(3)}, card="made up")
    with pytest.raises(AttributeError):
        toy.y = None
    with pytest.raises(TypeError):
        toy.groups["writer"] = None
    again = pickle.loads(pickle.dumps(toy))
    assert repr(again) == repr(toy)
    assert again.card == "made up"


def test_every_dataset_is_listed_with_its_summary():
    found = list_datasets()
    assert {"docstrings", "people", "ring", "scenes", "spoken_digits"} <= set(found)
    assert all(20 < len(summary) <= 120 for summary in found.values())


@pytest.mark.parametrize(
    "make", [load_docstrings, load_spoken_digits, lambda: make_people(2, 2), make_ring, lambda: make_scenes(2)]
)
def test_every_card_says_licence_origin_and_limits(make):
    dataset = make()
    for heading in ("## Licence", "## How it was made", "## Limits"):
        assert heading in dataset.card
    assert "CC BY 4.0" in dataset.card


def test_the_card_repeats_what_the_voices_licence_asks_for():
    card = load_spoken_digits().card
    for words in (
        "Carnegie Mellon University",
        "Copyright (c) 1999-2001",
        "clearly marked",
        "Alan W Black",
        "DISCLAIM",
    ):
        assert words in card


def test_shipped_files_are_right():
    assert verify("spoken_digits") == ["clips.csv", "speech.flac"]
    assert verify("scenes") == []


def test_at_most_five_megabytes():
    folder = resource("datasets", "spoken_digits")
    assert sum(path.stat().st_size for path in folder.iterdir() if path.is_file()) < 5_000_000


def test_suggests_the_name_you_meant():
    with pytest.raises(LookupError, match=r"no dataset 'spoken-digits'; did you mean 'spoken_digits'\? there is"):
        verify("spoken-digits")
    with pytest.raises(LookupError, match=r"no dataset 'zebra'; there is docstrings, people, ring, scenes, spoken"):
        verify("zebra")


@pytest.mark.parametrize("do", [load_spoken_digits, lambda: verify("spoken_digits")], ids=["load", "verify"])
def test_a_changed_file_is_met_with_words(own_copy, do):
    path = own_copy / "speech.flac"
    content = bytearray(path.read_bytes())
    content[100_000] ^= 1
    path.write_bytes(content)
    message = (
        r"speech\.flac is not the file we shipped: expected SHA256 [0-9a-f]{64}, got [0-9a-f]{64} .* Restore it with"
    )
    with pytest.raises(CorruptDatasetError, match=message):
        do()


def test_a_missing_file_is_met_with_words(own_copy):
    (own_copy / "clips.csv").unlink()
    with pytest.raises(CorruptDatasetError, match=r"clips\.csv cannot be read \(No such file or directory\)\. Restore"):
        load_spoken_digits()


def test_verify_names_every_broken_file(own_copy):
    (own_copy / "clips.csv").write_text("nothing")
    (own_copy / "speech.flac").write_bytes(b"")
    with pytest.raises(CorruptDatasetError, match=r"(?s)clips\.csv is not.*speech\.flac is not"):
        verify("spoken_digits")


@pytest.mark.parametrize("content", ["what is this", "1234  clips.csv\n"])
def test_a_garbled_checksum_file_is_met_with_words(own_copy, content):
    (own_copy / "SHA256SUMS").write_text(content)
    with pytest.raises(CorruptDatasetError, match="SHA256SUMS has a line that is not 'SHA256  file'"):
        verify("spoken_digits")


def test_a_file_without_checksum_is_not_trusted(own_copy):
    lines = (own_copy / "SHA256SUMS").read_text().splitlines()
    (own_copy / "SHA256SUMS").write_text("\n".join(line for line in lines if "speech" not in line))
    with pytest.raises(CorruptDatasetError, match=r"does not list speech\.flac"):
        load_spoken_digits()


def test_a_path_with_spaces_and_chinese_characters(tmp_path, monkeypatch):
    folder = tmp_path / "my data 数据"
    shutil.copytree(resource("datasets"), folder)
    monkeypatch.setattr(_files, "resource", lambda *parts: folder.joinpath(*parts[1:]))
    assert len(load_spoken_digits()) == 1797


def test_bell_is_gaussian():
    noise = bell(np.random.RandomState(0), (1000, 1000), 1000.0) / 1000
    assert abs(noise.mean()) < 0.004
    assert noise.std() == pytest.approx(1, abs=0.004)
    assert (np.abs(noise) < 1).mean() == pytest.approx(0.6827, abs=0.003)
    assert (np.abs(noise) > 3).mean() == pytest.approx(0.0027, abs=0.0003)


@pytest.mark.parametrize("deviation", [-1, 7001, float("nan")])
def test_bell_says_what_fits(deviation):
    with pytest.raises(ValueError, match="does not fit int16; expected 0 to 7000"):
        bell(np.random.RandomState(0), (3,), deviation)


def test_importing_loads_nothing_heavy():
    code = (
        "import sys; from mmlearn_edu.datasets import Dataset, load_spoken_digits, make_people, SAMPLING_RATE;"
        "print([m for m in ('torch', 'matplotlib', 'librosa', 'IPython') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_list_of_checksums_that_is_gone_is_no_pass(tmp_path, monkeypatch):
    from mmlearn_edu.datasets import _files

    folder = tmp_path / "spoken_digits"
    folder.mkdir()
    monkeypatch.setattr(_files, "resource", lambda *parts: tmp_path.joinpath(*parts[1:]))
    with pytest.raises(CorruptDatasetError, match="SHA256SUMS cannot be read"):
        verify("spoken_digits")
    (folder / "SHA256SUMS").write_text("")
    with pytest.raises(CorruptDatasetError, match=r"does not list clips\.csv"):
        verify("spoken_digits")
    (folder / "SHA256SUMS").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CorruptDatasetError, match="cannot be read"):
        verify("spoken_digits")
