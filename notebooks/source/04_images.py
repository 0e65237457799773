# %% [markdown] slug="title"
# # 04 · Colour, edges, patches
#
# **Which numbers should stand for a picture?**
#
# The surprise: forgetting helps. All 3072 numbers of a small picture find its colour in nine cases of ten, its shape in
# fewer than half. Twelve numbers find every colour, nine others nearly every shape, and neither knows where
# anything is.
#
# You will be able to
# 1. compute hue, saturation and value, and average hues on their circle;
# 2. compute a histogram, and say what it cannot know;
# 3. find edges by convolution;
# 4. cut patches that remember their picture;
# 5. debug a program that sees blue for red.
#
# **Needs** 00-start-here. **Time** 50 minutes; *Four numbers for a shape* is optional. **Modality** 🖼 image

# %% slug="imports"
import colorsys

import numpy as np
from scipy.ndimage import sobel as scipy_sobel
from sklearn.datasets import load_sample_image
from sklearn.feature_extraction.image import extract_patches_2d
from sklearn.neighbors import NearestNeighbors

from mmlearn_edu.checks import check, hint, predict, progress, recall, show_source, solution, use
from mmlearn_edu.datasets import make_scenes
from mmlearn_edu.features import (
    colour_histogram,
    flatten_images,
    image_patches,
    oriented_gradients,
    rgb_to_hsv,
    sobel_edges,
    sobel_gradients,
)
from mmlearn_edu.plots import describe, heat_matrix, hue_circle, image_grid, pixel_numbers, score_bars, score_histogram
from mmlearn_edu.widgets import move_threshold

# %% [markdown] slug="recall-text"
# ## 1 · Recall
#
# Run the cell, read, replace each `...` by a letter in quotes, and run it again.

# %% slug="recall"
recall("04-images", ..., ..., ...)

# %% [markdown] slug="article"
# ## 2 · The broken article
#
# An article cuts pictures into small squares, *patches*, and names their colours (shown, not run):
#
# ```python
# from sklearn.feature_extraction.image import extract_patches
#
# files = np.stack([cv2.imread(path) for path in paths])  # (n, height, width, 3)
# patches = extract_patches(files, (1, 8, 8, 3))
# ```
#
# The import fails. A comment repairs it: "it has a new name now".
#
# ```python
# patches = extract_patches_2d(files, (8, 8))
# colours = patches.reshape(len(patches), -1, 3).mean(axis=1)
# source = np.arange(len(patches)) * len(files) // len(patches)  # whose patch is it?
# hue = rgb_to_hsv(colours / 255)[:, 0]
# ```
#
# This one runs, on eight pictures or more. By the end you will find and fix two faults.

# %% [markdown] slug="by-hand"
# ## 3 · By hand
#
# A pixel is three numbers: how much red, green and blue light (**RGB**). **HSV** says the same as a painter would:
# which colour, how strong, how bright. One pixel, (0.2, 0.4, 0.8). Work on paper.
#
# **1 value.** The largest: 0.8.
#
# **2 chroma.** The largest minus the smallest: 0.6.
#
# **3 hue.** A place on a circle: red at 0 sixths, green at 2, blue at 4. Blue is the largest: start at 4. The other two
# say how far to which side: 4 + (red − green) / chroma = 4 − 0.2 / 0.6 ≈ 3.67 sixths, 0.61 of a turn.
#
# **4 saturation.** Chroma as a share of the value: 0.6 / 0.8 = 0.75. A grey has 0.

# %% slug="hand-in-code"
red, green, blue = 0.2, 0.4, 0.8
value = max(red, green, blue)  # 1 value
chroma = value - min(red, green, blue)  # 2 chroma
hue = (4 + (red - green) / chroma) / 6 % 1  # 3 hue, where blue is the largest
saturation = chroma / value  # 4 saturation
print("by hand: ", round(hue, 2), round(saturation, 2), value)
print("Python's:", np.round(colorsys.rgb_to_hsv(red, green, blue), 2))
print(describe(hue_circle({"this pixel": hue})))

# %% [markdown] slug="predict-text"
# **What to see:** 0.61 is a blue with a touch of cyan. Hue runs from 0 to 1, and 1 is 0 again.
#
# ## 4 · Predict, run, explain
#
# Here are 600 drawn scenes, `(600, 32, 32, 3)`: picture, row, column, channel, 0 to 255. Look at the upper rim of a red
# circle.

