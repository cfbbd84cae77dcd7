// From what the server packed (ui/viewer/pixels.py) to numbers; a canvas would cut them to 8 bits.
const ARRAYS = { uint8: Uint8Array, uint16: Uint16Array, int16: Int16Array };

export async function fetchPixels({ address, kind, width, height }) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`The picture could not be loaded (${response.status}). Reload the page.`);
  const inflated = response.body.pipeThrough(new DecompressionStream("gzip"));
  const planes = new Uint8Array(await new Response(inflated).arrayBuffer());
  return { width, height, data: unpack(planes, new ARRAYS[kind](width * height), width) };
}

// Low bytes, then high bytes, of each value's difference to its left neighbour, folded to be positive.
function unpack(planes, values, width) {
  const isDeep = values.BYTES_PER_ELEMENT === 2;
  for (let i = 0, value = 0; i < values.length; i++) {
    const folded = isDeep ? planes[i] | (planes[values.length + i] << 8) : planes[i];
    const step = (folded >>> 1) ^ -(folded & 1);
    value = i % width ? value + step : step;
    values[i] = value; // a typed array wraps as the server did
  }
  return values;
}

// Of up to 200,000 values, without those at the very ends: collimated borders and burned-in marks are no anatomy.
export function samplePercentiles(values, shares) {
  const step = Math.max(1, Math.floor(values.length / 200_000));
  const sample = values.constructor.from({ length: Math.floor(values.length / step) }, (_, i) => values[i * step]).sort();
  const inside = sample.filter((value) => value > sample[0] && value < sample[sample.length - 1]);
  const counted = inside.length > 100 ? inside : sample;
  return shares.map((share) => counted[Math.min(counted.length - 1, Math.floor(share * counted.length))]);
}
