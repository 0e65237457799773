import librosa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn_edu.features import frame_signal, pad_clips


def clips(n_samples=1000, dtype=np.float64):
    y = np.random.default_rng(0).uniform(-1, 1, size=(3, n_samples))
    return (y * 32767).astype(dtype) if dtype == np.int16 else y.astype(dtype)


@pytest.mark.parametrize("dtype", [np.int16, np.float32, np.float64])
def test_frames_agree_with_librosa(dtype):
    y = clips(dtype=dtype)
    expected = np.moveaxis(librosa.util.frame(y, frame_length=100, hop_length=30), 1, 2)
    frames = frame_signal(y, 100, 30)
    assert frames.dtype == dtype
    np.testing.assert_array_equal(frames, expected)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 30), st.integers(1, 30), st.integers(1, 40))
def test_there_are_as_many_as_the_formula_says(n_samples, frame_length, hop_length):
    y = np.arange(n_samples, dtype=np.int16)[None]
    if frame_length > n_samples:
        with pytest.raises(ValueError, match=rf"frame_length={frame_length} not in 1\.\.{n_samples}, .* pad the clips"):
            frame_signal(y, frame_length, hop_length)
        return
    starts = range(0, n_samples - frame_length + 1, hop_length)
    assert len(starts) == 1 + (n_samples - frame_length) // hop_length
    np.testing.assert_array_equal(frame_signal(y, frame_length, hop_length)[0, :, 0], starts)


def test_frames_are_a_view_that_cannot_be_written():
    y = clips()
    frames = frame_signal(y)
    assert np.shares_memory(frames, y)
    with pytest.raises(ValueError, match="read-only"):
        frames[0, 0, 0] = 1


@pytest.mark.parametrize("options", [{"hop_length": 0}, {"hop_length": -3}])
def test_says_that_a_step_goes_forward(options):
    with pytest.raises(ValueError, match="expected a step of 1 sample or more"):
        frame_signal(clips(), **options)


@pytest.mark.parametrize("dtype", [np.int16, np.float32, np.float64])
def test_padding_by_hand(dtype):
    padded, mask = pad_clips([np.array(clip, dtype=dtype) for clip in ([1, -1], [0], [1, 0, 1])])
    np.testing.assert_array_equal(padded, [[1, -1, 0], [0, 0, 0], [1, 0, 1]])
    np.testing.assert_array_equal(mask, [[True, True, False], [True, False, False], [True, True, True]])
    assert padded.dtype == dtype


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(1, 12), min_size=1, max_size=6), st.integers(0, 99))
def test_what_was_padded_comes_back(lengths, seed):
    rng = np.random.default_rng(seed)
    ragged = [rng.uniform(-1, 1, n) for n in lengths]
    padded, mask = pad_clips(ragged)
    assert padded.shape == mask.shape == (len(lengths), max(lengths))
    assert mask.sum(axis=1).tolist() == lengths
    assert not padded[~mask].any()
    for clip, row, seen in zip(ragged, padded, mask, strict=True):
        np.testing.assert_array_equal(row[seen], clip)


def test_padding_copies_and_takes_an_even_batch():
    y = clips()
    padded, mask = pad_clips(y)
    np.testing.assert_array_equal(padded, y)
    assert mask.all()
    assert not np.shares_memory(padded, y)
    assert pad_clips([y[0].astype(np.float32), y[1]])[0].dtype == np.float64


@pytest.mark.parametrize(
    ("ragged", "error", "message"),
    [
        ([], ValueError, "expected at least one clip, got none"),
        (
            [[0.1], []],
            ValueError,
            r"clip 1 has shape \(0,\), expected \(n_samples,\) .*; leave it out, or mark it",
        ),
        ([[0.1], np.ones((9, 2))], ValueError, r"clip 1 has shape \(9, 2\), .* mix its channels first"),
        (["声音"], ValueError, r"clip 0 has shape \(\), .*; give every clip as an array of its own"),
        ([[0.1], [0.2, np.nan]], ValueError, "clip 1: the sound holds NaN"),
        ([[0.1], [3, 4]], TypeError, r"clip 1: expected int16, or floats in \[-1, 1\], got int64"),
        ([np.ones(2, dtype=np.int16), np.ones(3)], TypeError, "the clips are float64, int16, of different range"),
    ],
)
def test_says_what_cannot_be_padded(ragged, error, message):
    with pytest.raises(error, match=message):
        pad_clips(ragged)
