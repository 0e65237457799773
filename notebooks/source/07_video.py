# %% [markdown] slug="title"
# # 07 · Video: what only the order tells
#
# **What does a film know that its frames do not?**
#
# The surprise: shuffle the frames of each film, and not one pixel is missing; yet a network that was always right now
# gets half of all films wrong. Averaging the frames loses the same half, in silence.
#
# You will be able to
# 1. compute motion energy of clips, `(n_clips, n_frames, height, width)`;
# 2. foresee shapes of 3-D convolutions;
# 3. reverse and shuffle time, with the right labels;
# 4. compare with chance and a control;
# 5. debug a feature that averages direction away.
#
# **Needs** 00-start-here. **Time** 50 minutes; *Two numbers in place of a network* is optional. **Modality** 🎬 video

# %% slug="imports"
import numpy as np
import torch
from torch.nn import Conv3d
from torch.nn.functional import conv3d

from mmlearn_edu import features
from mmlearn_edu.checks import check, hint, predict, progress, recall, show_source, solution, use
from mmlearn_edu.datasets import make_scenes
from mmlearn_edu.features import clip_tensor, frame_differences, mean_frame, reverse_time, velocity
from mmlearn_edu.networks import NetworkClassifier, VideoCNN, WeightsUnavailable, prepare_clips, r3d_18_features
from mmlearn_edu.networks import torchvision as import_torchvision
from mmlearn_edu.plots import describe, image_grid, score_bars
from mmlearn_edu.widgets import frame_energy, watch

# %% [markdown] slug="recall-text"
# ## 1 · Recall
#
# Run the cell, read, replace each `...` by a letter in quotes, and run it again.

# %% slug="recall"
recall("07-video", ..., ..., ...)

# %% [markdown] slug="article"
# ## 2 · The broken article
#
# An article tells which way films go: it moves every frame by a step and compares it with the next frame. The step that
# leaves least over wins (shown, not run):
#
# ```python
# def direction(clips, steps):
#     films = clips / 255
#     mean = films.mean(axis=1, keepdims=True)
#     films = np.repeat(mean, films.shape[1], axis=1)  # average over time: less noise
#     found = []
#     for dx, dy in steps:
#         moved = np.roll(films[:, :-1], (dy, dx), axis=(2, 3))
#         found.append(np.abs(films[:, 1:] - moved).mean(axis=(1, 2, 3)))
#     return np.argmin(found, axis=0)
# ```
#
# It runs, and scores twice chance. By the end you will find and fix its fault.

# %% [markdown] slug="by-hand"
# ## 3 · By hand
#
# A film of three frames, one line of four pixels; a light goes right: 1000, 0100, 0010. Work on paper.
#
# **1 difference.** Subtract each frame from the next: −1 1 0 0, then 0 −1 1 0. The mean size of a change is the
# **motion energy**: 0.5, 0.5.
#
# **2 step.** Move each frame by a pixel to the right and compare it with the next: nothing is left over. To the left
# (what leaves at one edge comes back at the other): two pixels of four differ. The smaller rest names the direction.
#
# **3 pool.** Average the rests over time, *last*. Average the frames *first*, and you have the **mean frame**, ⅓ ⅓ ⅓ 0.
# And of the film played backwards?

# %% slug="hand-in-code"
light = np.eye(4)[:3].reshape(1, 3, 1, 4)  # (n_clips, n_frames, height, width)
for way, film in {"forwards": light, "backwards": light[:, ::-1]}.items():
    energy = np.abs(np.diff(film, axis=1)).mean(axis=(2, 3))  # 1 difference
    rest = {}
    for step, dx in {"right": 1, "left": -1}.items():
        moved = np.roll(film[:, :-1], dx, axis=3)  # 2 step, round the edge
        rest[step] = float(np.abs(film[:, 1:] - moved).mean())  # 3 pool, last
    print(f"{way:9} energy {energy[0]}  left over {rest}  mean frame {film.mean(axis=1).ravel().round(2)}")

