/**
 * Names that files of a mount had before they were thrown away, as `$I` files of a recycle bin of Windows say. The one beside a `$R`
 * is read when the walk looks at the `$R`; what lies below a folder gets its name from the folder's.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { type ByteString, bytesOf } from '../../base/byte-string.ts'
import { errnoOf } from '../../base/errno.ts'
import { attribute } from '../../contracts/attribute.ts'
import type { OriginalPath } from '../../contracts/content-place.ts'
import type { WalkedEntry } from '../../contracts/ledger.ts'
import { belowIt, inBin, THROWN_AWAY_BYTES, thrownAway } from '../thrown-away.ts'

const MOST_FOLDERS = 50_000
const OPEN = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

export class ThrownAwayNames {
  readonly #isReadOnly: boolean
  readonly #folders = new Map<string, OriginalPath>()

  /** @param isReadOnly reading changes no access time, whoever reads */
  constructor(isReadOnly: boolean) {
    this.#isReadOnly = isReadOnly
  }

  /** Cheap, for every path: whether it is worth a look. */
  static mayBe(path: ByteString): boolean {
    return path.includes('/$R')
  }

  /** @param reach what to write before a name of the same folder */
  of(walked: WalkedEntry, path: ByteString, reach: () => ByteString): WalkedEntry {
    const names = path.split('/')
    const bin = inBin(names.map(bytesOf))
    if (bin?.letter !== 'R') return walked
    const thrown =
      bin.below.length > 0 ? this.#folders.get(bin.key) : this.#read(reach, names.at(-1)!.slice(2))
    if (!thrown) return walked
    if (bin.below.length === 0 && walked.entry.kind === 'directory' && this.#folders.size < MOST_FOLDERS)
      this.#folders.set(bin.key, thrown)
    const named = attribute('original-path', { ...belowIt(thrown, bin.below) })
    return { ...walked, named: [...(walked.named ?? []), named] }
  }

  /** One that is not there, or cannot be read without a trace, says nothing: its own entry tells what became of it. */
  #read(reach: () => ByteString, rest: ByteString): OriginalPath | null {
    let fd: number
    try {
      fd = this.#open(bytesOf(`${reach()}$I${rest}`))
    } catch (error) {
      // Throws what is no answer of a file system.
      errnoOf(error)
      return null
    }
    try {
      const stats = fstatSync(fd)
      if (!stats.isFile() || stats.size > THROWN_AWAY_BYTES.most) return null
      const bytes = Buffer.alloc(stats.size)
      const got = readSync(fd, bytes, 0, bytes.length, 0)
      return thrownAway(bytes.subarray(0, got))
    } catch (error) {
      // Throws what is no answer of a file system.
      errnoOf(error)
      return null
    } finally {
      closeSync(fd)
    }
  }

  #open(at: Buffer): number {
    try {
      return openSync(at, OPEN | constants.O_NOATIME)
    } catch (error) {
      if (errnoOf(error) !== 'EPERM' || !this.#isReadOnly) throw error
      return openSync(at, OPEN)
    }
  }
}
