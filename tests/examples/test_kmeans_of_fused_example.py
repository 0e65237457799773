"""The order that the example claims, for one seed."""


def test_side_by_side_helps_and_averaging_hurts(example):
    found = example("kmeans_of_fused").under_noise(seed=0, audio_snr_db=-6)
    best = max(found["image"], found["audio"])
    assert found["side by side"] > best + 0.1
    assert found["average of 32 components"] < best - 0.05


def test_the_pairing_is_the_supervision(example):
    found = example("kmeans_of_fused").shared_space(seed=0)
    assert found["shared space"] > 0.97
    assert found["side by side"] < 0.85
    assert found["shared space, pairs shuffled"] < 0.4
