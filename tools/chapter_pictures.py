"""Draw a small picture for every chapter, from real data through the library: for the README and the progress page.

    .venv/bin/python tools/chapter_pictures.py

Writes NN-slug.light.svg and NN-slug.dark.svg into mmlearn_edu/progress_page/pictures, the same bytes every time. A new
chapter needs a function below that returns the parts of its picture, 240 wide and 150 high; look at both files before
you commit them.
"""

from html import escape
from pathlib import Path

import numpy as np
from sklearn.datasets import load_sample_image
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import LeaveOneGroupOut, cross_val_score
from sklearn.preprocessing import StandardScaler

from mmlearn_edu.checks import registry
from mmlearn_edu.classification import svm_pipeline
from mmlearn_edu.clustering import KMeans
from mmlearn_edu.datasets import SAMPLING_RATE, load_docstrings, load_spoken_digits, make_scenes
from mmlearn_edu.features import (
    CountVectorizer,
    TfidfVectorizer,
    flatten_images,
    mean_frame,
    mel_filter_bank,
    mfcc_summary,
    power_spectrogram,
    sobel_edges,
)
from mmlearn_edu.networks import Autoencoder
from mmlearn_edu.representations import PCA
from mmlearn_edu.widgets import correlate, nearest_items

FOLDER = Path(__file__).parents[1] / "mmlearn_edu" / "progress_page" / "pictures"
WIDTH, HEIGHT = 240, 150
THEMES = {  # card, its edge, ink, and three colours; the progress page has the same by its own names
    "light": ("#ffffff", "#818b98", "#1f2328", "#0b5cad", "#b3420a", "#00704f"),
    "dark": ("#161b22", "#8b949e", "#e9edf1", "#79bbff", "#ffab70", "#56d6a6"),
}
MARKS = (  # one shape a group, so that colour is never alone
    '<circle class="p{0}" cx="{1:.1f}" cy="{2:.1f}" r="2.6"/>',
    '<path class="p{0}" d="M{1:.1f} {2:.1f}m-2.4-2.4h4.8v4.8h-4.8z"/>',
    '<path class="p{0}" d="M{1:.1f} {2:.1f}m0-3.2l3 5.2h-6z"/>',
)


def start_here():
    """One sample, three senses: a handwritten three, its sound, a word about it; and two shapes."""
    digits = load_spoken_digits()
    picture, sound, words = (digits.X[name][3] for name in ("image", "audio", "text"))
    parts = [
        f'<rect class="pi" x="{20 + 10 * j}" y="{18 + 10 * i}" width="10" height="10" opacity="{shade / 255:.2f}"/>'
        for (i, j), shade in np.ndenumerate(picture)
        if shade
    ]
    parts.append('<rect class="pe" x="20" y="18" width="80" height="80"/>')
    loud = np.abs(sound.astype(float)).reshape(50, -1).max(axis=1)
    high = np.maximum(27 * loud / loud.max(), 0.6)
    bars = " ".join(f"M{121 + 2 * i} {45 - h:.1f}v{2 * h:.1f}" for i, h in enumerate(high))
    parts.append(f'<path class="s0" d="{bars}"/>')
    parts.append(_text(171, 96, f"“{words.split(', ')[1]}”"))
    return [*parts, _text(60, 130, str(picture.shape)), _text(171, 130, str(sound.shape))]


def tfidf():
    """The words of a question by how rare they are among 1320 texts."""
    engine = TfidfVectorizer().fit(load_docstrings().X["text"])
    parts = []
    for row, word in enumerate(("the", "is", "in", "graph", "path", "shortest")):
        idf = engine.idf_[engine.vocabulary_[word]]
        parts.append(_text(52, 31 + 21.5 * row, word))
        parts.append(
            f'<rect class="p{int(idf < 2)}" x="98" y="{17 + 21.5 * row:.1f}" width="{22 * idf:.1f}" height="15"/>'
        )
    return parts


def edges():
    """A flower in large pixels, in its own colours, and the lengths of its gradients."""
    flower = load_sample_image("flower.jpg")[56:386, 143:473]
    small = flower.reshape(15, 22, 15, 22, 3).mean(axis=(1, 3))
    steep = sobel_edges(small[None] / 255)[0]
    parts = []
    for (i, j), length in np.ndenumerate(steep / steep.max()):
        colour = "".join(f"{round(channel / 17):x}" for channel in small[i, j])
        parts.append(f'<path fill="#{colour}" d="M{11 + 7 * j} {22 + 7 * i}h7v7h-7z"/>')
        if length > 0.1:
            parts.append(f'<path class="pi" opacity="{length:.1f}" d="M{124 + 7 * j} {22 + 7 * i}h7v7h-7z"/>')
    return [*parts, '<path class="pe" d="M11 22h105v105h-105zM124 22h105v105h-105z"/>']


