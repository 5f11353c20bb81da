/** On which processor the figures of `media` were made, and which ones this installation could ask for. */
import { createRequire } from 'node:module'
import { ACCELERATOR_NAMES, type Accelerator } from '../src/contracts/accelerator.ts'
import { ffmpeg, loadFfmpeg } from '../src/formats/media/ffmpeg/ffmpeg.ts'
import { ownAccelerator } from '../src/host/decoder/own-accelerator.ts'

/** @param name empty: the main processor @throws UsageError where this host has no such device */
export function acceleratorNamed(name: string): Accelerator | null {
  if (name === '') return null
  const known = ACCELERATOR_NAMES.find((one) => one === name)
  if (known === undefined) throw new Error(`accelerator= takes ${ACCELERATOR_NAMES.join(', ')}`)
  return ownAccelerator(known)
}

export async function classLine(accelerator: Accelerator | null): Promise<string> {
  const { listSupportedBackends } = await import('onnxruntime-node')
  const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string }
  const providers = listSupportedBackends().map(({ name, bundled }) =>
    bundled ? name : `${name} (not bundled)`,
  )
  await loadFfmpeg()
  const library = ffmpeg()
  const devices =
    'missing' in library
      ? ['none']
      : library.av.HardwareDeviceContext.iterateTypes().map((type) =>
          library.av.HardwareDeviceContext.getTypeName(type),
        )
  const processor = accelerator === null ? 'main processor' : `${accelerator.name}, ${accelerator.device}`
  return `Class: ${processor}. ONNX Runtime ${version} knows ${providers.join(', ')}; FFmpeg knows ${devices.join(', ')}`
}
