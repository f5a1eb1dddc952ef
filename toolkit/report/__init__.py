"""Estimates become documents: notebooks with parameters, run, and kept as pages.

- `parameters`: what a notebook asks for, checked before a kernel starts;
- `kernels`: the running Python as a kernel, the same each time;
- `render`: one notebook, one report; `plan` and `batch`: many;
- `manifest`: where each report came from;
- `site`: the index page.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
