"""Make the texts of docstrings: ``python datasets/docstrings/make.py WHEELS`` (a minute or two; nothing is imported).

WHEELS is a folder with the packages of ``requirements.txt``, unopened::

    pip download --no-deps --only-binary :all: -r datasets/docstrings/requirements.txt -d WHEELS

Writes ``texts.csv``, ``LICENSES.txt`` and ``SHA256SUMS``. Run once; the files are committed.
"""

import ast
import csv
import hashlib
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

from prose import sentences

HERE = Path(__file__).resolve().parent
N_PER_TOPIC, N_PER_MODULE = 110, 10
FEWEST, LONG, MOST = 40, 100, 200  # words of a text; those that are long come first
N_REPEATS = 4  # a sentence that stands under so many openings is boilerplate
SHINGLE, SHARED = 4, 0.25  # a text of which more than this share of 4-word runs stands in another is a near copy
NO_MODULE = re.compile(
    r"(^|/)(_?tests?|testing|conftest|_?vendor\w*|externals?|extern|examples?|benchmarks?)(/|\.|_)|test_"
)
COMMON = {"control", "requests", "flask", "pillow"}  # these names are also words
OTHER_NAMES = "skimage|pil|pywt|pytorch|tensorflow|jax|numba|sklearn|cython|jupyter|mpl|np|pd|plt"
LICENCE = re.compile(r"dist-info/(licenses/)?(LICEN[CS]E|COPYING|NOTICE)(\.(txt|md|rst))?$")
BUNDLED = "\n----\n"  # what follows speaks of other code that a wheel carries
TOPIC_OF = {row["part"]: row["topic"] for row in csv.DictReader((HERE / "topics.csv").read_text().splitlines())}
TOPICS = sorted(set(TOPIC_OF.values()) - {""})  # a part without topic speaks of tools, file formats, databases, maps


class Doc(NamedTuple):
    """One docstring: what is left of it and where it comes from."""

    topic: str
    library: str
    version: str
    module: str
    name: str
    prose: list[str]


