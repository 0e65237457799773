import tracemalloc

import librosa
import numpy as np
import pytest

from mmlearn_edu.features import mel_filter_bank, mfcc, mfcc_summary, power_spectrogram


def clips(n_clips=3, n_samples=4000, seed=0):
    rng = np.random.default_rng(seed)
    time = np.arange(n_samples) / 8000
    tones = np.sin(2 * np.pi * rng.uniform(200, 2000, (n_clips, 1)) * time) * np.exp(-6 * time)
    return 0.5 * tones + 1e-3 * rng.normal(size=(n_clips, n_samples))


@pytest.mark.parametrize(
    ("sampling_rate", "n_fft", "hop_length", "n_mels"), [(8000, 512, 128, 40), (16000, 400, 160, 26)]
)
def test_agrees_with_librosa(sampling_rate, n_fft, hop_length, n_mels):
    y = clips()
    options = {"n_fft": n_fft, "hop_length": hop_length, "n_mels": n_mels}
    expected = [librosa.feature.mfcc(y=clip, sr=sampling_rate, n_mfcc=13, **options) for clip in y]
    np.testing.assert_allclose(mfcc(y, sampling_rate, **options), expected, atol=1e-3)
    power = np.abs(librosa.stft(y, n_fft=n_fft, hop_length=hop_length)) ** 2
    np.testing.assert_allclose(power_spectrogram(y, n_fft, hop_length), power, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize(
    ("sampling_rate", "n_fft", "n_mels"),
    [(8000, 512, 40), (16000, 400, 26), (1500, 512, 10), (2001, 512, 10), (8000, 64, 1), (2.5, 32, 2)],
)
def test_the_mel_bank_is_librosas(sampling_rate, n_fft, n_mels):
    bank = librosa.filters.mel(sr=sampling_rate, n_fft=n_fft, n_mels=n_mels, dtype=np.float64)
    np.testing.assert_allclose(mel_filter_bank(sampling_rate, n_fft, n_mels), bank, rtol=1e-10, atol=1e-15)


def test_every_number_of_coefficients_and_every_step():
    y = clips(1, 600)
    every = mfcc(y, 8000, 40)
    np.testing.assert_array_equal(mfcc(y, 8000, 1), every[:, :1])
    np.testing.assert_allclose(power_spectrogram(y, 512, 512), power_spectrogram(y)[..., ::4])
    np.testing.assert_allclose(power_spectrogram([[0.5, 0.25]], 2, 1), [[[0.25, 0.0625, 0]] * 2])  # the window is 0, 1


def test_a_tone_stands_at_its_frequency():
    tone = np.sin(2 * np.pi * 1000 * np.arange(8000) / 8000)[None]
    middle = power_spectrogram(tone)[0, :, 30]
    assert middle.argmax() == 1000 * 512 / 8000
    # Parseval: the power of the two-sided spectrum is the energy of the windowed sound
    window = np.hanning(513)[:-1]
    energy = 512 * ((tone[0, 30 * 128 - 256 : 30 * 128 + 256] * window) ** 2).sum()
    assert 2 * middle[1:-1].sum() + middle[0] + middle[-1] == pytest.approx(energy)


def test_a_clip_does_not_depend_on_its_neighbours(monkeypatch):
    y = clips(5)
    y[1] *= 1e-6  # one quiet clip among loud ones
    together = mfcc(y, 8000)
    np.testing.assert_allclose(together, np.vstack([mfcc(clip[None], 8000) for clip in y]))
    monkeypatch.setattr("mmlearn_edu.features.audio.cepstrum.CLIPS_AT_A_TIME", 2)
    np.testing.assert_array_equal(mfcc(y, 8000), together)


def test_louder_moves_the_first_coefficient_only():
    y = clips()
    quiet, loud = mfcc(y, 8000), mfcc(10 * y, 8000)
    np.testing.assert_allclose(loud[:, 1:], quiet[:, 1:], atol=1e-6)
    np.testing.assert_allclose(loud[:, 0] - quiet[:, 0], 20 * np.sqrt(40), rtol=1e-6)  # 20 dB in each of 40 bands


def test_silence_is_finite():
    out = mfcc(np.zeros((2, 2000), dtype=np.int16), 8000)
    np.testing.assert_allclose(out[:, 0], -100 * np.sqrt(40))
    np.testing.assert_allclose(out[:, 1:], 0, atol=1e-9)


def test_integers_and_floats_are_the_same_sound():
    y = (clips() * 32767).astype(np.int16)
    np.testing.assert_allclose(mfcc(y, 8000), mfcc(y / 32768, 8000))


def test_single_precision_stays_single_and_close():
    y = clips()
    functions = {power_spectrogram: 1e-2, lambda y: mfcc(y, 8000): 1e-3, lambda y: mfcc_summary(y, 8000): 1e-3}
    for function, atol in functions.items():
        single = function(y.astype(np.float32))
        assert single.dtype == np.float32
        np.testing.assert_allclose(single, function(y), atol=atol)
        assert function((y * 32767).astype(np.int16)).dtype == np.float64


def test_memory_does_not_grow_with_the_spectra():
    y = np.random.default_rng(0).normal(scale=0.1, size=(600, 4000)).astype(np.float32)
    tracemalloc.start()
    try:
        out = mfcc(y, 8000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2 * out.nbytes + 2**20  # the spectra of all clips together would take 19 MiB


def test_summary_by_hand():
    y = clips()
    coefficients = mfcc(y, 8000)
    np.testing.assert_allclose(mfcc_summary(y, 8000), np.hstack([coefficients.mean(axis=2), coefficients.std(axis=2)]))
    parts = mfcc_summary(y, 8000, 5, n_segments=2)
    first, second = mfcc(y, 8000, 5)[..., :16], mfcc(y, 8000, 5)[..., 16:]
    expected = [first.mean(axis=2), first.std(axis=2), second.mean(axis=2), second.std(axis=2)]
    np.testing.assert_allclose(parts, np.hstack(expected))


def test_order_in_time_is_lost_with_one_segment_only():
    y = np.zeros((1, 4096))
    y[0, 500:900] = np.sin(np.arange(400))
    turned = y[:, ::-1]
    np.testing.assert_allclose(mfcc_summary(y, 8000), mfcc_summary(turned, 8000), atol=2.0)
    assert np.abs(mfcc_summary(y, 8000, n_segments=2) - mfcc_summary(turned, 8000, n_segments=2)).max() > 20


@pytest.mark.parametrize(
    ("y", "error", "message"),
    [
        (np.zeros(100), ValueError, r"shape \(n_clips, n_samples\), got \(100,\); for a single clip write y\[None\]"),
        (np.zeros((2, 0)), ValueError, r"got \(2, 0\)"),
        (np.zeros((2, 9), dtype=np.int32), TypeError, r"expected int16, or floats in \[-1, 1\], got int32"),
        (np.full((2, 9), np.nan), ValueError, "the sound holds NaN or infinite values; mark such clips as missing"),
    ],
)
def test_says_what_is_no_batch_of_sound(y, error, message):
    for function in (lambda y: mfcc(y, 8000), power_spectrogram, lambda y: mfcc_summary(y, 8000)):
        with pytest.raises(error, match=message):
            function(y)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n_mfcc": 41}, r"n_mfcc=41 not in 1\.\.n_mels=40"),
        ({"n_mfcc": 0}, r"n_mfcc=0 not in 1\.\.n_mels=40"),
        ({"sampling_rate": "8000"}, "expected a positive sampling_rate in Hz, got '8000'; it stands in the file"),
        ({"sampling_rate": None}, "expected a positive sampling_rate in Hz, got None"),
        ({"hop_length": 513}, "expected 1 <= hop_length <= n_fft, got hop_length=513 and n_fft=512"),
        ({"hop_length": 0}, "expected 1 <= hop_length <= n_fft, got hop_length=0 and n_fft=512"),
        ({"sampling_rate": 0}, "expected a positive sampling_rate in Hz"),
        ({"n_mels": 400}, r"of n_mels=400 triangles are narrower than a frequency step; fewer n_mels or longer n_fft"),
    ],
)
def test_says_which_options_fit(options, message):
    with pytest.raises(ValueError, match=message):
        mfcc(clips(), **{"sampling_rate": 8000, **options})


