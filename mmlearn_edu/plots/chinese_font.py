"""Chinese characters in every picture, also where the system has no font with them.

Each text keeps its own fonts and gets one more behind them, which Matplotlib asks for the characters that the others
lack. This is done text by text: the settings of Matplotlib (``rcParams``) belong to the reader and stay as they are.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.text import Text

__all__ = ["chinese"]

FAMILY = "mmlearn CJK"
FILE = Path(__file__).parent / "fonts" / "mmlearn-cjk.otf"


def chinese(drawn: Axes | Figure) -> Axes | Figure:
    """Let a picture of your own write Chinese; pictures of this room can do so already.

    Call it last: it reaches the title, the names of axes and ticks, the legend and every other text that is there.
    The font that comes with the library has the 3755 characters that GB 2312 calls frequent, and some more.

    Parameters
    ----------
    drawn : Axes or Figure
        Figure: all the Axes in it.

    Returns
    -------
    Axes or Figure
        `drawn` itself.

    Raises
    ------
    TypeError
        If `drawn` is neither.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from mmlearn_edu.plots import chinese
    >>> figure, ax = plt.subplots()
    >>> title = ax.set_title("损失随训练下降")
    >>> chinese(figure) is figure
    True
    >>> title.get_fontfamily()[-1]
    'mmlearn CJK'
    """
    if not isinstance(drawn, (Axes, Figure)):
        raise TypeError(f"chinese() takes Axes or a Figure, got {type(drawn).__name__}; e.g. chinese(plt.gcf())")
    if FAMILY not in {font.name for font in fontManager.ttflist}:
        fontManager.addfont(FILE)
        font = fontManager.ttflist[-1]
        # the same file for bold text too: else every bold title complains that this weight is missing
        fontManager.ttflist.append(replace(font, weight=700))
    for text in _texts(drawn):
        fonts = text.get_fontfamily()
        if FAMILY not in fonts:
            text.set_fontfamily([*fonts, FAMILY])
    return drawn


def _texts(drawn: Axes | Figure) -> list[Text]:
    texts = drawn.findobj(Text)
    if isinstance(drawn, Axes):  # the scale of colours beside them is drawn in Axes of its own
        scales = [shades.colorbar.ax for shades in [*drawn.images, *drawn.collections] if shades.colorbar]
        texts += [text for scale in scales for text in scale.findobj(Text)]
    return texts
