"""The heads to draw a face on: their measures, their outline and their hair."""

import numpy as np

from mmlearn_edu.datasets._canvas import Canvas, Floats, zigzag
from mmlearn_edu.datasets._persons import CHOICES, Codes

__all__ = ["Heads"]

SKINS = [(255, 224, 196), (246, 205, 170), (232, 184, 144), (214, 160, 118),
         (186, 131, 92), (156, 104, 70), (122, 80, 54), (94, 62, 44)]  # fmt: skip
HAIRS = [(30, 26, 26), (62, 42, 30), (104, 66, 38), (150, 98, 52),
         (216, 176, 98), (178, 76, 38), (168, 166, 166), (52, 110, 128)]  # fmt: skip
STYLES = {  # hair: pixels thick; down to where in front, at the sides, behind (half heads); parting; curls (pixels)
    "bald": (0.0, -1.50, -2.0, -2.0, 0.00, 0.0),
    "short": (1.0, -0.62, -0.1, -2.0, 0.00, 0.0),
    "fringe": (2.2, -0.36, 0.20, 0.50, 0.00, 0.0),
    "parted": (2.0, -0.60, 0.00, -2.0, 0.35, 0.0),
    "long": (2.2, -0.62, 0.60, 1.30, -0.2, 0.0),
    "curly": (3.2, -0.52, 0.25, 0.30, 0.00, 1.3),
    "bun": (1.2, -0.66, 0.00, -2.0, 0.00, 0.0),
    "wavy": (3.0, -0.50, 0.40, 1.00, 0.25, 1.0),
}
CURL = 5  # pixels from curl to curl


class Heads(Canvas):
    """Lengths in pixels, each shaped (n, 1, 1); `outline` and `crown`, the hair's outline, are (n, 48, 48)."""

    def __init__(self, code: Codes) -> None:
        super().__init__(code)
        self.skin, self.hair = self.colour(SKINS, "skin"), self.colour(HAIRS, "hair_colour")
        self.half_width, self.half_height = self["head_width"] / 10, self["head_height"] / 10
        self.middle = self["turn"] / 10  # the features move across the head as it turns
        self.turned = self.x - self.middle
        self.eye_x, self.eye_size = self["eye_distance"] / 10, self["eye_size"] / 10
        self.eye_y = (self["eye_height"] + self["nod"]) / 10
        self.nose_y = self.eye_y + self["nose_length"] / 10
        self.mouth_y = (self["mouth_height"] + self["nod"]) / 10
        self.outline = self._outline()
        styles = np.array([STYLES[name] for name in CHOICES["hair_style"]])[code["hair_style"]]
        self.thick, self.hairline, self.sides, self.back, self.parting, self.curls = styles.T[:, :, None, None]
        self.crown = self.outline - self.thick - self.curls * (zigzag(self.x, CURL) + zigzag(self.y, CURL) - 1)

    def _outline(self) -> Floats:
        """Return the distance from a shape between an ellipse and a squarer one, narrower towards the chin."""
        v = self.y / self.half_height
        u = self.x / (self.half_width * (1 - self["chin"] / 100 * np.maximum(v, 0)))
        u, v, square = u * u, v * v, self["jaw"] / 200
        return (np.sqrt((1 - square) * (u + v) + square * (u * u + v * v)) - 1) * self.half_width

    def hair_behind(self) -> None:
        """Paint what hangs behind the head, and the bun."""
        hangs = np.abs(self.x) - self.half_width - self.thick - self.curls * zigzag(self.y, CURL)
        ends = self.y - np.maximum(self.back, self.sides + 0.1) * self.half_height
        shape = np.maximum(np.minimum(self.crown, np.maximum(hangs, -self.y)), ends)
        self.paint(shape, self.hair * 0.85)
        self.paint(self.ellipse(0, -self.half_height - 2, 4.5, 3.5), self.hair * 0.9, self.where("hair_style", "bun"))

    def hair_in_front(self) -> None:
        """Paint what lies on the head: above the hairline, and down the sides."""
        line = self.y - self.hairline * self.half_height - self.parting * self.x
        above = line - 0.35 * self.x * self.x / self.half_width
        beside = np.maximum(0.87 * self.half_width - np.abs(self.x), self.y - self.sides * self.half_height)
        self.paint(np.maximum(self.crown, np.minimum(above, beside)), self.hair)
