"""The command ``mmlearn-edu``: parses, calls, prints. Heavy imports wait inside the subcommand that needs them."""

import argparse
import json
import os
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from mmlearn_edu import __version__
from mmlearn_edu.naming import nearest

__all__ = ["main"]

FINE, FELL_SHORT, WRONG_USE = 0, 1, 2
_MARKS = {"passed": "✓", "partly": "~", "failed": "✗", "not attempted": "·", "missing": "?", "checker problem": "!"}


class WrongUseError(Exception):
    """The command line asks for something that does not exist or cannot be done; the message says what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return 0 if fine, 1 if the work fell short, 2 if the use was wrong."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    own, passed_on = _split(given)
    try:
        chosen = _chosen(own)
        chosen.passed_on = passed_on
        code: int = chosen.run(chosen)
        sys.stdout.flush()
    except WrongUseError as error:
        _say(f"mmlearn-edu: {error}", error=True)
        return WRONG_USE
    except KeyboardInterrupt:
        _say("mmlearn-edu: stopped", error=True)
        return FELL_SHORT
    except BrokenPipeError:  # the reader, for instance `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except OSError as error:
        _say(f"mmlearn-edu: {_about(error)}", error=True)
        return WRONG_USE
    return code


# ---------------------------------------------------------------------------------------------------------- subcommands


def _start(chosen: argparse.Namespace) -> int:
    from mmlearn_edu import lab, workspace

    try:
        folder = workspace.locate(chosen.folder)
        for line in workspace.prepare(folder).lines():
            _say(line)
        if chosen.copy_only:
            return FINE
        return lab.open_lab(folder, chosen.port, not chosen.no_browser, chosen.passed_on, _say)
    except workspace.WorkspaceError as error:
        raise WrongUseError(str(error)) from None


def _list(chosen: argparse.Namespace) -> int:
    from mmlearn_edu.checks import registry
    from mmlearn_edu.checks.messages import say

    rows: list[dict[str, Any]] = []
    problems = [words for slug in registry.chapter_ids() if (words := registry.broken(slug))]
    for slug in registry.chapter_ids():
        if registry.broken(slug):
            continue
        facts = registry.chapter(slug)
        rows.append(
            {
                "chapter": slug,
                "title": facts.title,
                "minutes": facts.minutes,
                "needs": list(facts.needs),
                "exercises": [exercise.id for exercise in registry.exercises(slug)],
            }
        )
    if chosen.json:
        _report({"chapters": rows, **({"problems": problems} if problems else {})})
        return FELL_SHORT if problems else FINE
    for row in rows:
        length = say("chapter-minutes", minutes=row["minutes"])
        _say(f"{row['chapter']:<18} {length}  {say('chapter-exercises', count=len(row['exercises']))}  {row['title']}")
    for words in problems:
        _say(words, error=True)
    return FELL_SHORT if problems else FINE


def _progress(chosen: argparse.Namespace) -> int:
    from mmlearn_edu import workspace
    from mmlearn_edu.checks import progress
    from mmlearn_edu.checks.messages import say

    try:
        folder = workspace.locate(chosen.folder)
        if chosen.folder is not None and not folder.exists():
            raise workspace.WorkspaceError(f"there is no folder {folder}; `mmlearn-edu start {chosen.folder}` makes it")
        with workspace.as_current(folder), warnings.catch_warnings(record=True) as caught:
            found = progress()
    except workspace.WorkspaceError as error:
        raise WrongUseError(str(error)) from None
    notes = [str(each.message) for each in caught]
    for note in notes:
        _say(f"mmlearn-edu: {note}", error=True)
    written = {} if chosen.html is None else {"page": _progress_page(found, folder, chosen.html, notes)}
    if chosen.json:
        return _report(found.to_dict() | written)
    _say(say("page-written", path=written["page"]) if written else str(found))
    return FINE


def _progress_page(found: Any, folder: Path, wanted: str, notes: list[str]) -> str:
    from datetime import date

    from mmlearn_edu import progress_page

    try:
        path = progress_page.destination(wanted, folder)
        progress_page.write(path, progress_page.page(found, folder.name, date.today(), notes))
    except progress_page.PageError as error:
        raise WrongUseError(str(error)) from None
    return str(path)


def _export(chosen: argparse.Namespace) -> int:
    from mmlearn_edu import export
    from mmlearn_edu.checks.messages import nearest, say
    from mmlearn_edu.grading import exports

    if chosen.place is not None and chosen.out is not None:
        raise WrongUseError(f"{chosen.place} and --out {chosen.out}: say once where to write it")
    chosen.out = chosen.place if chosen.out is None else chosen.out
    if chosen.to in exports.TARGETS:
        return _export_for_grading(chosen)
    if chosen.to in export.TARGETS:
        return _export_page(chosen)
    known = [*export.TARGETS, *exports.TARGETS]
    raise WrongUseError(say("export-target", name=chosen.to, nearest=nearest(chosen.to, known)))


def _export_for_grading(chosen: argparse.Namespace) -> int:
    from mmlearn_edu.grading import exports
    from mmlearn_edu.grading.words import say

    chapter = chosen.notebook.removesuffix(".ipynb")
    if chosen.out is None:
        raise WrongUseError(say("exports", "no-out", chapter=chapter, target=chosen.to))
    out = Path(chosen.out).expanduser()
    try:
        files = exports.export(chapter, chosen.to, out, chosen.seed, chosen.exercises)
    except exports.ExportError as error:
        raise WrongUseError(str(error)) from None
    _say(say("exports", "written", count=len(files), path=out))
    return FINE


def _export_page(chosen: argparse.Namespace) -> int:
    from mmlearn_edu import export, workspace
    from mmlearn_edu.checks.messages import say
    from mmlearn_edu.progress_page import PageError, destination, write

    command = f"mmlearn-edu export {chosen.notebook} --out"
    try:
        notebook = export.find_notebook(chosen.notebook, workspace.locate(chosen.folder))
        name = f"{notebook.stem}.html"
        path = destination(chosen.out or "", notebook.resolve().parent, name, export.MARKER, command)
        write(path, export.to_html(notebook), command)
    except (export.ExportError, PageError) as error:
        raise WrongUseError(str(error)) from None
    if unrun := export.unrun(notebook):
        _say(f"mmlearn-edu: {say('export-unrun', count=unrun)}", error=True)
    _say(say("page-written", path=path))
    return FINE


def _grade(chosen: argparse.Namespace) -> int:
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # a worker a core; read when NumPy is loaded
    if chosen.show_isolation:
        return _show_isolation(chosen)
    if not chosen.paths or chosen.out is None:
        raise WrongUseError("say what to grade and where the results go: mmlearn-edu grade FOLDER --out RESULTS")
    from mmlearn_edu.grading import batch, ledger
    from mmlearn_edu.grading.collect import collect
    from mmlearn_edu.grading.progress_bar import ProgressBar

    with ProgressBar(None if chosen.json else sys.stderr) as bar:
        try:
            chapter = chosen.chapter or ledger.chapter_of(Path(chosen.out))
            hand_ins = collect(chosen.paths, chapter, leave_out=[chosen.out])
            options = {name: getattr(chosen, name) for name in ("seed", "jobs", "resume", "isolation", "exercises")}
            outcome = batch.grade_class(hand_ins, chosen.chapter, chosen.out, on_progress=bar, **options)
        except (batch.BatchError, FileNotFoundError) as error:
            raise WrongUseError(str(error)) from None
        except (batch.BatchStoppedError, KeyboardInterrupt) as error:
            _say(f"mmlearn-edu: {str(error) or bar.interrupted(chosen.out)}", error=True)
            return FELL_SHORT
    return _told_of_class(outcome, chosen.json)


def _told_of_class(outcome: Any, as_json: bool) -> int:
    from mmlearn_edu.grading.telling import as_data, as_lines

    if as_json:
        _report(as_data(outcome))
    else:
        for line in as_lines(outcome):
            _say(line)
    return FINE if outcome.whole else FELL_SHORT


def _show_isolation(chosen: argparse.Namespace) -> int:
    from mmlearn_edu.grading.sandbox import levels
    from mmlearn_edu.grading.telling import isolation_lines

    found = [
        {
            "level": level.name,
            "missing": level.missing,
            "defends": level.defends(),
            "does_not_defend": level.does_not_defend(),
        }
        for level in levels()
    ]
    if chosen.json:
        _report({"levels": found})
    else:
        for line in isolation_lines(found):
            _say(line)
    return FELL_SHORT if all(level["missing"] for level in found) else FINE


def _check(chosen: argparse.Namespace) -> int:
    from mmlearn_edu.authoring import NotebookError, check_notebook, verdicts
    from mmlearn_edu.checks import registry

    path = Path(chosen.notebook)
    try:
        chapter = verdicts.chapter_named_in(path)
        known = registry.notebook_ids()
        if chapter not in known:
            raise WrongUseError(f"{path} is of chapter {chapter!r}, but this version has {', '.join(known)}")
        report = check_notebook(path, {exercise.id: exercise.version for exercise in registry.exercises(chapter)})
    except (NotebookError, registry.ChapterError) as error:
        raise WrongUseError(str(error)) from None
    if chosen.json:
        _report(report.to_dict())
    else:
        for line in _told(report):
            _say(line)
    return FINE if report.passed else FELL_SHORT


def _told(report: Any) -> list[str]:
    from mmlearn_edu.checks.messages import say

    lines = [f"{report.notebook}  ({report.chapter})"]
    for exercise, status in report.exercises.items():
        words = report.messages.get(exercise, "").splitlines()
        why = f"{say('colon')}{words[0]}" if words and status not in ("passed", "not attempted") else ""
        found = say(f"status-{status.replace(' ', '-')}")
        lines.append(f"  {_MARKS.get(status, '?')} {exercise}{say('colon')}{found}{why}")
    explained = {lean.cell for lean in report.leans}
    errors = [e for e in report.errors if not (e.cell in explained and e.error.startswith("NameError"))]
    lines += [f"  {say('report-cell', place=error.place, error=error.error)}" for error in errors]
    lines += [f"  {lean.words}" for lean in report.leans]
    lines += [f"  {say('report-lost', name=name)}" for name in report.lost]
    if report.kernel_died:
        lines.append(f"  {say('report-died')}")
    n_passed = sum(status == "passed" for status in report.exercises.values())
    return [*lines, say("report-count", passed=n_passed, total=len(report.exercises))]


def _reset(chosen: argparse.Namespace) -> int:
    from mmlearn_edu import workspace

    try:
        for line in workspace.reset(workspace.locate(chosen.folder), chosen.chapter, chosen.exercise):
            _say(line)
    except workspace.WorkspaceError as error:
        raise WrongUseError(str(error)) from None
    return FINE


def _data(chosen: argparse.Namespace) -> int:
    from mmlearn_edu import datasets

    try:
        shipped, downloads = datasets.list_datasets(), datasets.list_downloads()
    except datasets.CorruptDatasetError as error:
        _say(f"mmlearn-edu: {error}", error=True)
        return FELL_SHORT
    if chosen.name is not None and chosen.name not in shipped | downloads:
        raise WrongUseError(f"there is no dataset {chosen.name!r}; {nearest(chosen.name, shipped | downloads)}")
    if chosen.data_home is not None and chosen.what != "fetch":
        raise WrongUseError("--data-home is where `mmlearn-edu data fetch` puts a download; leave it out")
    return {"list": _data_list, "verify": _data_verify, "fetch": _data_fetch}[chosen.what](chosen, shipped, downloads)


def _data_list(chosen: argparse.Namespace, shipped: dict[str, str], downloads: dict[str, str]) -> int:
    if chosen.name is not None:
        shipped, downloads = ({k: v for k, v in found.items() if k == chosen.name} for found in (shipped, downloads))
    if chosen.json:
        return _report({"datasets": shipped, "downloads": downloads})
    for name, summary in shipped.items():
        _say(f"{name:<18} {summary}")
    if downloads:
        _say("To be had by `mmlearn-edu data fetch NAME`:")
    for name, summary in downloads.items():
        _say(f"{name:<18} {summary}")
    return FINE


def _data_verify(chosen: argparse.Namespace, shipped: dict[str, str], downloads: dict[str, str]) -> int:
    if chosen.name in downloads:
        words = f"`mmlearn-edu data fetch {chosen.name}` compares it with its published checksum"
        raise WrongUseError(f"{chosen.name!r} is not shipped but fetched; {words}")
    problems = {name: _problem(name) for name in ([chosen.name] if chosen.name else shipped)}
    if chosen.json:
        _report({"ok": not any(problems.values()), "problems": problems})
    else:
        for name, words in problems.items():
            _say(f"{name}: {words or 'every file is as shipped'}")
    return FELL_SHORT if any(problems.values()) else FINE


def _data_fetch(chosen: argparse.Namespace, shipped: dict[str, str], downloads: dict[str, str]) -> int:
    from mmlearn_edu import datasets

    if chosen.name is None:
        raise WrongUseError(f"say what to fetch: {', '.join(downloads)}")
    if chosen.name in shipped:
        raise WrongUseError(f"{chosen.name!r} is shipped, there is nothing to fetch; {', '.join(downloads)} can be")
    path, problem = None, None
    try:
        path = str(datasets.fetch_file(chosen.name, chosen.data_home))
    except datasets.DatasetUnavailable as error:
        problem = str(error)
    if chosen.json:
        _report({"ok": problem is None, "name": chosen.name, "path": path, "problem": problem})
    else:
        _say(f"{chosen.name}: {problem or f'{path} is the published file'}")
    return FELL_SHORT if problem else FINE


def _problem(dataset: str) -> str | None:
    from mmlearn_edu import datasets

    try:
        datasets.verify(dataset)
    except datasets.CorruptDatasetError as error:
        return str(error)
    return None


def _doctor(chosen: argparse.Namespace) -> int:
    from mmlearn_edu import doctor

    report = doctor.examine()
    if chosen.json:
        _report(report.to_dict())
    else:
        _say(report.to_text())
    return FINE if report.ok else FELL_SHORT


def _build(chosen: argparse.Namespace) -> int:
    from mmlearn_edu import authoring

    try:
        if chosen.check:
            found = authoring.stale(chosen.chapters)
            for line in found or ["every notebook is up to date"]:
                _say(line)
            return FELL_SHORT if found else FINE
        built = authoring.write(chosen.chapters, execute=chosen.execute)
    except (authoring.SourceError, LookupError) as error:
        raise WrongUseError(error.args[0]) from None
    for name in built.written:
        _say(f"wrote notebooks/{name}")
    for line in [*built.notes, *built.problems]:
        _say(line)
    if not built.written and not built.problems and not built.notes:
        _say("every notebook was up to date")
    return FELL_SHORT if built.problems else FINE


def _exercises(chosen: argparse.Namespace) -> int:
    from mmlearn_edu import authoring
    from mmlearn_edu.checks.messages import say

    try:
        if chosen.what == "try":
            return _try(chosen)
        for path in authoring.begin(Path(chosen.folder)):
            _say(say("new-written", path=path))
    except authoring.SourceError as error:
        raise WrongUseError(str(error)) from None
    _say(say("new-next", folder=_quoted(chosen.folder)))
    return FINE


def _quoted(path: str) -> str:
    """Return a path as it is typed in a shell of any system."""
    return f'"{path}"' if " " in path else path


def _try(chosen: argparse.Namespace) -> int:
    from mmlearn_edu import authoring
    from mmlearn_edu.checks import registry

    try:
        with registry.folder(chosen.folder) as slugs:
            found = [authoring.try_chapter(slug) for slug in slugs]
    except registry.FolderError as error:
        if not chosen.json:
            raise WrongUseError(str(error)) from None
        _report({"passed": False, "problems": str(error).splitlines(), "chapters": []})
        return WRONG_USE
    passed = all(tried.passed for tried in found)
    if chosen.json:
        _report({"passed": passed, "problems": [], "chapters": [tried.to_dict() for tried in found]})
    else:
        for line in (line for tried in found for line in tried.lines(_quoted(chosen.folder))):
            _say(line)
    return FINE if passed else FELL_SHORT


def _hand_out(chosen: argparse.Namespace) -> int:
    from mmlearn_edu import authoring
    from mmlearn_edu.checks import registry
    from mmlearn_edu.checks.messages import say

    try:
        with registry.folder(chosen.exercises):
            data = authoring.hand_out(chosen.chapter)
    except (ValueError, LookupError, registry.FolderError) as error:  # a SourceError is a ValueError
        raise WrongUseError(str(error)) from None
    name = f"{chosen.chapter}.ipynb"
    path = Path(chosen.out or name)
    path = path / name if path.is_dir() else path if path.suffix == ".ipynb" else path.with_name(f"{path.name}.ipynb")
    if path.exists():
        if path.read_bytes() != data:
            raise WrongUseError(say("hand-out-exists", path=path))
        _say(say("hand-out-same", path=path))
        return FINE
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(data)
    _say(say("hand-out-written", path=path))
    return FINE


# ------------------------------------------------------------------------------------------------------------- parsing


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say what is wrong and how the command is used; unknown names get a suggestion."""
        self.print_usage(sys.stderr)
        self.exit(WRONG_USE, f"{self.prog}: {message}\n")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            raise argparse.ArgumentError(None, f"there is no {value!r} here; {nearest(str(value), action.choices)}")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="mmlearn-edu", description="A workbook of multimodal learning: notebooks, checks, helpers.")
    parser.epilog = "MMLEARN_LANG=zh: checks, hints and messages in Chinese (otherwise the system's language chooses)."
    parser.add_argument("--version", action="version", version=f"mmlearn-edu {__version__}")
    verbs = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser)

    start = _verb(verbs, "start", _start, "copy the notebooks into a folder of yours and open JupyterLab there")
    _in_folder(start, positional=True)
    start.add_argument("--no-browser", action="store_true", help="only print the address")
    start.add_argument("--port", type=_port, help="this port and no other (default: the first free one)")
    start.add_argument("--copy-only", action="store_true", help="copy or update the notebooks, open nothing")
    start.epilog = "What follows a lone -- goes to JupyterLab as it is."

    _reporting(_verb(verbs, "list", _list, "list the chapters"))
    progress = _reporting(_verb(verbs, "progress", _progress, "show what is done and what comes next"))
    _in_folder(progress, positional=True)
    progress.add_argument(
        "--html", metavar="FILE", nargs="?", const="", help="write it as a page (default: progress.html in your folder)"
    )

    check = _reporting(_verb(verbs, "check", _check, "run a notebook from top to bottom and judge every exercise"))
    check.add_argument("notebook", metavar="NOTEBOOK")

    _add_grade(verbs)

    export = _verb(verbs, "export", _export, "write a notebook as a page that works offline, or a chapter for a grader")
    what = "a file, exported as it stands, or a chapter of your folder, such as 08-pca; for a grader a chapter"
    export.add_argument("notebook", metavar="NOTEBOOK", help=what)
    formats = "html (the default): a page; nbgrader, otter, gradescope: a folder for that grader"
    export.add_argument("--to", metavar="FORMAT", default="html", help=formats)
    where = "where to write it (default for a page: beside the notebook); a grader's folder must be new or empty"
    export.add_argument("place", metavar="OUT", nargs="?", help=where)
    export.add_argument("--out", metavar="OUT", help="the same")
    _in_folder(export, positional=False)
    seed = "a whole number that the inputs are drawn from when it is graded (default: 0)"
    export.add_argument("--seed", metavar="N", type=_seed, default=0, help=seed)
    export.add_argument("--exercises", metavar="FOLDER", help="exercises of your own, of which CHAPTER is one")
    export.epilog = "Nothing is run for a page: it shows the outputs that the notebook was saved with."

    reset = _verb(verbs, "reset", _reset, "put a chapter, or one exercise, back to its start; your work is kept beside")
    reset.add_argument("chapter", metavar="CHAPTER")
    reset.add_argument("exercise", metavar="EXERCISE", nargs="?")
    _in_folder(reset, positional=False)

    data = _reporting(_verb(verbs, "data", _data, "list the datasets, verify those we ship, or fetch another"))
    data.add_argument("what", choices=["list", "verify", "fetch"])
    data.add_argument("name", metavar="DATASET", nargs="?")
    data.add_argument("--data-home", metavar="DIR", help="where to keep what is fetched (default: your cache folder)")

    _reporting(_verb(verbs, "doctor", _doctor, "say what this machine has, what is missing, and what to do"))

    hand_out = _verb(verbs, "hand-out", _hand_out, "(for teachers) write the notebook of a chapter for a class")
    hand_out.add_argument("chapter", metavar="CHAPTER", help="such as 08-pca, or the id of a chapter of your own")
    hand_out.add_argument(
        "--exercises", metavar="FOLDER", help="your own exercises: no hint, solution or check goes out"
    )
    hand_out.add_argument("--out", metavar="FILE", help="where to write it (default: CHAPTER.ipynb, here)")

    words = "(for teachers) exercises of your own: a folder to begin with, and what is wrong in it"
    exercises = _reporting(_verb(verbs, "exercises", _exercises, words))
    exercises.add_argument("what", choices=["new", "try"])
    exercises.add_argument("folder", metavar="FOLDER")

    build = _verb(verbs, "build", _build, "(for authors) make the notebooks from notebooks/source")
    build.add_argument("chapters", metavar="CHAPTER", nargs="*")
    how = build.add_mutually_exclusive_group()
    how.add_argument("--check", action="store_true", help="change and run nothing; fail if a notebook is stale")
    how.add_argument("--execute", action="store_true", help="run the solution notebooks and keep what they print")
    return parser


