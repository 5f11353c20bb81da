/**
 * Where the times of an entry come from, as one text: `source/resolution/zone` of modified, changed, accessed and born, `-`
 * for an absent one, joined by commas; written once when all the present times share it.
 */
import type { EntryTimes, FileTime } from '../contracts/entry.ts'

/** Null when there is no time at all. */
export function timeBasis({ modified, changed, accessed, born }: EntryTimes): string | null {
  const first = modified ?? changed ?? accessed ?? born
  if (first === null) return null
  const shared = (time: FileTime | null) => time === null || sameBasis(time, first)
  if (shared(modified) && shared(changed) && shared(accessed) && shared(born)) return basisText(first)
  return [modified, changed, accessed, born].map((time) => (time ? basisText(time) : '-')).join(',')
}

/** The times again. @param ns of each time in its order, null for an absent one */
export function timesOf(
  basis: string | null,
  [modified, changed, accessed, born]: readonly [bigint | null, bigint | null, bigint | null, bigint | null],
): EntryTimes {
  const bases = basesOf(basis ?? '')
  const time = (ns: bigint | null, index: number): FileTime | null => {
    if (ns === null) return null
    const { source, resolution, zone } = bases[index] ?? bases[0]!
    return { ns, source, resolution, zone }
  }
  return {
    modified: time(modified, 0),
    changed: time(changed, 1),
    accessed: time(accessed, 2),
    born: time(born, 3),
  }
}

type Basis = Omit<FileTime, 'ns'>

// A file system has one or two.
const known = new Map<string, readonly Basis[]>()
const MOST_KNOWN = 64

function basesOf(text: string): readonly Basis[] {
  const seen = known.get(text)
  if (seen) return seen
  const bases = text.split(',').map((one) => {
    const [source, resolution, zone] = one.split('/')
    return { source, resolution, zone } as Basis
  })
  if (known.size < MOST_KNOWN) known.set(text, bases)
  return bases
}

function sameBasis(a: FileTime, b: FileTime): boolean {
  return a.source === b.source && a.resolution === b.resolution && a.zone === b.zone
}

function basisText(time: FileTime): string {
  return `${time.source}/${time.resolution}/${time.zone}`
}
