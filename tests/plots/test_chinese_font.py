import importlib.util
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.font_manager import fontManager
from matplotlib.ft2font import FT2Font

from mmlearn_edu import plots
from mmlearn_edu.plots import chinese_font

TITLE = "图像、声音与文字：“阈值 0.5”（王小婷）"
GLYPHS = FT2Font(chinese_font.FILE).get_charmap()


@pytest.fixture
def bare_system(monkeypatch):
    """A system whose only fonts are those that Matplotlib brings."""
    brought = [font for font in fontManager.ttflist if matplotlib.get_data_path() in font.fname]
    assert "DejaVu Sans" in {font.name for font in brought}
    monkeypatch.setattr(fontManager, "ttflist", brought)
    fontManager._findfont_cached.cache_clear()
    yield
    fontManager._findfont_cached.cache_clear()


@pytest.fixture
def own_picture():
    figure, (left, right) = plt.subplots(1, 2)
    left.plot([1, 2], label="训练")
    left.legend(title="曲线")
    left.set(title=TITLE, xlabel="轮次", ylabel="损失")
    left.set_xticks([0, 1], ["一", "二"])
    left.text(0, 1, "最低")
    figure.colorbar(right.imshow(np.eye(2)), ax=right, label="样本数")
    figure.suptitle("总标题")
    return figure


@pytest.mark.usefixtures("bare_system")
def test_the_system_has_no_chinese_font(own_picture):
    with pytest.warns(UserWarning, match="Glyph .* missing from font"):
        own_picture.canvas.draw()


@pytest.mark.usefixtures("bare_system")
def test_every_text_of_a_figure_is_drawn(own_picture):
    assert plots.chinese(own_picture) is own_picture
    own_picture.canvas.draw()  # a missing glyph would warn, and a warning is an error here


@pytest.mark.usefixtures("bare_system")
@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_files_too(own_picture, kind, tmp_path):
    plots.chinese(own_picture).savefig(tmp_path / f"picture.{kind}")


@pytest.mark.usefixtures("bare_system")
def test_axes_bring_their_scale_of_colours():
    ax = plots.heat_matrix(
        np.eye(2), row_names=["猫", "狗"], column_names=["猫", "狗"], labels=("预测", "真实"), value="样本"
    )
    ax.figure.canvas.draw()


@pytest.mark.usefixtures("bare_system")
def test_a_title_given_later_is_drawn_and_more_ticks_too():
    ax = plots.score_bars({"图像": 0.7, "文字": 0.6}, label="准确率")
    ax.set(title=TITLE, xlabel="分数")
    ax.set_xticks(np.linspace(0, 1, 9), list("零一二三四五六七八"))
    ax.figure.canvas.draw()


@pytest.mark.usefixtures("bare_system")
def test_an_unknown_character_still_warns():
    ax = plots.scree([0.5], target=0.4)
    ax.set_title("\U00020bb7")
    with pytest.warns(UserWarning, match="missing from font"):
        ax.figure.canvas.draw()


@pytest.mark.parametrize("weight", ["normal", "bold"])  # those that Matplotlib's own font has
def test_no_weight_of_text_is_complained_about(weight, caplog, bare_system):
    """Matplotlib's logger writes to stderr, so a notebook would show it to the learner in red."""
    figure, ax = plt.subplots()
    ax.set_title(TITLE, weight=weight)
    plots.chinese(ax)
    figure.canvas.draw()
    plt.close(figure)
    assert [record.getMessage() for record in caplog.records if "mmlearn" in record.getMessage()] == []


def test_the_readers_fonts_come_first_and_settings_stay():
    before = dict(plt.rcParams)
    ax = plt.subplots()[1]
    title = ax.set_title("x", family=["serif", "DejaVu Sans"])
    for _ in range(2):
        plots.chinese(ax)
    assert title.get_fontfamily() == ["serif", "DejaVu Sans", "mmlearn CJK"]
    assert dict(plt.rcParams) == before


def test_latin_looks_as_before():
    pictures = []
    for change in (lambda figure: None, plots.chinese):
        figure, ax = plt.subplots(figsize=(2, 2))
        ax.set_title("loss 0.5")
        change(figure)
        figure.canvas.draw()
        pictures.append(np.asarray(figure.canvas.buffer_rgba()))
    np.testing.assert_array_equal(*pictures)


def test_says_what_it_takes():
    with pytest.raises(TypeError, match=r"takes Axes or a Figure, got list; e\.g\. chinese\(plt\.gcf\(\)\)"):
        plots.chinese([plt.gca()])


def test_the_font_has_what_the_workbook_writes():
    spec = importlib.util.spec_from_file_location("make_font", chinese_font.FILE.with_name("make_font.py"))
    make_font = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make_font)
    assert len(make_font.standard()) > 3755 + 200
    assert len(make_font.of_the_workbook()) > 100
    for letters in (make_font.standard(), make_font.of_the_workbook(), set(make_font.EXTRA)):
        missing = sorted(letter for letter in letters if ord(letter) not in GLYPHS)
        assert missing == [], "run mmlearn_edu/plots/fonts/make_font.py, or add them to its EXTRA"


def test_the_font_is_small_and_not_called_noto():
    font = FT2Font(chinese_font.FILE)
    assert Path(chinese_font.FILE).stat().st_size < 1_000_000
    assert font.family_name == chinese_font.FAMILY == "mmlearn CJK"
    assert "Noto" not in font.family_name + font.postscript_name
    assert "SIL OPEN FONT LICENSE" in chinese_font.FILE.with_name("OFL.txt").read_text(encoding="utf-8")
