"""Drawn faces of persons who do not exist: simple shapes with soft rims, painted from back to front."""

import numpy as np
from numpy.typing import NDArray

from mmlearn_edu.datasets._canvas import nearest
from mmlearn_edu.datasets._heads import Heads
from mmlearn_edu.datasets._persons import Codes

__all__ = ["draw_faces"]

FACES_AT_A_TIME = 32  # what fits into the processor's cache is painted sooner

EYES = [(70, 44, 28), (128, 88, 44), (92, 124, 70), (72, 122, 170), (112, 118, 124)]
WALLS = [(198, 214, 224), (226, 220, 204), (204, 220, 200), (222, 204, 210), (178, 186, 198), (236, 236, 234)]
SHIRTS = [(64, 92, 140), (150, 62, 62), (74, 124, 88), (90, 84, 110),
          (214, 166, 70), (60, 62, 70), (198, 200, 206), (134, 84, 122)]  # fmt: skip
CLOTHS = [*SHIRTS[3:], *SHIRTS[:3]]  # scarf and hat: another colour than the shirt
WHITE, DARK, LIPS, BLUSH = (250, 250, 248), (40, 30, 32), (186, 70, 76), (235, 110, 100)
LEFT, RIGHT = -1, 1


def draw_faces(code: Codes) -> NDArray[np.uint8]:
    """Draw one face for each entry of the traits: (n, 48, 48, 3), RGB."""
    parts = [slice(i, i + FACES_AT_A_TIME) for i in range(0, len(code["skin"]), FACES_AT_A_TIME)]
    return np.concatenate([_draw(Heads({name: trait[part] for name, trait in code.items()})) for part in parts])


def _draw(head: Heads) -> NDArray[np.uint8]:
    head.rgb[:] = head.colour(WALLS, "wall")
    head.hair_behind()
    for paint in (_body, _skin, _marks, _beard, _mouth, _nose, _eyes, _brows):
        paint(head)
    head.hair_in_front()
    for paint in (_glasses, _scarf, _hat):
        paint(head)
    return head.develop()


def _body(head: Heads) -> None:
    u, v = head.level_x / 21, (head.level_y - head.half_height - 13) / 11
    head.paint((np.sqrt(u * u + v * v) - 1) * 11, head.colour(SHIRTS, "shirt"))
    neck = np.maximum(np.abs(head.x) - 0.42 * head.half_width, head.y - head.half_height - 3.5)
    head.paint(np.maximum(neck, -head.y), head.skin * 0.86)


def _skin(head: Heads) -> None:
    ear = head["ears"] / 10
    for side in (LEFT, RIGHT):
        x = side * (head.half_width + 0.2) - 0.3 * head.middle
        head.paint(head.ellipse(x, 0.08 * head.half_height, 0.75 * ear, 1.3 * ear), head.skin * 0.9)
    head.paint(head.outline - 0.35, head.skin * 0.72)
    head.paint(head.outline + 0.35, head.skin)
    for side in (LEFT, RIGHT):
        cheek = head.ellipse(side * (head.eye_x + 1.5) + head.middle, head.eye_y + 5.2, 2.8, 2.0)
        head.paint(cheek, BLUSH, 0.22)


def _marks(head: Heads) -> None:
    for side, mark in ((LEFT, "mole left"), (RIGHT, "mole right")):
        mole = head.ellipse(side * 5.5 + head.middle, head.mouth_y - 2, 0.75, 0.75)
        head.paint(mole, head.skin * 0.4, head.where("mark", mark))
    x, y = head.turned, head.y - head.eye_y - 5
    patch = np.maximum(np.abs(x) - 8, np.abs(y) - 2.5)
    dots = np.maximum(nearest(x, 2.4), nearest(y, 2.4)) - 0.35
    head.paint(np.maximum(dots, patch), head.skin * 0.76, head.where("mark", "freckles"))


