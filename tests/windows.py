"""Windows of a browser, lent to one test after the other: a new one costs four times as much as emptying an old one."""

import json

__all__ = ["Windows"]


class Windows:
    """Windows of every size and kind that a file's tests ask for; `listen` attaches to a page what it complains of."""

    def __init__(self, chromium, listen):
        self.chromium, self.listen = chromium, listen
        self.free, self.contexts = {}, []

    def lend(self, complaints, **options):
        """Return an empty page, in a context of these options, that adds to `complaints`."""
        free = self.free.setdefault(json.dumps(options, sort_keys=True), [])
        page = free.pop() if free else self._open(options, free)
        page.complaints = complaints
        return page

    def _open(self, options, free):
        self.contexts.append(self.chromium.new_context(**options))
        page = self.contexts[-1].new_page()
        page.options, page.home = options, free
        self.listen(page)
        return page

    def take_back(self, page):
        """Leave the document, with all that still runs in it; what it complains of until then counts."""
        page.mouse.move(0, 0)
        page.goto("about:blank")
        if page.viewport_size != page.options["viewport"]:
            page.set_viewport_size(page.options["viewport"])
        if page.evaluate("matchMedia('print').matches"):
            page.emulate_media(media="null", color_scheme=page.options.get("color_scheme", "light"))
        page.home.append(page)

    def close(self):
        for context in self.contexts:
            context.close()
