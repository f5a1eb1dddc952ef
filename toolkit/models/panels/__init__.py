"""Arrays: panels of units and periods. Knows no column name."""

from toolkit.models.panels.bootstrap import WildBootstrap, wild_cluster_bootstrap
from toolkit.models.panels.covariance import (
    clustered,
    conley,
    driscoll_kraay,
    great_circle,
    group_sums,
    heteroskedastic,
    leverage_adjusted,
    newey_west,
    usual_lags,
)
from toolkit.models.panels.dependence import CrossSectionDependence, pesaran_cd
from toolkit.models.panels.effects import absorb, absorbed_rank, codes_of, dummies, is_nested
from toolkit.models.panels.fit import PanelFit, within_fit
from toolkit.models.panels.language import Inference, Layout, Vcov, inference, parse_vcov

__all__ = [
    "CrossSectionDependence",
    "Inference",
    "Layout",
    "PanelFit",
    "Vcov",
    "WildBootstrap",
    "absorb",
    "absorbed_rank",
    "clustered",
    "codes_of",
    "conley",
    "driscoll_kraay",
    "dummies",
    "great_circle",
    "group_sums",
    "heteroskedastic",
    "inference",
    "is_nested",
    "leverage_adjusted",
    "newey_west",
    "parse_vcov",
    "pesaran_cd",
    "usual_lags",
    "wild_cluster_bootstrap",
    "within_fit",
]
