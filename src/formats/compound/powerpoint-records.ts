/**
 * Reads the records of a PowerPoint document stream, including those inside containers. @see MS-PPT 2.3.1
 * (RecordHeader)
 */

export interface PowerPointRecord {
  readonly type: number
  readonly instance: number
  /** Types of the enclosing containers, outermost first. */
  readonly within: readonly number[]
  readonly data: Buffer
}

const HEADER = 8
/** A record with this version contains records. */
const CONTAINER = 0xf
const MAX_DEPTH = 64

export function* records(stream: Buffer): Generator<PowerPointRecord> {
  const open: { readonly type: number; readonly end: number }[] = []
  for (let at = 0; at + HEADER <= stream.length; ) {
    while (open.length > 0 && at >= open.at(-1)!.end) open.pop()
    const head = stream.readUInt16LE(at)
    const type = stream.readUInt16LE(at + 2)
    const end = Math.min(stream.length, at + HEADER + stream.readUInt32LE(at + 4))
    at += HEADER
    if ((head & 0xf) === CONTAINER && open.length < MAX_DEPTH) {
      open.push({ type, end })
      continue
    }
    yield {
      type,
      instance: head >> 4,
      within: open.map((one) => one.type),
      data: stream.subarray(at, end),
    }
    at = end
  }
}
