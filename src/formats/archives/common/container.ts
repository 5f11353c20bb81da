/**
 * What an opener is: one file and one line in EXTRACTORS. Runs in a child, over bytes at random access; writes no file, follows
 * no name. Whatever a container claims is bounded by the budget before it is believed.
 */

import type { Detail } from '../../../contracts/detail.ts'
import type { EntryKind, FileTime } from '../../../contracts/entry.ts'
import { notDone, type StageResult } from '../../../contracts/stage.ts'
import type { BudgetLimits } from '../../../wire/open.ts'
import type { MemberPart } from '../../../wire/open-part.ts'
import type { ByteSource } from '../../bytes/byte-source.ts'
import { CodedError, detailOf } from '../../bytes/coded-error.ts'

/** All of it, or its pieces in order where it may be too large to be held, or why it cannot be had. */
export type MemberContent = Buffer | AsyncIterable<Buffer> | DamagedContent | StageResult

/** What could be recovered of a member: not the bytes that were packed, or not all of them. */
export interface DamagedContent {
  readonly kind: 'damaged'
  readonly bytes: Buffer
  readonly detail: Detail
}

export function isDamaged(content: object | null): content is DamagedContent {
  return content !== null && 'kind' in content && content.kind === 'damaged'
}

export interface Member {
  readonly kind: MemberPart['kind']
  /** Raw bytes of the name as the container has it. */
  readonly name: Buffer
  readonly entryKind: EntryKind
  readonly sizeBytes: bigint
  readonly modified: FileTime | null
  readonly linkTarget: Buffer | null
  /** It stood in a row that was deleted. */
  readonly isDeleted?: true
  /** Null: nothing to read (directories, links). Call, and use up what it gives, before the next member. */
  readonly read: (() => Promise<MemberContent>) | null
}

/** Contents that lie beside a container and belong to it, by name; of one inside another there are none. */
export type Beside = ReadonlyMap<string, Buffer>

export const NO_COMPANIONS: Beside = new Map()

export interface Extractor {
  readonly id: string
  /** Media types as identify() names them. */
  readonly mediaTypes: readonly string[]
  /**
   * Members in the order they are stored.
   * @throws ContainerDamaged when it breaks off, ContainerEncrypted when even names are, ContainerNotBuilt, LimitReached from the budget
   */
  readonly members: (
    source: ByteSource,
    budget: Budget,
    beside?: Beside,
    /** Which of its types it is, where that says what the bytes do not. */
    mediaType?: string,
  ) => AsyncIterable<Member>
  /** Holds the whole container in memory: those over the byte limit are not opened. */
  readonly inMemory?: true
  /** Members of a container that comes in pieces, where its format needs no random access. */
  readonly streamed?: (pieces: AsyncIterable<Buffer>, budget: Budget) => AsyncIterable<Member>
}

export class ContainerDamaged extends CodedError {}
export class ContainerEncrypted extends Error {}
/** A kind of it that the opener does not know. */
export class ContainerNotBuilt extends CodedError {}

/** What there is too much of. */
export type Limited = 'members' | 'bytes' | 'ratio' | 'message-bytes' | 'message-depth'

export class LimitReached extends CodedError {
  readonly what: Limited
  readonly limit: number

  constructor(what: Limited, limit: number) {
    super({ code: 'over-container-limit', params: { what, limit } })
    this.what = what
    this.limit = limit
  }
}

/** A ratio means something only for more than a little: an empty 10 MiB text compresses a thousandfold honestly. */
const RATIO_FREE_BYTES = 64 * 1024 * 1024

/** What one container may still unfold into. */
export class Budget {
  readonly #limits: BudgetLimits
  readonly #ratioBytes: number
  #entries = 0
  #bytes = 0

  constructor(limits: BudgetLimits, containerBytes: number) {
    this.#limits = limits
    this.#ratioBytes = Math.max(containerBytes * limits.ratio, RATIO_FREE_BYTES)
  }

  /** @throws LimitReached */
  entry(): void {
    if (++this.#entries > this.#limits.entries) throw new LimitReached('members', this.#limits.entries)
  }

  /** @throws LimitReached */
  charge(bytes: number): void {
    this.#bytes += bytes
    if (this.#bytes > this.#limits.bytes) throw new LimitReached('bytes', this.#limits.bytes)
    if (this.#bytes > this.#ratioBytes) throw new LimitReached('ratio', this.#limits.ratio)
  }

  /** Bytes that may still come out. */
  get left(): number {
    return Math.max(0, Math.min(this.#limits.bytes, this.#ratioBytes) - this.#bytes)
  }

  /** Refuses before unpacking what would be refused anyway. @throws LimitReached */
  expect(bytes: number): void {
    const before = this.#bytes
    this.charge(bytes)
    this.#bytes = before
  }
}

/** The same pieces, each charged as it goes by. @throws LimitReached, or what the stream throws */
export async function* charged(stream: AsyncIterable<Buffer>, budget: Budget): AsyncGenerator<Buffer> {
  for await (const chunk of stream) {
    budget.charge(chunk.length)
    yield chunk
  }
}

/** A member's content in memory, whatever way it comes; damage on the way is its result. @throws LimitReached */
export async function wholeContent(member: Member): Promise<Buffer | StageResult | null> {
  const content = member.read === null ? null : await member.read()
  if (isDamaged(content)) return notDone('decode-failed', content.detail)
  if (content === null || Buffer.isBuffer(content) || !(Symbol.asyncIterator in content)) return content
  try {
    const chunks: Buffer[] = []
    for await (const chunk of content) chunks.push(chunk)
    return Buffer.concat(chunks)
  } catch (error) {
    return resultOfDamage(error)
  }
}

/** What a stream threw, as the member's result. @throws LimitReached */
export function resultOfDamage(error: unknown): StageResult {
  if (error instanceof LimitReached) throw error
  return notDone('decode-failed', detailOf(error))
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

export function wholeOf(source: ByteSource): Buffer {
  return source.read(0, source.sizeBytes)
}
