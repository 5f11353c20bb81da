/**
 * Checks the answers of reading processes. Before a content with a hit is written, a new process reads its bytes and
 * the main process hashes them. A random share of all other contents is read and hashed again the same way. Each run
 * generates the key of the draw and stores it in the ledger at the end.
 *
 * A process with a differing answer is ended. All its answers are read again, those not yet written and those in the
 * ledger.
 */
import { randomBytes } from 'node:crypto'
import { type AttributeParams, attribute } from '../contracts/attribute.ts'
import type { PlanOptions } from '../contracts/case.ts'
import type { Content, ReadOutcome } from '../contracts/content.ts'
import type { MatchResult, PendingRead, ReadBefore, ReadRecord } from '../contracts/ledger.ts'
import type { WhyAgain } from '../contracts/read-again.ts'
import { isEnvironmentDependent } from '../contracts/reason.ts'
import type { ReadQueue } from '../contracts/session.ts'
import { notDone } from '../contracts/stage.ts'
import { EntryIds } from './entry-ids.ts'
import { KeyedDraw } from './keyed-draw.ts'
import type { Readers } from './parts.ts'

/** Answer of a process about a content; `by`: number of the process. */
export interface Answered {
  readonly job: PendingRead
  readonly outcome: ReadOutcome
  readonly by?: number
}

/** Answer to write. Without `by`: a second process confirmed it, or it was replaced by a `not-done` result. */
export interface Held {
  readonly reading: Answered
  readonly match: MatchResult | null
}

interface Given {
  readonly readers: Pick<Readers, 'second' | 'distrust'>
  readonly match: (content: Content) => MatchResult
  readonly share: PlanOptions['readAgain'] | undefined
  readonly files: number
  readonly bytes: bigint
}

const NOBODY_ASKED = { of: 0, asked: 0, agreed: 0, unanswered: 0 }

