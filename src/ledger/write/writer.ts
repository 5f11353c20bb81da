/** An open ledger that is being written: the Session of contracts/ledger.ts over SQLite. */
import { printPath } from '../../base/evidence-path.ts'
import { storedJson } from '../../base/stored-json.ts'
import type { Plan } from '../../contracts/case.ts'
import type { ClockBehind } from '../../contracts/clock.ts'
import type { EvidencePath } from '../../contracts/entry.ts'
import type { Examination } from '../../contracts/finding.ts'
import type { ImageHash, ListedMedium } from '../../contracts/image-exhibit.ts'
import type {
  ConfinementTrial,
  DerivedRecord,
  PendingContent,
  PendingRead,
  ReadRecord,
  RunStart,
  Seal,
  WalkedEntry,
} from '../../contracts/ledger.ts'
import type { Session } from '../../contracts/session.ts'
import type { StageName } from '../../contracts/stage.ts'
import { appendAfter } from '../custody/custody.ts'
import { digesting } from '../digests/digests.ts'
import { moreTextOf } from '../format/applicability.ts'
import { clockEvents } from '../format/clock-behind.ts'
import { type Db, isSqliteError, translating, translatingSteps } from '../format/database.ts'
import { isShownByPictures } from '../read/embedded-thumbnails.ts'
import { isUnlockedFile } from '../read/file-locks.ts'
import { Paths } from '../read/paths.ts'
import { Appender, type BatchKind, type Put } from './appender.ts'
import { ContentQueue } from './content-queue.ts'
import { countsOf } from './counts.ts'
import { crashPoint } from './crash-hook.ts'
import { derivedUsage } from './derived-usage.ts'
import { putImageHash, putMedium } from './image-rows.ts'
import { NamedRows } from './named-contents.ts'
import { pendingReads } from './pending-reads.ts'
import { intoOneFile, protectSealed } from './protect-sealed.ts'
import { readBefore } from './read-before.ts'
import { Recorder } from './recorder.ts'
import { putConfinement, putStart, startsOf } from './run-rows.ts'
import { putSeal, readSeal } from './seal.ts'

const INVENTORY_DONE = 'inventory-done'

export class LedgerWriter implements Session {
  readonly path: string
  readonly plan: Plan
  readonly named: Session['named']
  readonly readBefore: Session['readBefore']
  readonly #db: Db
  readonly #account: string
  readonly #appender: Appender
  readonly #clock: () => Date
  readonly #paths: Paths
  readonly #queue: ContentQueue
  readonly #recorder: Recorder
  #inventoryDone: boolean

