"""Clips to watch: changes against the library, page against Python, and what hands do."""

import numpy as np
import pytest

from mmlearn_edu.datasets import make_scenes
from mmlearn_edu.features import motion_energy
from mmlearn_edu.widgets import frame_energy, watch

RNG = np.random.default_rng(8)
MOVING = np.full((24, 16, 20), 40, dtype=np.uint8)  # a square that stops after frame 14
for number in range(24):
    MOVING[number, 5:11, min(number, 14) : min(number, 14) + 5] = 220
COLOUR = RNG.integers(0, 256, size=(9, 6, 8, 3), dtype=np.uint8)


@pytest.mark.parametrize(
    "clip", [MOVING, MOVING / 255, COLOUR, COLOUR / 255], ids=["grey", "floats", "RGB", "RGB floats"]
)
def test_energy_is_that_of_the_library(clip):
    grey = (clip / 255 if clip.dtype == np.uint8 else clip).reshape(*clip.shape[:3], -1).mean(axis=-1)
    np.testing.assert_allclose(frame_energy(clip), motion_energy(grey[None])[0], atol=1e-12)


def test_energy_by_hand():
    assert frame_energy([[[0.0, 0.0]], [[1.0, 0.0]], [[1.0, 0.0]]]).tolist() == [0.5, 0.0]
    energy = frame_energy(MOVING)
    assert energy.nonzero()[0].max() + 1 == 14, "the last frame that differs from the one before it"


@pytest.mark.parametrize(
    ("clips", "shapes"),
    [
        (MOVING, [(24, 16, 20)]),
        (COLOUR, [(9, 6, 8, 3)]),
        ([MOVING, COLOUR], [(24, 16, 20), (9, 6, 8, 3)]),
        (np.stack([MOVING, MOVING]), [(24, 16, 20)] * 2),
        (np.stack([COLOUR, COLOUR]), [(9, 6, 8, 3)] * 2),
        (list(MOVING), [(24, 16, 20)]),
        (MOVING[:2].tolist(), None),
        (MOVING[:, :, :3] / 255, [(24, 16, 3)]),
    ],
    ids=["grey", "colour", "both", "four axes", "five axes", "list of frames", "whole numbers", "narrow"],
)
def test_tells_one_clip_from_several(clips, shapes):
    if shapes is None:
        with pytest.raises(ValueError, match="must be uint8"):
            watch(clips)
        return
    widget = watch(clips)
    assert [tuple(shape) for shape in widget.shapes] == shapes
    given = clips if len(shapes) > 1 else [clips]
    for ours, theirs in zip(widget._clips(), given, strict=True):
        theirs = np.asarray(theirs)
        np.testing.assert_array_equal(ours, theirs if theirs.dtype == np.uint8 else np.rint(theirs * 255))


def test_words_names_and_still_picture():
    widget = watch([MOVING, COLOUR], names=["<grey>", "colour"])
    assert widget.answer is None
    assert "frame where motion ends" in widget.task
    assert "at frame 0: <grey>, 24 frames of 16 x 20 pixels; colour, 9 frames of 6 x 8 pixels." in widget._alt()
    assert widget._still().count("<image") == 12
    assert "&lt;grey&gt;" in widget._still()
    assert watch([MOVING, COLOUR]).names == ["clip 1", "clip 2"]
    assert watch(MOVING[:2], task="Look.").task == "Look."
    assert watch(MOVING[:2])._still().count("<image") == 2


