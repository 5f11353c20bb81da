/** Reads a ledger, sealed or paused. Nothing is written, neither to the ledger nor beside it. */

import { LedgerDamaged } from '../../base/errors.ts'
import { parseEvidencePath } from '../../base/evidence-path.ts'
import { parseStoredJson } from '../../base/stored-json.ts'
import type { CaseInfo, Exhibit, Plan } from '../../contracts/case.ts'
import { CLOCK_BEHIND, type ClockBehind } from '../../contracts/clock.ts'
import type { CustodyEvent } from '../../contracts/custody.ts'
import type { BlockSample, ByteCount, ListedRange } from '../../contracts/image-exhibit.ts'
import type { RecordedHash, RunEvent, Seal, ToolInfo } from '../../contracts/ledger.ts'
import type { LedgerReader } from '../../contracts/ledger-reader.ts'
import type { ConfinementTrial, RunStart } from '../../contracts/run.ts'
import type { EntryView, Summary } from '../../contracts/view.ts'
import { carriesFinding } from '../../findings/index.ts'
import { planDigest } from '../../plan.ts'
import { newestCustodyHead, readCustody } from '../custody/custody.ts'
import { inventoryDigest } from '../digests/digests.ts'
import { clockOfDetail } from '../format/clock-behind.ts'
import { countCoverage, type ReasonCount, type Totals } from '../format/coverage.ts'
import { type Db, reading, readingAll, requireLedger } from '../format/database.ts'
import * as image from '../format/image-facts.ts'
import { fileState, openForReading, type ReadableDatabase } from '../format/open-readonly.ts'
import { PathOrder } from '../format/path-order.ts'
import { readSeal } from '../format/seal-row.ts'
import { wideRows } from '../format/wide-rows.ts'
import { Cameras } from './cameras.ts'
import { contentsWithASharedLook, fileLocks, generatorSigns, suppressedContents } from './content-counts.ts'
import { deletedFiles } from './deleted-files.ts'
import { EntryViews, READ_ENTRY, type ReadEntryRow } from './entry-view.ts'
import { findingPlaces } from './finding-order.ts'
import { namedPositions } from './named-positions.ts'
import { Paths } from './paths.ts'
import { NO_OTHER_PLACES, Places } from './places.ts'
import { withPutLast } from './priorities.ts'
import { recovered } from './recovered.ts'
import { remarksOf } from './remarked-entries.ts'
import { Representatives } from './representatives.ts'
import { readConfinement, readStarts } from './run-facts.ts'
import { openSnapshot, type Snapshot } from './snapshot.ts'

/**
 * @param damage problems that verification found, when a person continues in spite of them
 * @param snapshot copy of the ledger that is read in its place, and removed on close
 * @throws UsageError when the ledger does not exist or is being written; LedgerDamaged when its format is unknown
 */
export function openLedger(
  path: string,
  damage: readonly string[] = [],
  snapshot: Snapshot | null = null,
): LedgerReader {
  const file = snapshot === null ? openForReading(path) : openSnapshot(path, snapshot)
  try {
    requireLedger(file.db, path)
    return reading(path, () => new LedgerFile(path, file, damage, snapshot !== null))
  } catch (error) {
    file.close()
    throw error
  }
}

class LedgerFile implements LedgerReader {
  readonly path: string
  readonly case: CaseInfo
  readonly exhibit: Exhibit
  readonly plan: Plan
  readonly planDigest: string
  readonly tool: ToolInfo
  readonly seal: Seal | null
  readonly damage: readonly string[]
  readonly chainHead: string
  readonly #file: ReadableDatabase
  readonly #db: Db
  #totals: Totals | null