# %% [markdown] slug="kernel-text"
# Energy and mean frame are the same both ways; the steps are not.
#
# A **convolution** slides a small table of weights, the *kernel*, over a picture and adds up products. A **3-D** kernel
# reaches over frames too. *Minus now, plus one pixel to the right in the next frame* is step 2 as a kernel. (torch, the
# library of our networks, wants an axis of *channels* as well, the colours: one for grey, three in colour.)

# %% slug="kernel"
# (kernels, channels, frames, height, width)
kernel = torch.tensor([[[-1.0, 0.0]], [[0.0, 1.0]]])[None, None]
both = clip_tensor(np.concatenate([light, light[:, ::-1]]))  # (2, 1, 3, 1, 4): channels second
for way, answer in zip(("forwards", "backwards"), conv3d(torch.from_numpy(both), kernel), strict=True):
    print(way, answer[0, :, 0].tolist(), tuple(answer.shape))

# %% [markdown] slug="predict-text"
# All zeros for the film that goes right, and only for that one. No kernel on a single frame can do this.
#
# ## 4 · Predict, run, explain
#
# 700 films, 8 frames of 32 × 32 grey pixels. A shape moves three pixels a frame; what leaves at one edge comes back at
# the other. Where it starts is drawn at random.

# %% slug="films"
scenes = make_scenes(700)
clips, motion = scenes.X["clip"], scenes.latents["motion"]
names, counts = np.unique(motion, return_counts=True)
print(clips.shape, clips.dtype, dict(zip(names.tolist(), counts.tolist(), strict=True)))
middle = np.hypot(scenes.latents["clip_x"] - 16, scenes.latents["clip_y"] - 16) < 5  # start there
four = [np.flatnonzero((motion == name) & middle)[0] for name in names]
titles = [f"{name} {t}" for name in names for t in range(8)]
print(describe(image_grid(clips[four].reshape(-1, 32, 32), titles)))
predict("video.one_frame", ...)

# %% [markdown] slug="learn-text"
# **What to see:** a row is a film. Cover all frames but one, and nothing says which way.
#
# Now measure it. `VideoCNN` is a small network with two 3-D convolutions. It sees one frame, the mean frame, or the
# whole film: 500 films to learn from, 200 others to be judged on, three times with other films.


# %% slug="learn"
def learn(films, motion, seed):
    model = NetworkClassifier(VideoCNN, epochs=4, batch_size=16, learning_rate=0.02, random_state=seed)
    return model.fit(films[:500], motion[:500])


def stand_still(frames):
    return np.repeat(frames[:, None], 2, axis=1)  # the network wants two frames


def draw(scores):
    means = {way: np.mean(values) for way, values in scores.items()}
    ranges = {way: (min(values), max(values)) for way, values in scores.items()}
    label = "accuracy on new films: mean and range of 3 seeds"
    print(describe(score_bars(means, chance=0.25, intervals=ranges, label=label)))


# %% slug="three-ways"
scores = {"one frame": [], "mean frame": [], "whole film": []}
for seed in range(3):
    scenes = make_scenes(700, random_state=seed)
    films, motion = clip_tensor(scenes.X["clip"])[:, 0], scenes.latents["motion"]  # grey, 0 to 1
    shown = [stand_still(films[:, 0]), stand_still(mean_frame(films)), films]
    for way, X in zip(scores, shown, strict=True):
        model = learn(X, motion, seed)
        scores[way].append(model.score(X[500:], motion[500:]))
predict("video.one_frame", result=np.mean(scores["one frame"]))
draw(scores)
print(describe(image_grid(mean_frame(clips[four]), names, n_columns=4)))

# %% [markdown] slug="three-ways-see"
# **What to see:** one frame is chance; the whole film is right every time; the mean frame, in half of the films. Below,
# why: a mean frame shows a streak, so you see the axis. Which end came first, you do not.
#
# ## 5 · The same through the package
#
# The package's functions must give what we did by hand. Then read how the network looks at films: `maps` puts in an
# axis for channels and runs the 3-D convolutions, its `body`. `features` averages over axes 2, 3 and 4: time, height,
# width. It averages time too, but *last*.

