"""Where the provinces lie: one point each, for distances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from toolkit.errors import DataError
from toolkit.models.panels import great_circle

__all__ = ["CENTRES", "distances_between"]

CENTRES: dict[str, tuple[float, float]] = {
    "110000": (40.2, 116.4),
    "120000": (39.3, 117.3),
    "130000": (39.5, 116.1),
    "140000": (37.6, 112.3),
    "150000": (44.3, 114.1),
    "210000": (41.3, 122.6),
    "220000": (43.7, 126.2),
    "230000": (48.0, 127.7),
    "310000": (31.1, 121.4),
    "320000": (33.0, 119.5),
    "330000": (29.2, 120.1),
    "340000": (31.8, 117.2),
    "350000": (26.1, 118.0),
    "360000": (27.6, 115.7),
    "370000": (36.4, 118.2),
    "410000": (33.9, 113.6),
    "420000": (31.0, 112.3),
    "430000": (27.6, 111.7),
    "440000": (23.3, 113.4),
    "450000": (23.8, 108.8),
    "460000": (19.2, 109.8),
    "500000": (30.1, 107.9),
    "510000": (30.7, 102.7),
    "520000": (26.8, 106.9),
    "530000": (25.0, 101.5),
    "540000": (31.6, 88.4),
    "610000": (35.3, 108.9),
    "620000": (37.8, 101.0),
    "630000": (35.7, 96.0),
    "640000": (37.3, 106.2),
    "650000": (41.4, 85.3),
    "710000": (23.7, 121.0),
    "810000": (22.4, 114.1),
    "820000": (22.2, 113.6),
}
"""Latitude and longitude of the middle of each province, rounded to a tenth of a degree (11 km).

The published centroids of Alibaba's DataV.GeoAtlas, which has none of Hebei and Gansu: theirs are
read off to about a quarter of a degree. One point for a whole province is good for cutoffs of
hundreds of kilometres, not for less."""


def distances_between(
    regions: Sequence[str], *, centres: Mapping[str, tuple[float, float]] = CENTRES
) -> NDArray[np.float64]:
    """Return great-circle distances in kilometres between regions, shape (regions, regions).

    Parameters
    ----------
    regions : sequence of str
        Codes of GB/T 2260.
    centres : mapping of str to (latitude, longitude)
        In degrees; by default one point in the middle of each province.

    Raises
    ------
    DataError
        If a region has no place.

    Examples
    --------
    >>> distances_between(["430000", "420000"]).round(-1)
    array([[  0., 380.],
           [380.,   0.]])
    """
    lost = [region for region in regions if region not in centres]
    if lost:
        raise DataError(
            f"No place is known for the regions {', '.join(lost)}, so no distance. Pass centres= "
            "with the latitude and longitude of every region."
        )
    points = np.array([centres[region] for region in regions])
    return great_circle(points[:, 0], points[:, 1])
