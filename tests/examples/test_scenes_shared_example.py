"""What the example claims, on fewer scenes."""


def test_keeps_what_both_modalities_know_and_drops_the_rest(example):
    found = example("scenes_shared").kept(seed=0, n_samples=900)
    shared, features = found["shared space"], found["features"]
    assert shared["colour"] > 0.95
    assert shared["size"] > 0.9
    assert all(abs(shared[name]) < 0.1 for name in ("background", "x", "y"))
    assert all(features[name] > 0.6 for name in ("background", "x", "y"))  # the picture did know