  constructor(path: string, file: ReadableDatabase, damage: readonly string[], isSnapshot: boolean) {
    this.path = path
    this.damage = damage
    this.#file = file
    this.#db = file.db
    this.case = this.#meta('case') as CaseInfo
    const exhibitImage = image.readImage(this.#db)
    this.exhibit = { ...(this.#meta('exhibit') as Exhibit), ...(exhibitImage && { image: exhibitImage }) }
    this.plan = this.#meta('plan') as Plan
    this.planDigest = planDigest(this.plan)
    this.tool = this.#meta('tool') as ToolInfo
    this.chainHead = (
      this.#db.prepare('SELECT head FROM batch ORDER BY batch DESC LIMIT 1').pluck().get() as Buffer
    ).toString('hex')
    // After a crash between the seal and the end of sealing, the file is in log mode: the seal is not complete.
    const sealed = isSnapshot || fileState(path).walMode ? null : readSeal(this.#db)
    this.#totals = sealed
    this.seal = sealed && {
      utc: sealed.utc,
      evidenceDigest: sealed.evidenceDigest,
      analysisDigest: sealed.analysisDigest,
      inventoryDigest: sealed.inventoryDigest,
      // Older seals count no references.
      summary: { ...sealed.summary, references: sealed.summary.references ?? 0 },
    }
  }

  events(): readonly RunEvent[] {
    return reading(this.path, () => {
      const rows = this.#db
        .prepare('SELECT utc, event, account, detail FROM event ORDER BY batch, ordinal')
        .all() as { utc: string; event: string; account: string; detail: string }[]
      return rows.map((row) => ({ ...row, detail: parseStoredJson(row.detail) as RunEvent['detail'] }))
    })
  }

  clock(): readonly ClockBehind[] {
    const events = this.events().filter(({ event }) => event === CLOCK_BEHIND)
    return events.flatMap(({ detail }) => clockOfDetail(detail) ?? [])
  }

  starts(): readonly RunStart[] {
    return reading(this.path, () => readStarts(this.#db, this.events()))
  }

  confinement(): readonly ConfinementTrial[] {
    return reading(this.path, () => readConfinement(this.#db))
  }

  ranges(): readonly ListedRange[] {
    return reading(this.path, () => image.readRanges(this.#db))
  }

  byteClasses(): readonly ByteCount[] {
    return reading(this.path, () => image.readByteClasses(this.#db))
  }

  samples(): readonly BlockSample[] {
    return reading(this.path, () => image.readSamples(this.#db))
  }

  readonly recovered = () => reading(this.path, () => recovered(this.#db))
  readonly deletedFiles = () => reading(this.path, () => deletedFiles(this.#db))

  imageHashes(): readonly RecordedHash[] {
    return reading(this.path, () => image.readImageHashes(this.#db))
  }

  custody(): readonly CustodyEvent[] {
    return readCustody(this.path)
  }

  newestHead(): string {
    return newestCustodyHead(this.path) ?? this.chainHead
  }

  inventoryDigest(): string {
    return reading(this.path, () => this.seal?.inventoryDigest ?? inventoryDigest(this.#db).toString('hex'))
  }

  summary(): Summary {
    return reading(this.path, () => withPutLast(this.#counted().summary, this.#db, this.plan))
  }

  reasons(): readonly ReasonCount[] {
    return this.#counted().reasons
  }

  entries(): IterableIterator<EntryView> {
    return readingAll(this.path, this.#entries(false))
  }

  places(): IterableIterator<EntryView> {
    return readingAll(this.path, this.#entries(true))
  }

  placeCount(): bigint {
    return reading(this.path, () => new Places(this.#db, new Paths(this.#db)).count(this.#db))
  }

  findings(): IterableIterator<EntryView> {
    return readingAll(this.path, this.#findings())
  }

  suppressed(): readonly { readonly hashSet: string; readonly contents: number }[] {
    return reading(this.path, () => suppressedContents(this.#db))
  }

  sharedLooks(): number {
    if (!this.plan.options.shareLooks) return 0
    return reading(this.path, () => contentsWithASharedLook(this.#db))
  }

  readonly remarks = (counted: ReadonlySet<string>) =>
    reading(this.path, () => remarksOf(this.#db, this.plan, counted))

  readonly fileLocks = () => reading(this.path, () => fileLocks(this.#db))

  readonly positions = () => reading(this.path, () => namedPositions(this.#db))

  readonly cameras = () => reading(this.path, () => new Cameras(this.#db).largest())

  readonly generatorSigns = () => reading(this.path, () => generatorSigns(this.#db))

  close(): void {
    this.#file.close()
  }

  *#entries(withPlaces: boolean): IterableIterator<EntryView> {
    const paths = new Paths(this.#db)
    const views = new EntryViews(this.#db, this.plan, paths)
    const representatives = new Representatives(this.#db, paths)
    const places = withPlaces ? new Places(this.#db, new Paths(this.#db)) : null
    for (const { path, row } of new PathOrder<ReadEntryRow>(this.#db, READ_ENTRY).all()) {
      const own = parseEvidencePath(Buffer.from(path))
      const others = places?.othersOf(row.parent, own.bytes) ?? NO_OTHER_PLACES
      const representative = representatives.of(Number(row.id), row.content)
      const view = views.view(row, own, representative, others.leftOut)
      yield view
      for (const other of others.paths) yield views.at(parseEvidencePath(other), view)
    }
  }

  *#findings(): IterableIterator<EntryView> {
    const views = new EntryViews(this.#db, this.plan, new Paths(this.#db))
    const row = wideRows<ReadEntryRow>(this.#db, `SELECT ${READ_ENTRY} WHERE e.id = +?`)
    for (const { entry, path, representative, follows, leftOut } of findingPlaces(this.#db, this.plan)) {
      const recorded = views.view(
        row.get(entry)!,
        follows ? null : parseEvidencePath(path),
        representative,
        BigInt(leftOut),
      )
      const view = follows ? views.at(parseEvidencePath(path), recorded) : recorded
      if (carriesFinding(view)) yield view
    }
  }

  #counted(): Totals {
    this.#totals ??= reading(this.path, () => countCoverage(this.#db, this.plan))
    return this.#totals
  }

  #meta(key: string): unknown {
    const text = this.#db.prepare('SELECT value FROM meta WHERE key = +?').pluck().get(key)
    if (typeof text !== 'string')
      throw new LedgerDamaged(`${this.path} is damaged: it does not say its ${key}`)
    try {
      return parseStoredJson(text)
    } catch (cause) {
      throw new LedgerDamaged(`${this.path} is damaged: its ${key} cannot be read`, { cause })
    }
  }
}
