"""One file of a learner's own -> one array; every complaint in words."""

import re
from collections.abc import Callable
from difflib import get_close_matches
from math import ceil, gcd
from pathlib import Path
from typing import IO, Any, TypeVar

import numpy as np
import soundfile
from numpy.typing import NDArray
from PIL import Image, ImageOps, ImageSequence

from mmlearn_edu.datasets.dataset import SAMPLING_RATE

__all__ = ["UnreadableFileError", "decode_sound", "read_audio", "read_clip", "read_image", "read_text"]

T = TypeVar("T")

SOUNDS = (".wav", ".flac", ".ogg")
PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff")  # other files in a folder are no frames
DEEP = ("I", "F")  # Pillow's modes of more than 8 bits per pixel: I, I;16, F


class UnreadableFileError(ValueError):  # stays in the room: `load_folder` lists its words
    """A file is missing or not what its column says; the words name it."""


def read_image(folder: Path, cell: str, size: tuple[int, int] | None) -> NDArray[np.uint8]:
    """Return a picture as (height, width, 3): upright as the camera was held, transparent parts white."""
    path = _find(folder, cell)

    def decode() -> NDArray[np.uint8]:
        with Image.open(path) as picture:
            return np.asarray(_resized(_flat(ImageOps.exif_transpose(picture)), size))

    return _told(decode, cell, "a picture")


def read_audio(folder: Path, cell: str, max_seconds: float | None = None) -> NDArray[np.int16]:
    """Return a sound as (n_samples,) at `SAMPLING_RATE`: the mean of its channels, 32768 as loud as can be."""
    path = _find(folder, cell)
    if path.suffix.lower() not in SOUNDS:
        raise UnreadableFileError(f"{cell!r} is not {', '.join(SOUNDS)}; convert it")

    return _told(lambda: decode_sound(path, max_seconds), cell, "a sound")


def decode_sound(file: Path | IO[bytes], max_seconds: float | None = None) -> NDArray[np.int16]:
    """Return a sound file as (n_samples,), what `read_audio` promises; no more than its first `max_seconds`."""
    with soundfile.SoundFile(file) as sound:
        rate = sound.samplerate
        n_frames = -1 if max_seconds is None else ceil((max_seconds + 1) * rate)  # the filter looks ahead a little
        channels = sound.read(n_frames, dtype="float64", always_2d=True)
    if not len(channels):
        raise UnreadableFileError("it holds no sound")
    if not np.isfinite(channels).all():
        raise UnreadableFileError("it holds NaN or inf")
    wave, common = channels.mean(axis=1), gcd(rate, SAMPLING_RATE)
    if rate != SAMPLING_RATE:
        from scipy.signal import resample_poly  # a second to load, and only other sampling rates need it

        wave = resample_poly(wave, SAMPLING_RATE // common, rate // common)
    wave = wave if max_seconds is None else wave[: round(max_seconds * SAMPLING_RATE)]
    return np.clip(np.rint(wave * 2**15), -(2**15), 2**15 - 1).astype(np.int16)


def read_text(folder: Path, cell: str) -> str:
    """Return the cell itself, or what is in the file where the cell ends in ``.txt``."""
    if not cell.lower().endswith(".txt"):
        return cell
    path = _find(folder, cell)
    text = _told(lambda: path.read_text(encoding="utf-8-sig").strip(), cell, "UTF-8 text")
    if not text:
        raise UnreadableFileError(f"{cell!r} has only blank lines")
    return text


def read_clip(folder: Path, cell: str, shape: tuple[int, int, int] | None) -> NDArray[np.uint8]:
    """Return a film as grey (n_frames, height, width) from a GIF, a folder of pictures in order, or an .npz."""
    path = _find(folder, cell, folder_too=True)

    def decode() -> NDArray[np.uint8]:
        frames = _frames(path)
        if not frames:
            raise UnreadableFileError("it holds no frames")
        if shape:  # the nearest of evenly spaced moments, from the first frame to the last
            moments = np.rint(np.linspace(0, len(frames) - 1, shape[0])).astype(int)
            frames = [_resized(frames[i], shape[1:]) for i in moments]
        if len(sizes := {frame.size for frame in frames}) > 1:
            raise UnreadableFileError(f"its frames have {len(sizes)} sizes; give clip_shape=(n_frames, height, width)")
        return np.stack([np.asarray(frame) for frame in frames])

    return _told(decode, cell, "a film")


def _frames(path: Path) -> list[Image.Image]:
    if path.is_dir():
        pictures = [file for file in sorted(path.iterdir(), key=_by_number) if file.suffix.lower() in PICTURES]
        return [_opened(file) for file in pictures]
    if path.suffix.lower() == ".npz":
        return [_flat(Image.fromarray(frame)).convert("L") for frame in _only_array(path)]
    if path.suffix.lower() == ".gif":
        with Image.open(path) as film:
            return [_flat(frame).convert("L") for frame in ImageSequence.Iterator(film)]
    raise UnreadableFileError("expected a .gif, an .npz, or a folder of pictures")


def _opened(path: Path) -> Image.Image:
    with Image.open(path) as picture:
        return _flat(ImageOps.exif_transpose(picture)).convert("L")


def _only_array(path: Path) -> NDArray[np.uint8]:
    with np.load(path, allow_pickle=False) as archive:
        arrays: list[NDArray[Any]] = [archive[name] for name in archive.files]
    found = ", ".join(f"{array.dtype} {array.shape}" for array in arrays) or "nothing"
    if len(arrays) != 1 or arrays[0].dtype != np.uint8 or arrays[0].shape[3:] not in ((), (3,)) or arrays[0].ndim < 3:
        raise UnreadableFileError(
            f"expected one uint8 array (n_frames, height, width) or (n_frames, height, width, 3), found {found}"
        )
    return arrays[0]


def _by_number(path: Path) -> list[tuple[int, str]]:
    """Sort frame2 before frame10."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", path.name)]


def _flat(picture: Image.Image) -> Image.Image:
    """Return it as RGB, over white where it is transparent."""
    if picture.mode.startswith(DEEP):
        raise UnreadableFileError("it has more than 8 bits per channel; save it with 8")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    rgba = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba).convert("RGB")


def _resized(picture: Image.Image, size: tuple[int, int] | None) -> Image.Image:
    """Stretch to (height, width), averaging where it shrinks; Pillow counts width first."""
    return picture if size is None else picture.resize((size[1], size[0]), Image.Resampling.BILINEAR)


def _find(folder: Path, cell: str, folder_too: bool = False) -> Path:
    """Return the path a cell names, written with slashes or backslashes."""
    path = folder / cell.replace("\\", "/")
    if not path.exists():
        names = [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else []
        near = get_close_matches(path.name, names, n=1)
        raise UnreadableFileError(f"there is no {cell!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
    if path.is_dir() and not folder_too:
        raise UnreadableFileError(f"{cell!r} is a folder; name a file in it")
    if path.is_file() and path.stat().st_size == 0:
        raise UnreadableFileError(f"{cell!r} is empty (0 bytes)")
    return path


def _told(decode: Callable[[], T], cell: str, what: str) -> T:
    try:
        return decode()
    except UnreadableFileError as error:
        raise UnreadableFileError(f"{cell!r} cannot be read as {what}: {error}") from error
    except Exception as error:  # a decoder raises whatever it likes on a damaged file; all of it is told
        raise UnreadableFileError(f"{cell!r} cannot be read as {what} ({type(error).__name__}: {error})") from error