def test_floats_go_to_the_nearest_of_256_levels():
    levels = watch(np.array([0.0, 0.3, 0.5, 1.0]).reshape(4, 1, 1))._clips()[0].ravel()
    assert levels.tolist() == [0, 76, 128, 255]


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: watch(MOVING[:1]), ValueError, r"clip 0 has shape \(1, 16, 20\).*2 frames or more"),
        (lambda: watch(np.zeros((3, 4))), ValueError, r"clip 0 has shape \(4,\), expected \(n_frames"),
        (lambda: watch([MOVING, MOVING[0]]), ValueError, r"clip 1 has shape \(16, 20\)"),
        (lambda: watch([MOVING] * 5), ValueError, r"5 clips, and 1 to 4 fit side by side: pick some, clips\[:4\]"),
        (lambda: watch([]), ValueError, "0 clips"),
        (lambda: watch(list(COLOUR)), ValueError, r"9 clips.*np.stack\(frames\)"),
        (lambda: watch(MOVING / 1.0), ValueError, "pixels of clip 0 must be uint8 .* from 40.0 to 220.0"),
        (lambda: watch(np.full((3, 2, 2), np.nan)), ValueError, "clip 0 must be uint8"),
        (lambda: watch(np.zeros((2, 0, 4))), ValueError, "clip 0 is empty"),
        (lambda: watch(np.full((2, 2, 2), "a")), TypeError, "real numbers"),
        (lambda: watch([[MOVING[0], MOVING[1, :5]]]), ValueError, "differ in size"),
        (lambda: watch(MOVING, 0), ValueError, "frame_rate=0, expected frames per second"),
        (lambda: watch(MOVING, 61), ValueError, "up to 60"),
        (lambda: watch(MOVING, float("nan")), ValueError, "frame_rate=nan"),
        (lambda: watch(MOVING, names=["a", "b"]), ValueError, "2 names for 1 clips"),
        (lambda: watch(np.zeros((101, 100, 100), np.uint8)), ValueError, r"1,010,000 bytes.*clip\[::2\]"),
    ],
)
def test_says_what_it_cannot_show(make, error, words):
    with pytest.raises(error, match=words):
        make()


@pytest.fixture(scope="module")
def page(chromium):
    page = chromium.new_page()
    page.evaluate(
        "async (source) => { window.widget = "
        "await import(URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))); }",
        watch(MOVING)._esm,
    )
    yield page
    page.close()


@pytest.mark.browser
def test_page_finds_the_same_changes(page):
    for clip in [MOVING, COLOUR, make_scenes(2).X["clip"][1]]:
        widget = watch(clip)
        theirs = page.evaluate(
            "([film, shape]) => [...widget.energyOf(widget.filmOf(film, shape))]", [widget.film[0], widget.shapes[0]]
        )
        np.testing.assert_allclose(theirs, frame_energy(clip), atol=1e-12)


@pytest.mark.browser
@pytest.mark.parametrize(("most", "top"), [(0, 1), (0.03, 0.05), (0.05, 0.05), (0.051, 0.1), (1, 1), (0.0071, 0.01)])
def test_axis_ends_at_a_round_number(page, most, top):
    assert page.evaluate("most => widget.roundUp(most)", most) == top


def state(page, name="frame"):
    return page.evaluate("name => model.get(name)", name)


def pixels(page, number=0):
    return (
        page.locator(".mml-film canvas")
        .nth(number)
        .evaluate("c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]")
    )


@pytest.mark.browser
def test_task_by_keyboard_alone(show):
    page = show(watch(MOVING))
    page.keyboard.press("Tab")
    for key, frame in [
        ("ArrowRight", 1), ("PageUp", 3), ("PageUp", 5), ("ArrowLeft", 4), ("End", 23), ("PageDown", 21), ("Home", 0),
    ]:  # fmt: skip
        page.keyboard.press(key)
        assert state(page) == frame, key
    assert state(page, "answer") is None, "to look is no answer"
    change = page.locator(".mml-row", has_text="Change from the frame before").locator(".mml-number")
    assert change.inner_text() == "none before it"
    page.keyboard.press("End")
    while change.inner_text() == "0.0000":
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    assert state(page, "answer") == 14
    assert change.inner_text() == f"{frame_energy(MOVING)[13]:.4f}"
    assert page.locator(".mml-answer").inner_text() == "Your answer: frame 14"
    slider = page.get_by_role("slider", name="Frame")
    assert slider.get_attribute("aria-valuetext") == "frame 14 of 23, 1.75 seconds"
    page.wait_for_function("document.querySelector('[aria-live=polite]').textContent === 'Marked frame 14.'")


@pytest.mark.browser
@pytest.mark.parametrize("clip", [MOVING, COLOUR], ids=["grey", "colour"])
def test_pixels_are_those_of_the_frame(show, clip):
    page = show(watch(clip))
    for frame in (0, 4, len(clip) - 1):
        page.evaluate("frame => model.set('frame', frame)", frame)
        shown = np.reshape(pixels(page), (*clip.shape[1:3], 4))
        expected = clip[frame] if clip.ndim == 4 else np.repeat(clip[frame][..., None], 3, axis=-1)
        np.testing.assert_array_equal(shown[..., :3], expected)
    assert page.locator(".mml-film canvas").evaluate("c => getComputedStyle(c).imageRendering") == "pixelated"