# %% slug="scenes"
scenes = make_scenes(600)
images, colour, shape = scenes.X["image"], scenes.latents["colour"], scenes.latents["shape"]
large = np.flatnonzero(scenes.latents["size"] == "large")
disc = next(i for i in large if colour[i] == "red" and shape[i] == "circle")
x, y = scenes.latents["x"][disc], scenes.latents["y"][disc]  # its middle
print(images.shape, images.dtype)
print(describe(pixel_numbers([images[disc][y - 11 : y - 5, x - 3 : x + 3]], ["red, green, blue"])))

# %% [markdown] slug="rim-text"
# **What to see:** grain. No two pixels agree; the greys have a faint colour, by chance. In red pixels, now green and now
# blue is a little ahead.

# %% slug="predict-mean-hue"
predict("images.mean_hue", ...)

# %% slug="mean-hue"
hsv = rgb_to_hsv(images[disc])  # (32, 32, 3), each in [0, 1]
hues = hsv[..., 0][hsv[..., 1] > 0.5]  # where the colour is strong: the circle
turn = 2 * np.pi * hues
direction = np.arctan2(np.sin(turn).mean(), np.cos(turn).mean()) / (2 * np.pi) % 1
predict("images.mean_hue", result=hues.mean())
print(f"{np.mean(hues < 0.1):.0%} of the hues lie below 0.1, {np.mean(hues > 0.9):.0%} above 0.9")
print(describe(hue_circle({"mean": hues.mean(), "direction": direction})))

# %% [markdown] slug="mean-hue-text"
# **What to see:** the mean of the numbers is cyan, the opposite of red: hue jumps from 1 to 0 in the middle of red.
# Average directions instead, as arrows, and red stays red. For the same reason the **distance** of two hues is the
# shorter way round, `min(gap, 1 - gap)`.
#
# Now convert all pixels at once. Three blanks; `(..., 3)` means any axes, then 3.

# %% slug="ex-to-hsv" exercise="images.to_hsv"

# %% slug="library"
mine = use("images.to_hsv", to_hsv)
np.testing.assert_allclose(mine(images[disc] / 255), hsv, atol=1e-12)
few = images[0, :4].reshape(-1, 3) / 255
np.testing.assert_allclose(rgb_to_hsv(few), [colorsys.rgb_to_hsv(*pixel) for pixel in few.tolist()], atol=1e-12)
print("the exercise, the package and Python's own colorsys agree")
show_source(rgb_to_hsv)

# %% [markdown] slug="histogram-text"
# ## 5 · How much of which colour
#
# A **histogram** cuts [0, 1] into equal **bins** and says which share of the pixels lies in each. By hand, the values
# 0.1, 0.3, 0.35 and 1 in 4 bins: ¼, ½, 0, ¼. A bin includes its left end: 0.25 lies in the second. The last one
# also includes 1.

# %% slug="ex-histogram" exercise="images.make_histogram"

# %% [markdown] slug="photographs-text"
# Two real photographs of 427 × 640 pixels come with scikit-learn.

# %% slug="photographs"
photographs = {"flower": load_sample_image("flower.jpg"), "pagoda": load_sample_image("china.jpg")}
print(describe(image_grid(list(photographs.values()), list(photographs), inches=3)))
hue_of = {name: rgb_to_hsv(photograph[::2, ::2])[..., 0] for name, photograph in photographs.items()}
shares = use("images.make_histogram", make_histogram)
for name, hue in hue_of.items():
    print(f"{name}: {shares(hue, 12).round(2)}")
print(describe(score_histogram({k: v.ravel() for k, v in hue_of.items()}, n_bins=12, label="hue (0 and 1 are red)")))

# %% [markdown] slug="shuffle-text"
# **What to see:** one photograph has orange petals (near 0.05) and blue-green leaves (near 0.5), the other a pale blue sky
# and lake (near 0.6).

# %% slug="predict-shuffled"
predict("images.shuffled_pixels", ...)

