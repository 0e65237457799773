"""Writing a file so that nobody ever finds half of it."""

import os
import threading
from pathlib import Path

__all__ = ["write_whole"]


def write_whole(path: Path, text: str, newline: str = "\n") -> None:
    r"""Write `text` as UTF-8 so that a kill at any moment leaves the old file or the new one, never half of it.

    Parameters
    ----------
    path : Path
    text : str
    newline : str, default="\\n"
        What a line end becomes; "" leaves it as it is.

    Raises
    ------
    OSError
        If the file or its folder cannot be written; what stood there is still there.
    """
    unfinished = path.with_name(f".{os.getpid()}.{threading.get_ident()}.part")
    try:
        if path.exists() and not os.access(path, os.W_OK):
            raise PermissionError(13, os.strerror(13))
        with unfinished.open("w", encoding="utf-8", newline=newline) as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())  # otherwise a power cut may leave the new name with nothing behind it
        unfinished.replace(path)
    finally:
        if unfinished.exists():
            unfinished.unlink()
