"""Chapter 06-sound: cut, fade, transform, gather, take decibels, condense; pad and mask; what a new speaker shows."""

# ruff: noqa: ARG001  (cases and laws have one signature, whatever they use of it)

import itertools

import numpy as np
from scipy.fft import dct

from mmlearn_edu.checks.authoring import (
    case,
    chapter,
    close,
    exercise,
    law,
    mistake,
    prediction,
    question,
    same_hints,
)
from mmlearn_edu.checks.exercise import Problem
from mmlearn_edu.widgets import peak_dip, shortest_window

CHAPTER = chapter("06-sound", "Sound: what a machine must forget", minutes=55, needs=["00-start-here"])

LIBRARY = ["librosa", "mmlearn_edu.features.audio"]
PAIR, RATE = (440.0, 460.0), 8000.0  # Hz: what the widget opens with
STEP = 5.0  # milliseconds in one step of its slider

PREDICTIONS = [
    prediction(
        id="sound.mean_of_tone",
        prompt="Three tones of one second: a soft one of 200 Hz, a loud one of 200 Hz, a loud one of 1500 Hz. "
        "Which has the largest mean of its 8000 numbers?",
        options={"a": "the loud low one", "b": "the loud high one", "c": "none: all three are 0"},
        outcome=lambda means: "c" if np.ptp(means) < 1e-9 else "ab"[int(means[2] > means[1])],
        after="A tone swings as far below zero as above. Its mean says nothing about loudness or pitch.",
        example=[0.0, 0.0, 0.0],
    ),
    prediction(
        id="sound.double_window",
        prompt="You double the length of the windows, from 256 to 512 samples. What happens to the detail?",
        options={
            "a": "finer in frequency and finer in time: there is more to look at",
            "b": "finer in frequency, coarser in time",
            "c": "coarser in frequency, finer in time",
        },
        outcome=lambda ratios: "ac"[int(ratios[0] > 1)] if ratios[1] < 1 else "b",
        after="A longer window holds more cycles, so close frequencies differ; but all that happens within it becomes "
        "one column.",
        example=[0.5, 2.0],
    ),
]

QUESTIONS = [
    question(
        id="sound.q1",
        prompt="8000 samples a second, windows of 400 samples. How far apart are the frequencies of its FFT?",
        options={"a": "20 Hz", "b": "0.05 Hz", "c": "50 Hz"},
        answer="a",
        why="8000 / 400. The window lasts 1/20 of a second, and the steps are the inverse of that.",
        wrong={
            "b": "That is 400 / 8000: the length of the window in seconds.",
            "c": "The window lasts 50 milliseconds; the step is 1 over that.",
        },
    ),
    question(
        id="sound.q2",
        prompt="A clip of 1000 samples is cut into windows of 200, a new one every 100. How many whole windows?",
        options={"a": "10", "b": "8", "c": "9"},
        answer="c",
        why="1 + (1000 - 200) // 100: one at the start, and one for each step that still fits.",
        wrong={"a": "The tenth would start at 900 and end at 1100.", "b": "You left out the first one."},
    ),
    question(
        id="sound.q3",
        prompt="What is the mean of the pressure numbers of a shout?",
        options={"a": "about 0", "b": "larger than that of a whisper", "c": "its pitch"},
        answer="a",
        why="Pressure swings to both sides. The root mean square tells a shout from a whisper.",
        wrong={
            "b": "The root mean square is larger; the mean is about 0 for both.",
            "c": "The FFT tells frequencies. The mean tells nothing.",
        },
    ),
    question(
        id="sound.q4",
        prompt="What do mel bands do?",
        options={
            "a": "cut a clip into short windows, each of them half covered by the next",
            "b": "take the logarithm of the power",
            "c": "add up neighbouring frequencies, more of them the higher they are",
        },
        answer="c",
        why="Narrow triangles below, wide ones above, as the ear tells pitches apart.",
        wrong={"a": "That comes first, before any frequency is known.", "b": "That comes next: decibels."},
    ),
    question(
        id="sound.q5",
        prompt="Sound shipped as int16 is squared as it is: `clip ** 2`. What happens?",
        options={
            "a": "NumPy raises an error",
            "b": "large values wrap round in silence, some to negative numbers",
            "c": "NumPy takes larger integers",
        },
        answer="b",
        why="int16 ends at 32767, and 182 squared is 33124. Turn it into floats first.",
        wrong={"a": "Arrays of integers wrap round without a word.", "c": "The type stays int16."},
    ),
    question(
        id="sound.q6",
        prompt="Clips of different length were padded with zeros. What is the mask for?",
        options={
            "a": "to make the matrix smaller",
            "b": "to play the clips",
            "c": "to leave the padding out of every mean",
        },
        answer="c",
        why="A mean over padding says how long a clip was, mixed with how it sounded.",
        wrong={"a": "The mask has the shape of the matrix.", "b": "Zeros are silent; playing needs no mask."},
    ),
    question(
        id="sound.q7",
        prompt="28 voices were made from 4 speakers, by changing pitch and speed. You test on 8 of the 28, never heard "
        "in training. What does the score tell?",
        options={
            "a": "how well any new speaker will be understood by this model",
            "b": "how well known speakers are understood at another pitch",
            "c": "nothing at all",
        },
        answer="b",
        why="Every test voice has its speaker in the training set. Hold out all voices of one speaker.",
        wrong={
            "a": "All 4 speakers were heard in training, under other voices.",
            "c": "It tells something, only not about new speakers.",
        },
    ),
    question(
        id="sound.q8",
        prompt="Sound is recorded at 8000 samples a second. What is the highest frequency in its FFT?",
        options={"a": "4000 Hz", "b": "8000 Hz", "c": "16000 Hz"},
        answer="a",
        why="Half the rate: a cycle needs two samples, one up and one down.",
        wrong={
            "b": "At 8000 Hz every sample would meet the wave at the same place.",
            "c": "That would be half a sample a cycle.",
        },
    ),
]


# Sound drawn at random


def _tone(n, rate, hertz, dtype=float, size=1.0):
    return (size * np.cos(2 * np.pi * hertz * np.arange(n) / rate + 0.7)).astype(dtype)


