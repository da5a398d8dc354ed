"""Pictures in the reader's colours: beside `home-light.png` stands `home-dark.png`.

A page names the light one in plain Markdown, so it also shows where there is no Sphinx.
"""

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

LIGHT, DARK = "-light.png", "-dark.png"


class BothColours(SphinxTransform):
    """Put the dark picture beside the light one; the theme shows the one that suits."""

    default_priority = 500

    def apply(self) -> None:
        """Double each picture that there is in both colours."""
        for light in list(self.document.findall(nodes.image)):
            uri = light["uri"].removesuffix(LIGHT) + DARK
            _, beside = self.env.relfn2path(uri, self.env.docname)
            if light["uri"].endswith(LIGHT) and Path(beside).exists():
                dark = light.deepcopy()
                dark["uri"] = uri
                light["classes"].append("only-light")
                dark["classes"].append("only-dark")
                light.parent.insert(light.parent.index(light) + 1, dark)


def setup(app: Sphinx) -> dict[str, bool]:
    """Take the pictures in hand before Sphinx collects their files."""
    app.add_transform(BothColours)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
