"""Voices from a source and a filter: a buzz at the pitch, sent through the resonances of a vocal tract.

As in D. H. Klatt (1980), Software for a cascade/parallel formant synthesizer, Journal of the Acoustical Society of
America 67, 971-995. Sines and exponentials are rounded in tables; a sample meets only + - * /, alike on every machine.
"""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmlearn_edu.datasets._persons import CHOICES, Codes
from mmlearn_edu.datasets._random import bell
from mmlearn_edu.datasets.dataset import SAMPLING_RATE

__all__ = ["VOWELS", "speak"]

Floats = NDArray[np.floating[Any]]
N_SAMPLES_PER_CLIP = 6000  # three quarters of a second: the slowest four vowels fit
VOICES_AT_A_TIME = 256
VOWELS = {  # formants 1 to 3 of the average man, Hz (G. E. Peterson and H. L. Barney, 1952, table II); then a fourth
    "iy": (270, 2290, 3010, 3300),  # heed
    "eh": (530, 1840, 2480, 3300),  # head
    "aa": (730, 1090, 2440, 3300),  # hod
    "ao": (570, 840, 2410, 3300),  # hawed
    "uw": (300, 870, 2240, 3300),  # who'd
}
BANDWIDTHS = (60, 90, 150, 250)  # Hz
N_VOWELS = 4  # in a word
STEP = 40  # samples, 5 ms, from one setting of the resonances to the next
GLIDE, DIP, RISE, FALL = 480, 240, 160, 400  # samples: between vowels, of the loudness there, at the ends
HISS = 0.3  # deviation of the breath in the breathiest voice, where the buzz has about 0.9
LOWEST, HIGHEST = 60, 3800  # Hz: no pitch is lower, no harmonic higher
POINTS = 12  # bits: a swing is tabled at 4096 points


def speak(code: Codes, rng: np.random.RandomState) -> tuple[NDArray[np.int16], NDArray[np.int64]]:
    """Say one word for each entry of the traits: the sound (n, 6000) at 8000 Hz, and for how many samples it lasts."""
    length = N_VOWELS * code["vowel_ms"] * SAMPLING_RATE // 1000 * code["tempo"] // 1000
    parts = [slice(i, i + VOICES_AT_A_TIME) for i in range(0, len(length), VOICES_AT_A_TIME)]
    clips = [_say({name: trait[part] for name, trait in code.items()}, length[part], rng) for part in parts]
    return np.concatenate(clips), length


def _say(code: Codes, length: NDArray[np.int64], rng: np.random.RandomState) -> NDArray[np.int16]:
    time = np.arange(N_SAMPLES_PER_CLIP)[:, None] - code["start"]  # (samples, voices), as everything from here on
    breath = bell(rng, time.shape[::-1], 1000).T * (HISS * code["breath"] / 100 / 1000)
    sound = (_buzz(code, time, length) + breath) * _loudness(time, length)
    _resonate(sound, *_resonators(code, time[::STEP], length))
    sound[1:] -= code["microphone"] / 100 * sound[:-1]
    return np.rint(sound * (code["level"] / np.abs(sound).max(axis=0))).T.astype(np.int16)


def _buzz(code: Codes, time: NDArray[np.int64], length: NDArray[np.int64]) -> Floats:
    """Return the source: its harmonics fall by 6 dB an octave, as those of a glottis heard outside the mouth."""
    middle = code["pitch"] * (1000 + code["mood"])  # in thousandths of a hertz
    pitch = middle * (1000 + code["melody"] * np.clip(time, 0, length) // length) // 1000
    turns = np.cumsum(pitch * 2**32 // (1000 * SAMPLING_RATE), axis=0).astype(np.uint32)  # 2**32 to a full swing
    n_harmonics = 1000 * HIGHEST // pitch.max(axis=0)
    return sawteeth()[n_harmonics, turns >> (32 - POINTS)] / 2**13


@cache
def sawteeth() -> NDArray[np.int16]:
    """Return row k: a sawtooth of k harmonics, so that none lies above half the sampling rate; 8192 stands for 1."""
    angle = 2 * np.pi * np.arange(2**POINTS) / 2**POINTS
    k = np.arange(HIGHEST // LOWEST + 1)[:, None]
    return np.rint(2**13 * np.cumsum(np.sin(k * angle) / np.maximum(k, 1), axis=0)).astype(np.int16)


def _loudness(time: NDArray[np.int64], length: NDArray[np.int64]) -> Floats:
    ends = np.clip(time / RISE, 0, 1) * np.clip((length - time) / FALL, 0, 1)
    for i in range(1, N_VOWELS):  # a little softer from one vowel to the next
        ends *= 1 - 0.4 * np.clip(1 - np.abs(time - length * i / N_VOWELS) / DIP, 0, 1)
    return ends


def _resonators(code: Codes, time: NDArray[np.int64], length: NDArray[np.int64]) -> tuple[Floats, Floats, Floats]:
    """Return A, B, C of (steps, 5, voices): a filter that dulls, then four formants on their way through the word."""
    words = np.array([[VOWELS[vowel] for vowel in word.split("-")] for word in CHOICES["word"]])
    said = np.moveaxis(words[code["word"]], 0, -1)  # vowel, formant, voice
    formants = np.repeat(said[:1], len(time), axis=0).astype(np.float64)
    for i in range(1, N_VOWELS):
        share = np.clip((time - length * i / N_VOWELS) / GLIDE + 0.5, 0, 1)
        formants += share[:, None] * (said[i] - said[i - 1])
    hertz = np.rint(formants * code["formant_scale"] / 1000).astype(np.int64)
    B, C = np.zeros((2, len(time), 1 + len(BANDWIDTHS), len(length)))
    B[:, 0] = code["dull"] / 100
    tabled_B, tabled_C = resonances()
    B[:, 1:], C[:, 1:] = tabled_B[np.arange(len(BANDWIDTHS))[:, None], hertz], tabled_C[:, None]
    return 1 - B - C, B, C


@cache
def resonances() -> tuple[Floats, Floats]:
    """Return B of (4, 4001), for every bandwidth and whole number of hertz, and C of (4,), in units of 2**-24."""
    decay = np.exp(-np.pi * np.array(BANDWIDTHS) / SAMPLING_RATE)
    turn = 2 * np.pi * np.arange(SAMPLING_RATE // 2 + 1) / SAMPLING_RATE
    B, C = 2 * decay[:, None] * np.cos(turn), -(decay**2)
    return np.rint(2**24 * B) / 2**24, np.rint(2**24 * C) / 2**24


def _resonate(sound: Floats, A: Floats, B: Floats, C: Floats) -> None:
    """Filter in place, ``y[t] = A x[t] + B y[t-1] + C y[t-2]``, one resonator after the other.

    Each hears what the one before it said a sample ago, so that all take their step together.
    """
    heard, now, before = np.zeros((3, *A.shape[1:]))
    for t in range(len(sound)):
        heard[0], heard[1:] = sound[t], now[:-1]
        now, before = A[t // STEP] * heard + B[t // STEP] * now + C[t // STEP] * before, now
        sound[t] = now[-1]
