/**
 * The Sleuth Kit's text index of a hash database (`NAME-md5.idx`): a header of zeros, then sorted lines
 * `digest|offset`.
 * The offset points into the original database and is not used.
 */
import { UsageError } from '../../base/errors.ts'
import { decodeHex, MD5, SHA1 } from '../records/algorithms.ts'
import type { Detection, HashSetFormat, ReadOptions } from '../records/format.ts'
import { type ListFile, readLines } from '../records/list-file.ts'
import { RecordBatch } from '../records/record-batch.ts'
import { decodeName, lineExcerpt } from './text-lines.ts'

const HEADER = /^0{40,41}\|([a-z0-9]+)\s*$/i
const NAME = /^0{40}1\|(.*)$/
const BAR = 0x7c
const OFFSET_DIGITS = 16

export const tskIndex: HashSetFormat = {
  id: 'tsk-index',
  title: 'Sleuth Kit text index (.idx)',

  detect(head: Buffer): Detection {
    const first = head.toString('latin1').split('\n', 1)[0]!
    const header = HEADER.exec(first)
    return {
      matches: header !== null,
      reason:
        header === null
          ? 'the first line is not the header of a Sleuth Kit index'
          : `the header of a Sleuth Kit index of a database of type ${header[1]}`,
    }
  },

  read(file: ListFile, options: ReadOptions): AsyncGenerator<RecordBatch> {
    const batch = new RecordBatch()
    return readLines(file, batch, (buffer, start, end, line) => {
      if (line <= 2) {
        const text = decodeName(buffer.subarray(start, end))
        const header = HEADER.exec(text)
        if (line === 1 && header === null) {
          throw new UsageError('Line 1 of the list is not the header of a Sleuth Kit index.')
        }
        const name = NAME.exec(text)
        if (name !== null) options.onFacts?.({ name: name[1]!.trim() })
        if (header !== null) options.onFacts?.({ note: `made of a database of type ${header[1]}` })
        if (header !== null || name !== null) return
      }
      const place = buffer[start + 32] === BAR ? MD5 : buffer[start + 40] === BAR ? SHA1 : null
      if (
        place === null ||
        end - start !== place.bytes * 2 + 1 + OFFSET_DIGITS ||
        !decodeHex(buffer, start, batch.digests, batch.offset(place), place.bytes)
      ) {
        batch.reject(line, `not a digest and an offset: ${lineExcerpt(buffer, start, end)}`)
      } else batch.keep(line, place.bit, Number.NaN, null, null)
    })
  },
}
