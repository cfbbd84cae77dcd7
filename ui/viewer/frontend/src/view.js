// How a picture lies on the screen: turned, mirrored, moved, enlarged. The same for WebGL and for the CPU.
export class View {
  constructor(viewport, widthMm, heightMm) {
    this.viewport = viewport;
    this.size = [widthMm, heightMm]; // "mm" here is the viewport's world: px of the file where no spacing is known
    this.rotation = 0; // degrees, clockwise, after mirroring
    this.isFlipped = false;
  }

  // Half the height that the screen shows when the whole picture fits.
  get fitScale() {
    const { clientWidth, clientHeight } = this.viewport.element;
    const [width, height] = this.rotation % 180 ? [...this.size].reverse() : this.size;
    return Math.max(height, (width * clientHeight) / Math.max(clientWidth, 1)) / 2;
  }

  get zoom() {
    return this.fitScale / this.viewport.getCamera().parallelScale;
  }

  // The point in the middle of the screen, as parts of the picture's width and height.
  get center() {
    const { focalPoint } = this.viewport.getCamera();
    return [focalPoint[0] / this.size[0], focalPoint[1] / this.size[1]];
  }

  show({ zoom = this.zoom, center = this.center } = {}) {
    const { focalPoint, position } = this.viewport.getCamera();
    const target = [center[0] * this.size[0], center[1] * this.size[1], focalPoint[2]];
    this.viewport.setCamera({
      parallelScale: this.fitScale / zoom,
      focalPoint: target,
      position: position?.map((value, i) => value + target[i] - focalPoint[i]),
    });
    this.viewport.render();
  }

  fit() {
    this.show({ zoom: 1, center: [0.5, 0.5] });
  }

  showActualSize() {
    this.show({ zoom: (this.zoom * 1) / this.scale });
  }

  turn(rotation, isFlipped, { zoom = this.zoom, center = this.center } = {}) {
    this.#lay(0, isFlipped);
    this.#lay(rotation, isFlipped);
    this.show({ zoom, center });
  }

  #lay(rotation, isFlipped) {
    if (this.isFlipped !== isFlipped) this.viewport.setCamera({ flipHorizontal: isFlipped });
    this.viewport.setViewPresentation({ ...this.viewport.getViewPresentation(), rotation });
    this.rotation = rotation;
    this.isFlipped = isFlipped;
  }

  // Where the picture's corners (0, 0), (1, 0) and (0, 1) lie, in CSS px of the pane.
  get corners() {
    const half = this.halfPixel ?? [0, 0];
    const at = (x, y) => this.viewport.worldToCanvas([x * this.size[0] - half[0], y * this.size[1] - half[1], 0]);
    return [at(0, 0), at(1, 0), at(0, 1)];
  }

  // Screen px to a px of what was sent.
  get scale() {
    const [origin, right] = this.corners;
    const length = Math.hypot(right[0] - origin[0], right[1] - origin[1]);
    return (length * (window.devicePixelRatio || 1)) / this.columns;
  }

  get words() {
    const parts = [];
    if (this.rotation) parts.push(`turned ${this.rotation}°`);
    if (this.isFlipped) parts.push("mirrored");
    return parts.join(", ");
  }
}
