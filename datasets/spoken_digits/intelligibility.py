"""Count the clips that an English speech recogniser understands: ``python datasets/spoken_digits/intelligibility.py``.

A check for those who change the speech, not part of the package: it needs ``pip install pocketsphinx soundfile scipy``.
The recogniser hears the shipped clips, clean, one by one, and must choose one of ten words.
"""

import csv
import json
import sys
from collections import Counter
from importlib.metadata import version
from pathlib import Path

import numpy as np
import soundfile
from pocketsphinx import Decoder
from scipy.signal import resample_poly

HERE = Path(__file__).resolve().parent
WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def main() -> None:
    """Print the share of clips understood, over all, by voice and by word."""
    speech, rate = soundfile.read(HERE / "speech.flac", dtype="int16")
    with (HERE / "clips.csv").open() as file:
        clips = [{k: v if k == "base" else int(v) for k, v in row.items()} for row in csv.DictReader(file)]
    decoder = Decoder(samprate=16000, loglevel="FATAL")
    decoder.add_jsgf_string("digits", f"#JSGF V1.0; grammar digits; public <digit> = {' | '.join(WORDS)};")
    decoder.activate_search("digits")
    heard = [recognise(decoder, speech[c["start"] : c["stop"]], rate) for c in clips]
    right = np.array([WORDS[c["digit"]] == h for c, h in zip(clips, heard, strict=True)])
    print(f"pocketsphinx {version('pocketsphinx')}, its own en-us model, Python {sys.version.split()[0]}")
    print(f"understood: {right.sum()} of {len(right)} clips, {right.mean():.1%}")
    for key in ("base", "voice", "digit"):
        groups = np.array([c[key] for c in clips])
        print(key, json.dumps({str(g): round(float(right[groups == g].mean()), 2) for g in np.unique(groups)}))
    pairs = zip(clips, heard, strict=True)
    print(
        "most common slips:", Counter((WORDS[c["digit"]], h) for c, h in pairs if WORDS[c["digit"]] != h).most_common(8)
    )


def recognise(decoder: Decoder, clip: np.ndarray, rate: int) -> str:
    """Return the word heard in `clip` of int16, between two pauses, at the recogniser's 16 kHz."""
    pause = np.zeros(rate // 4, dtype=np.int16)
    wave = resample_poly(np.concatenate([pause, clip, pause]).astype(float) * 0.5, 16000, rate)
    decoder.start_utt()
    decoder.process_raw(np.round(wave).astype("<i2").tobytes(), full_utt=True)
    decoder.end_utt()
    return decoder.hyp().hypstr if decoder.hyp() else ""


if __name__ == "__main__":
    main()
