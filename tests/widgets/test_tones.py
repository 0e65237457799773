"""Two tones through a window: numbers against NumPy and theory, page against Python, and the slider."""

import numpy as np
import pytest

from mmlearn_edu.features import power_spectrogram
from mmlearn_edu.widgets import peak_dip, resolve_tones, shortest_window, tone_spectrum

RNG = np.random.default_rng(6)
PAIRS = [((440, 460), 8000), ((1000, 1050), 8000), ((300, 310), 8000), ((437, 457.5), 16000)]


def test_is_the_fourier_transform_of_what_the_hann_window_leaves():
    n = np.arange(512)
    y = np.cos(2 * np.pi * 1000 * (n - 256) / 8000) + np.cos(2 * np.pi * 1250 * (n - 256) / 8000)
    hertz, level = tone_spectrum((1000, 1250), 8000, 512, 512)
    power = power_spectrogram(np.concatenate([np.zeros(256), y / 2, np.zeros(256)])[None], 512, 512)[0, :, 1]
    loud = power > power.max() / 1e6
    np.testing.assert_allclose(level[loud], 10 * np.log10(power[loud] / power.max()) + level.max(), atol=1e-6)
    np.testing.assert_allclose(hertz, np.fft.rfftfreq(512, 1 / 8000))


@pytest.mark.parametrize(("pair", "rate"), PAIRS)
def test_one_tone_alone_would_peak_at_zero(pair, rate):
    _, level = tone_spectrum(pair, rate, int(6 * rate / (pair[1] - pair[0])), 2**17)
    assert level.max() == pytest.approx(0, abs=0.05)
    assert level.min() >= -80


@pytest.mark.parametrize(("pair", "rate"), PAIRS)
def test_a_longer_window_never_melts_what_a_shorter_one_separates(pair, rate):
    widget = resolve_tones(pair, rate)
    dips = [peak_dip(pair, rate, steps * widget.unit, widget.n_fft) for steps in range(1, widget.most + 1)]
    apart = [dip >= 3 for dip in dips]
    first = apart.index(True)
    assert all(apart[first:])
    assert shortest_window(pair, rate) == pytest.approx(1000 * (first + 1) * widget.unit / rate)
    assert first + 1 == 25, "two beats and a half, wherever the tones are"


def test_zeros_behind_the_window_separate_nothing():
    dips = [peak_dip((440, 460), 8000, 640, n_fft) for n_fft in (8192, 2**15)]
    assert dips == [pytest.approx(0, abs=0.01)] * 2


def test_starts_before_the_goal_and_says_its_task():
    widget = resolve_tones((300, 310))
    assert widget.answer is None
    assert "300 and 310 Hz, are 10 Hz apart" in widget.task
    assert 1000 * widget.steps * widget.unit / widget.rate < shortest_window((300, 310))
    assert "80 ms: the valley between the peaks is 0.0 dB" in widget._alt()
    before = widget._still()
    widget.steps = 40
    assert widget._still() != before
    assert "400 ms" in widget._alt()


@pytest.mark.parametrize(
    ("pair", "rate", "words"),
    [
        ((460, 440), 8000, "the lower one first"),
        ((440, 440), 8000, "the lower one first"),
        ((440,), 8000, "expected two in Hz"),
        ((float("nan"), 440), 8000, "the lower one first"),
        ((90, 110), 8000, "100 Hz, five times their distance, away from 0"),
        ((3900, 3920), 8000, "from half the sampling rate"),
        ((440, 460), float("inf"), "away from 0 and from half"),
        ((440, 460), float("nan"), "away from 0 and from half"),
        ((440, 441), 8000, "transform of 262144 samples"),
        ((1000, 1100), 2000, "half the sampling rate"),
        ((2400, 2800), 10000, "in steps of 2, and this"),
    ],
)
def test_says_which_tones_it_takes(pair, rate, words):
    with pytest.raises(ValueError, match=words):
        resolve_tones(pair, rate)


@pytest.fixture(scope="module")
def page(chromium):
    page = chromium.new_page()
    page.evaluate(
        "async (source) => { window.widget = "
        "await import(URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))); }",
        resolve_tones()._esm,
    )
    yield page
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize(("n", "n_fft"), [(1, 2), (5, 8), (64, 64), (100, 256), (1000, 4096)])
def test_page_transforms_as_numpy_does(page, n, n_fft):
    y = RNG.normal(size=n)
    theirs = page.evaluate("([y, n]) => [...widget.magnitudes(y, n)]", [y.tolist(), n_fft])
    np.testing.assert_allclose(theirs, np.abs(np.fft.rfft(y, n_fft)), atol=1e-10)


@pytest.mark.browser
@pytest.mark.parametrize(("pair", "rate"), PAIRS)
def test_page_finds_the_same_spectrum_and_valley(page, pair, rate):
    widget = resolve_tones(pair, rate)
    for steps in (1, 8, 24, 25, 26, 60):
        n = steps * widget.unit
        given = [list(pair), rate, n, widget.n_fft]
        theirs = page.evaluate("given => [...widget.spectrum(...given)]", given)
        np.testing.assert_allclose(theirs, tone_spectrum(pair, rate, n, widget.n_fft)[1], atol=1e-6)
        depth = page.evaluate(
            "([pair, rate, n, nFft]) => widget.valley(widget.spectrum(pair, rate, n, nFft), pair, rate, nFft).depth",
            given,
        )
        assert depth == pytest.approx(peak_dip(pair, rate, n, widget.n_fft), abs=1e-6)


@pytest.mark.browser
def test_task_by_keyboard_alone(show):
    page = show(resolve_tones())
    page.keyboard.press("Tab")
    slider = page.get_by_role("slider", name="Length of the window")
    for key, answer in [
        ("Home", 5),
        ("PageUp", 55),
        ("PageUp", 105),
        ("ArrowRight", 110),
        ("End", 300),
        ("PageDown", 250),
    ]:
        page.keyboard.press(key)
        assert page.evaluate("model.get('answer')") == answer, key
    while "✓" in page.locator(".mml-verdict").inner_text():
        page.keyboard.press("ArrowLeft")
    assert (
        slider.get_attribute("aria-valuetext")
        == "120 milliseconds, 960 samples: ✗ Not separated: it counts as one peak."
    )
    page.keyboard.press("ArrowRight")
    assert page.evaluate("model.get('answer')") == shortest_window((440, 460), 8000) == 125
    assert page.locator(".mml-answer").inner_text() == "Your answer: 125 ms"
    assert page.get_by_role("img", name="two peaks").is_visible()
    page.wait_for_function(
        "document.querySelector('[aria-live=polite]').textContent.includes('125 milliseconds: valley 3.7')"
    )
