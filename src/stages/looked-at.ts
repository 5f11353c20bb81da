/** Looked-at: each distinct still-unknown picture or video once, in a child process. */
import type { Examination, NearMatch, PendingContent, PerceptualHash } from '../contracts.ts'
import { eachContent, type Unpacker } from './each-content.ts'
import { type ContentReader, quarantined, type Run } from './run.ts'

export interface Looker extends Unpacker {
  look(content: PendingContent, bytes: Buffer): Promise<Examination>
}

/** Near matches of a content from its perceptual hashes; null when no list has any. */
export type FindNear = ((hashes: readonly PerceptualHash[]) => readonly NearMatch[]) | null

export function lookedAt(run: Run, readers: ContentReader, children: Looker, near: FindNear): Promise<void> {
  return eachContent(run, readers, children, {
    stage: 'looked-at',
    without: (content) => quarantined(run, content),
    examine: async (content, bytes) => {
      const examination = await children.look(content, bytes)
      const hashes = examination.findings.filter((finding) => finding.kind === 'perceptual-hash')
      const found = hashes.length > 0 ? (near?.(hashes) ?? []) : []
      return { ...examination, findings: [...examination.findings, ...found] }
    },
  })
}
