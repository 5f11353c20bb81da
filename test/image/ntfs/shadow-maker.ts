/**
 * Shadow copies put onto a volume that is given in the states that it had: catalogue, stores and kept blocks, as
 * libvshadow's documentation has them.
 */
const BLOCK = 16_384
const IDENTIFIER = Buffer.from('6b87083876c1484eb7ae04046e6cc752', 'hex')

export interface MadeBlock {
  readonly original: number
  readonly relative: number
  readonly from: number
  readonly flags: number
  readonly sectors?: number
}

function header(type: number, at: number): Buffer {
  const block = Buffer.alloc(BLOCK)
  IDENTIFIER.copy(block)
  block.writeUInt32LE(1, 16)
  block.writeUInt32LE(type, 20)
  block.writeBigUInt64LE(BigInt(at), 32)
  return block
}

export function blockList(at: number, next: number, blocks: readonly MadeBlock[]): Buffer {
  const list = header(3, at)
  list.writeBigUInt64LE(BigInt(next), 40)
  for (const [index, { original, relative, from, flags, sectors = 0 }] of blocks.entries()) {
    const entry = 128 + index * 32
    list.writeBigUInt64LE(BigInt(original), entry)
    list.writeBigUInt64LE(BigInt(relative), entry + 8)
    list.writeBigUInt64LE(BigInt(from), entry + 16)
    list.writeUInt32LE(flags, entry + 24)
    list.writeUInt32LE(sectors, entry + 28)
  }
  return list
}

function catalogue(at: number, stores: readonly { readonly day: number; readonly list: number }[]): Buffer {
  const block = header(2, at)
  for (const [index, { day, list }] of stores.entries()) {
    const entry = 128 + index * 256
    const id = Buffer.alloc(16, index + 1)
    block.writeBigUInt64LE(2n, entry)
    id.copy(block, entry + 16)
    block.writeBigUInt64LE(BigInt(Date.UTC(2026, 0, day)) * 10_000n + 116_444_736_000_000_000n, entry + 48)
    block.writeBigUInt64LE(3n, entry + 128)
    block.writeBigUInt64LE(BigInt(list), entry + 136)
    id.copy(block, entry + 144)
  }
  return block
}

/** @param unused blocks that nothing was in */
export function bitmap(at: number, unused: readonly number[]): Buffer {
  const bits = header(6, at)
  for (const block of unused) bits[128 + (block >>> 3)]! |= 1 << (block & 7)
  return bits
}

/** The header of the volume, which says where the catalogue is. */
function putHeader(volume: Buffer, at: number): void {
  const block = header(1, 0x1e00).subarray(0, 128)
  block.writeBigUInt64LE(0x1e00n, 24)
  block.writeBigUInt64LE(BigInt(at), 48)
  block.copy(volume, 0x1e00)
}

/**
 * @param states of the volume, oldest first; the last is what it holds today
 * @param free   where nothing of the volume lies: catalogue, lists and blocks are put there
 */
export function withShadowCopies(states: readonly Buffer[], free: number): Buffer {
  const volume = Buffer.from(states.at(-1)!)
  let next = free + BLOCK
  const stores: { day: number; list: number }[] = []
  for (let copy = 0; copy + 1 < states.length; copy++) {
    const [then, later] = [states[copy]!, states[copy + 1]!]
    const kept: MadeBlock[] = []
    const list = next
    next += 2 * BLOCK
    for (let original = 0; original < free; original += BLOCK) {
      const block = then.subarray(original, original + BLOCK)
      if (block.equals(later.subarray(original, original + BLOCK))) continue
      block.copy(volume, next)
      kept.push({ original, relative: next - list, from: next, flags: 0 })
      next += BLOCK
    }
    // In two blocks, one of which says where the other is.
    const half = Math.ceil(kept.length / 2)
    blockList(list, list + BLOCK, kept.slice(0, half)).copy(volume, list)
    blockList(list + BLOCK, 0, kept.slice(half)).copy(volume, list + BLOCK)
    stores.push({ day: copy + 1, list })
  }
  // The newest first, as it may stand there.
  catalogue(free, stores.reverse()).copy(volume, free)
  putHeader(volume, free)
  return volume
}
