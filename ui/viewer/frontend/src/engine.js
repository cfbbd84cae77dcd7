// Cornerstone3D, set up once a page. All viewers share one rendering engine, and so one WebGL context.
import {
  Enums,
  RenderingEngine,
  cache,
  getShouldUseCPURendering,
  imageLoader,
  init as initCore,
  metaData,
  utilities,
} from "@cornerstonejs/core";
import {
  LengthTool,
  PanTool,
  ToolGroupManager,
  Enums as ToolEnums,
  WindowLevelTool,
  ZoomTool,
  addTool,
  annotation,
  init as initTools,
} from "@cornerstonejs/tools";

const ENGINE = "fracture";
const TOOLS = [WindowLevelTool, PanTool, ZoomTool, LengthTool];
const known = new Map(); // image id -> its modules, and how many panes show it
let engine = null;
let users = 0;
let isReady = false;

export const TOOL = { window: "WindowLevel", pan: "Pan", zoom: "Zoom", measure: "Length" };

export function prepare() {
  if (isReady) return;
  isReady = true;
  utilities.logger.setLogLevel?.("warn");
  initCore({ rendering: { webGlContextCount: 1 } });
  initTools();
  TOOLS.forEach((tool) => addTool(tool));
  metaData.addProvider((type, imageId) => known.get(imageId)?.modules[type], 10_000);
  const blue = "rgb(94, 220, 255)";
  const active = "rgb(255, 200, 80)";
  const bright = "rgb(255, 255, 255)";
  annotation.config.style.setDefaultToolStyles({
    global: {
      ...annotation.config.style.getDefaultToolStyles().global,
      ...Object.fromEntries(["", "Highlighted", "Selected", "Locked"].map((state) => [`color${state}`, state ? active : blue])),
      ...Object.fromEntries(["", "Highlighted", "Selected", "Locked"].map((state) => [`textBoxColor${state}`, bright])),
      lineWidth: "2",
      textBoxFontSize: "15px",
      textBoxBackground: "rgba(0, 0, 0, 0.6)",
    },
  });
}

export function takeEngine() {
  prepare();
  users += 1;
  engine ??= new RenderingEngine(ENGINE);
  return engine;
}

export function leaveEngine() {
  users -= 1;
  if (users > 0) return;
  engine.destroy();
  engine = null;
}

export const rendersOnCpu = () => getShouldUseCPURendering();

export function keepImage(picture, pixels) {
  const imageId = `fracture:${picture.id}`;
  const entry = known.get(imageId);
  if (entry) {
    entry.users += 1;
    return imageId;
  }
  const { width, height, data } = pixels;
  const [rowSpacing, columnSpacing] = picture.spacing ?? [picture.shrink, picture.shrink];
  known.set(imageId, { users: 1, modules: describe(imageId, width, height, rowSpacing, columnSpacing) });
  const image = imageLoader.createAndCacheLocalImage(imageId, {
    scalarData: data,
    dimensions: [width, height],
    spacing: [columnSpacing, rowSpacing],
    frameOfReferenceUID: imageId,
  });
  // Without a window the library begins with one of no width, and with black and white in each other's place.
  image.windowCenter = (image.minPixelValue + image.maxPixelValue) / 2;
  image.windowWidth = Math.max(2, image.maxPixelValue - image.minPixelValue);
  return imageId;
}

export function releaseImage(imageId) {
  const entry = known.get(imageId);
  if (!entry || --entry.users > 0) return;
  known.delete(imageId);
  if (cache.getImageLoadObject(imageId)) cache.removeImageLoadObject(imageId, { force: true });
}

function describe(imageId, columns, rows, rowSpacing, columnSpacing) {
  return {
    generalSeriesModule: { modality: "DX" },
    imagePlaneModule: {
      frameOfReferenceUID: imageId,
      rows,
      columns,
      imageOrientationPatient: [1, 0, 0, 0, 1, 0],
      rowCosines: [1, 0, 0],
      columnCosines: [0, 1, 0],
      imagePositionPatient: [0, 0, 0],
      pixelSpacing: [rowSpacing, columnSpacing],
      rowPixelSpacing: rowSpacing,
      columnPixelSpacing: columnSpacing,
    },
  };
}

// One group of tools a pane, so that what it measures can say its own unit.
export function createTools(viewportId, getTextLines) {
  const group = ToolGroupManager.createToolGroup(`tools-${viewportId}`);
  TOOLS.forEach((tool) => group.addTool(tool.toolName, tool === LengthTool ? { getTextLines } : {}));
  group.addViewport(viewportId, ENGINE);
  return group;
}

export function destroyTools(viewportId) {
  ToolGroupManager.destroyToolGroup(`tools-${viewportId}`);
}

// What a drag with the first button or one finger does; the other buttons always zoom and pan.
export function chooseTool(group, name) {
  const { Primary, Secondary, Auxiliary, Wheel } = ToolEnums.MouseBindings;
  const bindings = {
    [TOOL.zoom]: [{ mouseButton: Secondary }, { mouseButton: Wheel }, { numTouchPoints: 2 }],
    [TOOL.pan]: [{ mouseButton: Auxiliary }],
    [TOOL.window]: [],
    [TOOL.measure]: [],
  };
  bindings[TOOL[name]].unshift({ mouseButton: Primary });
  for (const [tool, itsBindings] of Object.entries(bindings)) {
    group.setToolPassive(tool, { removeAllBindings: true });
    if (itsBindings.length) group.setToolActive(tool, { bindings: itsBindings });
  }
}

export function removeMeasurements(viewport, imageId, onlyLast = false) {
  const mine = annotation.state.getAllAnnotations().filter((one) => one.metadata.referencedImageId === imageId);
  (onlyLast ? mine.slice(-1) : mine).forEach((one) => annotation.state.removeAnnotation(one.annotationUID));
  if (mine.length) viewport.render();
}

export { Enums };