# %% slug="shuffled"
small = photographs["pagoda"][::4, ::4]
mixed = np.random.default_rng(0).permutation(small.reshape(-1, 3)).reshape(small.shape)  # whole pixels change places
before, after = (shares(rgb_to_hsv(picture)[..., 0], 12) for picture in (small, mixed))
predict("images.shuffled_pixels", result=np.array_equal(before, after))
edges = sobel_edges([small, mixed])  # how steeply brightness changes: the next section
print("mean edge", edges.mean(axis=(1, 2)).round(2))
print(describe(image_grid([small, mixed], ["a pagoda", "the same histogram"], inches=3)))

# %% [markdown] slug="kernel-text"
# **What to see:** the pagoda is gone, its histogram is not.
#
# ## 6 · Where brightness changes
#
# **Convolution** lays a small grid of numbers, the **kernel**, over every pixel and its neighbours, multiplies what lies
# on top of each other, and adds up. (As in neural networks, the kernel is not turned round first.) Sobel's kernel subtracts
# left from right, and smooths down the rows by 1 2 1. By hand, where the frame lies:

# %% slug="kernel"
pixels = np.array([[1, 1, 5, 5, 5]] * 3 + [[1, 1, 1, 5, 5]] * 3)
kernel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
products = kernel * pixels[1:4, :3]  # where the frame lies
print(products, "sum", products.sum())
windows = np.lib.stride_tricks.sliding_window_view(np.pad(pixels, 1, mode="edge"), (3, 3))  # (6, 5, 3, 3)
response = np.sum(windows * kernel, axis=(2, 3))
print(describe(pixel_numbers([pixels, kernel, response], ["brightness", "kernel", "response"], frame=(1, 0, 3))))

# %% [markdown] slug="edges-text"
# **What to see:** 0 wherever neighbours are equal, dark or bright; large at the step. Turned by a quarter, the kernel
# finds changes from above to below. Both numbers together, across and down, are an arrow at every pixel, the
# **gradient**; its length says how steep the edge is. In the code, slices of the whole picture take the place of the
# window.

# %% slug="ex-find-edges" exercise="images.find_edges"

# %% slug="edges"
bright = small / 255 @ [0.299, 0.587, 0.114]  # how bright red, green and blue look
length = use("images.find_edges", find_edges)(bright)
theirs = [scipy_sobel(bright, axis, mode="nearest") for axis in (0, 1)]
np.testing.assert_allclose(length, np.hypot(*theirs), atol=1e-12)
np.testing.assert_allclose(length, sobel_edges(small[None])[0], atol=1e-12)
print("the exercise's edges equal SciPy's and the package's")
across, down = (np.abs(part[0]) for part in sobel_gradients(small[None]))
four_views = {"4 x brightness": 4 * bright, "across": across, "down": down, "length": length}
print(describe(image_grid(list(four_views.values()), list(four_views), n_columns=2, inches=3)))

# %% [markdown] slug="worth-text"
# **What to see:** posts and columns stand out in *across*, roofs and railings in *down*; the sky is black in both.
# (A step from black to white has length 4, so the brightness is drawn times 4.)
#
# ## 7 · What is it worth?
#
# For each scene take the nearest other scene. How often do the two have the same colour, the same shape? Three
# descriptions: all pixels; the hue histogram; how much edge runs which way (`oriented_gradients`, nine directions). Then
# again with every picture's pixels shuffled.


# %% slug="worth"
def found(X, label):
    nearest = NearestNeighbors(n_neighbors=1).fit(X).kneighbors(return_distance=False)[:, 0]  # never itself
    return np.mean(label[nearest] == label)


rng = np.random.default_rng(0)
shuffled = np.stack([rng.permutation(image.reshape(-1, 3)).reshape(32, 32, 3) for image in images])
tables = {}
for how, pictures in {"": images, ", shuffled": shuffled}.items():
    tables[f"3072 pixels{how}"] = flatten_images(pictures)
    tables[f"12 hues{how}"] = colour_histogram(pictures, 12, "hsv")[:, :12]
    tables[f"9 edge directions{how}"] = oriented_gradients(pictures, 9, grid=1)

# %% slug="worth-bars"
for what, label in {"colour": colour, "shape": shape}.items():
    scores = {name: found(X, label) for name, X in tables.items()}
    chance = np.mean(label[:, None] == label)
    print(describe(score_bars(scores, chance=chance, label=f"share whose nearest scene has the same {what}")))

