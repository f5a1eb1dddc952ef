"""An executed notebook as one HTML page that needs nothing but itself.

- `cells`: cells and their outputs as parts of a page;
- `markup`: headings in order, tables that say what heads them, nothing from a network;
- `environment`: the templates.
"""

from toolkit.report.page.build import Page, build_page, prepare_pages
from toolkit.report.page.environment import templates

__all__ = ["Page", "build_page", "prepare_pages", "templates"]
