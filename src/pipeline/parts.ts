/** Services of a run for its pipeline steps (readers, children, lists, the text index), and the interface of a step. */

import type { Content, ReadOutcome } from '../contracts/content.ts'
import type { EvidencePath } from '../contracts/entry.ts'
import type { NearMatch, PerceptualHash } from '../contracts/finding.ts'
import type { MatchResult, PendingContent, PendingRead } from '../contracts/ledger.ts'
import type { Reading } from '../contracts/progress.ts'
import type { RecordDigests } from '../contracts/record.ts'
import type { HeldBefore } from '../contracts/shared-looks.ts'
import type { Phase, StageName, StageResult } from '../contracts/stage.ts'
import type { TextPlace } from '../contracts/text-place.ts'
import type { Claim } from '../host/decoder/digest-verification.ts'
import type { Looked, LookSource } from '../host/decoder/look-request.ts'
import type { Opened, Target } from '../host/decoder/open-answers.ts'
import type { Outer } from '../host/decoder/open-request.ts'
import type { RecordsRead } from '../host/decoder/records-request.ts'
import type { TextRead } from '../host/decoder/text-request.ts'
import type { ShardFolder } from '../host/shards/shard-folder.ts'
import type { CompanionFiles } from '../wire/companion-files.ts'
import type { LookShard } from '../wire/look-shard.ts'
import type { Lent } from '../wire/passed-content.ts'
import type { Run } from './run.ts'

export type EachDerived = (path: EvidencePath, bytes: Buffer) => Promise<void>

export interface Unpacker {
  derivedBytes(outer: Outer, paths: readonly EvidencePath[], each: EachDerived): Promise<StageResult>
}

export interface Held {
  readonly lent: Lent
  release(): Promise<StageResult | null>
}

export interface ContentReader {
  bytes(job: PendingRead, maxBytes: number): Promise<{ readonly bytes: Buffer } | StageResult>
  /** Opens a content that is too large for memory. `release` reports whether the file changed. */
  hold(job: PendingRead): Promise<Held | StageResult>
}

export interface Readers {
  readAll(
    pages: AsyncIterable<readonly PendingRead[]>,
  ): AsyncIterable<readonly { job: PendingRead; outcome: ReadOutcome; by?: number }[]>
  /** Access times of read files may have changed. */
  readonly atimeTouched: boolean
  /** Reads a content again, in processes that have not read it before. */
  readonly second: {
    hashedHere(job: PendingRead): Promise<ReadOutcome>
    digested(job: PendingRead, notBy: number | undefined): Promise<ReadOutcome>
  }
  /** Ends the process with this number. */
  distrust(by: number): void
  /** Number of processes killed because a read did not return. */
  readonly givenUp: number
  /** The largest content that is being read by itself; null: no such content. */
  readonly reading: Reading | null
  /** Tells the readers how many files the inventory has found so far. */
  expect(files: number): void
  /** Tells the readers that no reading follows for now. */
  rest(): void
}

export interface Unfolder {
  /** @param gained receives the number of members so far */
  openAll(
    outer: Outer,
    targets: readonly Target[],
    gained?: (members: number) => void,
  ): Promise<readonly Opened[]>
  /** Verifies digests in other children. @returns the results of claims that were not confirmed */
  verifyDigests(outer: Outer, claims: readonly Claim[]): Promise<ReadonlyMap<Claim, StageResult>>
}

export interface Looker extends Unpacker {
  look(content: PendingContent, source: LookSource): Promise<Looked>
}

/** Hosts that analyse contents of this image, and how they are reached. */
export interface LookHosts {
  /** The analysis that a child of such a host answered. @throws ImplausibleReply */
  readonly looked: (header: unknown, cells: Buffer) => Looked
  /** Facts that every shard states. */
  readonly about: Pick<LookShard, 'class' | 'image'>
  /** Of each answer at least so many are analysed again here, drawn at random after it has come: 1 to 100, in percent. */
  readonly checkedPercent: number
  /** Of an earlier part of the run. */
  readonly before: HeldBefore
  readonly exchange: Pick<ShardFolder, 'offer' | 'withdraw' | 'clear' | 'isTaken' | 'isAnswered' | 'answerOf'>
}

/** Lookups in the lists for results of the media analysis. */
export interface LookLists {
  readonly match: (content: Content) => MatchResult
  /** Near matches of a content from its perceptual hashes; null if no list has perceptual hashes. */
  readonly near: ((hashes: readonly PerceptualHash[]) => readonly NearMatch[]) | null
}

export interface TextReaders extends Unpacker {
  /** @param logs companion files of a database */
  readText(content: PendingContent, source: LookSource, logs: CompanionFiles): Promise<TextRead>
}

export interface RecordReaders extends Unpacker {
  /** @param logs companion files of a database */
  readRecords(content: PendingContent, source: LookSource, logs: CompanionFiles): Promise<RecordsRead>
}

/** Index for text search. Added text is stored when `commit` returns; adding a content twice changes nothing. */
export interface TextIndex {
  add(content: Content, text: string, language: string | null, places: readonly TextPlace[]): void
  commit(): void
}

/**
 * Services for reading, hash lookup and analysis. The caller opens them before the pipeline starts, and closes them.
 */
export interface Parts {
  readonly readers: Readers & ContentReader
  readonly match: (content: Content) => MatchResult
  readonly near: LookLists['near']
  /** Hits and conflicts for digests that a record names; `sizeBytes` null: the record has no size. */
  readonly named: (digests: RecordDigests, sizeBytes: bigint | null) => MatchResult
  /** Each starts when the first content needs one of its kind: children are expensive. */
  readonly children: Looker & Unfolder & TextReaders & RecordReaders
  /** Absent or null: this host alone. */
  readonly lookHosts?: LookHosts | null
  /** Created when text is read, which needs a legal basis in the plan. */
  readonly textIndex: () => TextIndex
}

/** One step of the pipeline: its phase, its stages and its work. It continues from the state in the ledger. */
export interface PipelineStep {
  readonly phase: Phase
  /** Stages with results from this step; it runs if any of them was requested. Empty: inventory, which always runs. */
  readonly stages: readonly StageName[]
  readonly run: (run: Run, parts: Parts) => Promise<void>
}