# %% [markdown] slug="worth-see"
# **What to see:** twelve hues find every colour, shuffled or not, and shapes hardly more often than chance: a red circle
# and a red cross have the same hues. Nine edge directions find nearly every shape, and lose it with the order of the
# pixels. (Of colour they know a little: some colours make stronger edges.) To the 3072 pixels, a circle five pixels
# further is another picture. A feature is good by what it forgets, *if* you do not need that.

# %% [markdown] slug="patches-text"
# ## 8 · Patches: a little of where
#
# Between everything and nothing: cut each picture into **patches** and describe each. Then you know roughly where.
# Write down from which picture each came, its **source**: `labels[source]` are then the labels of the patches. No
# skeleton this time.

# %% slug="ex-cut-patches" exercise="images.cut_patches"

# %% slug="patches"
both = np.stack([photograph[::2, ::2] for photograph in photographs.values()])  # (2, 214, 320, 3)
patches, source = use("images.cut_patches", cut_patches)(both, 16)
again, source_again = image_patches(both, size=16, stride=16)
np.testing.assert_array_equal(patches, again)
np.testing.assert_array_equal(source, source_again)
X = colour_histogram(patches, 12, "hsv")
print(patches.shape, "nearest patch from the same photograph:", found(X, source).round(2), "chance 0.5")
asked = 20 * 6 + 9  # row 6, column 9 of the flower
order = NearestNeighbors(n_neighbors=8).fit(X).kneighbors(X[[asked]], return_distance=False)[0]
print(describe(image_grid(patches[order], [list(photographs)[i] for i in source[order]])))

# %% [markdown] slug="orientations-text"
# **What to see:** the first patch asks; the others, its nearest, are petals too, found by colour.
#
# ### Four numbers for a shape (optional)
#
# In `oriented_gradients` every pixel votes for the direction of its arrow, with the arrow's length. Build a smaller one,
# with four directions. Arrows to the left and to the right belong to the same upright edge.

# %% slug="ex-orientations" exercise="images.count_orientations"

# %% slug="orientations"
count = use("images.count_orientations", count_orientations)
arrows = zip(*sobel_gradients(images), strict=True)
four = np.array([count(across, down) for across, down in arrows])  # (600, 4)
kinds = ["circle", "square", "triangle", "cross"]
means = [four[large][shape[large] == kind].mean(axis=0) for kind in kinds]
print(f"shapes found by 4 numbers: {found(four, shape):.2f}, by 9: {found(tables['9 edge directions'], shape):.2f}")
axes = {"row_names": kinds, "column_names": [0, 45, 90, 135], "labels": ("degrees", "shape")}
print(describe(heat_matrix(means, value="share", **axes)))

# %% [markdown] slug="widget-text"
# **What to see:** squares and crosses have upright and level edges, a circle has all four alike, a triangle few upright
# ones.
#
# ## 9 · Find the flower by its hue
#
# Every pixel gets a score: how close its hue is to the petals' (1 the same, 0 opposite). Above which threshold is a pixel
# flower? The truth is an ellipse drawn by eye. **Intersection over union** (IoU): the pixels that your threshold and
# the truth both call flower, divided by those that at least one of them does. **Task:** reach 0.9.

# %% slug="widget"
crop = photographs["flower"][60:372:4, 150:470:4]  # (78, 80, 3)
row, column = np.mgrid[:78, :80]
truth = ((column - 39.5) / 34.5) ** 2 + ((row - 40.25) / 34) ** 2 <= 1
hue = rgb_to_hsv(crop)[..., 0]
petals = (shares(hue, 12).argmax() + 0.5) / 12  # the middle of the fullest bin
gap = np.abs(hue - petals)
closeness = 1 - 2 * np.minimum(gap, 1 - gap)  # the shorter way round
print(describe(image_grid([closeness, truth], ["closeness in hue", "the truth, by eye"], inches=2)))
task = {"metrics": ["iou"], "goal": ("iou", 0.9), "names": ("leaf", "flower")}
moving = move_threshold(truth.ravel(), closeness.ravel(), label="closeness in hue", **task)
moving

# %% slug="ex-threshold" exercise="images.find_threshold"

# %% [markdown] slug="debug-text"
# ## 10 · Debug the article
#
# OpenCV's `cv2.imread` stores **blue first**: BGR. We have no OpenCV here; `[..., ::-1]`, which turns the last axis round,
# makes such files. Run the article's function, then the cell after it. Which colour does it give the red circle?
# Do the twelve pictures below it get their own? Print `patches.shape` inside. Mend both faults, run again: eight
# minutes.

