"""Make the speech of spoken_digits: ``python datasets/spoken_digits/make.py`` (needs flite 2.2 on the PATH; half a minute).

Writes ``speech.flac`` (every clip, one after the other), ``clips.csv`` (where each clip is, what it says, who says it)
and ``SHA256SUMS``. Run once; the files are committed, so nobody else needs flite.
"""

import csv
import hashlib
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy.signal import resample_poly

HERE = Path(__file__).resolve().parent
SAMPLING_RATE = 8000  # Hz
WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
BASES = ["kal16", "slt", "awb", "rms"]  # flite's recorded voices, all at 16 kHz
NATURAL_PITCH = {"kal16": 95, "slt": 170, "awb": 125, "rms": 90}  # Hz; rms ignores a wish, so only tract changes it
NATURAL_LENGTH = {
    "kal16": 0.95,
    "slt": 0.95,
    "awb": 0.92,
    "rms": 0.88,
}  # of flite's speaking time: brisk, alike for all
LOW, HIGH = [1.00, 0.91, 1.10, 0.96, 1.13, 0.94, 1.05], [1.00, 0.92, 0.85, 0.96, 0.88, 0.94, 0.82]
TRACTS = {"kal16": LOW, "slt": HIGH, "awb": LOW, "rms": LOW}  # formants times this; slt, a woman, only goes down
PITCHES = [1.00, 1.25, 0.90, 0.80, 1.10, 1.40, 1.18]
TEMPI = [1.00, 0.92, 1.08, 1.12, 0.96, 1.02, 0.90]
N_TAKES = 3
N_WRITERS = 14


def main() -> None:
    """Speak every clip, then write the three files."""
    rng = np.random.RandomState(20240229)
    rows, clips, start = [], [], 0
    for voice in range(2 * N_WRITERS):
        for digit, word in enumerate(WORDS):
            for take in range(N_TAKES):
                clip = say(word, **settings(voice, rng))
                rows.append([len(clips), voice, voice // 2, BASES[voice % 4], digit, take, start, start + len(clip)])
                clips.append(clip)
                start += len(clip)
    soundfile.write(HERE / "speech.flac", np.concatenate(clips), SAMPLING_RATE, subtype="PCM_16", compression_level=1.0)
    with (HERE / "clips.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["clip", "voice", "writer", "base", "digit", "take", "start", "stop"])
        writer.writerows(rows)
    sums = [
        f"{hashlib.sha256((HERE / name).read_bytes()).hexdigest()}  {name}" for name in ["clips.csv", "speech.flac"]
    ]
    (HERE / "SHA256SUMS").write_text("\n".join(sums) + "\n")
    seconds = start / SAMPLING_RATE
    print(f"{len(clips)} clips, {seconds:.0f} s, longest {max(map(len, clips)) / SAMPLING_RATE:.3f} s")


def settings(voice: int, rng: np.random.RandomState) -> dict[str, object]:
    """Return how `voice` speaks, a little different at every take."""
    base, variant = BASES[voice % 4], voice // 4
    pitch, tempo, tract = rng.uniform(0.95, 1.05), rng.uniform(0.94, 1.06), rng.uniform(0.985, 1.015)
    return {
        "base": base,
        "pitch": NATURAL_PITCH[base] * PITCHES[variant] * pitch,
        "length": NATURAL_LENGTH[base] * TEMPI[variant] * tempo,
        "tract": TRACTS[base][variant] * tract,
    }


def say(word: str, base: str, pitch: float, length: float, tract: float) -> NDArray[np.int16]:
    """Return `word` at 8 kHz, trimmed, peak at 32000. Playing the synthesis `tract` times faster moves its formants."""
    with tempfile.TemporaryDirectory() as folder:
        wav = f"{folder}/word.wav"
        wishes = [f"int_f0_target_mean={pitch / tract:.3f}", f"duration_stretch={length * tract:.4f}"]
        flags = [flag for wish in wishes for flag in ("--setf", wish)]
        subprocess.run(["flite", "-voice", base, *flags, "-t", word, "-o", wav], check=True)
        wave, rate = soundfile.read(wav)
    wave = resample_poly(wave, 1000, round(1000 * tract * rate / SAMPLING_RATE))
    wave = trim(wave)
    return np.round(wave / np.abs(wave).max() * 32000).astype(np.int16)


def trim(wave: NDArray[np.float64], below: float = 0.012, margin: int = 80) -> NDArray[np.float64]:
    """Cut what is quieter than `below` times the loudest 10 ms from both ends, keep `margin` samples, fade the edges."""
    loudness = np.sqrt(np.convolve(wave**2, np.full(80, 1 / 80), mode="same"))
    heard = np.flatnonzero(loudness > below * loudness.max())
    wave = wave[max(heard[0] - margin, 0) : heard[-1] + margin].copy()
    fade = np.linspace(0, 1, 40)
    wave[:40] *= fade
    wave[-40:] *= fade[::-1]
    return wave


if __name__ == "__main__":
    main()
