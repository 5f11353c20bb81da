/**
 * Text-read: the words of each distinct still-unknown content once, in a child process, and only where a legal basis was
 * stated. The ledger gets signs and scores; the text itself goes to the index beside it and nowhere else.
 */

import type { PendingContent } from '../contracts/ledger.ts'
import { notDone, type StageResult } from '../contracts/stage.ts'
import { eachContent } from './each-content.ts'
import type { Parts, Stretch } from './parts.ts'
import { quarantined, type Run } from './run.ts'

export const textRead: Stretch = { phase: 'unknown', stages: ['text-read'], run: readAllText }

async function readAllText(run: Run, parts: Parts): Promise<void> {
  const { readers } = parts
  const children = await parts.children()
  const index = parts.textIndex()
  return eachContent(run, readers, children, {
    stage: 'text-read',
    without: (content) => quarantined(run, content) ?? tooLarge(run, content),
    examine: async (content, bytes) => {
      const { examination, text, language } = await children.readText(content, bytes)
      if (text !== null) index.add(content.content, text, language)
      const found = text === null ? [] : (run.terms?.inText(text) ?? [])
      return found.length === 0
        ? examination
        : { ...examination, findings: [...examination.findings, ...found] }
    },
    // The index first: a ledger that says "read" has its text, and a text that the ledger does not know of is read again.
    beforeCommit: () => index.commit(),
  })
}

function tooLarge({ session }: Run, { content }: PendingContent): StageResult | null {
  const limit = session.plan.limits.textBytes
  if (content.sizeBytes <= BigInt(limit)) return null
  const params = { bytes: Number(content.sizeBytes), limit }
  return notDone('over-byte-limit', { code: 'over-bytes', params })
}
