"""Sound to listen to: levels and spectra against the library, the file against a reader, and what hands do."""

import io
import json

import numpy as np
import pytest
import soundfile

from mmlearn_edu.features import power_spectrogram, waveform_statistics
from mmlearn_edu.widgets import listen, safe_gain, sound_level

RNG = np.random.default_rng(7)
RATE = 8000
SECONDS = np.arange(12000) / RATE  # 1.5 s
TONE = 0.8 * np.sin(2 * np.pi * 440 * SECONDS) * (SECONDS > 0.6)
NOISE = RNG.normal(scale=0.05, size=8000)


def test_level_is_the_root_mean_square_around_the_moment():
    part = TONE[int(0.975 * RATE) : int(1.025 * RATE)]
    expected = 20 * np.log10(waveform_statistics(part[None], RATE)[0, 0])
    assert sound_level(TONE, RATE, 1.0) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("y", "time", "expected"),
    [(np.ones(8000), 0.5, 0), (np.zeros(8000), 0.5, -100), (np.full(8000, 0.1), 0.0, -20), (np.ones(8000), 99, -100)],
)
def test_level_by_hand(y, time, expected):
    assert sound_level(y, RATE, time) == pytest.approx(expected)


@pytest.mark.parametrize(("peaks", "gain"), [((0.2, 0.5), 1), ((0.2, 1.0), 0.5), ((4.0,), 0.125), ((0.0,), 1)])
def test_no_peak_is_played_above_half_of_full_scale(peaks, gain):
    assert safe_gain([np.array([peak, -peak / 2]) for peak in peaks]) == gain


@pytest.mark.parametrize(
    "clips",
    [TONE, TONE.astype(np.float32), TONE.tolist(), [TONE, NOISE], np.stack([TONE, -TONE]), [3 * TONE], [[0.5]]],
    ids=["one", "float32", "list", "two lengths", "matrix", "beyond 1", "one sample"],
)
def test_clips_arrive_as_they_are_to_16_bits(clips):
    widget = listen(clips, RATE)
    given = [clips] if np.ndim(clips[0]) == 0 else list(clips)
    for ours, theirs in zip(widget._clips(), given, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=widget.scale / 32768)
    assert widget.times == [0.0] * len(given)


def test_int16_arrives_bit_for_bit():
    samples = np.array([-32768, 32767, 0, 5], np.int16)
    np.testing.assert_array_equal(listen(samples, RATE)._clips()[0], samples / 32768)


def test_names_task_and_words():
    widget = listen([TONE, NOISE], RATE, names=["<clean>", "noisy"], task="Mark the second word.")
    assert widget.task == "Mark the second word."
    assert "&lt;clean&gt;" in widget._still()
    assert "<clean>, 1.50 s, loudest at" in widget._alt()
    assert listen([TONE, NOISE], RATE).names == ["clip 1", "clip 2"]
    assert "loudest" in listen(TONE, RATE).task
    assert widget.answer is None


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: listen(TONE, 2999), ValueError, "sampling_rate=2999 Hz, and browsers play 3000 to 96000"),
        (lambda: listen(TONE, float("nan")), ValueError, "browsers play"),
        (lambda: listen(TONE, RATE, picture="mel"), ValueError, "picture='mel'; there is both"),
        (lambda: listen(TONE, RATE, names=["a", "b"]), ValueError, "2 names for 1 clips"),
        (lambda: listen([TONE] * 5, RATE), ValueError, "5 clips are too many"),
        (lambda: listen([], RATE), ValueError, r"got \(0,\)"),
        (lambda: listen([[]], RATE), ValueError, r"got \(0,\)"),
        (lambda: listen(np.zeros((2, 3, 4)), RATE), ValueError, r"got \(3, 4\)"),
        (lambda: listen([1, 2, 3], RATE), TypeError, "int16, or floats in .* got int64"),
        (lambda: listen(np.array(["a"]), RATE), TypeError, "got <U1"),
        (lambda: listen([0.5, np.nan], RATE), ValueError, "NaN or infinite"),
        (lambda: listen(np.zeros(500_001), RATE), ValueError, "1,000,002 bytes, .* at most 1,000,000; cut it"),
    ],
)
def test_says_what_it_cannot_play(make, error, words):
    with pytest.raises(error, match=words):
        make()


@pytest.fixture(scope="module")
def page(chromium):
    page = chromium.new_page()
    page.evaluate(
        "async (source) => { window.widget = "
        "await import(URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))); }",
        listen(TONE, RATE)._esm,
    )
    yield page
    page.close()


