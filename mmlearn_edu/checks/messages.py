"""Every sentence the checker says, under one id each."""

__all__ = ["MESSAGES", "say"]

MESSAGES = {
    # verdicts
    "passed": "Right.",
    "partly": "Partly right.",
    "failed": "Not right yet.",
    "not-attempted": "Not attempted yet.",
    "checker-problem": "The checker itself has a problem; this says nothing about your answer.",
    "count": "{passed} of {total} checks passed",
    "count-hidden": "{passed} of {total} visible checks passed; {hidden} more run at grading",
    "start-here": "Replace every `...` in the cell, run it again, and ask for a hint with hint({id!r}).",
    "start-mend": "Mend the code in the cell, run it again, and ask for a hint with hint({id!r}).",
    "start-widget": "Do the widget's task first, then run this cell again; hint({id!r}) gives a hint.",
    "choose": "Choose one of these and write its letter in place of `...`:",
    "blank-left": "There is still a `...` to replace in your code.",
    "hint-next": "Stuck? hint({id!r}) gives a hint ({level} of {levels}).",
    "hints-done": "You have seen every hint. solution({id!r}) shows one way to write it.",
    "printed": "Your code printed:",
    # wrong kinds
    "none": "Your answer is None: nothing came back. A function must end with `return` and a value.",
    "none-value": "Your answer is None. Give it the value that the task asks for.",
    "type": "Your answer is {actual}, but {expected} was expected.",
    "opaque": "Your answer is {actual}, which cannot be compared; return {expected}.",
    "shape": "Your answer has shape {actual}, but {expected} was expected.",
    "shape-transposed": "Your answer has shape {actual}, the transpose of {expected}: rows and columns are swapped.",
    "length": "Your answer holds {actual} values, but {expected} were expected.",
    "dtype": "Your answer holds {actual}, but {expected} was expected.",
    "nan": "Your answer holds {count} NaN (not a number), where a number was expected. Did something divide by zero?",
    "infinite": "Your answer holds {count} infinite values. Did something divide by zero?",
    "keys-missing": "Your answer lacks the key {key!r}.",
    "blank-value": "Still a `...`.",
    "too-large": "Your answer is too large to be checked: {detail}.",
    # values
    "values": "The values differ: {wrong} of {total} are not equal to what was expected.",
    "value": "Your answer is {actual}, and that is not it.",
    "sign": "The values differ, even if every {what} may change its sign.",
    "rotation": "The values differ, even if all rows together may be turned and mirrored.",
    "seeds": "Your answer holds {actual} values; one per seed is expected, for {fewest} seeds or more.",
    "seedless": "Your answer is {value} for every seed: does each run get a seed of its own?",
    "mean": "Over the seeds your values average {actual}; expected is about {expected}, farther away than luck goes.",
    "neighbours": "Of the {k} nearest neighbours of a sample, {actual:.0%} are near it in your answer too; "
    "expected are {expected:.0%} or more (by chance: {chance:.0%}).",
    "text": "The texts differ first at character {place}: yours reads {actual!r}, expected is {expected!r}.",
    "dense": "Your answer is {actual}, with all its zeros; {expected} was expected, which keeps the others only.",
    "sparse": "{wrong} entries differ, first in row {row}, column {column}; "
    "yours has {yours} entries that are not 0, expected are {expected}.",
    # torch modules
    "trial-builds": "shapes",
    "trial-computes": "with given weights",
    "trial-learns": "training",
    "trial-steady": "in eval mode",
    "module-type": "Calling your answer gives {actual}; a torch.nn.Module was expected. Write "
    "`class ...(nn.Module)` and begin its `__init__` with `super().__init__()`.",
    "module-shape": "From inputs of shape {inputs} your module makes shape {actual}, but {expected} was expected.",
    "module-parameters": "Your module learns {actual} numbers, the task's learns {expected}. "
    "Look at the widths of the layers, and at which have a bias.",
    "module-weights": "The weights have other shapes than the task's, or another order.",
    "module-output": "With the same weights in it, your module computes something else.",
    "module-unreached": "No gradient reaches {names}. Is it used in `forward`, without `detach()` or `no_grad()`?",
    "module-unmoved": "Training leaves {names} as they were, although a gradient reaches them.",
    "module-no-loss": "With seed {seed} the loss on rows held out did not fall: {before} before training, "
    "{after} after.",
    "module-loss": "After training the loss on rows held out is {actual} (median of {seeds} seeds); about {expected} "
    "is expected.",
    "module-pca": "After training the error on rows held out is {actual}; a PCA with {width} numbers reaches {pca}. "
    "A network should do better than a straight line through the data.",
    "module-twice": "In eval mode the same input gives two outputs. Dropout has to be a `nn.Dropout` of the module, "
    "or get `training=self.training`: then `eval()` switches it off.",
    "module-alone": "In eval mode a row gets another output when it comes alone: "
    "the rows of a batch must not look at each other.",
    # figures
    "figure-none": "Nothing was drawn: there are no axes in what your function returned.",
    "figure-axes": "Your figure has {actual} axes, but {expected} were expected.",
    "figure-data": "Your figure does not show {name} as expected.",
    "figure-swapped": "{name}: what belongs on the x-axis is on the y-axis.",
    "figure-image": "Your figure shows pictures of shape {actual}; one of shape {expected} with "
    "the expected numbers is missing.",
    "figure-label": "The {axis}-axis has no label: a reader cannot know what it shows.",
    "figure-unit": "The label of the {axis}-axis, {actual!r}, lacks the unit: write ({unit}) after the name.",
    "figure-legend": "Your legend has {actual} entries, but {expected} were expected: give each series a `label=` and "
    "call `legend()`.",
    "figure-contrast": "{name} can hardly be seen: its contrast with the background is {actual:.1f} to 1; "
    "take a colour with {expected:g} to 1 or more.",
    "figure-alt": 'The figure has no alt text for those who cannot see it: `ax.alt_text = "..."` says what it shows.',
    "labels": "The grouping differs: {wrong} of {total} samples are in another group, whatever the groups are called.",
    "ranking": "The order differs first at place {place}: you have {actual}, expected is {expected}.",
    "constant": "Your answer is the same for every input.",
    "changed-input": "Your function changes its input. Work on a copy: the caller still needs the original.",
    # calls
    "raised": "Your function raised {kind}: {text}",
    "raised-at": "Your function raised {kind}: {text}\n  in the line: {line}",
    "no-error": "Your function returned a value, but it must raise {expected} here.",
    "returned-error": "You return the {expected}. Write `raise {expected}(...)`: a returned error stops nobody.",
    "wrong-error": "Your function raised {kind}, but it must raise {expected} here.",
    "error-words": "Your {kind} says {text!r}; a reader also needs the words: {words}.",
    "hung": "Your function was stopped: it did not return within {seconds:g} s. Is there a loop that never ends?",
    "skipped": "Not run, because an earlier call had to be stopped.",
    "died": "Your function ended the Python process ({how}). It ran in a copy, so nothing of yours is lost.",
    "not-callable": "Pass your function itself: check({id!r}, {name}). You passed {actual}.",
    "called": "You passed what the function returned. Leave the brackets away: check({id!r}, {name}).",
    "uses-library": "This is right only because {name} does the work. Here the point is to write it yourself.",
    # laws
    "law": "Your function breaks a rule: {name}.",
    "law-detail": "Your function breaks a rule: {name}. {detail}",
    "also": "The same happens with {labels}.",
    "your-answer": "your answer",
    "law-waits": "Waits until some values are right: {name}.",
    # the learner's loop
    "unknown-id": "there is no exercise {id!r}; did you mean {near}?",
    "in-place": "Your code ran in this process, guarded by a timer only: this system cannot copy a process safely.",
    "use-yours": "{name}: yours (it passes).",
    "use-reference": "{name}: the workbook's reference, because yours {why}.",
    "use-reference-again": "{name}: the workbook's reference, as before.",
    "no-progress-file": "Your progress cannot be written to {path} ({reason}); checks work all the same.",
    "newer-progress": "Some of your progress comes from a newer mmlearn-edu; it is kept, and not counted here.",
    "solution-unasked": "Try first, or ask hint({id!r}). To see it all the same: solution({id!r}, now=True)",
    "solution-title": "One way to write it, beside yours:",
    "reset-done": "A fresh stub is in the cell below; your old answer stays where it is.",
    "reset-text": "Copy this stub into your cell:",
    "no-source": "There is no Python source for {name}: it is {why}.",
}


def say(message_id: str, **values: object) -> str:
    """Return the sentence `message_id`, filled with `values`."""
    return MESSAGES[message_id].format(**values)
