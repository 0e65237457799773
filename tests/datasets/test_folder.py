"""load_folder: a learner's own files arrive as promised, and every problem is told, by row, all at once."""

import re
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image
from scipy.signal import resample_poly

from mmlearn_edu.datasets import SAMPLING_RATE, load_folder
from mmlearn_edu.datasets import folder as load_folder_module

RNG = np.random.default_rng(0)
# Beside the repository where its makers work; nobody else has it, and nothing of it is shipped.
RECORDINGS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "fsdd" / "recordings"


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "my data 数据"
    path.mkdir()
    return path


def manifest(folder, *lines, encoding="utf-8"):
    (folder / "manifest.csv").write_text("\n".join(lines) + "\n", encoding=encoding)
    return folder


def picture(path, height=4, width=6, mode="RGB"):
    path.parent.mkdir(exist_ok=True)
    channels = {"RGB": (3,), "L": (), "RGBA": (4,)}[mode]
    pixels = RNG.integers(256, size=(height, width, *channels), dtype=np.uint8)
    Image.fromarray(pixels).save(path)
    return pixels


def sound(path, n_samples=100, rate=SAMPLING_RATE, channels=1, subtype="PCM_16"):
    wave = RNG.integers(-9000, 9000, size=(n_samples, channels), dtype=np.int16)
    soundfile.write(path, wave, rate, subtype=subtype)
    return wave


def problems(folder, **options):
    with pytest.raises(ValueError, match=r"row 1 is the header\. Please mend:") as caught:
        load_folder(folder, **options)
    return str(caught.value).splitlines()[1:]


def test_every_modality_arrives_byte_by_byte(folder):
    pictures = [picture(folder / name) for name in ("猫.png", "b.bmp")]
    waves = [sound(folder / "喵.wav", 50), sound(folder / "b.flac", 80)]
    films = [RNG.integers(256, size=(3, 5, 7), dtype=np.uint8) for _ in range(2)]
    for name, film in zip("ab", films, strict=True):
        np.savez(folder / f"{name}.npz", film)
    (folder / "long.txt").write_text("一只猫,\n安静\n", encoding="utf-8")
    manifest(
        folder,
        "image,audio,text,clip,target,group,group_writer",
        '猫.png,喵.wav,"a cat, quiet",a.npz,10,home,Ana',
        "b.bmp,b.flac,long.txt,b.npz,9,home,Bo",
    )
    data = load_folder(folder)
    np.testing.assert_array_equal(data.X["image"], pictures)
    np.testing.assert_array_equal(data.X["audio"][0], np.pad(waves[0][:, 0], (0, 30)))
    np.testing.assert_array_equal(data.X["audio"][1], waves[1][:, 0])
    np.testing.assert_array_equal(data.X["clip"], films)
    assert data.X["text"].tolist() == ["a cat, quiet", "一只猫,\n安静"]
    assert [data.X[name].dtype for name in data.X.names] == [np.uint8, np.int16, object, np.uint8]
    assert (data.y.tolist(), data.y.dtype, data.target_names) == ([1, 0], np.int64, ("9", "10"))
    assert {name: list(group) for name, group in data.groups.items()} == {
        "group": ["home"] * 2,
        "writer": ["Ana", "Bo"],
    }
    assert data.latents["audio_length"].tolist() == [50, 80]
    assert (data.name, dict(data.X.missing)) == ("my data 数据", {})
    assert "README.md" in data.card


def test_readme_is_the_card_and_x_y_are_to_be_had(folder):
    (folder / "README.md").write_text("# Lemons, CC0", encoding="utf-8")
    manifest(folder, "text", "a lemon")
    assert load_folder(str(folder)).card == "# Lemons, CC0"
    X, y = load_folder(folder, return_X_y=True)
    assert (X["text"].tolist(), y, load_folder(folder).latents) == (["a lemon"], None, {})


def test_classes_sort_by_number_then_by_letter(folder):
    manifest(folder, "text,target", "a,b", "a,10", "a,2", "a,a", "a,2")
    data = load_folder(folder)
    assert (data.y.tolist(), data.target_names) == ([3, 1, 0, 2, 0], ("2", "10", "a", "b"))


