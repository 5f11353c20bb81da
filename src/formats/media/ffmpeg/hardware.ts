/** A device on which FFmpeg decodes video, for a process of a scan with an accelerator; frames come back into memory. */
import type { FFHWDeviceType } from 'node-av/constants'
import type * as Av from 'node-av/lib'
import { ACCELERATORS, type AcceleratorName } from '../../../contracts/accelerator.ts'
import { ffmpeg, ffmpegError } from './ffmpeg.ts'

let device: Av.HardwareDeviceContext | null = null

/** From now on videos are decoded there. @throws Error where FFmpeg cannot open such a device */
export function decodeVideosOn(accelerator: AcceleratorName): void {
  const library = ffmpeg()
  if ('missing' in library) throw new Error(library.missing)
  const { decoder } = ACCELERATORS[accelerator]
  const made = new library.av.HardwareDeviceContext()
  const opened = made.create(library.av.HardwareDeviceContext.findTypeByName(decoder as FFHWDeviceType))
  if (opened < 0)
    throw new Error(`FFmpeg cannot open a device for ${decoder}: ${ffmpegError(library, opened)}`)
  device = made
}

/** Before the decoder is opened. */
export function onDevice(decoder: Av.CodecContext): void {
  if (device !== null) decoder.hwDeviceCtx = device
}

/** @returns the frame itself where it lies in memory; else `into`, filled; null when it cannot be brought there */
export function inMemory(frame: Av.Frame, into: Av.Frame): Av.Frame | null {
  if (device === null || !frame.isHwFrame()) return frame
  const isFilled = frame.hwframeTransferDataSync(into) >= 0 && into.copyProps(frame) >= 0
  return isFilled ? into : null
}
