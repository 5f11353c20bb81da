/** The PDQ hashes of a list as one array, with what the list says of each: what a near index is built of. */
import type { Meaning } from '../../contracts/hash-set.ts'
import { PDQ } from './algorithms.ts'
import type { LoadedSet } from './loaded-set.ts'
import { interpret } from './scale.ts'

export interface PdqRecords {
  readonly hashSet: string
  readonly hashSetSha256: string
  readonly edition: string | null
  /** `vpdq`: all of them are frames of one video. */
  readonly kind: 'pdq' | 'vpdq'
  /** n × 32 bytes, most significant first. */
  readonly hashes: Uint8Array
  /** By position in `hashes`. */
  record(index: number): {
    readonly category: string | null
    readonly scale: string | null
    readonly categoryLabel: string | null
    readonly meaning: Meaning
    /** Always null: records whose quality the list states as under 50 were rejected at import. */
    readonly quality: number | null
  }
}

/** @returns null when no record has a PDQ hash */
export function pdqRecordsOf({ info, scale, source }: LoadedSet): PdqRecords | null {
  if ((source.present & PDQ.bit) === 0) return null
  let hashes = new Uint8Array(1024 * PDQ.bytes)
  let count = 0
  const categories: (string | null)[] = []
  const numbers = new Map<string | null, number>()
  let categoryOf = new Uint16Array(1024)
  for (const { present, words, category } of source.candidates()) {
    if ((present & PDQ.bit) === 0) continue
    if (count === categoryOf.length) {
      hashes = grown(hashes, new Uint8Array(hashes.length * 2))
      categoryOf = grown(categoryOf, new Uint16Array(categoryOf.length * 2))
    }
    let number = numbers.get(category)
    if (number === undefined) {
      number = categories.push(category) - 1
      numbers.set(category, number)
    }
    hashes.set(new Uint8Array(words.buffer, words.byteOffset + PDQ.at, PDQ.bytes), count * PDQ.bytes)
    categoryOf[count++] = number
  }
  return {
    hashSet: info.name,
    hashSetSha256: info.sha256,
    edition: info.edition,
    kind: info.format === 'vpdq' ? 'vpdq' : 'pdq',
    hashes: hashes.subarray(0, count * PDQ.bytes),
    record: (index) => {
      const category = categories[categoryOf[index]!]!
      const meant =
        info.meaning === null ? interpret(scale, category) : { meaning: info.meaning, categoryLabel: null }
      return { category, scale: info.scale, ...meant, quality: null }
    },
  }
}

function grown<T extends Uint8Array | Uint16Array>(from: T, into: T): T {
  into.set(from)
  return into
}
