/** Data runs of NTFS (mapping pairs): a length and a signed step of the first cluster each, ended by zero. */
import type { DataRun } from '../../../../contracts/content-place.ts'

/** Most runs of one content. More are damage or an attack, and the rest is reported as missing. */
const MAX_RUNS = 1 << 20
/** No volume of NTFS has 2^44 clusters; a larger number is damage. */
const MAX_CLUSTERS = 2 ** 44

/**
 * Appends the runs in [from, end) of `bytes` to `into`, and merges adjacent ones.
 * @returns number of their clusters; null when the list is malformed (earlier runs stay)
 */
export function readRuns(
  bytes: Buffer,
  from: number,
  end: number,
  clusterBytes: number,
  into: DataRun[],
): number | null {
  let at = from
  let first = 0
  let covered = 0
  while (at < end) {
    const header = bytes[at] ?? 0
    if (header === 0) return covered
    const lengthBytes = header & 15
    const offsetBytes = header >> 4
    const next = at + 1 + lengthBytes + offsetBytes
    if (lengthBytes === 0 || lengthBytes > 8 || offsetBytes > 8 || next > end) return null
    const length = signed(bytes, at + 1, lengthBytes)
    covered += length
    if (length <= 0 || covered > MAX_CLUSTERS || covered * clusterBytes > Number.MAX_SAFE_INTEGER) return null
    if (into.length >= MAX_RUNS) return null
    if (offsetBytes === 0) {
      add(into, null, length * clusterBytes)
    } else {
      first += signed(bytes, at + 1 + lengthBytes, offsetBytes)
      // NTFS 1.2 wrote −1 for a hole.
      if (first === -1) add(into, null, length * clusterBytes)
      else if (first < 0 || first + length > MAX_CLUSTERS) return null
      else if ((first + length) * clusterBytes > Number.MAX_SAFE_INTEGER) return null
      else add(into, first * clusterBytes, length * clusterBytes)
    }
    at = next
  }
  return covered
}

function add(into: DataRun[], offset: number | null, length: number): void {
  const last = into[into.length - 1]
  const together =
    last &&
    (offset === null ? last.offset === null : last.offset !== null && last.offset + last.length === offset)
  if (together) into[into.length - 1] = { offset: last.offset, length: last.length + length }
  else into.push({ offset, length })
}

/** Signed little-endian number of 1–8 bytes; a value beyond safe numbers becomes one that is refused. */
function signed(bytes: Buffer, at: number, size: number): number {
  return size <= 6 ? bytes.readIntLE(at, size) : Number(BigInt.asIntN(size * 8, wide(bytes, at, size)))
}

function wide(bytes: Buffer, at: number, size: number): bigint {
  let value = 0n
  for (let index = size - 1; index >= 0; index--) value = (value << 8n) | BigInt(bytes[at + index] ?? 0)
  return value
}