def test_an_empty_cell_is_a_missing_modality(folder):
    picture(folder / "a.png")
    wave = sound(folder / "a.wav")
    manifest(folder, "image,audio,text", "a.png,,", ",a.wav,", ",,words", ",,", "")
    data = load_folder(folder)
    assert {name: list(mask) for name, mask in data.X.missing.items()} == {
        "image": [False, True, True],
        "audio": [True, False, True],
        "text": [True, True, False],
    }
    assert (data.X["image"][1:].max(), data.X["audio"][2].max(), data.X["text"][0]) == (0, 0, "")
    np.testing.assert_array_equal(data.X["audio"][1], wave[:, 0])
    assert data.latents["audio_length"].tolist() == [0, 100, 0]


def test_manifest_as_excel_writes_it(folder):
    manifest(folder, " text , target\r", "猫, cat \r", encoding="utf-8-sig")
    assert load_folder(folder).X["text"].tolist() == ["猫"]


def test_backslashes_and_folders_of_folders(folder):
    pixels = picture(folder / "pictures" / "a.png")
    manifest(folder, "image", r"pictures\a.png", "pictures/a.png")
    np.testing.assert_array_equal(load_folder(folder).X["image"], [pixels, pixels])


# Pictures


def test_mixed_sizes_are_told_or_resized(folder):
    picture(folder / "a.png", 4, 6)
    grey = picture(folder / "b.png", 40, 30, "L")
    manifest(folder, "image", "a.png", "b.png")
    words = "image: 'b.png' is 40 x 30, but that of row 2 is 4 x 6; make them alike, or give image_size=(height, width)"
    assert problems(folder) == [f"  row 3: {words}"]
    image = load_folder(folder, image_size=(8, 5)).X["image"]
    assert image.shape == (2, 8, 5, 3)
    assert image[1].mean() == pytest.approx(grey.mean(), abs=4)  # shrinking averages


def test_transparent_is_white_and_photographs_stand_upright(folder):
    Image.fromarray(np.array([[[9, 9, 9, 0], [9, 9, 9, 255]]], dtype=np.uint8)).save(folder / "glass.png")
    turned = Image.fromarray(np.array([[[10] * 3], [[200] * 3]], dtype=np.uint8))
    exif = turned.getexif()
    exif[0x0112] = 6  # the camera was held so that the file must be turned a quarter clockwise
    turned.save(folder / "phone.png", exif=exif)
    manifest(folder, "image", "glass.png", "phone.png")
    image = load_folder(folder).X["image"]
    assert image[:, 0, :, 0].tolist() == [[255, 9], [200, 10]]


@pytest.mark.parametrize("size", [(8,), (8, 0), (8.0, 8), 8, "88"])
def test_size_is_two_whole_numbers(folder, size):
    manifest(folder, "text", "a")
    words = r"expected image_size=\(height, width\), 2 whole numbers of 1 or more, got "
    with pytest.raises(ValueError, match=words + re.escape(repr(size))):
        load_folder(folder, image_size=size)


# Sounds


@pytest.mark.parametrize("rate", [8000, 16000, 44100, 22050, 4000])
def test_every_rate_becomes_ours(folder, rate):
    time = np.arange(rate) / rate
    soundfile.write(folder / "a.wav", 0.5 * np.sin(2 * np.pi * 440 * time), rate)
    manifest(folder, "audio", "a.wav")
    wave = load_folder(folder).X["audio"][0] / 2**15
    assert len(wave) == SAMPLING_RATE
    expected = 0.5 * np.sin(2 * np.pi * 440 * np.arange(SAMPLING_RATE) / SAMPLING_RATE)
    np.testing.assert_allclose(wave[200:-200], expected[200:-200], atol=2e-3)


def test_resampling_is_that_of_scipy(folder):
    wave = sound(folder / "a.wav", 441, 44100)[:, 0]
    manifest(folder, "audio", "a.wav")
    expected = np.rint(resample_poly(wave.astype(float), 80, 441))
    np.testing.assert_array_equal(load_folder(folder).X["audio"][0], expected)


def test_channels_are_averaged_and_floats_keep_their_loudness(folder):
    soundfile.write(folder / "a.wav", np.array([[1.0, 0.0], [2.0, 2.0], [-0.5, -0.5]]), 8000, subtype="FLOAT")
    manifest(folder, "audio", "a.wav")
    assert load_folder(folder).X["audio"].tolist() == [[16384, 32767, -16384]]  # what is too loud is clipped


