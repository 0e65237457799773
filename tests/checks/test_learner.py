import ast
import dataclasses
import functools
import inspect
import io

import numpy as np
import pytest
import toys

from mmlearn_edu.checks import check, hint, journal, predict, progress, recall, reset, show_source, solution, use
from mmlearn_edu.checks.learner import hints_of, verdict_of
from mmlearn_edu.checks.recall import default_answers, due, pending

pytestmark = pytest.mark.usefixtures("toy_chapter")


def right(X):
    return X - X.mean(axis=0)


def wrong(X):
    return X - X.mean(axis=1, keepdims=True)


def test_check_shows_and_returns_a_verdict(capsys):
    verdict = check("pca.center", wrong)
    assert (verdict.status, verdict.diagnosis) == ("failed", ["centred-rows"])
    shown = capsys.readouterr().out
    assert "You centred each sample." in shown
    assert "hint('pca.center') gives a hint (1 of 3)" in shown


class Callable:
    def __call__(self, X):
        return right(X)

    def method(self, X):
        return right(X)


@pytest.mark.parametrize(
    "answer",
    [right, lambda X: right(X), functools.partial(right), Callable(), Callable().method],
    ids=["function", "lambda", "partial", "object", "method"],
)
def test_any_callable_is_an_answer(answer):
    assert check("pca.center", answer).passed


def test_an_answer_that_is_the_librarys(toy_chapter):
    from sklearn.preprocessing import scale

    verdict = check("pca.center", lambda X: scale(X, with_std=False))
    assert (verdict.status, verdict.diagnosis) == ("failed", ("uses-library",))
    assert "sklearn.preprocessing" in str(verdict)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (np.ones((3, 2)), "Leave the brackets away: check('pca.center', center)"),
        ("center", "Pass your function itself: check('pca.center', center). You passed a text"),
        (None, "You passed None"),
    ],
)
def test_what_is_no_function_is_met_with_words(answer, words):
    assert words in str(check("pca.center", answer))


def test_a_blank_that_is_left_is_pointed_at():
    def center(X):
        mean = X.mean(axis=...)
        return X - mean

    assert "still a `...`" in str(check("pca.center", center))


@pytest.mark.parametrize("answer", [..., {"a": ..., "b": ...}])
def test_an_untouched_value_is_not_attempted(answer):
    assert check("pca.foresee", answer).status == "not attempted"


def test_a_choice_shows_its_options_and_explains_the_wrong_letter(capsys):
    check("pca.why", ...)
    assert "a) because" in capsys.readouterr().out
    assert check("pca.why", "A").diagnosis == ["a"]
    assert check("pca.why", " B ").passed
    assert check("pca.why", "b)").passed
    assert check("pca.why", "z").status == "failed"


def test_a_widget_is_read_by_its_answer():
    class Widget:
        answer = None

    untouched = check("pca.turn", Widget())
    assert untouched.status == "not attempted"
    assert "Do the widget's task first" in str(untouched)
    Widget.answer = 44.0
    assert check("pca.turn", Widget()).passed
    assert check("pca.turn", 47.0).passed
    assert not check("pca.turn", 10).passed


def test_an_unknown_id_names_the_nearest():
    with pytest.raises(LookupError, match=r"no exercise 'pca.centre'; did you mean pca.center"):
        check("pca.centre", right)
    with pytest.raises(LookupError, match="no exercise 'xyz'"):
        hint("xyz")
    with pytest.raises(LookupError, match="no exercise 3"):
        check(3, right)


def test_hints_come_one_by_one_and_the_last_stays(capsys):
    for expected in ["Where is the middle?", "One mean a column.", "X.mean(axis=...)", "X.mean(axis=...)"]:
        hint("pca.center")
        assert expected in capsys.readouterr().out


def test_hints_are_not_about_a_law_that_was_not_tried_yet():
    exercise = dataclasses.replace(
        toys.center.__exercise__, hints_for={"moving the cloud changes nothing": ["Move it."]}
    )
    waiting = verdict_of(exercise, wrong, 0)
    broken = verdict_of(exercise, lambda X: right(X) if len(X) != 6 else X, 0)
    assert "law-waits" in {item.problem for item in waiting.items}
    assert hints_of(exercise, waiting) == ("", exercise.hints)
    assert hints_of(exercise, broken) == ("moving the cloud changes nothing", ["Move it."])


def test_the_solution_waits_for_an_attempt_or_a_wish(capsys):
    solution("pca.center")
    assert "return X - mean" not in capsys.readouterr().out
    solution("pca.center", now=True)
    assert "return X - mean" in capsys.readouterr().out
    check("pca.center", wrong)
    capsys.readouterr()
    solution("pca.center")
    shown = capsys.readouterr().out
    assert "-     return X - X.mean(axis=1, keepdims=True)" in shown
    assert "+     return X - mean" in shown


