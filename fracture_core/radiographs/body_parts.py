"""From a body part, as a DICOM header or a person names it, to the region that a test set knows it by."""

from dataclasses import dataclass

# What FracAtlas's regions hold, as seen in its radiographs: "hand" reaches up to the elbow, "leg" up to the knee.
_COVERED = {
    "hand": ("hand", "finger", "thumb", "wrist", "forearm", "elbow"),
    "leg": ("knee", "lower leg", "ankle", "foot", "heel", "toe"),
    "hip": ("hip",),
    "shoulder": ("shoulder",),
}
# Body Part Examined (PS3.16 Annex L) and what it is often written as instead.
_WORDS = {
    "FINGERS": "finger",
    "WRISTS": "wrist",
    "HANDS": "hand",
    "ULNA": "forearm",
    "RADIUS": "forearm",
    "RADIUSULNA": "forearm",
    "SCAPHOID": "wrist",
    "CARPUS": "wrist",
    "LEG": "lower leg",
    "LOWERLEG": "lower leg",
    "CALF": "lower leg",
    "TIBIA": "lower leg",
    "FIBULA": "lower leg",
    "TIBIAFIBULA": "lower leg",
    "TIBFIB": "lower leg",
    "PATELLA": "knee",
    "KNEES": "knee",
    "FEET": "foot",
    "TOES": "toe",
    "CALCANEUS": "heel",
    "HIPS": "hip",
    "JAW": "jaw",
    "UPPERARM": "upper arm",
    "HUMERUS": "upper arm",
    "THIGH": "thigh",
    "FEMUR": "thigh",
}
# Said of too much to be measured.
_VAGUE = frozenset(
    {
        "extremity",
        "upper extremity",
        "lower extremity",
        "limb",
        "upper limb",
        "lower limb",
        "arm",
        "body",
        "bone",
        "skeleton",
        "whole body",
        "wholebody",
        "unknown",
        "other",
        "misc",
    }
)


@dataclass(frozen=True)
class BodyPart:
    """A body part.

    Attributes:
        word: in plain words, such as "ankle"; empty where it is not known.
        region: the test set's region that covers it, such as "leg"; empty where none does.
    """

    word: str = ""
    region: str = ""

    @property
    def is_wider(self) -> bool:
        """Return whether the region holds other body parts too."""
        return bool(self.region) and _COVERED.get(self.region, (self.word,)) != (self.word,)

    @property
    def is_vague(self) -> bool:
        """Return whether the word leaves open what is shown."""
        return self.word in _VAGUE


def find_body_part(name: str) -> BodyPart:
    """Return the body part of a DICOM code such as ``"ANKLE"`` or of a person's word such as ``"lower leg"``."""
    plain = " ".join(name.replace("_", " ").split()).lower().removesuffix(" joint")[:40]
    if not plain or not any(letter.isalpha() for letter in plain):
        return BodyPart()
    word = _WORDS.get(plain.replace(" ", "").upper(), plain)
    return BodyPart(word, next((region for region, parts in _COVERED.items() if word in parts), ""))


def list_known_body_parts() -> list[str]:
    """Return the body parts that a test set may know, in plain words, from the shoulder down."""
    arm, leg = _COVERED["hand"], _COVERED["leg"]
    return ["shoulder", "upper arm", *reversed(arm), "hip", "thigh", *leg]


def word_covered_parts(region: str) -> str:
    """Return what a region covers, such as "knee, lower leg, ankle, foot, heel and toe"."""
    parts = _COVERED.get(region, (region,))
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
