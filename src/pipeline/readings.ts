/**
 * Whether a reading process told the truth. What it says of a content that a list speaks of is made again from bytes that a fresh
 * process hands over and this one hashes, before it is written; a share of all else is read and hashed again by a fresh process. The
 * key of the draw is made here for each run, and stands in the ledger afterwards.
 *
 * A process that said something else is ended: nothing that it said is written, or stays as it was, without being asked again.
 */
import { randomBytes } from 'node:crypto'
import { type AttributeParams, attribute } from '../contracts/attribute.ts'
import type { PlanOptions } from '../contracts/case.ts'
import type { Content, ReadOutcome } from '../contracts/content.ts'
import type { MatchResult, PendingRead, ReadBefore, ReadRecord, Session } from '../contracts/ledger.ts'
import type { WhyAgain } from '../contracts/read-again.ts'
import { isEnvironmentDependent } from '../contracts/reason.ts'
import { notDone } from '../contracts/stage.ts'
import { EntryIds } from './entry-ids.ts'
import { KeyedDraw } from './keyed-draw.ts'
import type { Readers } from './parts.ts'

/** What a process said of a content; `by` which one. */
export interface Answered {
  readonly job: PendingRead
  readonly outcome: ReadOutcome
  readonly by?: number
}

/** What is written of it. Without `by`: a second process has confirmed it, or it is not believed. */
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
  /** Entries that each process answered for and that are written. */
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

  /** Why it is asked again before it is written; null: it is believed. Called once for each reading. */
  why(reading: Answered, match: MatchResult | null): WhyAgain | null {
    if (this.isDistrusted(reading)) return 'doubted'
    // Nobody answered, or the machine did: asking again says nothing about a process.
    const { result } = reading.outcome
    if (reading.by === undefined || ('reason' in result && isEnvironmentDependent(result.reason))) return null
    // Every empty content is the same, and needs no reader.
    if (reading.job.sizeBytes === 0n) return null
    const kind = kindOf(match)
    this.#counts[kind].of++
    return kind === 'hit' || this.#draw.isDrawn(reading.job.entryId, this.#rates[kind]) ? kind : null
  }

  /** @returns what is to be written; the process has been ended where it said something else */
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
      // A hit that nobody could confirm is none; all else stands as it was said, and is counted.
      const isHeld = why === 'known' || why === 'other'
      return isHeld ? { reading, match } : { reading: { job, outcome: second }, match: null }
    }
    this.#differing++
    if (reading.by !== undefined) this.#distrust(reading.by)
    return { reading: { job, outcome: disagreed(outcome, second) }, match: null }
  }

  /** The process that answered is known for as long as the run goes on. */
  written({ job, by }: Answered): void {
    if (by === undefined) return
    const ids = this.#written.get(by) ?? new EntryIds()
    this.#written.set(by, ids)
    ids.add(job.entryId)
  }

  /** Asks again for what distrusted processes had said before, and marks in the ledger what was false, or could not be asked. */
  async *askWritten(session: Session, isOver: () => boolean): AsyncGenerator<void> {
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
   * Bytes from a process that never looks at them, hashed here: a content that takes over whoever parses it reaches nothing there. Its
   * media type, which decides what looks at it later, from another one that does.
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

  /** Of a small exhibit more, as long as that reads little. */
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
  // Of a hit it is not asked.
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
