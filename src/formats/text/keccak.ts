/**
 * Keccak-256 as in Ethereum: SHA-3 before NIST changed the padding. For short inputs. @see The Keccak reference,
 * version 3.0
 */

const RATE = 136
const LANES = 25
const ROUNDS = 24
const MASK = (1n << 64n) - 1n

/** Rotations in the order in which ρ and π visit the lanes. */
const ROTATIONS = [1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44]
const VISITED = [10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1]
const CONSTANTS = roundConstants()

export function keccak256(input: Buffer): Buffer {
  const padded = Buffer.alloc(Math.ceil((input.length + 1) / RATE) * RATE)
  input.copy(padded)
  padded[input.length]! ^= 0x01
  padded[padded.length - 1]! ^= 0x80
  const state: bigint[] = Array(LANES).fill(0n)
  for (let at = 0; at < padded.length; at += RATE) {
    for (let i = 0; i < RATE / 8; i++) state[i]! ^= padded.readBigUInt64LE(at + i * 8)
    permute(state)
  }
  const digest = Buffer.alloc(32)
  for (let i = 0; i < 4; i++) digest.writeBigUInt64LE(state[i]!, i * 8)
  return digest
}

function rotated(lane: bigint, by: number): bigint {
  return ((lane << BigInt(by)) | (lane >> BigInt(64 - by))) & MASK
}

function permute(state: bigint[]): void {
  for (let round = 0; round < ROUNDS; round++) {
    const columns = [0, 1, 2, 3, 4].map(
      (x) => state[x]! ^ state[x + 5]! ^ state[x + 10]! ^ state[x + 15]! ^ state[x + 20]!,
    )
    for (let i = 0; i < LANES; i++) state[i]! ^= columns[(i + 4) % 5]! ^ rotated(columns[(i + 1) % 5]!, 1)
    let carried = state[1]!
    for (const [i, lane] of VISITED.entries()) {
      const next = state[lane]!
      state[lane] = rotated(carried, ROTATIONS[i]!)
      carried = next
    }
    for (let row = 0; row < LANES; row += 5) {
      const lanes = state.slice(row, row + 5)
      for (let x = 0; x < 5; x++)
        state[row + x] = lanes[x]! ^ (~lanes[(x + 1) % 5]! & MASK & lanes[(x + 2) % 5]!)
    }
    state[0]! ^= CONSTANTS[round]!
  }
}

/** Bits of a shift register of eight bits, at positions one less than powers of two. */
function roundConstants(): readonly bigint[] {
  let register = 1
  const next = () => {
    const bit = register & 1
    register = register & 0x80 ? (register << 1) ^ 0x171 : register << 1
    return bit
  }
  return Array.from({ length: ROUNDS }, () => {
    let constant = 0n
    for (let i = 0; i < 7; i++) if (next() === 1) constant |= 1n << BigInt(2 ** i - 1)
    return constant
  })
}
