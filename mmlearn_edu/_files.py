"""Writing a file so that nobody ever finds half of it."""

import os
import threading
from pathlib import Path

__all__ = ["write_whole"]


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file so that a kill at any moment leaves the old one or the new one, never half of it.

    Parameters
    ----------
    path : Path
    content : str or bytes
        A text becomes UTF-8; its line ends stay as they are.

    Raises
    ------
    OSError
        If the file or its folder cannot be written; what stood there is still there.
    """
    unfinished = path.with_name(f".{os.getpid()}.{threading.get_ident()}.part")
    try:
        if path.exists() and not os.access(path, os.W_OK):
            raise PermissionError(13, os.strerror(13))
        with unfinished.open("wb") as file:
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())  # otherwise a power cut may leave the new name with nothing behind it
        unfinished.replace(path)
    finally:
        if unfinished.exists():
            unfinished.unlink()
