"""Bounded memory for the judge: what came back is plain data, and may still be made to grow when it is compared."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["bounded_memory"]

MORE = 2**30  # bytes


@contextmanager
def bounded_memory(more: int = MORE) -> Iterator[None]:
    """Let this process take `more` bytes and no further; beyond them NumPy raises MemoryError.

    A column of ten thousand minus a row of ten thousand is a table of a hundred million.
    """
    import resource  # here: Windows has none, and grades nothing

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize() + more
    open_end = [limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min([wanted, *open_end]), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
