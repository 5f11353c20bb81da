/**
 * Grades that persons gave in another tool, and the contents of a ledger that they belong to.
 *
 * The input is any list with digests and categories (VICS, a table), or the CSV of decisions that this program writes.
 * From that CSV only the standing decisions of one person are taken: a person never takes over another person's
 * decision.
 */
import { createHash } from 'node:crypto'
import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import { type ContentDigests, contentDigests } from '../../ledger/read/content-digests.ts'
import { PlacesElsewhere } from '../../ledger/read/places-elsewhere.ts'
import { EMPTY_REASON } from '../../match/formats/empty-digests.ts'
import { takeIn } from '../../match/formats/intake.ts'
import { algorithmsIn, WIDE_BYTES } from '../../match/records/algorithms.ts'
import type { ColumnMap } from '../../match/records/format.ts'
import { type BookmarkCategories, readBookmarks } from './bookmarks.ts'
import type { Grade, Grades } from './grade.ts'

const HEAD_BYTES = 200

/** @throws UsageError when the file is not a list */
export async function readGrades(
  file: string,
  operator: string,
  { columns, bookmarks }: { readonly columns?: ColumnMap; readonly bookmarks?: BookmarkCategories } = {},
): Promise<Grades> {
  if (isOwn(file)) return ownGrades(file, operator)
  return (columns ? null : await readBookmarks(file, operator, bookmarks)) ?? listGrades(file, columns)
}

function isOwn(file: string): boolean {
  const head = Buffer.alloc(HEAD_BYTES)
  try {
    const fd = openSync(file, 'r')
    try {
      readSync(fd, head)
    } finally {
      closeSync(fd)
    }
  } catch (cause) {
    throw new UsageError(`${file} could not be read (${(cause as NodeJS.ErrnoException).code}).`, { cause })
  }
  return head
    .toString()
    .startsWith('"sha256","sha1","md5","sizeBytes","mediaType","scale","category","act","stands"')
}

function ownGrades(file: string, operator: string): Grades {
  const bytes = readFileSync(file)
  let rows: Record<string, string>[]
  try {
    rows = parse(bytes, { columns: true }) as Record<string, string>[]
  } catch (cause) {
    throw new UsageError(`${file} is no CSV: ${(cause as Error).message}.`, { cause })
  }
  const passedOver: Record<string, number> = {}
  const pass = (why: string) => {
    passedOver[why] = (passedOver[why] ?? 0) + 1
  }
  const grades = rows.flatMap((row, i): Grade[] => {
    const { sha256 = '', sha1 = '', md5 = '', scale = '', category = '', note = '' } = row
    if (row.stands !== 'yes') pass('it does not stand')
    else if (row.operator !== operator) pass('another person decided')
    else return [{ line: i + 2, digests: { sha256, sha1, md5 }, category, scale, note }]
    return []
  })
  return {
    sha256: createHash('sha256').update(bytes).digest('hex'),
    format: 'decisions',
    grades,
    passedOver,
    problems: [],
  }
}

async function listGrades(file: string, columns: ColumnMap | undefined): Promise<Grades> {
  const grades: Grade[] = []
  let ungraded = 0
  const intake = await takeIn(file, { ...(columns && { columns }) }, (batch) => {
    for (let i = 0; i < batch.count; i++) {
      const category = batch.categories[i] ?? null
      if (category === null) ungraded++
      else
        grades.push({ line: batch.lines[i]!, digests: digestsAt(batch, i), category, scale: null, note: '' })
    }
  })
  const empty = intake.rejectedRows.filter(({ reason }) => reason.endsWith(EMPTY_REASON))
  const bad = intake.rejectedRows.filter((row) => !empty.includes(row))
  const passedOver = { 'it has no category': ungraded, 'it is of an empty file': empty.length }
  return {
    sha256: intake.sha256,
    format: intake.format,
    grades,
    passedOver: Object.fromEntries(Object.entries(passedOver).filter(([, rows]) => rows > 0)),
    problems: bad.map(({ line, reason }) => `line ${line}: ${reason}`),
  }
}

