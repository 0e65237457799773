"""A chapter of two exercises and its bank, as small as a chapter can be."""

import pytest

SOURCE = '''\
# %% [markdown] slug="title"
# # Adding 加法
#
# Two numbers, $a + b$.

# %% slug="imports"
from IPython.display import publish_display_data


def check(name, answer):
    """Stand in for the real check: right answers pass, blanks are not attempted."""
    right = {"toy.add": lambda f: f(2, 3) == 5, "toy.letter": lambda letter: letter == "b"}[name]
    blank = answer is ... or (callable(answer) and answer(2, 3) is ...)
    status = "not attempted" if blank else "passed" if right(answer) else "failed"
    verdict = {"id": name, "status": status, "seed": 1, "notes": ["what to do"]}
    publish_display_data({"application/vnd.mmlearn.verdict+json": verdict, "text/plain": status})


def predict(name, guess):
    return guess


def recall(chapter, *letters):
    return letters

# %% slug="ex-add" exercise="toy.add"

# %% [markdown] slug="why" tags=["optional"]
# Why?

# %% slug="guess"
predict("toy.sum", ...)  # 先猜 ...

# %% slug="remember"
recall("99-toy", ..., ...)

# %% slug="ex-letter" exercise="toy.letter"

# %% slug="only-in-solution" tags=["solution-only"]
object()
'''


class ToyBank:
    """Two exercises, one prediction, two recall questions."""

    stubs = {"toy.add": "def add(a, b):\n    return ...\n", "toy.letter": "letter = ...\n"}  # noqa: RUF012
    solutions = {"toy.add": "def add(a, b):\n    return a + b\n", "toy.letter": 'letter = "b"\n'}  # noqa: RUF012

    def versions(self, chapter):
        return {"toy.add": 1, "toy.letter": 2}

    def stub(self, exercise):
        return self.stubs[exercise]

    def solution(self, exercise):
        return self.solutions[exercise]

    def answer_name(self, exercise):
        if exercise not in self.stubs:
            raise LookupError(f"there is no exercise {exercise!r}; did you mean 'toy.add'?")
        return exercise.removeprefix("toy.")

    def prediction(self, name):
        if name != "toy.sum":
            raise LookupError(f"there is no prediction {name!r}; did you mean 'toy.sum'?")
        return "5"

    def recalled(self, chapter):
        return ["a", "c"]


@pytest.fixture
def bank():
    return ToyBank()


@pytest.fixture
def folder(tmp_path):
    """A ``notebooks/source`` folder with the toy chapter."""
    source = tmp_path / "notebooks" / "source"
    source.mkdir(parents=True)
    (source / "99_toy.py").write_text(SOURCE, encoding="utf-8")
    return source
