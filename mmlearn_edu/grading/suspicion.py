"""What a teacher should look at: words in a learner's cells that no exercise asks for. A hint, never a mark."""

import re
from collections.abc import Iterable, Iterator

from mmlearn_edu.grading.words import say

__all__ = ["mentions"]

_WORDS = {
    "mmlearn_edu.exercises": r"mmlearn_edu[./]exercises|__exercise__|solution_source",
    "mmlearn_edu.grading": r"mmlearn_edu[./]grading|mmlearn_edu[./]checks[./](?!import)\w",
    "/proc": r"/proc/",
    "ctypes": r"\bctypes\b",
    "gc": r"\bgc\s*\.\s*get_|\bimport\s+gc\b|\bfrom\s+gc\b",
    "sys.modules": r"sys\s*\.\s*modules|\bfrom\s+sys\b|_getframe\b|\bsettrace\b",
    "processes": r"\bsubprocess\b|\bmultiprocessing\b|os\s*\.\s*(system|fork|popen|kill\w*|_exit|exec\w*|spawn\w*)\b"
    r"|\bfrom\s+os\s+import\b[^\n]{0,200}\b(system|fork|popen|kill\w*|_exit|exec\w*|spawn\w*)\b",
    "names put together": r"\bgetattr\s*\((?![^,()\n]{0,80},\s{0,9}['\"]\w{0,80}['\"]\s{0,9}[,)])"
    r"|\b(attrgetter|methodcaller)\b|\bglobals\s*\(\s*\)\s*\[",
    "network": r"\bsocket\b|\burllib\b|\brequests\b|\bhttp\.client\b",
    "import tricks": r"\b__import__\b|\bimportlib\b|\brunpy\b|\bpkgutil\b",
    "eval, exec": r"(?<![\w.])(eval|exec|compile)\s*\(",
    "builtins": r"\b__builtins__\b|\bimport\s+builtins\b|\bfrom\s+builtins\b",
    "signal": r"\bimport\s+signal\b|\bsignal\s*\.\s*\w+\(",
    "files": r"(?<![\w.])open\s*\(|\bos\s*\.\s*(walk|listdir|scandir)\b|\.read_text\(|\.read_bytes\(|\bglob\b"
    r"|\bfrom\s+io\s+import\b|\.open\s*\(|\bnp\.fromfile\b",
    "patched library": r"^[ \t]*(np|numpy|torch|sklearn|builtins|json|pickle)(\.\w+)+\s*=[^=]",
    "own equality": r"def\s+__(eq|array|array_ufunc|array_function|float|del)__",
}
_COMPILED = {name: re.compile(pattern, re.MULTILINE) for name, pattern in _WORDS.items()}
_LEADING = 20_000  # characters of a cell that are looked at


def mentions(cells: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield, for every ``(cell id, source)`` with such words, what a teacher may want to look at."""
    for name, source in cells:
        found = [word for word, pattern in _COMPILED.items() if pattern.search(source[:_LEADING])]
        if found:
            yield say("engine", "mentions", cell=name, what=", ".join(found))