def _beard(head: Heads) -> None:
    temples = 14 * np.maximum(np.abs(head.x) / head.half_width - 0.55, 0)
    full = np.maximum(head.outline - 0.5, head.mouth_y - 2.2 - temples - head.y)
    head.paint(full, head.hair * 0.95, 0.95 * head.where("beard", "full"))
    tuft = np.maximum(head.outline - 0.5, head.ellipse(head.middle, head.mouth_y + 2.5, 3.6, 4.0))
    head.paint(tuft, head.hair * 0.95, 0.95 * head.where("beard", "goatee"))
    u = head.turned / (head["mouth_width"] / 10 + 0.8)
    lip = np.abs(head.y - head.mouth_y + 1.9 - 0.8 * u * u) - (1 - u * u)
    head.paint(lip, head.hair * 0.95, head.where("beard", "moustache", "goatee"))


def _mouth(head: Heads) -> None:
    u = (head.turned - 0.1 * head.middle) / (head["mouth_width"] / 10)
    arch = 1 - u * u  # below 0 beyond the corners
    off = np.abs(head.y - head.mouth_y - head["smile"] / 50 * (arch - 0.5))
    opened = np.maximum(head["mouth_open"], 0) / 35
    lips = 0.5 * head.skin + 0.5 * np.array(LIPS)[:, None, None, None]
    head.paint(off - (head["lips"] / 10 + opened) * arch, lips)
    head.paint(off - (0.15 + opened) * arch, DARK, 0.85)


def _nose(head: Heads) -> None:
    length = head["nose_length"] / 10
    head.paint(head.ellipse(1.3 * head.middle, head.nose_y - length / 2, 0.9, length / 2), head.skin * 0.9)
    head.paint(head.ellipse(1.5 * head.middle, head.nose_y, head["nose_width"] / 10, 1.2), head.skin * 0.8)


def _eyes(head: Heads) -> None:
    size = head.eye_size
    height = 0.7 * size * np.minimum(head["lids"], 100) / 100
    for side in (LEFT, RIGHT):
        x = side * head.eye_x + head.middle
        white = head.ellipse(x, head.eye_y, size, height)
        head.paint(head.ellipse(x, head.eye_y, size + 0.45, height + 0.55), head.skin * 0.55)
        head.paint(white, WHITE)
        x = x + head["gaze"] / 10
        iris, pupil = (head.ellipse(x, head.eye_y, share * size, share * size) for share in (0.62, 0.3))
        head.paint(np.maximum(white, iris), head.colour(EYES, "eye_colour"))
        head.paint(np.maximum(white, pupil), DARK)


def _brows(head: Heads) -> None:
    outward = np.abs(head.turned) - head.eye_x
    bend = head["brow_slope"] / 100 * outward + 0.04 * outward * outward
    brow = np.abs(head.y - head.eye_y + head["brow_height"] / 10 + bend) - head["brow_thickness"] / 20
    head.paint(np.maximum(brow, np.abs(outward) - head.eye_size - 0.6), head.hair * 0.7)


def _glasses(head: Heads) -> None:
    wears, shines = head.where("eyewear", "round", "square"), head.where("glare", "glare")
    across, down = np.abs(np.abs(head.turned) - head.eye_x), np.abs(head.y - head.eye_y)
    ring, square = np.sqrt(across * across + down * down) - 4.1, np.maximum(across - 4.2, down - 3.1)
    rim = np.where(head.where("eyewear", "round") == 1, ring, square)
    head.paint(rim, WHITE, wears * (0.12 + 0.5 * shines))
    head.paint(np.abs(rim) - 0.55, DARK, wears)
    bridge = np.maximum(down - 0.5, np.abs(head.turned) - np.maximum(head.eye_x - 4, 0.5))
    head.paint(bridge, DARK, wears)


def _scarf(head: Heads) -> None:
    round_the_head = np.maximum(head.outline - 2, head.mouth_y - 2.5 + 0.03 * head.x * head.x - head.y)
    round_the_neck = np.maximum(head.ellipse(0, head.half_height + 1, head.half_width + 1, 6.0), -head.y)
    head.paint(np.minimum(round_the_head, round_the_neck), head.colour(CLOTHS, "shirt"), head.where("cover", "scarf"))


def _hat(head: Heads) -> None:
    above = head.y + 0.45 * head.half_height
    brim = np.maximum(np.abs(above) - 1.1, np.abs(head.x) - head.half_width - 2.8)
    hat = np.minimum(np.maximum(head.outline - head.thick - 1.2, above), brim)
    head.paint(hat, head.colour(CLOTHS, "shirt"), head.where("cover", "hat"))
