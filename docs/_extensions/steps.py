"""Steps in the browser as a numbered list: each line of the block is a sentence to do.

The same lines are done in a real browser by the tests of the template, so a page cannot promise
what does not happen.
"""

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

# Where a picture of the page is taken, which is nothing that a reader does.
UNSEEN = "Picture "
WORDS = re.compile(r'"(?P<label>[^"]*)"|(?P<address>http://\S+)')


class Steps(SphinxDirective):
    """A numbered list of what to do and what is to be seen."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Make an item of each line."""
        lines = [line.strip() for line in self.content if line.strip()]
        steps = [self._step(line) for line in lines if not line.startswith(UNSEEN)]
        return [nodes.enumerated_list("", *steps, enumtype="arabic", prefix="", suffix=".")]

    def _step(self, line: str) -> nodes.list_item:
        sentence, at = nodes.paragraph(), 0
        for found in WORDS.finditer(line):
            sentence += nodes.Text(line[at : found.start()])
            if found["address"]:
                sentence += nodes.literal("", found["address"])
            else:  # as it is to be typed, without quotation marks and dots made beautiful
                sentence += nodes.strong("", found["label"], support_smartquotes=False)
            at = found.end()
        sentence += nodes.Text(line[at:])
        return nodes.list_item("", sentence)


def setup(app: Sphinx) -> dict[str, bool]:
    """Give the directive its name."""
    app.add_directive("steps", Steps)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
