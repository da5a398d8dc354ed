"""Write the project from the living application; cookiecutter renders this file and runs it."""

import json
import sys
from pathlib import Path

# Cookiecutter would leave this rendered copy, with every answer, in the temporary folder.
Path(__file__).unlink()
ROOT = json.loads(r""" {{ template_root() | tojson }} """)
CONTEXT = json.loads(r""" {{ cookiecutter | tojson }} """)
sys.dont_write_bytecode = True
sys.path.insert(0, ROOT)

from flask_gatehouse.generate import post_gen  # noqa: E402 - found only from here on

sys.exit(post_gen(ROOT, CONTEXT))
