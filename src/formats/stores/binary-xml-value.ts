/**
 * Text of the values of binary XML. Numbers are decimal, times ISO 8601 in UTC.
 * @see libyal/libevtx, "Windows XML Event Log (EVTX) format", section 5.3
 */
import { guidAt } from '../bytes/guid.ts'

const ARRAY = 0x80

/** @returns '' for an empty value and for a kind that is not read */
export function textOfValue(type: number, bytes: Buffer): string {
  // Elements of an array of texts end with a zero each.
  if (type === (ARRAY | 1)) return wide(bytes).replaceAll('\0', '\n').trimEnd()
  const kind = KINDS[type]
  return kind === undefined || bytes.length < kind.bytes ? '' : kind.text(bytes)
}

const KINDS: Readonly<Record<number, { readonly bytes: number; readonly text: (bytes: Buffer) => string }>> =
  {
    1: { bytes: 2, text: (bytes) => wide(bytes).split('\0', 1)[0]! },
    2: { bytes: 1, text: (bytes) => bytes.toString('latin1').split('\0', 1)[0]! },
    3: { bytes: 1, text: (bytes) => String(bytes.readInt8(0)) },
    4: { bytes: 1, text: (bytes) => String(bytes[0]) },
    5: { bytes: 2, text: (bytes) => String(bytes.readInt16LE(0)) },
    6: { bytes: 2, text: (bytes) => String(bytes.readUInt16LE(0)) },
    7: { bytes: 4, text: (bytes) => String(bytes.readInt32LE(0)) },
    8: { bytes: 4, text: (bytes) => String(bytes.readUInt32LE(0)) },
    9: { bytes: 8, text: (bytes) => String(bytes.readBigInt64LE(0)) },
    10: { bytes: 8, text: (bytes) => String(bytes.readBigUInt64LE(0)) },
    13: { bytes: 1, text: (bytes) => (bytes.some((byte) => byte !== 0) ? 'true' : 'false') },
    14: { bytes: 1, text: (bytes) => bytes.toString('hex') },
    15: { bytes: 16, text: (bytes) => guidAt(bytes, 0) },
    16: {
      bytes: 4,
      text: (bytes) => (bytes.length < 8 ? number32(bytes) : String(bytes.readBigUInt64LE(0))),
    },
    17: { bytes: 8, text: (bytes) => timeText(bytes.readBigUInt64LE(0)) },
    18: { bytes: 16, text: systemTime },
    19: { bytes: 8, text: sid },
    20: { bytes: 4, text: number32 },
    21: { bytes: 8, text: (bytes) => String(bytes.readBigUInt64LE(0)) },
  }

function number32(bytes: Buffer): string {
  return String(bytes.readUInt32LE(0))
}

function wide(bytes: Buffer): string {
  return bytes.toString('utf16le', 0, bytes.length & ~1)
}

/** FILETIME: 100 ns since 1601. */
function timeText(value: bigint): string {
  const ms = Number(value / 10_000n) - 11_644_473_600_000
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : ''
}

function systemTime(bytes: Buffer): string {
  const field = (i: number) => bytes.readUInt16LE(2 * i)
  const ms = Date.UTC(field(0), field(1) - 1, field(3), field(4), field(5), field(6), field(7))
  return Number.isNaN(ms) ? '' : new Date(ms).toISOString()
}

/** A security identifier: revision, number of parts, authority (big-endian), parts. */
function sid(bytes: Buffer): string {
  const count = bytes[1]!
  if (bytes.length < 8 + 4 * count) return ''
  const parts = Array.from({ length: count }, (_, i) => bytes.readUInt32LE(8 + 4 * i))
  return ['S', bytes[0], bytes.readUIntBE(2, 6), ...parts].join('-')
}
