/**
 * Reads the recycle bin of Windows: the location of a path in the bin, and the record in a `$I` file about its `$R`
 * file. Version 1 (Vista to 8.1) has a path field of fixed size, version 2 (10 and later) a path of stated length.
 */
import type { OriginalPath } from '../../contracts/content-place.ts'

/** Header and a path of 32,767 characters. */
export const RECYCLE_RECORD_BYTES = { least: 28, most: 28 + 2 * 32_767 } as const
/** 100 ns from 1601 to 1970. */
const UNIX_EPOCH = 116_444_736_000_000_000n
const FIXED_PATH = 24
const COUNTED_PATH = 28

export interface InBin {
  readonly letter: 'I' | 'R'
  /** The folder of one account, and the part of the name that `$I` and `$R` share. */
  readonly key: string
  /** Names inside a deleted folder. */
  readonly below: readonly string[]
}

/** @returns null outside the bin, and for other names in the bin */
export function inBin(path: readonly Buffer[]): InBin | null {
  const at = path.findIndex((name) => name.length === 12 && /^\$recycle\.bin$/i.test(name.toString('latin1')))
  const name = at === -1 ? undefined : path[at + 2]?.toString()
  const letter = /^\$([IR])./.exec(name ?? '')?.[1]
  if (name === undefined || (letter !== 'I' && letter !== 'R')) return null
  const account = path.slice(0, at + 2).map((part) => part.toString('latin1'))
  return {
    letter,
    key: [...account, name.slice(2)].join('/'),
    below: path.slice(at + 3).map((part) => part.toString()),
  }
}

/** An entry inside a deleted folder was also inside it before the deletion. */
export function belowIt(thrown: OriginalPath, below: readonly string[]): OriginalPath {
  return { ...thrown, path: [thrown.path, ...below].join('\\') }
}

/** @param bytes the complete `$I` file @returns null when the bytes are not a recycle bin record */
export function recycleRecord(bytes: Buffer): OriginalPath | null {
  if (bytes.length < RECYCLE_RECORD_BYTES.least || bytes.length > RECYCLE_RECORD_BYTES.most) return null
  const version = bytes.readBigUInt64LE(0)
  if (version !== 1n && version !== 2n) return null
  const from = version === 1n ? FIXED_PATH : COUNTED_PATH
  const end =
    version === 1n ? bytes.length : Math.min(bytes.length, from + 2 * bytes.readUInt32LE(FIXED_PATH))
  const path = bytes.toString('utf16le', from, from + ((end - from) & ~1)).replace(/\0.*$/s, '')
  if (path === '') return null
  const ms = Number((bytes.readBigUInt64LE(16) - UNIX_EPOCH) / 10_000n)
  const deleted =
    Number.isFinite(ms) && Math.abs(ms) <= 8.64e15 ? { deletedUtc: new Date(ms).toISOString() } : {}
  return { path, by: 'recycle-bin', ...deleted }
}
