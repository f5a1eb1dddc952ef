"""Study data with a known truth, always labelled as simulated.

Designs draw fast and alone (``MagnetismDesign().draw(...)``, ``.truth()``), for coverage studies;
`simulate_study` draws a whole study, `write_study` writes it as messy bilingual exports with the
truth and an answer key beside them, `make_study` does both, and `messy_loans` writes loans by the
million.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
