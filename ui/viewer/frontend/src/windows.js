// The windows that can be chosen. A radiograph has no units, so all but the file's own come from its values.
import { samplePercentiles } from "./pixels.js";

export const PRESETS = [
  { name: "default", title: "Default window", words: "as the file states it", key: "1" },
  { name: "bone", title: "Bone", words: "contrast in the dense parts", key: "2" },
  { name: "soft", title: "Soft tissue", words: "contrast in the parts that are not dense", key: "3" },
  { name: "full", title: "Full range", words: "from the smallest to the largest value", key: "4" },
];

const SHARES = { bone: [0.45, 0.998], soft: [0.02, 0.75] }; // of the values, from air to metal

// Those that need a look at all values are found when they are first asked for, not before the picture shows.
export class Presets {
  #found = {};

  constructor(picture, values, range) {
    this.picture = picture;
    this.values = values;
    const toStored = (value) => (value - picture.intercept) / picture.slope;
    this.#found.default = { lower: toStored(picture.low), upper: toStored(picture.high) };
    this.#found.full = { lower: range.lower, upper: Math.max(range.upper, range.lower + 1) };
  }

  has(name) {
    return name in this.#found || name in SHARES;
  }

  get(name) {
    return (this.#found[name] ??= this.#between(SHARES[name]));
  }

  nameOf({ lower, upper }) {
    const isNear = ([, preset]) => Math.abs(preset.lower - lower) + Math.abs(preset.upper - upper) < 1e-3 * (upper - lower);
    return Object.entries(this.#found).find(isNear)?.[0];
  }

  #between(shares) {
    const wanted = this.picture.inverted ? shares.map((share) => 1 - share).reverse() : shares;
    const [lower, upper] = samplePercentiles(this.values, wanted);
    return { lower, upper: Math.max(upper, lower + 1) };
  }
}

// Centre and width as a DICOM header states them (PS3.3 C.11.2.1.2.1).
export function wordWindow(picture, { lower, upper }) {
  const [low, high] = [lower, upper].map((value) => value * picture.slope + picture.intercept);
  const [center, width] = [(low + high + 1) / 2, high - low + 1];
  return `C ${Math.round(center)}  W ${Math.round(width)}`;
}
