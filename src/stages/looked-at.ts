/** Looked-at: each distinct still-unknown picture or video once, in a child process. */
import type { Examination, NearMatch, PendingContent, PerceptualHash } from '../contracts.ts'
import { isHashedAgain, type LookSource } from '../extract/look-request.ts'
import { eachContent, type Unpacker } from './each-content.ts'
import { type ContentReader, quarantined, type Run } from './run.ts'

export interface Looker extends Unpacker {
  look(content: PendingContent, source: LookSource): Promise<Examination>
}

/** Near matches of a content from its perceptual hashes; null when no list has any. */
export type FindNear = ((hashes: readonly PerceptualHash[]) => readonly NearMatch[]) | null

/**
 * Videos above this many bytes are read where they lie, which needs a child of its own: a second of loading, against
 * copies of the file in two processes. A phone's video of this size takes tens of seconds to look at.
 */
const HELD_BYTES = 128n * 1024n * 1024n

export function lookedAt(run: Run, readers: ContentReader, children: Looker, near: FindNear): Promise<void> {
  const { limits } = run.session.plan
  const withNear = (examination: Examination): Examination => {
    const hashes = examination.findings.filter((finding) => finding.kind === 'perceptual-hash')
    const found = hashes.length > 0 ? (near?.(hashes) ?? []) : []
    return { ...examination, findings: [...examination.findings, ...found] }
  }
  const held = async (file: PendingContent): Promise<Examination> => {
    const nothing = { stage: 'looked-at', findings: [], preview: null } as const
    const source = await readers.hold(file)
    if ('result' in source) return { ...nothing, result: source }
    const looking = children.look(file, source)
    const changed = await looking.then(source.release, source.release)
    const examination = await looking
    if (changed) return { ...nothing, result: changed }
    return isHashedAgain(file.content, limits) ? examination : notHashedAgain(examination)
  }
  return eachContent(run, readers, children, {
    stage: 'looked-at',
    without: (content) => quarantined(run, content),
    examine: async (content, bytes) => withNear(await children.look(content, bytes)),
    inPlace: (file) => {
      const { mediaType, sizeBytes } = file.content
      const large = sizeBytes > HELD_BYTES || sizeBytes > BigInt(limits.lookBytes)
      return large && mediaType.startsWith('video/') ? held(file).then(withNear) : null
    },
  })
}

/** Said with the findings: they rest on the file's size, times and inode being those of the file that was hashed. */
function notHashedAgain(examination: Examination): Examination {
  const value =
    'size, times and inode were those of the file that was hashed; its digest was not computed again'
  return {
    ...examination,
    findings: [...examination.findings, { kind: 'attribute', name: 'looked-at-in-place', value }],
  }
}
