/**
 * Which bytes of a BitLocker volume are encrypted, and how.
 *
 * The first bytes of the volume lie elsewhere, encrypted with the number of the place where they lie; that place and the
 * areas of the metadata read as zeros. A volume that is only partly encrypted is stored plain from an offset on.
 */
import type { SectorKey, UnlockedRun } from '../../../contracts/lock.ts'
import { AREA_BYTES, type BitlockerMetadata } from './metadata.ts'

interface Method {
  readonly name: string
  readonly mode: SectorKey['mode']
  /** Bytes of the key as the metadata has it. */
  readonly storedBytes: number
  /** Where in these bytes the keys lie. */
  readonly parts: readonly (readonly [from: number, to: number])[]
}

const METHODS: Readonly<Record<number, Method>> = {
  32768: {
    name: 'aes-cbc-elephant-128',
    mode: 'cbc-elephant',
    storedBytes: 64,
    parts: [
      [0, 16],
      [32, 48],
    ],
  },
  32769: { name: 'aes-cbc-elephant-256', mode: 'cbc-elephant', storedBytes: 64, parts: [[0, 64]] },
  32770: { name: 'aes-cbc-128', mode: 'cbc-eboiv', storedBytes: 16, parts: [[0, 16]] },
  32771: { name: 'aes-cbc-256', mode: 'cbc-eboiv', storedBytes: 32, parts: [[0, 32]] },
  32772: { name: 'aes-xts-128', mode: 'xts', storedBytes: 32, parts: [[0, 32]] },
  32773: { name: 'aes-xts-256', mode: 'xts', storedBytes: 64, parts: [[0, 64]] },
}

/** Empty: not one of those that are known. */
export function methodName({ method }: BitlockerMetadata): string {
  return METHODS[method]?.name ?? ''
}

/** Null: a method that is not known, or a key that it has not. */
export function sectorKey({ method, sectorBytes }: BitlockerMetadata, stored: Buffer): SectorKey | null {
  const known = METHODS[method]
  if (known === undefined || stored.length < known.storedBytes) return null
  const keyHex = known.parts.map(([from, to]) => stored.toString('hex', from, to)).join('')
  return { cipher: 'aes', mode: known.mode, keyHex, sectorBytes, ivStep: 1 }
}

/** Null: the metadata places areas where none can be. @param sizeBytes of the volume */
export function runsOf(metadata: BitlockerMetadata, sizeBytes: number): UnlockedRun[] | null {
  const { sectorBytes, header, areas } = metadata
  const end = Math.floor(sizeBytes / sectorBytes) * sectorBytes
  const hidden = [
    ...areas.map((offset) => ({ offset, length: AREA_BYTES })),
    { offset: header.offset, length: header.length },
  ].sort((a, b) => a.offset - b.offset)
  const isPlaced = ({ offset, length }: { offset: number; length: number }) =>
    offset % sectorBytes === 0 &&
    length % sectorBytes === 0 &&
    offset >= header.length &&
    offset + length <= end
  if (!hidden.every(isPlaced) || header.length > MOST_HEADER_BYTES) return null
  const encryptedEnd = isWhole(metadata) ? end : Math.min(end, metadata.encryptedBytes)
  if (encryptedEnd % sectorBytes !== 0) return null
  const headerKey = header.offset < encryptedEnd ? 0 : null
  const runs: UnlockedRun[] = [
    { length: header.length, from: header.offset, key: headerKey, ivStart: header.offset / sectorBytes },
  ]
  let at = header.length
  const stored = (to: number) => {
    for (const [until, key] of [
      [Math.min(to, encryptedEnd), 0],
      [to, null],
    ] as const) {
      if (until <= at) continue
      runs.push({ length: until - at, from: at, key, ivStart: at / sectorBytes })
      at = until
    }
  }
  for (const { offset, length } of hidden) {
    stored(offset)
    const from = Math.max(at, offset)
    if (offset + length <= from) continue
    runs.push({ length: offset + length - from, from: null, key: null, ivStart: 0, isMetadata: true })
    at = offset + length
  }
  stored(end)
  return runs.filter(({ length }) => length > 0)
}

/** 8 KiB as a rule, 32 sectors on large ones. */
const MOST_HEADER_BYTES = 16 << 20

function isWhole({ state, nextState }: BitlockerMetadata): boolean {
  return state === ENCRYPTED && nextState === ENCRYPTED
}

const ENCRYPTED = 4
