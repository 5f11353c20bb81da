/**
 * What the reviews of one ledger in one process have in common: its contents, the index of near copies, and what the rule of
 * rescue says. It does not change while the ledger is reviewed, so that persons at work on one case share it.
 */
import type { Priority } from '../contracts/finding.ts'
import type { LedgerReader } from '../contracts/ledger-reader.ts'
import { openForReading, type ReadableDatabase, SMALL_CACHE_KIB } from '../ledger/format/open-readonly.ts'
import { ContentLookup } from '../ledger/read/content-lookup.ts'
import { SearchFacts } from '../ledger/read/search-facts.ts'
import { closedContents } from '../privilege/quarantine.ts'
import { Catalogue } from './catalogue.ts'
import { RescueProposals } from './rescue-proposals.ts'
import { Stacks } from './stacks.ts'

export class ReviewedLedger {
  readonly ledger: LedgerReader
  readonly catalogue: Catalogue
  readonly rescue: RescueProposals
  /** Numbers of contents in quarantine, which no view shows; `listed`: of these, on lists. */
  readonly closed: { readonly contents: number; readonly listed: number }
  readonly #file: ReadableDatabase
  #stacks: Stacks | null = null
  #facts: SearchFacts | null = null
  #lookup: ContentLookup | null = null

  /**
   * @param priorities by id; default: those of the ledger's plan and facts
   * @param sources ledgers of the exhibits that a joined ledger was made of
   */
  constructor(
    ledger: LedgerReader,
    priorities?: ReadonlyMap<number, Priority>,
    sources: readonly LedgerReader[] = [ledger],
  ) {
    this.ledger = ledger
    const { sha256, listed } = closedContents(sources)
    this.closed = { contents: sha256.size, listed: listed.size }
    this.#file = openForReading(ledger.path, SMALL_CACHE_KIB)
    this.catalogue = Catalogue.of(ledger, priorities)
    this.rescue = new RescueProposals(ledger, this.catalogue)
  }

  get db() {
    return this.#file.db
  }

  get facts(): SearchFacts {
    this.#facts ??= new SearchFacts(this.ledger.path, this.ledger.plan, SMALL_CACHE_KIB)
    return this.#facts
  }

  get lookup(): ContentLookup {
    this.#lookup ??= new ContentLookup(this.ledger.path)
    return this.#lookup
  }

  get stacks(): Stacks {
    this.#stacks ??= new Stacks(this.catalogue, this.db)
    return this.#stacks
  }

  /** Frees the open files. */
  close(): void {
    this.rescue.close()
    this.#file.close()
    this.#facts?.close()
    this.#lookup?.close()
  }
}
