import type { FileSystem, OpenImage, VolumeRange } from '../../../contracts/image.ts'
import type { ListedRange } from '../../../contracts/image-exhibit.ts'
import type { WalkedEntry } from '../../../contracts/ledger.ts'
import { notDone, outOfScope, type StageResult } from '../../../contracts/stage.ts'
import { partOf } from '../../../image/content/ranges.ts'
import { FILE_SYSTEMS } from '../../../image/filesystem/index.ts'
import { NotThisFileSystem } from '../../../image/filesystem/not-this-file-system.ts'
import { carvedEntries } from './carved-entry.ts'
import { listedEntry } from './listed-entry.ts'
import { UniquePaths } from './unique-paths.ts'

export interface ListOptions {
  readonly sparseLogicalBytes: number
  /** Files in free space are listed too, found by their structure. */
  readonly carves: boolean
  /** Volumes that are listed; null: all. The others are out of scope, whole. */
  readonly volumes: readonly number[] | null
  /** Volumes whose listing ended the process again and again: not listed any more. */
  readonly passOver: readonly number[]
  /** Entries up to here were given before. */
  readonly after: { readonly volume: number; readonly entries: number } | null
  /** Called before something long: the volume that is worked at. */
  readonly at: (volume: number) => void
}

export type Listed =
  | { readonly kind: 'entry'; readonly volume: number; readonly walked: WalkedEntry }
  | { readonly kind: 'range'; readonly range: ListedRange }

export function* listImage(
  image: OpenImage,
  ranges: readonly VolumeRange[],
  options: ListOptions,
): Generator<Listed, void, undefined> {
  const seen = new UniquePaths()
  for (const range of ranges) {
    if (range.number === null) yield { kind: 'range', range: unlisted(range, { result: 'done' }) }
    else yield* listVolume(image, range, range.number, seen, options)
  }
}

function* listVolume(
  image: OpenImage,
  range: VolumeRange,
  number: number,
  seen: UniquePaths,
  options: ListOptions,
): Generator<Listed, void, undefined> {
  const { after, volumes, passOver, sparseLogicalBytes } = options
  options.at(number)
  const before =
    after === null || number > after.volume ? 0 : number < after.volume ? Infinity : after.entries
  let given = 0
  const opened = leftOut(range, number, volumes, passOver) ?? openFileSystem(image, range)
  if ('result' in opened) {
    yield { kind: 'range', range: unlisted(range, opened) }
    return
  }
  for (const found of opened.entries()) {
    // The root has no name: the volume stands for it.
    if (found.path.length === 0 && found.stream === null && found.status === 'live') continue
    const walked = listedEntry(number, found, seen, sparseLogicalBytes)
    if (++given > before) yield { kind: 'entry', volume: number, walked }
  }
  if (options.carves)
    for (const walked of carvedEntries(number, partOf(image.medium, range), opened))
      if (++given > before) yield { kind: 'entry', volume: number, walked }
  yield {
    kind: 'range',
    range: {
      range,
      fileSystem: factsOf(opened),
      listed: listedOf(opened.problems().length),
      classes: opened.classes(),
      problems: opened.problems(),
    },
  }
}

/** What will become of each range, before anything is listed. */
export function describeRanges(
  image: OpenImage,
  ranges: readonly VolumeRange[],
  volumes: readonly number[] | null,
): ListedRange[] {
  return ranges.map((range) => {
    if (range.number === null) return unlisted(range, { result: 'done' })
    const opened = leftOut(range, range.number, volumes, []) ?? openFileSystem(image, range)
    return 'result' in opened
      ? unlisted(range, opened)
      : { ...unlisted(range, { result: 'done' }), fileSystem: factsOf(opened) }
  })
}

function factsOf({ kind, label, uuid, clusterBytes, stated }: FileSystem): ListedRange['fileSystem'] {
  return { kind, label, uuid, clusterBytes, stated }
}

function leftOut(
  range: VolumeRange,
  number: number,
  volumes: ListOptions['volumes'],
  passOver: readonly number[],
): StageResult | null {
  if (volumes !== null && !volumes.includes(number)) return outOfScope('scope-volume')
  if (passOver.includes(number)) return notDone('listing-crashed')
  if (ENCRYPTED.has(range.content)) return said('encrypted', range.content)
  if (range.content === 'empty') return { result: 'done' }
  return null
}

/** The file system on a volume, or why nobody lists it. */
function openFileSystem({ medium, logical }: OpenImage, range: VolumeRange): FileSystem | StageResult {
  if (logical !== null) return logical
  const volume = partOf(medium, range)
  const format = FILE_SYSTEMS.find(({ recognises }) => recognises(volume))
  if (format === undefined) return said('not-built', range.content)
  try {
    return format.open(volume)
  } catch (error) {
    if (!(error instanceof NotThisFileSystem)) throw error
    return {
      result: 'not-done',
      reason: 'image-damaged',
      detail: { code: 'file-system-says', params: { text: error.message } },
    }
  }
}

function said(reason: 'encrypted' | 'not-built', format: string): StageResult {
  return { result: 'not-done', reason, detail: { code: 'volume-holds', params: { format } } }
}

function unlisted(range: VolumeRange, listed: StageResult): ListedRange {
  return { range, fileSystem: null, listed, classes: null, problems: [] }
}

/** Every problem cost something: a record, a folder, the end of a chain. */
function listedOf(problems: number): StageResult {
  return problems === 0
    ? { result: 'done' }
    : {
        result: 'not-done',
        reason: 'listed-in-part',
        detail: { code: 'structures-damaged', params: { problems } },
      }
}

const ENCRYPTED = new Set(['bitlocker', 'luks', 'filevault', 'possibly-encrypted', 'veracrypt'])
