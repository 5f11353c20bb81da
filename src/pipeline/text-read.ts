/**
 * Stage `text-read`: text extraction from each distinct unknown content, once, in a child process, and only with a
 * stated legal basis. The ledger stores signs and scores. The text itself is stored only in the text index next to the
 * ledger.
 */

import { definedOnly } from '../base/defined-only.ts'
import { type AttributeParams, attribute } from '../contracts/attribute.ts'
import type { Examination, Finding } from '../contracts/finding.ts'
import type { PendingContent } from '../contracts/ledger.ts'
import type { DeviceRecord } from '../contracts/record.ts'
import { hearsSpeech } from '../contracts/speech.ts'
import { notApplicable, notDone, type StageResult } from '../contracts/stage.ts'
import { isHashedAgain } from '../host/decoder/look-request.ts'
import type { TextRead } from '../host/decoder/text-request.ts'
import { holdsSound } from '../media-types/applies.ts'
import { NO_COMPANION_FILES } from '../wire/companion-files.ts'
import { companionFiles, companionsOfDerived } from './companion-files.ts'
import { eachContent } from './each-content.ts'
import type { Parts, PipelineStep } from './parts.ts'
import { distinct, referencesOf } from './references.ts'
import { quarantined, type Run } from './run.ts'
import { searchesIn } from './search-strings.ts'

export const textRead: PipelineStep = { phase: 'unknown', stages: ['text-read'], run: readAllText }

async function readAllText(run: Run, parts: Parts): Promise<void> {
  const { readers } = parts
  const { children } = parts
  const index = parts.textIndex()
  const held = async (file: PendingContent): Promise<Examination> => {
    const nothing = { stage: 'text-read', findings: [], preview: null } as const
    const source = await readers.hold(file)
    if ('result' in source) return { ...nothing, result: source }
    const reading = children.readText(file, source.lent, NO_COMPANION_FILES)
    const changed = await reading.then(source.release, source.release)
    if (changed) return { ...nothing, result: changed }
    const found = await examined(file, await reading)
    return isHashedAgain(file.content, run.session.plan.limits)
      ? found
      : { ...found, findings: [...found.findings, attribute('looked-at-in-place', {})] }
  }
  return eachContent(run, readers, children, {
    stage: 'text-read',
    without: (content) => quarantined(run, content) ?? tooLarge(run, content) ?? inPackage(run, content),
    inPlace: (file) => (isHeard(run, file) && file.content.sizeBytes > HELD_BYTES ? held(file) : null),
    companions: (content) => companionsOfDerived(run, content),
    examine: async (content, source, near) => {
      const { logs } = await companionFiles(run, near, content)
      return examined(content, await children.readText(content, source, logs))
    },
    // The index first: a ledger with a `done` result then always has the text. A text without a result is read again.
    beforeCommit: () => index.commit(),
  })
  async function examined(content: PendingContent, read: TextRead): Promise<Examination> {
    const { examination, text, language, places, sure } = read
    if (text !== null) index.add(content.content, text, language, places)
    const found: Finding[] = sure === null ? [] : [...(run.terms?.inText(sure) ?? [])]
    for (const one of examination.findings)
      if (one.kind === 'attribute' && one.code === 'ed2k-link')
        found.push(...distinct(await referencesOf(recordOf(one.params), run, parts)))
    const keeps = text !== null && run.session.plan.options.private !== 'leave-out'
    const signs = keeps ? searchesIn(content.path, text) : []
    return found.length + signs.length === 0
      ? examination
      : { ...examination, findings: [...examination.findings, ...found], signs }
  }
}

/** A link in a text that was read, as a record. */
function recordOf({ digest, name, sizeBytes }: AttributeParams<'ed2k-link'>): DeviceRecord {
  return {
    what: { code: 'ed2k-link', params: definedOnly({ name, sizeBytes }) },
    direction: null,
    times: null,
    when: null,
    whenKind: null,
    moreTimes: [],
    person: null,
    status: 'live',
    digests: /^[0-9a-f]{32}$/.test(digest) ? { ed2k: digest } : {},
    sizeBytes: sizeBytes ?? null,
    pieces: [],
  }
}

/** A document of Office that a password opened: its text is that of the derived entry, which has it. */
function inPackage({ session }: Run, { contentId, content }: PendingContent): StageResult | null {
  const isPackage = content.mediaType === 'application/x-ole-encrypted'
  return isPackage && session.isUnlockedFile(contentId) ? notApplicable('no-text') : null
}

/** Sounds and videos longer than this in bytes are read in place, as videos are looked at (looked-at.ts). */
const HELD_BYTES = 128n << 20n

function isHeard({ session }: Run, { content }: PendingContent): boolean {
  return hearsSpeech(session.plan) && holdsSound(content.mediaType)
}

/** A sound has no limit of bytes: its limit is the time that is heard. */
function tooLarge(run: Run, file: PendingContent): StageResult | null {
  const { session } = run
  const { content } = file
  if (isHeard(run, file)) return null
  const limit = session.plan.limits.textBytes
  if (content.sizeBytes <= BigInt(limit)) return null
  const params = { bytes: Number(content.sizeBytes), limit }
  return notDone('over-byte-limit', { code: 'over-bytes', params })
}
