"""Where the files we ship live: inside an installed wheel, or in the repository beside the package."""

from pathlib import Path

__all__ = ["resource"]

_PACKAGE = Path(__file__).resolve().parent


def resource(*parts: str) -> Path:
    """Return the path of a shipped file or folder, for instance ``resource("datasets", "spoken_digits")``.

    Raises
    ------
    FileNotFoundError
        If neither the installed package nor the repository has it.
    """
    candidates = [_PACKAGE.joinpath("_shipped", *parts), _PACKAGE.parent.joinpath(*parts)]
    for path in candidates:
        if path.exists():
            return path
    raise FileNotFoundError(
        f"{'/'.join(parts)} is not part of this installation (looked in {candidates[0]} and {candidates[1]}); "
        "install mmlearn-edu again, and run `mmlearn-edu doctor` to see what is missing"
    )
