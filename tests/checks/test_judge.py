import dataclasses

import numpy as np
import pytest
import toys

from mmlearn_edu.checks.answerer import InPlace, Value
from mmlearn_edu.checks.authoring import case, cases, exact, law, mistake, random_matrices
from mmlearn_edu.checks.comparators.kinds import show
from mmlearn_edu.checks.guard import Forked, can_fork
from mmlearn_edu.checks.judge import judge
from mmlearn_edu.checks.messages import say
from mmlearn_edu.checks.mutants import mutants

CENTER = toys.center.__exercise__
FORESEE = toys.foreseen.__exercise__
ROWS = toys.same_rows.__exercise__


def verdict(function, exercise=CENTER, **options):
    return judge(exercise, InPlace(function), seed=0, **options)


def problems(found):
    return {item.problem for item in found.items} - {""}


def test_a_right_answer_earns_everything():
    found = verdict(toys.center)
    assert (found.status, found.score, found.points, found.diagnosis) == ("passed", 3, 3, [])
    assert len(found.items) == 4


def test_a_function_that_returns_nothing_hears_of_return_however_it_is_compared():
    found = verdict(lambda X: None, dataclasses.replace(CENTER, compare=exact(), laws=(), mistakes=()))
    assert problems(found) == {"none"}
    assert all("must end with `return`" in item.message for item in found.items)


@pytest.mark.parametrize(
    ("answer", "problem", "words"),
    [
        (lambda X: None, "none", "must end with `return`"),
        (lambda X: "a", "type", "a text, but an array of shape (3, 2) was expected"),
        (lambda X: X.mean(axis=0), "shape", "has shape (2,), but (3, 2) was expected"),
        (lambda X: X.T, "shape-transposed", "rows and columns are swapped"),
        (lambda X: X * np.nan, "nan", "6 NaN"),
        (lambda X: np.full(X.shape, np.inf), "infinite", "6 infinite"),
        (lambda X: X > 0, "dtype", "truth values (bool), but decimal numbers"),
        (lambda X: X + 0j, "dtype", "complex numbers"),
        (lambda X: object(), "opaque", "of type object, which cannot be compared"),
        (lambda X: X, "values", "6 of 6 are not equal"),
        (lambda X: X.foo, "raised", "raised AttributeError"),
        (lambda X: np.subtract(X, X.mean(axis=0), out=X), "changed-input", "Work on a copy"),
        (lambda X: np.broadcast_to(1.0, (10**6, 10**6)), "too-large", "does not fit"),
    ],
)
def test_each_wrong_kind_has_its_own_words(answer, problem, words):
    found = verdict(answer)
    assert found.status == "failed"
    assert problem in problems(found)
    assert words in str(found)


def test_the_counterexample_is_the_first_and_smallest_case():
    text = str(verdict(lambda X: X + 1))
    assert "an array of shape (3, 2)" in text
    assert "input" in text
    assert "difference" in text
    assert text.count("expected:") == 1


@pytest.mark.parametrize("mistake", CENTER.mistakes, ids=lambda m: m.id)
def test_a_named_mistake_comes_first(mistake):
    found = verdict(mistake.function)
    assert found.diagnosis == [mistake.id]
    assert str(found).splitlines()[1].strip() == f"→ {mistake.message} [{mistake.id}]"


def test_a_mistake_that_only_looks_alike_is_not_named():
    assert verdict(lambda X: X - X.mean(axis=1, keepdims=True) + 1e-3).diagnosis == []


def test_values_right_in_part_earn_in_part_and_laws_wait_for_the_first_right_value():
    part = verdict(lambda X: X - X.mean(axis=0) if len(X) == 3 else X)
    assert part.status == "partly"
    assert 0 < part.score < 3
    assert problems(verdict(lambda X: X)) == {"values", "law-waits"}


def test_a_broken_law_is_said():
    found = verdict(lambda X: X - X.mean(axis=0) if X.shape != (6, 3) else X)
    assert found.status == "partly"
    assert "moving the cloud changes nothing: Your function breaks this rule." in str(found)


def test_a_card_names_the_arguments_and_what_fails_alike():
    drawn = cases(case(np.zeros((2, 2)), 3, label="a, b"), case(np.ones((2, 2)), 4, label="c, d"), case({}, k=5))
    exercise = dataclasses.replace(ROWS, reference=lambda X, k: np.ones(2), cases=drawn, compare=exact(), laws=())
    text = str(judge(exercise, InPlace(lambda X, k: np.zeros(2)), seed=0))
    assert "X =\n        [[0. 0.]\n         [0. 0.]]\n        k = 3\n" in text
    assert "The same happens with “c, d”, “call 3”." in text


def test_a_dict_too_long_to_print_is_shown_by_its_parts():
    assert show({"image": np.ones((30, 8)), "text": ["a caption"] * 30}) == (
        "{'image': an array of shape (30, 8), 'text': a list of 30}"
    )


