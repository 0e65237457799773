# %% [markdown] slug="title"
# # 90 · Gallery: every picture you can move
#
# **What do the explorables show, and how do you open one on your own data?**
#
# An *explorable* is a picture that computes while you move it. Its numbers are made in the page, so it also moves in an
# exported page without Python: `mmlearn-edu export 90-gallery --to html`. Each has a **task**, and `.answer` holds what
# you found: None until you touched it. Every one works by mouse, by finger and by keyboard alone.
#
# **Needs** nothing. **Time** as long as you like; there is no exercise here. **Modalities** 🖼 image, 📝 text, 🔊 sound, 🎬 video

# %% slug="imports"
import numpy as np
from sklearn.datasets import load_breast_cancer, load_digits, load_sample_image, make_blobs
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mmlearn_edu import widgets
from mmlearn_edu.datasets import SAMPLING_RATE, load_docstrings, load_spoken_digits, make_scenes
from mmlearn_edu.features import CountVectorizer, TfidfVectorizer, flatten_images, mfcc_summary
from mmlearn_edu.fusion import simplex_grid
from mmlearn_edu.networks import Autoencoder

# %% [markdown] slug="shapes-text"
# ## 1 · Shapes: what does broadcasting stretch?
#
# From chapter 00. Type two shapes; a dashed border marks an axis that is repeated, a heavy one marks a clash.

# %% slug="shapes"
shapes = widgets.broadcast_shapes()
shapes

# %% [markdown] slug="missing-text"
# ## 2 · A mask: which row lacks which modality?
#
# For chapter 01. Each row is a sample, 1 means "here". Only rows that are complete can be used by a model that needs
# every modality: watch how fast they become few.

# %% slug="missing"
task = "Leave 3 of 6 rows complete, and every column with a gap."
mask = widgets.paint_matrix(np.ones((6, 3)), task, columns=["image", "text", "sound"])
mask

# %% [markdown] slug="document-text"
# ## 3 · A document: which word says what it is about?
#
# From chapter 02. Change the text: 1320 others decide how much each of its words weighs.

# %% slug="document"
texts = load_docstrings().X["text"]
engine = TfidfVectorizer().fit(texts)
idf = dict(zip(engine.get_feature_names_out(), engine.idf_, strict=True))
document = widgets.edit_document(texts[510], idf, goal="the")
document

# %% [markdown] slug="kernel-text"
# ## 4 · A kernel: what does a convolution look for?
#
# For chapter 05. Nine numbers slide over a photograph. Positive numbers on one side and negative ones on the other
# answer where the picture changes; if they sum to zero, an even area gives nothing.

# %% slug="kernel"
photograph = load_sample_image("china.jpg")[100:388:4, 180:468:4].mean(axis=2) / 255  # 72 x 72, grey
kernel = widgets.paint_kernel(photograph)
kernel

# %% [markdown] slug="sound-text"
# ## 5 · Sound: hear it, and see where it is loud
#
# For chapter 06. A spoken digit, clean and under noise. Nothing plays before you ask for it.

# %% slug="sound"
clean, noisy = load_spoken_digits().X["audio"][7], load_spoken_digits(audio_snr_db=0).X["audio"][7]
clips = widgets.listen([clean, noisy], SAMPLING_RATE, names=["clean", "noise as strong as the voice"])
clips

# %% [markdown] slug="tones-text"
# ## 6 · A window: how long must you listen to tell two tones apart?
#
# For chapter 06. Tones 20 Hz apart melt into one peak if the window is short.

# %% slug="tones"
tones = widgets.resolve_tones((440, 460), sampling_rate=SAMPLING_RATE)
tones

# %% [markdown] slug="film-text"
# ## 7 · A film: when does it stop?
#
# For chapter 07. The curve below the film tells how much the brightness changes from one frame to the next.

# %% slug="film"
scene = make_scenes(n_samples=1, random_state=3).X["clip"][0]
film = np.concatenate([scene[:6], np.repeat(scene[5:6], 4, axis=0)])  # it stands still after frame 5
frames = widgets.watch(film, frame_rate=4)
frames

# %% [markdown] slug="axis-text"
# ## 8 · An axis: in which direction does the cloud vary most?
#
# From chapter 08. It finds the first principal component by hand.

