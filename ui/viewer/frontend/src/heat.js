// Colours of the heatmap: those of fracture_core/overlay.py. Cold parts stay the radiograph.
const STOPS = [0, 0.35, 0.7, 1];
const COLOURS = [
  [88, 24, 69],
  [199, 62, 29],
  [255, 153, 20],
  [255, 236, 160],
];

function colourOf(heat) {
  const at = Math.max(1, STOPS.findIndex((stop) => heat <= stop));
  const part = (heat - STOPS[at - 1]) / (STOPS[at] - STOPS[at - 1]);
  return COLOURS[at].map((end, i) => COLOURS[at - 1][i] + part * (end - COLOURS[at - 1][i]));
}

export function paintHeat(canvas, { width, height, data }) {
  canvas.width = width;
  canvas.height = height;
  const table = Array.from({ length: 256 }, (_, heat) => colourOf(heat / 255));
  const image = new ImageData(width, height);
  for (let i = 0; i < data.length; i++) {
    image.data.set(table[data[i]], 4 * i);
    image.data[4 * i + 3] = data[i];
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}
