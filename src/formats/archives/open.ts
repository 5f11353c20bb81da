/**
 * Opens containers in a child process. One pass over a top-level container lists the members of any number of targets
 * in it, or returns the bytes of members that need analysis. The steps that lead to a target identify it.
 */

import type { EntryKind } from '../../contracts/entry.ts'
import { notApplicable, notDone, type StageResult, withWarnings } from '../../contracts/stage.ts'
import { digestsOf } from '../../hash/digest.ts'
import type { BudgetLimits, OpenHeader } from '../../wire/open.ts'
import type { MemberPart, OpenPart } from '../../wire/open-part.ts'
import { type ByteSource, piecesOf, sourceOfBuffer } from '../bytes/byte-source.ts'
import { identifyContent, identifyFully } from '../signatures/index.ts'
import { ClosedTargets } from './closed-targets.ts'
import {
  type Beside,
  Budget,
  ContainerDamaged,
  ContainerEncrypted,
  ContainerNotBuilt,
  type DamagedContent,
  isDamaged,
  LimitReached,
  type Member,
  NO_COMPANIONS,
  wholeOf,
} from './common/container.ts'
import { Keys } from './common/keys.ts'
import { heldContent, type Overflow, type Passed, passBy } from './held-content.ts'
import { distinct, stepOf } from './member-names.ts'
import { type Extractors, extractorsOf, type Place, typeOfMember } from './place.ts'
import { isPrivileged } from './senders.ts'
import { tooLarge, withoutOpener } from './without-extractor.ts'

export type Emit = (part: OpenPart, bytes: Buffer) => void

const NOTHING = Buffer.alloc(0)
const PRIVILEGED = { result: notDone('privileged'), members: 0, appendedAt: null, lock: null }

/**
 * @param beside companion files of the top-level container, by name
 * @param inside companion files of containers inside, by container
 */
export async function openTargets(
  header: OpenHeader,
  outer: ByteSource,
  take: Emit,
  beside: Beside = NO_COMPANIONS,
  inside: ReadonlyMap<string, Beside> = new Map(),
): Promise<void> {
  const targets = new Map(header.targets.map((target, i) => [target, header.budgets[i]!]))
  const ancestors = new Set(header.targets.flatMap(ancestorsOf))
  const closed = new ClosedTargets(header.targets, take)
  const [{ heldBytes }, { emit }] = [header, closed]
  const isWanted = (suffix: string) => targets.has(suffix) || ancestors.has(suffix)

  const visit = async (place: Place): Promise<void> => {
    const { suffix, source } = place
    const list = targets.has(suffix) && header.mode === 'list'
    if (targets.has(suffix) && header.mode === 'bytes' && source && source.sizeBytes <= heldBytes)
      emit({ type: 'bytes', target: suffix }, wholeOf(source))
    if (targets.has(suffix) && header.mode === 'pieces' && source)
      await emitPieces(piecesOf(source), suffix, emit)
    if (!list && !ancestors.has(suffix)) return
    if (list && header.privileged && (await isPrivileged(place, header.privileged, heldBytes))) {
      emit({ type: 'opened', target: suffix, ...PRIVILEGED }, NOTHING)
      return
    }
    // A container on the path to a target was within its budget when it was listed. The packed size of a streamed
    // container is unknown, so only the byte limit applies to it.
    const packed = source?.sizeBytes ?? Number.MAX_SAFE_INTEGER
    const budget = new Budget(list ? targets.get(suffix)! : BOUNDLESS, packed)
    const openers = extractorsOf(place, list)
    let damaged = 0
    const near = suffix === '' ? beside : (inside.get(suffix) ?? NO_COMPANIONS)
    const keys = new Keys(header.secrets ?? [])
    const result = await walkMembers(
      place,
      openers,
      { heldBytes, budget, near, keys },
      async (member, memberSuffix) => {
        if (!list && !isWanted(memberSuffix)) return
        const content = await heldContent(member.read === null ? null : await member.read(), heldBytes)
        if (isDamaged(content)) damaged++
        if (!list) closed.from(memberSuffix, content)
        if (isOverflow(content)) {
          if (list) await emitMember(member, suffix, await passBy(content), emit)
          else if (header.mode === 'pieces' && targets.has(memberSuffix))
            await emitPieces(content.pieces, memberSuffix, emit)
          else await visit({ suffix: memberSuffix, ...(await piecesPlace(content)) })
          return
        }
        if (list) await emitMember(member, suffix, content, emit)
        const bytes = isDamaged(content) ? content.bytes : content
        if (Buffer.isBuffer(bytes) && isWanted(memberSuffix))
          await visit({
            suffix: memberSuffix,
            mediaType: await typeOfMember(bytes, member),
            source: sourceOfBuffer(bytes),
            pieces: null,
          })
      },
    )
    if (!list) closed.below(suffix, result.result)
    const appendedAt = openers.appended.find(({ isArchive }) => isArchive !== false)?.startsAt ?? null
    if (list)
      emit(
        { type: 'opened', target: suffix, ...inPart(result, damaged), appendedAt, lock: keys.lock },
        NOTHING,
      )
  }
  await visit({ suffix: '', mediaType: header.mediaType, source: outer, pieces: null })
}

