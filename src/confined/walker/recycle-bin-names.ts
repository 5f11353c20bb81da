/**
 * Original names of deleted files on a mount, from `$I` files of a Windows recycle bin. The `$I` file is read when the
 * walk visits its `$R` file. Entries below a deleted folder get their names from the folder's name.
 */
import { type ByteString, bytesOf } from '../../base/byte-string.ts'
import { attribute } from '../../contracts/attribute.ts'
import type { OriginalPath } from '../../contracts/content-place.ts'
import type { WalkedEntry } from '../../contracts/ledger.ts'
import { belowIt, inBin, RECYCLE_RECORD_BYTES, recycleRecord } from '../../formats/stores/recycle-record.ts'
import { readCompanion } from '../../mounts/read-companion.ts'

const MOST_FOLDERS = 50_000

export class RecycleBinNames {
  readonly #isReadOnly: boolean
  readonly #folders = new Map<string, OriginalPath>()

  /** @param isReadOnly the mount is read-only: reading changes no access time */
  constructor(isReadOnly: boolean) {
    this.#isReadOnly = isReadOnly
  }

  /** Cheap test for every path: whether it can be in a recycle bin. */
  static mayBe(path: ByteString): boolean {
    return path.includes('/$R')
  }

  /** @param reach returns the prefix for names in the same folder */
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

  #read(reach: () => ByteString, rest: ByteString): OriginalPath | null {
    const bytes = readCompanion(bytesOf(`${reach()}$I${rest}`), this.#isReadOnly, RECYCLE_RECORD_BYTES.most)
    return bytes && recycleRecord(bytes)
  }
}
