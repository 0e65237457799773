"""Drawn scenes, each seen, told, heard and filmed; everything about them is known."""

import numpy as np
from numpy.typing import NDArray

from mmlearn_edu.datasets._files import read_card
from mmlearn_edu.datasets._random import RandomLike, bell, streams
from mmlearn_edu.datasets._templates import CHINESE, COLOURS, MOTIONS, SHAPES, SIDE, SIZES, STEPS, masks, tones
from mmlearn_edu.datasets.dataset import SAMPLING_RATE, Dataset
from mmlearn_edu.modalities import Modalities

__all__ = ["make_scenes"]

NAME = "scenes"
N_FRAMES = 8
N_SAMPLES_PER_CLIP = 4096  # about half a second of sound
PITCHES = (220, 700)  # Hz, lowest and highest; the fifth harmonic still fits below half the sampling rate
BACKGROUNDS = (20, 100)  # grey levels
MARGIN = 10  # pixels between the middle of a shape and the edge of its picture: the largest shape fits
FILM_DARK, FILM_BRIGHT = 30, 200  # the film is in grey, alike for every colour and background
IMAGE_GRAIN, FILM_GRAIN, HISS = 6.0, 10.0, 150.0  # standard deviations of the noise, in grey levels and in int16 units

Codes = dict[str, NDArray[np.int64]]


def make_scenes(n_samples: int = 1000, random_state: RandomLike = 0, language: str = "en") -> Dataset:
    """Make scenes: a coloured shape on a grey ground, its caption, its sound, and a film of it on the move.

    Parameters
    ----------
    n_samples : int, default=1000
        How many scenes, at least 1.
    random_state : int, None, Generator or RandomState, default=0
        The same number gives the same scenes, bit for bit, on every machine.
    language : {"en", "zh"}, default="en"
        Of the captions: English, or simplified Chinese, which puts no blanks between words. It changes nothing else:
        caption i says the same of the same scene in both.

    Returns
    -------
    Dataset of `n_samples` samples
        ``X["image"]`` is uint8 of shape (n_samples, 32, 32, 3), RGB; ``X["text"]`` an array of captions;
        ``X["audio"]`` int16 of shape (n_samples, 4096), mono at `SAMPLING_RATE` Hz; ``X["clip"]`` uint8 of shape
        (n_samples, 8, 32, 32), grey. ``y`` is None: what to predict is up to you. The latents, each drawn evenly and
        independently of all others, and where each can be found:

        ==============  ===================================  =====  ====  =====  ====
        latent          values                               image  text  audio  clip
        ==============  ===================================  =====  ====  =====  ====
        shape           circle, square, triangle, cross      yes    yes   yes    yes
        size            small, medium, large                 yes    yes   yes    yes
        colour          six names                            yes    yes   no     no
        background      20 to 100, grey level                yes    no    no     no
        x, y            10 to 21, pixels                     yes    no    no     no
        pitch           220 to 700, Hz                       no     no    yes    no
        motion          left, right, up, down                no     no    no     yes
        clip_x, clip_y  0 to 31, pixels, in the first frame  no     no    no     yes
        ==============  ===================================  =====  ====  =====  ====

    Raises
    ------
    ValueError
        If `n_samples` is not a whole number of at least 1, or `language` is neither "en" nor "zh".

    Examples
    --------
    >>> from mmlearn_edu.datasets import make_scenes
    >>> make_scenes(2).X["text"].tolist()
    ['a medium green cross', 'a small magenta square']
    >>> make_scenes(2, language="zh").X["text"].tolist()
    ['一个中等大小的绿色十字形', '一个小的品红色正方形']
    """
    if isinstance(n_samples, bool) or not isinstance(n_samples, (int, np.integer)) or n_samples < 1:
        raise ValueError(f"n_samples={n_samples!r} must be a whole number of at least 1; try 1000")
    if language not in ("en", "zh"):
        raise ValueError(f"{language=} is not a language of the captions; there are 'en' and 'zh' (Chinese)")
    latent_rng, image_rng, audio_rng, clip_rng = streams(random_state, 4)
    code = _draw_latents(int(n_samples), latent_rng)
    X = Modalities(
        {
            "image": _paint(code, image_rng),
            "text": _tell(code, language),
            "audio": _sound(code, audio_rng),
            "clip": _film(code, clip_rng),
        }
    )
    names = {"shape": SHAPES, "size": SIZES, "colour": list(COLOURS), "motion": MOTIONS}
    latents = {name: np.array(names[name])[value] if name in names else value for name, value in code.items()}
    del latents["phase"]  # where in its swing the tone begins: of no interest
    return Dataset(name=NAME, X=X, latents=latents, card=read_card(NAME))


