"""Make the speech of spoken_digits: ``python datasets/spoken_digits/make.py`` (needs flite 2.2; a minute).

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
from scipy.fft import dct, idct
from scipy.signal import oaconvolve, resample_poly, welch

HERE = Path(__file__).resolve().parent
SAMPLING_RATE = 8000  # Hz
WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
BASES = ["kal16", "slt", "awb", "rms"]  # flite's recorded voices, all at 16 kHz
NATURAL_PITCH = {"kal16": 95, "slt": 170, "awb": 125, "rms": 90}  # Hz; rms ignores a wish, only the tract changes it
NATURAL_LENGTH = {"kal16": 1.05, "slt": 1.05, "awb": 1.02, "rms": 0.97}  # of flite's speaking time: alike for all
LOW, HIGH = [1.00, 0.93, 1.08, 0.96, 1.12, 0.94, 1.05], [1.00, 0.93, 0.86, 0.96, 0.89, 0.94, 0.83]
TRACTS = {"kal16": LOW, "slt": HIGH, "awb": LOW, "rms": LOW}  # formants times this; slt, a woman, only goes down
PITCHES = [1.00, 1.25, 0.90, 0.80, 1.10, 1.40, 1.18]
TEMPI = [1.00, 0.95, 1.05, 1.08, 0.97, 1.02, 0.93]
N_TAKES = 3
N_WRITERS = 14
TILT = 2.0  # dB per kHz: highs up a little, as in telephony, so that consonants outlive some noise


def main() -> None:
    """Speak every clip, then write the three files."""
    rng = np.random.RandomState(20240229)
    facts = [(v, d, t) for v in range(2 * N_WRITERS) for d in range(10) for t in range(N_TAKES)]
    waves = [say(WORDS[digit], **settings(voice, rng)) for voice, digit, _ in facts]
    bases = [BASES[voice % 4] for voice, _, _ in facts]
    filters = one_microphone({b: [w for w, whose in zip(waves, bases, strict=True) if whose == b] for b in BASES})
    clips = [finish(oaconvolve(w, filters[b], mode="same")) for w, b in zip(waves, bases, strict=True)]
    ends = np.cumsum([len(clip) for clip in clips])
    soundfile.write(HERE / "speech.flac", np.concatenate(clips), SAMPLING_RATE, subtype="PCM_16", compression_level=1.0)
    with (HERE / "clips.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["clip", "voice", "writer", "base", "digit", "take", "start", "stop"])
        for i, ((voice, digit, take), clip, end) in enumerate(zip(facts, clips, ends, strict=True)):
            writer.writerow([i, voice, voice // 2, BASES[voice % 4], digit, take, end - len(clip), end])
    sums = [
        f"{hashlib.sha256((HERE / name).read_bytes()).hexdigest()}  {name}" for name in ["clips.csv", "speech.flac"]
    ]
    (HERE / "SHA256SUMS").write_text("\n".join(sums) + "\n")
    print(f"{len(clips)} clips, {ends[-1] / SAMPLING_RATE:.0f} s, longest {max(map(len, clips))} samples")


def settings(voice: int, rng: np.random.RandomState) -> dict[str, object]:
    """Return how `voice` speaks, a little different at every take."""
    base, variant = BASES[voice % 4], voice // 4
    pitch, tempo, tract = rng.uniform(0.95, 1.05), rng.uniform(0.95, 1.05), rng.uniform(0.985, 1.015)
    return {
        "base": base,
        "pitch": NATURAL_PITCH[base] * PITCHES[variant] * pitch,
        "length": NATURAL_LENGTH[base] * TEMPI[variant] * tempo,
        "tract": TRACTS[base][variant] * tract,
    }


def say(word: str, base: str, pitch: float, length: float, tract: float) -> NDArray[np.float64]:
    """Speak `word` and bring it to 8 kHz. Playing the synthesis `tract` times faster moves its formants."""
    with tempfile.TemporaryDirectory() as folder:
        wav = f"{folder}/word.wav"
        wishes = [f"int_f0_target_mean={pitch / tract:.3f}", f"duration_stretch={length * tract:.4f}"]
        flags = [flag for wish in wishes for flag in ("--setf", wish)]
        subprocess.run(["flite", "-voice", base, *flags, "-t", word, "-o", wav], check=True)
        wave, rate = soundfile.read(wav)
    return resample_poly(wave, 1000, round(1000 * tract * rate / SAMPLING_RATE))


def one_microphone(waves: dict[str, list[NDArray[np.float64]]]) -> dict[str, NDArray[np.float64]]:
    """Return a filter for each base that gives all four the same average spectrum, as if recorded alike."""
    level = {base: np.log(welch(np.concatenate(w), nperseg=256)[1]) for base, w in waves.items()}
    tilt = np.linspace(0, SAMPLING_RATE / 2000, 129) * TILT * np.log(10) / 10
    target = np.mean(list(level.values()), axis=0) + tilt
    filters = {}
    for base, found in level.items():
        shape = dct(target - found, norm="ortho")
        shape[14:] = 0  # the broad shape only
        gain = np.exp(idct(shape, norm="ortho") / 2)
        gain[:2] = gain[2]
        filters[base] = np.roll(np.fft.irfft(gain), 128) * np.hanning(256)
    return filters


def finish(wave: NDArray[np.float64], below: float = 0.012, margin: int = 80) -> NDArray[np.int16]:
    """Cut off what is quieter than `below` times the loudest 10 ms, save a margin; fade the ends; peak at 32000."""
    loudness = np.sqrt(np.convolve(wave**2, np.full(80, 1 / 80), mode="same"))
    heard = np.flatnonzero(loudness > below * loudness.max())
    wave = wave[max(heard[0] - margin, 0) : heard[-1] + margin].copy()
    fade = np.linspace(0, 1, 40)
    wave[:40] *= fade
    wave[-40:] *= fade[::-1]
    return np.round(wave / np.abs(wave).max() * 32000).astype(np.int16)


if __name__ == "__main__":
    main()