# %% slug="ex-fix" exercise="images.fix_article"

# %% slug="debug-run"
six = ["red", "yellow", "green", "cyan", "blue", "magenta"]


def middle(i):  # (8, 8, 3): nothing but the shape
    x, y = scenes.latents["x"][i], scenes.latents["y"][i]
    return images[i][y - 4 : y + 4, x - 4 : x + 4]


def seen(which):
    hue, source = article_patches(np.stack([middle(i) for i in which])[..., ::-1], 4)
    return [" ".join(six[round(h * 6) % 6] for h in hue[source == k]) for k in range(len(which))]


for i in (disc, next(i for i in large if colour[i] == "green")):
    print(f"eight copies of one {colour[i]} shape:", seen([i] * 8)[0])
for i, names in zip(large[:12], seen(large[:12]), strict=True):
    print(f"{colour[i]:8} -> {names}")

# %% [markdown] slug="why-text"
# The article's own first line is the loud fault:

# %% slug="loud-fault"
try:
    from sklearn.feature_extraction.image import extract_patches
except ImportError as problem:
    print("ImportError:", str(problem).partition(" (")[0])
print("12 pictures of 8 x 8 in patches of 4 x 4:", extract_patches_2d(np.zeros((12, 8, 8, 3)), (4, 4)).shape)

# %% [markdown] slug="why-question"
# A patch with 24 channels: three for each of eight columns. The function took the pictures for the rows of one picture.
#
# Why could both faults have gone unnoticed? Run the cell to see the options.

# %% slug="ex-why" exercise="images.why_unnoticed"

# %% [markdown] slug="mistakes"
# ## 11 · Common mistakes
#
# | symptom | cause | diagnosis |
# |---|---|---|
# | red is found blue | blue stored first | `blue-first-still` |
# | red is found cyan | hues averaged as numbers | `mean-of-hues` |
# | a hue below 0, or of 359 | no `% 1`; degrees | `negative-hue`, `degrees` |
# | NaN for greys and black | divided by a chroma or value of 0 | `grey-nan`, `black-nan` |
# | every picture has other bins | range taken from the data | `range-of-the-data` |
# | a frame around every picture | border continued by black | `border-black` |
# | labels do not fit the patches | source not kept | `no-source`, `source-in-turn` |
# | a patch has 24 channels | a stack taken for one picture | `stack-cut-as-one-picture` |

# %% [markdown] slug="wrap-up"
# ## 12 · Wrap-up
#
# Can you now, without looking: find the hue of (1, 0.5, 0)? average 0.98 and 0.02 on the circle? say what a histogram
# forgets? write Sobel's kernels? recognise BGR?
#
# **Reuse this** on your own pictures, a folder with a `manifest.csv` that has a column `image`:
#
# ```python
# from mmlearn_edu.datasets import load_folder
# from mmlearn_edu.features import colour_histogram, image_patches, oriented_gradients
# images = load_folder("my_pictures", image_size=(128, 128)).X["image"]
# hues, shapes = colour_histogram(images, 12, "hsv")[:, :12], oriented_gradients(images)
# patches, source = image_patches(images, size=16, stride=16)
# ```

# %% [markdown] slug="read-on"
# **Read on**
# - Smith, A. R. (1978). Color gamut transform pairs. *Computer Graphics (SIGGRAPH)* 12(3), 12–19. Where HSV comes from.
# - Swain, M. J. & Ballard, D. H. (1991). Color indexing. *International Journal of Computer Vision* 7(1), 11–32.
# - Dalal, N. & Triggs, B. (2005). Histograms of oriented gradients for human detection. *CVPR*, 886–893.
# - Gonzalez, R. C. & Woods, R. E. (2018). *Digital Image Processing* (4th ed.), ch. 3, 6 and 10. Pearson.

# %% [markdown] slug="glossary"
# | English | 中文 | | English | 中文 |
# |---|---|---|---|---|
# | pixel | 像素 | | convolution | 卷积 |
# | channel | 通道 | | kernel | 卷积核 |
# | hue | 色相 | | gradient | 梯度 |
# | saturation | 饱和度 | | edge | 边缘 |
# | value (brightness) | 明度 | | patch | 图像块 |
# | histogram | 直方图 | | intersection over union | 交并比 |

# %% slug="progress"
progress()
