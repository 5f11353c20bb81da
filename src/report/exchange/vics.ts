/**
 * Project VIC VICS 2.0, a `#Cases` document: pictures and videos, and all other contents with a finding or a decision.
 * Each content occurs once, with every place.
 *
 * A content gets a category only where persons decided on the declared scale and do not differ. Results of lists and
 * models are metadata, never a category. The document does not refer to files: no picture leaves with it.
 */

import type { Writable } from 'node:stream'
import { printLastName, printPath, printText } from '../../base/evidence-path.ts'
import { VERSION } from '../../base/version.ts'
import type { Entry } from '../../contracts/entry.ts'
import type { ExaminationFacts, LedgerReader } from '../../contracts/ledger-reader.ts'
import { carriesFinding } from '../../findings/index.ts'
import { decisionsOf, outcomeOf, type RecordedDecision, standing } from '../../ledger/custody/decisions.ts'
import type { Exporter } from '../export/exporter.ts'
import { NO_WISHES, type Wishes } from '../export/wishes.ts'
import { contentsOf, type FoundContent, isPictureOrVideo } from '../model/contents.ts'
import { sightWords } from '../model/sight-words.ts'
import { withText } from '../model/text-out.ts'
import { ledgerState, safeNumber } from '../model/values.ts'
import { uuidOf } from './ids.ts'
import { imageNotes } from './image-notes.ts'
import { jsonLine } from './jsonl.ts'
import { offsetTime } from './times.ts'
import { exifsOf, fields, metadataOf, type Property } from './vics-metadata.ts'

export const vics: Exporter = {
  id: 'vics',
  title: 'Project VIC VICS 2.0, a case with its media',
  extension: '.json',
  // Text signs are named but not quoted.
  leavesOut: {},
  ofCase: 'rows',
  write: (ledger, out, _view, { scale, also } = NO_WISHES) => writeVics([ledger, ...also], out, scale, null),
}

/**
 * One case of the document for each exhibit: a content on several exhibits stands in the case of each.
 * @param fileOf path of the file that goes along with a content; null: the content is left out
 */
export async function writeVics(
  ledgers: readonly LedgerReader[],
  out: Writable,
  scale: Wishes['scale'],
  fileOf: ((sha256: string) => string | null) | null,
): Promise<void> {
  await withText(out, async (text) => {
    await text.write(`{"@odata.context":${jsonLine(contextOf(scale))},"value":[`)
    let media = 0
    for (const [i, ledger] of ledgers.entries()) {
      if (i > 0) await text.write(',\n')
      media = await writeExhibit(ledger, text, { scale, fileOf, media })
    }
    await text.write(']}\n')
  })
}

/** @param media number of the records before; @returns their number after */
async function writeExhibit(
  ledger: LedgerReader,
  text: Parameters<Parameters<typeof withText>[1]>[0],
  {
    scale,
    fileOf,
    media,
  }: {
    readonly scale: Wishes['scale']
    readonly fileOf: ((sha256: string) => string | null) | null
    readonly media: number
  },
): Promise<number> {
  const made = decisionsOf(ledger.custody())
  const decided = (sha256: string) => made.get(sha256) ?? []
  const head = jsonLine({ ...caseRecord(ledger, scale), Media: [] })
  await text.write(head.slice(0, -2))
  let number = media
  const wanted = contentsOf(
    ledger,
    (view) =>
      // Empty files are left out: all of them would be one record, and the recipient would find it everywhere.
      view.content?.sizeBytes !== 0n &&
      (fileOf === null || (view.content !== null && fileOf(view.content.digests.sha256) !== null)) &&
      (fileOf !== null ||
        isPictureOrVideo(view) ||
        carriesFinding(view) ||
        (view.content !== null && made.has(view.content.digests.sha256))),
  )
  for (const found of wanted) {
    number++
    const { sha256 } = found.content.digests
    const file = fileOf?.(sha256) ?? null
    const record = mediaRecord(ledger, found, number, decided(sha256), scale, file)
    await text.write(`${number === media + 1 ? '' : ','}\n${jsonLine(record)}`)
  }
  await text.write('\n]}')
  return number
}

/** Data-model country of the scales that come with the program. */
const COUNTRIES: Readonly<Record<string, string>> = { 'vics-us': 'US', 'caid-uk': 'UK' }

function contextOf(scale: Wishes['scale']): string {
  const country = scale === null ? 'Default' : (COUNTRIES[scale.id] ?? 'CUSTOM')
  return `http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/${country}/$metadata#Cases`
}

function caseRecord(ledger: LedgerReader, scale: Wishes['scale']) {
  const CaseID = uuidOf(ledger, 'case')
  const facts = [
    ['seized:exhibit', ledger.case.exhibitId],
    ['seized:ledger', ledgerState(ledger)],
    ['seized:newestHead', ledger.newestHead()],
    ['seized:scale', scale === null ? 'none declared: no category stands here' : scale.id],
    ...imageNotes(ledger),
  ] as const
  return {
    CaseID,
    CaseNumber: printText(ledger.case.caseId),
    ContactName: printText(ledger.case.examiner),
    SourceApplicationName: 'seized',
    SourceApplicationVersion: VERSION,
    CaseMetadata: facts.map(([PropertyName, value]) => ({
      CaseID,
      PropertyName,
      PropertyValue: printText(value),
    })),
  }
}

function mediaRecord(
  ledger: ExaminationFacts,
  { view, content, places }: FoundContent,
  MediaID: number,
  made: readonly RecordedDecision[],
  scale: Wishes['scale'],
  file: string | null,
) {
  const MD5 = content.digests.md5.toUpperCase()
  const pdq = view.perceptualHashes.filter(
    ({ algorithm, part, flavour }) => algorithm === 'pdq' && part === 'original' && flavour === 'full',
  )
  return {
    MediaID,
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
    MediaFiles: places.map((entry) => mediaFile(ledger, entry, MD5)),
    Exifs: propertiesOf([...exifsOf(view)], MD5),
    MediaMetadata: propertiesOf([...metadataOf(view), ...decisionsSaid(made, view)], MD5),
  }
}

const propertiesOf = (all: readonly Property[], MD5: string) =>
  all.map(([PropertyName, value]) => ({ MD5, PropertyName, PropertyValue: printText(value) }))

/** A number where the category is a number, as in VICS; null where there is no decision, or persons differ. */
function categoryOf(made: readonly RecordedDecision[], scale: string): number | string | null {
  const outcome = outcomeOf(made, scale)
  if (outcome.kind === 'none' || outcome.kind === 'differing') return null
  return /^\d{1,9}$/.test(outcome.category) ? Number(outcome.category) : outcome.category
}

function mediaFile({ case: { exhibitId } }: ExaminationFacts, { path, times, onImage }: Entry, MD5: string) {
  const FilePath = printPath(path)
  const status = onImage?.status ?? 'live'
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