def test_a_constant_earns_nothing():
    exercise = dataclasses.replace(ROWS, cases=cases(case([1, 2]), case([3]), case([5])), compare=exact(), laws=())
    exercise = dataclasses.replace(exercise, reference=len)
    found = judge(exercise, InPlace(lambda rows: 2), seed=0)
    assert (found.status, found.score) == ("failed", 0)
    assert "the same for every input" in str(found)


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (lambda arrays: 2, "no-error"),
        (lambda arrays: ValueError("text"), "returned-error"),
        (lambda arrays: {}[len({len(a) for a in arrays.values()}) - 1], "wrong-error"),
    ],
)
def test_an_exception_may_be_what_is_expected(answer, problem):
    assert problem in problems(verdict(answer, ROWS))


def test_an_exceptions_words_are_judged():
    def wordless(arrays):
        if len({len(a) for a in arrays.values()}) > 1:
            raise ValueError("no")
        return len(next(iter(arrays.values())))

    found = verdict(wordless, ROWS)
    assert "a reader also needs these words in it: text" in str(found)
    assert found.hidden == 1
    assert "1 of 2 visible checks passed; 1 more run at grading" in str(found)
    assert len(judge(ROWS, InPlace(wordless), seed=0, hidden=True).items) == 3


def test_a_value_is_judged_key_by_key_and_never_shows_the_answer():
    found = judge(FORESEE, Value({"a": (3, 4), "b": ...}), seed=0)
    assert (found.status, found.score) == ("partly", 1)
    assert "(1,)" not in str(found)
    assert judge(FORESEE, Value({"a": [3, 4], "b": np.array([1])}), seed=0).passed
    assert judge(FORESEE, Value({"a": (3, 3), "b": (1,)}), seed=0).diagnosis == ["stacked"]
    assert problems(judge(FORESEE, Value({"a": (3, 4)}), seed=0)) == {"keys-missing"}


@pytest.mark.parametrize("broken", ["reference", "cases", "compare", "law"])
def test_a_broken_checker_is_never_a_wrong_answer(broken):
    def fail(*args, **kwargs):
        raise ImportError("a package is missing")

    changes = {"law": {"laws": [law("broken", fail)]}}.get(broken, {broken: fail})
    found = judge(dataclasses.replace(CENTER, **changes), InPlace(lambda X: X - X.mean(axis=0)), seed=0)
    assert (found.status, found.score) == ("checker problem", 0)
    assert "a package is missing" in str(found)


def test_the_same_seed_gives_the_same_verdict():
    first, second = (verdict(lambda X: X).to_dict() for _ in range(2))
    assert first == second
    assert judge(CENTER, InPlace(lambda X: X), seed=1).to_dict() != first


def test_the_reference_gets_the_learners_dtype():
    seen = []
    exercise = dataclasses.replace(CENTER, cases=random_matrices([(4, 2)]), laws=())
    judge(exercise, InPlace(lambda X: seen.append(X.dtype) or X - X.mean(axis=0)), seed=0, dtype=np.float32)
    assert seen == [np.float32]


@pytest.mark.skipif(not can_fork(), reason="needs fork (Linux)")
def test_both_answerers_give_the_same_verdict():
    answers = [toys.center, *CENTER.alternatives, *(m.function for m in CENTER.mistakes)]
    answers += [mutant.function for mutant in mutants(CENTER)]
    assert len(answers) >= 8
    for answer in answers:
        here = judge(CENTER, InPlace(answer), seed=3).to_dict()
        there = judge(CENTER, Forked(answer, 5), seed=3).to_dict()
        assert here == there


def test_a_mistake_in_an_error_is_named_whatever_its_sentence():
    def silent_about_which(arrays):
        if len({len(a) for a in arrays.values()}) > 1:
            raise ValueError("rows differ")
        return len(next(iter(arrays.values())))

    def in_other_words(arrays):
        if len({len(a) for a in arrays.values()}) > 1:
            raise ValueError("these do not fit together")
        return len(next(iter(arrays.values())))

    exercise = dataclasses.replace(ROWS, mistakes=[mistake("nameless", silent_about_which, "Say which.")])
    assert verdict(in_other_words, exercise).diagnosis == ["nameless"]
    assert verdict(toys.same_rows, exercise).diagnosis == []


def test_huge_numbers_and_many_axes_are_shown_short():
    assert "too long to print" in str(verdict(lambda arrays: 10**5000, ROWS))
    found = verdict(lambda X: X, dataclasses.replace(CENTER, cases=random_matrices([(4, 5, 6, 7)]), laws=()))
    assert len(found.items[0].example["yours"].split()) < 40


def test_who_raises_whatever_comes_earns_nothing_for_the_inputs_to_refuse():
    drawn = cases(case(np.ones(2)), case(np.ones(3)), case("text", raises=TypeError), case("word", raises=TypeError))

    def double(X):
        if isinstance(X, str):
            raise TypeError("text")
        return 2 * X

    exercise = dataclasses.replace(ROWS, reference=double, cases=drawn, compare=exact(), laws=(), mistakes=())

    def always(X):
        raise TypeError("text")

    def half_done(X):
        if isinstance(X, str):
            raise TypeError("text")
        raise NotImplementedError

    assert judge(exercise, InPlace(double), seed=0).status == "passed"
    found = judge(exercise, InPlace(always), seed=0)
    assert (found.score, found.items[-1].message) == (0, say("raises-always"))
    assert judge(exercise, InPlace(half_done), seed=0).score == exercise.points / 2
