/** Records of an extended header: `length key=value\n`, the length in decimal and counting itself. */

export type PaxRecords = ReadonlyMap<string, Buffer>

/** The well-formed records from the start; a malformed one ends the reading. */
export function paxRecords(bytes: Buffer): PaxRecords {
  const records = new Map<string, Buffer>()
  const pieces: string[] = []
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at)
    if (space === -1 || space - at > 10) break
    const length = Number(bytes.toString('latin1', at, space))
    const end = at + length
    if (!Number.isSafeInteger(length) || end <= space || end > bytes.length || bytes[end - 1] !== 0x0a) break
    const equals = bytes.indexOf(0x3d, space)
    if (equals === -1 || equals >= end) break
    const key = bytes.toString('utf8', space + 1, equals)
    const value = bytes.subarray(equals + 1, end - 1)
    // Format 0.0 writes its map as records of the same name, again and again; 0.1 as one, joined by commas.
    if (key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes') pieces.push(value.toString('latin1'))
    else records.set(key, value)
    at = end
  }
  if (pieces.length > 0) records.set('GNU.sparse.map', Buffer.from(pieces.join(',')))
  return records
}

/** Decimal seconds with a fraction, in nanoseconds. */
export function paxTime(value: Buffer | undefined): bigint | null {
  const match = /^(-?)(\d{1,12})(?:\.(\d{1,9})\d*)?$/.exec(value?.toString('latin1') ?? '')
  if (!match) return null
  const ns = BigInt(match[2] ?? 0) * 1_000_000_000n + BigInt((match[3] ?? '').padEnd(9, '0') || 0)
  return match[1] === '-' ? -ns : ns
}

export function paxNumber(value: Buffer | undefined): number | null {
  const text = value?.toString('latin1') ?? ''
  const number = Number(text)
  return /^\d{1,16}$/.test(text) && Number.isSafeInteger(number) ? number : null
}