def test_ogg_is_read(folder):
    time = np.arange(8000) / 8000
    soundfile.write(folder / "a.ogg", 0.5 * np.sin(2 * np.pi * 440 * time), 8000)
    manifest(folder, "audio", "a.ogg")
    wave = load_folder(folder).X["audio"][0] / 2**15
    assert wave.std() == pytest.approx(0.5 / np.sqrt(2), rel=0.05)


@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="needs ../shared/data/fsdd/recordings, real voices not shipped")
def test_real_recordings_arrive_unchanged(folder):
    paths = sorted(RECORDINGS.glob("*_0.wav"))
    manifest(
        folder, "audio,target,group_voice", *(f"{path},{path.name[0]},{path.name.split('_')[1]}" for path in paths)
    )
    data = load_folder(folder)
    assert (len(data), data.target_names, len(set(data.groups["voice"]))) == (60, tuple("0123456789"), 6)
    for path, row, length in zip(paths, data.X["audio"], data.latents["audio_length"], strict=True):
        np.testing.assert_array_equal(row[:length], soundfile.read(path, dtype="int16")[0])
        assert not row[length:].any()


@pytest.mark.parametrize("rate", [8000, 44100, 22050, 4000])
@pytest.mark.parametrize("seconds", [0.5, 1.9, 2, 7])
def test_long_sounds_are_cut_and_else_the_same(folder, rate, seconds):
    sound(folder / "a.wav", 3 * rate, rate, channels=2)
    sound(folder / "b.flac", rate, rate)
    manifest(folder, "audio", "a.wav", "b.flac")
    whole, cut = load_folder(folder), load_folder(folder, max_seconds=seconds)
    np.testing.assert_array_equal(cut.X["audio"], whole.X["audio"][:, : int(seconds * SAMPLING_RATE)])
    lengths = [min(length, int(seconds * SAMPLING_RATE)) for length in (3 * SAMPLING_RATE, SAMPLING_RATE)]
    assert cut.latents["audio_length"].tolist() == lengths


def test_one_long_recording_among_short_ones_is_told(folder, monkeypatch):
    sound(folder / "word.wav", 80)
    sound(folder / "talk.wav", SAMPLING_RATE)
    manifest(folder, "text,audio", "a,word.wav", "b,talk.wav", "c,word.wav", "d,")
    silence = 2 * (4 * SAMPLING_RATE - SAMPLING_RATE - 2 * 80)  # the sample without a sound is silence as well
    monkeypatch.setattr(load_folder_module, "MOST_SILENCE", silence)
    load_folder(folder)
    monkeypatch.setattr(load_folder_module, "MOST_SILENCE", silence - 1)
    words = "'talk.wav' lasts 1 s; to make all as long takes 0 MB of silence; leave it out, or give max_seconds="
    assert problems(folder) == [f"  row 3: audio: {words}, which cuts it"]
    assert load_folder(folder, max_seconds=0.1).X["audio"].shape == (4, 800)
    assert load_folder(folder, max_seconds=60).X["audio"].shape == (4, SAMPLING_RATE)  # who asks for it gets it


def test_no_long_recording_is_held_whole(folder):
    minutes = 10
    with soundfile.SoundFile(folder / "talk.flac", "w", SAMPLING_RATE, 1) as talk:
        for _ in range(minutes):
            talk.write(np.zeros(60 * SAMPLING_RATE, dtype=np.int16))
    sound(folder / "word.wav", 80)
    manifest(folder, "audio", "talk.flac", *["word.wav"] * 30)
    (problem,) = problems(folder)
    assert problem.startswith("  row 2: audio: 'talk.flac' lasts 600 s; to make all as long takes 275 MB of silence")
    assert load_folder(folder, max_seconds=1).X["audio"].shape == (31, SAMPLING_RATE)


@pytest.mark.parametrize("seconds", [0, -1, 1e-9, np.nan, np.inf, True, "2", (2,)])
def test_max_seconds_is_a_number_above_0(folder, seconds):
    manifest(folder, "text", "a")
    words = rf"max_seconds={re.escape(repr(seconds))} must be a number of seconds above 0, or None"
    with pytest.raises(ValueError, match=words):
        load_folder(folder, max_seconds=seconds)


# Films


def film(n_frames=4, height=6, width=5):
    return [Image.fromarray(np.full((height, width), 20 * i, dtype=np.uint8)) for i in range(n_frames)]


