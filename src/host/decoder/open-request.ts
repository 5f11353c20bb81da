import type { Limits } from '../../contracts/case.ts'
import type { Content } from '../../contracts/content.ts'
import type { EvidencePath } from '../../contracts/entry.ts'
import type { PrivilegedSenders } from '../../contracts/privilege.ts'
import { notDone, type StageResult } from '../../contracts/stage.ts'
import { ImplausibleReply } from '../../wire/implausible.ts'
import type { BudgetLimits, OpenHeader } from '../../wire/open.ts'
import { isClosed, openPart } from '../../wire/open-part.ts'
import { isLent, type Lent } from '../../wire/passed-content.ts'
import { type CompanionsAt, insideOf } from './companions-inside.ts'
import { givenOf, type Handed, isHanded } from './feeder.ts'
import { secretsFor } from './file-keys.ts'
import type { Job, ReplyLimits } from './job.ts'
import { type JobPool, resultOfEnd } from './job-pool.ts'
import { Answers, type Opened, type Target } from './open-answers.ts'

/** A content of the exhibit in which derived contents are: its bytes, its feeder or its open descriptor. */
export interface Outer {
  readonly path: EvidencePath
  readonly content: Content
  readonly source: Buffer | Handed | Lent
  readonly band: number
  /** Companion files, such as the log of a database; absent for a content that is passed by a feeder. */
  readonly beside?: readonly { readonly name: string; readonly bytes: Buffer }[]
  readonly companionsAt?: CompanionsAt
  /** Media type of the content at a path, from the ledger; null: there is none. Decides which secrets a child is sent. */
  readonly typeAt?: (path: Buffer) => string | null
}

/**
 * Lists the members of every target inside one top-level content. A child that dies costs only the target in
 * which it died: targets without an answer are requested again one by one.
 * @param gained called with the number of members so far, at each member
 */
export async function openAll(
  pool: JobPool,
  outer: Outer,
  targets: readonly Target[],
  limits: Limits,
  privileged: PrivilegedSenders | null = null,
  gained: (members: number) => void = () => {},
): Promise<Opened[]> {
  const bySuffix = new Map(targets.map((target) => [suffixOf(outer, target.path), target]))
  const job = jobFor(pool, outer, [...bySuffix.keys()], 'list', targets, limits, privileged)
  const { secrets = [] } = job.header as OpenHeader
  const sent = new Map(secrets.map(({ number, kind }) => [number, kind]))
  let attempt = 1
  let answers = new Answers(bySuffix, outer.band, sent)
  const outcome = await pool.run({
    ...job,
    onPart: (part, _bytes, current) => {
      if (current !== attempt) answers = new Answers(bySuffix, outer.band, sent)
      attempt = current
      answers.take(openPart(part))
      gained(answers.memberCount)
    },
  })
  // Members reported before an implausible message are dropped too.
  if (!outcome.done && outcome.implausible) answers = new Answers(bySuffix, outer.band, sent)
  const left = targets.filter((target) => !answers.has(target))
  if (left.length === 0) return answers.all()
  const failed: StageResult = outcome.done
    ? notDone('decoder-crashed', { code: 'no-answer', params: {} })
    : resultOfEnd(outcome)
  if (targets.length === 1) return [{ target: left[0]!, members: [], result: failed }]
  const again: Opened[] = []
  for (const target of left) again.push(...(await openAll(pool, outer, [target], limits, privileged, gained)))
  return [...answers.all(), ...again]
}

/**
 * Passes the bytes of derived contents inside one top-level content to `each`, one at a time. A derived content
 * that the child did not reach is skipped. The result is `encrypted` where a closed container holds all that was skipped.
 */
export async function derivedBytes(
  pool: JobPool,
  outer: Outer,
  paths: readonly EvidencePath[],
  limits: Limits,
  each: (path: EvidencePath, bytes: Buffer) => void | Promise<void>,
): Promise<StageResult> {
  const bySuffix = new Map(paths.map((path) => [suffixOf(outer, path), path]))
  const budgets = paths.map((path) => wantedOf(path, limits))
  let attempt = 1
  let left = new Map(bySuffix)
  let closed = new Set<string>()
  const outcome = await pool.run({
    ...jobFor(pool, outer, [...bySuffix.keys()], 'bytes', budgets, limits),
    onPart: async (part, bytes, current) => {
      if (current !== attempt) {
        left = new Map(bySuffix)
        closed = new Set()
      }
      attempt = current
      const said = openPart(part)
      const { type, target: suffix } = said
      const path = left.get(suffix)
      if (path && isClosed(said)) return void closed.add(suffix)
      if (!path || type !== 'bytes') throw new ImplausibleReply('bytes that nobody asked for')
      left.delete(suffix)
      await each(path, bytes)
    },
  })
  if (!outcome.done) return resultOfEnd(outcome)
  const isLocked = closed.size > 0 && [...left.keys()].every((suffix) => closed.has(suffix))
  return isLocked ? notDone('encrypted') : { result: 'done' }
}

/** Takes a content of any size in pieces and keeps none of them. */
export interface PieceTaker {
  /** @throws ImplausibleReply where more bytes come than the content may have */
  take(piece: Buffer): void
  /** Called after the last piece. */
  whole(): void
}

const PIECE_BYTES = 1 << 20
/** Extractors emit the pieces of their streams, which are rarely smaller. */
const LEAST_PIECE_BYTES = 4096