def _clips(rng, lengths, dtype=float):
    """Draw clips of several lengths; a zero stands within each, and none at its end."""
    found = []
    for n in lengths:
        clip = (rng.normal(size=n) + 0.3).round(2)
        clip[clip == 0] = 0.5
        clip[n // 2] = 0
        clip[-1] = 0.75
        found.append(clip.astype(dtype))
    return found


# sound.find_frequency


def _frequency_cases(rng, dtype):
    found = [case(np.array([3, 5, 3, 1, 3, 5, 3, 1], dtype), 8, label="8 samples in 1 s, around 3")]
    for n, rate, label in [
        (200, 1000, "200 samples at 1000 Hz"),
        (800, 8000, "800 samples at 8000 Hz, two tones"),
        (151, 16000, "151 samples at 16000 Hz"),
    ]:
        k = int(rng.integers(n // 12, n // 8))
        y = _tone(n, rate, k * rate / n) + 0.4 * _tone(n, rate, 3 * k * rate / n)
        found.append(case((0.2 + 0.002 * y).astype(dtype), rate, label=label))
    return found


def _power(y):
    power = np.abs(np.fft.rfft(y)) ** 2
    power[0] = 0
    return power


def _peak(y):
    return int(np.argmax(_power(y)))


def _within_a_step(f, rng):
    for hertz in (437.3, 1234.5):
        found = f(_tone(1000, 8000, hertz), 8000)
        if not abs(found - hertz) <= 4.001:
            return f"A tone of {hertz} Hz is found at {float(found):.1f} Hz; one step of this FFT is 8 Hz."
    return True


@exercise(
    "sound.find_frequency",
    title="Find the strongest frequency, in hertz",
    section=("by-hand", "3 · By hand"),
    points=1,
    cases=_frequency_cases,
    laws=[
        law("a tone is found within a step of the FFT", _within_a_step),
        law(
            "twice as loud is no other frequency",
            lambda f, rng: np.isclose(f(_tone(100, 50, 5), 50), f(2 * _tone(100, 50, 5), 50)),
        ),
    ],
    mistakes=[
        mistake(
            "place-for-hertz",
            lambda y, rate: _peak(y),
            "That is the place in the spectrum. Place k means k cycles in the whole clip, which lasts len(y) / rate "
            "seconds: multiply by rate / len(y).",
            seen="expected slip, not yet seen: argmax taken for a frequency",
        ),
        mistake(
            "spectrum-for-clip",
            lambda y, rate: _peak(y) * rate / (len(y) // 2 + 1),
            "You divided by the length of the spectrum, which is about half of the clip's. The step is rate / len(y).",
            seen="expected slip, not yet seen: len(power) for len(y)",
        ),
        mistake(
            "half-of-it",
            lambda y, rate: _peak(y) * rate / len(y) / 2,
            "Half of it. That only half of the frequencies exist is settled already: rfft returns no others. "
            "The step is rate / len(y).",
            seen="expected slip, not yet seen: halved for the half that rfft leaves out",
        ),
        mistake(
            "upside-down",
            lambda y, rate: _peak(y) * len(y) / rate,
            "The fraction is upside down: len(y) / rate is the length in seconds. Cycles divided by seconds are hertz.",
            seen="expected slip, not yet seen: seconds for hertz",
        ),
        mistake(
            "rate-forgotten",
            lambda y, rate: _peak(y) / len(y),
            "These are cycles per sample. Multiply by the samples per second, rate.",
            seen="expected slip, not yet seen: np.fft.rfftfreq without the sampling step",
        ),
        mistake(
            "length-forgotten",
            lambda y, rate: _peak(y) * rate,
            "Place k means k cycles in the whole clip, not in one sample: divide by len(y).",
            seen="expected slip, not yet seen: one blank filled by rate alone",
        ),
        mistake(
            "counted-from-1",
            lambda y, rate: (_peak(y) + 1) * rate / len(y),
            "One step too high: places count from 0, and place 0 is 0 Hz.",
            seen="expected slip, not yet seen: counted from 1",
        ),
        mistake(
            "angular",
            lambda y, rate: 2 * np.pi * _peak(y) * rate / len(y),
            "You multiplied by 2 pi: that is an angle per second. Hertz are whole cycles per second.",
            seen="expected slip, not yet seen: angular frequency",
        ),
        mistake(
            "offset-found",
            lambda y, rate: np.argmax(np.abs(np.fft.rfft(y))) * rate / len(y),
            "You found 0 Hz: the offset, which no ear hears. Leave the line that sets power[0] to 0.",
            seen="expected slip, not yet seen: the offset not removed",
        ),
        mistake(
            "its-power",
            lambda y, rate: _power(y).max(),
            "That is how strong it is. Where is it? np.argmax, not np.max.",
            seen="expected slip, not yet seen: max for argmax",
        ),
        mistake(
            "its-period",
            lambda y, rate: len(y) / _peak(y) / rate,
            "These are the seconds of one cycle. Hertz are cycles per second: 1 over that.",
            seen="expected slip, not yet seen: period for frequency",
        ),
        mistake(
            "one-place-too-many",
            lambda y, rate: _peak(y) * (rate / 2) / (len(y) // 2 + 1),
            "Nearly: len(power) counts the places, 0 Hz too, and between them there is one step less. The step "
            "is rate / len(y).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "half-the-rate",
            lambda y, rate: _peak(y) * rate / 2,
            "Half the rate is the highest frequency, not the step. The step is rate / len(y).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "divided-by-rate",
            lambda y, rate: _peak(y) / len(y) / rate,
            "You divided by rate. np.fft.rfftfreq asks for the seconds from one sample to the next, 1 / rate; "
            "by hand, multiply by rate.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "rounded",
            lambda y, rate: int(_peak(y) * rate / len(y)),
            "You rounded. A frequency need not be a whole number: leave out int, round and //.",
            seen="typed while answering this chapter as a newcomer",
        ),
    ],
    alternatives=[
        lambda y, rate: np.fft.rfftfreq(len(y), 1 / rate)[_peak(y)],
        lambda y, rate: float(np.linspace(0, rate, len(y), endpoint=False)[_peak(y)]),
    ],
    equivalent_mutants={
        "power = np.abs(np.fft.rfft(y)) ** 2: np.abs(np.fft.rfft(y)) ** 2 -> np.abs(np.fft.rfft(y)) * 2": "the largest "
        "magnitude is where the largest power is",
        "power = np.abs(np.fft.rfft(y)) ** 2: 2 -> 3": "as above, for any power of it",
        "power = np.abs(np.fft.rfft(y)) ** 2: 2 -> 1": "as above",
    },
    hints_for=same_hints(
        [
            "8 samples in one second, and the largest power at place 2. How many cycles a second?",
            "A clip of len(y) samples lasts len(y) / rate seconds. Cycles divided by seconds are hertz.",
            "cycles = np.argmax(power)\nseconds = len(y) / rate",
        ],
        "place-for-hertz",
        "spectrum-for-clip",
        "half-of-it",
        "upside-down",
        "rate-forgotten",
        "length-forgotten",
        "value",
    ),
    hints=[
        "Place k of the spectrum is k cycles in the whole clip. How many seconds does the clip last?",
        "The step from one place to the next is rate / len(y) hertz.",
        "cycles = np.argmax(power)\nreturn cycles * ... / len(y)",
    ],
    forbids=LIBRARY,
)
def find_frequency(y, rate):
    """Find the frequency in Hz at which a clip y, of shape (n_samples,), is strongest.

    rate is in samples per second.
    """
    # 3 transform: the power at every place; place 0 is an offset, no sound
    power = np.abs(np.fft.rfft(y)) ** 2
    power[0] = 0
    # from the place of the largest power to hertz
    ### BEGIN SOLUTION
    #: return np.argmax(power) * ...
    return np.argmax(power) * rate / len(y)
    ### END SOLUTION


# sound.cut_frames


def _frame_cases(rng, dtype):
    return [
        case(np.arange(1, 9).astype(dtype), 4, 2, label="8 samples, windows of 4, step 2"),
        case(rng.normal(size=13).astype(dtype), 5, 3, label="13 samples, windows of 5, step 3"),
        case(rng.normal(size=40).astype(dtype), 8, 8, label="40 samples, windows of 8, step 8"),
        case(rng.normal(size=6).astype(dtype), 6, 4, label="6 samples, one window of 6"),
        case(rng.normal(size=11).astype(dtype), 3, 1, label="11 samples, windows of 3, step 1"),
    ]


def _cut(y, starts, length):
    return np.array([y[start : start + length] for start in starts])


def _starts(y, length, hop):
    return range(0, len(y) - length + 1, hop)


def _number_of_windows(f, rng):
    for n, length, hop, number in [(1000, 200, 100, 9), (1099, 200, 100, 9), (1100, 200, 100, 10)]:
        found = len(f(np.arange(float(n)), length, hop))
        if found != number:
            return f"{n} samples hold {number} windows of {length} with step {hop}, and you return {found}."
    return True


@exercise(
    "sound.cut_frames",
    title="Cut a clip into windows that overlap",
    section=("by-hand", "3 · By hand"),
    points=2,
    cases=_frame_cases,
    laws=[law("1 + (n - length) // step windows", _number_of_windows)],
    mistakes=[
        mistake(
            "last-one-missing",
            lambda y, length, hop: _cut(y, list(_starts(y, length, hop))[:-1], length).reshape(-1, length),
            "The last whole window is missing. The first needs no step: 1 + (n - length) // hop.",
            seen="expected slip, not yet seen: fence and posts",
        ),
        mistake(
            "windows-at-the-end-too-short",
            lambda y, length, hop: _cut(y, range(0, len(y), hop), length),
            "You start a window at every step, also where no whole one is left; NumPy cannot stack windows of "
            "different length. Start 1 + (n - length) // hop of them.",
            seen="expected slip, not yet seen: range(0, len(y), hop)",
        ),
        mistake(
            "length-not-taken-off",
            lambda y, length, hop: _cut(y, range(0, len(y) // hop * hop, hop), length),
            "len(y) // hop windows would fit if each were as long as the step, so your last ones are too short. Take "
            "the length of one off first: 1 + (len(y) - length) // hop.",
            seen="expected slip, not yet seen: n // hop",
        ),
        mistake(
            "length-not-taken-off-plus-1",
            lambda y, length, hop: _cut(y, range(0, (len(y) // hop + 1) * hop, hop), length),
            "You count len(y) // hop and one more, so your last windows are too short or empty. Take the length of one "
            "off before you divide.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "no-overlap",
            lambda y, length, hop: _cut(y, _starts(y, length, length), length),
            "Your windows do not overlap: window t starts at t * length. It starts at t * hop.",
            seen="expected slip, not yet seen: reshape(-1, length)",
        ),
        mistake(
            "padded-at-the-end",
            lambda y, length, hop: _cut(np.pad(y, (0, length)), range(0, max(1, len(y) - length + hop), hop), length),
            "You filled the last window up with zeros. Here, whole windows only.",
            seen="expected slip, not yet seen: rounded up",
        ),
        mistake(
            "step-of-1",
            lambda y, length, hop: _cut(y, range(1 + (len(y) - length) // hop), length),
            "Window t starts at sample t: one sample after the last. It starts at t * hop.",
            seen="expected slip, not yet seen: y[t : t + length]",
        ),
        mistake(
            "one-too-long",
            lambda y, length, hop: np.array(
                [np.resize(y[s : s + length + 1], length + 1) for s in _starts(y, length, hop)]
            ),
            "Your windows have length + 1 samples. A slice y[start : stop] leaves out `stop`.",
            seen="expected slip, not yet seen: stop counted in",
        ),
        mistake(
            "transposed",
            lambda y, length, hop: _cut(y, _starts(y, length, hop), length).T,
            "One window per column. Put one per row: (n_windows, length).",
            seen="librosa.util.frame puts windows into columns",
        ),
        mistake(
            "stops-at-length",
            lambda y, length, hop: np.array([y[s:length] for s in _starts(y, length, hop)]),
            "A slice y[start : stop] ends at sample `stop`, not after so many. Stop at start + length.",
            seen="expected slip, not yet seen: a count in place of a stop",
        ),
        mistake(
            "as-long-as-the-step",
            lambda y, length, hop: _cut(y, _starts(y, length, hop), hop),
            "Your windows are as long as the step. They are `length` long and start every `hop` samples.",
            seen="expected slip, not yet seen: two numbers mixed up",
        ),
        mistake(
            "last-start-left-out",
            lambda y, length, hop: _cut(y, range(0, len(y) - length, hop), length),
            "range leaves out its end, and with it the last window: a start at len(y) - length is still good. "
            "Add 1 to the end.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "stops-without-hop",
            lambda y, length, hop: np.array([y[t * hop : t + length] for t in range(len(_starts(y, length, hop)))]),
            "Your windows stop at t + length, so they get shorter and shorter. Stop at start + length: t * hop "
            "+ length.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "starts-at-length",
            lambda y, length, hop: _cut(y, [t * length for t in range(len(_starts(y, length, hop)))], length),
            "Each of your windows starts where the last one ended, t * length, and the clip is soon at its "
            "end. Start at t * hop.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "first-one-missing",
            lambda y, length, hop: _cut(y, list(_starts(y, length, hop))[1:], length),
            "The first window is missing: t counts from 0.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "one-too-short",
            lambda y, length, hop: np.array([y[s : s + length - 1] for s in _starts(y, length, hop)]),
            "Your windows have length - 1 samples. A slice y[start : stop] leaves out `stop` already: no - 1.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "parentheses",
            lambda y, length, hop: _cut(y, range(0, (1 + len(y) - length // hop) * hop, hop), length),
            "Only `length` is divided: // goes before -. Write (len(y) - length) // hop.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "no-whole-number",
            lambda y, length, hop: range(1 + (len(y) - length) / hop),
            "A single / gives a float, and range takes whole numbers only. Divide by //.",
            seen="typed while answering this chapter as a newcomer",
        ),
    ],
    alternatives=[
        lambda y, length, hop: np.lib.stride_tricks.sliding_window_view(y, length)[::hop],
        lambda y, length, hop: y[hop * np.arange(1 + (len(y) - length) // hop)[:, None] + np.arange(length)],
        lambda y, length, hop: [y[s : s + length].tolist() for s in _starts(y, length, hop)],
    ],
    equivalent_mutants={
        "return np.array([y[t * hop:t * hop + length] for t in range(n_windows)]): np.array([y[t * hop:t * hop + "
        "length] for t in range(n_windows)]) -> [y[t * hop:t * hop + length] for t in range(n_windows)]": "a list of "
        "windows of one length is the same table",
    },
    hints_for=same_hints(
        [
            "8 samples, windows of 4, step 2: write down where each window starts and ends.",
            "The last start leaves `length` samples: len(y) - length. How many steps lead there?",
            "n_windows = 1 + (len(y) - length) // ...",
        ],
        "last-one-missing",
        "windows-at-the-end-too-short",
        "length-not-taken-off",
        "length-not-taken-off-plus-1",
        "padded-at-the-end",
        "shape",
    ),
    hints=[
        "How many whole windows fit? Then one slice for each.",
        "n_windows = 1 + (n - length) // hop. Window t is y[t * hop : t * hop + length].",
        "n_windows = 1 + ...\nreturn np.array([y[... : ...] for t in range(n_windows)])",
    ],
    forbids=LIBRARY,
)
def cut_frames(y, length, hop):
    """Cut a clip y, of shape (n_samples,), into whole windows: (n_windows, length).

    A new window starts every hop samples.
    """
    # 1 cut: how many whole windows are there?
    ### BEGIN SOLUTION
    n_windows = 1 + (len(y) - length) // hop
    ### END SOLUTION
    # window t starts at sample t * hop
    ### BEGIN SOLUTION
    return np.array([y[t * hop : t * hop + length] for t in range(n_windows)])
    ### END SOLUTION


# sound.measure_power


def _power_cases(rng, dtype):
    found = [case(np.array([[0, 1, 0, -1], [1, 1, 1, 1]], dtype), label="2 windows of 4 samples")]
    for shape in [(3, 8), (5, 5), (2, 32)]:
        frames = rng.normal(0.5, size=shape) + np.cos(2 * np.arange(shape[1]))
        found.append(case(frames.astype(dtype), label=f"{shape[0]} windows of {shape[1]} samples"))
    return found


def _hann(n):
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n) / n)


def _spectra(frames):
    return np.fft.rfft(frames * _hann(np.shape(frames)[1]))


def _parseval(f, rng):
    frames = rng.normal(size=(3, 16))
    power = np.asarray(f(frames))
    both_sides = power.sum(axis=1) + power[:, 1:-1].sum(axis=1)  # all but the two ends stand for two frequencies
    return np.allclose(both_sides / 16, np.sum((frames * _hann(16)) ** 2, axis=1)) or (
        "The power over all frequencies, divided by the number of samples, must be the sum of squares of the faded "
        "window."
    )


@exercise(
    "sound.measure_power",
    title="Measure the power at every frequency",
    section=("by-hand", "3 · By hand"),
    points=2,
    cases=_power_cases,
    laws=[
        law("no power is lost (Parseval)", _parseval),
        law(
            "turned upside down, sound has the same power",
            lambda f, rng: np.allclose(f(np.array([[1.0, 2, -1, 0]])), f(-np.array([[1.0, 2, -1, 0]]))),
        ),
    ],
    mistakes=[
        mistake(
            "not-faded",
            lambda frames: np.abs(np.fft.rfft(frames)) ** 2,
            "The windows are not faded: a hard cut clicks, and a click has every frequency. Multiply by step 2 first.",
            seen="expected slip, not yet seen: step 2 left out",
        ),
        mistake(
            "both-ends-zero",
            lambda frames: np.abs(np.fft.rfft(frames * np.hanning(frames.shape[1]))) ** 2,
            "Your fade ends on a zero, as np.hanning does. Divide by n, not by n - 1: the zero after the last sample "
            "belongs to the next window.",
            seen="expected slip, not yet seen: np.hanning for a periodic window",
        ),
        mistake(
            "hamming",
            lambda frames: np.abs(np.fft.rfft(frames * (0.08 + 0.92 * _hann(frames.shape[1])))) ** 2,
            "That is the Hamming window. Hann's is 0.5 - 0.5 cos, and begins at 0.",
            seen="expected slip, not yet seen: two names so alike",
        ),
        mistake(
            "twice-the-fade",
            lambda frames: np.abs(2 * _spectra(frames)) ** 2,
            "Your fade rises to 2, so power is four times too large. Half of 1 - cos: 0.5 - 0.5 cos.",
            seen="expected slip, not yet seen: 1 - cos",
        ),
        mistake(
            "upside-down-fade",
            lambda frames: np.abs(np.fft.rfft(frames * (1 - _hann(frames.shape[1])))) ** 2,
            "Your fade is loudest at the ends. Minus the cosine: 0.5 - 0.5 cos.",
            seen="expected slip, not yet seen: plus for minus",
        ),
        mistake(
            "half-a-cycle",
            lambda frames: (
                np.abs(np.fft.rfft(frames * (0.5 - 0.5 * np.cos(np.pi * np.arange(frames.shape[1]) / frames.shape[1]))))
                ** 2
            ),
            "Your fade goes in and not out again: half a cycle. A whole one is 2 pi.",
            seen="expected slip, not yet seen: pi for 2 pi",
        ),
        mistake(
            "not-squared",
            lambda frames: np.abs(_spectra(frames)),
            "That is the magnitude. Power is its square.",
            seen="expected slip, not yet seen: ** 2 forgotten",
        ),
        mistake(
            "real-part",
            lambda frames: _spectra(frames).real ** 2,
            "You squared the real part, the cosine waves alone. np.abs takes the sine waves in too.",
            seen="expected slip, not yet seen: .real for np.abs",
        ),
        mistake(
            "complex",
            lambda frames: _spectra(frames) ** 2,
            "A complex number, squared, is complex again. np.abs first: the magnitude.",
            seen="expected slip, not yet seen: abs forgotten",
        ),
        mistake(
            "twice-each",
            lambda frames: np.abs(np.fft.fft(frames * _hann(frames.shape[1]))) ** 2,
            "fft returns every frequency of a real sound twice. rfft returns each once: 1 + n // 2.",
            seen="expected slip, not yet seen: fft for rfft",
        ),
        mistake(
            "across-windows",
            lambda frames: np.abs(np.fft.rfft(frames * _hann(frames.shape[1]), axis=0)) ** 2,
            "You transformed down the columns, from window to window. A window is a row: axis=1, or no axis.",
            seen="expected slip, not yet seen: axis",
        ),
        mistake(
            "divided",
            lambda frames: np.abs(_spectra(frames)) ** 2 / frames.shape[1],
            "You divided by n. That is another convention; here, and in librosa, the power is the plain square.",
            seen="expected slip, not yet seen: another scaling",
        ),
        mistake(
            "faded-spectrum",
            lambda frames: np.abs(np.fft.rfft(frames) * _hann(frames.shape[1] // 2 + 1)) ** 2,
            "You faded the spectrum, so high and low frequencies vanish. Fade the sound, then transform.",
            seen="expected slip, not yet seen: order of the two steps",
        ),
        mistake(
            "not-transformed",
            lambda frames: np.abs(frames * _hann(frames.shape[1])) ** 2,
            "That is the power at every sample. np.fft.rfft of the faded windows goes to frequencies first.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "fade-from-1",
            lambda frames: np.abs(np.fft.rfft(frames * np.roll(_hann(frames.shape[1]), -1))) ** 2,
            "Your fade starts one sample late: i goes from 0 to n - 1, np.arange(n).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "cosine-not-halved",
            lambda frames: np.abs(np.fft.rfft(frames * (2 * _hann(frames.shape[1]) - 0.5))) ** 2,
            "Your fade goes below 0: halve the cosine too, 0.5 - 0.5 cos.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "fade-is-zero",
            lambda frames: np.abs(np.fft.rfft(0.0 * frames)) ** 2,
            "Your fade is 0 everywhere, as the cosine of any whole cycle is 1. Take i / n: np.arange(n) / n.",
            seen="typed while answering this chapter as a newcomer",
        ),
    ],
    alternatives=[
        lambda frames: np.abs(np.fft.rfft(frames * np.hanning(frames.shape[1] + 1)[:-1])) ** 2,
        lambda frames: (
            np.abs(np.fft.fft(frames * np.sin(np.pi * np.arange(frames.shape[1]) / frames.shape[1]) ** 2)) ** 2
        )[:, : frames.shape[1] // 2 + 1],
        lambda frames: _spectra(frames).real ** 2 + _spectra(frames).imag ** 2,
    ],
    hints_for=same_hints(
        [
            "Print the fade for n = 4. It must be 0, 0.5, 1, 0.5: in and out again, loudest in the middle.",
            "np.arange(n) / n runs from 0 to just below 1. Times 2 pi it is one whole cycle of the cosine.",
            "fade = 0.5 - 0.5 * np.cos(2 * np.pi * ...)",
        ],
        "not-faded",
        "both-ends-zero",
        "hamming",
        "twice-the-fade",
        "upside-down-fade",
        "half-a-cycle",
        "fade-from-1",
        "cosine-not-halved",
        "fade-is-zero",
        "faded-spectrum",
    ),
    hints=[
        "Three things in a row: multiply by the fade, np.fft.rfft, magnitude squared.",
        "The fade has shape (n,), the frames (n_windows, n): they line up. np.abs is the magnitude.",
        "fade = 0.5 - 0.5 * np.cos(...)\nreturn np.abs(np.fft.rfft(...)) ** 2",
    ],
    forbids=[*LIBRARY, "scipy.signal.stft", "scipy.signal.spectrogram"],
)
def measure_power(frames):
    """Return the power of every window at every frequency: (n_windows, n) to (n_windows, 1 + n // 2).

    frames holds the windows, one a row.
    """
    n = frames.shape[1]
    # 2 fade: 0.5 - 0.5 cos(2 pi i / n), for i from 0 to n - 1
    ### BEGIN SOLUTION
    fade = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n) / n)
    ### END SOLUTION
    # 3 transform, and square the magnitude
    ### BEGIN SOLUTION
    return np.abs(np.fft.rfft(frames * fade)) ** 2
    ### END SOLUTION


# sound.build_bands


def _band_cases(rng, dtype):
    found = [
        case(np.arange(0, 9).astype(dtype), np.array([0, 2, 4, 8], dtype), label="9 frequencies, 2 triangles"),
    ]
    for n, n_bands in [(30, 4), (65, 7)]:
        corners = np.cumsum(np.concatenate([[0], rng.uniform(2, 4, size=n_bands + 1) * np.arange(1, n_bands + 2)]))
        frequency = np.linspace(0, corners[-1], n)
        found.append(
            case(frequency.astype(dtype), corners.astype(dtype), label=f"{n} frequencies, {n_bands} triangles")
        )
    return found


def _sides(frequency, corners):
    low, middle, high = corners[:-2, None], corners[1:-1, None], corners[2:, None]
    return (frequency - low) / (middle - low), (high - frequency) / (high - middle), high - low


def _bank(frequency, corners, size=lambda width: 2 / width):
    rising, falling, width = _sides(frequency, corners)
    return np.maximum(0, np.minimum(rising, falling)) * size(width)


def _area(f, rng):
    frequency = np.linspace(0, 100, 20001)
    found = np.asarray(f(frequency, np.array([0.0, 10, 30, 60, 100])))
    areas = found.sum(axis=1) * 0.005
    return np.allclose(areas, 1, rtol=1e-3) or f"Every triangle has the area 1; yours have {areas.round(2)}."


def _falls_too_early(frequency, corners):
    rising, falling, width = _sides(frequency, corners)
    side = np.where((rising >= 0) & (rising <= 1), rising, np.maximum(0, falling))
    return side * 2 / width


@exercise(
    "sound.build_bands",
    title="Build the mel filter bank",
    section=("mel-text", "Steps 4 to 6: from frequencies to MFCC"),
    points=3,
    cases=_band_cases,
    laws=[
        law("every triangle has the area 1", _area),
        law(
            "it is silent outside its corners",
            lambda f, rng: np.allclose(np.asarray(f(np.arange(9.0), np.array([2.0, 4, 6])))[0, [0, 1, 2, 6, 7, 8]], 0),
        ),
    ],
    mistakes=[
        mistake(
            "height-1",
            lambda frequency, corners: _bank(frequency, corners, size=lambda width: 1),
            "Your triangles are 1 high, so wide bands are louder. Give each the area 1: times 2 / (high - low).",
            seen="librosa's norm=None, and what most pictures of mel filters show",
        ),
        mistake(
            "half-the-area",
            lambda frequency, corners: _bank(frequency, corners, size=lambda width: 1 / width),
            "Your triangles have the area 1/2: half of base times height. The height is 2 / (high - low).",
            seen="expected slip, not yet seen: the area of a triangle",
        ),
        mistake(
            "negative-outside",
            lambda frequency, corners: np.minimum(*_sides(frequency, corners)[:2]) * 2 / _sides(frequency, corners)[2],
            "Outside their corners your triangles go below 0. Cut them off: np.maximum(0, ...).",
            seen="expected slip, not yet seen: the clip at 0 forgotten",
        ),
        mistake(
            "negative-and-height-1",
            lambda frequency, corners: np.minimum(*_sides(frequency, corners)[:2]),
            "The sides are right. Two things are left: outside its corners a triangle is 0, np.maximum(0, ...); its "
            "area is 1: times 2 / (high - low).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "larger-for-smaller",
            lambda frequency, corners: (
                np.maximum(0, np.maximum(*_sides(frequency, corners)[:2])) * 2 / _sides(frequency, corners)[2]
            ),
            "You took the larger of the two sides, which grows for ever. A triangle is the smaller: np.minimum.",
            seen="expected slip, not yet seen: maximum for minimum",
        ),
        mistake(
            "rising-only",
            lambda frequency, corners: np.clip(_sides(frequency, corners)[0], 0, 1) * 2 / _sides(frequency, corners)[2],
            "Your bands rise and never fall again. Take the falling side in too: the smaller of both.",
            seen="expected slip, not yet seen: half a triangle",
        ),
        mistake(
            "boxes",
            lambda frequency, corners: (
                ((frequency >= corners[:-2, None]) & (frequency <= corners[2:, None]))
                / (corners[2:] - corners[:-2])[:, None]
            ),
            "These are boxes: every frequency counts alike. A triangle rises to its middle and falls.",
            seen="expected slip, not yet seen: a mask for a triangle",
        ),
        mistake(
            "not-lined-up",
            lambda frequency, corners: (frequency - corners[:-2]) / (corners[1:-1] - corners[:-2]),
            "Corners and frequencies do not line up: both lie along a row. Make columns of the corners, "
            "corners[:-2, None], and every triangle meets every frequency.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "no-overlap",
            lambda frequency, corners: _bank(frequency, corners)[::2],
            "Every second triangle is missing. Neighbours overlap: triangle i starts at corner i.",
            seen="expected slip, not yet seen: every corner used once",
        ),
        mistake(
            "transposed",
            lambda frequency, corners: _bank(frequency, corners).T,
            "One triangle per column. Put one per row: (n_bands, n_frequencies).",
            seen="expected slip, not yet seen: transpose",
        ),
        mistake(
            "sums-to-1",
            lambda frequency, corners: _bank(frequency, corners) / _bank(frequency, corners).sum(axis=1, keepdims=True),
            "Your rows add up to 1. The area over frequency in Hz is to be 1: times 2 / (high - low).",
            seen="expected slip, not yet seen: a sum in place of an area",
        ),
        mistake(
            "width-of-one-side",
            lambda frequency, corners: (
                _bank(frequency, corners, size=lambda width: 1) * 2 / (corners[2:] - corners[1:-1])[:, None]
            ),
            "You took the width of the falling side alone. A triangle reaches from its low corner to its high one.",
            seen="expected slip, not yet seen: neighbouring corners for the outer ones",
        ),
        mistake(
            "parentheses",
            lambda frequency, corners: (
                _bank(frequency, corners, size=lambda width: 1) * 2 / corners[2:, None] - corners[:-2, None]
            ),
            "You divided by high and then took low away: / goes before -. Write 2 / (high - low).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "falls-before-it-rises",
            _falls_too_early,
            "Below its low corner your triangle has the falling side. It falls only from middle to high: "
            "middle < f <= high.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "falls-before-it-rises-and-height-1",
            lambda frequency, corners: _falls_too_early(frequency, corners) * _sides(frequency, corners)[2] / 2,
            "Two things are left: a triangle falls only from middle to high, so below low it is 0; and its area is 1: "
            "times 2 / (high - low).",
            seen="typed while answering this chapter as a newcomer",
        ),
    ],
    alternatives=[
        lambda frequency, corners: np.array(
            [
                np.interp(frequency, corners[i : i + 3], [0, 2 / (corners[i + 2] - corners[i]), 0])
                for i in range(len(corners) - 2)
            ]
        ),
        lambda frequency, corners: (
            np.clip(np.minimum(*_sides(frequency, corners)[:2]), 0, 1) * (2 / _sides(frequency, corners)[2])
        ),
    ],
    equivalent_mutants={
        "return np.maximum(0, np.minimum(rising, falling)) * 2 / (high - low): np.maximum(0, np.minimum(rising, "
        "falling)) -> np.maximum(np.minimum(rising, falling), 0)": "the larger of two, in either order",
        "return np.maximum(0, np.minimum(rising, falling)) * 2 / (high - low): np.minimum(rising, falling) -> "
        "np.minimum(falling, rising)": "as above",
    },
    hints_for=same_hints(
        [
            "What is the area of a triangle from 20 to 60 Hz that is 1 high?",
            "Half of base times height is to be 1, so the height is 2 / (high - low).",
            "bank = np.maximum(0, np.minimum(rising, falling)) * 2 / (...)",
        ],
        "height-1",
        "half-the-area",
        "sums-to-1",
        "width-of-one-side",
    )
    | same_hints(
        [
            "Take one triangle and one frequency outside it. What does your row say there?",
            "Inside, the smaller of the two sides; outside, one of them is below 0, and 0 is to stand there.",
            "np.maximum(0, np.minimum(rising, falling))",
        ],
        "negative-outside",
        "falls-before-it-rises",
        "falls-before-it-rises-and-height-1",
        "negative-and-height-1",
        "larger-for-smaller",
        "rising-only",
    ),
    hints=[
        "Triangle i has the corners i, i + 1, i + 2. How far has a frequency come from the first to the second?",
        (
            "Rising side: (frequency - low) / (middle - low). Falling side: (high - frequency) / (high - middle). "
            "The smaller of both, never below 0. Columns of corners, [:, None], line up with the row of frequencies."
        ),
        (
            "low, middle, high = corners[:-2, None], corners[1:-1, None], corners[2:, None]\n"
            "rising = (frequency - low) / ...\nfalling = ...\n"
            "return np.maximum(0, ...) * 2 / (high - low)"
        ),
    ],
    forbids=LIBRARY,
)
def build_bands(frequency, corners):
    """Build triangles over frequency, one per row: (n_bands, n_frequencies).

    frequency is (n_frequencies,) and corners (n_bands + 2,), both in Hz and rising.
    Triangle i rises from 0 at corner i to its tip at corner i + 1 and falls to 0 at
    corner i + 2; outside it is 0. Its area over frequency is 1.
    """
    ### BEGIN SOLUTION
    low, middle, high = corners[:-2, None], corners[1:-1, None], corners[2:, None]
    rising, falling = (frequency - low) / (middle - low), (high - frequency) / (high - middle)
    return np.maximum(0, np.minimum(rising, falling)) * 2 / (high - low)
    ### END SOLUTION


# sound.condense


def _bands(rng, n_windows, n_bands, dtype):
    """Draw powers that differ from window to window: some 80 dB below the loudest, some digital silence."""
    bands = 10 ** rng.uniform(-3, 1, size=(n_windows, n_bands))
    bands[-1] = 10 ** rng.uniform(-8.5, -7.5, size=n_bands)
    bands[0, 0] = 0
    bands[0, 1] = 20
    return bands.astype(dtype)


def _condense_cases(rng, dtype):
    quiet = 1e-4 * _bands(rng, 4, 5, float)  # its loudest is far from 1
    return [
        case(np.array([[1, 100], [0, 10]], dtype), 2, label="2 windows, 2 bands"),
        case(_bands(rng, 5, 6, dtype), 4, label="5 windows, 6 bands, 4 numbers kept"),
        case(quiet.astype(dtype), 3, label="4 soft windows, 5 bands, 3 numbers kept"),
        case(np.array([[0, 0, 1e-11]] * 2, dtype), 2, label="2 windows of silence, 3 bands"),
    ]


def _decibels(bands, scale=10, floor=1e-10, log=np.log10):
    with np.errstate(divide="ignore", invalid="ignore"):
        return scale * log(np.maximum(bands, floor))


def _audible(level, below=80, **axis):
    return np.maximum(level, level.max(**axis) - below)


def _dct(level, n_mfcc, **options):
    with np.errstate(invalid="ignore"):
        return dct(level, **({"norm": "ortho"} | options))[:, :n_mfcc]


def _louder(f, rng):
    bands = 10 ** rng.uniform(-2, 1, size=(4, 6))
    change = np.asarray(f(100 * bands, 5)) - np.asarray(f(bands, 5))
    return np.allclose(change[:, 1:], 0, atol=1e-6) and np.allclose(change[:, 0], 20 * np.sqrt(6))


@exercise(
    "sound.condense",
    title="Turn bands into MFCC",
    section=("mel-text", "Steps 4 to 6: from frequencies to MFCC"),
    points=3,
    cases=_condense_cases,
    compare=close(rtol=1e-6, atol=1e-8),
    laws=[law("20 dB louder changes the first number, and no other", _louder)],
    mistakes=[
        mistake(
            "natural-logarithm",
            lambda bands, n_mfcc: _dct(_audible(_decibels(bands, log=np.log)), n_mfcc),
            "That is the natural logarithm. Decibels take the one to base 10: np.log10.",
            seen="expected slip, not yet seen: np.log",
        ),
        mistake(
            "twenty-for-ten",
            lambda bands, n_mfcc: _dct(_audible(_decibels(bands, scale=20)), n_mfcc),
            "20 log10 is for pressure. This is power, already squared: 10 log10.",
            seen="expected slip, not yet seen: the other formula for decibels",
        ),
        mistake(
            "bels",
            lambda bands, n_mfcc: _dct(_audible(_decibels(bands, scale=1)), n_mfcc),
            "The 10 is missing: a decibel is a tenth of a bel, 10 log10.",
            seen="expected slip, not yet seen: the factor forgotten",
        ),
        mistake(
            "silence-infinite",
            lambda bands, n_mfcc: _dct(_audible(_decibels(bands, floor=0)), n_mfcc),
            "The logarithm of 0 is minus infinity. Let power count as 1e-10 at least: np.maximum first.",
            seen="expected slip, not yet seen: log of zero",
        ),
        mistake(
            "added-for-raised",
            lambda bands, n_mfcc: _dct(_audible(10 * np.log10(np.asarray(bands) + 1e-10)), n_mfcc),
            "You added 1e-10 to every power. Raise only what is lower: np.maximum(bands, 1e-10).",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "too-soft-to-hear",
            lambda bands, n_mfcc: _dct(_decibels(bands), n_mfcc),
            "What lies more than 80 dB below the loudest was kept. Raise it: np.maximum(level, level.max() - 80).",
            seen="librosa's top_db=None",
        ),
        mistake(
            "each-window-its-loudest",
            lambda bands, n_mfcc: _dct(_audible(_decibels(bands), axis=1, keepdims=True), n_mfcc),
            "You took the loudest of every window. The loudest of the whole clip is meant: level.max().",
            seen="expected slip, not yet seen: an axis too many",
        ),
        mistake(
            "below-zero-decibels",
            lambda bands, n_mfcc: _dct(np.maximum(_decibels(bands), -80), n_mfcc),
            "You raised everything to -80 dB. The floor hangs on the clip: 80 below its loudest, level.max() - 80.",
            seen="expected slip, not yet seen: 0 dB taken for the loudest",
        ),
        mistake(
            "smaller-for-larger",
            lambda bands, n_mfcc: _dct(np.minimum(_decibels(bands), _decibels(bands).max() - 80), n_mfcc),
            "np.minimum keeps what nobody hears, and cuts off the rest. Raise the soft ones: np.maximum.",
            seen="expected slip, not yet seen: minimum for maximum",
        ),
        mistake(
            "along-time",
            lambda bands, n_mfcc: _dct(_audible(_decibels(bands)), n_mfcc, axis=0),
            "The cosine transform went along time. Bands lie along a row: axis=1, or no axis.",
            seen="expected slip, not yet seen: axis",
        ),
        mistake(
            "not-orthonormal",
            lambda bands, n_mfcc: _dct(_audible(_decibels(bands)), n_mfcc, norm=None),
            'The transform has another scale. Ask for norm="ortho", as librosa does.',
            seen="expected slip, not yet seen: the default norm",
        ),
        mistake(
            "first-left-out",
            lambda bands, n_mfcc: dct(_audible(_decibels(bands)), norm="ortho")[:, 1 : n_mfcc + 1],
            "You left out the first number, loudness. That can be wise, but here the first n_mfcc are asked for.",
            seen="toolkits that drop coefficient 0",
        ),
        mistake(
            "all-kept",
            lambda bands, n_mfcc: dct(_audible(_decibels(bands)), norm="ortho"),
            "You kept as many numbers as there are bands. Keep the first n_mfcc of every row: [:, :n_mfcc].",
            seen="expected slip, not yet seen: nothing forgotten",
        ),
        mistake(
            "windows-cut-off",
            lambda bands, n_mfcc: dct(_audible(_decibels(bands)), norm="ortho")[:n_mfcc],
            "[:n_mfcc] keeps the first windows. Keep the first columns: [:, :n_mfcc].",
            seen="expected slip, not yet seen: rows for columns",
        ),
        mistake(
            "no-transform",
            lambda bands, n_mfcc: _audible(_decibels(bands))[:, :n_mfcc],
            "These are decibels of the lowest bands. Transform first: dct along the bands, then keep.",
            seen="expected slip, not yet seen: step 6 left out",
        ),
        mistake(
            "no-decibels",
            lambda bands, n_mfcc: _dct(np.asarray(bands), n_mfcc),
            "You transformed powers. Decibels come first: 10 log10.",
            seen="expected slip, not yet seen: step 5 left out",
        ),
        mistake(
            "loudest-at-0",
            lambda bands, n_mfcc: _dct(_audible(_decibels(bands)) - _decibels(bands).max(), n_mfcc),
            "You moved the loudest to 0 dB, as librosa's ref=np.max does. Take nothing away: only the floor "
            "hangs on the loudest.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "cut-before-transform",
            lambda bands, n_mfcc: dct(_audible(_decibels(bands))[:, :n_mfcc], norm="ortho"),
            "You cut the bands off, then transformed. All bands go into the transform; keep the first n_mfcc "
            "of what comes out.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "along-time-and-cut-off",
            lambda bands, n_mfcc: dct(_audible(_decibels(bands)), axis=0, norm="ortho")[:n_mfcc],
            "You transformed along time and kept the first rows. Bands lie along a row: dct without axis=0, "
            "then [:, :n_mfcc].",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "each-band-its-loudest",
            lambda bands, n_mfcc: _dct(_audible(_decibels(bands), axis=0), n_mfcc),
            "You took the loudest of every band. The loudest of the whole clip is meant: level.max().",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "max-for-maximum",
            lambda bands, n_mfcc: max(bands, 1e-10),
            "max wants one of two things, and an array is neither larger nor smaller. np.maximum goes number "
            "by number.",
            seen="typed while answering this chapter as a newcomer",
        ),
    ],
    alternatives=[
        lambda bands, n_mfcc: dct(np.clip(_decibels(bands), _decibels(bands).max() - 80, None), norm="ortho")[
            :, :n_mfcc
        ],
        lambda bands, n_mfcc: _audible(_decibels(bands)) @ _cosines(bands.shape[1], n_mfcc),
    ],
    equivalent_mutants={
        "level = 10 * np.log10(np.maximum(bands, 1e-10)): np.maximum(bands, 1e-10) -> np.maximum(1e-10, bands)": "the "
        "larger of two, in either order",
        "level = np.maximum(level, level.max() - 80): np.maximum(level, level.max() - 80) -> np.maximum(level.max() - "
        "80, level)": "as above",
    },
    hints_for=same_hints(
        [
            "Print level.max() and level.min() of your second step. How far apart may they be?",
            "Everything lower than level.max() - 80 is raised to it; the rest stays.",
            "level = np.maximum(level, level.max() - ...)",
        ],
        "too-soft-to-hear",
        "each-window-its-loudest",
        "below-zero-decibels",
        "smaller-for-larger",
    )
    | same_hints(
        [
            "Which shape has what you return, and along which axis do the bands lie?",
            'dct(level, norm="ortho") goes along the last axis, the bands. The first n_mfcc columns are kept.',
            'dct(level, norm="ortho")[:, ...]',
        ],
        "along-time",
        "along-time-and-cut-off",
        "not-orthonormal",
        "all-kept",
        "windows-cut-off",
        "shape",
    ),
    hints=[
        "Three lines: decibels of the power, a floor 80 dB below the loudest, the cosine transform.",
        'np.log10(np.maximum(bands, 1e-10)); level.max() is the loudest of the clip; dct(level, norm="ortho").',
        "level = 10 * np.log10(...)\nlevel = np.maximum(level, ...)\nreturn dct(level, norm=...)[:, :n_mfcc]",
    ],
    forbids=LIBRARY,
)
def condense(bands, n_mfcc):
    """Turn the power of bands, (n_windows, n_bands), into MFCC: (n_windows, n_mfcc).

    Of each row, the first n_mfcc numbers are kept.
    """
    # 5 decibels: 10 log10 of the power, which counts as 1e-10 at least
    ### BEGIN SOLUTION
    level = 10 * np.log10(np.maximum(bands, 1e-10))
    ### END SOLUTION
    # nothing lower than 80 dB below the loudest of the clip
    ### BEGIN SOLUTION
    level = np.maximum(level, level.max() - 80)
    ### END SOLUTION
    # 6 condense: dct(..., norm="ortho") along the bands
    ### BEGIN SOLUTION
    return dct(level, norm="ortho")[:, :n_mfcc]
    ### END SOLUTION


def _cosines(n_bands, n_mfcc):
    """Write the cosine transform as a matrix of shape (n_bands, n_mfcc)."""
    waves = np.cos(np.pi * np.outer(np.arange(n_bands) + 0.5, np.arange(n_mfcc)) / n_bands)
    return waves * np.sqrt(np.where(np.arange(n_mfcc) == 0, 1, 2) / n_bands)


# sound.pad_batch


def _batch_cases(rng, dtype):
    return [
        case([np.array([1, 0, 3], dtype), np.array([5], dtype)], label="2 clips, of 3 and 1 samples"),
        case(_clips(rng, [4, 7, 5], dtype), label="3 clips, of 4, 7 and 5 samples"),
        case(_clips(rng, [6, 6], dtype), label="2 clips of 6 samples"),
    ]


def _padded(clips, fill=lambda clip, n: np.pad(clip, (0, n - len(clip)))):
    longest = max(map(len, clips))
    return np.array([fill(np.asarray(clip), longest) for clip in clips])


def _mask(clips):
    return np.arange(max(map(len, clips))) < np.array([len(clip) for clip in clips])[:, None]


def _cut_short(clips):
    return np.array([clip[: min(map(len, clips))] for clip in clips])


def _a_list(clips):
    return [np.asarray(clip, float) for clip in clips]


def _fill_whole_rows(clips):
    padded, mask = np.zeros(_mask(clips).shape), _mask(clips)
    for row, clip in enumerate(clips):
        padded[row], mask[row] = clip, True
    return padded, mask


@exercise(
    "sound.pad_batch",
    title="Pad clips to one length, and mark the sound",
    section=("ragged-text", "Clips of different length"),
    points=2,
    cases=_batch_cases,
    laws=[
        law(
            "the mask counts the samples of each clip",
            lambda f, rng: np.array_equal(np.sum(f(_clips(rng, [3, 9, 4]))[1], axis=1), [3, 9, 4]),
        ),
        law("digital silence is sound too", lambda f, rng: np.all(f([np.zeros(3), np.zeros(3)])[1])),
    ],
    mistakes=[
        mistake(
            "zeros-for-padding",
            lambda clips: (_padded(clips), _padded(clips) != 0),
            "You took every 0 for padding, but a sound passes through 0 again and again. Mark by length, not by value.",
            seen="expected slip, not yet seen: mask = padded != 0",
        ),
        mistake(
            "mask-inverted",
            lambda clips: (_padded(clips), ~_mask(clips)),
            "Your mask is True on the padding. True is to mark the sound.",
            seen="PyTorch's key_padding_mask marks the padding",
        ),
        mistake(
            "cut-to-the-shortest",
            lambda clips: (_cut_short(clips), np.ones(_cut_short(clips).shape, dtype=bool)),
            "You cut all clips to the shortest: the ends of the others are lost. Pad to the longest.",
            seen="expected slip, not yet seen: the other way to one length",
        ),
        mistake(
            "not-padded",
            lambda clips: (np.array(clips), np.ones(np.array(clips).shape, dtype=bool)),
            "np.array takes rows of one length only. Make a matrix of zeros first, then fill it row by row.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "padded-in-front",
            lambda clips: (_padded(clips, lambda clip, n: np.pad(clip, (n - len(clip), 0))), _mask(clips)[:, ::-1]),
            "Your zeros stand before the sound. Put them after its end.",
            seen="Keras pad_sequences pads in front unless told otherwise",
        ),
        mistake(
            "mask-in-front",
            lambda clips: (_padded(clips), _mask(clips)[:, ::-1]),
            "The sound stands at the start of each row, and your mask marks the end.",
            seen="expected slip, not yet seen: one of the two turned round",
        ),
        mistake(
            "last-one-repeated",
            lambda clips: (_padded(clips, lambda clip, n: np.pad(clip, (0, n - len(clip)), mode="edge")), _mask(clips)),
            "You repeated the last sample to the end. Pad with silence: zeros.",
            seen="expected slip, not yet seen: np.pad's mode",
        ),
        mistake(
            "clip-repeated",
            lambda clips: (_padded(clips, np.resize), _mask(clips)),
            "Your short clips start again from the beginning, as np.resize does. Pad with silence: zeros.",
            seen="expected slip, not yet seen: np.resize",
        ),
        mistake(
            "nan-for-padding",
            lambda clips: (
                _padded(_a_list(clips), lambda clip, n: np.pad(clip, (0, n - len(clip)), constant_values=np.nan)),
                _mask(clips),
            ),
            "You padded with NaN, and one NaN spreads through a whole FFT. Pad with zeros; the mask remembers where.",
            seen="expected slip, not yet seen: NaN as a mark",
        ),
        mistake(
            "lengths-for-mask",
            lambda clips: (_padded(clips), np.array([len(clip) for clip in clips])),
            "These are the lengths. The mask has the shape of the matrix: True or False for every sample.",
            seen="expected slip, not yet seen: lengths returned",
        ),
        mistake(
            "mask-of-numbers",
            lambda clips: (_padded(clips), _mask(clips).astype(float)),
            "Your mask holds 0 and 1. Make it True and False, dtype=bool: only such a mask can pick, padded[mask].",
            seen="expected slip, not yet seen: np.zeros without dtype=bool",
        ),
        mistake(
            "no-mask",
            _padded,
            "The padded clips are right. Return the mask too: return padded, mask.",
            seen="expected slip, not yet seen: half of the answer",
        ),
        mistake(
            "mask-first",
            lambda clips: (_mask(clips), _padded(clips)),
            "The two are swapped: return padded, mask.",
            seen="expected slip, not yet seen: order of two results",
        ),
        mistake(
            "last-sample-lost",
            lambda clips: (_padded(clips) * np.roll(_mask(clips), -1, axis=1), _mask(clips)),
            "The last sample of each clip is gone: a slice [:n] ends before n, so no - 1 is needed.",
            seen="expected slip, not yet seen: len(clip) - 1",
        ),
        mistake(
            "negative-for-padding",
            lambda clips: (_padded(clips), _padded(clips) > 0),
            "Sound swings below 0 as often as above, and your mask leaves that out. Mark by length, not by value.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "whole-numbers",
            lambda clips: (_padded(clips).astype(int), _mask(clips)),
            "Your matrix holds whole numbers, so all that lies between them is lost. np.zeros without "
            "dtype=int holds floats.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "whole-row-filled",
            _fill_whole_rows,
            "You gave a clip the whole row, and it is shorter. Fill only as far as it goes: the first "
            "len(clip) places.",
            seen="typed while answering this chapter as a newcomer",
        ),
    ],
    alternatives=[
        lambda clips: (_padded(clips), _mask(clips)),
        lambda clips: (
            tuple(
                np.array(list(itertools.zip_longest(*part, fillvalue=0))).T
                for part in (clips, [np.ones(len(clip), dtype=bool) for clip in clips])
            )
            if len(set(map(len, clips))) == 1
            else (_padded(clips), _mask(clips))
        ),
    ],
    hints_for=same_hints(
        [
            "The first clip is 1, 0, 3. Is its 0 sound or padding? And what says your mask?",
            "Only the length of a clip tells where its sound ends: the first len(clip) places of its row.",
            "mask[row, : len(clip)] = True",
        ],
        "zeros-for-padding",
        "negative-for-padding",
        "mask-inverted",
        "mask-in-front",
        "lengths-for-mask",
    ),
    hints=[
        "Make two matrices as wide as the longest clip, one of zeros and one of False. Then fill them row by row.",
        "np.zeros((n_clips, longest), dtype=bool) is all False. Row i begins with the len(clip) samples of clip i.",
        (
            "padded = np.zeros((len(clips), longest))\nmask = np.zeros(padded.shape, dtype=bool)\n"
            "for row, clip in enumerate(clips):\n    padded[row, : len(clip)] = ...\n    mask[...] = True\n"
            "return padded, mask"
        ),
    ],
    forbids=LIBRARY,
)
def pad_batch(clips):
    """Bring clips, each of shape (its own n_samples,), to one length.

    Return padded, mask, both (n_clips, longest): padded has zeros after the end of
    each clip; mask is True where there is sound, False on the padding.
    """
    longest = max(len(clip) for clip in clips)
    ### BEGIN SOLUTION
    padded = np.zeros((len(clips), longest))
    mask = np.zeros(padded.shape, dtype=bool)
    for row, clip in enumerate(clips):
        padded[row, : len(clip)] = clip
        mask[row, : len(clip)] = True
    ### END SOLUTION
    return padded, mask


# sound.separate_tones


def _dip(milliseconds):
    """Return how deep the valley between the widget's two tones is, in dB."""
    return peak_dip(PAIR, RATE, round(milliseconds * RATE / 1000), n_fft=8192)


def _same_window(expected, actual):
    """Compare the length; say what the window shows that was given."""
    problem = close(atol=0.5)(expected, actual)
    if problem is None or problem.id != "value" or not 5 <= float(actual) <= 300:
        return problem
    if actual < expected and _dip(actual) >= 3:
        return Problem(
            "between-steps",
            f"{actual:g} ms separate the tones, but the slider goes in steps of 5. Which of them is the first?",
        )
    if actual < expected:
        return Problem("too-short", f"Through {actual:g} ms the valley is {_dip(actual):.1f} dB deep. It takes 3.")
    return Problem("too-long", f"{actual:g} ms separate the tones, but a shorter window does too.")


@exercise(
    "sound.separate_tones",
    title="Find the shortest window for two close tones",
    section=("widget-text", "7 · Two tones"),
    kind="widget",
    points=1,
    cases=lambda rng, dtype: [case(label="the window")],
    compare=_same_window,
    mistakes=[
        mistake(
            "one-step-short",
            lambda: shortest_window(PAIR, RATE) - STEP,
            "One step short: there are two peaks, but the valley is not yet 3 dB deep.",
            seen="expected slip, not yet seen: two peaks taken for the rule",
        ),
        mistake(
            "one-beat",
            lambda: 1000 / (PAIR[1] - PAIR[0]),
            "That is one beat, 1 / 20 Hz. The fade hides the ends of the window, so it takes more than two of them.",
            seen="expected slip, not yet seen: the rule of thumb 1 / distance, without a fade",
        ),
        mistake(
            "in-samples",
            lambda: shortest_window(PAIR, RATE) * RATE / 1000,
            "That is the number of samples. Give the length in milliseconds.",
            seen="expected slip, not yet seen: the other number on the screen",
        ),
        mistake(
            "in-seconds",
            lambda: shortest_window(PAIR, RATE) / 1000,
            "That is in seconds. Give the length in milliseconds.",
            seen="expected slip, not yet seen: units",
        ),
        mistake(
            "step-of-the-fft",
            lambda: 1000 / shortest_window(PAIR, RATE),
            "That is how far apart the points of the FFT are, in Hz. Give the length of the window in milliseconds.",
            seen="expected slip, not yet seen: the other number on the screen",
        ),
        mistake(
            "the-distance",
            lambda: PAIR[1] - PAIR[0],
            "That is the distance of the tones in Hz. Give the length of the window in milliseconds.",
            seen="expected slip, not yet seen: the number in the question",
        ),
    ],
    alternatives=[
        lambda: float(shortest_window(PAIR, RATE)),
        lambda: int(shortest_window(PAIR, RATE)),
    ],
    hints_for=same_hints(
        [
            "Read the line that says how deep the valley is. It must say 3 dB or more.",
            "Go on with the right arrow, one step at a time, until the mark says that they are separated.",
            "milliseconds = tones      # reads the number from the widget",
        ],
        "one-step-short",
        "too-short",
        "one-beat",
    ),
    hints=[
        "Widen the window with the right arrow and watch the peak split.",
        "Go back one step from where it says separated: if the mark goes away, you had the shortest.",
        "milliseconds = tones      # reads the number from the widget",
    ],
)
def milliseconds_needed():
    """Find the shortest window that separates 440 and 460 Hz; the answer is its length in milliseconds."""
    ### BEGIN SOLUTION
    #: milliseconds = ...  # the number you found, or the widget itself: milliseconds = tones
    milliseconds = 125
    ### END SOLUTION
    return milliseconds


# sound.fix_article and why


def _article_cases(rng, dtype):
    loud = [np.array([300, -300, 400, -400], np.int16), np.array([100, -100], np.int16)]
    return [
        case(loud, label="2 clips of int16, of 4 and 2 samples"),
        case([_tone(50, 1000, 100, dtype), _tone(20, 1000, 250, dtype, 0.1)], label="2 tones, of 50 and 20 samples"),
        case(_clips(rng, [12, 30, 7], dtype), label="3 clips, of 12, 30 and 7 samples"),
    ]


def _each(clips, measure):
    with np.errstate(invalid="ignore", over="ignore"):
        return np.array([measure(np.asarray(clip)) for clip in clips], float)


def _rms(clip):
    return np.sqrt(np.mean(clip.astype(float) ** 2))


def _over_padding(clips, measure):
    return _each(_padded(clips), measure)


def _silence_changes_nothing(f, rng):
    short, long = _tone(40, 1000, 100), _tone(90, 1000, 100)
    alone, together = f([short])[0], f([short, long])[0]
    return np.isclose(alone, together) or "A clip got another loudness because a longer one stood beside it."


@exercise(
    "sound.fix_article",
    title="Repair a loudness that is always near zero",
    section=("article", "2 · The broken article"),
    points=3,
    cases=_article_cases,
    compare=close(rtol=1e-5),
    laws=[
        law(
            "twice as loud is twice as much",
            lambda f, rng: np.allclose(f([2 * _tone(40, 1000, 70)]), 2 * f([_tone(40, 1000, 70)])[0]),
        ),
        law("the other clips change nothing", _silence_changes_nothing),
    ],
    mistakes=[
        mistake(
            "as-published",
            lambda clips: _over_padding(clips, lambda clip: clip.astype(float).mean()),
            "Both faults are still there: a mean, which is about 0 for any sound, and padding, which counts as sound.",
            seen="the waveform's mean offered as an audio feature in published multimodal tutorials",
        ),
        mistake(
            "still-the-mean",
            lambda clips: _each(clips, np.mean),
            "The padding is gone, but this is still a mean: about 0 for any sound. Square, average, take the root.",
            seen="expected slip, not yet seen: one of two faults mended",
        ),
        mistake(
            "padding-counts",
            lambda clips: _over_padding(clips, _rms),
            "Root mean square is right, but the padding still counts: short clips look soft. Measure each clip alone.",
            seen="expected slip, not yet seen: one of two faults mended",
        ),
        mistake(
            "int16-overflows",
            lambda clips: _each(clips, lambda clip: np.sqrt(np.mean(clip**2))),
            "Sound of int16 cannot hold its squares: they wrap round in silence. Turn it into floats first.",
            seen="expected slip, not yet seen: clip ** 2 of int16",
        ),
        mistake(
            "int16-overflows-padded",
            lambda clips: _over_padding(clips, lambda clip: np.sqrt(np.mean(clip**2))),
            "Two things are left: the padding still counts, and squares of int16 wrap round in silence. Measure each "
            "clip alone, as floats.",
            seen="expected slip, not yet seen: sound ** 2 on the padded matrix",
        ),
        mistake(
            "no-root",
            lambda clips: _each(clips, lambda clip: np.mean(clip.astype(float) ** 2)),
            "That is the mean square, a power. The root is missing: np.sqrt.",
            seen="expected slip, not yet seen: the root forgotten",
        ),
        mistake(
            "sum-for-mean",
            lambda clips: _each(clips, lambda clip: np.linalg.norm(clip.astype(float))),
            "You added up the squares: longer clips look louder. Take their mean, then the root.",
            seen="expected slip, not yet seen: np.linalg.norm",
        ),
        mistake(
            "mean-without-sign",
            lambda clips: _each(clips, lambda clip: np.abs(clip.astype(float)).mean()),
            "That is the mean of the sizes. It tells loud from soft too, but root mean square squares first.",
            seen="expected slip, not yet seen: np.abs for a square",
        ),
        mistake(
            "peak",
            lambda clips: _each(clips, lambda clip: np.abs(clip.astype(float)).max()),
            "That is the peak: one click decides it. Root mean square is asked for.",
            seen="expected slip, not yet seen: maximum",
        ),
        mistake(
            "deviation",
            lambda clips: _each(clips, lambda clip: clip.astype(float).std()),
            "np.std takes the mean away first. For most sound that changes nothing, but the root mean square keeps it.",
            seen="expected slip, not yet seen: np.std",
        ),
        mistake(
            "one-for-all",
            lambda clips: _rms(np.concatenate([np.asarray(clip) for clip in clips])),
            "You returned one number for all clips. One for each: (n_clips,).",
            seen="expected slip, not yet seen: clips joined",
        ),
        mistake(
            "no-root-padded",
            lambda clips: _over_padding(clips, lambda clip: np.mean(clip.astype(float) ** 2)),
            "Two things are left: the root is missing, np.sqrt, and the padding counts. Measure each clip alone.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "deviation-padded",
            lambda clips: _over_padding(clips, lambda clip: clip.astype(float).std()),
            "np.std takes the mean away first, and the padding counts. Measure each clip alone: square, average, root.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "mean-without-sign-padded",
            lambda clips: _over_padding(clips, lambda clip: np.abs(clip.astype(float)).mean()),
            "Two things are left: root mean square squares instead of np.abs, and the padding counts. Measure "
            "each clip alone.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "cut-to-the-shortest",
            lambda clips: _each(_cut_short(clips), _rms),
            "You measured only as much of each clip as the shortest has. Measure each clip alone, all of it.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "zeros-for-padding",
            lambda clips: _each(clips, lambda clip: _rms(clip[clip != 0])),
            "You left out every 0, but a sound passes through 0 again and again. Measure each clip before you pad it.",
            seen="typed while answering this chapter as a newcomer",
        ),
        mistake(
            "scaled-to-1",
            lambda clips: _each(clips, lambda clip: _rms(clip / 32768)),
            "You divided by 32768. Other clips are floats in [-1, 1] already: measure them as they come.",
            seen="typed while answering this chapter as a newcomer",
        ),
    ],
    alternatives=[
        lambda clips: np.sqrt(np.sum(_padded(clips).astype(float) ** 2, axis=1) / _mask(clips).sum(axis=1)),
        lambda clips: [float(_rms(np.asarray(clip))) for clip in clips],
    ],
    equivalent_mutants={
        "return np.array([np.sqrt(np.mean(np.asarray(clip, dtype=float) ** 2)) for clip in clips]): np.array([np.sqrt("
        "np.mean(np.asarray(clip, dtype=float) ** 2)) for clip in clips]) -> [np.sqrt(np.mean(np.asarray(clip, "
        "dtype=float) ** 2)) for clip in clips]": "a list of numbers is as good as an array",
    },
    hints_for=same_hints(
        [
            "Give it one short clip alone, then the same clip beside a longer one. Why does its number change?",
            "Leave the matrix out: go over the clips, and measure each by itself.",
            "each = [... for clip in clips]\nreturn np.array(each)",
        ],
        "padding-counts",
        "int16-overflows-padded",
        "no-root-padded",
        "deviation-padded",
        "mean-without-sign-padded",
        "the other clips change nothing",
    )
    | same_hints(
        [
            "np.array([200], dtype=np.int16) ** 2: what comes out?",
            "int16 ends at 32767. clip.astype(float) has room for squares.",
            "np.mean(clip.astype(float) ** 2)",
        ],
        "int16-overflows",
    ),
    hints=[
        "What is the mean of 1, -1, 1, -1? And which samples of a padded row are sound?",
        "Square, average, root, for every clip by itself. As floats: int16 cannot hold its own squares.",
        "each = [np.sqrt(np.mean(...)) for clip in clips]\nreturn np.array(each)",
    ],
    forbids=LIBRARY,
)
def loudness(clips):
    """Return the root mean square of each clip: (n_clips,).

    Clips differ in length; padding is no sound.
    """
    ### BEGIN SOLUTION
    #: longest = max(len(clip) for clip in clips)
    #: sound = np.array([np.pad(clip, (0, longest - len(clip))) for clip in clips])
    #: return sound.mean(axis=1)
    return np.array([np.sqrt(np.mean(np.asarray(clip, dtype=float) ** 2)) for clip in clips])
    ### END SOLUTION


@exercise(
    "sound.why_unnoticed",
    title="Say why nobody noticed",
    section=("debug-text", "8 · Debug the article"),
    kind="choice",
    points=1,
    cases=lambda rng, dtype: [case(label="your choice")],
    options={
        "a": "because every clip gets a finite number of its own, and nobody asked what it predicts",
        "b": "because NumPy warns only once, and the warning scrolled away",
        "c": "because all clips are equally loud",
        "d": "because the clips are too short for a mean",
    },
    mistakes=[
        mistake(
            "b",
            lambda: "b",
            "Nothing here divides by zero or overflows, so NumPy has no reason to warn.",
            seen="expected slip, not yet seen: a wrong belief about warnings",
        ),
        mistake(
            "c",
            lambda: "c",
            "They are not: the repaired column differs from clip to clip.",
            seen="expected slip, not yet seen: the symptom taken for a fact",
        ),
        mistake(
            "d",
            lambda: "d",
            "A minute of the same tone has the mean 0 as well.",
            seen="expected slip, not yet seen: a wrong belief about small numbers",
        ),
    ],
    hints=[
        "Look at the article's numbers. What would have to stand beside them, for anyone to see that they are empty?"
    ],
)
def why_unnoticed():
    """Say why the article's feature could have gone unnoticed."""
    ### BEGIN SOLUTION
    #: answer = ...  # a letter
    answer = "a"
    ### END SOLUTION
    return answer
