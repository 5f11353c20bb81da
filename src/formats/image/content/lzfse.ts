/**
 * LZFSE, a compression of macOS: blocks that are uncompressed, in LZVN, or literals and matches in finite-state codes.
 * Facts: Apple's reference decoder (github.com/lzfse/lzfse). Its older header `bvx1`, which no known encoder writes, is
 * not read.
 */
import { BackwardBits, BITS_MARGIN, StateTable, type Value } from './fse.ts'
import { decodeFrequencies, type Frequencies } from './lzfse-frequencies.ts'
import { lzvnAt } from './lzvn.ts'

const END_OF_STREAM = 'bvx$'
const FIXED_HEADER_BYTES = 32
const LITERALS_AT_MOST = 40_000
const MATCHES_AT_MOST = 10_000

/** Values of literal lengths, match lengths and distances: each base follows the range of the previous symbol. */
const LITERAL_LENGTHS = valuesOf(16, [2, 3, 5, 8])
const MATCH_LENGTHS = valuesOf(16, [3, 5, 8, 11])
const DISTANCES = valuesOf(
  0,
  Array.from({ length: 64 }, (_, symbol) => symbol >> 2),
)

const literalTable = new StateTable(1024)
const lengthTable = new StateTable(64)
const matchTable = new StateTable(64)
const distanceTable = new StateTable(256)
const literals = Buffer.alloc(LITERALS_AT_MOST + 4)

/** @returns bytes decoded into `target`; all of it unless `stored` is damaged, too short or too long */
export function decodeLzfse(stored: Buffer, target: Buffer): number {
  const bytes = Buffer.alloc(stored.length + BITS_MARGIN)
  stored.copy(bytes)
  const end = stored.length
  let at = 0
  let from = 0
  while (at < target.length && from + 8 <= end) {
    const magic = bytes.toString('latin1', from, from + 4)
    if (magic === END_OF_STREAM) return at
    const rawBytes = bytes.readUInt32LE(from + 4)
    const stop = at + rawBytes
    if (stop > target.length) return at
    if (magic === 'bvx-') {
      if (from + 8 + rawBytes > end) return at
      at += bytes.copy(target, at, from + 8, from + 8 + rawBytes)
      from += 8 + rawBytes
    } else if (magic === 'bvxn' && from + 12 <= end) {
      const to = from + 12 + bytes.readUInt32LE(from + 8)
      if (to > end) return at
      at = lzvnAt(bytes, from + 12, to, target, at, stop)
      if (at < stop) return at
      from = to
    } else if (magic === 'bvx2' && from + FIXED_HEADER_BYTES <= end) {
      const header = headerAt(bytes, from, end)
      if (!header) return at
      const decoded = decodeBlock(bytes, header, target, at, stop)
      if (decoded < stop) return decoded
      at = decoded
      from = header.end
    } else return at
  }
  return at
}

interface Header extends Frequencies {
  readonly literalCount: number
  readonly literalFrom: number
  readonly literalUnused: number
  readonly literalStates: number[]
  readonly matchCount: number
  readonly matchFrom: number
  readonly matchUnused: number
  readonly lengthState: number
  readonly matchState: number
  readonly distanceState: number
  /** Behind the block. */
  readonly end: number
}

