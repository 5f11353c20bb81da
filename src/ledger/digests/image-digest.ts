/** The medium of an image as it enters the evidence digest: its size, its ranges, and how many bytes each class has. */
import { isEnvironmentDependent } from '../../contracts/reason.ts'
import type { Db } from '../format/database.ts'
import { type DigestStream, ENVIRONMENT } from './digest-stream.ts'

type Cell = bigint | string | null

const RANGES = `SELECT offset, length, kind, number, scheme, type, name, holds, file_system, label, uuid, cluster,
  result, reason FROM volume ORDER BY offset`

const CLASSES = 'SELECT volume, class, bytes FROM byte_class ORDER BY volume, class'

/**
 * Not how the image is stored: the same disk as raw and as E01 gives the same digest. Nothing at all without an image.
 * Where a crash or the device decided what became of a volume, its classes are left out.
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

/** Places in RANGES. */
const NUMBER = 3
const RESULT = 12

function encodeCell(encoder: Parameters<Parameters<DigestStream['row']>[0]>[0], cell: Cell): void {
  if (cell === null) encoder.null()
  else if (typeof cell === 'string') encoder.text(cell)
  else encoder.int(cell)
}
