/**
 * Stage `records-read`: artefact parsing, each distinct content once, in a child. Digests in records are compared with
 * the lists here, after all contents were read and opened. Only then is it known whether a named content is on the
 * exhibit.
 */

import { depthOf } from '../base/evidence-path.ts'
import { type Attribute, attribute } from '../contracts/attribute.ts'
import { fileLockOf } from '../contracts/file-lock.ts'
import type { Examination, Reference } from '../contracts/finding.ts'
import type { PendingContent } from '../contracts/ledger.ts'
import type { Sign } from '../contracts/record.ts'
import { notApplicable } from '../contracts/stage.ts'
import type { RecordsRead } from '../host/decoder/records-request.ts'
import { lockedPlace, toldByPlace } from '../source/locked-places.ts'
import { NO_COMPANION_FILES } from '../wire/companion-files.ts'
import { companionFiles, companionsOfDerived, withoutLog } from './companion-files.ts'
import { eachContent } from './each-content.ts'
import type { Parts, PipelineStep } from './parts.ts'
import { digestSignOf, signOf } from './record-signs.ts'
import { distinct, referencesOf } from './references.ts'
import { quarantined, type Run } from './run.ts'

export const recordsRead: PipelineStep = { phase: 'known', stages: ['records-read'], run: readAllRecords }

async function readAllRecords(run: Run, parts: Parts): Promise<void> {
  if (run.session.pendingCount('records-read') === 0) return
  const { children } = parts
  const { options } = run.session.plan
  const keeps = options.textBasis !== null && options.private !== 'leave-out'
  const recorded = async (content: PendingContent, { examination, records }: RecordsRead) => {
    const found: Reference[] = []
    const signs: Sign[] = []
    const isOther = isUnnamed(content)
    for (const record of isOther ? [] : records) {
      const isListing = record.what.code === 'reported-file'
      // A report names all files. Files on the exhibit are matched themselves, and digests stated for an entry are
      // reported with it.
      const named = await referencesOf(record, run, parts)
      const references = isListing ? named.filter((one) => !one.found && !isStated(one, run)) : named
      found.push(...references)
      const sign =
        references.length > 0
          ? null
          : keeps && !isListing
            ? signOf(record, run, content.path)
            : digestSignOf(record, run)
      if (sign !== null) signs.push(sign)
    }
    const references = distinct(found)
    const said = isOther ? [] : examination.findings
    const findings = [...said, ...lockedInside(content), ...unlooked(references, run), ...references]
    return { ...examination, findings, signs }
  }
  /** Reads only the header of a large model, in place. */
  const held = async (file: PendingContent) => {
    const source = await parts.readers.hold(file)
    if ('result' in source) return { ...NOTHING, result: source }
    const reading = children.readRecords(file, source.lent, NO_COMPANION_FILES)
    const changed = await reading.then(source.release, source.release)
    return changed ? { ...NOTHING, result: changed } : recorded(file, await reading)
  }
  return eachContent(run, parts.readers, children, {
    stage: 'records-read',
    phase: 'known',
    without: (content) =>
      quarantined(run, content) ??
      toldByPlace(content.path, content.content) ??
      (isUnlocked(run, content) ? UNLOCKED : null),
    inPlace: (file) =>
      file.content.sizeBytes > HELD_BYTES && MODELS.includes(file.content.mediaType) ? held(file) : null,
    companions: (content) => companionsOfDerived(run, content),
    examine: async (content, source, readers) => {
      const { logs, unread } = await companionFiles(run, readers, content)
      const read = await children.readRecords(content, source, logs)
      return recorded(content, unread ? { ...read, examination: examinedWithoutLog(read.examination) } : read)
    },
  })
}

/** What it holds was examined as derived entries. */
const UNLOCKED = notApplicable('no-records')

function isUnlocked({ session }: Run, { contentId, content }: PendingContent): boolean {
  return fileLockOf(content.mediaType) !== null && session.isUnlockedFile(contentId)
}

const NOTHING = { stage: 'records-read', findings: [], preview: null } as const
const MODELS: readonly string[] = ['application/x-safetensors', 'application/x-gguf']
/**
 * Smaller models are read into memory: a passed descriptor needs a child of its own, which costs a second of loading.
 */
const HELD_BYTES = 128n << 20n

/** For derived contents only. Files on the exhibit itself get this attribute in pipeline/known.ts. */
function lockedInside({ path, content }: PendingContent): readonly Attribute[] {
  const program = depthOf(path) > 1 ? lockedPlace(path, content) : null
  return program === null ? [] : [attribute('locked-store', { program, form: 'database' })]
}

function isStated({ digest }: Reference, { session }: Run): boolean {
  return session.named.isStated(digest)
}

/** Corrects the examination: a log exists, but the child did not receive it. A hive that was closed needs none. */
function examinedWithoutLog(examination: Examination): Examination {
  const codes = examination.findings.map((one) => (one.kind === 'attribute' ? one.code : ''))
  if (codes.includes('hive-clean')) return examination
  const findings = examination.findings.filter(
    (_, i) => codes[i] !== 'log-not-found' && codes[i] !== 'hive-log-missing',
  )
  return { ...examination, result: withoutLog(examination.result), findings }
}

/**
 * Contents that only their name identifies: 16 bytes may be any two numbers, and a router's own file has a fixed name.
 */
function isUnnamed({ path, content }: PendingContent): boolean {
  const name = NAMED[content.mediaType]
  return name !== undefined && !path.bytes.toString('latin1').endsWith(name)
}

const NAMED: Readonly<Record<string, string>> = {
  'application/x-apple-last-used': 'com.apple.lastuseddate#PS',
  // Each router stores hundreds of files about other routers.
  'application/x-i2p-router': 'router.info',
}

/** Note: eD2k digests of contents were not computed, so records with an eD2k digest were not matched to contents. */
function unlooked(found: readonly Reference[], { session }: Run): Attribute[] {
  const records = found.filter((one) => one.algorithm === 'ed2k' && !one.found).length
  return session.plan.options.ed2k || records === 0 ? [] : [attribute('ed2k-not-made', { records })]
}