# %% slug="library"
np.testing.assert_allclose(frame_differences(light), np.diff(light, axis=1))
np.testing.assert_array_equal(reverse_time(clips), clips[:, ::-1])
np.testing.assert_allclose(mean_frame(clips), mean_frame(reverse_time(clips)))
print("a film and the same film played backwards have one mean frame")
show_source(VideoCNN.maps)
show_source(VideoCNN.features)

# %% [markdown] slug="shapes-text"
# ### Shapes
#
# torch wants `(n, channels, frames, height, width)`. Along each of the last three axes, of `size` places, a `kernel`
# fits
#
# $$\left\lfloor\frac{\text{size}+2\cdot\text{padding}-\text{kernel}}{\text{stride}}\right\rfloor+1$$
#
# times: from the first place to the last where it fits, in steps of `stride`. *Padding* puts zeros on both sides;
# ⌊ ⌋ rounds down, `//` in code. Each kernel adds up over all channels and makes one new channel.
#
# ## 6 · Exercises
#
# Start with motion energy, on grey levels as files hold them: uint8, 0 to 255.

# %% slug="ex-energy" exercise="video.motion_energy"

# %% [markdown] slug="conv-text"
# Now the formula above. Chapter 05 counts the places on a picture; a film has one axis more.

# %% slug="ex-conv-shape" exercise="video.conv_shape"

# %% slug="together"
energy, foresee = use("video.motion_energy", motion_energy), use("video.conv_shape", conv_shape)
np.testing.assert_allclose(energy(clips[:9]) / 255, features.motion_energy(clips[:9]))
np.testing.assert_allclose(energy(clips[:1])[0] / 255, frame_energy(clips[0]))  # the widget's
network, shape = VideoCNN((8, 32, 32), n_classes=4), (2, 1, 8, 32, 32)
for layer in network.body:
    if isinstance(layer, Conv3d):
        shape = foresee(shape, layer.out_channels, layer.kernel_size, layer.stride, layer.padding)
        print(shape)
assert tuple(shape) == tuple(network.maps(torch.zeros(2, 8, 32, 32)).shape)

# %% [markdown] slug="r3d-text"
# The same arithmetic at full size: **R3D-18**, trained on films of 400 kinds of human action. It has
# a *contract*, kept by `prepare_clips`: colour, 112 × 112 pixels, and the colours' means and spreads of its training.

# %% slug="r3d-shapes"
r3d = import_torchvision().models.video.r3d_18(weights=None).eval()
x = prepare_clips(clips[:1])
print(f"{sum(weights.numel() for weights in r3d.parameters()):,} numbers to learn")
print("prepared ", tuple(x.shape))
with torch.no_grad():
    for name, part in list(r3d.named_children())[:-1]:  # the last one names actions
        x = part(x)
        print(f"{name:9} {tuple(x.shape)}")
try:
    print("trained weights, features", r3d_18_features(clips[:1]).shape)
except WeightsUnavailable:
    print("random weights, features", r3d_18_features(clips[:1], weights="random").shape)

# %% [markdown] slug="backwards-text"
# Its trained weights (134 MB) do not come with this workbook. *Random* means that this machine has none: the shapes are
# right, the numbers know nothing.
#
# ### Backwards
#
# Turn time round, and what went left goes right.

# %% slug="ex-backwards" exercise="video.play_backwards"

# %% slug="backwards"
turned, relabelled = use("video.play_backwards", play_backwards)(films[500:], motion[500:])
print("whole films, the network of section 4:", model.score(films[500:], motion[500:]))
print("backwards, labels swapped:", model.score(turned, relabelled))
print("backwards, labels kept:   ", model.score(turned, motion[500:]))

# %% [markdown] slug="shuffle-text"
# The old labels are wrong every time. Train on such films, and you teach the opposite.
#
# ### Shuffled time
#
# Does the network use the order, or only that it sees eight frames? A **control** answers: take away the order and
# nothing else. No skeleton this time.