def _add_grade(verbs: Any) -> None:
    grade = _reporting(_verb(verbs, "grade", _grade, "(for teachers) grade what a class handed in, in a sandbox"))
    grade.add_argument("paths", metavar="FILES_OR_FOLDERS", nargs="*", help="notebooks, folders, zips in any mix")
    grade.add_argument("--chapter", metavar="CHAPTER", help="which one was handed in, such as 08-pca")
    grade.add_argument("--out", metavar="RESULTS", help="a new folder for the results and reports")
    grade.add_argument("--seed", type=_seed, metavar="N", help="draw inputs from it (default: drawn, and written down)")
    grade.add_argument("--jobs", type=_jobs, metavar="N", help="how many at a time (default: one for each core)")
    grade.add_argument("--resume", action="store_true", help="go on with the run in RESULTS; what is done is kept")
    grade.add_argument(
        "--isolation",
        metavar="LEVEL",
        help="bubblewrap, namespaces or processes, and no weaker one (default: the best)",
    )
    grade.add_argument("--exercises", metavar="FOLDER", help="exercises of your own")
    grade.add_argument("--show-isolation", action="store_true", help="say what this machine offers, and grade nothing")
    grade.epilog = "Exit status: 0 every file got a row, 1 some did not or the grader gave up on one, 2 wrong use."


