"""From what rays crossed to an image: exposure, tone, blur, grain, collimation and the marker that says it is drawn."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

MARKER_TEXT = "DRAWN PHANTOM"


@dataclass(frozen=True)
class Technique:
    """How one image was taken. Drawn without regard to whether a bone is broken.

    Attributes:
        exposure: scale of the attenuation; higher is whiter.
        gamma: tone; below 1 is brighter.
        fog: brightness of air.
        falloff: darkening of the corners, and its tilt along columns and rows.
        blur_px: standard deviation of the blur.
        grain: standard deviation of the noise, in brightness.
        collimation: share of the image covered on each of its sides.
        collimation_slope: how far the collimator is turned, as a slope.
    """

    exposure: float
    gamma: float
    fog: float
    falloff: tuple[float, float, float]
    blur_px: float
    grain: float
    collimation: tuple[float, float, float, float]
    collimation_slope: float


def choose_technique(rng: np.random.Generator, exposure: float, size_px: int) -> Technique:
    """Return how one image is taken, by chance.

    Args:
        rng: source of chance; the order of its draws is part of a phantom.
        exposure: what is usual for the region, as a scale of the attenuation.
        size_px: length of the longer side; a larger image is blurred over more px.
    """
    covered = rng.uniform(0.008, 0.045, 4) * (rng.random(4) < 0.6)
    left, top, right, bottom = covered.tolist()
    return Technique(
        exposure=exposure * rng.uniform(0.85, 1.2),
        gamma=rng.uniform(0.85, 1.2),
        fog=rng.uniform(0.02, 0.07),
        falloff=(rng.uniform(0.02, 0.16), rng.normal(0.0, 0.04), rng.normal(0.0, 0.04)),
        blur_px=rng.uniform(0.45, 0.75) * (size_px / 512) ** 0.5,
        grain=rng.uniform(0.008, 0.02),
        collimation=(left, top, right, bottom),
        collimation_slope=rng.normal(0.0, 0.008),
    )


def expose(attenuation: np.ndarray, technique: Technique, rng: np.random.Generator) -> np.ndarray:
    """Return the image of an attenuation.

    Args:
        attenuation: ``(H, W)`` float32, unitless; 0 is air, 1 is thin bone in flesh.
        technique: how the image is taken.
        rng: source of the grain.

    Returns:
        ``(H, W)`` float32 in [0, 1]; white is bone.
    """
    sharp = blur(attenuation, technique.blur_px)
    signal = technique.fog + (1.0 - technique.fog) * (1.0 - np.exp(-technique.exposure * sharp))
    pixels = signal**technique.gamma * _falloff(signal.shape, technique.falloff)
    pixels = pixels + technique.grain * make_grain(signal.shape, rng) * (0.6 + 0.8 * signal)
    shown: np.ndarray = np.clip(pixels * _collimate(signal.shape, technique), 0.0, 1.0).astype(np.float32)
    return shown


def blur(image: np.ndarray, sigma_px: float) -> np.ndarray:
    """Blur ``(H, W)`` with a small Gaussian."""
    radius = max(1, round(2.5 * sigma_px))
    weights = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma_px) ** 2)
    weights = (weights / weights.sum()).astype(np.float32)
    for axis in (0, 1):
        padded = np.pad(image, [(radius, radius) if a == axis else (0, 0) for a in (0, 1)], mode="edge")
        shifted = np.lib.stride_tricks.sliding_window_view(padded, 2 * radius + 1, axis)
        image = sum(shifted[..., k] * weight for k, weight in enumerate(weights))
    return image


def make_grain(shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Return ``(H, W)`` float32 noise of unit deviation, in which neighbours are a little alike."""
    white = rng.standard_normal((shape[0] + 1, shape[1] + 1), dtype=np.float32)
    mixed = white[:-1, :-1] + 0.45 * white[1:, :-1] + 0.45 * white[:-1, 1:] + 0.2 * white[1:, 1:]
    grain: np.ndarray = mixed / np.float32(1.2)
    return grain


def make_mottle(shape: tuple[int, int], cell_px: float, rng: np.random.Generator) -> np.ndarray:
    """Return ``(H, W)`` float32 smooth noise of about unit deviation whose spots are ``cell_px`` wide."""
    height, width = shape
    coarse = rng.standard_normal((round(height / cell_px) + 2, round(width / cell_px) + 2), dtype=np.float32)
    return np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)) * np.float32(1.5)


def _falloff(shape: tuple[int, int], falloff: tuple[float, float, float]) -> np.ndarray:
    corner, along_columns, along_rows = (np.float32(share) for share in falloff)
    down = np.linspace(-1, 1, shape[0], dtype=np.float32)[:, None]
    right = np.linspace(-1, 1, shape[1], dtype=np.float32)[None, :]
    light: np.ndarray = 1.0 - corner * 0.5 * (down**2 + right**2) + along_columns * right + along_rows * down
    return light


def _collimate(shape: tuple[int, int], technique: Technique) -> np.ndarray:
    """Return ``(H, W)`` shares of light that the lead blades let through."""
    passed = np.ones(shape, dtype=np.float32)
    for quarter_turns, cover in enumerate(technique.collimation):
        if cover:
            turned = np.rot90(passed, quarter_turns)  # a view, with the blade on its left
            edge_px = cover * turned.shape[1] + technique.collimation_slope * np.arange(turned.shape[0])[:, None]
            strip = turned[:, : int(edge_px.max()) + 3]
            strip *= np.clip((np.arange(strip.shape[1]) - edge_px) / 1.5, 0.04, 1.0)
    return passed


def stamp_marker(pixels: np.ndarray, side: str, flesh_mm: np.ndarray) -> None:
    """Write the lead letter of the side, and that this is drawn, into the corner with the least flesh.

    Args:
        pixels: ``(H, W)`` float32, changed in place.
        side: "L" or "R".
        flesh_mm: ``(h, w)`` flesh on each ray, on a coarser grid.
    """
    marker = _marker(side, max(pixels.shape))
    inset_px = round(0.055 * max(pixels.shape))
    rows, columns = (
        (slice(inset_px, inset_px + length), slice(total - inset_px - length, total - inset_px))
        for total, length in zip(pixels.shape, marker.shape, strict=True)
    )
    scale = flesh_mm.shape[0] / pixels.shape[0]
    corner = min(((r, c) for r in rows for c in columns), key=lambda rc: _sum_within(flesh_mm, rc, scale))
    np.maximum(pixels[corner], marker, out=pixels[corner])


def _sum_within(image: np.ndarray, corner: tuple[slice, slice], scale: float) -> float:
    rows, columns = (slice(int(span.start * scale), int(span.stop * scale) + 1) for span in corner)
    return float(image[rows, columns].sum())


@lru_cache(maxsize=16)
def _marker(side: str, size_px: int) -> np.ndarray:
    """Return the marker as ``(h, w)`` float32 brightness."""
    letter_px, note_px = max(10.0, size_px * 0.062), max(6.0, size_px * 0.021)
    canvas = Image.new("L", (size_px // 2, size_px // 2))
    draw = ImageDraw.Draw(canvas)
    draw.text((2, 2), side, fill=240, font=ImageFont.load_default(size=letter_px), anchor="lt")
    place, note = (2, 2 + letter_px * 0.72 + note_px * 0.5), MARKER_TEXT.replace(" ", "\n")
    draw.multiline_text(place, note, fill=200, font=ImageFont.load_default(size=note_px), spacing=note_px * 0.2)
    return np.asarray(canvas.crop(canvas.getbbox()), dtype=np.float32) / 255.0
