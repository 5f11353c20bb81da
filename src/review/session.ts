/**
 * One review of one person: the contents of its pass, the open views, and the decisions. Everything that counts is in
 * the custody log before the page receives it; the state here can be lost.
 */
import type { CustodyEvent } from '../contracts/custody.ts'
import type { LedgerReader } from '../contracts/ledger-reader.ts'
import { SavedViews } from '../ledger/custody/saved-views.ts'
import { Tags } from '../ledger/custody/tags.ts'
import type { ContentLookup } from '../ledger/read/content-lookup.ts'
import { Paths } from '../ledger/read/paths.ts'
import type { SearchFacts } from '../ledger/read/search-facts.ts'
import type { Catalogue } from './catalogue.ts'
import { DecidedContents } from './decided.ts'
import { FolderTree } from './folder-tree.ts'
import { OpenViews } from './open-views.ts'
import { Pace } from './pace.ts'
import { PageRefusal } from './page-refusal.ts'
import { PassContents } from './pass-contents.ts'
import { contentsOf, isInQueue } from './passes.ts'
import { RescueQueue } from './rescue.ts'
import { ReviewLog } from './review-log.ts'
import { ReviewedLedger } from './reviewed-ledger.ts'
import type { Progress, ViewAsked, ViewMade } from './said.ts'
import { type DaySaid, NOTHING_SEEN } from './said-day.ts'
import { SeenLevels } from './seen-levels.ts'
import type { SessionAsked } from './session-asked.ts'
import type { Stacks } from './stacks.ts'
import { contentsIn, type View, type Viewed, viewOf } from './views.ts'

export type { SessionAsked } from './session-asked.ts'

export class ReviewSession {
  readonly asked: SessionAsked
  readonly ledger: LedgerReader
  readonly log: ReviewLog
  readonly reviewed: ReviewedLedger
  readonly catalogue: Catalogue
  readonly decided: DecidedContents
  readonly seenLevels: SeenLevels
  readonly tags = new Tags()
  readonly savedViews = new SavedViews()
  readonly rescue = new RescueQueue(this)
  /** Exposure of this person today, for the page. */
  seen: () => DaySaid = () => NOTHING_SEEN
  #pass: PassContents | null = null
  readonly #views = new OpenViews()
  readonly #pace = new Pace()
  #folders: FolderTree | null = null
  #paths: Paths | null = null
  #own: ReadonlySet<number> = new Set()
  #isOpen = false

  constructor(ledger: LedgerReader, asked: SessionAsked) {
    this.asked = asked
    this.ledger = ledger
    const policySha256 = asked.ofCase?.policySha256 ?? null
    this.log = new ReviewLog({ ...asked, policySha256, ledger: asked.ofCase?.root ?? ledger.path })
    this.reviewed = asked.ofCase?.reviewed ?? new ReviewedLedger(ledger)
    this.catalogue = this.reviewed.catalogue
    this.decided = new DecidedContents(this.catalogue, asked.scale.id, asked.operator)
    this.seenLevels = new SeenLevels(this.catalogue, asked.operator)
    this.#take(this.log.before())
    this.seenLevels.settle()
    const contents = contentsOf(asked, this.catalogue, this.decided)
    this.handOut(contents, asked.ofCase?.ownOf?.(this, contents))
  }

  /** Numbers of the catalogue. */
  get contents(): Int32Array {
    return this.#pass!.contents
  }

  get db() {
    return this.reviewed.db
  }

  /** True: decisions of other persons are withheld. */
  get isBlind(): boolean {
    return this.asked.pass === 'peer'
  }

  get facts(): SearchFacts {
    return this.reviewed.facts
  }

  get lookup(): ContentLookup {
    return this.reviewed.lookup
  }

  get paths(): Paths {
    this.#paths ??= new Paths(this.db)
    return this.#paths
  }

  get folders(): FolderTree {
    this.#folders ??= new FolderTree(this.db, this.catalogue, this.contents)
    return this.#folders
  }

  get stacks(): Stacks {
    return this.reviewed.stacks
  }

