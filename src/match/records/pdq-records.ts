/** The PDQ hashes of a list as one array, with the category of each, as the input of a near index. */
import type { Meaning } from '../../contracts/hash-set.ts'
import { type AlgorithmPlace, PDQ, VPDQ } from './algorithms.ts'
import type { LoadedSet } from './loaded-set.ts'
import { interpret } from './scale.ts'

/** Category and meaning of a record. */
export interface ListedAs {
  readonly category: string | null
  readonly scale: string | null
  readonly categoryLabel: string | null
  readonly meaning: Meaning
}

export interface PdqRecords {
  readonly hashSet: string
  readonly hashSetSha256: string
  readonly edition: string | null
  /** `vpdq`: they are frames of videos. */
  readonly kind: 'pdq' | 'vpdq'
  readonly count: number
  /** Gathers the hashes. For millions it takes seconds, so it is delayed until the first comparison. */
  load(): PdqHashes
}

export interface PdqHashes {
  /** n × 32 bytes, most significant first. */
  readonly hashes: Uint8Array
  /** By position in `hashes`. Records with a stated quality under 50 were rejected at import. */
  record(index: number): ListedAs
  /** For frames: the number of the video, and the second; empty for pictures. */
  readonly videoOf: Uint32Array
  readonly secondOf: Uint32Array
  /** Name of a video in the list; null where the list is one video. */
  videoName(video: number): string | null
}

/** @returns pictures and frames of one list, each where it has any */
export function pdqRecordsOf(set: LoadedSet): readonly PdqRecords[] {
  const { info, source } = set
  return ([PDQ, VPDQ] as const)
    .filter(({ bit }) => (source.present & bit) !== 0)
    .map((place) => ({
      hashSet: info.name,
      hashSetSha256: info.sha256,
      edition: info.edition,
      // Also for indexes of lists of one video that were compiled before frames had an algorithm of their own.
      kind: place === VPDQ || info.format === 'vpdq' ? 'vpdq' : 'pdq',
      count: source.counted(place),
      load: () => gather(set, place),
    }))
}

function gather({ info, scale, source, videos }: LoadedSet, place: AlgorithmPlace): PdqHashes {
  const most = source.counted(place)
  const hashes = new Uint8Array(most * PDQ.bytes)
  const isOfOneVideo = place === PDQ && info.format === 'vpdq'
  const frames = place === VPDQ || isOfOneVideo ? most : 0
  const [videoOf, secondOf] = [new Uint32Array(frames), new Uint32Array(frames)]
  const categoryOf = new Uint16Array(most)
  const categories: (string | null)[] = []
  const numbers = new Map<string | null, number>()
  const [from, words] = [place.at >>> 2, PDQ.bytes >>> 2]
  const wordsOf = new Uint32Array(hashes.buffer)
  let count = 0
  source.each(place, (wide, category) => {
    let number = numbers.get(category)
    if (number === undefined) {
      number = categories.push(category) - 1
      numbers.set(category, number)
    }
    for (let w = 0, to = count * words; w < words; w++) wordsOf[to + w] = wide[from + w]!
    if (place === VPDQ) {
      videoOf[count] = wide[from + words]!
      secondOf[count] = wide[from + words + 1]!
    } else if (isOfOneVideo) secondOf[count] = count
    categoryOf[count++] = number
  })
  return {
    hashes: hashes.subarray(0, count * PDQ.bytes),
    videoOf: videoOf.subarray(0, count),
    secondOf: secondOf.subarray(0, count),
    videoName: (video) => videos[video] || null,
    record: (index) => {
      const category = categories[categoryOf[index]!]!
      const meant =
        info.meaning === null ? interpret(scale, category) : { meaning: info.meaning, categoryLabel: null }
      return { category, scale: info.scale, ...meant }
    },
  }
}
