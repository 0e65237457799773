"""Noise of a stated strength on pictures and sound, the same bytes on every machine."""

from numbers import Real

import numpy as np
from numpy.typing import NDArray

from mmlearn_edu.datasets._random import bell

__all__ = ["add_audio_noise", "add_image_noise", "check_noise"]

MOST_DECIBELS = 100  # beyond it, 16-bit sound holds the one or the other
MOST_NOISE = 10  # by then next to nothing is left of a picture
FINE = 4096  # the noise is drawn with this deviation, then brought to that of each clip
LOUDEST = 32000  # the peak of a clip, of the 32767 that int16 can hold
CLIPS_AT_A_TIME = 256  # to be sparing with memory


def check_noise(image_noise: float, audio_snr_db: float | None) -> None:
    """Complain about a noise that is no number, or that nothing would survive."""
    if not _is_number(image_noise) or not 0 <= image_noise <= MOST_NOISE:
        raise ValueError(
            f"image_noise={image_noise!r} must be a number from 0 to {MOST_NOISE}, a share of the range from white to "
            "black; try 0.4, and 0 for clean images"
        )
    if audio_snr_db is not None and not (_is_number(audio_snr_db) and abs(audio_snr_db) <= MOST_DECIBELS):
        raise ValueError(
            f"audio_snr_db={audio_snr_db!r} must be a number of decibels, from -{MOST_DECIBELS} to {MOST_DECIBELS}, "
            "or None for clean sound; "
            "try -10, where the noise has ten times the power of the speech"
        )


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def add_image_noise(image: NDArray[np.uint8], noise: float, rng: np.random.RandomState) -> NDArray[np.uint8]:
    """Add Gaussian noise whose deviation is that share of the range from black to white."""
    if noise == 0:
        return image
    noisy = image + bell(rng, image.shape, noise * 255)
    return np.clip(noisy, 0, 255).astype(np.uint8)


def add_audio_noise(
    audio: NDArray[np.int16], length: NDArray[np.int64], snr_db: float | None, rng: np.random.RandomState
) -> NDArray[np.int16]:
    """Add white noise to the whole row; turn the row down, speech and noise together, where it would not fit int16.

    `length` is how many samples of each row are speech: the silence around them does not count in the ratio.
    """
    if snr_db is None:
        return audio
    parts = [slice(i, i + CLIPS_AT_A_TIME) for i in range(0, len(audio), CLIPS_AT_A_TIME)]
    return np.concatenate([_mix(audio[part], length[part], snr_db, rng) for part in parts])


def _mix(
    audio: NDArray[np.int16], length: NDArray[np.int64], snr_db: float, rng: np.random.RandomState
) -> NDArray[np.int16]:
    power = (audio.astype(np.int64) ** 2).sum(axis=1) / length
    deviation = np.sqrt(power / 10 ** (snr_db / 10))
    noisy = audio + bell(rng, audio.shape, FINE) * (deviation / FINE)[:, None]
    loudest = np.abs(noisy).max(axis=1, keepdims=True)
    return np.rint(noisy * np.minimum(1, LOUDEST / loudest)).astype(np.int16)