def _draw_latents(n_samples: int, rng: np.random.RandomState) -> Codes:
    """Draw every latent evenly and by itself; names are still numbers here."""
    ranges = {
        "shape": (0, len(SHAPES)),
        "size": (0, len(SIZES)),
        "colour": (0, len(COLOURS)),
        "background": (BACKGROUNDS[0], BACKGROUNDS[1] + 1),
        "x": (MARGIN, SIDE - MARGIN),
        "y": (MARGIN, SIDE - MARGIN),
        "pitch": (PITCHES[0], PITCHES[1] + 1),
        "motion": (0, len(MOTIONS)),
        "clip_x": (0, SIDE),
        "clip_y": (0, SIDE),
        "phase": (0, 2**32),
    }
    return {name: rng.randint(low, high, size=n_samples, dtype=np.int64) for name, (low, high) in ranges.items()}


def _paint(code: Codes, rng: np.random.RandomState) -> NDArray[np.uint8]:
    """Paint (n_samples, 32, 32, 3): the colour where the shape is, the background elsewhere, mixed at the rim."""
    cover = _place(code, code["x"], code["y"])[..., None].astype(np.uint16)  # 0 to 255
    colour = np.array(list(COLOURS.values()), dtype=np.uint16)[code["colour"]][:, None, None, :]
    ground = code["background"].astype(np.uint16)[:, None, None, None]
    mixed = (cover * colour + (255 - cover) * ground) // 255  # at most 255 * 255, which uint16 holds
    return _grain(mixed.astype(np.uint8), IMAGE_GRAIN, rng)


def _tell(code: Codes, language: str) -> NDArray[np.object_]:
    """Say size, colour and shape; in Chinese without blanks, and with 的 between what is and what it is like."""
    names = [SIZES, list(COLOURS), SHAPES]
    if language == "zh":
        names = [[CHINESE[name] for name in group] for group in names]
    sizes, colours, shapes = (np.array(group, dtype=object) for group in names)
    size, colour, shape = sizes[code["size"]], colours[code["colour"]], shapes[code["shape"]]
    return "一个" + size + "的" + colour + shape if language == "zh" else "a " + size + " " + colour + " " + shape


def _sound(code: Codes, rng: np.random.RandomState) -> NDArray[np.int16]:
    """Play (n_samples, 4096): the shape gives the timbre, the size how long it rings, and the pitch is free."""
    waves, envelopes = tones(N_SAMPLES_PER_CLIP)
    time = np.arange(N_SAMPLES_PER_CLIP, dtype=np.uint32)
    turn = code["pitch"] * 2**32 // SAMPLING_RATE  # 2**32 to a full swing, so that uint32 starts again by itself
    turns = code["phase"].astype(np.uint32)[:, None] + turn.astype(np.uint32)[:, None] * time
    swing = waves[code["shape"][:, None], turns >> 22].astype(np.int32)  # one of 1024 points
    loud = swing * envelopes[code["size"]] >> 15
    return (loud + bell(rng, loud.shape, HISS)).astype(np.int16)


def _film(code: Codes, rng: np.random.RandomState) -> NDArray[np.uint8]:
    """Film (n_samples, 8, 32, 32): three pixels a frame, leaving at one edge and coming back at the other.

    Every single frame therefore shows the shape anywhere, whichever way it goes: one frame tells nothing of the motion.
    """
    step_x, step_y = np.array(STEPS, dtype=np.int64)[code["motion"]].T
    t = np.arange(N_FRAMES)
    cover = _place(code, code["clip_x"][:, None] + step_x[:, None] * t, code["clip_y"][:, None] + step_y[:, None] * t)
    grey = np.arange(256) * (FILM_BRIGHT - FILM_DARK) // 255 + FILM_DARK
    return _grain(grey.astype(np.uint8)[cover], FILM_GRAIN, rng)


def _place(code: Codes, x: NDArray[np.int64], y: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Place each scene's shape with its middle at (x, y): x.shape + (32, 32), from 0 outside to 255 inside."""
    twice = np.concatenate([masks(), masks()], axis=-1)
    shifted = np.lib.stride_tricks.sliding_window_view(twice, SIDE, axis=-1)  # shape, size, row, shift, column
    shape, size = (code[name].reshape(-1, *[1] * x.ndim) for name in ("shape", "size"))
    row = (np.arange(SIDE) - y[..., None] + SIDE // 2) % SIDE
    return shifted[shape, size, row, (SIDE // 2 - x[..., None]) % SIDE]


def _grain(picture: NDArray[np.uint8], deviation: float, rng: np.random.RandomState) -> NDArray[np.uint8]:
    noisy = bell(rng, picture.shape, deviation)
    noisy += picture
    return np.clip(noisy, 0, 255, out=noisy).astype(np.uint8)
