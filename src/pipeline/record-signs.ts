/**
 * Artefact records that are not findings, each linked to the content on the exhibit that it refers to, if it can be
 * identified.
 */

import { parseEvidencePath, printPath } from '../base/evidence-path.ts'
import type { EvidencePath } from '../contracts/entry.ts'
import type { PendingContent } from '../contracts/ledger.ts'
import { type DeviceRecord, RECORDS, type RecordDigests, type Sign } from '../contracts/record.ts'
import { digestsOf } from './references.ts'
import type { Run } from './run.ts'

/**
 * A record without a finding is personal data and is stored on the legal basis for text.
 * @returns null if the record adds nothing to the inventory: the name of an existing file in a folder
 */
export function signOf(record: DeviceRecord, { session }: Run, at: EvidencePath): Sign | null {
  const { what, when, whenKind, moreTimes, person, direction, status } = record
  if (what.code === 'folder-item' && isInFolder(what.params.name, at, session.named)) return null
  const digests = digestsOf(record)
  const of = { when, whenKind, moreTimes, digests, person, direction, status, isPrivate: true }
  const named = (Object.entries(record.digests) as [keyof RecordDigests, string][])
    .map(([algorithm, digest]) =>
      algorithm === 'sha256' ? digest : session.named.sha256Of(algorithm, digest),
    )
    .find((sha256) => sha256 !== null)
  if (named !== undefined) return { ...of, what, ofSha256: named }
  // A path identifies a file less reliably than a digest, so the matched path is stored in `lies`.
  const there = Object.hasOwn(RECORDS[what.code], 'lies') ? placeOf(what, at, session.named) : null
  if (there === null) return { ...of, what, ofSha256: null }
  const params = { ...what.params, lies: printPath(there.path) }
  return { ...of, what: { code: what.code, params }, ofSha256: there.content.digests.sha256 }
}

/**
 * Minimal form of a record with digests but without a hit, so a newer list can find it: digests and times. It contains
 * nothing that a person wrote.
 * @returns null if the record names no digest, or if a report lists a content that is on the exhibit and is matched
 * itself
 */
export function digestSignOf(record: DeviceRecord, { session }: Run): Sign | null {
  const digests = digestsOf(record)
  if (Object.keys(digests).length === 0) return null
  const { what, when, whenKind, moreTimes, direction, status, sizeBytes } = record
  const isHere = (Object.entries(record.digests) as [keyof RecordDigests, string][]).some(
    ([algorithm, digest]) => session.named.sha256Of(algorithm, digest) !== null,
  )
  if (what.code === 'reported-file' && isHere) return null
  const params = { record: what.code, ...(sizeBytes === null ? {} : { sizeBytes }) }
  return {
    what: { code: 'named-digest', params },
    ...{ when, whenKind, moreTimes, digests, direction, status },
    person: null,
    isPrivate: false,
    ofSha256: null,
  }
}

type Named = Run['session']['named']

function placeOf(
  { code, params }: DeviceRecord['what'],
  at: EvidencePath,
  named: Named,
): PendingContent | null {
  const { path, program = '', form = '', list, name } = params as Readonly<Record<string, string | undefined>>
  if (BESIDE_A_FILE.includes(program)) return whatItIsBeside(at, named)
  if (code === 'generator-settings' && path === undefined) return pictureOfSettings(at, form, named)
  if (code === 'file-trashed') return name === undefined ? inTrash(at, named) : named.at(siblingOf(at, name))
  if (path === undefined) return null
  // A log of generated pictures is in the folder of the pictures and names them without the folder.
  return form === 'log' && !path.includes('/')
    ? named.at(siblingOf(at, path))
    : named.endingAs(path, list === 'prefetch')
}

/** Records and folders may store accents in different Unicode forms. */
function isInFolder(name: string, at: EvidencePath, named: Named): boolean {
  return ['NFC', 'NFD'].some((form) => named.isThere(siblingOf(at, name.normalize(form))))
}

/** On Linux a file in the trash has the name of its record; it is in the sibling folder `files`. */
function inTrash({ bytes }: EvidencePath, named: Named): PendingContent | null {
  const [, trash, name] = /^(.*\/)info\/([^/\0]+)\.trashinfo$/s.exec(bytes.toString('latin1')) ?? []
  return name === undefined ? null : named.at(pathOf(`${trash}files/${name}`))
}

const PICTURES = ['png', 'jpg', 'jpeg', 'webp'] as const

/** The picture with the same name in the same folder; null if there are two. */
function pictureOfSettings(at: EvidencePath, form: string, named: Named): PendingContent | null {
  const stem = /([^/\0]+)\.(txt|json)$/i.exec(at.bytes.toString('latin1'))?.[1]
  if (form !== 'settings' || stem === undefined) return null
  const there = PICTURES.flatMap((ending) => named.at(siblingOf(at, `${stem}.${ending}`, 'latin1')) ?? [])
  return there.length === 1 ? there[0]! : null
}

function siblingOf(
  { bytes }: EvidencePath,
  name: string,
  encoding: 'utf8' | 'latin1' = 'utf8',
): EvidencePath {
  const path = bytes.toString('latin1')
  // The kind of the next step follows a zero byte.
  const step = path.lastIndexOf('\0') + 1
  const folder = Math.max(step === 0 ? 0 : path.indexOf(':', step) + 1, path.lastIndexOf('/') + 1)
  return parseEvidencePath(Buffer.concat([bytes.subarray(0, folder), Buffer.from(name, encoding)]))
}

/** Programs whose records are stored with a file and refer to that file. */
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

/**
 * The file of a stream or of a `._name` file. A stream is a step of its own, or a separate name in a mount or an
 * archive.
 */
function whatItIsBeside({ bytes, steps }: EvidencePath, named: Named): PendingContent | null {
  const last = steps.at(-1)!
  if (last.kind === 'stream') return named.at(parseEvidencePath(bytes.subarray(0, bytes.lastIndexOf(0))))
  // One character per byte.
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
