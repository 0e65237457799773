"""The order that the example claims, on fewer scenes."""


def test_across_modalities_and_not_within_one(example):
    swapped = example("swapped_captions")
    found = swapped.areas(*swapped.scenes(seed=0, n_samples=1200))
    across = [area for what, area in found.items() if what.startswith(("image to text", "shared"))]
    assert min(across) > 0.95
    assert abs(found["text alone, density"] - 0.5) < 0.1
    assert found["text to image, raw colours"] < 0.65
    assert found["text to image, standardised, by angle"] > found["text to image, raw colours"] + 0.2


def test_the_ground_drowns_the_raw_colours(example):
    found = example("swapped_captions").shares(seed=0, n_samples=1200)
    assert found["variance of raw colours told by the ground"] > 0.9
    assert found["variance of raw colours told by the caption"] < 0.1
