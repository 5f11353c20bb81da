/**
 * Encodes the medium of an image for the evidence digest: its size, its ranges, and the number of bytes in each class.
 */
import { isEnvironmentDependent } from '../../contracts/reason.ts'
import type { Db } from '../format/database.ts'
import { type DigestStream, ENVIRONMENT } from './digest-stream.ts'

type Cell = bigint | string | null

const RANGES = `SELECT offset, length, kind, number, scheme, type, name, holds, file_system, label, uuid, cluster,
  result, reason FROM volume ORDER BY offset`

const CLASSES = 'SELECT volume, class, bytes FROM byte_class ORDER BY volume, class'

/**
 * The storage format of the image stays out: one disk gives the same digest as raw and as E01. Without an image this
 * function adds nothing.
 * Byte classes of a volume are left out where a crash or the device decided the result of that volume.
 */
export function digestImage(db: Db, stream: DigestStream): void {
  const size = db.prepare('SELECT size FROM image').pluck().safeIntegers().get() as bigint | undefined
  if (size === undefined) return
  stream.row((encoder) => {
    encoder.text('medium')
    encoder.int(size)
  })
  const undecided = new Set<Cell>()
  for (const range of db.prepare(RANGES).raw().safeIntegers().iterate() as Iterable<Cell[]>)
    stream.row((encoder) => {
      const reason = range.at(-1) as string | null
      const isUndecided = reason !== null && isEnvironmentDependent(reason)
      if (isUndecided) undecided.add(range[NUMBER]!)
      encoder.text('range')
      for (const cell of isUndecided ? range.slice(0, RESULT) : range) encodeCell(encoder, cell)
      if (isUndecided) encoder.text(ENVIRONMENT)
    })
  for (const row of db.prepare(CLASSES).raw().safeIntegers().iterate() as Iterable<Cell[]>)
    if (!undecided.has(row[0]!))
      stream.row((encoder) => {
        encoder.text('class')
        for (const cell of row) encodeCell(encoder, cell)
      })
}

/** Column positions in RANGES. */
const NUMBER = 3
const RESULT = 12

function encodeCell(encoder: Parameters<Parameters<DigestStream['row']>[0]>[0], cell: Cell): void {
  if (cell === null) encoder.null()
  else if (typeof cell === 'string') encoder.text(cell)
  else encoder.int(cell)
}
