/**
 * The exhibits to examine: one file for `batch` on one machine and for a lab of several. It names lists, profiles and
 * privilege lists by edition, never by path, and contains no secret.
 */
import { createHash } from 'node:crypto'
import { isAbsolute } from 'node:path'
import { type Field, parseStrict, readStrict, type StrictFile } from './strict.ts'

/** Likeliest harm first; the number orders the queue. */
export const PRIORITIES = { 'child-at-risk': 100, due: 50, normal: 10, rerun: 0 } as const
export type Priority = keyof typeof PRIORITIES

export interface ManifestExhibit {
  readonly id: string
  /** Absolute path of an image's first segment, of an archive, or of the folder where it is mounted. */
  readonly image: string
  /** `sha256:HEX`, as taken at acquisition. */
  readonly acquisitionHash: string | null
  readonly priority: Priority
  /** Reason for its priority, and the person who gave it. */
  readonly reason: string | null
  readonly dueBy: string | null
  /** `name@edition`, in order. */
  readonly hashsets: readonly string[]
  readonly textBasis: string | null
  /** `name@edition` of a list of contents that must not be read. */
  readonly privileged: string | null
  /** Memory in GB; a machine with less does not take the exhibit. */
  readonly minMemoryGB: number
}

export interface Manifest {
  readonly sha256: string
  readonly text: string
  readonly caseId: string
  readonly examiner: string
  readonly profile: string
  readonly exhibits: readonly ManifestExhibit[]
}

/** @throws UsageError with the line of the error */
export function readManifest(file: string): Manifest {
  return manifestOf(readStrict(file))
}

export function parseManifest(text: string, name: string): Manifest {
  return manifestOf(parseStrict(text, name))
}

const ID = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u
export const EDITION = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}@[\p{L}\p{N}._-]{1,32}$/u
const DATE = /^\d{4}-\d{2}-\d{2}$/
const HASH = /^(md5:[0-9a-f]{32}|sha1:[0-9a-f]{40}|sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/
const MOST_EXHIBITS = 10_000

function manifestOf({ text, root }: StrictFile): Manifest {
  const fields = root.object(['manifest', 'case', 'examiner', 'profile', 'exhibits'])
  fields.manifest.integer(1, 1)
  const exhibits = fields.exhibits.list()
  if (exhibits.length === 0 || exhibits.length > MOST_EXHIBITS)
    fields.exhibits.fail(`from 1 to ${MOST_EXHIBITS} exhibits are expected`)
  const seen = new Set<string>()
  return {
    sha256: createHash('sha256').update(text).digest('hex'),
    text,
    caseId: fields.case.matching(ID, 'letters, digits, dot, dash and underscore are expected'),
    examiner: fields.examiner.text(),
    profile: fields.profile.text(64),
    exhibits: exhibits.map((field) => exhibitOf(field, seen)),
  }
}

function exhibitOf(field: Field, seen: Set<string>): ManifestExhibit {
  const { id, image, scan, needs, ...more } = field.object(
    ['id', 'image', 'scan'],
    ['acquisitionHash', 'priority', 'reason', 'dueBy', 'needs'],
  )
  const name = id.matching(ID, 'letters, digits, dot, dash and underscore are expected')
  // Names of files follow from it, and some file systems do not tell cases apart.
  if (seen.has(name.toLowerCase())) id.fail(`the exhibit "${name}" stands twice`)
  seen.add(name.toLowerCase())
  const path = image.text(4096)
  if (!isAbsolute(path)) image.fail('an absolute path is expected')
  const wanted = scan.object(['hashsets'], ['textBasis', 'privileged'])
  const priority = more.priority?.oneOf(Object.keys(PRIORITIES) as Priority[]) ?? 'normal'
  const reason = more.reason?.text(500) ?? null
  if (priority === 'child-at-risk' && reason === null)
    more.priority!.fail('child-at-risk needs a "reason"; it is kept with the name of who submits it')
  return {
    id: name,
    image: path,
    acquisitionHash: more.acquisitionHash?.matching(HASH, 'ALGORITHM:HEX in lower case is expected') ?? null,
    priority,
    reason,
    dueBy: more.dueBy?.matching(DATE, 'a date such as 2026-11-27 is expected') ?? null,
    hashsets: wanted.hashsets
      .list()
      .map((one) => one.matching(EDITION, 'a list by name and edition (illegal@2026-11) is expected')),
    textBasis: wanted.textBasis === undefined || wanted.textBasis.isNull ? null : wanted.textBasis.text(500),
    privileged:
      wanted.privileged === undefined || wanted.privileged.isNull
        ? null
        : wanted.privileged.matching(EDITION, 'a list by name and edition is expected'),
    minMemoryGB: needs?.object([], ['minMemoryGB']).minMemoryGB?.integer(1, 4096) ?? 0,
  }
}