# %% slug="ex-shuffle" exercise="video.shuffle_time"

# %% slug="predict-shuffled"
predict("video.shuffled_time", ...)

# %% slug="shuffled"
shuffle = use("video.shuffle_time", shuffle_time)
scores["shuffled film"], axis_right = [], []
for seed in range(3):
    scenes = make_scenes(700, random_state=seed)
    X, motion = shuffle(clip_tensor(scenes.X["clip"])[:, 0], seed), scenes.latents["motion"]
    guesses = learn(X, motion, seed).predict(X[500:])
    scores["shuffled film"].append(np.mean(guesses == motion[500:]))
    axis_right.append(np.mean(np.isin(guesses, ["up", "down"]) == np.isin(motion[500:], ["up", "down"])))
predict("video.shuffled_time", result=np.mean(scores["shuffled film"]))
draw(scores)
print("shuffled films: the axis is right in", np.round(axis_right, 2))

# %% [markdown] slug="gain-text"
# **What to see:** shuffled films score about as little as mean frames, above chance: most of the time the axis is
# found. But a film to the left, played backwards, is a film to the right. In random order the two look alike: nobody
# can do better than 0.50, other than by luck on 200 films.
#
# ### By how much, for sure?
#
# One seed proves little. Compare seed by seed: both models saw the same films.

# %% slug="ex-gain" exercise="video.gain_over_seeds"

# %% slug="gain"
gain = use("video.gain_over_seeds", gain_over_seeds)
whole = np.array(scores["whole film"])
for way in ("one frame", "mean frame", "shuffled film"):
    mean, smallest = gain(whole, np.array(scores[way]))
    print(f"the whole film over the {way:13}  mean gain {mean:.2f}, at least {smallest:.2f} at every seed")

# %% [markdown] slug="velocity-text"
# ### Two numbers in place of a network (optional)
#
# Need it be a network? `velocity` compares how a pixel changes in time with how brightness changes along the
# picture, and learns nothing. It gives two numbers a film, to the right and downwards. Row 0 of a picture is its top.

# %% slug="ex-direction" exercise="video.name_direction"

# %% slug="velocity"
named = use("video.name_direction", name_direction)
for seed in range(3):
    scenes = make_scenes(300, random_state=seed)
    v = velocity(scenes.X["clip"])  # (300, 2), pixels a frame
    right = np.mean(np.asarray(named(v)) == scenes.latents["motion"])
    fast = np.abs(v).max(axis=1).mean()
    print(f"seed {seed}: direction right in {right:.3f} of the films; speed {fast:.1f} pixels a frame, really 3")

# %% [markdown] slug="velocity-see"
# Two numbers equal the network here; the speed is off, since the formula trusts steps of a pixel or so. Try the simple
# feature first. (Several things that move in several ways have no one velocity: there a network earns its keep.)

# %% [markdown] slug="widget-text"
# ## 7 · Find the frame where motion ends
#
# This film goes on, turns round, and then stands still. **Task:** go through it with the arrow keys, watch the change,
# and mark with Enter the *last* frame that differs from the one before it. Then write its number, or `watching`, below.

# %% slug="widget"
clip = make_scenes(12, random_state=7).X["clip"][10]
back = reverse_time(clip[None])[0]
film = np.concatenate([clip, back[1:4], np.repeat(back[3:4], 5, axis=0)])  # (16, 32, 32)
watching = watch(film, frame_rate=4)
watching

# %% slug="ex-motion-end" exercise="video.motion_end"

# %% [markdown] slug="debug-text"
# ## 8 · Debug the article
#
# First the loud fault. A batch of grey films has no axis for channels, and torch takes the first of four axes for it:

# %% slug="loud-fault"
layer, batch = Conv3d(1, 8, kernel_size=3), torch.zeros(16, 8, 32, 32)
try:
    layer(batch)
except RuntimeError as problem:
    print("RuntimeError:", problem)
print("with channels:", tuple(layer(batch[:, None]).shape))
print("one film, no channels, no error:", tuple(layer(batch[:1]).shape))

