"""Synthetic voices: librosa finds the pitch that was asked for, linear prediction the formants."""

import librosa
import numpy as np
import pytest
from scipy.linalg import solve_toeplitz
from scipy.signal import lfilter

from mmlearn_edu.datasets import SAMPLING_RATE, _voices
from mmlearn_edu.datasets._persons import CHOICES, VOICE, VOICE_TAKE, draw
from mmlearn_edu.datasets._voices import BANDWIDTHS, VOWELS, resonances, sawteeth, speak

PLAIN = {"pitch": 100, "formant_scale": 1000, "vowel_ms": 155, "melody": 0, "breath": 0, "dull": 0, "word": 0,
         "mood": 0, "tempo": 1100, "start": 0, "level": 20000, "microphone": 0}  # fmt: skip
WORDS = ["iy-eh-aa-ao", "uw-iy-eh-aa"]


def say(**traits):
    """Return one plain clip, as floats, with some traits changed, and its length."""
    code = {name: np.array([value]) for name, value in {**PLAIN, **traits}.items()}
    clip, length = speak(code, np.random.RandomState(0))
    return clip[0].astype(float), int(length[0])


def formants(sound):
    """Return the frequencies in Hz of the poles of linear prediction, lowest first."""
    sharp = np.append(sound[0], sound[1:] - 0.95 * sound[:-1]) * np.hamming(len(sound))
    lags = np.correlate(sharp, sharp, "full")[len(sharp) - 1 :]
    roots = np.roots([1, *-solve_toeplitz(lags[:9], lags[1:10])])
    return np.sort(np.angle(roots[roots.imag > 0])) * SAMPLING_RATE / (2 * np.pi)


@pytest.mark.parametrize("scale", [860, 1000, 1180])
@pytest.mark.parametrize("word", WORDS)
def test_linear_prediction_finds_the_formants(word, scale):
    sound, length = say(word=CHOICES["word"].index(word), formant_scale=scale)
    for i, vowel in enumerate(word.split("-")):
        middle = (2 * i + 1) * length // 8
        expected = np.array(VOWELS[vowel][:3]) * scale / 1000
        np.testing.assert_allclose(formants(sound[middle - 300 : middle + 300])[:3], expected, rtol=0.02, atol=12)


@pytest.mark.parametrize("pitch", [95, 140, 250])
def test_librosa_finds_the_pitch(pitch):
    sound, length = say(pitch=pitch, breath=40)
    found = librosa.yin(sound[400 : length - 800], fmin=60, fmax=400, sr=SAMPLING_RATE, frame_length=800)
    np.testing.assert_allclose(found, pitch, rtol=0.02)


@pytest.mark.parametrize(("traits", "start", "end"), [({"melody": -200}, 150, 120), ({"mood": 30}, 154.5, 154.5)])
def test_melody_and_mood_move_the_pitch(traits, start, end):
    sound, length = say(pitch=150, **traits)
    found = librosa.yin(sound[:length], fmin=60, fmax=400, sr=SAMPLING_RATE, frame_length=800, center=False)
    where = (np.arange(len(found)) * 200 + 400) / length
    voiced = where < 0.85
    np.testing.assert_allclose(found[voiced], (start + (end - start) * where)[voiced], rtol=0.06)


def test_resonators_are_klatts():
    """A cascade of SciPy's filters gives the same, four samples sooner."""
    buzz = np.random.RandomState(0).normal(size=400)
    B, C = resonances()
    hertz = np.array([500, 1500, 2500, 3500])
    B, C = B[np.arange(4), hertz], C
    expected = 0.4 * buzz.copy()
    expected = lfilter([1.0], [1.0, -0.6], expected)
    assert BANDWIDTHS == (60, 90, 150, 250)  # within the ranges of Klatt's table I
    for b, c, width, f in zip(B, C, BANDWIDTHS, hertz, strict=True):
        assert c == pytest.approx(-np.exp(-2 * np.pi * width / 8000), abs=1e-7)
        assert b == pytest.approx(2 * np.exp(-np.pi * width / 8000) * np.cos(2 * np.pi * f / 8000), abs=1e-7)
        expected = lfilter([1 - b - c], [1, -b, -c], expected)
    B, C = (np.tile(values[None, :, None], (10, 1, 1)) for values in ([0.6, *B] * np.ones(5), [0, *C] * np.ones(5)))
    sound = buzz[:, None].copy()
    _voices._resonate(sound, 1 - B - C, B, C)
    np.testing.assert_allclose(sound[4:, 0], expected[:-4], rtol=1e-9, atol=1e-12)


def test_the_buzz_is_a_sawtooth_that_does_not_alias():
    wave = sawteeth()[10] / 8192
    strength = np.abs(np.fft.rfft(wave))[:30] / 2048
    np.testing.assert_allclose(strength[1:11], 1 / np.arange(1, 11), atol=1e-4)
    np.testing.assert_allclose(strength[11:], 0, atol=1e-4)
    sound, length = say(pitch=250)
    middle = 5 * length // 8  # of the third vowel
    power = np.abs(np.fft.rfft(sound[middle - 400 : middle + 400] * np.hanning(800))) ** 2  # 10 Hz a bin
    from_harmonic = np.abs((np.arange(401) + 12) % 25 - 12)
    assert power[from_harmonic > 6].max() < 1e-4 * power.max()


def test_breath_fills_the_gaps_between_harmonics_and_a_dull_voice_lacks_highs():
    def gaps(breath):
        power = np.abs(np.fft.rfft(say(breath=breath)[0][1000:5000] * np.hanning(4000))) ** 2
        return power[25::50].sum() / power[::50].sum()

    assert gaps(0) < 0.1 * gaps(100)

    def highs(**traits):
        power = np.abs(np.fft.rfft(say(**traits)[0])) ** 2
        return power[1500:].sum() / power.sum()

    assert highs(dull=60) < highs(dull=0) / 3
    assert highs(microphone=-5) < highs() < highs(microphone=10)


def test_the_voice_is_softer_between_vowels():
    sound, length = say(word=CHOICES["word"].index("aa-ao-eh-uw"))
    loud = np.sqrt(
        np.mean(sound[: length // 8 * 8].reshape(8, -1)[:, :80] ** 2, axis=1)
    )  # starts and middles of vowels
    assert loud[2] < 0.75 * min(loud[1], loud[3])


def test_length_start_and_level():
    sound, length = say(start=400, level=12345, vowel_ms=120)
    assert length == 4 * 120 * 8 * 1.1
    assert np.abs(sound).max() == 12345
    assert np.flatnonzero(sound)[0] in range(400, 420)
    assert np.abs(sound[400 + length + 200 :]).max() < 5
    assert say(tempo=900)[1] == 4 * 155 * 8 * 0.9


def test_the_slowest_voice_fits():
    slow = {name: max(values) for name, values in {**VOICE, **VOICE_TAKE}.items() if not isinstance(values, list)}
    sound, length = say(**slow)
    assert slow["start"] + length < 6000
    assert np.abs(sound).max() == slow["level"]


def test_how_many_speak_at_a_time_does_not_matter(monkeypatch):
    many = draw({**VOICE, **VOICE_TAKE}, 12, np.random.RandomState(0))
    together, _ = speak(many, np.random.RandomState(1))
    monkeypatch.setattr(_voices, "VOICES_AT_A_TIME", 5)
    np.testing.assert_array_equal(speak(many, np.random.RandomState(1))[0], together)