def cnn_features():
    """A handwritten four, a kernel, and how it responds where the four has vertical edges."""
    picture = load_spoken_digits().X["image"][4] / 255
    response = correlate(picture, [[-1, 0, 1]] * 3)
    parts = [
        f'<rect class="pi" x="{10 + 8 * j}" y="{31 + 8 * i}" width="8" height="8" opacity="{shade:.2f}"/>'
        for (i, j), shade in np.ndenumerate(picture)
        if shade
    ]
    for i, number in np.ndindex(3, 3):
        parts.append(_text((91, 122, 149)[number], 48 + 22 * i, ("−1", "0", "1")[number]))
    strongest = np.abs(response).max()
    parts += [
        f'<rect class="p{int(value < 0)}" x="{166 + 8 * j}" y="{31 + 8 * i}" width="8" height="8" '
        f'opacity="{abs(value) / strongest:.2f}"/>'
        for (i, j), value in np.ndenumerate(response)
        if value
    ]
    parts += [f'<rect class="pe" x="{left}" y="31" width="64" height="64"/>' for left in (10, 166)]
    return [*parts, _text(42, 128, "(8, 8)"), _text(120, 128, "(3, 3)"), _text(198, 128, "(8, 8)")]


def sound():
    """A spoken three: its pressure, and below it the loudness of 18 mel bands, 40 dB from faint to full ink."""
    digits = load_spoken_digits()
    clip = digits.X["audio"][3, : digits.latents["length"][3]] / 32768
    loud = np.abs(clip[: len(clip) // 52 * 52]).reshape(52, -1).max(axis=1)
    bars = " ".join(f"M{18 + 4 * i} {32 - h:.1f}v{2 * h:.1f}" for i, h in enumerate(np.maximum(20 * loud, 0.6)))
    bands = mel_filter_bank(8000, n_mels=18) @ power_spectrogram(clip[None], hop_length=len(clip) // 52)[0]
    level = 1 + 10 * np.log10(np.maximum(bands, 1e-10) / bands.max()) / 40
    parts = [f'<path class="s0" d="{bars}"/>']
    parts += [
        f'<rect class="p1" x="{16 + 4 * t}" y="{136 - 4.4 * m:.1f}" width="4" height="4.4" opacity="{shade:.2f}"/>'
        for (m, t), shade in np.ndenumerate(level[:, :52])
        if shade > 0.1
    ]
    return [*parts, '<rect class="pe" x="16" y="61.2" width="208" height="79.2"/>']


def video():
    """Three frames of a film that goes right, and below the mean of all eight, which goes either way."""
    clips = make_scenes(12, random_state=7).X["clip"][10:11] / 255
    parts = _grey(clips[0, 0], 20, 12) + _grey(clips[0, 3], 91, 12) + _grey(clips[0, 6], 162, 12)
    parts += _grey(mean_frame(clips)[0], 91, 84)
    return [*parts, _text(47, 120, "mean"), _text(193, 120, "← or →")]


def _grey(frame, left, top, side=58, cells=16):
    """Draw what is bright in a frame, two pixels to a cell, in a box."""
    size = side / cells
    bright = np.clip(frame.reshape(cells, 2, cells, 2).mean(axis=(1, 3)) - 0.15, 0, 0.65) / 0.65
    parts = [
        f'<rect class="p0" x="{left + size * j:.2f}" y="{top + size * i:.2f}" width="{size:.2f}" height="{size:.2f}" '
        f'opacity="{shade:.2f}"/>'
        for (i, j), shade in np.ndenumerate(bright)
        if shade > 0.04
    ]
    return [*parts, f'<rect class="pe" x="{left}" y="{top}" width="{side}" height="{side}"/>']


def principal_components():
    """Brightness of the left and the right half of 150 digits, with the two axes, each two deviations long."""
    images = load_spoken_digits().X["image"][::12]
    halves = np.stack([images[:, :, :4].mean(axis=(1, 2)), images[:, :, 4:].mean(axis=(1, 2))], axis=1)
    pca = PCA(2).fit(halves)
    place = _projector(halves)
    parts = [MARKS[0].format(0, *place(point)) for point in halves]
    for axis, variance in zip(pca.components_, pca.explained_variance_, strict=True):
        (x1, y1), (x2, y2) = (place(pca.mean_ + side * 2 * np.sqrt(variance) * axis) for side in (-1, 1))
        parts.append(f'<path class="halo" d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}"/>')
        parts.append(f'<path class="s1" d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}"/>')
    return parts


def similarity():
    """Five texts by how often they say two words; what a query finds by its direction, and what by its distance."""
    texts = load_docstrings().X["text"][[307, 479, 124, 38, 743]]
    table = CountVectorizer().fit(texts)
    counts = table.transform(texts).toarray()[:, [table.vocabulary_[word] for word in ("graph", "edge")]]
    query = np.array([10.2, 5.1])
    place = _projector(np.vstack([[0, 0], [12.6, 7.2], counts]), margin=20)
    (zero_x, zero_y), (x, y), (end_x, _), (top_x, top_y) = map(place, ([0, 0], query, [12.6, 0], [0, 7.2]))
    (near_x, near_y), (along_x, along_y) = (
        place(counts[nearest_items(query, counts, by)[0]]) for by in ("euclidean", "cosine")
    )
    parts = [f'<path class="pe" d="M{top_x:.1f} {top_y:.1f}L{zero_x:.1f} {zero_y:.1f}H{end_x:.1f}"/>']
    parts.append(f'<path class="s0" stroke-dasharray="6 4" d="M{zero_x:.1f} {zero_y:.1f}L{x:.1f} {y:.1f}"/>')
    parts.append(f'<path class="s1" d="M{x:.1f} {y:.1f}L{near_x:.1f} {near_y:.1f}"/>')
    parts += [f'<circle class="pi" cx="{left:.1f}" cy="{top:.1f}" r="4"/>' for left, top in map(place, counts)]
    parts.append(f'<circle class="s0" cx="{along_x:.1f}" cy="{along_y:.1f}" r="9"/>')
    parts.append(f'<path class="s1" d="M{near_x - 9:.1f} {near_y - 9:.1f}h18v18h-18z"/>')
    return [*parts, f'<path class="pi" d="M{x:.1f} {y - 8:.1f}l7 8l-7 8l-7-8z"/>']


def kmeans():
    """Zeros, ones and fours by two components; each sample on a thread to the centroid it belongs to."""
    digits = load_spoken_digits()
    images = digits.X["image"][np.isin(digits.y, [0, 1, 4])][::4].reshape(-1, 64)
    codes = PCA(2).fit_transform(images.astype(float))
    model = KMeans(3, random_state=0).fit(codes)
    place = _projector(codes)
    parts = []
    for point, group in zip(codes, model.labels_, strict=True):
        (x1, y1), (x2, y2) = place(point), place(model.cluster_centers_[group])
        parts.append(f'<path class="t{group}" d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}"/>')
    parts += [MARKS[group].format(group, *place(point)) for point, group in zip(codes, model.labels_, strict=True)]
    for x, y in map(place, model.cluster_centers_):
        parts += [f'<path class="{look}" d="M{x - 6:.1f} {y - 6:.1f}l12 12m0-12l-12 12"/>' for look in ("halo", "si")]
    return parts


def fusion():
    """How often three senses are right alone, then the mean of their components, and the mean of their opinions."""
    digits = load_spoken_digits(image_noise=0.4, audio_snr_db=-6)
    new = digits.groups["writer"] % 3 == 0
    tables = [
        flatten_images(digits.X["image"]),
        mfcc_summary(digits.X["audio"], 8000, n_segments=5),
        TfidfVectorizer().fit_transform(digits.X["text"]).toarray(),
    ]
    tables = [StandardScaler().fit(table[~new]).transform(table) for table in tables]
    codes = np.mean([PCA(24).fit(table[~new]).transform(table) for table in tables], axis=0)
    experts = [LogisticRegression(C=0.02, max_iter=1000).fit(table[~new], digits.y[~new]) for table in [*tables, codes]]
    says = [expert.predict_proba(table[new]) for expert, table in zip(experts, [*tables, codes], strict=True)]
    high = [round(100 * np.mean(p.argmax(axis=1) == digits.y[new])) for p in [*says, np.mean(says[:3], axis=0)]]
    parts = [
        f'<rect class="p{colour}" x="{left}" y="{112 - share}" width="{width}" height="{share}"/>'
        for colour, left, width, share in zip(
            (0, 0, 0, 1, 2), (14, 39, 64, 106, 182), (20, 20, 20, 44, 44), high, strict=True
        )
    ]
    level = 112 - max(high[:3])
    parts.append(f'<path class="si" style="stroke-width:1.5;stroke-dasharray:5 4" d="M8 {level}H232"/>')
    parts += [_text(49, 136, "alone"), _text(128, 136, "features"), _text(203, 136, "opinions")]
    return parts


def evaluation():
    """One support vector machine on noisy digits, judged on learnt rows, new rows, new writers and new speakers."""
    digits = load_spoken_digits(image_noise=0.4, audio_snr_db=-6)
    sound = mfcc_summary(digits.X["audio"], SAMPLING_RATE, n_segments=5)
    both, y = np.hstack([flatten_images(digits.X["image"]), sound]), digits.y
    people = {
        "rows": np.arange(len(y)) % 7,
        "writers": digits.groups["writer"] // 2,
        "speakers": digits.latents["base"],
    }
    scores = {"learnt": svm_pipeline().fit(both, y).score(both, y)}
    for name, group in people.items():
        folds = LeaveOneGroupOut()
        scores[name] = cross_val_score(svm_pipeline(), both, y, groups=group, cv=folds).mean()
    parts = []
    for row, (name, score) in enumerate(scores.items()):
        top = 17 + 31 * row
        parts.append(_text(50, top + 17, name))
        parts.append(f'<rect class="p{int(name == "learnt")}" x="98" y="{top}" width="{128 * score:.1f}" height="22"/>')
    return parts


def autoencoder():
    """A handwritten two, its code of eight numbers as bars, and the two that is drawn from them."""
    digits = load_spoken_digits()
    pictures, seen = digits.X["image"].reshape(-1, 64) / 255, digits.groups["writer"] < 7
    model = Autoencoder(8, epochs=40, random_state=0).fit(pictures[seen])
    clean = pictures[~seen][1:2]
    code = model.transform(clean)
    drawn = model.inverse_transform(code).clip(0, 1)
    parts = []
    for left, picture in ((14, clean), (162, drawn)):
        parts += [
            f'<rect class="pi" x="{left + 8 * j}" y="{31 + 8 * i}" width="8" height="8" opacity="{shade:.1f}"/>'
            for (i, j), shade in np.ndenumerate(picture.reshape(8, 8))
            if shade >= 0.05
        ]
        parts.append(f'<rect class="pe" x="{left}" y="31" width="64" height="64"/>')
    for i, number in enumerate(18 * code[0] / np.abs(code).max()):
        x, y = min(120, 120 + number), 32 + 8 * i
        parts.append(f'<rect class="p{int(number < 0)}" x="{x:.0f}" y="{y}" width="{abs(number):.0f}" height="6"/>')
    parts.append('<path class="pe" d="M80 31L98 47v32L80 95zM160 31L142 47v32L160 95z"/>')
    return [*parts, _text(46, 128, "64"), _text(120, 128, "8"), _text(194, 128, "64")]


PICTURES = {
    "00-start-here": start_here,
    "02-tfidf": tfidf,
    "04-images": edges,
    "05-cnn-features": cnn_features,
    "06-sound": sound,
    "07-video": video,
    "08-pca": principal_components,
    "09-similarity": similarity,
    "10-kmeans": kmeans,
    "12-fusion": fusion,
    "13-evaluation": evaluation,
    "14-autoencoders": autoencoder,
}


def drawn(slug, theme):
    """Return the picture of a chapter as SVG."""
    title = f"<title>{escape(registry.chapter(slug).title)}</title>"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f"{title}<style>{_style(*THEMES[theme])}</style>\n"
        f'<rect class="card" x=".5" y=".5" width="{WIDTH - 1}" height="{HEIGHT - 1}" rx="8"/>\n'
        + "\n".join(PICTURES[slug]())
        + "\n</svg>\n"
    )


def _style(card, edge, ink, *colours):
    rules = [f".card{{fill:{card};stroke:{edge}}} .halo{{fill:none;stroke:{card};stroke-width:6}}"]
    rules += [f".pi,text{{fill:{ink}}} .pe{{fill:none;stroke:{edge}}} .si{{fill:none;stroke:{ink};stroke-width:3}}"]
    for i, colour in enumerate(colours):
        rules.append(f".p{i}{{fill:{colour}}} .s{i}{{fill:none;stroke:{colour};stroke-width:2.5}}")
        rules.append(f".t{i}{{stroke:{colour};stroke-width:.8;opacity:.5}}")
    return " ".join([*rules, "text{font:19px system-ui,sans-serif}"])


def _text(x, y, words):
    return f'<text x="{x}" y="{y}" text-anchor="middle">{escape(words)}</text>'


def _projector(points, margin=14):
    """Return a function from data to the picture, with the same scale along both directions."""
    low, high = points.min(axis=0), points.max(axis=0)
    scale = min((WIDTH - 2 * margin) / (high - low)[0], (HEIGHT - 2 * margin) / (high - low)[1])
    middle = (low + high) / 2
    return lambda point: (
        WIDTH / 2 + scale * (point[0] - middle[0]),
        HEIGHT / 2 - scale * (point[1] - middle[1]),
    )


def main():
    """Write every picture."""
    for slug in PICTURES:
        for theme in THEMES:
            path = FOLDER / f"{slug}.{theme}.svg"
            path.write_text(drawn(slug, theme), encoding="utf-8", newline="\n")
            print(f"{path.name}: {path.stat().st_size / 1000:.1f} kB")


if __name__ == "__main__":
    main()
