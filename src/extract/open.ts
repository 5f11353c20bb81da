/**
 * Opens containers inside a child: one pass over an outer content lists the members of any number of targets inside it,
 * or hands out the bytes of members that are to be looked at. A target is named by the steps that lead to it.
 */

import type { Digests, EntryKind, FileTime, StageResult, StepKind } from '../contracts.ts'
import { childPath, filePath } from '../evidence-path.ts'
import { digestsOf } from '../hash/digest.ts'
import { identifyContent } from '../identify/index.ts'
import { isPrivilegedSender, type PrivilegedSenders } from '../privilege/privilege-list.ts'
import {
  Budget,
  type BudgetLimits,
  ContainerDamaged,
  ContainerEncrypted,
  LimitReached,
  type Member,
  notDone,
} from './containers/container.ts'
import { openerFor } from './containers/index.ts'
import { mailAddresses } from './containers/mail.ts'
import { outlookAddresses } from './containers/outlook.ts'
import { thumbnailOpener } from './picture-thumbnail.ts'

export interface OpenHeader {
  readonly mediaType: string
  /** `list`: members of each target. `bytes`: the content of each target. */
  readonly mode: 'list' | 'bytes'
  /** Evidence-path bytes after the outer file (latin1), in sorted order; '' is the outer content itself. */
  readonly targets: readonly string[]
  /** What each target may still unfold into, in the order of targets. */
  readonly budgets: readonly BudgetLimits[]
  /** Whose mail is not opened. */
  readonly privileged: PrivilegedSenders | null
}

/** One piece of the answer. Everything in it comes from hostile bytes: the main process checks it. */
export type OpenPart =
  | {
      readonly type: 'member'
      readonly target: string
      readonly kind: Exclude<StepKind, 'file'>
      readonly name: string
      readonly entryKind: EntryKind
      readonly sizeBytes: string
      readonly modified: {
        readonly ns: string
        readonly source: FileTime['source']
        readonly resolution: FileTime['resolution']
        readonly zone: FileTime['zone']
      } | null
      readonly linkTarget: string | null
      readonly read: StageResult
      readonly digests: Digests | null
      readonly mediaType: string | null
    }
  | {
      readonly type: 'opened'
      readonly target: string
      readonly result: StageResult
      readonly members: number
    }
  | { readonly type: 'bytes'; readonly target: string }

export type Emit = (part: OpenPart, bytes: Buffer) => void

const NOTHING = Buffer.alloc(0)

export async function openTargets(header: OpenHeader, outer: Buffer, emit: Emit): Promise<void> {
  const targets = new Map(header.targets.map((target, i) => [target, header.budgets[i]!]))
  const ancestors = new Set(header.targets.flatMap(ancestorsOf))
  const visit = async (bytes: Buffer, mediaType: string, suffix: string): Promise<void> => {
    const isTarget = targets.has(suffix)
    const inside = ancestors.has(suffix)
    if (isTarget && header.mode === 'bytes') emit({ type: 'bytes', target: suffix }, bytes)
    const list = isTarget && header.mode === 'list'
    if (!list && !inside) return
    if (
      list &&
      header.privileged &&
      isPrivilegedSender(header.privileged, await addressesIn(mediaType, bytes))
    ) {
      emit({ type: 'opened', target: suffix, result: notDone('privileged'), members: 0 }, NOTHING)
      return
    }
    // A container on the way to a target was within its budget when it was listed.
    const budget = new Budget(list ? targets.get(suffix)! : BOUNDLESS, bytes.length)
    const result = await walkMembers(bytes, mediaType, suffix, budget, async (member, memberSuffix) => {
      const onTheWay = targets.has(memberSuffix) || ancestors.has(memberSuffix)
      if (!list && !onTheWay) return
      const content = member.read === null ? null : await member.read()
      if (list) await emitMember(member, suffix, content, emit)
      if (onTheWay && Buffer.isBuffer(content)) await visit(content, await typeOf(content), memberSuffix)
    })
    if (list) emit({ type: 'opened', target: suffix, ...result }, NOTHING)
  }
  await visit(outer, header.mediaType, '')
}

