/**
 * Names that files had before they were thrown away: `$I` files of a recycle bin of Windows say of the `$R` beside them where it
 * lay, and when it was deleted.
 *
 * Either may come first, so what lies in a recycle bin is held back to the end of its volume; no more than fits into memory.
 * There are two versions: 1 (Vista to 8.1) with a path of fixed room, and 2 (10 and later).
 */
import type { OriginalPath } from '../../../contracts/content-place.ts'
import type { Medium, VolumeEntry } from '../../../contracts/image.ts'
import { contentOf } from '../../../image/content/content.ts'

const MOST_HELD = 50_000
/** Header and a path of 32,767 characters. */
const MOST_BYTES = 28 + 2 * 32_767
/** 100 ns from 1601 to 1970. */
const UNIX_EPOCH = 116_444_736_000_000_000n
const FIXED_PATH = 24
const COUNTED_PATH = 28

export function* withThrownAwayNames(
  entries: Iterable<VolumeEntry>,
  volume: Medium,
): Generator<VolumeEntry, void, undefined> {
  const held: { readonly entry: VolumeEntry; readonly bin: InBin }[] = []
  const names = new Map<string, OriginalPath>()
  for (const entry of entries) {
    const bin = inBin(entry.path)
    if (bin?.letter === 'I' && entry.stream === null) {
      const name = nameIn(entry, volume)
      // Live ones come first, and stand against those that were deleted.
      if (name !== null && !names.has(bin.key)) names.set(bin.key, name)
    }
    if (bin?.letter === 'R' && held.length < MOST_HELD) held.push({ entry, bin })
    else yield entry
  }
  for (const { entry, bin } of held) {
    const name = names.get(bin.key)
    yield name === undefined
      ? entry
      : { ...entry, originalPath: { ...name, path: [name.path, ...bin.below].join('\\') } }
  }
}

interface InBin {
  readonly letter: 'I' | 'R'
  /** The folder of one account, and what `$I` and `$R` have in common. */
  readonly key: string
  /** Names inside a folder that was thrown away. */
  readonly below: readonly string[]
}

function inBin(path: readonly Buffer[]): InBin | null {
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

function nameIn({ place, sizeBytes }: VolumeEntry, volume: Medium): OriginalPath | null {
  if (place.kind === 'none' || sizeBytes < COUNTED_PATH || sizeBytes > MOST_BYTES) return null
  const bytes = Buffer.alloc(sizeBytes)
  contentOf(volume, place, sizeBytes).readInto(bytes, 0)
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
