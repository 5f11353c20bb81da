/** Reads the metadata of one file in an AD1 image: a chain of small text records. */
import type { Medium, OpenImage } from '../../../contracts/image.ts'
import type { VolumeTimes } from '../../../contracts/volume-times.ts'
import { readAt, u64 } from '../content/read-at.ts'
import { type Listing, timesInUtc } from './common/logical-file-system.ts'

const HEADER_BYTES = 20
const RECORDS_AT_MOST = 1000
const TEXT_BYTES_AT_MOST = 4096
const TYPE = { accessed: 7, born: 8, modified: 9, md5: 0x5001, sha1: 0x5002 } as const

export interface Ad1Meta {
  readonly times: VolumeTimes
  readonly hashes: OpenImage['storedHashes']
}

/** @param first offset of the first record, 0: none */
export function metaOf(medium: Medium, first: number, record: number, listing: Listing): Ad1Meta {
  const texts = new Map<number, string>()
  let at = first
  for (let count = 0; at > 0 && count < RECORDS_AT_MOST; count++) {
    const header = readAt(medium, at, HEADER_BYTES)
    if (header.length < HEADER_BYTES) {
      listing.problem('meta-cut', record, '')
      break
    }
    const length = Math.min(header.readUInt32LE(16), TEXT_BYTES_AT_MOST)
    texts.set(header.readUInt32LE(12), readAt(medium, at + HEADER_BYTES, length).toString('latin1'))
    const next = u64(header, 0)
    if (next !== 0 && next <= at) {
      listing.problem('chain-loop', record, 'meta')
      break
    }
    at = next
  }
  const hash = (type: number, digits: number): string | null => {
    const text = texts.get(type)?.toLowerCase() ?? ''
    return text.length === digits && /^[0-9a-f]+$/.test(text) ? text : null
  }
  const [md5, sha1] = [hash(TYPE.md5, 32), hash(TYPE.sha1, 40)]
  return {
    times: timesInUtc(
      {
        modifiedNs: time(texts.get(TYPE.modified)),
        accessedNs: time(texts.get(TYPE.accessed)),
        bornNs: time(texts.get(TYPE.born)),
      },
      'us',
    ),
    hashes: [
      ...(md5 ? [{ algorithm: 'md5' as const, hex: md5 }] : []),
      ...(sha1 ? [{ algorithm: 'sha1' as const, hex: sha1 }] : []),
    ],
  }
}

/** `YYYYMMDDThhmmss.ffffff` as nanoseconds since 1970 in UTC. */
function time(text: string | undefined): bigint | null {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(?:\.(\d{1,6}))?/.exec(text ?? '')
  if (!parts) return null
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const ms = Date.UTC(year, month - 1, day, hour, minute, second)
  return BigInt(ms) * 1_000_000n + BigInt((parts[7] ?? '').padEnd(6, '0')) * 1000n
}