@pytest.mark.browser
def test_page_reads_the_samples_and_finds_the_same_level_and_gain(page):
    widget = listen([2 * TONE, NOISE], RATE)
    read = page.evaluate(
        "([sound, scale]) => { window.clips = sound.map((each) => widget.samplesOf(each, scale));"
        " return clips.map((each) => [...each]); }",
        [widget.sound, widget.scale],
    )
    clips = widget._clips()
    for theirs, ours in zip(read, clips, strict=True):
        np.testing.assert_allclose(theirs, ours, atol=1e-15)
    for loudest in (0.5, 4):  # turned down; never up
        expected = safe_gain(clips) if loudest == 0.5 else 1
        assert page.evaluate("loudest => widget.gainOf(clips, loudest)", loudest) == pytest.approx(expected)
    times = [0, 0.01, 0.3, 0.61, 1.2345, 1.5, 7]
    theirs = page.evaluate("times => clips.map((y) => times.map((t) => widget.levelAt(y, 8000, t)))", times)
    np.testing.assert_allclose(theirs, [[sound_level(y, RATE, t) for t in times] for y in clips], atol=1e-9)


@pytest.mark.browser
@pytest.mark.parametrize(("n", "n_fft", "hop"), [(1000, 256, 64), (777, 128, 100), (5, 16, 4), (1, 4, 1)])
def test_page_draws_the_spectrogram_of_the_library(page, n, n_fft, hop):
    y = RNG.normal(scale=0.2, size=n)
    theirs = page.evaluate(
        "([y, nFft, hop]) => widget.power(Float64Array.from(y), nFft, hop).map((frame) => [...frame])",
        [y.tolist(), n_fft, hop],
    )
    np.testing.assert_allclose(np.transpose(theirs), power_spectrogram(y[None], n_fft, hop)[0], atol=1e-9)


@pytest.mark.browser
@pytest.mark.parametrize(("length", "rate"), [(4096, 8192), (480_000, 8000), (100, 44100), (300_000, 96000)])
def test_pictures_have_windows_of_about_32_milliseconds(page, length, rate):
    n_fft, hop = page.evaluate("given => widget.windows(...given)", [length, rate])
    assert 0.02 < n_fft / rate < 0.05
    assert n_fft & (n_fft - 1) == 0
    assert length / hop <= 600


@pytest.mark.browser
def test_the_file_is_a_wav_with_the_samples_turned_down(page):
    y = RNG.uniform(-1, 1, 1000)
    made = page.evaluate(
        "([y, rate, gain]) => [...new Uint8Array(widget.wavFile(Float64Array.from(y), rate, gain))]",
        [y.tolist(), 11025, 0.5],
    )
    read, rate = soundfile.read(io.BytesIO(bytes(made)), dtype="int16")
    assert rate == 11025
    np.testing.assert_allclose(read, np.floor(y * 0.5 * 32767 + 0.5), atol=0)
    assert np.abs(read).max() <= 16384


@pytest.mark.browser
def test_times_on_the_axis_are_round_and_few(page):
    for seconds in (0.01, 0.5, 0.7, 1, 4.2, 30, 61):
        times = page.evaluate("seconds => widget.ticks(seconds)", seconds)
        assert times[0] == 0
        assert 2 <= len(times) <= 6
        assert times[-1] <= seconds


def state(page, name="times"):
    return page.evaluate("name => model.get(name)", name)


@pytest.mark.browser
def test_steps_of_the_keys(show):
    page = show(listen([TONE, NOISE], RATE, names=["tone", "noise"]))
    head = page.get_by_role("slider", name="Playhead of tone")
    head.focus()
    for key, time in [
        ("ArrowRight", 0.1), ("ArrowUp", 0.2), ("ArrowLeft", 0.1), ("Shift+ArrowRight", 0.11), ("PageUp", 1.11),
        ("PageUp", 1.5), ("Shift+ArrowLeft", 1.49), ("PageDown", 0.49), ("PageDown", 0), ("End", 1.5), ("Home", 0),
    ]:  # fmt: skip
        page.keyboard.press(key)
        assert state(page) == [pytest.approx(time), 0], key
    assert state(page, "answer") is None, "to look is no answer"


@pytest.mark.browser
def test_marks_a_moment_by_keyboard_alone(show):
    page = show(listen([TONE, NOISE], RATE, names=["tone", "noise"]))
    for _ in range(6):  # play, mark and playhead of the first; then of the second
        page.keyboard.press("Tab")
    for _ in range(7):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert state(page, "answer") == 0.7
    assert state(page, "marked") == [1, 0.7]
    assert page.locator(".mml-answer").inner_text() == "Your answer: 0.70 s in noise"
    page.wait_for_function(
        "document.querySelector('[aria-live=polite]').textContent === 'Marked 0.70 seconds in noise.'"
    )
    assert page.locator(".mml-flag:visible").inner_text() == "0.70"
    head = page.get_by_role("slider", name="Playhead of noise")
    level = f"{sound_level(NOISE, RATE, 0.7):.1f}".replace("-", "−")
    assert head.get_attribute("aria-valuetext") == f"0.70 seconds of 1.00, level {level} decibel"
    page.get_by_role("button", name="Mark this moment in tone").click()
    assert state(page, "marked") == [0, 0]
    assert page.locator(".mml-flag:visible").count() == 1


