// Stands in for xmlbuilder2, with which vtk.js writes files: a viewer writes none, and it needs parts of Node.
export const create = () => {
  throw new Error("Not part of this viewer.");
};
export default { create };