const MOST_PIECE_BYTES = 1 << 20

/** All of a content, of any size. A content that breaks off is never said to be whole. */
async function emitPieces(
  pieces: Iterable<Buffer> | AsyncIterable<Buffer>,
  target: string,
  emit: Emit,
): Promise<void> {
  for await (const piece of pieces)
    for (let at = 0; at < piece.length; at += MOST_PIECE_BYTES)
      emit({ type: 'piece', target }, piece.subarray(at, at + MOST_PIECE_BYTES))
  emit({ type: 'whole', target }, NOTHING)
}

async function piecesPlace({ head, pieces }: Overflow) {
  // The end of the content is not available. Types that only the end identifies cannot be opened in pieces anyway.
  const { mediaType } = await identifyFully(head, Number.MAX_SAFE_INTEGER, NOTHING)
  return { mediaType, source: null, pieces }
}

/** Every container on the path from the top-level container to the target, without the target itself. */
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
  { suffix, mediaType, source, pieces }: Place,
  { own, appended }: Extractors,
  { heldBytes, budget, near, keys }: { heldBytes: number; budget: Budget; near: Beside; keys: Keys },
  each: (member: Member, suffix: string) => Promise<void>,
): Promise<{ result: StageResult; members: number }> {
  const names = new Map<string, number>()
  let members = 0
  if (!own && appended.length === 0) return { result: withoutOpener(mediaType, source, heldBytes), members }
  const walk =
    own &&
    (source === null ? own.streamed?.(pieces, budget) : own.members(source, budget, near, mediaType, keys))
  const isTooLarge = source !== null && own?.inMemory && source.sizeBytes > heldBytes
  if (own && (!walk || isTooLarge)) return { result: tooLarge(heldBytes), members }
  const take = async (walked: AsyncIterable<Member>) => {
    for await (const member of walked) {
      const unique = distinct(member, names)
      await each(unique, `${suffix}${stepOf(unique)}`)
      members++
    }
  }
  try {
    if (walk) await take(walk)
    for (const part of appended) await take(part.members(part.source, budget, NO_COMPANIONS, undefined, keys))
    return { result: { result: 'done' }, members }
  } catch (error) {
    return { result: endedBy(error, members), members }
  }
}

/** A container with a damaged member is reported as partly examined. */
function inPart<T extends { readonly result: StageResult }>(walked: T, damaged: number): T {
  if (damaged === 0 || walked.result.result !== 'done') return walked
  const detail = { code: 'members-damaged', params: { members: damaged } } as const
  return { ...walked, result: withWarnings('partly-examined', detail) }
}

function endedBy(error: unknown, members: number): StageResult {
  if (error instanceof ContainerNotBuilt) return notDone('not-built', error.detail)
  if (error instanceof ContainerEncrypted) return notDone('encrypted')
  if (error instanceof LimitReached) return notDone('over-container-limit', error.detail)
  if (!(error instanceof ContainerDamaged)) throw error
  return members === 0
    ? notDone('decode-failed', error.detail)
    : withWarnings('partly-examined', error.detail)
}

async function emitMember(
  member: Member,
  target: string,
  content: Buffer | Passed | DamagedContent | StageResult | null,
  emit: Emit,
): Promise<void> {
  const { kind, entryKind, linkTarget, modified } = member
  const bytes = isDamaged(content) ? content.bytes : content
  const taken = Buffer.isBuffer(bytes)
    ? { digests: digestsOf(bytes), sizeBytes: bytes.length, identified: await identifyContent(bytes) }
    : isPassed(content)
      ? content
      : null
  const read = isDamaged(content) ? withWarnings('decoded-leniently', content.detail) : DONE
  emit(
    {
      type: 'member',
      target,
      kind,
      name: member.name.toString('latin1'),
      entryKind,
      sizeBytes: String(taken ? taken.sizeBytes : boundedSize(member.sizeBytes)),
      modified: modified && ({ ...modified, ns: String(modified.ns) } as MemberPart['modified']),
      linkTarget: linkTarget?.toString('latin1') ?? null,
      read: taken ? read : ((content as StageResult | null) ?? noContent(entryKind)),
      digests: taken?.digests ?? null,
      mediaType: taken?.identified.mediaType ?? null,
      hasAppended: taken?.identified.hasAppended ?? false,
      ...(member.isDeleted && { isDeleted: true }),
    },
    NOTHING,
  )
}

/** Size that the container states for an unread member, limited to a size that a file can have. */
function boundedSize(sizeBytes: bigint): bigint {
  return sizeBytes < 0n ? 0n : sizeBytes > MOST_BYTES ? MOST_BYTES : sizeBytes
}

const MOST_BYTES = 10n ** 18n - 1n

const DONE: StageResult = { result: 'done' }

function isPassed(content: Buffer | Passed | DamagedContent | StageResult | null): content is Passed {
  return content !== null && 'kind' in content && content.kind === 'passed'
}

function isOverflow(content: Buffer | Overflow | DamagedContent | StageResult | null): content is Overflow {
  return content !== null && 'kind' in content && content.kind === 'overflow'
}

function noContent(kind: EntryKind): StageResult {
  return notApplicable(kind === 'directory' || kind === 'symlink' ? kind : 'special-file')
}
