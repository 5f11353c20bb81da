/** The parts that a stage may ask: readers, children, lists, the text index; and what a stage is. Opened before the line starts, closed by whoever opened them. */

import type { Content, ReadOutcome } from '../contracts/content.ts'
import type { EvidencePath } from '../contracts/entry.ts'
import type { NearMatch, PerceptualHash } from '../contracts/finding.ts'
import type { MatchResult, PendingContent, PendingRead } from '../contracts/ledger.ts'
import type { Reading } from '../contracts/progress.ts'
import type { RecordDigests } from '../contracts/record.ts'
import type { Phase, StageName, StageResult } from '../contracts/stage.ts'
import type { Claim } from '../host/decoder/digest-verification.ts'
import type { Handed } from '../host/decoder/feeder.ts'
import type { Looked, LookSource } from '../host/decoder/look-request.ts'
import type { Opened, Target } from '../host/decoder/open-answers.ts'
import type { Outer } from '../host/decoder/open-request.ts'
import type { RecordsRead } from '../host/decoder/records-request.ts'
import type { TextRead } from '../host/decoder/text-request.ts'
import type { CompanionFiles } from '../wire/companion-files.ts'
import type { LookQuestion } from '../wire/look-reply.ts'
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
  /** For what is too large for memory. `release` says whether the file stayed as it was. */
  hold(job: PendingRead): Promise<Held | StageResult>
}

export interface Readers {
  readAll(
    pages: AsyncIterable<readonly PendingRead[]>,
  ): AsyncIterable<readonly { job: PendingRead; outcome: ReadOutcome; by?: number }[]>
  /** Access times of what was read may have changed. */
  readonly atimeTouched: boolean
  /** One content again, by processes that have not answered for it. */
  readonly second: {
    hashedHere(job: PendingRead): Promise<ReadOutcome>
    digested(job: PendingRead, notBy: number | undefined): Promise<ReadOutcome>
  }
  /** Ends the process that answered under this number. */
  distrust(by: number): void
  /** Processes killed because a read did not return. */
  readonly givenUp: number
  /** The largest of the contents that are being read one by one; null: none is. */
  readonly reading: Reading | null
  /** Nothing more is to be read for now. */
  rest(): void
}

export interface Unfolder {
  /** @param gained told how many members there are so far */
  openAll(
    outer: Outer,
    targets: readonly Target[],
    gained?: (members: number) => void,
  ): Promise<readonly Opened[]>
  /** By other children. @returns what became of the claims that could not be confirmed */
  verifyDigests(outer: Outer, claims: readonly Claim[]): Promise<ReadonlyMap<Claim, StageResult>>
}

export interface Looker extends Unpacker {
  /** @param isShared whether the look of another picture stands for this one; left out: models look in any case */
  look(
    content: PendingContent,
    source: LookSource,
    isShared?: (question: LookQuestion) => Promise<boolean>,
  ): Promise<Looked>
}

/** What is asked of the lists about what a look finds. */
export interface LookLists {
  readonly match: (content: Content) => MatchResult
  /** Near matches of a content from its perceptual hashes; null when no list has any. */
  readonly near: ((hashes: readonly PerceptualHash[]) => readonly NearMatch[]) | null
}

export interface TextReaders extends Unpacker {
  /** @param logs that lie beside it, where it is a database */
  readText(content: PendingContent, source: Buffer | Handed, logs: CompanionFiles): Promise<TextRead>
}

export interface RecordReaders extends Unpacker {
  /** @param logs that lie beside it, where it is a database */
  readRecords(content: PendingContent, source: LookSource, logs: CompanionFiles): Promise<RecordsRead>
}

/** Where text goes to be searched. What was added is safe once `commit` returns; adding a content twice changes nothing. */
export interface TextIndex {
  add(content: Content, text: string, language: string | null): void
  commit(): void
}

/** The parts that read, match and look. Opened before the line starts, closed by whoever opened them. */
export interface Parts {
  readonly readers: Readers & ContentReader
  readonly match: (content: Content) => MatchResult
  readonly near: LookLists['near']
  /** What lists say of digests that a record names; `sizeBytes` null: it does not say. */
  readonly named: (digests: RecordDigests, sizeBytes: bigint | null) => MatchResult
  /** Started once, when the first content needs them: children are dear. */
  readonly children: () => Promise<Looker & Unfolder & TextReaders & RecordReaders>
  /** Made when text is read, which needs a legal basis in the plan. */
  readonly textIndex: () => TextIndex
}

/** One stretch of the straight line: what it is for, and the work. Takes up where the ledger says it stands. */
export interface PipelineStep {
  readonly phase: Phase
  /** Stages that it gives results of; the first decides whether it is asked for. None: inventory, which always runs. */
  readonly stages: readonly StageName[]
  readonly run: (run: Run, parts: Parts) => Promise<void>
}
