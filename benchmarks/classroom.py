"""Make up a class: hand-ins of a chapter as a learning platform delivers them, the same for the same seed.

    python benchmarks/classroom.py 08-pca 20 OUT                          20 folders with a notebook each
    python benchmarks/classroom.py 08-pca 300 OUT --seed 1 --hostile 0.1  one hand-in in ten does harm

Some learners answer everything, most get some of it wrong (with answers that real learners typed), some stop half-way,
some change or add cells, some hand in what they were given. A hostile hand-in replaces one answer; every bomb in it
ends by itself, so that nothing is harmed where nothing defends.
"""

import argparse
import ast
import functools
import json
import re
import sys
import textwrap
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mmlearn_edu.checks import registry
from mmlearn_edu.checks.source import answer_name, solution_source, stub_source

__all__ = ["BOMBS", "HandIn", "answer_cell", "classroom", "write"]

ROOT = Path(__file__).resolve().parents[1]
WRONG = ROOT / "tests" / "exercises" / "wrong_answers"
RIGHT = Path(__file__).with_name("right_answers.toml")
KINDS = ["all right"] * 4 + ["mixed"] * 9 + ["half-way"] * 3 + ["own cells"] * 3 + ["untouched"]  # of twenty
HOW = {"right": 0.5, "other": 0.2, "wrong": 0.25, "untouched": 0.05}  # an answer of a mixed hand-in
NAMES = [  # family names, given names
    (
        "Abel Bauer Costa Diaz Evans Garcia Haddad Ito Jansen Kumar Novak Okafor",
        "Ada Bea Emil Hana Ivo Kofi Tom",
    ),
    ("王 李 张 陈", "小明 丽 伟 芳"),
]

# What a hostile answer does in place of a right one; each bomb has an end of its own.
BOMBS = {
    "endless loop": "import time\nend = time.monotonic() + 900\nwhile time.monotonic() < end:\n    pass",
    "os._exit": "import os\nos._exit(0)",
    "memory": "held = []\nwhile len(held) < 48:\n    held.append(bytearray(b'x') * 2**26)  # 64 MiB, 48 times",
    "output": "for _ in range(1000):\n    print('x' * 100_000)  # 100 MB",
}


@dataclass(frozen=True)
class HandIn:
    """One notebook of the class, and what is known about it."""

    folder: str  # as Moodle names it
    kind: str  # one of KINDS
    answers: dict[str, str]  # exercise -> "right", "other", "wrong", "untouched", or the name of a bomb
    notebook: dict[str, Any]

    @property
    def hostile(self) -> bool:
        """Say whether one of the answers is a bomb."""
        return not BOMBS.keys().isdisjoint(self.answers.values())


