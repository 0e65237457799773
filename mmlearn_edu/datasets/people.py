"""Persons who do not exist, each met several times: a drawn face, a synthetic voice, a name card."""

from typing import Any, Literal, overload

import numpy as np
from numpy.typing import NDArray

from mmlearn_edu.datasets._faces import draw_faces
from mmlearn_edu.datasets._files import read_card
from mmlearn_edu.datasets._names import full_names, write_cards
from mmlearn_edu.datasets._noise import add_audio_noise, add_image_noise, check_noise
from mmlearn_edu.datasets._persons import (
    CARD_TAKE,
    CHOICES,
    FACE_TAKE,
    RELATIONS,
    VOICE_TAKE,
    Codes,
    draw,
    persons,
)
from mmlearn_edu.datasets._random import RandomLike, streams
from mmlearn_edu.datasets._voices import speak
from mmlearn_edu.datasets.dataset import Dataset
from mmlearn_edu.modalities import Modalities

__all__ = ["make_people"]

NAME = "people"
HIGH_VOICE = 165  # Hz: from here a voice counts as high
NOT_TOLD = ("given", "family", "where", "letter")  # numbers that only say which name, and what sort of slip


@overload
def make_people(
    n_persons: int = ...,
    n_takes: int = ...,
    image_noise: float = ...,
    audio_snr_db: float | None = ...,
    random_state: RandomLike = ...,
    return_X_y: Literal[False] = ...,
) -> Dataset: ...
@overload
def make_people(
    n_persons: int = ...,
    n_takes: int = ...,
    image_noise: float = ...,
    audio_snr_db: float | None = ...,
    random_state: RandomLike = ...,
    *,
    return_X_y: Literal[True],
) -> tuple[Modalities, NDArray[np.int64]]: ...
def make_people(
    n_persons: int = 100,
    n_takes: int = 10,
    image_noise: float = 0.05,
    audio_snr_db: float | None = 20.0,
    random_state: RandomLike = 0,
    return_X_y: bool = False,
) -> Dataset | tuple[Modalities, NDArray[np.int64]]:
    """Make persons who do not exist, and meet each several times: a drawn face, a voice, a name card.

    No modality alone is enough to tell them apart. Persons come in pairs (0 and 1, 2 and 3, ...), again and again in
    this order: two who look alike (and share a family name), two who sound alike, two who share their whole name, two
    strangers.

    Parameters
    ----------
    n_persons : int, default=100
        How many persons, at least 1. The first ones stay the same when there are more.
    n_takes : int, default=10
        How often each is met, at least 1.
    image_noise : float, default=0.05
        Standard deviation of Gaussian noise on every pixel, as a share of the range from black to white.
    audio_snr_db : float, default=20.0
        Signal-to-noise ratio of white noise on every clip, in decibels, as in `load_spoken_digits`; None adds none.
    random_state : int, None, Generator or RandomState, default=0
        The same number gives the same persons and takes, bit for bit, on every machine.
    return_X_y : bool, default=False
        Return ``(X, y)`` instead of a `Dataset`.

    Returns
    -------
    Dataset of `n_persons` * `n_takes` samples, person by person
        ``X["image"]`` is uint8 of shape (n_samples, 48, 48, 3), RGB; ``X["audio"]`` int16 of shape (n_samples, 6000),
        mono at `SAMPLING_RATE` Hz, a word of four vowels; ``X["text"]`` an array of cards. ``y`` is the number of the
        person.

        To split: ``groups["person"]`` (`y` again), or ``groups["pair"]``, which keeps those who are alike on one side.
        To compare scores between: ``groups["voice_register"]`` (low, high), ``groups["glasses"]`` (yes, no) and
        ``groups["script"]`` (Latin, Han).

        The latents are all that was drawn: the person's name, relation, face and voice, and what was special about
        each take; the card lists them.

    Raises
    ------
    ValueError
        If `n_persons` or `n_takes` is not a whole number of at least 1, `image_noise` is not in 0..10, or
        `audio_snr_db` is not in -100..100.

    References
    ----------
    .. [1] Klatt, D. H. (1980). Software for a cascade/parallel formant synthesizer. Journal of the Acoustical Society
       of America 67, 971-995.
    .. [2] Peterson, G. E., and Barney, H. L. (1952). Control methods used in a study of the vowels. Journal of the
       Acoustical Society of America 24, 175-184.

    Examples
    --------
    >>> from mmlearn_edu.datasets import make_people
    >>> people = make_people(n_persons=6, n_takes=2)
    >>> people.X
    Modalities(image: (12, 48, 48, 3), audio: (12, 6000), text: (12,))
    >>> people.target_names[4:]  # two persons with one name: look, or listen
    ('4 陈华明', '5 陈华明')
    """
    _check_count("n_persons", n_persons, 100)
    _check_count("n_takes", n_takes, 10)
    check_noise(image_noise, audio_snr_db)
    who, change, seen, heard, card, breath, grain, hiss = streams(random_state, 8)
    n = n_persons * n_takes
    y, take = np.divmod(np.arange(n), n_takes)
    code = {name: trait[y] for name, trait in persons(n_persons, who, change).items()}
    code |= draw(FACE_TAKE, n, seen) | draw(VOICE_TAKE, n, heard) | draw(CARD_TAKE, n, card)
    voice, length = speak(code, breath)
    X = Modalities(
        {
            "image": add_image_noise(draw_faces(code), image_noise, grain),
            "audio": add_audio_noise(voice, length, audio_snr_db, hiss),
            "text": write_cards(code),
        }
    )
    if return_X_y:
        return X, y
    latents = _latents(code, y) | {"take": take, "length": length}
    return Dataset(
        name=NAME,
        X=X,
        y=y,
        groups=_groups(latents, y),
        latents=latents,
        card=read_card(NAME),
        target_names=tuple(f"{i} {name}" for i, name in enumerate(latents["name"][::n_takes])),
    )


def _check_count(name: str, count: int, example: int) -> None:
    if isinstance(count, bool) or not isinstance(count, (int, np.integer)) or count < 1:
        raise ValueError(f"{name}={count!r} must be a whole number of at least 1; try {example}")


def _latents(code: Codes, y: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
    """Say what was drawn in words, where there are words for it."""
    told: dict[str, NDArray[Any]] = {"name": full_names(code), "relation": np.array(RELATIONS)[y // 2 % len(RELATIONS)]}
    for name, trait in code.items():
        if name not in NOT_TOLD:
            told[name] = np.array(CHOICES[name])[trait] if name in CHOICES else trait
    return told


def _groups(latents: dict[str, NDArray[Any]], y: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
    return {
        "person": y,
        "pair": y // 2,
        "voice_register": np.where(latents["pitch"] < HIGH_VOICE, "low", "high"),
        "glasses": np.where(latents["eyewear"] == "none", "no", "yes"),
        "script": latents["script"],
    }
