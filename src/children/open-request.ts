/**
 * What the main process asks of the `open` operation, and the check on what comes back: every name, length and digest is
 * bounded and rebuilt here before it can reach a ledger.
 */
import { bareEntry } from '../base/bare-entry.ts'
import { childPath } from '../base/evidence-path.ts'
import { printable } from '../base/printable.ts'
import type { Limits } from '../contracts/case.ts'
import type { Content, Digests, ReadOutcome } from '../contracts/content.ts'
import type { Entry, EntryKind, EvidencePath, FileTime } from '../contracts/entry.ts'
import type { PrivilegedSenders } from '../contracts/privilege.ts'
import type { StageResult } from '../contracts/stage.ts'
import type { BudgetLimits, OpenHeader, OpenPart } from '../wire/open.ts'
import { checkedResult, ImplausibleReply, oneOf } from './checked-reply.ts'
import type { Job } from './job.ts'
import { type JobPool, notDone } from './job-pool.ts'

/** A content that was read from the exhibit, with its bytes or held open: what derived contents lie in. */
export interface Outer {
  readonly path: EvidencePath
  readonly content: Content
  readonly source: Buffer | { readonly fd: number }
  readonly band: number
}

export interface Target {
  readonly path: EvidencePath
  readonly budget: BudgetLimits
}

export interface Derived {
  readonly entry: Entry
  readonly outcome: ReadOutcome
}

export interface Opened {
  readonly target: Target
  readonly members: readonly Derived[]
  readonly result: StageResult
  /** Where in the target an archive begins that was appended to it. */
  readonly appendedAt?: number
}

/**
 * Lists the members of every target inside one outer content. A child that dies takes only the target it died in with
 * it: targets without an answer are asked again one by one.
 */
export async function openAll(
  pool: JobPool,
  outer: Outer,
  targets: readonly Target[],
  limits: Limits,
  privileged: PrivilegedSenders | null = null,
): Promise<Opened[]> {
  const bySuffix = new Map(targets.map((target) => [suffixOf(outer, target.path), target]))
  let attempt = 1
  let answers = new Answers(bySuffix, outer.band)
  let implausible: Error | null = null
  const outcome = await pool.run({
    ...jobFor(outer, [...bySuffix.keys()], 'list', targets, limits, privileged),
    onPart: (part, _bytes, current) => {
      if (current !== attempt) {
        answers = new Answers(bySuffix, outer.band)
        implausible = null
      }
      attempt = current
      if (implausible !== null) return
      try {
        answers.take(part as OpenPart)
      } catch (error) {
        // A process that the content has taken over costs that content, not the run.
        implausible = error as Error
      }
    },
  })
  if (implausible !== null) answers = new Answers(bySuffix, outer.band)
  const left = targets.filter((target) => !answers.has(target))
  if (left.length === 0) return answers.all()
  const failed: StageResult =
    outcome.done || implausible !== null
      ? { result: 'not-done', reason: 'decoder-crashed', detail: detailOf(implausible) }
      : notDone(outcome)
  if (targets.length === 1) return [{ target: left[0]!, members: [], result: failed }]
  const again: Opened[] = []
  for (const target of left) again.push(...(await openAll(pool, outer, [target], limits, privileged)))
  return [...answers.all(), ...again]
}

function detailOf(implausible: Error | null): string {
  return implausible === null
    ? 'it ended without an answer'
    : `the answer made no sense: ${printable(implausible.message, 100)}`
}

/**
 * Hands the bytes of derived contents inside one outer content to `each`, one at a time; a derived content that the
 * child did not reach is not handed over.
 */
export async function derivedBytes(
  pool: JobPool,
  outer: Outer,
  paths: readonly EvidencePath[],
  limits: Limits,
  each: (path: EvidencePath, bytes: Buffer) => void | Promise<void>,
): Promise<StageResult> {
  const bySuffix = new Map(paths.map((path) => [suffixOf(outer, path), path]))
  const budgets = paths.map((path) => ({ path, budget: budgetOf(limits, { entries: 0, bytes: 0n }) }))
  const outcome = await pool.run({
    ...jobFor(outer, [...bySuffix.keys()], 'bytes', budgets, limits),
    onPart: async (part, bytes) => {
      const path = bySuffix.get((part as OpenPart | null)?.target ?? '')
      if (path) await each(path, bytes)
    },
  })
  return outcome.done ? { result: 'done' } : notDone(outcome)
}

/** What is left of the limits after what this outer file has unfolded into already. */
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

// IPED allows a parser 180 s and 2 s more for each MB (its ParsingTaskConfig); unpacking is given a share of that.
const CPU_MS_PER_BYTE = 1 / 1000

