"""Places to codes of GB/T 2260: 湖南, Hunan, 湘, 430000, 长沙市岳麓区麓谷大道1号."""

from toolkit.clean.regions.names import provinces, region_names
from toolkit.clean.regions.parse import parse_regions, read_regions

__all__ = ["parse_regions", "provinces", "read_regions", "region_names"]