function digestsAt(
  { digests, present }: { readonly digests: Uint8Array; readonly present: Uint8Array },
  i: number,
): Grade['digests'] {
  const bytes = digests.subarray(i * WIDE_BYTES, (i + 1) * WIDE_BYTES)
  return Object.fromEntries(
    algorithmsIn(present[i]!).map((place) => [
      place.name,
      Buffer.from(bytes.subarray(place.at, place.at + place.bytes)).toString('hex'),
    ]),
  )
}

export interface GradedContent {
  readonly grade: Grade
  readonly sha256: string
}

export interface Graded {
  readonly contents: readonly GradedContent[]
  /** Grades of contents that were not read on this exhibit. */
  readonly elsewhere: readonly Grade[]
  readonly problems: readonly string[]
}

const KEYS = ['sha256', 'sha1', 'md5'] as const

/** For each grade, the content that all its digests name. */
export function gradedContents(ledgerPath: string, grades: readonly Grade[]): Graded {
  const byDigest = new Map<string, Grade[]>()
  for (const grade of grades)
    for (const name of KEYS) {
      const hex = grade.digests[name]
      if (!hex) continue
      const same = byDigest.get(hex)
      if (same) same.push(grade)
      else byDigest.set(hex, [grade])
    }
  const contents: GradedContent[] = []
  const problems: string[] = []
  const found = new Map<Grade, string>()
  const byPlace = gradesByPlace(ledgerPath, grades, problems)
  for (const digests of contentDigests(ledgerPath)) {
    const named = KEYS.flatMap((name) => byDigest.get(digests[name]) ?? [])
    const here = [...new Set([...named, ...(byPlace.get(digests.sha256) ?? [])])]
    const [first] = here
    if (first === undefined) continue
    const other = here.find((one) => one.category !== first.category || one.scale !== first.scale)
    if (other)
      problems.push(
        `lines ${first.line} and ${other.line} give one content the categories ${first.category} and ${other.category}`,
      )
    for (const grade of here) {
      const before = found.get(grade)
      if (before !== undefined)
        problems.push(
          `line ${grade.line} names two contents, ${before} and ${digests.sha256}: its digests do not tell them apart`,
        )
      const differing = differs(grade, digests)
      if (differing !== undefined)
        problems.push(
          `line ${grade.line}: a digest is that of ${digests.sha256}, but its ${differing} is not`,
        )
      found.set(grade, digests.sha256)
    }
    contents.push({ grade: first, sha256: digests.sha256 })
  }
  return { contents, elsewhere: grades.filter((grade) => !found.has(grade)), problems }
}

function differs({ digests }: Grade, content: ContentDigests): string | undefined {
  return KEYS.find((name) => digests[name] && digests[name] !== content[name])
}

/**
 * Grades without a digest by the SHA-256 of the content at their place. A place that two volumes have with different contents is
 * a problem, and so is a size that is not that of the content.
 */
function gradesByPlace(
  ledgerPath: string,
  grades: readonly Grade[],
  problems: string[],
): ReadonlyMap<string, readonly Grade[]> {
  const found = new Map<string, Grade[]>()
  const only = grades.filter(({ digests, place }) => place && KEYS.every((name) => !digests[name]))
  if (only.length === 0) return found
  const places = new PlacesElsewhere(ledgerPath)
  try {
    for (const grade of only) {
      const { path, sizeBytes } = grade.place!
      const here = places.at(path)
      const [one] = here
      if (here.length > 1)
        problems.push(
          `line ${grade.line}: ${printText(path)} is on ${here.length} volumes with different contents`,
        )
      else if (one && sizeBytes !== null && one.sizeBytes !== sizeBytes)
        problems.push(
          `line ${grade.line}: ${printText(path)} has ${sizeBytes} bytes in the file, and ${one.sizeBytes} on this exhibit`,
        )
      else if (one) found.set(one.sha256, [...(found.get(one.sha256) ?? []), grade])
    }
  } finally {
    places.close()
  }
  return found
}