# %% [markdown] slug="debug-silent-text"
# Sixteen films were read as one film of sixteen channels. A batch of *one* even passes.
#
# Then the silent fault: the article's function without its last line; the cell after it chooses the step. Run both.
# Which columns are equal? Mend the function, run both again: eight minutes.

# %% slug="ex-fix" exercise="video.fix_article"

# %% slug="debug-run"
steps = {"left": (-3, 0), "right": (3, 0), "up": (0, -3), "down": (0, 3)}
scenes = make_scenes(300, random_state=9)
rest = left_over(scenes.X["clip"], list(steps.values()))
guess = np.array(list(steps))[rest.argmin(axis=1)]
print(*(f"{step:>7}" for step in steps), " <- step; left over, in three films")
for row in rest[:3]:
    print(*(f"{value:7.4f}" for value in row))
print(f"right in {np.mean(guess == scenes.latents['motion']):.2f} of the films; chance is 0.25")

# %% [markdown] slug="why-question"
# Why could this have gone unnoticed? Run the cell to see the options.

# %% slug="ex-why" exercise="video.why_unnoticed"

# %% [markdown] slug="mistakes"
# ## 9 · Common mistakes
#
# | symptom | cause | diagnosis |
# |---|---|---|
# | changes of 250 grey levels in a calm film | uint8 subtracted | `wrapped-around` |
# | motion energy near 0 although things move | signs cancel | `no-absolute-value`, `absolute-value-last` |
# | energies make no sense | not along time | `between-neighbouring-columns`, `between-films` |
# | a layer does not fit the one before it | formula | `no-plus-one`, `padded-once`, `channels-kept` |
# | more films make the model worse | reversed, old labels | `labels-kept`, `films-in-reverse` |
# | one label has vanished | swapped one after the other | `swapped-one-after-the-other` |
# | the control scores as well as the film | the same order for all | `one-order-for-all` |
# | the control scores chance | labels of other films | `films-shuffled` |
# | a gain that is luck | other seeds compared | `not-paired`, `largest` |
# | left and right get one number | averaged before compared | `as-published`, `median-frame` |

# %% [markdown] slug="wrap-up"
# ## 10 · Wrap-up
#
# Can you now, without looking: compute the motion energy of 0110, 0011? say how many frames a kernel of 3 leaves of 8?
# what happens to labels backwards? why shuffled films score 0.50 and not 0.25? where averaging over time does no harm?
#
# **Reuse this** on your own films, a folder with a `manifest.csv` that has a column `clip` (.gif,
# or folders of pictures):
#
# ```python
# from mmlearn_edu.datasets import load_folder
# from mmlearn_edu.features import motion_energy, velocity
# clips = load_folder("my_films", clip_shape=(8, 32, 32)).X["clip"]
# print(motion_energy(clips).mean(axis=1), velocity(clips))
# ```

# %% [markdown] slug="read-on"
# **Read on**
# - Adelson, E. H. & Bergen, J. R. (1985). Spatiotemporal energy models for the perception of motion. *Journal of the
#   Optical Society of America A* 2(2), 284–299.
# - Lucas, B. D. & Kanade, T. (1981). An iterative image registration technique with an application to stereo vision.
#   *IJCAI*, 674–679.
# - Tran, D. et al. (2015). Learning spatiotemporal features with 3D convolutional networks. *ICCV*, 4489–4497.
# - Tran, D. et al. (2018). A closer look at spatiotemporal convolutions for action recognition. *CVPR*, 6450–6459.

# %% [markdown] slug="glossary"
# | English | 中文 | | English | 中文 |
# |---|---|---|---|---|
# | film, clip | 影片 | | motion energy | 运动能量 |
# | frame | 帧 | | pooling over time | 时间池化 |
# | frame difference | 帧差 | | 3-D convolution | 三维卷积 |
# | stride | 步幅 | | padding | 填充 |
# | control | 对照 | | velocity | 速度 |

# %% slug="progress"
progress()