def test_says_how_many_segments_there_can_be():
    for n_segments in (0, 33):
        with pytest.raises(ValueError, match=rf"n_segments={n_segments} not in 1\.\.32, the number of windows"):
            mfcc_summary(clips(), 8000, n_segments=n_segments)
    assert mfcc_summary(clips(), 8000, n_segments=32).shape == (3, 32 * 26)


def test_says_which_bands_there_can_be():
    for options in ({"n_fft": 1}, {"n_mels": 0}):
        with pytest.raises(ValueError, match="expected n_fft of 2 or more and n_mels of 1 or more, got n_fft="):
            mel_filter_bank(8000, **options)
    with pytest.raises(ValueError, match="expected 1 <= hop_length <= n_fft, got hop_length=1 and n_fft=1"):
        power_spectrogram(clips(), 1, 1)


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (mfcc, "n_mfcc"),
        (mfcc, "n_mels"),
        (mfcc, "n_fft"),
        (mfcc, "hop_length"),
        (mfcc_summary, "n_segments"),
        (lambda y, rate, **options: mel_filter_bank(rate, **options), "n_fft"),
        (lambda y, rate, **options: mel_filter_bank(rate, **options), "n_mels"),
        (lambda y, rate, **options: power_spectrogram(y, **options), "n_fft"),
        (lambda y, rate, **options: power_spectrogram(y, **options), "hop_length"),
    ],
)
def test_says_what_is_counted_in_whole_numbers(function, name):
    with pytest.raises(TypeError, match=rf"{name}=16\.0 must be a whole number: write 3, not 3\.0"):
        function(clips(), 8000, **{name: 16.0})


def test_half_precision_is_computed_in_double():
    clip = np.sin(np.arange(2000) / 5)[None].astype(np.float16)
    assert power_spectrogram(clip, 8000).dtype == np.float64
    np.testing.assert_allclose(power_spectrogram(clip, 8000), power_spectrogram(clip.astype(np.float64), 8000))
