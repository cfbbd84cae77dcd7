// The windows that can be chosen. A radiograph has no units, so all but the file's own come from its values.
import { findRange, samplePercentiles } from "./pixels.js";

export const PRESETS = [
  { name: "default", title: "Default window", words: "as the file states it", key: "1" },
  { name: "bone", title: "Bone", words: "contrast in the dense parts", key: "2" },
  { name: "soft", title: "Soft tissue", words: "contrast in the parts that are not dense", key: "3" },
  { name: "full", title: "Full range", words: "from the smallest to the largest value", key: "4" },
];

const SHARES = { bone: [0.45, 0.998], soft: [0.02, 0.75] }; // of the values, from air to metal

export function buildPresets(picture, values) {
  const shares = (name) => (picture.inverted ? SHARES[name].map((share) => 1 - share).reverse() : SHARES[name]);
  const between = (name) => {
    const [lower, upper] = samplePercentiles(values, shares(name));
    return { lower, upper: upper > lower ? upper : lower + 1 };
  };
  const toStored = (value) => (value - picture.intercept) / picture.slope;
  return {
    default: { lower: toStored(picture.low), upper: toStored(picture.high) },
    bone: between("bone"),
    soft: between("soft"),
    full: findRange(values),
  };
}

// Centre and width as a DICOM header states them (PS3.3 C.11.2.1.2.1).
export function wordWindow(picture, { lower, upper }) {
  const [low, high] = [lower, upper].map((value) => value * picture.slope + picture.intercept);
  const [center, width] = [(low + high + 1) / 2, high - low + 1];
  return `C ${Math.round(center)}  W ${Math.round(width)}`;
}
