"""The order that the example claims, for one seed."""


def test_zeros_for_a_missing_modality_cost_more_than_they_bring(example):
    found = example("missing_audio").accuracies(seed=0)
    alone, zeros = found["without audio: image alone"], found["without audio: zeros in its place"]
    dropout = found["without audio: modality dropout, marked as missing"]
    assert zeros < alone - 0.03
    assert dropout > zeros + 0.02
    assert found["with audio: both, modality dropout"] > found["with audio: image alone"] + 0.02
