from pathlib import Path

import librosa
import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlearn_edu.datasets import load_spoken_digits, make_scenes
from mmlearn_edu.features import dominant_frequency, mfcc_summary, pad_clips, waveform_statistics

RECORDINGS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "fsdd" / "recordings"
FUNCTIONS = (dominant_frequency, waveform_statistics)


def tone(hz, n_samples=8000, sampling_rate=8000, phase=0.3):
    return np.sin(2 * np.pi * hz * np.arange(n_samples) / sampling_rate + phase)[None]


def test_statistics_by_hand():
    y = [[0.5, -0.5, 0.5, -0.5, 0.5], [1.0, 0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 0.0]]
    np.testing.assert_allclose(
        waveform_statistics(y, sampling_rate=100),
        [[0.5, 0.5, 1, 100], [np.sqrt(0.2), 1, np.sqrt(5), 0], [0, 0, 0, 0]],
    )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_two_samples_are_enough(dtype):
    np.testing.assert_allclose(waveform_statistics(np.array([[0.5, -0.5]], dtype=dtype), 1), [[0.5, 0.5, 1, 1]])
    np.testing.assert_allclose(waveform_statistics(np.array([[0.5, -0.5]], dtype=dtype), 0.25), [[0.5, 0.5, 1, 0.25]])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_statistics_agree_with_librosa(dtype):
    y = (make_scenes(4).X["audio"] / 32768).astype(dtype)
    out = waveform_statistics(y, 8000)
    n_samples = y.shape[1]
    assert out.dtype == dtype
    rms = librosa.feature.rms(y=y, frame_length=n_samples, hop_length=n_samples, center=False)[:, 0, 0]
    np.testing.assert_allclose(out[:, 0], rms, rtol=1e-5)
    crossings = librosa.zero_crossings(y, pad=False).sum(axis=1)
    np.testing.assert_allclose(out[:, 3], crossings / (n_samples - 1) * 8000, rtol=1e-6)
    np.testing.assert_allclose(y / out[:, 1:2], librosa.util.normalize(y, axis=1), rtol=1e-6)  # by the peak


def test_a_tone_has_a_crest_of_root_two_and_no_mean():
    for hz in (100, 440, 997):
        y = 0.8 * tone(hz)
        _, peak, crest, crossings = waveform_statistics(y, 8000)[0]
        assert peak == pytest.approx(0.8, rel=0.01)
        assert crest == pytest.approx(np.sqrt(2), rel=0.01)
        assert crossings == pytest.approx(2 * hz, abs=2)
        assert abs(y.mean()) < 1e-12  # why the mean is not among them


def test_louder_changes_the_first_two_only():
    y = make_scenes(4).X["audio"] / 32768
    quiet, loud = waveform_statistics(y / 2, 8000), waveform_statistics(y, 8000)
    np.testing.assert_allclose(loud, quiet * [2, 2, 1, 1])
    np.testing.assert_allclose(waveform_statistics(-y, 8000), loud, rtol=0.01)


@settings(max_examples=50, deadline=None)
@given(st.floats(30, 3970), st.floats(0, 6.3), st.integers(500, 4000), st.floats(-0.5, 0.5))
def test_the_strongest_frequency_is_met_within_a_bin(hz, phase, n_samples, offset):
    y = 0.4 * tone(hz, n_samples, phase=phase) + offset
    assert dominant_frequency(y, 8000)[0] == pytest.approx(hz, abs=8000 / n_samples)


def test_strongest_frequency_by_hand():
    y = 0.2 * tone(300) + 0.5 * tone(1000) + 0.3 * tone(2500)
    for batch in (y, y.astype(np.float32), (y * 30000).astype(np.int16)):
        assert dominant_frequency(batch, 8000).tolist() == [1000]
        assert dominant_frequency(batch, 44100) == pytest.approx(1000 * 44100 / 8000)  # played faster, it is higher
    assert dominant_frequency(1e-9 * y, 8000).tolist() == [1000]
    constant = np.full((3, 1000), [[0.0], [0.1], [-1 / 3]])
    assert dominant_frequency(constant, 8000).tolist() == [0, 0, 0]
    assert dominant_frequency([[0.3]], 8000).tolist() == [0]


def test_the_strongest_frequency_of_scenes_is_their_pitch_or_an_overtone():
    data = make_scenes(60)
    overtone = dominant_frequency(data.X["audio"], 8000) / data.latents["pitch"]
    expected = np.where(data.latents["shape"] == "cross", 2, 1)  # a cross is loudest an octave up
    np.testing.assert_allclose(overtone, expected, rtol=0.02)


def test_spoken_digits_are_sound_for_all():
    y = load_spoken_digits().X["audio"][:20]
    out = waveform_statistics(y, 8000)
    assert np.isfinite(out).all()
    assert (out[:, 2] > np.sqrt(2)).all()  # speech is spikier than a tone
    assert ((dominant_frequency(y, 8000) > 50) & (dominant_frequency(y, 8000) < 4000)).all()


@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="needs ../shared/data/fsdd/recordings, real voices not shipped")
def test_real_recordings_of_unequal_length():
    ragged = [soundfile.read(path, dtype="int16")[0] for path in sorted(RECORDINGS.glob("*_0.wav"))[:12]]
    padded, mask = pad_clips(ragged)
    assert mask.sum(axis=1).tolist() == [len(clip) for clip in ragged]
    alone = np.vstack([waveform_statistics(clip[None], 8000) for clip in ragged])
    together = waveform_statistics(padded, 8000)
    np.testing.assert_allclose(together[:, 1], alone[:, 1])
    share = mask.mean(axis=1)
    np.testing.assert_allclose(together[:, 0], alone[:, 0] * np.sqrt(share))  # padding makes quieter: use the mask
    assert np.isfinite(mfcc_summary(padded, 8000)).all()
    assert (dominant_frequency(padded, 8000) > 50).all()


@pytest.mark.parametrize(
    ("y", "error", "message"),
    [
        (np.zeros(100), ValueError, r"got \(100,\); for a single clip write y\[None\]"),
        ([], ValueError, r"expected sound of shape \(n_clips, n_samples\), got \(0,\)$"),
        ([[0.1], [0.1, 0.2]], ValueError, "the clips differ in length; bring them to one length with pad_clips first"),
        (np.zeros((2, 9), dtype=np.uint8), TypeError, r"expected int16, or floats in \[-1, 1\], got uint8"),
        (np.array([["声音"]]), TypeError, "got <U2"),
        (np.full((2, 9), np.inf), ValueError, "the sound holds NaN or infinite values"),
    ],
)
def test_says_what_is_no_batch_of_sound(y, error, message):
    for function in FUNCTIONS:
        with pytest.raises(error, match=message):
            function(y, 8000)


def test_says_which_rate_and_length_there_must_be():
    for function in FUNCTIONS:
        for rate in (0, -8000, np.nan):
            with pytest.raises(ValueError, match=f"expected a positive sampling_rate in Hz, got {rate}"):
                function(tone(100), rate)
    with pytest.raises(ValueError, match="expected clips of 2 samples or more, got 1; a crossing needs"):
        waveform_statistics([[0.1]], 8000)