def test_use_gives_yours_if_it_passes_else_the_reference(capsys):
    assert use("pca.center", right) is right
    assert "center: yours" in capsys.readouterr().out
    np.testing.assert_allclose(use("pca.center", wrong)(np.ones((2, 2))), 0)
    assert "the workbook's reference, because yours does not pass yet" in capsys.readouterr().out
    assert use("pca.center", use("pca.center", wrong)) is toys.center
    assert "as before" in capsys.readouterr().out
    assert use("pca.foresee", ...) == {"a": (3, 4), "b": (1,)}
    assert "is not written yet" in capsys.readouterr().out


def test_use_inside_an_answer_is_the_librarys():
    reference = use("pca.center", wrong)
    verdict = check("pca.center", lambda X: reference(X))
    assert verdict.passed  # the toys are no part of the workbook
    assert check("pca.center", lambda X: use("pca.center", None)(X)).diagnosis == ("uses-library",)
    from mmlearn_edu.exercises import ch08_pca

    found = next(f for f in vars(ch08_pca).values() if hasattr(f, "__exercise__"))
    assert check("pca.center", lambda X: found(X)).diagnosis == ("uses-library",)


def test_reset_outside_a_notebook_prints_the_stub(capsys):
    reset("pca.center")
    assert "mean = X.mean(axis=...)" in capsys.readouterr().out


def test_show_source(capsys):
    show_source(functools.partial(right))
    assert "return X - X.mean(axis=0)" in capsys.readouterr().out
    show_source(len)
    assert "no Python source" in capsys.readouterr().out


def test_the_source_of_a_class_shows_the_first_paragraph_of_every_docstring(capsys):
    show_source(Documented)
    shown = capsys.readouterr().out
    assert '    """Speak of itself: two lines\n    of summary."""\n' in shown
    assert '        """Return it."""\n        return """a\n\nb"""  # kept' in shown
    assert "Parameters" not in shown
    assert "Only one line." in shown
    ast.parse(shown.partition("\n")[2])
    show_source(Documented, docstrings=True)
    assert inspect.getsource(Documented) in capsys.readouterr().out


def test_the_source_of_a_method_and_of_a_lambda(capsys):
    show_source(Documented.method)
    assert "Parameters" not in capsys.readouterr().out
    show_source(Documented.small)
    assert "small = lambda" in capsys.readouterr().out


class Documented:
    """Speak of itself: two lines
    of summary.

    Parameters
    ----------
    none : of them
    """

    small = lambda self: 1  # noqa: E731

    def method(self):
        """Return it.

        Parameters
        ----------
        self : of course
        """
        return """a

b"""  # kept

    def other(self):
        """Only one line."""


def test_a_prediction_is_locked_once_and_shown_beside_the_result(capsys):
    predict("pca.share", ...)
    assert "a) little" in capsys.readouterr().out
    predict("pca.share", "x")
    assert "none of the letters a, b" in capsys.readouterr().out
    predict("pca.share", "B")
    predict("pca.share", "a")
    assert "Locked already" in capsys.readouterr().out
    predict("pca.share", result=0.9)
    shown = capsys.readouterr().out
    assert "✔ As you predicted" in shown
    assert "So it is." in shown
    assert "1 of 1 came true" in str(progress())


def test_a_number_is_right_within_its_tolerance(capsys):
    predict("pca.percent", "many")
    predict("pca.percent", float("nan"))
    assert capsys.readouterr().out.count("is not a number") == 2
    predict("pca.percent", result=None)
    assert "NoneType cannot be compared" in capsys.readouterr().out
    predict("pca.percent", result=np.ones(3))
    assert "ndarray cannot be compared" in capsys.readouterr().out
    predict("pca.percent", 42)
    predict("pca.percent", result=50)
    shown = capsys.readouterr().out
    assert "✘ Not as you predicted" in shown
    assert "42 %" in shown


def test_a_result_without_a_prediction_and_an_unknown_one(capsys):
    predict("pca.share", result=0.1)
    assert "You made no prediction" in capsys.readouterr().out
    with pytest.raises(LookupError, match=r"no prediction 'pca\.shar'; did you mean pca\.share"):
        predict("pca.shar", "a")


def test_recall_asks_marks_and_asks_the_wrong_ones_again(capsys):
    recall("08-pca", ..., ..., ...)
    assert capsys.readouterr().out.count("?") == 3
    recall("08-pca", "b", "a", "z")
    shown = capsys.readouterr().out
    assert "✔ Question 0?" in shown
    assert "Yes misses it." in shown
    assert "'z' is none of the letters" in shown
    asked = [question.id for question in due("08-pca", journal.read())]
    assert "pca.q0" not in asked
    assert default_answers("08-pca") == ["b", "b", "b"]
    recall("08-pca", "b", "b", "b")  # the cell again, or the kernel restarted: the same questions, marked once more
    assert "✔ Question 1?" in capsys.readouterr().out
    assert sum(entry["id"] == "pca.q1" for entry in journal.read() if entry["event"] == "recall") == 1
    recall("08-pca", ..., ..., ...)
    assert "Question 0?" not in capsys.readouterr().out
    with pytest.raises(LookupError, match="no chapter '99-none'"):
        recall("99-none")


