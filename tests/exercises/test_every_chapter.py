"""What every exercise must stand, and what every chapter owes: lasting ids, words of their own, questions, a table."""

from collections import Counter

import pytest

from mmlearn_edu.authoring.notebooks import source_folder
from mmlearn_edu.authoring.source import read_source, source_path
from mmlearn_edu.checks import registry
from mmlearn_edu.checks.gate import gate

# Stable for ever: a learner's progress and a teacher's marks are kept under these ids.
IDS = {
    "00-start-here": [
        "start.foresee_shapes",
        "start.to_2d",
        "start.same_rows",
        "start.repair_rerun",
        "start.reach_shape",
        "start.repair_sum",
        "start.why_silent",
    ],
    "02-tfidf": [
        "tfidf.learn_vocabulary",
        "tfidf.count_words",
        "tfidf.learn_idf",
        "tfidf.weigh",
        "tfidf.find_texts",
        "tfidf.char_ngrams",
        "tfidf.top_word",
        "tfidf.fix_article",
        "tfidf.why_unnoticed",
    ],
    "04-images": [
        "images.to_hsv",
        "images.make_histogram",
        "images.find_edges",
        "images.cut_patches",
        "images.count_orientations",
        "images.find_threshold",
        "images.fix_article",
        "images.why_unnoticed",
    ],
    "05-cnn-features": [
        "cnn.count_places",
        "cnn.convolve_image",
        "cnn.pool_maps",
        "cnn.trace_field",
        "cnn.freeze_features",
        "cnn.probe_features",
        "cnn.paint_edges",
        "cnn.fix_article",
        "cnn.why_unnoticed",
    ],
    "06-sound": [
        "sound.find_frequency",
        "sound.cut_frames",
        "sound.measure_power",
        "sound.build_bands",
        "sound.condense",
        "sound.pad_batch",
        "sound.separate_tones",
        "sound.fix_article",
        "sound.why_unnoticed",
    ],
    "07-video": [
        "video.motion_energy",
        "video.conv_shape",
        "video.play_backwards",
        "video.shuffle_time",
        "video.gain_over_seeds",
        "video.name_direction",
        "video.motion_end",
        "video.fix_article",
        "video.why_unnoticed",
    ],
    "08-pca": [
        "pca.center",
        "pca.fit_axes",
        "pca.transform",
        "pca.inverse",
        "pca.components_for",
        "pca.train_only_fit",
        "pca.turn_axis",
        "pca.fix_article",
        "pca.why_unnoticed",
    ],
    "09-similarity": [
        "similarity.compare_directions",
        "similarity.measure_distances",
        "similarity.foresee_changes",
        "similarity.pick_top",
        "similarity.measure_recall",
        "similarity.move_query",
        "similarity.fix_article",
        "similarity.why_unnoticed",
    ],
    "10-kmeans": [
        "kmeans.objective",
        "kmeans.assign",
        "kmeans.update",
        "kmeans.loop",
        "kmeans.score_labels",
        "kmeans.choose_k",
        "kmeans.beat_lloyd",
        "kmeans.fix_article",
        "kmeans.why_unnoticed",
    ],
    "12-fusion": [
        "fusion.average_tables",
        "fusion.scale_blocks",
        "fusion.mean_present",
        "fusion.multiply_experts",
        "fusion.choose_weights",
        "fusion.fit_least_squares",
        "fusion.beat_single",
        "fusion.fix_article",
        "fusion.why_unnoticed",
    ],
    "13-evaluation": [
        "evaluation.average_recall",
        "evaluation.find_shared",
        "evaluation.shuffle_labels",
        "evaluation.measure_scaling",
        "evaluation.predict_held_out",
        "evaluation.resample_score",
        "evaluation.find_threshold",
        "evaluation.fix_article",
        "evaluation.why_unnoticed",
    ],
    "14-autoencoders": [
        "autoencoder.measure_errors",
        "autoencoder.compare_subspaces",
        "autoencoder.stack_layers",
        "autoencoder.choose_width",
        "autoencoder.trace_noise",
        "autoencoder.rate_denoiser",
        "autoencoder.find_border",
        "autoencoder.fix_article",
        "autoencoder.why_unnoticed",
    ],
}
EXERCISES = [exercise for slug in registry.chapter_ids() for exercise in registry.exercises(slug)]
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
each_chapter = pytest.mark.parametrize("slug", registry.chapter_ids())
mutants_divide_by_zero = pytest.mark.filterwarnings(
    "ignore:(invalid value|Mean of empty|divide by zero):RuntimeWarning"
)


def test_ids_stay():
    assert {slug: [exercise.id for exercise in registry.exercises(slug)] for slug in registry.chapter_ids()} == IDS


@mutants_divide_by_zero
@each_exercise
def test_gate(exercise):
    """With two seeds for what is right and what has a name; `test_whole_gate` takes all."""
    report = gate(exercise, seeds=2)
    assert report.passed, str(report)


@pytest.mark.slow
@mutants_divide_by_zero
@each_exercise
def test_whole_gate(exercise):
    report = gate(exercise)
    assert report.passed, str(report)


@each_exercise
def test_mistakes_have_words_of_their_own(exercise):
    messages = [mistake.message for mistake in exercise.mistakes]
    assert len(set(messages)) == len(messages)
    assert all(mistake.seen for mistake in exercise.mistakes)


@each_chapter
def test_six_questions_or_more_with_words_for_every_wrong_option(slug):
    questions = registry.questions(slug)
    assert len(questions) >= 6
    for question in questions:
        assert set(question.wrong) == set(question.options) - {question.answer}, question.id


def answered(kind):
    """Return the options and the right letter of every question of a kind, in the language to speak."""
    for slug in registry.chapter_ids():
        if kind == "recall":
            yield from ((one.options, one.answer) for one in registry.questions(slug))
        elif kind == "choice":
            yield from ((one.options, one.reference()) for one in registry.exercises(slug) if one.kind == "choice")
        else:
            yield from ((one.options, one.outcome(one.example)) for one in registry.predictions(slug) if one.options)


def longest(options, answer):
    return all(len(options[answer]) > len(text) for letter, text in options.items() if letter != answer)


MOST = {"recall": (0.4, 0.45), "choice": (0.5, 0.5), "predict": (0.5, 0.5)}  # few choices and predictions: wider


@pytest.mark.parametrize("kind", MOST)
@pytest.mark.parametrize("spoken", ["en", "zh"])
def test_no_letter_and_no_length_gives_the_answer_away(kind, spoken, monkeypatch):
    """Who always takes one letter, or the longest option, must not get far: reorder, or say more in a wrong one."""
    letters, lengths = MOST[kind]
    monkeypatch.setenv("MMLEARN_LANG", spoken)
    asked = list(answered(kind))
    right = Counter(answer for _, answer in asked)
    assert max(right.values()) / len(asked) <= letters, f"right letters: {right}"
    told = [options[answer] for options, answer in asked if longest(options, answer)]
    assert len(told) / len(asked) <= lengths, f"right and longest: {told}"


@each_chapter
def test_the_table_of_mistakes_names_what_the_checks_name(slug):
    cells = {cell.slug: cell.source for cell in read_source(source_path(slug, source_folder()))}
    named = [word for line in cells["mistakes"].splitlines()[4:] for word in line.split("|")[3].split("`")[1::2]]
    known = {mistake.id for exercise in registry.exercises(slug) for mistake in exercise.mistakes}
    assert len(named) >= 6
    assert set(named) <= known