@pytest.mark.browser
def test_a_shorter_clip_stays_at_its_last_frame(show):
    page = show(watch([MOVING, COLOUR], names=["long", "short"]))
    page.get_by_role("slider").press("End")
    np.testing.assert_array_equal(np.reshape(pixels(page, 1), (6, 8, 4))[..., :3], COLOUR[-1])
    assert page.get_by_role("img", name="short, frame 8").is_visible()
    rows = page.locator(".mml-row", has_text="Change from the frame before, short")
    assert rows.locator(".mml-number").inner_text() == "0.0000"


@pytest.mark.browser
def test_plays_once_when_asked_and_stops_where_it_is(show):
    page = show(watch(MOVING, 5))  # slow enough for a busy machine to see it play
    page.wait_for_timeout(300)
    assert page.get_by_role("slider").input_value() == "0", "never by itself"
    page.get_by_role("slider").press("Space")
    page.wait_for_function("Number(document.querySelector('input[type=range]').value) > 2")
    page.get_by_role("slider").press("Space")
    stopped = state(page)
    assert stopped > 2
    page.wait_for_timeout(150)
    assert page.get_by_role("slider").input_value() == str(stopped)
    page.get_by_label("Speed").select_option("2 x")
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Pause").wait_for()
    page.get_by_role("button", name="Play").wait_for(timeout=10_000)
    assert state(page) == 23
    page.wait_for_function("document.querySelector('[aria-live=polite]').textContent === 'The end: frame 23.'")
    page.get_by_role("button", name="Play").click()  # from the start again
    page.wait_for_function("Number(document.querySelector('input[type=range]').value) < 20")
    page.get_by_role("button", name="Mark this frame").click()
    assert state(page, "answer") == state(page)
    page.get_by_role("button", name="Play").click()
    page.evaluate("stop()")
    page.wait_for_timeout(100)


@pytest.mark.browser
@pytest.mark.parametrize(("motion", "speed"), [("reduce", "0.25"), ("no-preference", "1")])
def test_plays_slowly_for_those_who_ask_for_less_motion(show, motion, speed):
    page = show(watch(MOVING), reduced_motion=motion)
    assert page.get_by_label("Speed").input_value() == speed
    assert ("asks for less motion" in page.locator(".mml").inner_text()) == (motion == "reduce")
    assert state(page, "speed") == 0
    page.get_by_label("Speed").select_option("0.5 x")
    assert state(page, "speed") == 0.5


@pytest.mark.browser
def test_the_curve_leads_to_a_frame_by_mouse_and_finger(show):
    page = show(watch(MOVING), touch=True)
    points = page.locator(".mml-changes .mml-change-at")
    assert points.count() == 23
    at = [points.nth(entry).bounding_box() for entry in (13, 4)]
    centres = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in at]
    page.mouse.click(*centres[0])
    assert state(page) == 14, "entry t is drawn at frame t + 1"
    page.keyboard.press("ArrowLeft")
    assert state(page) == 13, "and the arrows go on from there"
    page.touchscreen.tap(*centres[1])
    assert state(page) == 5
    assert page.get_by_role("img", name="largest at frame 1").is_visible()


@pytest.mark.browser
def test_the_curve_can_be_left_out(show):
    page = show(watch(MOVING, energy=False))
    assert page.locator(".mml-changes").count() == 0
    page.get_by_role("slider").press("End")
    assert state(page) == 23


@pytest.mark.browser
def test_lines_differ_by_more_than_colour(show):
    page = show(watch([MOVING, MOVING[::-1], MOVING[:, ::-1], MOVING // 2]))
    looks = page.locator(".mml-changes .mml-change").evaluate_all(
        "n => n.map((p) => p.getAttribute('stroke-dasharray'))"
    )
    marks = page.locator(".mml-changes g").evaluate_all("n => n.map((g) => g.lastChild.getAttribute('d'))")
    assert len(set(looks)) == len(set(marks)) == 4


@pytest.mark.browser
def test_a_clip_in_which_nothing_moves(show):
    page = show(watch(np.zeros((3, 4, 4))))
    page.get_by_role("slider").press("End")
    assert "NaN" not in page.locator(".mml").inner_html()
