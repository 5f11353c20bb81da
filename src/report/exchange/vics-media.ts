/** A `Media` record of VICS 2.0: one content with every place, its hashes, metadata, findings and decisions. */
import { printLastName, printPath, printText } from '../../base/evidence-path.ts'
import type { Entry } from '../../contracts/entry.ts'
import type { EntryStatus } from '../../contracts/image.ts'
import type { ExaminationFacts } from '../../contracts/ledger-reader.ts'
import { outcomeOf, type RecordedDecision, standing } from '../../ledger/custody/decisions.ts'
import type { Wishes } from '../export/wishes.ts'
import type { FoundContent } from '../model/contents.ts'
import type { RecoveryOf } from '../model/recovery.ts'
import { sightWords } from '../model/sight-words.ts'
import { safeNumber } from '../model/values.ts'
import { offsetTime } from './times.ts'
import { exifsOf, fields, metadataOf, type Property } from './vics-metadata.ts'

export type MediaRecord = ReturnType<typeof mediaRecord>

/** The record of a content that lies on several exhibits: what several of them say comes once. */
export function joinedRecord(first: MediaRecord, other: MediaRecord): MediaRecord {
  return {
    ...first,
    AlternativeHashes: once([...first.AlternativeHashes, ...other.AlternativeHashes]),
    MediaFiles: [...first.MediaFiles, ...other.MediaFiles],
    Exifs: once([...first.Exifs, ...other.Exifs]),
    MediaMetadata: once([...first.MediaMetadata, ...other.MediaMetadata]),
  }
}

function once<T>(rows: readonly T[]): T[] {
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()]
}

/**
 * @param made standing and earlier decisions that count for the content
 * @param file path of the file that goes along; null: none
 */
export function mediaRecord(
  ledger: ExaminationFacts,
  recovery: RecoveryOf,
  { view, content, places, leftOut }: FoundContent,
  made: readonly RecordedDecision[],
  scale: Wishes['scale'],
  file: string | null,
) {
  const MD5 = content.digests.md5.toUpperCase()
  const pdq = view.perceptualHashes.filter(
    ({ algorithm, part, flavour }) => algorithm === 'pdq' && part === 'original' && flavour === 'full',
  )
  return {
    MediaID: 0,
    Category: scale === null ? null : categoryOf(made, scale.id),
    MD5,
    SHA1: content.digests.sha1.toUpperCase(),
    MediaSize: safeNumber(content.sizeBytes),
    MimeType: printText(content.mediaType),
    ...(file === null ? {} : { RelativeFilePath: file }),
    AlternativeHashes: [
      { MD5, HashName: 'SHA256', HashValue: content.digests.sha256 },
      ...pdq.map(({ hex }) => ({ MD5, HashName: 'PDQ', HashValue: hex })),
    ],
    MediaFiles: places.map((entry) => mediaFile(ledger, entry, recovery(entry)?.status ?? 'live', MD5)),
    Exifs: propertiesOf([...exifsOf(view)], MD5),
    MediaMetadata: propertiesOf(
      [...metadataOf(view), ...placesLeftOut(leftOut), ...decisionsSaid(made, view)],
      MD5,
    ),
  }
}

/** Of a content in copies of copies of containers: `MediaFiles` has a bounded number of its places. */
function placesLeftOut(places: number): Property[] {
  return places === 0 ? [] : [['seized:places-left-out', String(places)]]
}

const propertiesOf = (all: readonly Property[], MD5: string) =>
  all.map(([PropertyName, value]) => ({ MD5, PropertyName, PropertyValue: printText(value) }))

/** A number where the category is a number, as in VICS; null where there is no decision, or persons differ. */
function categoryOf(made: readonly RecordedDecision[], scale: string): number | string | null {
  const outcome = outcomeOf(made, scale)
  if (outcome.kind === 'none' || outcome.kind === 'differing') return null
  return /^\d{1,9}$/.test(outcome.category) ? Number(outcome.category) : outcome.category
}

function mediaFile(
  { case: { exhibitId } }: ExaminationFacts,
  { path, times }: Entry,
  status: EntryStatus,
  MD5: string,
) {
  const FilePath = printPath(path)
  const at = { Created: times.born, Written: times.modified, Accessed: times.accessed }
  const known = Object.entries(at).flatMap(([name, time]) => {
    const text = time && offsetTime(time)
    return text ? [[name, text]] : []
  })
  return {
    MD5,
    FileName: printLastName(path),
    FilePath,
    ...Object.fromEntries(known),
    Unallocated: status === 'carved',
    Deleted: status !== 'live',
    SourceID: printText(exhibitId),
  }
}

function decisionsSaid(
  made: readonly RecordedDecision[],
  { hits }: FoundContent['view'],
): readonly Property[] {
  return standing(made).map((one) => {
    const { scale, category, operator, utc, act, note } = one
    const sight = sightWords(one, hits)
    return ['seized:decision', fields({ scale, category, operator, utc, act, sight, note: note || null })]
  })
}
