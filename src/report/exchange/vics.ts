/**
 * Project VIC VICS 2.0, a `#Cases` document: pictures and videos, and all other contents with a finding or a decision.
 * Each content occurs once, with every place.
 *
 * A content gets a category only where persons decided on the declared scale and do not differ. Results of lists and
 * models are metadata, never a category. The document does not refer to files: no picture leaves with it.
 */

import type { Writable } from 'node:stream'
import { printText } from '../../base/evidence-path.ts'
import { VERSION } from '../../base/version.ts'
import type { LedgerReader } from '../../contracts/ledger-reader.ts'
import type { EntryView } from '../../contracts/view.ts'
import { carriesFinding } from '../../findings/index.ts'
import { type CourtExhibit, exhibitsOf } from '../court/exhibits.ts'
import type { Exporter } from '../export/exporter.ts'
import { NO_WISHES, type Wishes } from '../export/wishes.ts'
import { contentsOf, isPictureOrVideo } from '../model/contents.ts'
import { recoveryOf } from '../model/recovery.ts'
import { withText } from '../model/text-out.ts'
import { ledgerState } from '../model/values.ts'
import { plural } from '../texts/format.ts'
import { uuidOf } from './ids.ts'
import { imageNotes } from './image-notes.ts'
import { jsonLine } from './jsonl.ts'
import { joinedRecord, type MediaRecord, mediaRecord } from './vics-media.ts'

type CaseWishes = Pick<Wishes, 'scale' | 'caseNumber' | 'closedElsewhere' | 'closedListed' | 'unsettled'>

export const vics: Exporter = {
  id: 'vics',
  title: 'Project VIC VICS 2.0, a case with its media',
  extension: '.json',
  // Text signs are named but not quoted.
  leavesOut: {},
  ofCase: 'rows',
  write: (ledger, out, _view, wishes = NO_WISHES) => writeVics([ledger, ...wishes.also], out, wishes, null),
}

/**
 * Several exhibits are one case of the document: a content that lies on several of them comes once, with the places on
 * each (`SourceID`). Those come after the contents of one exhibit, because their places are gathered first.
 * @param fileOf path of the file that goes along with a content; null: the content is left out
 */
export async function writeVics(
  ledgers: readonly LedgerReader[],
  out: Writable,
  wishes: CaseWishes,
  fileOf: ((sha256: string) => string | null) | null,
): Promise<void> {
  const { scale } = wishes
  const exhibits = exhibitsOf(
    ledgers.map((ledger) => ({ ledger, sha256: null })),
    true,
  )
  await withText(out, async (text) => {
    const head = jsonLine({ ...caseRecord(ledgers, wishes), Media: [] })
    await text.write(`{"@odata.context":${jsonLine(contextOf(scale))},"value":[${head.slice(0, -2)}`)
    let number = 0
    const write = async (record: MediaRecord) => {
      number++
      await text.write(`${number === 1 ? '' : ','}\n${jsonLine({ ...record, MediaID: number })}`)
    }
    const held = new HeldContents(exhibits, fileOf)
    const several = new Map<string, MediaRecord>()
    for (const { ledger, made } of exhibits) {
      const recovery = recoveryOf(ledger)
      for (const found of contentsOf(ledger, held.isWanted)) {
        const { sha256 } = found.content.digests
        const all = made.get(sha256) ?? []
        const record = mediaRecord(ledger, recovery, found, all, scale, fileOf?.(sha256) ?? null)
        if (!held.isOnSeveral(sha256)) await write(record)
        else {
          const before = several.get(sha256)
          several.set(sha256, before === undefined ? record : joinedRecord(before, record))
        }
      }
    }
    for (const record of several.values()) await write(record)
    await text.write('\n]}]}\n')
  })
}

/** Contents that the document holds: what one exhibit asks for is taken with its places on all. */
class HeldContents {
  readonly #wanted = new Set<string>()
  readonly #several = new Set<string>()