/** Everyone that a message names as its sender or receivers; empty for what is no message. */
async function addressesIn(mediaType: string, bytes: Buffer): Promise<readonly string[]> {
  if (mediaType === 'message/rfc822') return mailAddresses(bytes)
  return OUTLOOK.has(mediaType) ? outlookAddresses(bytes) : []
}

const OUTLOOK = new Set(['application/vnd.ms-outlook', 'application/x-cfb'])

/** Every place on the way from the outer content to a target, the target itself left out. */
function ancestorsOf(target: string): string[] {
  const places: string[] = []
  for (let end = target.lastIndexOf('\0'); end !== -1; end = target.lastIndexOf('\0', end - 1)) {
    places.push(target.slice(0, end))
    if (end === 0) break
  }
  return places
}

const BOUNDLESS: BudgetLimits = {
  entries: Number.MAX_SAFE_INTEGER,
  bytes: Number.MAX_SAFE_INTEGER,
  ratio: Number.MAX_SAFE_INTEGER,
}

async function walkMembers(
  bytes: Buffer,
  mediaType: string,
  suffix: string,
  budget: Budget,
  each: (member: Member, suffix: string) => Promise<void>,
): Promise<{ result: StageResult; members: number }> {
  const names = new Set<string>()
  let members = 0
  const opener = openerFor(mediaType) ?? thumbnailOpener(mediaType)
  if (!opener) return { result: { result: 'not-applicable', reason: 'not-a-container' }, members }
  try {
    for await (const member of opener.members(bytes, budget)) {
      const unique = distinct(member, names)
      await each(unique, `${suffix}${stepOf(unique)}`)
      members++
    }
    return { result: { result: 'done' }, members }
  } catch (error) {
    return { result: endedBy(error, members), members }
  }
}

function endedBy(error: unknown, members: number): StageResult {
  if (error instanceof ContainerEncrypted) return notDone('encrypted')
  if (error instanceof LimitReached) return notDone('over-container-limit', error.message)
  if (!(error instanceof ContainerDamaged)) throw error
  return members === 0
    ? notDone('decode-failed', error.message)
    : { result: 'done-with-warnings', reason: 'partly-examined', detail: error.message }
}

/** Two members of one name are two entries: the second is called name#2. */
function distinct(member: Member, names: Set<string>): Member {
  const base = member.name.toString('latin1').replace(/\/+$/, '') || '(no name)'
  let name = base
  for (let n = 2; names.has(`${member.kind}:${name}`); n++) name = `${base}#${n}`
  names.add(`${member.kind}:${name}`)
  return { ...member, name: Buffer.from(name, 'latin1') }
}

/** The bytes that this member adds to an evidence path. */
function stepOf({ kind, name }: Member): string {
  return childPath(filePath(NOTHING), kind, name).bytes.toString('latin1')
}

async function typeOf(content: Buffer): Promise<string> {
  return (await identifyContent(content)).mediaType
}

async function emitMember(
  member: Member,
  target: string,
  content: Buffer | StageResult | null,
  emit: Emit,
): Promise<void> {
  const { kind, entryKind, linkTarget, modified } = member
  const whole = Buffer.isBuffer(content)
  emit(
    {
      type: 'member',
      target,
      kind,
      name: member.name.toString('latin1'),
      entryKind,
      sizeBytes: String(whole ? content.length : member.sizeBytes),
      modified: modified && { ...modified, ns: String(modified.ns) },
      linkTarget: linkTarget?.toString('latin1') ?? null,
      read: whole ? { result: 'done' } : (content ?? noContent(entryKind)),
      digests: whole ? digestsOf(content) : null,
      mediaType: whole ? await typeOf(content) : null,
    },
    NOTHING,
  )
}

function noContent(kind: EntryKind): StageResult {
  const reason = kind === 'directory' || kind === 'symlink' ? kind : 'special-file'
  return { result: 'not-applicable', reason }
}