@pytest.mark.browser
def test_plays_when_asked_one_at_a_time_and_stops_where_it_is(show):
    clips = [np.tile(TONE, 4), np.tile(NOISE, 3)]  # long enough for a busy machine to see them play
    page = show(listen(clips, RATE, names=["tone", "noise"]))
    page.evaluate(
        "() => { window.sounding = new Set(); const play = HTMLMediaElement.prototype.play;"
        " HTMLMediaElement.prototype.play = function () { sounding.add(this); return play.call(this); }; }"
    )
    page.wait_for_timeout(300)
    assert page.evaluate("sounding.size") == 0, "never by itself"
    page.get_by_role("slider", name="Playhead of tone").focus()
    page.keyboard.press("Space")
    page.wait_for_function("Number(document.querySelector('[role=slider]').ariaValueNow) > 0.1")
    page.get_by_role("button", name="Pause tone").wait_for()
    page.get_by_role("button", name="Play noise").click()
    page.wait_for_function("[...sounding].filter((each) => !each.paused).length === 1")
    assert page.evaluate("[...sounding].map((each) => each.paused)") == [True, False]
    assert state(page)[0] > 0.05, "the first keeps the place where it was stopped"
    page.get_by_role("button", name="Pause noise").wait_for()  # or its end below could be its beginning
    page.get_by_role("button", name="Play noise").wait_for(timeout=10_000)  # it came to its end
    assert state(page)[1] == 3
    page.get_by_label("Speed").select_option("0.5 x")
    assert state(page, "speed") == 0.5
    page.get_by_role("button", name="Play noise").click()
    page.wait_for_function("[...sounding].some((each) => !each.paused && each.playbackRate === 0.5)")
    page.evaluate("stop()")
    assert page.evaluate("[...sounding].every((each) => each.paused)"), "a closed view falls silent"
    assert state(page, "answer") is None


@pytest.mark.browser
def test_seeks_by_mouse_and_by_finger(show):
    page = show(listen(TONE, RATE), touch=True)
    box = page.locator(".mml-playhead").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 3, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20, steps=3)
    page.mouse.up()
    page.mouse.move(box["x"], box["y"] + 20)
    assert state(page) == [pytest.approx(0.75, abs=0.01)]
    page.keyboard.press("ArrowLeft")
    assert state(page) == [pytest.approx(0.65, abs=0.01)], "the arrows go on from there"
    page.touchscreen.tap(box["x"] + box["width"] / 5, box["y"] + 20)
    assert state(page) == [pytest.approx(0.3, abs=0.01)]
    assert page.locator(".mml-playhead").evaluate("n => getComputedStyle(n).touchAction") == "pan-y"


@pytest.mark.browser
def test_says_so_where_sound_cannot_be_played(show):
    page = show(listen(TONE, RATE, names=["tone"]))
    page.evaluate(
        "() => { const error = new DOMException('no device', 'NotAllowedError');"
        " HTMLMediaElement.prototype.play = () => Promise.reject(error); }"
    )
    page.get_by_role("button", name="Play tone").click()
    page.get_by_text("This browser cannot play the sound here: no device").wait_for()
    page.get_by_role("button", name="Play tone").wait_for()


@pytest.mark.browser
@pytest.mark.parametrize(("picture", "waves", "spectra"), [("both", 1, 1), ("waveform", 1, 0), ("spectrogram", 0, 1)])
def test_shows_the_pictures_asked_for(show, picture, waves, spectra):
    page = show(listen(TONE, RATE, picture=picture))
    assert page.get_by_role("img", name="Waveform of clip 1").count() == waves
    assert page.get_by_role("img", name="Spectrogram of clip 1, 0 to 4000 Hz").count() == spectra


@pytest.mark.browser
@pytest.mark.parametrize("clip", [np.zeros(8000), [0.5], 5 * TONE], ids=["silence", "one sample", "beyond 1"])
def test_odd_clips_are_shown_without_nonsense(show, clip):
    page = show(listen(clip, RATE))
    page.get_by_role("slider").focus()
    page.keyboard.press("End")
    words = page.locator(".mml").inner_text() + json.dumps(state(page))
    assert "NaN" not in words
    assert "undefined" not in words
