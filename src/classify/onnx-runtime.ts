/**
 * ONNX Runtime, loaded when the first session is made: its native library costs 60 ms at start, and a run that only
 * compares digests never needs it.
 */
import './no-telemetry.ts'

export type OnnxRuntime = typeof import('onnxruntime-node')

export function onnxRuntime(): Promise<OnnxRuntime> {
  return import('onnxruntime-node')
}
