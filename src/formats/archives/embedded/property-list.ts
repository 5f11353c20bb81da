/**
 * Extracts pictures and files from the data objects of a binary property list (archived objects, contacts, settings).
 * A data object is taken complete when its content has a known signature and the object's marker and length precede
 * it.
 *
 * @see Apple, CFBinaryPList.c: a data object is 4F, an integer (1n, 2^n bytes, big-endian), and its bytes
 */

import type { ByteSource } from '../../bytes/byte-source.ts'
import { MARKS } from '../../signatures/embedded/marks.ts'
import { wholeOf } from '../common/container.ts'

const LEAST_BYTES = 64
const [DATA, INTEGER] = [0x4f, 0x10]

export function* listedData(source: ByteSource): Generator<Buffer, void, undefined> {
  const whole = wholeOf(source)
  const begins = new Map<number, number>()
  for (const [mark, offset] of MARKS)
    for (let at = whole.indexOf(mark); at !== -1; at = whole.indexOf(mark, at + 1)) {
      const length = lengthBefore(whole, at - offset)
      if (length !== null) begins.set(at - offset, length)
    }
  let end = 0
  for (const [from, length] of [...begins].sort(([a], [b]) => a - b)) {
    // Data inside another data object is found when that object is opened.
    if (from < end) continue
    end = from + length
    yield whole.subarray(from, end)
  }
}

/** @returns null when no data object starts here */
function lengthBefore(whole: Buffer, at: number): number | null {
  for (const [power, bytes] of [1, 2, 4].entries()) {
    const from = at - bytes - 2
    if (from < 0 || whole[from] !== DATA || whole[from + 1] !== INTEGER + power) continue
    const length = whole.readUIntBE(from + 2, bytes)
    if (length >= LEAST_BYTES && at + length <= whole.length) return length
  }
  return null
}
