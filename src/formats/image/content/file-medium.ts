/** A file as a medium, by its descriptor; this module opens no file. */
import { readSync } from 'node:fs'
import type { Medium } from '../../../contracts/image.ts'
import { DamageLog } from './damage-log.ts'

/** Errors of the descriptor or of its use: the image may be whole. */
const OURS: ReadonlySet<string> = new Set(['EINVAL', 'EBADF', 'EFAULT', 'EISDIR', 'ESPIPE'])

/**
 * @param fd open for reading; stays open
 * @param sizeBytes size of the file when it was opened. An earlier end, or a failed read, is damage (`cut`,
 *   `read-error`).
 * @throws where the descriptor cannot be read in this way, which is no fault of the image
 */
export function fileMedium(fd: number, sizeBytes: number): Medium {
  const log = new DamageLog()
  return {
    sizeBytes,
    readInto(target, offset) {
      const wanted = Math.max(0, Math.min(target.length, sizeBytes - offset))
      let got = 0
      let cause = 'cut'
      while (got < wanted) {
        try {
          const read = readSync(fd, target, got, wanted - got, offset + got)
          if (read === 0) break
          got += read
        } catch (error) {
          if (!(error instanceof Error) || !('code' in error) || OURS.has(String(error.code))) throw error
          cause = 'read-error'
          break
        }
      }
      if (got < wanted) {
        target.subarray(got, wanted).fill(0)
        log.add({ offset: offset + got, length: wanted - got, kind: 'damaged', cause })
      }
      return wanted
    },
    damageIn: (offset, length) => log.within(offset, length),
  }
}
