"""The public data sets that can be fetched, and under what terms they are published."""

from pydantic import BaseModel, ConfigDict

from fracture_core.base import DatasetError


class KnownDataset(BaseModel):
    """Where a data set is published.

    Attributes:
        name: of its folder, and what it is called from then on.
        page: for a person with a browser.
        figshare_article: its number at figshare, if it is published there.
        kaggle_handle: its handle at Kaggle, if it is published there.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    title: str
    page: str
    licence: str
    citation: str
    figshare_article: int | None = None
    kaggle_handle: str | None = None

    @property
    def remedy(self) -> str:
        """What a person can do where fetching fails."""
        return f"Or download it in a browser from {self.page}, and give the zip to --data."


KNOWN_DATASETS = {
    "fracatlas": KnownDataset(
        name="FracAtlas",
        title="FracAtlas: 4,083 radiographs of hand, leg, hip and shoulder with marked fractures",
        page="https://doi.org/10.6084/m9.figshare.22363012",
        licence="CC BY 4.0",
        citation=(
            "Abedeen, I. et al. FracAtlas: A Dataset for Fracture Classification, Localization and Segmentation "
            "of Musculoskeletal Radiographs. Scientific Data 10, 521 (2023). doi 10.1038/s41597-023-02432-4"
        ),
        figshare_article=22363012,
    ),
    "kaggle": KnownDataset(
        name="paper",
        title="Fracture detection using x-ray images: the paper's set, some 190 radiographs in 9,463 turned copies",
        page="https://www.kaggle.com/datasets/devbatrax/fracture-detection-using-x-ray-images",
        licence="none stated",
        citation="devbatrax. Fracture detection using x-ray images. Kaggle.",
        kaggle_handle="devbatrax/fracture-detection-using-x-ray-images",
    ),
}


def find_known_dataset(key: str) -> KnownDataset:
    """Return the set of a key.

    Raises:
        DatasetError: there is none; names those there are.
    """
    if key not in KNOWN_DATASETS:
        raise DatasetError(f"'{key}' is no data set that can be fetched.", f"There are: {', '.join(KNOWN_DATASETS)}.")
    return KNOWN_DATASETS[key]
