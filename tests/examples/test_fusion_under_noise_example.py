"""The order that the example claims, for one seed."""


def test_fusion_beats_each_modality_and_averaging_components_does_not(example):
    fusion = example("fusion_under_noise")
    found = fusion.accuracies(seed=0, audio_snr_db=-6)
    best = max(found["image"], found["audio"])
    assert found[fusion.EARLY] > best + 0.1
    assert found["image + audio, product of experts"] > best + 0.1
    assert found["image + audio, mean of probabilities"] > best + 0.1
    assert found["all three, early fusion"] > found[fusion.EARLY]
    assert found["image + audio, average of 32 components"] < best - 0.03


def test_a_hopeless_modality_hurts_early_fusion(example):
    fusion = example("fusion_under_noise")
    found = fusion.accuracies(seed=0, audio_snr_db=-22)
    assert found[fusion.EARLY] < found["image"]
