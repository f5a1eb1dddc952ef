"""Clean regional financing data, fit models to it, report what they say.

The public names live in three wings and are loaded when first used:

- *clean*: text becomes values (``parse_amounts``, ``parse_regions``, ``clean_accounts`` …);
- *models*: values become estimates (``magnetism_ratio``, ``growth_multiple``,
  ``survival_curve`` …);
- *report*: estimates become documents (``render_report``, ``render_batch`` …).

``dir(toolkit)`` lists them all.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