  constructor(db: Db, path: string, plan: Plan, account: string, clock: () => Date) {
    this.path = path
    this.plan = plan
    this.#db = db
    this.#account = account
    this.#appender = new Appender(db, clock)
    this.#clock = clock
    this.#paths = new Paths(db)
    this.#queue = new ContentQueue(db, plan, this.#paths)
    this.#recorder = new Recorder(db, this.#queue, this.#paths, countsOf(db), moreTextOf(plan))
    this.named = new NamedRows(db, (path) => this.#recorder.entryAt(path), this.#queue)
    this.readBefore = (ids) => readBefore(db, this.#paths, ids)
    this.#inventoryDone =
      db.prepare('SELECT 1 FROM event WHERE event = ?').pluck().get(INVENTORY_DONE) !== undefined
  }

  get chainHead(): string {
    return this.#appender.head.toString('hex')
  }

  get inventoryDone(): boolean {
    return this.#inventoryDone
  }

  /** True when a crash came between the seal and the end of sealing; the caller only calls seal(). */
  get sealed(): boolean {
    return readSeal(this.#db) !== null
  }

  get counts(): Session['counts'] {
    return this.#recorder.snapshot().counts
  }

  recordEntries(walked: readonly WalkedEntry[]): void {
    this.#append('inventory', (put) => {
      for (const one of walked) this.#recorder.entry(put, one)
    })
  }

  hasEntry(path: EvidencePath): boolean {
    return this.#recorder.entryAt(path) !== undefined
  }

  recordInventoryDone(medium: ListedMedium | null): void {
    this.#append('inventory', (put, utc) => {
      const size = this.#db.prepare('SELECT size FROM image').pluck()
      if (medium) putMedium(put, size.get() as number, medium)
      put('event', [utc, INVENTORY_DONE, this.#account, storedJson({})])
    })
    this.#inventoryDone = true
  }

  recordClock(seen: string | null): readonly ClockBehind[] {
    const { behind, events } = clockEvents(this.#db, this.#clock(), { seen, whole: this.#inventoryDone })
    for (const [event, detail] of events) this.recordEvent(event, detail)
    return behind
  }

  /** On a sealed ledger this start only ends the sealing: the custody log records it, and no row does. */
  recordStart(start: RunStart): void {
    if (this.sealed) {
      this.recordEvent(start.kind, { mount: start.root })
      return
    }
    this.#append('event', (put, utc) => {
      put('event', [utc, start.kind, this.#account, storedJson({ mount: start.root })])
      putStart(put, startsOf(this.#db) + 1, start)
    })
  }

  /** On a sealed ledger no child works for the start, so nothing is recorded. */
  recordConfinement(trials: readonly ConfinementTrial[]): void {
    if (this.sealed) return
    this.#append('event', (put) => putConfinement(put, startsOf(this.#db), trials))
  }

  recordImageHash(hash: ImageHash): void {
    this.#append('event', (put) => putImageHash(put, hash, 'computed'))
  }

  pendingReads(cursor: PendingRead | null, limit: number, which?: 'of-places'): readonly PendingRead[] {
    return pendingReads(this.#db, this.#paths, cursor, limit, which)
  }

  recordReads(reads: readonly ReadRecord[]): void {
    this.#append('known', (put) => {
      for (const one of reads) this.#recorder.read(put, one)
    })
  }

  pendingContents(stage: StageName, cursor: PendingContent | null, limit: number): readonly PendingContent[] {
    return stage === 'read' || stage === 'matched' ? [] : this.#queue.page(stage, cursor, limit)
  }

  pendingCount(stage: StageName): number {
    return stage === 'read' || stage === 'matched' ? 0 : this.#queue.count(stage)
  }

  recordExaminations(items: Parameters<Session['recordExaminations']>[0]): void {
    this.#append('unknown', (put) => {
      for (const { contentId, examination, opened } of items) {
        for (const one of opened?.derived ?? [])
          this.#recorder.derived(put, opened!.parent, one, examination.stage)
        this.#recorder.examination(put, contentId, examination)
      }
    })
  }

  isShownByPictures(contentId: number): boolean {
    return isShownByPictures(this.#db, contentId)
  }

  readonly isUnlockedFile = (contentId: number) => isUnlockedFile(this.#db, contentId)

  recordOpened(parent: PendingContent, derived: readonly DerivedRecord[], examination: Examination): void {
    this.#append('unknown', (put) => {
      for (const one of derived) this.#recorder.derived(put, parent, one, examination.stage)
      this.#recorder.examination(put, parent.contentId, examination)
    })
  }

  outerContent(path: EvidencePath): PendingContent {
    const entry = this.#recorder.entryAt(path)
    const content = entry === undefined ? null : this.#queue.readAt(entry)
    if (content === null) throw new RangeError(`no content was read at ${printPath(path)}`)
    return content
  }

  derivedUsage(path: EvidencePath, mostSteps: number): { readonly entries: number; readonly bytes: bigint } {
    return derivedUsage(this.#db, this.#recorder.entryAt(path) ?? null, mostSteps)
  }

  /** On a sealed ledger the event goes to the custody log, like all later events. */
  recordEvent(event: string, detail: Readonly<Record<string, string>>): void {
    if (this.sealed) {
      appendAfter(
        this.path,
        [{ event, operator: null, account: this.#account, detail }],
        () => this.#appender.head,
      )
      return
    }
    this.#append('event', (put, utc) => put('event', [utc, event, this.#account, storedJson(detail)]))
  }

  seal(): Seal {
    const steps = this.sealing()
    for (;;) {
      const step = steps.next()
      if (step.done) return step.value
    }
  }

  *sealing(): Generator<number, Seal> {
    if (!this.#inventoryDone)
      throw new Error('a ledger is sealed after its inventory is complete, not before')
    if (!this.sealed) {
      const { head } = this.#appender
      const digested = yield* translatingSteps(this.path, digesting(this.#db, this.plan))
      if (this.#appender.head !== head) throw new Error('something was recorded while the ledger was sealed')
      this.#append('seal', (put, utc) => putSeal(put, digested, { utc, account: this.#account }))
    }
    const seal = readSeal(this.#db)!
    translating(this.path, () => intoOneFile(this.#db))
    this.#db.close()
    crashPoint('seal:before-protection')
    protectSealed(this.path)
    return seal
  }

  close(): void {
    if (!this.#db.open) return
    try {
      intoOneFile(this.#db)
    } catch (error) {
      // There is no room to fold the log in. The log stays next to the ledger, complete, and resume reads both.
      if (!isSqliteError(error)) throw error
    } finally {
      this.#db.close()
    }
  }

  #append(kind: BatchKind, write: (put: Put, utc: string) => void): void {
    const before = this.#recorder.snapshot()
    try {
      this.#appender.append(kind, write)
    } catch (error) {
      this.#recorder.restore(before)
      throw error
    }
  }
}
