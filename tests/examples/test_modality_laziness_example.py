"""The order that the example claims, for one seed."""


def test_the_picture_is_neglected_and_the_fused_score_hides_it(example):
    found = example("modality_laziness").accuracies(seed=0, audio_snr_db=-6)
    inside = found["image inside a joint net"]
    assert inside < found["image alone"] - 0.04
    assert found["image inside, with modality dropout"] > inside + 0.03
    assert found["both, joint net"] > max(found["image alone"], found["audio alone"]) + 0.05
