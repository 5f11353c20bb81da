/**
 * Contract of an extractor: one file and one row in EXTRACTORS. An extractor runs in a child process and reads bytes
 * at random access. It writes no file and follows no name. The budget limits every size before the extractor uses it.
 */

import type { Detail } from '../../../contracts/detail.ts'
import type { EntryKind, FileTime } from '../../../contracts/entry.ts'
import { notDone, type StageResult } from '../../../contracts/stage.ts'
import { type BudgetLimits, RATIO_FREE_BYTES } from '../../../wire/open.ts'
import type { MemberPart } from '../../../wire/open-part.ts'
import type { ByteSource } from '../../bytes/byte-source.ts'
import { CodedError, detailOf } from '../../bytes/coded-error.ts'
import type { Keys } from './keys.ts'

/**
 * The complete content; or its pieces in order, when it may be too large for memory; or the reason why it is not
 * available.
 */
export type MemberContent = Buffer | AsyncIterable<Buffer> | DamagedContent | StageResult

/** Recovered part of a member: the bytes are incomplete, or differ from the original bytes. */
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
  /** Raw bytes of the name in the container. */
  readonly name: Buffer
  readonly entryKind: EntryKind
  readonly sizeBytes: bigint
  readonly modified: FileTime | null
  readonly linkTarget: Buffer | null
  /** The member comes from a deleted row. */
  readonly isDeleted?: true
  /** Null: the member has no content (directory, link). Call it, and consume the result, before the next member. */
  readonly read: (() => Promise<MemberContent>) | null
}

/** Companion files of a container, by name. */
export type Beside = ReadonlyMap<string, Buffer>

export const NO_COMPANIONS: Beside = new Map()

export interface Extractor {
  readonly id: string
  /** Media types in the spelling of identify(). */
  readonly mediaTypes: readonly string[]
  /**
   * Members in stored order.
   * @throws ContainerDamaged when the container is truncated or corrupt; ContainerEncrypted when even the names are
   *   encrypted; ContainerNotBuilt; LimitReached from the budget
   */
  readonly members: (
    source: ByteSource,
    budget: Budget,
    beside?: Beside,
    /** Media type of the container, when the caller knows it and the bytes do not tell. */
    mediaType?: string,
    /** Secrets for a locked file. */
    keys?: Keys,
  ) => AsyncIterable<Member>
  /** The extractor loads the whole container into memory. Containers over the byte limit are not opened. */
  readonly inMemory?: true
  /** Members of a container that arrives in pieces; only for formats that need no random access. */
  readonly streamed?: (pieces: AsyncIterable<Buffer>, budget: Budget) => AsyncIterable<Member>
}

export class ContainerDamaged extends CodedError {}
export { ContainerEncrypted } from './keys.ts'
/** The extractor does not support this variant of the format. */
export class ContainerNotBuilt extends CodedError {}

/** The limit that was exceeded. */
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

/** Counts the members and bytes that one container may still produce. */
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

  /** Bytes that the container may still produce. */
  get left(): number {
    return Math.max(0, Math.min(this.#limits.bytes, this.#ratioBytes) - this.#bytes)
  }

  /** Checks a stated size before unpacking, without charging it. @throws LimitReached */
  expect(bytes: number): void {
    const before = this.#bytes
    this.charge(bytes)
    this.#bytes = before
  }
}

/** Passes the pieces through and charges each to the budget. @throws LimitReached, or the error of the stream */
export async function* charged(stream: AsyncIterable<Buffer>, budget: Budget): AsyncGenerator<Buffer> {
  for await (const chunk of stream) {
    budget.charge(chunk.length)
    yield chunk
  }
}

/** Content of a member in memory. Damage while reading becomes the result of the member. @throws LimitReached */
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

/** Converts the error of a stream into the result of the member. @throws LimitReached */
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
