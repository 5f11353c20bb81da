/** The hashes of a list for one hasher of an agency, as one array, with the category of each. */
import type { ModelUse } from '../../contracts/case.ts'
import { ALTERNATIVE } from './algorithms.ts'
import { packedHash } from './alternative-hashes.ts'
import type { LoadedSet } from './loaded-set.ts'
import type { ListedAs } from './pdq-records.ts'
import { interpret } from './scale.ts'

export interface HasherRecords {
  readonly hashSet: string
  readonly hashSetSha256: string
  readonly edition: string | null
  readonly hasher: ModelUse & Required<Pick<ModelUse, 'hasher'>>
  /** Gathers them: for a compiled list a pass over its file, so it is put off until something is to be compared. */
  load(): HasherHashes
}

export interface HasherHashes {
  /** n × `hashBytes` bytes. */
  readonly hashes: Uint8Array
  record(index: number): ListedAs
}

/** @param models of the plan @returns one for each hasher of a list that holds alternative hashes */
export function hasherRecordsOf(set: LoadedSet, models: readonly ModelUse[]): readonly HasherRecords[] {
  if ((set.source.present & ALTERNATIVE.bit) === 0) return []
  const { name, sha256, edition } = set.info
  return models.flatMap((use) => {
    const { hasher } = use
    if (hasher === undefined) return []
    const named = { ...use, hasher }
    return [{ hashSet: name, hashSetSha256: sha256, edition, hasher: named, load: () => gather(set, hasher) }]
  })
}

/** Names and sizes of the hashes that a list must be read for, when the plan names hashers. */
export function alternativesOf(models: readonly ModelUse[]): ReadonlyMap<string, number> {
  return new Map(
    models.flatMap(({ hasher }) =>
      hasher ? [[hasher.listField.toLowerCase(), hasher.hashBytes] as const] : [],
    ),
  )
}

/** A hash of another size than the card states does not belong to this hasher. */
function gather(
  { info, scale, source }: LoadedSet,
  { listField, hashBytes }: Required<ModelUse>['hasher'],
): HasherHashes {
  const most = source.counted(ALTERNATIVE)
  const places = new Float64Array(most)
  const categoryOf = new Uint16Array(most)
  const categories: (string | null)[] = []
  const numbers = new Map<string | null, number>()
  const at = (ALTERNATIVE.at + ALTERNATIVE.bytes) / 4 - 2
  let count = 0
  // First their places, then the hashes: reading a hash moves the buffer of the rows.
  source.each(ALTERNATIVE, (wide, category) => {
    let number = numbers.get(category)
    if (number === undefined) numbers.set(category, (number = categories.push(category) - 1))
    categoryOf[count] = number
    places[count++] = wide[at]! + wide[at + 1]! * 0x1_0000_0000
  })
  const hashes = new Uint8Array(count * hashBytes)
  const name = listField.toLowerCase()
  let kept = 0
  for (let i = 0; i < count; i++) {
    const packed = source.alternatives(places[i]! % 0x1_0000_0000, Math.floor(places[i]! / 0x1_0000_0000))
    const hash = packedHash(packed, name, hashBytes)
    if (hash === null) continue
    hashes.set(hash, kept * hashBytes)
    categoryOf[kept++] = categoryOf[i]!
  }
  return {
    hashes: hashes.subarray(0, kept * hashBytes),
    record: (index) => {
      const category = categories[categoryOf[index]!]!
      const meant =
        info.meaning === null ? interpret(scale, category) : { meaning: info.meaning, categoryLabel: null }
      return { category, scale: info.scale, ...meant }
    },
  }
}
