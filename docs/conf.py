"""The site: Markdown pages in French, guides and reference in English, executed notebooks. Built by ``make docs``."""

import sys
from pathlib import Path

import latex2mathml.converter
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

import reseau_territorial

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tools"))

project = "reseau_territorial"
author = "reseau_territorial developers"
project_copyright = author
release = reseau_territorial.__version__
language = "fr"
smartquotes = False  # code words stay as they are typed

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "myst_nb",
    "sphinx_design",
    "sphinx_copybutton",
]
exclude_patterns = ["_build", "metrics/README.md"]
templates_path = ["_templates"]
nitpicky = True

autodoc_typehints = "none"
autosummary_ignore_module_all = False
numpydoc_show_class_members = False
numpydoc_xref_param_type = False

myst_enable_extensions = ["colon_fence", "dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "cache"
nb_execution_timeout = 300
nb_execution_raise_on_error = True
nb_merge_streams = True
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
copybutton_exclude = ".linenos, .gp, .go"

html_theme = "pydata_sphinx_theme"
html_title = "reseau_territorial"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_extra_path = ["_generated/pages"]
html_show_sourcelink = False
html_copy_source = False
html_math_renderer = "mathml"
html_theme_options = {
    "logo": {"text": "reseau_territorial"},
    "navbar_align": "left",
    "header_links_before_dropdown": 6,
    "header_dropdown_text": "Plus",
    "show_prev_next": False,
    "show_toc_level": 2,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "back_to_top_button": False,
}
WITHOUT_SECTIONS = ("index", "demarrage", "guichet", "questions", "carte-controles", "memoire", "_generated/glossaire")
html_sidebars = {page: [] for page in WITHOUT_SECTIONS}


def show_math(translator: HTML5Translator, node: nodes.math | nodes.math_block) -> None:
    """Write a formula as MathML, which browsers draw by themselves: no script, no network."""
    display = "block" if isinstance(node, nodes.math_block) else "inline"
    translator.body.append(latex2mathml.converter.convert(node.astext(), display=display))
    raise nodes.SkipNode


def write_pages(_app: Sphinx, _config: object) -> None:
    """Write the pages that come from the code."""
    import build_docs_pages

    build_docs_pages.build()


def setup(app: Sphinx) -> None:
    """Plug in the formulas and the pages."""
    app.add_html_math_renderer("mathml", (show_math, None), (show_math, None))
    app.connect("config-inited", write_pages)
