/**
 * Records-read: what programs on the device recorded, each distinct content once, in a child. Digests that a record names are
 * compared with the lists here, after everything was read and opened: only then is it known whether the content was found.
 */

import { depthOf, parseEvidencePath, printPath } from '../base/evidence-path.ts'
import { type Attribute, attribute } from '../contracts/attribute.ts'
import type { EvidencePath } from '../contracts/entry.ts'
import type { Examination, Reference } from '../contracts/finding.ts'
import type { PendingContent } from '../contracts/ledger.ts'
import { type DeviceRecord, RECORDS, type RecordDigests, type Sign } from '../contracts/record.ts'
import { lockedPlace, toldByPlace } from '../source/locked-places.ts'
import { eachContent } from './each-content.ts'
import { logsBeside, withoutLog } from './log-beside.ts'
import type { Parts, Stretch } from './parts.ts'
import { distinct, referencesOf } from './references.ts'
import { quarantined, type Run } from './run.ts'

export const recordsRead: Stretch = { phase: 'known', stages: ['records-read'], run: readAllRecords }

async function readAllRecords(run: Run, parts: Parts): Promise<void> {
  if (run.session.pendingCount('records-read') === 0) return
  const children = await parts.children()
  const { options } = run.session.plan
  const keeps = options.textBasis !== null && options.private !== 'leave-out'
  return eachContent(run, parts.readers, children, {
    stage: 'records-read',
    phase: 'known',
    without: (content) => quarantined(run, content) ?? toldByPlace(content.path, content.content),
    examine: async (content, source) => {
      const { logs, unread } = await logsBeside(run, parts.readers, content)
      const read = await children.readRecords(content, source, logs)
      const examination = unread ? examinedWithoutLog(read.examination) : read.examination
      const found: Reference[] = []
      const signs: Sign[] = []
      const isOther = isUnnamed(content)
      for (const record of isOther ? [] : read.records) {
        const isListing = record.what.code === 'reported-file'
        // A report names all files: what it names that lies here is matched by itself, and is no record of its own.
        const named = await referencesOf(record, run, parts)
        const references = isListing ? named.filter((one) => !one.found) : named
        found.push(...references)
        if (references.length === 0 && keeps && !isListing) signs.push(signOf(record, run, content.path))
      }
      const references = distinct(found)
      const said = isOther ? [] : examination.findings
      const findings = [...said, ...lockedInside(content), ...unlooked(references, run), ...references]
      return { ...examination, findings, signs }
    },
  })
}

/** Of what lies on the exhibit itself the entry says so (stages/known.ts). */
function lockedInside({ path, content }: PendingContent): readonly Attribute[] {
  const program = depthOf(path) > 1 ? lockedPlace(path, content) : null
  return program === null ? [] : [attribute('locked-store', { program, form: 'database' })]
}

/** The child was not told of the log that is there. */
function examinedWithoutLog(examination: Examination): Examination {
  const findings = examination.findings.filter(
    (one) => one.kind !== 'attribute' || one.code !== 'log-not-found',
  )
  return { ...examination, result: withoutLog(examination.result), findings }
}

/** What is no finding is personal, and kept on the basis that was stated for reading text. */
function signOf(
  { what, when, person, direction, status, digests }: DeviceRecord,
  { session }: Run,
  at: EvidencePath,
): Sign {
  const of = { when, person, direction, status, isPrivate: true }
  const named = (Object.entries(digests) as [keyof RecordDigests, string][])
    .map(([algorithm, digest]) =>
      algorithm === 'sha256' ? digest : session.named.sha256Of(algorithm, digest),
    )
    .find((sha256) => sha256 !== null)
  if (named !== undefined) return { ...of, what, ofSha256: named }
  // A path is a weaker name than a digest: which file it is, is said beside it.
  const { path } = what.params as { readonly path?: string }
  const { program } = what.params as { readonly program?: string }
  const there = BESIDE_A_FILE.includes(program ?? '')
    ? whatItIsBeside(at, session.named)
    : path !== undefined && Object.hasOwn(RECORDS[what.code], 'lies')
      ? session.named.endingAs(path)
      : null
  if (there === null) return { ...of, what, ofSha256: null }
  const params = { ...what.params, lies: printPath(there.path) }
  return { ...of, what: { code: what.code, params }, ofSha256: there.content.digests.sha256 }
}

/** Programs whose records speak of the file that they lie beside. */
const BESIDE_A_FILE: readonly string[] = ['windows-zone', 'macos-attributes']
/** Names of streams as mounts and 7-Zip show them. */
const STREAMS: readonly string[] = [
  ':Zone.Identifier',
  ':com.apple.metadata:kMDItemWhereFroms',
  ':com.apple.quarantine',
  ':com.apple.lastuseddate#PS',
]
const DOUBLE = '._'
const FOLDER_OF_DOUBLES = '__MACOSX/'

/** The file that a stream is beside, or a `._name`: a step of its own, or a name of its own where a mount or an archive shows it so. */
function whatItIsBeside(
  { bytes, steps }: EvidencePath,
  named: Run['session']['named'],
): PendingContent | null {
  const last = steps.at(-1)!
  if (last.kind === 'stream') return named.at(parseEvidencePath(bytes.subarray(0, bytes.lastIndexOf(0))))
  // Its bytes, one a character.
  const path = bytes.toString('latin1')
  const stream = STREAMS.find((one) => path.endsWith(one))
  if (stream !== undefined) return named.at(pathOf(path.slice(0, -stream.length)))
  const name = 1 + Math.max(path.lastIndexOf('/'), path.lastIndexOf('\0'), path.lastIndexOf(':'))
  if (!path.startsWith(DOUBLE, name)) return null
  const folder = path.slice(0, name)
  const step = folder.lastIndexOf('\0') + 1
  const apart = folder.lastIndexOf(FOLDER_OF_DOUBLES)
  const without =
    apart < step ? folder : folder.slice(0, apart) + folder.slice(apart + FOLDER_OF_DOUBLES.length)
  return named.at(pathOf(without + path.slice(name + DOUBLE.length)))
}

function pathOf(latin1: string): EvidencePath {
  return parseEvidencePath(Buffer.from(latin1, 'latin1'))
}

/** Sixteen bytes may be two numbers of anything: only their name says that they are when a file was last opened; a router's own is named so. */
function isUnnamed({ path, content }: PendingContent): boolean {
  const name = NAMED[content.mediaType]
  return name !== undefined && !path.bytes.toString('latin1').endsWith(name)
}

const NAMED: Readonly<Record<string, string>> = {
  'application/x-apple-last-used': 'com.apple.lastuseddate#PS',
  // Of others each router keeps hundreds.
  'application/x-i2p-router': 'router.info',
}

/** Without eD2k digests of the contents here, a record that names one was not looked for by it. */
function unlooked(found: readonly Reference[], { session }: Run): Attribute[] {
  const records = found.filter((one) => one.algorithm === 'ed2k' && !one.found).length
  return session.plan.options.ed2k || records === 0 ? [] : [attribute('ed2k-not-made', { records })]
}
