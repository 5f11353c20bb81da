/**
 * Reads a list: finds its format, counts every row, removes records that must not match, keeps the first rejections.
 *
 * The same rules apply to every format and to both destinations (memory and compiled index). Digests of zero bytes are
 * rejected, a list without usable records stops the run, and every dropped row is counted.
 */
import { basename } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import type { Detection, HashSetFormat, ListFacts, ReadOptions } from '../records/format.ts'
import { ListFile } from '../records/list-file.ts'
import type { RecordBatch, RejectedRow } from '../records/record-batch.ts'
import { csv } from './csv.ts'
import { EMPTY_REASON, rejectEmpty } from './empty-digests.ts'
import { HASH_SET_FORMATS } from './formats.ts'
import { emptyBeside, unreadBeside } from './list-notes.ts'
import { TOO_PLAIN } from './vpdq-frame.ts'

export interface IntakeProgress {
  readonly file: string
  readonly bytesRead: number
  readonly bytesTotal: number
  readonly rowsRead: number
}

export interface IntakeOptions extends Omit<ReadOptions, 'onFacts'> {
  readonly onProgress?: (progress: IntakeProgress) => void
  /** Overrides detection: the id of a format. */
  readonly format?: string
}

/** Facts of a list after all of it was read. The destination of the records counts duplicates. */
export interface Intake {
  readonly name: string
  readonly edition: string | null
  readonly format: string
  readonly formatReason: string
  readonly sha256: string
  readonly sizeBytes: bigint
  readonly rowsRead: number
  /** Records passed on, duplicates included. */
  readonly accepted: number
  readonly categorised: boolean
  readonly rejected: number
  readonly rejectedRows: readonly RejectedRow[]
  readonly notes: readonly string[]
  /** For a list of videos: the name of each, by number; '' where the list is one video. */
  readonly videos: readonly string[]
}

const MOST_REJECTED_ROWS = 100
const PROGRESS_EVERY_MS = 250

/**
 * Reads the whole list and passes each cleaned batch to `keep`.
 * @throws UsageError when the format is unknown, the list is damaged, or it has no usable record
 */
export async function takeIn(
  path: string,
  options: IntakeOptions,
  keep: (batch: RecordBatch) => void | Promise<void>,
): Promise<Intake> {
  const file = new ListFile(path)
  if (file.sizeBytes === 0)
    throw new UsageError(`The hash list ${path} is empty.`, { code: 'list-unreadable' })
  const { format, reason } = detectFormat(
    file,
    options.format,
    options.columns !== undefined,
    options.alternatives,
  )

  let [rowsRead, accepted, rejected, shownAt] = [0, 0, 0, Date.now()]
  let categorised = false
  let [emptyInPart, unread] = [0, 0]
  let firstUnread: RejectedRow | undefined
  const rejectedRows: RejectedRow[] = []
  let facts: ListFacts = {}
  const notes: string[] = []
  let videos: readonly string[] = []
  const onFacts = (more: ListFacts): void => {
    facts = { ...facts, ...more }
    if (more.note !== undefined) notes.push(more.note)
  }

  for await (const batch of namingTheList(path, format.read(file, { ...options, onFacts }))) {
    emptyInPart += rejectEmpty(batch)
    videos = batch.videos
    rowsRead += batch.rows
    accepted += batch.count
    rejected += batch.rejected.length
    const compared = comparedWithout(batch)
    unread += compared.length
    firstUnread ??= compared[0]
    for (const row of batch.rejected) if (rejectedRows.length < MOST_REJECTED_ROWS) rejectedRows.push(row)
    for (let i = 0; i < batch.count && !categorised; i++) categorised = batch.categories[i] !== null
    await keep(batch)
    if (options.onProgress !== undefined && Date.now() - shownAt >= PROGRESS_EVERY_MS) {
      shownAt = Date.now()
      options.onProgress({ file: path, bytesRead: file.bytesShown, bytesTotal: file.sizeBytes, rowsRead })
    }
  }
  if (emptyInPart > 0) notes.push(emptyBeside(emptyInPart))
  if (firstUnread !== undefined) notes.push(unreadBeside(unread, firstUnread))
  if (accepted === 0) {
    const first = rejectedRows[0]
    throw new UsageError(
      `Nothing in the hash list ${path} (read as ${format.title}) can be matched: ${rowsRead} rows read, ${rejected} rejected` +
        (first === undefined ? '.' : `; the first at line ${first.line}: ${first.reason}.`),
    )
  }
  return {
    name: facts.name ?? basename(path),
    edition: facts.edition ?? null,
    format: format.id,
    formatReason: reason,
    sha256: await file.sha256(),
    sizeBytes: BigInt(file.sizeBytes),
    rowsRead,
    accepted,
    categorised,
    rejected,
    rejectedRows,
    notes,
    videos,
  }
}

/** @throws UsageError when no format recognises the content, with the missing mark of each */
export function detectFormat(
  file: ListFile,
  wanted?: string,
  hasColumnMap = false,
  alternatives?: ReadOptions['alternatives'],
): { readonly format: HashSetFormat; readonly reason: string } {
  if (wanted !== undefined) {
    const format = HASH_SET_FORMATS.find((f) => f.id === wanted)
    if (format === undefined) {
      throw new UsageError(
        `There is no list format "${wanted}". Formats: ${HASH_SET_FORMATS.map((f) => f.id).join(', ')}.`,
      )
    }
    return { format, reason: 'named by the operator' }
  }
  if (hasColumnMap) return { format: csv, reason: 'read by the column map that the operator gave' }
  const head = file.head()
  const missed: string[] = []
  for (const format of HASH_SET_FORMATS) {
    const detection: Detection = format.detect(head, file.sizeBytes, file.path, alternatives)
    if (detection.matches) return { format, reason: detection.reason }
    missed.push(`${format.id}: ${detection.reason}`)
  }
  throw new UsageError(`${file.path} is no hash list that seized reads. ${missed.join('; ')}.`, {
    code: 'list-unreadable',
  })
}

/** Records with a digest that cannot be read, but for those that were rejected because the other is of zero bytes. */
function comparedWithout({ unread, rejected }: RecordBatch): readonly RejectedRow[] {
  if (unread.length === 0) return unread
  const lines = new Set(rejected.map(({ line }) => line))
  return unread.filter(({ line }) => !lines.has(line))
}

/** Adds the list's path to the reader's errors, which name only a line. */
async function* namingTheList<T>(path: string, batches: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    yield* batches
  } catch (cause) {
    if (cause instanceof UsageError)
      throw new UsageError(`${path}: ${cause.message}`, { cause, code: 'list-unreadable' })
    throw cause
  }
}

/** A row that was read, and is left out by a rule: zero bytes, or a hash of too plain a picture. */
export function isLeftOut(reason: string): boolean {
  return reason.endsWith(EMPTY_REASON) || reason.endsWith(TOO_PLAIN)
}