def test_letters_of_an_older_order_are_not_marked_by_a_newer_one(toy_chapter, capsys, monkeypatch):
    recall("08-pca", ..., ..., ...)
    swapped = {"a": "no", "b": "yes", "c": "maybe"}
    changed = [dataclasses.replace(one, options=swapped, answer="a", wrong={}) for one in toy_chapter.QUESTIONS]
    monkeypatch.setattr(toy_chapter.MODULE, "QUESTIONS", changed)
    capsys.readouterr()
    for _ in range(2):  # and not at the second run either
        recall("08-pca", "b", "b", "b")
        assert "changed since they were asked" in capsys.readouterr().out
    assert not any(entry["event"] == "recall" for entry in journal.read())
    recall("08-pca", ..., ..., ...)
    assert "a) no" in capsys.readouterr().out
    recall("08-pca", "a", "a", "a")
    assert [entry["right"] for entry in journal.read() if entry["event"] == "recall"] == [True] * 3


def test_what_was_answered_under_an_older_order_stays_answered(toy_chapter, monkeypatch, capsys):
    journal.record("posed", "08-pca", questions=["pca.q0", "pca.q1", "pca.q2"])  # as older versions wrote it
    assert pending("08-pca", journal.read())
    journal.record("recall", "pca.q0", right=True, answer="b")
    assert pending("08-pca", journal.read()) == []


def test_progress_counts_the_best_status_and_names_the_next_step():
    check("pca.center", right)
    check("pca.center", wrong)
    check("pca.foresee", {"a": (3, 3), "b": (1,)})
    found = progress()
    assert found.chapters[0].statuses["pca.center"] == "passed"
    assert found.chapters[0].statuses["pca.foresee"] == "partly"
    assert "Next: pca.foresee" in str(found)
    assert found.to_dict()["chapters"][0]["passed"] == 1
    assert "1 of 5" in found._repr_html_()


def test_html_escapes_what_the_learner_wrote():
    def evil(X):
        raise ValueError("<script>alert(1)</script>")

    bundle = check("pca.center", evil).mime_bundle()
    assert "<script>" not in bundle["text/html"]
    assert "&lt;script&gt;" in bundle["text/html"]
    assert bundle["application/vnd.mmlearn.verdict+json"]["status"] == "failed"


def test_backticks_are_code_on_a_card():
    shown = check("pca.center", ...).mime_bundle()
    assert "Replace every <code>...</code>" in shown["text/html"]
    assert "Replace every `...`" in shown["text/plain"]


def test_nothing_is_needed_but_a_terminal(monkeypatch):
    out = io.StringIO()
    monkeypatch.setattr("sys.stdout", out)
    check("pca.center", right)
    assert "4 of 4 checks passed" in out.getvalue()


def test_a_stub_without_blanks_asks_to_mend_it(toy_chapter, monkeypatch):
    from mmlearn_edu.checks import answers, learner

    monkeypatch.setattr(learner, "stub_source", lambda exercise: "def center(X):\n    return X\n")
    monkeypatch.setattr(answers, "is_stub", lambda exercise, answer: True)
    assert "Mend the code in the cell" in str(check("pca.center", lambda X: X))


def test_a_value_that_changed_in_place_is_judged_anew():
    mine = {"a": (3, 3), "b": (2,)}
    check("pca.foresee", mine)
    mine.update({"a": (3, 4), "b": (1,)})
    assert use("pca.foresee", mine) is mine


class Hostile:
    """Raises whatever it is asked."""

    def __getattr__(self, name):
        raise RuntimeError(f"no {name}")

    def __call__(self, X):
        raise ValueError("a learner's own error")


class HostileDict(dict):
    def values(self):
        raise RuntimeError("no values")


class HostileList(list):
    def __len__(self):
        raise RuntimeError("no length")


def test_objects_that_raise_whatever_they_are_asked_cost_no_traceback(capsys):
    assert "raised ValueError: a learner's own error" in str(check("pca.center", Hostile()))
    for answer in (Hostile(), HostileDict(a=1), HostileList([1])):
        for name in ("pca.center", "pca.foresee", "pca.why"):
            assert not check(name, answer).passed
    odd = lambda X: right(X)  # noqa: E731
    odd.__module__ = 5
    assert check("pca.center", odd).passed


def half_a_character(X):
    print("\ud800")
    raise ValueError("\ud800")


def test_half_a_character_can_be_shown(capsys):
    verdict = check("pca.center", half_a_character)
    assert verdict.printed == "?\n"
    for text in (str(verdict), verdict.mime_bundle()["text/html"]):
        assert text.encode("utf-8")
