"""A folder to begin with: a small chapter of one's own that works as it comes."""

from pathlib import Path

from mmlearn_edu.authoring.errors import SourceError
from mmlearn_edu.checks.messages import say

__all__ = ["begin"]

_TEMPLATE = Path(__file__).parent / "template"


def begin(folder: Path) -> list[Path]:
    """Write the example's files into `folder`, and return where they are.

    Raises
    ------
    SourceError
        If one of them is there already; nothing is written then.
    """
    texts = {
        folder / f.relative_to(_TEMPLATE).with_suffix(""): f.read_bytes() for f in sorted(_TEMPLATE.rglob("*.txt"))
    }
    for path in texts:
        if path.exists():
            raise SourceError(say("new-exists", path=path))
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(text)
    return list(texts)
