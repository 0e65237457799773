"""Everything people read about a run, made from its results alone, so that it can be made again at any time."""

from pathlib import Path

from mmlearn_edu._files import write_whole
from mmlearn_edu.grading.class_page import class_page
from mmlearn_edu.grading.feedback import feedback_page
from mmlearn_edu.grading.junit import junit_xml
from mmlearn_edu.grading.moodle import by_participant, feedback_zip, worksheet
from mmlearn_edu.grading.overview import overview
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
        What was written: ``report.html``, ``grades.csv``, ``junit.xml``, and the folder ``feedback``, with a page for
        each submission.

    Raises
    ------
    OSError
        If a file cannot be written.
    """
    found = read_results(out)
    seen = overview(found.graded)
    look = {submission: len(reasons) for submission, reasons in seen.look.items()}
    pages = out / "feedback"
    pages.mkdir(exist_ok=True)
    for result in found.graded:
        write_whole(pages / f"{result['submission']}.html", feedback_page(result))
    written: dict[Path, str | bytes] = {
        out / "report.html": class_page(seen, found.broken),
        out / "grades.csv": grades_csv(found.graded, look),
        out / "junit.xml": junit_xml(found.graded),
    }
    if participants := by_participant(found.graded):
        written[out / "grades_for_moodle.csv"] = worksheet(participants)
        written[out / "feedback_for_moodle.zip"] = feedback_zip(participants, pages)
    for path, content in written.items():
        write_whole(path, content)
    return [*written, pages]