/**
 * Passes the bytes of one derived content, in order.
 * @param sizeBytes largest size of the content
 * @param taker makes a new taker for each attempt: a child that ends may have passed a part
 */
export async function derivedPieces(
  pool: JobPool,
  outer: Outer,
  path: EvidencePath,
  sizeBytes: number,
  limits: Limits,
  taker: () => PieceTaker,
): Promise<StageResult> {
  const suffix = suffixOf(outer, path)
  const job = jobFor(pool, outer, [suffix], 'pieces', [wantedOf(path, limits)], limits)
  const { headerBytes } = job.reply
  const frames = Math.ceil(sizeBytes / LEAST_PIECE_BYTES) + 16
  let attempt = 0
  let taking = taker()
  let isLocked = false
  const outcome = await pool.run({
    ...job,
    reply: { headerBytes, payloadBytes: PIECE_BYTES, totalBytes: sizeBytes + frames * headerBytes },
    onPart: (part, piece, current) => {
      if (current !== attempt) [taking, isLocked] = [taker(), false]
      attempt = current
      const said = openPart(part)
      const { type, target } = said
      if (target !== suffix) throw new ImplausibleReply('bytes that nobody asked for')
      if (isClosed(said)) isLocked = true
      else if (type === 'piece') taking.take(piece)
      else if (type === 'whole') taking.whole()
      else throw new ImplausibleReply('no piece of the content that was asked for')
    },
  })
  if (!outcome.done) return resultOfEnd(outcome)
  return isLocked ? notDone('encrypted') : { result: 'done' }
}

/** Target for a content whose bytes are requested: it has the whole budget, because none of it is used up yet. */
function wantedOf(path: EvidencePath, limits: Limits): Target {
  return { path, budget: budgetOf(limits, { entries: 0, bytes: 0n }), packedBytes: 0 }
}

/** Limits minus the entries and bytes that this top-level file has unpacked already. */
export function budgetOf(
  limits: Limits,
  used: { readonly entries: number; readonly bytes: bigint },
): BudgetLimits {
  return {
    entries: Math.max(0, limits.containerEntries - used.entries),
    bytes: Math.max(0, limits.containerBytes - Number(used.bytes)),
    ratio: limits.containerRatio,
  }
}

// IPED allows a parser 180 s and 2 s more for each MB (its ParsingTaskConfig); unpacking gets a part of that.
const CPU_MS_PER_BYTE = 1 / 1000

function jobFor(
  pool: JobPool,
  outer: Outer,
  targets: readonly string[],
  mode: OpenHeader['mode'],
  wanted: readonly Target[],
  limits: Limits,
  privileged: PrivilegedSenders | null = null,
): Job {
  const { source, content, beside = [] } = outer
  const more = beside.map(({ bytes }) => bytes)
  const secrets = secretsFor(
    pool,
    outer,
    wanted.map(({ path }) => path),
    mode === 'list',
  )
  const header: OpenHeader = {
    mediaType: outer.content.mediaType,
    mode,
    targets,
    budgets: wanted.map(({ budget }) => budget),
    privileged,
    heldBytes: limits.lookBytes,
    ...insideOf(outer, wanted, mode),
    ...(secrets.length > 0 ? { secrets } : {}),
    ...(beside.length > 0
      ? { beside: beside.map(({ name, bytes }) => ({ name, bytes: bytes.length })) }
      : {}),
  }
  const bytes = more.reduce((sum, one) => sum + one.length, Number(content.sizeBytes))
  const cpuMs = limits.decodeCpuMs + bytes * CPU_MS_PER_BYTE
  const common = { op: 'open', header, cpuMs, reply: replyLimits(header) }
  if (isLent(source)) return { ...common, bytes: Buffer.concat(more), sha256: null, lent: source }
  return isHanded(source) || more.length === 0
    ? { ...common, ...givenOf(source), sha256: content.digests.sha256 }
    : // Several joined contents have no digest in the ledger; each was checked when it was read.
      { ...common, bytes: Buffer.concat([source, ...more]), sha256: null }
}

// Size of one member's message: name and link target as JSON, six bytes for a control character, and a kilobyte
// for all other fields.
const MEMBER_BYTES = 2 * 6 * 65_535 + 1024
/** Of a usual member, digests included. */
const USUAL_MEMBER_BYTES = 2048

/** Reply limits of one job. Members are kept until all have arrived; bytes are passed one content at a time. */
function replyLimits({ mode, targets, budgets, heldBytes }: OpenHeader): ReplyLimits {
  const targetBytes = Math.max(0, ...targets.map((target) => Buffer.byteLength(JSON.stringify(target))))
  if (mode !== 'list') {
    const headerBytes = targetBytes + 1024
    return {
      headerBytes,
      payloadBytes: heldBytes,
      totalBytes: (headerBytes + heldBytes) * (targets.length + 1),
    }
  }
  const members = Math.max(0, ...budgets.map(({ entries }) => entries))
  const headerBytes = targetBytes + MEMBER_BYTES
  return {
    headerBytes,
    payloadBytes: 0,
    totalBytes: 64 * MEMBER_BYTES + members * (USUAL_MEMBER_BYTES + targetBytes),
  }
}

function suffixOf(outer: Outer, path: EvidencePath): string {
  return path.bytes.toString('latin1', outer.path.bytes.length)
}