  /** Logs the opening before any content is shown. @throws CustodyUnavailable */
  open(more: Readonly<Record<string, string>> = {}): void {
    const { sample, categories, pageSha256 } = this.asked
    this.#logSession('opened', {
      contents: String(this.contents.length),
      ...(pageSha256 === '' ? {} : { pageSha256 }),
      ...(sample === null ? {} : { sampleSeed: sample.seed, samplePercent: String(sample.percent) }),
      ...(categories.length === 0 ? {} : { wholeCategories: categories.join(' ') }),
      ...(this.ledger.seal === null ? { partial: 'yes' } : {}),
      ...more,
    })
    this.#isOpen = true
  }

  /** @param how code of the end @param detail totals */
  close(how: string, detail: Readonly<Record<string, string>>): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#logSession('closed', { how, decided: String(this.#pace.made), ...detail })
  }

  /** Contents of the pass as decisions stand now, most urgent first, also those that were not handed out. */
  candidates(): Int32Array {
    this.catchUp()
    const { asked, catalogue, decided } = this
    return new PassContents(asked, contentsOf(asked, catalogue, decided), this).byPriority
  }

  /**
   * From now on these contents alone are the pass. Views that were open are closed.
   * @param own contents that come first in the order of priority
   */
  handOut(contents: Int32Array, own: ReadonlySet<number> = new Set()): void {
    this.#own = own
    this.#pass = new PassContents(this.asked, contents, this, own)
    this.#folders = null
    this.#views.close()
  }

  /** Frees the open files, where no other review has them too; logs nothing. */
  release(): void {
    if (this.asked.ofCase === undefined) this.reviewed.close()
  }

  /** Reads the events of others. @throws SessionOver when this session cannot continue */
  catchUp(): void {
    this.#take(this.log.catchUp())
  }

  /** Counts decisions for the pace of this session. */
  countDecided(count: number): void {
    this.#pace.count(count)
  }

  view(asked: ViewAsked): ViewMade {
    this.catchUp()
    // Like every search, it is logged before results are shown.
    if (asked.query.trim() !== '') this.log.log('searched', { query: asked.query })
    return this.#views.open(asked, this.#viewed(this.contents))
  }

  /** Those of the contents that a view would show; it is not kept, and nothing is logged. @throws UsageError */
  matching(asked: ViewAsked, contents: Int32Array): Int32Array {
    return viewOf({ ...asked, stacked: false }, 0, this.#viewed(contents)).tiles
  }

  #viewed(contents: Int32Array): Viewed {
    const { ledger, catalogue, db } = this
    return {
      ledger,
      catalogue,
      contents,
      byPriority: () => (contents === this.#pass?.contents ? this.#pass.byPriority : contents),
      own: this.#own,
      db,
      isBlind: this.isBlind,
      facts: () => this.facts,
      stacks: () => this.stacks,
      folders: () => this.folders,
      inQueue: (queue, number) =>
        queue === 'rescue' ? this.rescue.has(number) : isInQueue(this.asked, queue, number, this.decided),
    }
  }

  /** @throws UsageError when the view is no longer kept */
  viewCalled(number: number): View {
    return this.#views.called(number)
  }

  /** Order of a view, for the log. */
  orderOf(view: number): string {
    return this.viewCalled(view).order
  }

  /** Number of contents behind the tiles of a view. */
  countOf(view: number): number {
    return contentsIn(this.viewCalled(view)).length
  }

  isInPass(number: number): boolean {
    return this.#pass!.has(number)
  }

  /** The content and its near copies in the pass. */
  stackOf(number: number): readonly number[] {
    return this.stacks.around(number).filter((one) => this.isInPass(one))
  }

  /** @throws UsageError when the pass does not contain the content */
  numberOf(sha256: string): number {
    const number = this.catalogue.numberOf(sha256)
    if (number !== null && this.isInPass(number)) return number
    throw new PageRefusal('refused-not-of-pass')
  }

  progress(): Progress {
    const { needsEyes, left } = this.#pass!.tally
    return { total: this.contents.length, left, needsEyes, ...this.#pace.of(left), ...this.seen() }
  }

  #take(events: readonly CustodyEvent[]): void {
    for (const event of events) {
      this.seenLevels.take(event)
      // A tag or note of another person could tell a blind pass what that person thought.
      const isShown = !this.isBlind || event.operator === this.asked.operator
      if (isShown) for (const one of [this.tags, this.rescue]) one.take(event)
      this.savedViews.take(event)
      const number = this.decided.take(event)
      if (number !== null) this.#pass?.tally.look(number)
    }
  }

  #logSession(act: 'opened' | 'closed', detail: Readonly<Record<string, string>>): void {
    const { pass, scale } = this.asked
    const fact = { kind: 'session', session: this.log.id, act, pass, scale: scale.id } as const
    this.log.log(`review-${act}`, detail, fact)
  }
}