  constructor(exhibits: readonly CourtExhibit[], fileOf: ((sha256: string) => string | null) | null) {
    for (const { ledger, made } of exhibits)
      for (const view of ledger.places())
        if (view.content !== null && isWanted(view, made, fileOf)) this.#wanted.add(keyOf(view))
    if (exhibits.length === 1) return
    const firstOn = new Map<string, number>()
    for (const [i, { ledger }] of exhibits.entries())
      for (const view of ledger.places()) {
        if (!this.isWanted(view)) continue
        const first = firstOn.get(keyOf(view)) ?? i
        firstOn.set(keyOf(view), first)
        if (first !== i) this.#several.add(keyOf(view))
      }
  }

  readonly isWanted = (view: EntryView): boolean => view.content !== null && this.#wanted.has(keyOf(view))

  isOnSeveral(sha256: string): boolean {
    return this.#several.has(sha256)
  }
}

function keyOf({ content }: EntryView): string {
  return content!.digests.sha256
}

function isWanted(
  view: EntryView,
  made: CourtExhibit['made'],
  fileOf: ((sha256: string) => string | null) | null,
): boolean {
  // Empty files are left out: all of them would be one record, and the recipient would find it everywhere.
  if (view.content?.sizeBytes === 0n) return false
  if (fileOf !== null) return fileOf(keyOf(view)) !== null
  return isPictureOrVideo(view) || carriesFinding(view) || made.has(keyOf(view))
}

/** Data-model country of the scales that come with the program. */
const COUNTRIES: Readonly<Record<string, string>> = { 'vics-us': 'US', 'caid-uk': 'UK' }

function contextOf(scale: Wishes['scale']): string {
  const country = scale === null ? 'Default' : (COUNTRIES[scale.id] ?? 'CUSTOM')
  return `http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/${country}/$metadata#Cases`
}

function caseRecord(
  ledgers: readonly LedgerReader[],
  { scale, caseNumber, closedElsewhere = 0, closedListed = 0, unsettled = 0 }: CaseWishes,
) {
  const [first] = ledgers
  const isOne = ledgers.length === 1
  const number = caseNumber ?? first!.case.caseId
  const exhibitId = ledgers.map((ledger) => ledger.case.exhibitId).join(', ')
  const CaseID = uuidOf({ case: { caseId: number, exhibitId } }, 'case')
  const labelled = (ledger: LedgerReader, value: string) =>
    isOne ? value : `${ledger.case.exhibitId}: ${value}`
  const facts = [
    ...ledgers.map((ledger) => ['seized:exhibit', ledger.case.exhibitId] as const),
    ...ledgers.map((ledger) => ['seized:ledger', labelled(ledger, ledgerState(ledger))] as const),
    ...ledgers.map((ledger) => ['seized:newestHead', labelled(ledger, ledger.newestHead())] as const),
    ['seized:scale', scale === null ? 'none declared: no category stands here' : scale.id] as const,
    ...(closedElsewhere === 0
      ? []
      : [
          [
            'seized:closed',
            `left out: ${plural(closedElsewhere, 'content')} in quarantine as privileged on one exhibit, and open on another`,
          ] as const,
        ]),
    ...(unsettled === 0
      ? []
      : [
          [
            'seized:unsettled',
            `persons differ on ${plural(unsettled, 'content')}, which the policy of the case says must be settled: these have no category`,
          ] as const,
        ]),
    ...(closedListed === 0
      ? []
      : [
          [
            'seized:closedListed',
            `${plural(closedListed, 'content')} in quarantine as privileged, and named by a list: hashes and lists stand here, words, metadata and names of places in quarantine do not`,
          ] as const,
        ]),
    ...ledgers.flatMap((ledger) =>
      imageNotes(ledger).map(([name, value]) => [name, labelled(ledger, value)] as const),
    ),
  ]
  return {
    CaseID,
    CaseNumber: printText(number),
    ContactName: printText([...new Set(ledgers.map((ledger) => ledger.case.examiner))].join(', ')),
    SourceApplicationName: 'seized',
    SourceApplicationVersion: VERSION,
    CaseMetadata: facts.map(([PropertyName, value]) => ({
      CaseID,
      PropertyName,
      PropertyValue: printText(value),
    })),
  }
}
