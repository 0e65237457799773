"""Who the invented persons are (traits that last) and how each take shows them (circumstances that change)."""

from collections.abc import Mapping, Sequence
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

__all__ = ["CARD_TAKE", "CHOICES", "FACE", "FACE_TAKE", "RELATIONS", "VOICE", "VOICE_TAKE", "Codes", "draw", "persons"]

Codes = dict[str, NDArray[np.int64]]
# A trait is a range, both ends possible, or a list to choose from; what stands there twice comes twice as often.
Traits = Mapping[str, tuple[int, int] | Sequence[str]]

LOOKS: Traits = {
    "skin": (0, 7),  # light to dark
    "hair_colour": ["black", "dark brown", "brown", "light brown", "blond", "red", "grey", "teal"],
    "hair_style": ["bald", "short", "fringe", "parted", "long", "curly", "bun", "wavy"],
    "eye_colour": ["brown", "amber", "green", "blue", "grey"],
    "beard": ["none", "none", "none", "moustache", "full", "goatee"],
    "eyewear": ["none", "none", "none", "round", "square"],
    "mark": ["none", "none", "none", "mole left", "mole right", "freckles"],
}
BUILD: Traits = {  # tenths of a pixel, from the middle of the head, unless another unit is given
    "head_width": (112, 142),
    "head_height": (145, 175),
    "jaw": (0, 100),  # per cent, round to square
    "chin": (0, 30),  # per cent by which the face narrows towards it
    "eye_distance": (46, 64),
    "eye_size": (22, 32),
    "eye_height": (-28, -2),  # y grows downward, as in every picture
    "brow_height": (42, 64),  # above the eyes
    "brow_slope": (-25, 25),  # per cent
    "brow_thickness": (5, 13),
    "nose_length": (35, 75),
    "nose_width": (14, 32),
    "mouth_height": (72, 98),
    "mouth_width": (34, 66),
    "lips": (6, 15),
    "ears": (16, 32),
}
FACE: Traits = {**LOOKS, **BUILD}
VOICE: Traits = {
    "pitch": (95, 250),  # Hz
    "formant_scale": (860, 1180),  # per mille of the average man's formants: the shorter the vocal tract, the higher
    "vowel_ms": (100, 155),  # how long a vowel lasts, ms
    "melody": (-200, 100),  # per mille by which the pitch moves from beginning to end
    "breath": (0, 100),  # per cent of the breathiest
    "dull": (0, 60),  # per cent: the buzz of the glottis loses its highs
}
NAME: Traits = {"given": (0, 2**15 - 1), "family": (0, 2**15 - 1), "script": ["Latin", "Latin", "Latin", "Han"]}

FACE_TAKE: Traits = {
    "shift_x": (-12, 12),  # tenths of a pixel
    "shift_y": (-10, 10),
    "zoom": (950, 1050),  # per mille
    "tilt": (-50, 50),  # per mille, tangent of half the angle: up to 6 degrees
    "turn": (-12, 12),  # tenths of a pixel by which the features move across the head
    "nod": (-8, 8),
    "smile": (-30, 110),  # per cent
    "mouth_open": (-60, 60),  # below 0 is closed
    "gaze": (-9, 9),
    "lids": (30, 140),  # per cent; from 100 the eyes are wide open
    "glare": ["none", "none", "none", "glare"],  # on the glasses, where there are any
    "brightness": (800, 1100),  # per mille
    "side_light": (-150, 150),
    "warmth": (-50, 50),
    "wall": (0, 5),
    "shirt": (0, 7),
    "blur": ["none", "none", "none", "little", "much"],
    "cover": ["none", "none", "none", "none", "none", "none", "scarf", "hat"],
}
VOICE_TAKE: Traits = {
    "word": ["-".join(vowels) for vowels in permutations(("iy", "eh", "aa", "ao", "uw"), 4)],
    "mood": (-30, 30),  # per mille of the pitch
    "tempo": (900, 1100),  # per mille of the length of a vowel
    "start": (0, 400),  # samples before the voice sets in
    "level": (4000, 24000),  # the loudest sample, of 32767
    "microphone": (-5, 10),  # per cent, dull to sharp
}
CARD_TAKE: Traits = {
    "form": ["full"] * 5 + ["family first"] * 3 + ["initial", "cut", "plain"] * 2 + ["initials", "given only"],
    "slip": ["none"] * 6 + ["swap", "drop", "double", "mistype"],
    "where": (0, 2**15 - 1),
    "letter": (0, 2**15 - 1),
}
TABLES = (FACE, VOICE, NAME, FACE_TAKE, VOICE_TAKE, CARD_TAKE)
CHOICES = {name: values for table in TABLES for name, values in table.items() if isinstance(values, list)}

RELATIONS = ("look alike", "sound alike", "share a name", "strangers")  # of the persons of a pair, pair after pair
LARGEST_DIFFERENCE = 2  # between two who look or sound alike, in units of each trait


def draw(traits: Traits, n: int, rng: np.random.RandomState) -> Codes:
    """Draw `n` values of each trait, evenly: a number of its range, or the position in its list.

    All traits of the first come first, then all of the second: whoever asks for more gets the same ones, and more.
    """
    ends = [(0, len(values) - 1) if isinstance(values, list) else values for values in traits.values()]
    low, high = np.array(ends).T
    random = np.frombuffer(rng.bytes(2 * n * len(traits)), dtype="<u2").reshape(n, -1).astype(np.int64)
    return dict(zip(traits, (low + (random * (high - low + 1) >> 16)).T, strict=True))


def persons(n: int, rng: np.random.RandomState, other: np.random.RandomState) -> Codes:
    """Draw `n` persons, pair by pair: the second of a pair takes after the first, in the way of `RELATIONS`."""
    code = draw({**FACE, **VOICE, **NAME}, n, rng)
    inexact = {**BUILD, **VOICE}
    change = draw(dict.fromkeys(inexact, (-LARGEST_DIFFERENCE, LARGEST_DIFFERENCE)), n, other)
    relation, place = np.divmod(np.arange(n), 2)
    shared = {"look alike": {**FACE, "family": 0, "script": 0}, "sound alike": VOICE, "share a name": NAME}
    for kind, names in shared.items():
        second = np.flatnonzero((relation % len(RELATIONS) == RELATIONS.index(kind)) & (place == 1))
        for name in names:
            code[name][second] = code[name][second - 1]
            if name in inexact:
                low, high = inexact[name]
                code[name][second] = np.clip(code[name][second] + change[name][second], low, high)
    return code