def classroom(chapter: str, size: int, seed: int = 0, hostile: float = 0.0) -> list[HandIn]:
    """Return `size` hand-ins of the chapter.

    The hostile ones, a share from 0 to 1, are ordinary ones with one answer exchanged: with and without them, the
    others are the same.
    """
    rng = np.random.default_rng(seed)
    kinds = [str(kind) for kind in rng.permutation((KINDS * (size // len(KINDS) + 1))[:size])]
    hand_ins = [_hand_in(chapter, number, kind, rng) for number, kind in enumerate(kinds)]
    chosen = np.random.default_rng([seed, 1]).permutation(size)[: round(size * hostile)]
    for turn, number in enumerate(sorted(chosen)):
        _plant(hand_ins[number], turn)
    return hand_ins


def write(hand_ins: list[HandIn], folder: Path, name: str) -> None:
    """Write every hand-in to ``folder/<folder of the hand-in>/<name>.ipynb``."""
    for hand_in in hand_ins:
        path = folder / hand_in.folder / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(hand_in.notebook, ensure_ascii=False, indent=1), encoding="utf-8")


def answer_cell(exercise_id: str, code: str) -> str:
    """Return a learner's cell: the skeleton's first lines with `code` as the body (or `code` as it is), then the check.

    >>> print(answer_cell("pca.why_unnoticed", "answer = 'b'"))
    answer = 'b'
    <BLANKLINE>
    check("pca.why_unnoticed", answer)
    """
    exercise = registry.get(exercise_id)
    code = code.strip("\n")
    if exercise.is_called and not code.startswith(("def ", "class ")):
        code = f"{_head(exercise_id)}{textwrap.indent(code, '    ')}"
    return f'{code.rstrip()}\n\ncheck("{exercise_id}", {_name(exercise_id)})'


@functools.cache
def _head(exercise_id: str) -> str:
    """Return the lines of the skeleton up to the end of its docstring."""
    stub = stub_source(registry.get(exercise_id))
    body = ast.parse(stub).body[0].body  # type: ignore[attr-defined]
    return "".join(stub.splitlines(keepends=True)[: body[0].end_lineno])


def _hand_in(chapter: str, number: int, kind: str, rng: np.random.Generator) -> HandIn:
    notebook = json.loads((ROOT / "notebooks" / f"{chapter}.ipynb").read_text(encoding="utf-8"))
    ids = [exercise.id for exercise in registry.exercises(chapter)]
    answers = dict(zip(ids, _ways(kind, len(ids), rng), strict=True))
    for exercise_id in [one for one, way in answers.items() if way != "untouched"]:
        code = _typed(chapter, exercise_id, answers, rng)
        _cell_of(notebook, exercise_id)["source"] = answer_cell(exercise_id, code)
    if kind == "own cells":
        _scribble(notebook, rng)
    family, given = (rng.choice(names.split()) for names in NAMES[rng.random() < 0.2])
    folder = f"{family} {given}_{1_000_000 + 37 * number}_assignsubmission_file_"
    return HandIn(folder, kind, answers, notebook)


def _ways(kind: str, count: int, rng: np.random.Generator) -> list[str]:
    if kind == "untouched":
        return ["untouched"] * count
    if kind == "all right":
        return [str(way) for way in rng.choice(["right", "other"], count)]
    ways = [str(way) for way in rng.choice(list(HOW), count, p=list(HOW.values()))]
    done = int(rng.integers(2, count - 1)) if kind == "half-way" else count
    return ways[:done] + ["untouched"] * (count - done)


def _typed(chapter: str, exercise_id: str, answers: dict[str, str], rng: np.random.Generator) -> str:
    """Return the code of an answer.

    A right one leans on no function that this learner got wrong: "right" and "other" then earn full marks.
    """
    if answers[exercise_id] == "wrong":
        return str(rng.choice(_blocks(WRONG / f"{chapter}.toml", exercise_id)))
    right = [_solution(exercise_id), *_blocks(RIGHT, exercise_id)]
    wrong = [_name(one) for one, way in answers.items() if way in ("wrong", "untouched")]
    right = [code for code in right if not set(wrong) & set(re.findall(r"\w+", code))] or right
    return right[0] if answers[exercise_id] == "right" else str(rng.choice(right[1:] or right))


@functools.cache
def _solution(exercise_id: str) -> str:
    return solution_source(registry.get(exercise_id))


@functools.cache
def _name(exercise_id: str) -> str:
    return answer_name(registry.get(exercise_id))


@functools.cache
def _blocks(path: Path, exercise_id: str) -> list[str]:
    return [block["code"] for block in tomllib.loads(path.read_text(encoding="utf-8")).get(exercise_id, [])]


def _scribble(notebook: dict[str, Any], rng: np.random.Generator) -> None:
    """Change a demonstration and add cells, as the curious do."""
    shown = [cell for cell in _code(notebook) if not cell["metadata"] and "print(" in "".join(cell["source"])]
    changed = shown[rng.integers(len(shown))]
    changed["source"] = "".join(changed["source"]) + "\nprint('I tried this')"
    for number, source in enumerate(["x = np.arange(12).reshape(3, 4)\nx.mean(axis=0)", "# my notes\nprint(x.shape)"]):
        cell = {"cell_type": "code", "id": f"own-{number}", "metadata": {}, "source": source}
        place = int(rng.integers(2 + number, len(notebook["cells"])))
        notebook["cells"].insert(place, cell | {"outputs": [], "execution_count": None})


def _plant(hand_in: HandIn, turn: int) -> None:
    """Exchange one answer for a bomb: kinds and exercises take turns, in a function and then in the cell."""
    bomb = list(BOMBS)[turn % len(BOMBS)]
    exercise = registry.get(list(hand_in.answers)[turn % len(hand_in.answers)])
    in_function = exercise.is_called and turn // len(BOMBS) % 2 == 0
    right = answer_cell(exercise.id, _solution(exercise.id))
    code = answer_cell(exercise.id, BOMBS[bomb]) if in_function else f"{BOMBS[bomb]}\n\n{right}"
    _cell_of(hand_in.notebook, exercise.id)["source"] = code
    hand_in.answers[exercise.id] = bomb


def _cell_of(notebook: dict[str, Any], exercise_id: str) -> dict[str, Any]:
    asked = {"exercise": exercise_id}
    return next(cell for cell in _code(notebook) if cell["metadata"].get("mmlearn_edu") == asked)


def _code(notebook: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (cell for cell in notebook["cells"] if cell["cell_type"] == "code")


def main() -> None:
    """Write a class, and say what is in it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("chapter")
    parser.add_argument("size", type=int)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--hostile", type=float, default=0.0, metavar="SHARE", help="0 to 1, for instance 0.1")
    asked = parser.parse_args()
    if asked.chapter not in registry.chapter_ids():
        sys.exit(f"no chapter {asked.chapter!r}; there is {', '.join(registry.chapter_ids())}")
    if asked.out.exists() and any(asked.out.iterdir()):
        sys.exit(f"{asked.out} is not empty: name a new folder")
    hand_ins = classroom(asked.chapter, asked.size, asked.seed, asked.hostile)
    write(hand_ins, asked.out, asked.chapter)
    print(f"{len(hand_ins)} hand-ins of {asked.chapter} in {asked.out}, {sum(one.hostile for one in hand_ins)} hostile")


if __name__ == "__main__":
    main()
