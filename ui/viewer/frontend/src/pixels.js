// From the server's PNG (8 or 16 bits a pixel) to numbers; a canvas would cut them to 8 bits.
import { decode } from "fast-png";

export async function fetchPixels(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`The picture could not be loaded (${response.status}). Reload the page.`);
  const { width, height, data } = decode(await response.arrayBuffer());
  return { width, height, data: data instanceof Uint16Array ? data : new Uint8Array(data) };
}

// Of up to 200,000 values, without those at the very ends: collimated borders and burned-in marks are no anatomy.
export function samplePercentiles(values, shares) {
  const step = Math.max(1, Math.floor(values.length / 200_000));
  const sample = [];
  for (let i = 0; i < values.length; i += step) sample.push(values[i]);
  sample.sort((a, b) => a - b);
  const inside = sample.filter((value) => value > sample[0] && value < sample[sample.length - 1]);
  const counted = inside.length > 100 ? inside : sample;
  return shares.map((share) => counted[Math.min(counted.length - 1, Math.floor(share * counted.length))]);
}

export function findRange(values) {
  let low = values[0];
  let high = values[0];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { lower: low, upper: high > low ? high : low + 1 };
}