/** Fields are packed from the lowest bit of three numbers of 64 bits on. */
function headerAt(bytes: Buffer, from: number, end: number): Header | null {
  const words = [8, 16, 24].map((at) => bytes.readBigUInt64LE(from + at))
  const field = (word: number, shift: number, count: number): number =>
    Number(((words[word] ?? 0n) >> BigInt(shift)) & ((1n << BigInt(count)) - 1n))
  const literalFrom = from + field(2, 0, 32)
  const matchFrom = literalFrom + field(0, 20, 20)
  const after = matchFrom + field(1, 40, 20)
  const literalCount = field(0, 0, 20)
  const matchCount = field(0, 40, 20)
  if (literalFrom < from + FIXED_HEADER_BYTES || after > end) return null
  if (literalCount > LITERALS_AT_MOST || matchCount > MATCHES_AT_MOST) return null
  const frequencies = decodeFrequencies(bytes.subarray(from + FIXED_HEADER_BYTES, literalFrom))
  if (!frequencies) return null
  return {
    ...frequencies,
    literalCount,
    literalFrom,
    literalUnused: 7 - field(0, 60, 3),
    literalStates: [0, 10, 20, 30].map((shift) => field(1, shift, 10)),
    matchCount,
    matchFrom,
    matchUnused: 7 - field(1, 60, 3),
    lengthState: field(2, 32, 10),
    matchState: field(2, 42, 10),
    distanceState: field(2, 52, 10),
    end: after,
  }
}

/** @returns end offset in the target: `stop`, unless the block is damaged */
function decodeBlock(bytes: Buffer, header: Header, target: Buffer, begin: number, stop: number): number {
  if (
    !(
      literalTable.build(header.literals, (symbol) => ({ base: symbol, bits: 0 })) &&
      lengthTable.build(header.lengths, LITERAL_LENGTHS) &&
      matchTable.build(header.matches, MATCH_LENGTHS) &&
      distanceTable.build(header.distances, DISTANCES)
    ) ||
    !decodeLiterals(bytes, header)
  ) {
    return begin
  }
  let { lengthState, matchState, distanceState } = header
  if (header.matchCount > 0) {
    const known =
      lengthTable.has(lengthState) && matchTable.has(matchState) && distanceTable.has(distanceState)
    if (!known) return begin
  }
  const bits = new BackwardBits(bytes, header.matchFrom, header.end, header.matchUnused)
  let at = begin
  let literal = 0
  let distance = 0
  for (let left = header.matchCount; left > 0; left--) {
    const ofLength = bits.take(lengthTable.wants(lengthState))
    const length = lengthTable.value(lengthState, ofLength)
    lengthState = lengthTable.follow(lengthState, ofLength)
    const ofMatch = bits.take(matchTable.wants(matchState))
    const match = matchTable.value(matchState, ofMatch)
    matchState = matchTable.follow(matchState, ofMatch)
    const ofDistance = bits.take(distanceTable.wants(distanceState))
    // Zero repeats the previous distance.
    distance = distanceTable.value(distanceState, ofDistance) || distance
    distanceState = distanceTable.follow(distanceState, ofDistance)
    if (bits.beyond || literal + length > header.literalCount || at + length + match > stop) return at
    at += literals.copy(target, at, literal, literal + length)
    literal += length
    if (match > 0 && (distance === 0 || distance > at)) return at
    for (const end = at + match; at < end; at++) target[at] = target[at - distance] as number
  }
  return at
}

/** Four states take turns. */
function decodeLiterals(bytes: Buffer, header: Header): boolean {
  if (header.literalCount === 0) return true
  const states = [...header.literalStates]
  if (!states.every((state) => literalTable.has(state))) return false
  const bits = new BackwardBits(bytes, header.literalFrom, header.matchFrom, header.literalUnused)
  for (let index = 0; index < header.literalCount; index++) {
    const state = states[index & 3] as number
    const taken = bits.take(literalTable.wants(state))
    literals[index] = literalTable.value(state, taken)
    states[index & 3] = literalTable.follow(state, taken)
  }
  return !bits.beyond
}

/** @param plain number of symbols whose value is their own @param bits numbers of extra bits of the following ones */
function valuesOf(plain: number, bits: readonly number[]): (symbol: number) => Value {
  const values: Value[] = []
  for (let symbol = 0; symbol < plain; symbol++) values.push({ base: symbol, bits: 0 })
  let base = plain
  for (const count of bits) {
    values.push({ base, bits: count })
    base += 2 ** count
  }
  return (symbol) => values[symbol] ?? { base: 0, bits: 0 }
}
