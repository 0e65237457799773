"""Everything people read about a run, made from its results alone, so that it can be made again at any time."""

from pathlib import Path

from mmlearn_edu._files import write_whole
from mmlearn_edu.grading.results import read_results
from mmlearn_edu.grading.tables import grades_csv

__all__ = ["write_reports"]


def write_reports(out: Path) -> list[Path]:
    """Write the reports of the results in a folder; each is whole at any moment.

    Parameters
    ----------
    out : Path
        The folder of the run: ``<submission>.json`` for every hand-in. A file that holds no valid result is named in
        the report of the class, with what is wrong with it.

    Returns
    -------
    list of Path
        What was written: ``grades.csv``.

    Raises
    ------
    OSError
        If a file cannot be written.
    """
    found = read_results(out)
    look = {result["submission"]: len(result["look"]) for result in found.graded}
    grades = out / "grades.csv"
    write_whole(grades, grades_csv(found.graded, look), newline="")
    return [grades]
