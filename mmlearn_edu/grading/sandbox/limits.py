"""How much a hand-in may take."""

from dataclasses import asdict, dataclass

__all__ = ["Limits"]


@dataclass(frozen=True)
class Limits:
    """Limits of one hand-in.

    Parameters
    ----------
    cell : float, default=20
        Seconds one cell may take.
    call : float, default=0
        Seconds all calls of one answer may take together; 0 for what its exercise says, 5 unless it trains. Those
        behind one that hangs have as much again, a fifth of it at most for each.
    submission : float, default=180
        Seconds everything may take.
    memory : int, default=2 GiB
        Bytes one process may take, on top of what the libraries take.
    all_memory : int, default=2.5 GiB
        Bytes all its processes may take together, looked at twenty times a second.
    processes, files : int, default=64, 256
        How many processes and threads there may be at a time, and open files in each.
    file_size, disk : int, default=64 MiB
        Bytes one file, and all files together, may take.
    """

    cell: float = 20.0
    call: float = 0.0
    submission: float = 180.0
    memory: int = 2 * 2**30
    all_memory: int = 5 * 2**29
    processes: int = 64
    files: int = 256
    file_size: int = 64 * 2**20
    disk: int = 64 * 2**20

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if not value > 0 and name != "call":
                raise ValueError(f"{name}={value} is not above 0; give the limit in seconds, bytes or pieces")
