"""How the site is built: `make docs` writes it to docs/_build/html, warnings being errors."""

from importlib.metadata import version as installed_version
from pathlib import Path

project = "Regional technology finance toolkit"
author = "The toolkit's authors"
version = release = installed_version("regional-techfinance-toolkit")
language = "en"

extensions = [
    "matplotlib.sphinxext.plot_directive",
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx_copybutton",
    "sphinx-mathjax-offline",
]
exclude_patterns = ["_build", "_templates"]
templates_path = ["_templates"]

autosummary_generate = True
autodoc_typehints = "none"
autodoc_preserve_defaults = True
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False

myst_enable_extensions = ["colon_fence", "dollarmath"]
myst_heading_anchors = 3

# The gallery draws from the shipped data, from the project's own folder.
plot_working_directory = str(Path(__file__).parent.parent)
plot_formats = [("svg", 100)]
plot_html_show_formats = False
plot_html_show_source_link = False
plot_include_source = True

copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True

html_theme = "furo"
html_title = project
