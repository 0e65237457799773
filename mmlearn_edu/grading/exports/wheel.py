"""The package itself as a wheel, the same bytes every time: where an export is graded, there is no repository.

References
----------
The wheel format: https://packaging.python.org/en/latest/specifications/binary-distribution-format/
"""

import base64
import functools
import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path

import mmlearn_edu
from mmlearn_edu._resources import resource
from mmlearn_edu.grading.exports.plan import ExportError
from mmlearn_edu.grading.words import say

__all__ = ["CPU_TORCH", "requirements", "wheel", "wheel_name", "zipped"]

CPU_TORCH = "https://download.pytorch.org/whl/cpu"  # PyPI's torch for Linux brings gigabytes of CUDA
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can name
_INFO = f"mmlearn_edu-{mmlearn_edu.__version__}.dist-info"
_WHEEL = "Wheel-Version: 1.0\nGenerator: mmlearn-edu\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
_ENTRY_POINTS = "[console_scripts]\nmmlearn-edu = mmlearn_edu.cli:main\n"


def wheel_name() -> str:
    """Return the file name that pip expects."""
    return f"mmlearn_edu-{mmlearn_edu.__version__}-py3-none-any.whl"


def requirements(folder: str) -> str:
    """Return the lines of a requirements file that install our wheel from `folder`, with torch for processors only."""
    return f"--extra-index-url {CPU_TORCH}\nmmlearn-edu @ file://{folder}/{wheel_name()}\n"


@functools.cache
def wheel() -> bytes:
    """Return the installed package, its datasets and its notebooks as a wheel."""
    files = {name: path.read_bytes() for name, path in _sources()}
    files |= {
        f"{_INFO}/METADATA": _metadata().encode(),
        f"{_INFO}/WHEEL": _WHEEL.encode(),
        f"{_INFO}/entry_points.txt": _ENTRY_POINTS.encode(),
    }
    return zipped({**files, f"{_INFO}/RECORD": _record(files).encode()})


def zipped(files: Mapping[str, bytes], executable: tuple[str, ...] = ()) -> bytes:
    """Return a zip of `files` that says nothing of when and by whom it was made."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # as on Unix: the bits below are permissions
            entry.external_attr = (0o100755 if name in executable else 0o100644) << 16
            archive.writestr(entry, files[name])
    return packed.getvalue()


def _sources() -> Iterator[tuple[str, Path]]:
    """Yield what a wheel of ours holds; what we ship lies beside the package in a repository, in it elsewhere."""
    package = Path(mmlearn_edu.__file__).parent
    shipped = {"datasets": resource("datasets"), "notebooks": resource("notebooks")}
    roots = {"mmlearn_edu": package, **{f"mmlearn_edu/_shipped/{name}": path for name, path in shipped.items()}}
    for root, folder in roots.items():
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder)
            left_out = any(part == "__pycache__" or part.startswith(".") for part in inside.parts)
            if path.is_file() and not left_out and inside.parts[0] != "_shipped":
                yield f"{root}/{inside.as_posix()}", path


def _metadata() -> str:
    """Say what is installed beside us; extras are for those who work on the package."""
    try:
        needed = [one for one in metadata.requires("mmlearn-edu") or [] if "extra ==" not in one]
    except metadata.PackageNotFoundError:
        raise ExportError(say("exports", "not-installed")) from None
    lines = ["Metadata-Version: 2.1", "Name: mmlearn-edu", f"Version: {mmlearn_edu.__version__}"]
    lines += ["Requires-Python: >=3.11", *(f"Requires-Dist: {one}" for one in sorted(needed))]
    return "\n".join(lines) + "\n"


def _record(files: Mapping[str, bytes]) -> str:
    lines = [f"{name},sha256={_digest(files[name])},{len(files[name])}" for name in sorted(files)]
    return "\n".join([*lines, f"{_INFO}/RECORD,,"]) + "\n"


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