def _verb(verbs: Any, name: str, run: Callable[[argparse.Namespace], int], words: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = verbs.add_parser(name, help=words, description=words[0].upper() + words[1:] + ".")
    parser.set_defaults(run=run)
    return parser


def _reporting(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("--json", action="store_true", help="print JSON, for programs")
    return parser


def _in_folder(parser: argparse.ArgumentParser, positional: bool) -> None:
    words = "your folder (default: the one you are in, or ./workspace)"
    if positional:
        parser.add_argument("folder", metavar="DIR", nargs="?", help=words)
    else:
        parser.add_argument("--folder", metavar="DIR", help=words)


def _chosen(given: list[str]) -> argparse.Namespace:
    """Parse; Python 3.11 takes an OUT that follows an option for a word too many."""
    parser = _parser()
    chosen, more = parser.parse_known_args(given)
    if len(more) == 1 and not more[0].startswith("-") and getattr(chosen, "place", "") is None:
        chosen.place, more = more[0], []
    if more:
        parser.error(f"unrecognized arguments: {' '.join(more)}")
    return chosen


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no seed; give a whole number, 0 or more")
    return int(text)


def _jobs(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes; give a whole number, 1 or more")
    return int(text)


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; give a number from 1 to 65535")
    return int(text)


def _split(given: list[str]) -> tuple[list[str], list[str]]:
    """Separate what is ours from what follows a lone ``--``."""
    cut = given.index("--") if "--" in given else len(given)
    return given[:cut], given[cut + 1 :]


# -------------------------------------------------------------------------------------------------------------- saying


def _say(text: str, error: bool = False) -> None:
    """Print, also where the terminal cannot show every character."""
    stream = sys.stderr if error else sys.stdout
    coding = stream.encoding or "utf-8"
    stream.write(text.encode(coding, "replace").decode(coding) + "\n")
    stream.flush()


def _report(facts: Mapping[str, Any]) -> int:
    _say(json.dumps(facts, ensure_ascii=False, indent=1))
    return FINE


def _about(error: OSError) -> str:
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or error}; look at the folder's permissions and the space left on the disk"