export class Readings {
  readonly #given: Given
  readonly #key = randomBytes(32)
  readonly #draw = new KeyedDraw(this.#key)
  readonly #rates: Readonly<Record<'known' | 'other', number>>
  readonly #distrusted = new Set<number>()
  /** Written entries by the process that answered for them. */
  readonly #written = new Map<number, EntryIds>()
  readonly #counts = {
    hit: { ...NOBODY_ASKED },
    known: { ...NOBODY_ASKED },
    other: { ...NOBODY_ASKED },
    doubted: { ...NOBODY_ASKED },
  }
  #differing = 0

  constructor(given: Given) {
    this.#given = given
    this.#rates = { known: this.#rate('known'), other: this.#rate('other') }
  }

  get any(): boolean {
    return Object.values(this.#counts).some(({ of, asked }) => of + asked > 0)
  }

  get distrusted(): number {
    return this.#distrusted.size
  }

  isDistrusted({ by }: Answered): boolean {
    return by !== undefined && this.#distrusted.has(by)
  }

  /** Reason for a second reading before writing; null: the answer is accepted. Called once per reading. */
  why(reading: Answered, match: MatchResult | null): WhyAgain | null {
    if (this.isDistrusted(reading)) return 'doubted'
    // No process answered, or the machine failed: a second reading proves nothing about a process.
    const { result } = reading.outcome
    if (reading.by === undefined || ('reason' in result && isEnvironmentDependent(result.reason))) return null
    // All empty contents are equal and need no reader.
    if (reading.job.sizeBytes === 0n) return null
    const kind = kindOf(match)
    this.#counts[kind].of++
    return kind === 'hit' || this.#draw.isDrawn(reading.job.entryId, this.#rates[kind]) ? kind : null
  }

  /** @returns the answer to write. A process with a differing answer has been ended. */
  async ask(reading: Answered, match: MatchResult | null, why: WhyAgain): Promise<Held> {
    const { job, outcome } = reading
    const counts = this.#counts[why]
    const second = await this.#again(job, why !== 'hit', why === 'doubted' ? undefined : reading.by)
    counts.asked++
    if (isSame(outcome, second)) {
      counts.agreed++
      return { reading: { job, outcome }, match }
    }
    const { result } = second
    if (second.content === null && 'reason' in result && isEnvironmentDependent(result.reason)) {
      counts.unanswered++
      // An unconfirmed hit is not a hit. Other answers are kept and counted as unanswered.
      const isHeld = why === 'known' || why === 'other'
      return isHeld ? { reading, match } : { reading: { job, outcome: second }, match: null }
    }
    this.#differing++
    if (reading.by !== undefined) this.#distrust(reading.by)
    return { reading: { job, outcome: disagreed(outcome, second) }, match: null }
  }

  /** Remembers which process answered for a written entry, until the run ends. */
  written({ job, by }: Answered): void {
    if (by === undefined) return
    const ids = this.#written.get(by) ?? new EntryIds()
    this.#written.set(by, ids)
    ids.add(job.entryId)
  }

  /** Reads again all earlier answers of distrusted processes. Marks false or unverifiable answers in the ledger. */
  async *askWritten(session: ReadQueue, isOver: () => boolean): AsyncGenerator<void> {
    for (const by of this.#distrusted) {
      const ids = this.#written.get(by)
      this.#written.delete(by)
      for (const page of ids?.pages() ?? []) {
        const before = session.readBefore(page)
        const marks = await Promise.all(
          before.map((one) => (isOver() ? inDoubt(one.job, {}) : this.#askBefore(one))),
        )
        const doubted = marks.filter((mark) => mark !== null)
        if (doubted.length > 0) session.recordReads(doubted)
        yield
      }
    }
  }

  async #askBefore({ job, sha256, mediaType }: ReadBefore): Promise<ReadRecord | null> {
    const counts = this.#counts.doubted
    const { content } = await this.#again(job, true)
    counts.asked++
    if ((content?.digests.sha256 ?? null) === sha256 && (content?.mediaType ?? null) === mediaType) {
      counts.agreed++
      return null
    }
    if (content === null) counts.unanswered++
    else this.#differing++
    return inDoubt(job, this.#saidOf(content))
  }

  /** For the ledger: every value is text. */
  inWords(): Record<string, string> {
    const counts = Object.entries(this.#counts).flatMap(([kind, one]) =>
      Object.entries(one).map(([name, count]) => [`${kind}-${name}`, String(count)]),
    )
    return {
      ...Object.fromEntries(counts),
      differing: String(this.#differing),
      distrusted: String(this.#distrusted.size),
      key: this.#key.toString('hex'),
      rate: String(this.#rates.other),
      knownRate: String(this.#rates.known),
    }
  }

  /**
   * A process that does not parse the bytes passes them on, and this process hashes them. So a content that attacks
   * parsers reaches nothing here. Another process determines the media type, which selects the later stages.
   */
  async #again(job: PendingRead, typed: boolean, by?: number): Promise<ReadOutcome> {
    const { second } = this.#given.readers
    const hashed = await second.hashedHere(job)
    if (!typed || hashed.content === null) return hashed
    const digested = await second.digested(job, by)
    if (digested.content === null) return digested
    const { mediaType, hasAppended } = digested.content
    return { ...hashed, content: { ...hashed.content, mediaType, ...(hasAppended && { hasAppended }) } }
  }

  #saidOf(content: Content | null): AttributeParams<'read-in-doubt'> {
    if (content === null) return {}
    const [hit] = this.#given.match(content).hits.filter(({ meaning }) => meaning !== 'known')
    const { sha256 } = content.digests
    return hit === undefined ? { sha256 } : { sha256, list: hit.hashSet, meaning: hit.meaning }
  }

  #distrust(by: number): void {
    if (this.#distrusted.has(by)) return
    this.#distrusted.add(by)
    this.#given.readers.distrust(by)
  }

  /** Share to read again; higher for a small exhibit, as long as the amount stays small. */
  #rate(kind: 'known' | 'other'): number {
    const { share, files, bytes } = this.#given
    if (share === undefined) return 0
    const more = Math.min(share.least / Math.max(1, files), share.leastBytes / Math.max(1, Number(bytes)))
    return Math.min(1, Math.max(1 / (kind === 'known' ? share.oneInKnown : share.oneIn), more))
  }
}

function kindOf(match: MatchResult | null): 'hit' | 'known' | 'other' {
  const { hits = [], conflicts = [], suppressedBy = null } = match ?? {}
  if (conflicts.length > 0 || hits.some(({ meaning }) => meaning !== 'known')) return 'hit'
  return suppressedBy === null ? 'other' : 'known'
}

function isSame({ content: one, result }: ReadOutcome, { content: other, ...second }: ReadOutcome): boolean {
  if (one === null || other === null)
    return one === other && JSON.stringify(result) === JSON.stringify(second.result)
  const names = ['md5', 'sha1', 'sha256', 'blake3', 'ed2kRed', 'ed2kBlue'] as const
  // A hit is read again without its media type.
  const isTyped =
    other.mediaType === '' || (one.mediaType === other.mediaType && one.hasAppended === other.hasAppended)
  return (
    isTyped &&
    one.sizeBytes === other.sizeBytes &&
    names.every((name) => one.digests[name] === other.digests[name])
  )
}

function disagreed({ bytesRead }: ReadOutcome, second: ReadOutcome): ReadOutcome {
  const sha256 = second.content?.digests.sha256 ?? ''
  const detail = { code: 'second-reading', params: { sha256 } } as const
  return { result: notDone('readers-disagree', sha256 === '' ? null : detail), content: null, bytesRead }
}

function inDoubt({ entryId }: PendingRead, said: AttributeParams<'read-in-doubt'>): ReadRecord {
  return { entryId, outcome: null, match: null, named: [attribute('read-in-doubt', said)] }
}
