/**
 * Processors beside the main one on which models and video decoders may run. Results of another processor may differ, so the plan names
 * it with its device: a class of its own, whose results never meet those of another class in one digest.
 */

/** By the name in a host's configuration: ONNX Runtime's provider, and FFmpeg's type of device. */
export const ACCELERATORS = {
  cuda: { provider: 'cuda', decoder: 'cuda' },
  openvino: { provider: 'openvino', decoder: 'vaapi' },
  directml: { provider: 'dml', decoder: 'd3d11va' },
} as const

export type AcceleratorName = keyof typeof ACCELERATORS

export const ACCELERATOR_NAMES = Object.keys(ACCELERATORS) as readonly AcceleratorName[]

export interface Accelerator {
  readonly name: AcceleratorName
  /** Model and driver, as the kernel names them. */
  readonly device: string
}
