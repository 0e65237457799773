"""The threshold: the counts of scikit-learn in Python and in the page, and the task by mouse, finger and key."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as theirs

from mmlearn_edu.evaluation import choose_threshold
from mmlearn_edu.widgets import best_threshold, move_threshold, threshold_scores
from tests.accessibility import violations

MEASURES = ("accuracy", "precision", "recall", "f1", "fpr", "iou")
RNG = np.random.default_rng(5)
Y = np.repeat([1, 0], [60, 240])
SCORES = np.concatenate([RNG.normal(0.66, 0.14, 60), RNG.normal(0.4, 0.14, 240)]).round(3)
levels = st.lists(st.tuples(st.booleans(), st.integers(-2, 2)), min_size=1, max_size=12)


def state(page, name):
    return page.evaluate("name => model.get(name)", name)


def by_scikit_learn(y, called):
    """Return the same measures; scikit-learn has no false positive rate, but it is 1 - recall of the negatives."""
    y, called = np.asarray(y, int), np.asarray(called, int)
    tn, fp, fn, tp = theirs.confusion_matrix(y, called, labels=[0, 1]).ravel()
    negatives_found = theirs.recall_score(1 - y, 1 - called, zero_division=0)
    return {
        "tp": tp,
        "fp": fp,
        "fn": fn,
        "tn": tn,
        "accuracy": theirs.accuracy_score(y, called),
        "precision": theirs.precision_score(y, called, zero_division=0),
        "recall": theirs.recall_score(y, called, zero_division=0),
        "f1": theirs.f1_score(y, called, zero_division=0),
        "fpr": 1 - negatives_found if (y == 0).any() else 0,
        "iou": theirs.jaccard_score(y, called, zero_division=0),
    }


@given(levels, st.sampled_from([-3, -1, -0.5, 0, 2, 3]))
def test_counts_are_scikit_learns_with_ties_and_empty_classes(samples, threshold):
    y, scores = zip(*samples, strict=True)
    at = threshold_scores(y, scores, threshold)
    expected = by_scikit_learn(y, np.array(scores) >= threshold)
    assert set(at) == set(expected)
    for name, value in expected.items():
        assert at[name] == pytest.approx(value), name


@pytest.mark.parametrize("dtype", [np.float32, np.float64, int])
def test_many_thresholds_at_once(dtype):
    scores = (SCORES * 20).round().astype(dtype)
    thresholds = np.append(np.unique(scores), np.inf)
    at = threshold_scores(Y == 1, scores, thresholds)
    for i, threshold in enumerate(thresholds):
        expected = by_scikit_learn(Y, scores >= threshold)
        assert [at[name][i] for name in expected] == pytest.approx(list(expected.values()))


def test_by_hand():
    at = threshold_scores([1, 1, 0, 0, 0], [3.0, 1.0, 3.0, 2.0, 0.0], 2.0)
    assert [at[name] for name in ("tp", "fp", "fn", "tn")] == [1, 2, 1, 1]
    assert [at[name] for name in MEASURES] == pytest.approx([2 / 5, 1 / 3, 1 / 2, 2 / 5, 2 / 3, 1 / 4])


@pytest.mark.parametrize("bound", [0.5, 0.9, 1.0])
@pytest.mark.parametrize("seed", range(3))
def test_best_threshold_is_the_librarys(bound, seed):
    rng = np.random.default_rng(seed)
    y, scores = rng.integers(0, 2, 80), rng.integers(0, 30, 80)
    chosen = choose_threshold(y, scores, min_recall=bound)
    assert best_threshold(y, scores, ("recall", bound, "precision")) == chosen


@pytest.mark.parametrize(
    "goal", [("iou", 0.4), ("fpr", 0.1, "recall"), ("precision", 0.8, "recall"), ("recall", 0.8, "fpr")]
)
def test_best_threshold_tries_all(goal):
    best = goal[-1] if len(goal) == 3 else goal[0]
    met = []
    coarse = (20 * SCORES).round() / 20  # full of ties
    for threshold in [*np.unique(coarse), np.inf]:
        at = by_scikit_learn(Y, coarse >= threshold)
        if at[goal[0]] <= goal[1] if goal[0] == "fpr" else at[goal[0]] >= goal[1]:
            met.append((-at[best] if best == "fpr" else at[best], -threshold))
    assert best_threshold(Y, coarse, goal) == -max(met)[1]


def test_one_end_calls_all_positive_and_the_other_none():
    for scores in (SCORES, SCORES * 1e-7 - 3, SCORES * 1e5, np.round(SCORES * 4)):
        widget = move_threshold(Y, scores, goal=("recall", 0.9))
        assert widget.low <= scores.min()
        assert widget.high > scores.max()
        assert widget.low < widget.threshold < widget.high
        assert 100 < (widget.high - widget.low) / widget.step < 600
        assert [sum(counts) for counts in widget.bars["counts"]] == [240, 60]
        assert widget.low <= widget.ticks[0] < widget.ticks[-1] <= widget.high


def test_shows_the_measures_of_the_goal_first_and_names_classes():
    widget = move_threshold(Y, SCORES, metrics=("f1", "fpr"), names=("sky", "<apple>"))
    assert widget.metrics == ["recall", "precision", "f1", "fpr"]
    assert "&lt;apple&gt;" in widget._still()
    assert "60 samples of class <apple> above it, 240 of class sky below" in widget._alt()
    assert f"recall {threshold_scores(Y, SCORES, widget.threshold)['recall']:.3f}" in widget._alt()
    assert move_threshold(Y, SCORES, goal=("fpr", 0.05, "recall")).task == (
        "Find the threshold with false positive rate at most 0.05 and as much recall as possible."
    )
    assert move_threshold(Y, SCORES, goal=("recall", 0.9, "fpr")).task == (
        "Find the threshold with recall at least 0.9 and as little false positive rate as possible."
    )
    task = "Find a threshold with intersection over union at least 0.4."
    assert move_threshold(Y, SCORES, goal=("iou", 0.4)).task == task


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: move_threshold(Y, np.ones(300)), "300 scores from 1 to 1; .* not all equal"),
        (lambda: move_threshold(np.arange(20_001) % 2, np.arange(20_001)), "at most 20000"),
        (lambda: move_threshold(Y[:60], SCORES[:60]), "all 60 samples are positive; both kinds"),
        (lambda: move_threshold(Y, SCORES[:9]), "300 labels and 9 scores"),
        (lambda: move_threshold(Y * 2, SCORES), "y_true holds 2"),
        (lambda: move_threshold([], []), r"got shape \(0,\)"),
        (lambda: move_threshold(Y, np.where(SCORES > 0.9, np.nan, SCORES)), "NaN or infinity"),
        (lambda: move_threshold(Y, SCORES, metrics=("recal",)), "'recal' is none of the metrics accuracy, precision"),
        (lambda: move_threshold(Y, SCORES, goal=("recal", 0.9)), "'recal' is none of the metrics"),
        (lambda: move_threshold(Y, SCORES, goal=("recall",)), "must be a measure, a bound"),
        (lambda: move_threshold(Y, SCORES, goal=("recall", 90)), r"a bound in \[0, 1\]"),
        (lambda: move_threshold(Y, SCORES, goal=("recall", "0.9")), r"a bound in \[0, 1\]"),
        (
            lambda: move_threshold(Y, SCORES, goal=("iou", 0.99)),
            "no threshold meets .*the best iou is 0.[0-9]+; soften",
        ),
        (lambda: move_threshold(Y, SCORES, names=("a", "b", "c")), "names has 3 names; give two, of the negative and"),
    ],
)
def test_says_what_it_cannot_draw(make, words):
    with pytest.raises(ValueError, match=words):
        make()


# The page


@pytest.mark.browser
def test_the_page_counts_as_python_does(show):
    page = show(move_threshold(Y, SCORES))
    cases = []
    for size in (2, 3, 10, 200):
        for _ in range(10):
            y, scores = np.arange(size) % 2, RNG.integers(-5, 6, size) / 10
            cases += [(y, scores, float(t)) for t in [*RNG.choice(scores, 3), RNG.normal(), -1.0, 1.0]]
    found = page.evaluate(
        "cases => cases.map(([p, n, t]) => widget.scoresAt(p, n, t))",
        [[np.sort(s[y == 1]).tolist(), np.sort(s[y == 0]).tolist(), t] for y, s, t in cases],
    )
    for (y, scores, threshold), at in zip(cases, found, strict=True):
        expected = threshold_scores(y, scores, threshold)
        assert at == {name: float(value) for name, value in expected.items()}


@pytest.mark.browser
def test_the_page_knows_which_way_is_better(show):
    page = show(move_threshold(Y, SCORES))
    pairs = [["recall", None, 0.3], ["recall", 0.2, 0.3], ["fpr", 0.2, 0.3]]
    assert page.evaluate("pairs => pairs.map((pair) => widget.better(...pair))", pairs) == [0.3, 0.3, 0.2]
    cases = [("fpr", 0.05, True), ("fpr", 0.06, False), ("iou", 0.05, True), ("iou", 0.04, False)]
    met = "cases => cases.map(([name, value]) => widget.meets({ [name]: value }, [name, 0.05]))"
    assert page.evaluate(met, cases) == [wanted for *_, wanted in cases]


@pytest.mark.browser
def test_the_task_by_keyboard_alone(show):
    widget = move_threshold(Y, SCORES)
    page = show(widget)
    assert state(page, "answer") is None
    page.keyboard.press("Tab")
    page.keyboard.press("End")
    assert state(page, "answer") == widget.high
    assert page.locator(".mml-verdict").inner_text() == "recall 0.000: not yet."
    assert page.locator(".mml-false, .mml-true").all_inner_texts() == ["0", "60", "0", "240"]
    for _ in range(600):
        if threshold_scores(Y, SCORES, state(page, "answer"))["recall"] >= 0.9:
            break
        page.keyboard.press("ArrowLeft")
    answer = state(page, "answer")
    at, best = threshold_scores(Y, SCORES, answer), threshold_scores(Y, SCORES, best_threshold(Y, SCORES))
    assert best["precision"] - 0.02 < at["precision"] <= best["precision"]
    said = page.locator(".mml-verdict").inner_text()
    assert said == f"✓ recall {at['recall']:.3f}; the best precision so far at such a place: {at['precision']:.3f}."
    spoken = page.get_by_role("slider", name="Threshold").get_attribute("aria-valuetext")
    assert spoken.startswith(f"threshold {answer:g}: precision {at['precision']:.3f}, recall {at['recall']:.3f}")
    page.wait_for_function("document.querySelector('[aria-live=polite]').textContent.includes('✓ recall')")
    page.keyboard.press("PageUp")
    assert state(page, "answer") == pytest.approx(answer + 20 * widget.step)
    page.keyboard.press("Home")
    assert state(page, "answer") == widget.low
    assert page.locator(".mml-false, .mml-true").all_inner_texts() == ["60", "0", "240", "0"]


@pytest.mark.browser
def test_a_typed_threshold_is_taken_exactly_and_only_if_it_is_on_the_axis(show):
    widget = move_threshold(Y, SCORES)
    page = show(widget)
    field = page.get_by_label("Type a threshold")
    field.fill("0.4567")
    assert state(page, "answer") == state(page, "threshold") == 0.4567
    assert page.locator(".mml-answer").inner_text() == "Your answer: 0.4567"
    field.fill("7")
    assert state(page, "answer") == 0.4567
    assert f"Write a number from {widget.low:g} to {widget.high:g}." in page.locator(".mml").inner_text()
    score = float(SCORES[3])
    field.fill(str(score))
    assert int(page.locator(".mml-true").first.inner_text()) == (SCORES[:60] >= score).sum(), (
        "an equal score reaches it"
    )


@pytest.mark.browser
def test_mouse_drags_taps_and_stays_on_the_axis(show):
    widget = move_threshold(Y, SCORES)
    page = show(widget)
    grip = page.locator(".mml-cut .mml-end").bounding_box()
    page.mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
    page.mouse.down()
    page.mouse.move(grip["x"] + 60, grip["y"], steps=3)
    dragged = state(page, "answer")
    assert dragged > widget.threshold
    page.mouse.move(900, grip["y"], steps=3)
    page.mouse.up()
    assert state(page, "answer") == widget.high
    page.keyboard.press("ArrowLeft")
    assert state(page, "answer") == pytest.approx(widget.high - widget.step), "the slider has the focus after a drag"
    picture = page.locator(".mml-picture").bounding_box()
    page.mouse.click(picture["x"] + picture["width"] / 4, picture["y"] + 100)
    assert widget.low < state(page, "answer") < widget.high / 2
    assert page.get_by_role("slider", name="Threshold").evaluate("n => n === document.activeElement")


@pytest.mark.browser
@pytest.mark.parametrize("width", [960, 320])
def test_a_finger_drags(show, width):
    widget = move_threshold(Y, SCORES)
    page = show(widget, touch=True, width=width)
    area = page.locator(".mml-grip-area").bounding_box()
    assert area["width"] >= 44
    assert page.locator(".mml-cut").evaluate("n => getComputedStyle(n).touchAction") == "none"
    page.drag_finger(area, 30, 0)
    assert widget.threshold < state(page, "answer") < widget.high


@pytest.mark.browser
def test_what_is_called_wrongly_is_striped_or_dashed_not_only_coloured(show):
    page = show(move_threshold(Y, SCORES))
    bars = page.locator(".mml-bars").evaluate_all("nodes => nodes.map((n) => [n.classList.value, n.style.fill])")
    assert sum("url(" in fill for _, fill in bars) == 2
    left, right = page.locator("clipPath").evaluate_all("nodes => nodes.map((n) => `url(#${n.id})`)")
    shown = page.locator(".mml-bars").evaluate_all("nodes => nodes.map((n) => n.getAttribute('clip-path'))")
    assert shown == [left, right, left, right]
    assert ["url(" in fill for _, fill in bars] == [False, True, True, False], "false alarms are right, misses left"
    assert ["negative" in kind for kind, _ in bars] == [True, True, False, False]
    assert page.locator(".mml-false").first.evaluate("n => getComputedStyle(n).borderStyle") == "dashed"
    assert page.locator(".mml-true").first.evaluate("n => getComputedStyle(n).borderStyle") == "solid"
    clips = page.locator("clipPath rect").evaluate_all(
        "nodes => nodes.map((n) => [n.getAttribute('x'), n.getAttribute('width')])"
    )
    assert float(clips[0][1]) == float(clips[1][0]), "the two sides meet at the line"


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing(show, dark):
    assert violations(show(move_threshold(Y, SCORES), dark=dark), ".mml") == []


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "zh"])
def test_long_names_fit_into_320_pixels(show, language, monkeypatch):
    monkeypatch.setenv("MMLEARN_LANG", language)
    page = show(
        move_threshold(Y, SCORES, names=("an unmistakably genuine", "a-counterfeited-one"), metrics=MEASURES), width=320
    )
    card = page.locator(".mml").bounding_box()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    table = page.locator(".mml-confusion").bounding_box()
    assert table["x"] + table["width"] <= card["x"] + card["width"] - 10


@pytest.mark.browser
def test_20000_scores_and_a_trail_of_where_one_was(show):
    y = np.arange(20_000) % 2
    page = show(move_threshold(y, RNG.normal(y, 1.0), goal=("recall", 0.8, "precision")))
    page.keyboard.press("Tab")
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    assert page.locator(".mml-seen").first.get_attribute("d").count("M") == 31


@pytest.mark.browser
def test_two_widgets_of_a_page_share_no_id(show):
    """A front end loads each widget as a module of its own; a clip of one must not cut the bars of the other."""
    widget = move_threshold(Y, SCORES)
    page = show(widget)
    page.evaluate(
        "async (source) => (await import(URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))))"
        ".default.render({ model, el: document.querySelector('main') })",
        widget.get_state()["_esm"],
    )
    ids = page.locator("[id]").evaluate_all("nodes => nodes.map((n) => n.id)")
    assert len(ids) > 10
    assert len(ids) == len(set(ids))