function jobFor(
  outer: Outer,
  targets: readonly string[],
  mode: OpenHeader['mode'],
  wanted: readonly Target[],
  limits: Limits,
  privileged: PrivilegedSenders | null = null,
): Job {
  const header: OpenHeader = {
    mediaType: outer.content.mediaType,
    mode,
    targets,
    budgets: wanted.map(({ budget }) => budget),
    privileged,
    heldBytes: limits.lookBytes,
  }
  const { source, content } = outer
  const cpuMs = limits.decodeCpuMs + Number(content.sizeBytes) * CPU_MS_PER_BYTE
  const common = { op: 'open', header, cpuMs }
  return Buffer.isBuffer(source)
    ? { ...common, bytes: source, sha256: content.digests.sha256 }
    : { ...common, bytes: Buffer.alloc(0), sha256: null, fd: source.fd }
}

function suffixOf(outer: Outer, path: EvidencePath): string {
  return path.bytes.toString('latin1', outer.path.bytes.length)
}

/** Collects the pieces of one attempt. */
class Answers {
  readonly #targets: ReadonlyMap<string, Target>
  readonly #band: number
  readonly #members = new Map<string, Derived[]>()
  readonly #opened = new Map<string, Opened>()

  constructor(targets: ReadonlyMap<string, Target>, band: number) {
    this.#targets = targets
    this.#band = band
  }

  take(part: OpenPart): void {
    const target = this.#targets.get(part.target)
    if (!target || part.type === 'bytes') throw new ImplausibleReply('a target that nobody asked for')
    const members = this.#members.get(part.target) ?? []
    this.#members.set(part.target, members)
    if (part.type === 'opened')
      this.#opened.set(part.target, {
        target,
        members,
        result: checkedResult(part.result),
        ...(Number.isSafeInteger(part.appendedAt) && { appendedAt: part.appendedAt! }),
      })
    else members.push(checkedMember(target, part, this.#band))
  }

  has(target: Target): boolean {
    return [...this.#opened.values()].some((opened) => opened.target === target)
  }

  all(): Opened[] {
    return [...this.#opened.values()]
  }
}

type MemberPart = Extract<OpenPart, { type: 'member' }>

const KINDS: readonly EntryKind[] = [
  'file',
  'directory',
  'symlink',
  'fifo',
  'socket',
  'block-device',
  'character-device',
  'unknown',
]
const STEPS = ['member', 'attachment', 'embedded', 'thumbnail'] as const
const NAME_BYTES = 65_535

function checkedMember(target: Target, part: MemberPart, band: number): Derived {
  const kind = oneOf(STEPS, part.kind)
  const entryKind = oneOf(KINDS, part.entryKind)
  if (part.name.length > NAME_BYTES) throw new ImplausibleReply('a name of more than 64 KiB')
  const sizeBytes = integer(part.sizeBytes)
  const result = checkedResult(part.read)
  const whole = result.result === 'done'
  return {
    entry: bareEntry({
      path: childPath(target.path, kind, Buffer.from(part.name, 'latin1')),
      kind: entryKind,
      sizeBytes,
      times: { modified: checkedTime(part.modified), changed: null, accessed: null, born: null },
      linkTarget:
        part.linkTarget === null ? null : Buffer.from(part.linkTarget.slice(0, NAME_BYTES), 'latin1'),
      band,
    }),
    outcome: {
      result,
      content: whole
        ? {
            digests: checkedDigests(part.digests),
            sizeBytes,
            mediaType: checkedType(part.mediaType),
            ...(part.hasAppended === true && { hasAppended: true as const }),
          }
        : null,
      bytesRead: whole ? sizeBytes : 0n,
    },
  }
}

function checkedTime(time: MemberPart['modified']): FileTime | null {
  if (time === null) return null
  const ns = BigInt.asIntN(64, BigInt(/^-?\d{1,20}$/.test(time.ns) ? time.ns : '0'))
  return {
    ns,
    source: oneOf(['archive', 'mail', 'document'] as const, time.source),
    resolution: oneOf(['ns', '100ns', 'us', 'ms', '10ms', 's', '2s', 'day'] as const, time.resolution),
    zone: oneOf(['utc', 'offset', 'local-unknown'] as const, time.zone),
  }
}

const HEX_LENGTHS = { md5: 32, sha1: 40, sha256: 64, blake3: 64 } as const

/** @throws ImplausibleReply */
export function checkedDigests(digests: Digests | null): Digests {
  const hex = (name: keyof typeof HEX_LENGTHS) => {
    const value = digests?.[name]
    if (typeof value !== 'string' || value.length !== HEX_LENGTHS[name] || !/^[0-9a-f]+$/.test(value))
      throw new ImplausibleReply('a digest of the wrong form')
    return value
  }
  return { md5: hex('md5'), sha1: hex('sha1'), sha256: hex('sha256'), blake3: hex('blake3') }
}

function checkedType(mediaType: string | null): string {
  return mediaType && /^[a-z0-9]+\/[a-z0-9.+-]{1,100}$/.test(mediaType)
    ? mediaType
    : 'application/octet-stream'
}

function integer(text: string): bigint {
  if (!/^\d{1,18}$/.test(text)) throw new ImplausibleReply('a size that is no number')
  return BigInt(text)
}
