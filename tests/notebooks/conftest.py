"""A copy of the project's folders with everything that `make reports` makes before a report."""

import pytest

from tests.project import PROJECT, RAW
from toolkit.clean.pipelines import clean_all
from toolkit.simulate import make_study


@pytest.fixture(scope="session")
def project(tmp_path_factory):
    place = tmp_path_factory.mktemp("a project")
    clean_all(RAW, place / "data/processed")
    make_study(place / "data/processed/simulated", random_state=2024)
    (place / "data/raw").symlink_to(RAW)
    (place / "notebooks").mkdir()
    for path in (PROJECT / "notebooks").glob("*.ipynb"):
        (place / "notebooks" / path.name).write_bytes(path.read_bytes())
    return place
