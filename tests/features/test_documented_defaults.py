"""What is left out is what the docstring says."""

import inspect
import re

import numpy as np
import pytest

from mmlearn_edu import features

rng = np.random.default_rng(0)
SOUND = rng.uniform(-1, 1, size=(2, 4000))
PICTURES = rng.random((2, 20, 21, 3))
CALLS = {
    features.clip_features: [rng.random((2, 4, 9, 9))],
    features.colour_histogram: [PICTURES],
    features.frame_signal: [SOUND],
    features.image_features: [PICTURES],
    features.image_patches: [PICTURES],
    features.mel_filter_bank: [16000],
    features.mfcc: [SOUND, 16000],
    features.mfcc_deltas: [rng.random((2, 3, 20))],
    features.mfcc_summary: [SOUND, 16000],
    features.ngrams: [["I", "saw", "a", "RED", "ring"]],
    features.oriented_gradients: [PICTURES],
    features.power_spectrogram: [SOUND],
    features.tokenize: ["I saw a RED ring, twice."],
}


def documented_defaults(function):
    """Read ``width : int, default=9`` and the like; two names at once have two values."""
    found = {}
    for names, value in re.findall(r"^    (\w.*) : .*default(?:=|: ``)(.+?)(?:``)?$", function.__doc__, re.MULTILINE):
        names, value = names.split(", "), eval(value)
        found |= dict(zip(names, value if len(names) > 1 else [value], strict=True))
    return found


@pytest.mark.parametrize("function", CALLS, ids=lambda function: function.__name__)
def test_what_is_left_out_is_what_the_docstring_says(function):
    documented, given = documented_defaults(function), CALLS[function]
    signature = inspect.signature(function).parameters.values()
    assert documented.keys() == {parameter.name for parameter in signature if parameter.default is not parameter.empty}
    np.testing.assert_equal(function(*given), function(*given, **documented))
