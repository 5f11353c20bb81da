/** Gives FFmpeg bytes by callback, at random access. FFmpeg receives no path and opens no protocol. */
import type * as Av from 'node-av/lib'
import type { ByteSource } from '../../bytes/byte-source.ts'
import type { Ffmpeg } from './ffmpeg.ts'

/** A container that was opened, and the bytes it reads. Its callbacks keep a process alive until they are freed, after the container. */
export interface OpenedInput {
  readonly container: Av.FormatContext
  readonly io: Av.IOContext
}

const IO_BUFFER = 64 * 1024

export function byteCallbacks({ av, constants }: Ffmpeg, source: ByteSource): Av.IOContext {
  const io = new av.IOContext()
  let at = 0
  io.allocContextWithCallbacks(
    IO_BUFFER,
    0,
    (length) => {
      const bytes = source.read(at, length)
      at += bytes.length
      return bytes.length === 0 ? constants.AVERROR_EOF : bytes
    },
    null,
    (offset, whence) => {
      if (whence === constants.AVSEEK_SIZE) return BigInt(source.sizeBytes)
      const from =
        whence === constants.AVSEEK_CUR ? at : whence === constants.AVSEEK_END ? source.sizeBytes : 0
      const to = from + Number(offset)
      if (!Number.isSafeInteger(to) || to < 0) return -1n
      at = to
      return BigInt(at)
    },
  )
  return io
}
