"""The notebook that a class gets, of a chapter of the workbook or of a teacher's own."""

from mmlearn_edu._resources import resource
from mmlearn_edu.authoring.notebooks import build_handout, to_bytes
from mmlearn_edu.checks import registry
from mmlearn_edu.checks.messages import nearest, say

__all__ = ["hand_out"]


def hand_out(chapter: str) -> bytes:
    """Return the file to hand out: the same bytes every time, whoever asks and in whatever language.

    For a chapter of the workbook it is the learner's notebook as it is shipped. For a chapter of a teacher's own, added
    with :func:`mmlearn_edu.checks.registry.add_folder`, it has the tasks without hints, solutions and checks.

    Parameters
    ----------
    chapter : str
        For instance ``"08-pca"``.

    Raises
    ------
    LookupError
        If there is no such chapter.
    SourceError
        If the source of a chapter of one's own cannot become a notebook.
    """
    source = registry.source_of(chapter)
    if source is not None:
        return to_bytes(build_handout(chapter, source))
    known = [*registry.notebook_ids(), *registry.added_ids()]
    if chapter not in known:
        raise LookupError(say("unknown-chapter", id=chapter, nearest=nearest(chapter, known)))
    return resource("notebooks", f"{chapter}.ipynb").read_bytes()
