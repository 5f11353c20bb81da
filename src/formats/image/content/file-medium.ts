/** A file as a medium, by descriptor: nothing here opens anything. */
import { readSync } from 'node:fs'
import type { Medium } from '../../../contracts/image.ts'
import { DamageLog } from './damage-log.ts'

/** What is wrong with the descriptor or with how it is read: the image may be whole. */
const OURS: ReadonlySet<string> = new Set(['EINVAL', 'EBADF', 'EFAULT', 'EISDIR', 'ESPIPE'])

/**
 * @param fd        open for reading; stays open
 * @param sizeBytes of the file when it was opened. A file that ends sooner, or a read that fails, is damage (`cut`, `read-error`).
 * @throws where the descriptor cannot be read so: that says nothing about the image
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