def test_gif_folder_and_npz_are_one_film(folder):
    first, *others = film(11)
    first.save(folder / "a.gif", save_all=True, append_images=others)
    (folder / "frames").mkdir()
    for i, frame in enumerate([first, *others]):
        frame.save(folder / "frames" / f"frame{i}.png")  # frame10 after frame9
    (folder / "frames" / "Thumbs.db").write_text("no picture")
    grey = np.stack([np.asarray(frame) for frame in [first, *others]])
    np.savez_compressed(folder / "a.npz", film=np.repeat(grey[..., None], 3, axis=3))
    manifest(folder, "clip", "a.gif", "frames", "a.npz")
    clip = load_folder(folder).X["clip"]
    assert clip.shape == (3, 11, 6, 5)
    np.testing.assert_array_equal(clip, [grey] * 3)


def test_mixed_films_are_told_or_brought_to_one_shape(folder):
    np.savez(folder / "a.npz", np.stack([np.asarray(frame) for frame in film(5)]))
    np.savez(folder / "b.npz", np.stack([np.asarray(frame) for frame in film(2, 12, 10)]))
    manifest(folder, "clip", "a.npz", "b.npz")
    words = "clip: 'b.npz' is 2 x 12 x 10, but that of row 2 is 5 x 6 x 5; make them alike, or give clip_shape="
    assert problems(folder) == [f"  row 3: {words}(n_frames, height, width)"]
    clip = load_folder(folder, clip_shape=(3, 6, 5)).X["clip"]
    assert clip[:, :, 0, 0].tolist() == [[0, 40, 80], [0, 0, 20]]
    with pytest.raises(ValueError, match=r"expected clip_shape=\(n_frames, height, width\), 3 whole numbers"):
        load_folder(folder, clip_shape=(6, 5))


def test_a_film_three_pixels_wide_is_named_in_full(folder):
    np.savez(folder / "a.npz", np.zeros((2, 4, 3), dtype=np.uint8))
    np.savez(folder / "b.npz", np.zeros((2, 4, 5), dtype=np.uint8))
    manifest(folder, "clip", "a.npz", "b.npz")
    assert "'b.npz' is 2 x 4 x 5, but that of row 2 is 2 x 4 x 3;" in problems(folder)[0]


# What is said when something is wrong


def test_every_problem_at_once_by_row(folder):
    picture(folder / "Lemon.png")
    (folder / "empty.png").touch()
    (folder / "half.png").write_bytes((folder / "Lemon.png").read_bytes()[:60])
    (folder / "words.wav").write_text("not a sound")
    (folder / "song.mp3").write_text("x")
    (folder / "blank.txt").write_text(" \n")
    (folder / "old.txt").write_bytes("数据".encode("gbk"))
    (folder / "box").mkdir()
    manifest(
        folder,
        "image,audio,text,target",
        "lemon.png,,,a",  # 2
        "empty.png,,,a",
        "half.png,,,a",
        ",words.wav,,a",  # 5
        ",song.mp3,,a",
        ",,blank.txt,a",
        ",,old.txt,a",
        "box,,,a",
        ",,sweet, sour,a",  # 10
        ",,sweet,",
        ",,,a",
        "Lemon.png,x1.wav,zzzzzzzzzz.txt,",
    )
    expected = {
        2: [r"image: there is no 'lemon.png'; did you mean 'Lemon.png'\?"],
        3: [r"image: 'empty.png' is empty \(0 bytes\)"],
        4: [r"image: 'half.png' cannot be read as a picture \(\w+: .+\)"],
        5: [r"audio: 'words.wav' cannot be read as a sound \(LibsndfileError: .+\)"],
        6: [r"audio: 'song.mp3' is not .wav, .flac, .ogg; convert it"],
        7: [r"text: 'blank.txt' has only blank lines"],
        8: [r"text: 'old.txt' cannot be read as UTF-8 text \(UnicodeDecodeError: .+\)"],
        9: [r"image: 'box' is a folder; name a file in it"],
        10: [r"5 cells, but the header has 4; put quotes around a text with a comma"],
        11: [r"target is empty; every sample needs one"],
        12: [r"every modality is empty; fill one or delete the row"],
        13: [
            r"target is empty; every sample needs one",
            r"audio: there is no 'x1.wav'",
            r"text: there is no 'zzzzzzzzzz.txt'",
        ],
    }
    patterns = [rf"  row {row}: {words}" for row, lines in expected.items() for words in lines]
    found = problems(folder)
    assert len(found) == len(patterns)
    for line, pattern in zip(found, patterns, strict=True):
        assert re.fullmatch(pattern, line), f"{line!r} is not {pattern!r}"


