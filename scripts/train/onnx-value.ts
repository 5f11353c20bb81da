/** Input or output of an ONNX graph. @param dims a name where the size is not fixed */
export function value(name: string, elemType: number, dims: readonly (number | string)[]) {
  const dim = dims.map((d) => (typeof d === 'number' ? { dimValue: d } : { dimParam: d }))
  return { name, type: { tensorType: { elemType, shape: { dim } } } }
}