def main() -> None:
    """Read the wheels, choose, write the three files."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    wheels = [find(Path(sys.argv[1]), line) for line in (HERE / "requirements.txt").read_text().split()]
    docs = [doc for library, version, wheel in wheels for doc in read(library, version, wheel)]
    texts = choose(without_near_copies(assemble(docs)))
    with (HERE / "texts.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["topic", "library", "version", "module", "name", "text"])
        writer.writerows([*doc[:5], text] for doc, text in texts)
    (HERE / "LICENSES.txt").write_text(licences(wheels), encoding="utf-8")
    sums = [f"{hashlib.sha256((HERE / n).read_bytes()).hexdigest()}  {n}" for n in ["LICENSES.txt", "texts.csv"]]
    (HERE / "SHA256SUMS").write_text("\n".join(sums) + "\n")
    unused = {library for library, _, _ in wheels} - {doc.library for doc, _ in texts}
    print(f"{len(docs)} docstrings, {len(texts)} texts; libraries without a text: {unused or 'none'}")


def find(folder: Path, requirement: str) -> tuple[str, str, Path]:
    """Return (name, version, wheel) of a line ``name==version``."""
    name, version = requirement.split("==")
    found = [p for p in folder.glob("*.whl") if p.name.lower().startswith(f"{name.replace('-', '_')}-{version}-")]
    if not found:
        sys.exit(f"{folder} holds no wheel of {requirement}; download it as the top of this file says")
    return name, version, found[0]


def read(library: str, version: str, wheel: Path) -> Iterator[Doc]:
    """Yield every public docstring of a wheel that has a topic."""
    archive = ZipFile(wheel)
    for path in sorted(archive.namelist()):
        module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        topic = topic_of(module)
        if topic and path.endswith(".py") and not NO_MODULE.search(path):
            for name, docstring in docstrings(ast.parse(archive.read(path)), module):
                yield Doc(topic, library, version, module, name, sentences(docstring))


def topic_of(module: str) -> str:
    """Return the topic of a module by the longest name of ``topics.csv`` that fits; empty where there is none."""
    parts = module.split(".")
    names = (".".join(parts[:n]) for n in range(len(parts), 0, -1))
    return next((TOPIC_OF[name] for name in names if name in TOPIC_OF), "")


def docstrings(node: ast.AST, name: str) -> Iterator[tuple[str, str]]:
    """Yield (dotted name, docstring) of a module, its public classes and functions, and their methods."""
    if docstring := ast.get_docstring(node):
        yield name, docstring
    if isinstance(node, ast.FunctionDef):
        return
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef | ast.FunctionDef) and not child.name.startswith("_"):
            yield from docstrings(child, f"{name}.{child.name}")


def assemble(docs: list[Doc]) -> list[tuple[Doc, str]]:
    """Return the docstrings that give a text of the right length, without boilerplate and names of libraries."""
    libraries = {re.escape(doc.library).replace(r"\-", "[- ]?") for doc in docs} - COMMON
    named = re.compile(rf"\b({'|'.join(sorted(libraries))}|{OTHER_NAMES})\b", re.IGNORECASE)
    openings = defaultdict(set)  # copies of a whole docstring have one opening
    for doc in docs:
        for sentence in doc.prose:
            openings[fold(sentence)].add(doc.prose[0])
    texts = []
    for doc in docs:
        good = [not named.search(s) and len(openings[fold(s)]) < N_REPEATS for s in doc.prose]
        text = shorten([s for s, is_good in zip(doc.prose, good, strict=True) if is_good])
        if good and good[0] and len(text.split()) >= FEWEST:
            texts.append((doc, text))
    return sorted(texts, key=lambda pair: hashlib.sha256(pair[0].name.encode()).hexdigest())  # in no particular order


def fold(sentence: str) -> str:
    """Return `sentence` without case and numbers, so that what differs only there counts as repeated."""
    return re.sub(r"\W+|\d+", " ", sentence.lower())


def shorten(prose: list[str]) -> str:
    """Return the first sentences, as many as fit into `MOST` words, none twice."""
    kept, n_words = [], 0
    for sentence in dict.fromkeys(prose):
        n_words += len(sentence.split())
        if n_words > MOST:
            break
        kept.append(sentence)
    return " ".join(kept)


def without_near_copies(texts: list[tuple[Doc, str]]) -> list[tuple[Doc, str]]:
    """Return `texts` without those that share too many runs of words with an earlier one."""
    seen, kept = defaultdict(list), []  # run of words -> the kept texts it stands in
    for doc, text in texts:
        words = re.findall(r"\w+", text.lower())
        runs = {tuple(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)}
        shared = Counter(i for run in runs for i in seen[run])
        if all(count <= SHARED * min(len(runs), kept[i][2]) for i, count in shared.items()):
            for run in runs:
                seen[run].append(len(kept))
            kept.append((doc, text, len(runs)))
    return [(doc, text) for doc, text, _ in kept]


def choose(texts: list[tuple[Doc, str]]) -> list[tuple[Doc, str]]:
    """Return `N_PER_TOPIC` texts of each topic, in turns: a library's turns go with the root of what it has."""
    chosen = set()
    for topic in TOPICS:
        queues, modules = defaultdict(list), Counter()
        for i in sorted(range(len(texts)), key=lambda i: -min(len(texts[i][1].split()), LONG)):
            doc = texts[i][0]
            if doc.topic == topic and modules[doc.module] < N_PER_MODULE:
                modules[doc.module] += 1
                queues[doc.library].append(i)
        turns = sorted(((n + 0.5) / len(q) ** 0.5, q[n]) for q in queues.values() for n in range(len(q)))
        chosen |= {i for _, i in turns[:N_PER_TOPIC]}
        print(f"{topic}: {len(turns[:N_PER_TOPIC])} of {len(turns)} texts, {len(queues)} libraries")
    return [texts[i] for i in sorted(chosen)]


def licences(wheels: list[tuple[str, str, Path]]) -> str:
    """Return the licence of every library, each wording once."""
    owners = defaultdict(list)
    for name, version, wheel in wheels:
        archive = ZipFile(wheel)
        files = [path for path in sorted(archive.namelist()) if LICENCE.search(path)]
        text = "\n\n".join(archive.read(path).decode().replace("\r\n", "\n") for path in files)
        lines = [line.rstrip() for line in text.split(BUNDLED)[0].strip().splitlines()]
        owners["\n".join(lines)].append(f"{name} {version}")
    rule = "=" * 100
    return "".join(f"{rule}\n{', '.join(names)}\n{rule}\n\n{text}\n\n" for text, names in owners.items())[:-1]


if __name__ == "__main__":
    main()