# %% slug="axis"
halves = load_spoken_digits().X["image"].reshape(-1, 8, 8)[:150].astype(float)
table = np.column_stack([halves[:, :, :4].mean(axis=(1, 2)), halves[:, :, 4:].mean(axis=(1, 2))])
axis = widgets.turn_axis(table, labels=("left half (grey level)", "right half (grey level)"))
axis

# %% [markdown] slug="query-text"
# ## 9 · A query: which is nearest, and by which measure?
#
# For chapter 09. Cosine looks at the direction only; Euclid and Manhattan look at the place.

# %% slug="query"
animals = ["cat", "dog", "owl", "fish"]
query = widgets.move_query([[4, 4], [2, 0.5], [0.5, 2], [3, -2]], animals)
query

# %% [markdown] slug="centroids-text"
# ## 10 · Centroids: can you beat Lloyd?
#
# From chapter 10. Lloyd's algorithm is stuck where it started. You need not be.

# %% slug="centroids"
points = make_blobs(120, centers=4, cluster_std=0.8, random_state=2)[0]
centroids = widgets.drag_centroids(points, k=4)
centroids

# %% [markdown] slug="weights-text"
# ## 11 · Weights: how much should each modality say?
#
# For chapter 12. Three classifiers, one for each sense, guess which digit it is; their probabilities are mixed. The
# triangle is tried out on half of the samples that none of them has seen.

# %% slug="weights-classifiers"
noisy_digits = load_spoken_digits(image_noise=0.4, audio_snr_db=-6)
senses, y, is_train = noisy_digits.X, noisy_digits.y, np.arange(1797) < 900
tables = {
    "image": flatten_images(senses["image"]),
    "text": CountVectorizer().fit_transform(senses["text"]).toarray(),
    "audio": mfcc_summary(senses["audio"], SAMPLING_RATE),
}
probabilities = []
for features in tables.values():
    classifier = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=1000))
    probabilities.append(classifier.fit(features[is_train], y[is_train]).predict_proba(features[~is_train]))

# %% slug="weights"
mixtures = np.einsum("gm,mnc->gnc", simplex_grid(3, 20), np.array(probabilities))
accuracies = (mixtures.argmax(axis=2) == y[~is_train]).mean(axis=1)
weights = widgets.pick_weights(accuracies, list(tables))
weights

# %% [markdown] slug="threshold-text"
# ## 12 · A threshold: whom do you call ill?
#
# For chapter 13. Scores of people whom the classifier has not seen. A threshold that finds nearly all ill people also
# calls some healthy ones ill: where do you draw the line?

# %% slug="threshold"
cancer = load_breast_cancer()
train, test, y_train, y_test = train_test_split(cancer.data[:, :3], cancer.target == 0, test_size=0.5, random_state=0)
model = make_pipeline(StandardScaler(), LogisticRegression()).fit(train, y_train)
scores = model.predict_proba(test)[:, 1]
threshold = widgets.move_threshold(y_test, scores, names=("healthy", "ill"), label="probability of illness")
threshold

# %% [markdown] slug="latent-text"
# ## 13 · A plane of codes: where does a 7 become a 1?
#
# For chapter 14. An autoencoder squeezed each digit into two numbers, and draws a picture for any two numbers you give it:
# for those between the digits too. A picture is *read as* the class whose mean picture is nearest.

# %% slug="latent-autoencoder"
pictures, digit = load_digits(return_X_y=True)
autoencoder = Autoencoder(n_components=2, hidden=(256, 64), epochs=30, random_state=0)
codes = autoencoder.fit_transform(pictures / 16)

# %% slug="latent"
walk = widgets.walk_latent(codes, digit, lambda Z: autoencoder.inverse_transform(Z).clip(0, 1), start=7, goal=1)
walk

# %% [markdown] slug="answers-text"
# ## What Python knows
#
# Move something above, then run this cell: every widget tells Python what you found.

# %% slug="answers"
for widget in (shapes, mask, document, kernel, clips, tones, frames, axis, query, centroids, weights, threshold, walk):
    print(f"{type(widget).__name__:16} {widget.answer}")

# %% [markdown] slug="reuse-text"
# ## Reuse this
#
# Each takes your own arrays and says in words what it can not draw. `widget.save_html("page.html")` writes it as a page
# of its own, to be sent to somebody who has no Python.
