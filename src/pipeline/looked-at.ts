/**
 * Stage `looked-at`: media analysis of each distinct unknown picture or video, once, in a child process.
 *
 * Each thumbnail in a picture becomes an entry of its own, with hash lookup like any file. Thumbnails are analysed
 * last, because a thumbnail that shows the same as its picture is skipped, and only the analysis of the picture tells
 * that.
 */

import { attribute } from '../contracts/attribute.ts'
import type { Examination } from '../contracts/finding.ts'
import type { PendingContent } from '../contracts/ledger.ts'
import { notApplicable } from '../contracts/stage.ts'
import type { Handed } from '../host/decoder/feeder.ts'
import { isHashedAgain, type Looked } from '../host/decoder/look-request.ts'
import { lookOf } from '../media-types/applies.ts'
import { planDigest } from '../plan.ts'
import { type Examined, eachContent } from './each-content.ts'
import { withThumbnails } from './found-thumbnails.ts'
import { lookElsewhere } from './look-shards.ts'
import type { LookLists, Parts, PipelineStep } from './parts.ts'
import { quarantined, type Run } from './run.ts'
import { outerOf } from './top-level.ts'

/**
 * Videos above this size are read in place, which needs a child of its own. It costs a second of loading, but saves
 * copies of the file in two processes. The analysis of a phone's video of this size takes tens of seconds.
 */
const HELD_BYTES = 128n * 1024n * 1024n

export const lookedAt: PipelineStep = { phase: 'unknown', stages: ['looked-at'], run: lookAtAll }

async function lookAtAll(run: Run, parts: Parts): Promise<void> {
  const { readers } = parts
  const { children } = parts
  const { session } = run
  const { limits } = session.plan
  const seed = planDigest(session.plan)
  const confirmed = (content: PendingContent, looked: Looked): Promise<Examined> => {
    const outer = () => outerOf(run, readers, content)
    const confirming = { match: parts.match, children, limits, seed, outer }
    return withThumbnails(content, withNear(parts, looked), confirming)
  }
  const examined = async (content: PendingContent, looked: Looked): Promise<Examined> => {
    const found = await confirmed(content, looked)
    for (const { entry, match } of found.derived ?? [])
      for (const hit of match?.hits ?? [])
        if (hit.meaning !== 'known') run.emit({ event: 'hit', path: entry.path, hit })
    return found
  }
  const held = async (file: PendingContent): Promise<Examined> => {
    const nothing = { stage: 'looked-at', findings: [], preview: null } as const
    const source = await readers.hold(file)
    if ('result' in source) return { ...nothing, result: source }
    const looking = children.look(file, source.lent)
    const changed = await looking.then(source.release, source.release)
    const looked = await looking
    if (changed) return { ...nothing, result: changed }
    return examined(file, isHashedAgain(file.content, limits) ? looked : notHashedAgain(looked))
  }
  const stage = {
    stage: 'looked-at',
    without: (content: PendingContent) => quarantined(run, content),
    examine: async (content: PendingContent, source: Buffer | Handed) =>
      examined(content, await children.look(content, source)),
    inPlace: (file: PendingContent) => {
      const { mediaType, sizeBytes } = file.content
      const large = sizeBytes > HELD_BYTES || sizeBytes > BigInt(limits.lookBytes)
      return large && lookOf(mediaType) === 'video' ? held(file) : null
    },
  } as const
  await lookElsewhere(run, parts, { ...stage, later: isThumbnail, confirmed, examined })
  if (run.signal.aborted) return
  await eachContent(run, readers, children, { ...stage, later: isThumbnail })
  if (run.signal.aborted || session.pendingCount('looked-at') === 0) return
  await eachContent(run, readers, children, {
    ...stage,
    without: (content) =>
      quarantined(run, content) ?? (session.isShownByPictures(content.contentId) ? SHOWN_ALREADY : null),
  })
}

const SHOWN_ALREADY = notApplicable('shown-by-its-picture')

function isThumbnail({ path }: PendingContent): boolean {
  return path.steps.at(-1)?.kind === 'thumbnail'
}

function withNear({ near }: LookLists, looked: Looked): Looked {
  const hashes = looked.findings.filter((finding) => finding.kind === 'perceptual-hash')
  const found = hashes.length > 0 ? (near?.(hashes) ?? []) : []
  return { ...looked, findings: [...looked.findings, ...found] }
}

/** Adds a note: the file was not hashed again; only its size, times and inode were compared with the hashed file. */
function notHashedAgain<T extends Examination>(looked: T): T {
  return { ...looked, findings: [...looked.findings, attribute('looked-at-in-place', {})] }
}