def test_what_a_film_may_not_be(folder):
    (folder / "empty").mkdir()
    (folder / "mixed").mkdir()
    picture(folder / "mixed" / "1.png", 2, 2)
    picture(folder / "mixed" / "2.png", 3, 3)
    np.savez(folder / "float.npz", np.zeros((2, 3, 3)))
    np.savez(folder / "two.npz", a=np.zeros((2, 3, 3), np.uint8), b=np.zeros(3, np.uint8))
    np.savez(folder / "flat.npz", np.zeros((2, 3), np.uint8))
    np.savez(folder / "object.npz", np.array([{}], dtype=object))
    (folder / "fake.npz").write_text("no archive")
    (folder / "film.mp4").write_text("x")
    names = ["empty", "mixed", "float.npz", "two.npz", "flat.npz", "object.npz", "fake.npz", "film.mp4"]
    lines = problems(manifest(folder, "clip", *names))
    for line, name, words in zip(
        lines,
        names,
        [
            "it holds no frames",
            r"its frames have 2 sizes; give clip_shape=\(n_frames, height, width\)",
            r"expected one uint8 array \(n_frames, .* found float64 \(2, 3, 3\)",
            r"found uint8 \(2, 3, 3\), uint8 \(3,\)",
            r"found uint8 \(2, 3\)",
            "ValueError: Object arrays cannot be loaded",
            "ValueError: ",
            "expected a .gif, an .npz, or a folder of pictures",
        ],
        strict=True,
    ):
        assert re.search(rf"clip: '{name}' cannot be read as a film.*{words}", line), line


def test_what_a_sound_or_picture_may_not_be(folder):
    soundfile.write(folder / "nan.wav", np.array([0.1, np.nan]), 8000, subtype="FLOAT")
    soundfile.write(folder / "none.wav", np.zeros(0), 8000)
    Image.fromarray(np.zeros((2, 2), dtype=np.uint16)).save(folder / "deep.png")
    lines = problems(manifest(folder, "image,audio", ",nan.wav", ",none.wav", "deep.png,"))
    assert lines == [
        "  row 2: audio: 'nan.wav' cannot be read as a sound: it holds NaN or inf",
        "  row 3: audio: 'none.wav' cannot be read as a sound: it holds no sound",
        "  row 4: image: 'deep.png' cannot be read as a picture: it has more than 8 bits per channel; save it with 8",
    ]


def test_a_column_without_a_value(folder):
    assert problems(manifest(folder, "image,text", ",a", ",b")) == [
        "  row 1: image is empty in every row; delete the column, or fill it"
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "manifest.csv is empty; its first row names the columns"),
        ("image,target\n", "has a header but no rows; add one row per sample"),
        ("imgae,text\na,b\n", "unknown column 'imgae', did you mean 'image'?"),
        ("text,text\na,b\n", "column 'text' comes 2 times"),
        ("target,group\na,b\n", "has no modality. Expected one or more of image, audio, text, clip"),
        ("text,group,group_group\na,b,c\n", "unknown column 'group_group'"),
        ("image;target\na;b\n", "Separate cells by commas, not semicolons or tabs."),
        ('text\n"a\n', "manifest.csv is no proper CSV (unexpected end of data); is a quotation mark left open?"),
        ("text\n数据\n".encode("gbk"), "manifest.csv is not UTF-8 ("),
    ],
)
def test_a_manifest_that_cannot_be_used(folder, content, words):
    content = content if isinstance(content, bytes) else content.encode()
    (folder / "manifest.csv").write_bytes(content)
    with pytest.raises(ValueError, match=re.escape(words)):
        load_folder(folder)


def test_no_folder_no_manifest(folder):
    with pytest.raises(FileNotFoundError, match=r"there is no folder .*nowhere'; looked from "):
        load_folder(folder / "nowhere")
    with pytest.raises(FileNotFoundError, match=r"has no manifest\.csv; write one with a header such as"):
        load_folder(folder)
    manifest(folder, "text", "a")
    with pytest.raises(NotADirectoryError, match=r"is a file; give the folder that holds manifest\.csv"):
        load_folder(folder / "manifest.csv")
