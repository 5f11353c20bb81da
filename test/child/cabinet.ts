/**
 * Microsoft's cabinet, one folder of blocks that are stored or deflated (MSZIP), each with its checksum.
 * @see Microsoft Cabinet Format, CFHEADER, CFFOLDER, CFFILE, CFDATA; and its MSZIP appendix
 */
import { deflateRawSync } from 'node:zlib'
import type { Files } from './archives.ts'

const BLOCK_BYTES = 32_768

export function cabOf(files: Files, packs = false): Buffer {
  const all = Buffer.concat(Object.values(files))
  const blocks: Buffer[] = []
  for (let at = 0; at < all.length; at += BLOCK_BYTES)
    blocks.push(blockOf(all.subarray(at, at + BLOCK_BYTES), packs))
  let offset = 0
  const names = Object.entries(files).map(([name, content]) => {
    const head = Buffer.alloc(16)
    head.writeUInt32LE(content.length, 0)
    head.writeUInt32LE(offset, 4)
    head.writeUInt16LE(0x58a6, 10)
    head.writeUInt16LE(0x20, 14)
    offset += content.length
    return Buffer.concat([head, Buffer.from(`${name}\0`)])
  })
  const [fileBytes, dataBytes] = [names, blocks].map((parts) => Buffer.concat(parts))
  const header = Buffer.alloc(36)
  header.write('MSCF')
  header.writeUInt32LE(44 + fileBytes!.length + dataBytes!.length, 8)
  header.writeUInt32LE(44, 16)
  header.writeUInt16LE(0x0103, 24)
  header.writeUInt16LE(1, 26)
  header.writeUInt16LE(names.length, 28)
  const folder = Buffer.alloc(8)
  folder.writeUInt32LE(44 + fileBytes!.length, 0)
  folder.writeUInt16LE(blocks.length, 4)
  folder.writeUInt16LE(packs ? 1 : 0, 6)
  return Buffer.concat([header, folder, fileBytes!, dataBytes!])
}

function blockOf(content: Buffer, packs: boolean): Buffer {
  const data = packs ? Buffer.concat([Buffer.from('CK'), deflateRawSync(content)]) : content
  const sizes = Buffer.alloc(4)
  sizes.writeUInt16LE(data.length, 0)
  sizes.writeUInt16LE(content.length, 2)
  const sum = Buffer.alloc(4)
  sum.writeUInt32LE(checksum(sizes, checksum(data, 0)))
  return Buffer.concat([sum, sizes, data])
}

/** CSUMCompute: 32-bit words xored; of the rest the first byte is the highest. */
function checksum(bytes: Buffer, seed: number): number {
  let sum = seed
  let at = 0
  for (; at + 4 <= bytes.length; at += 4) sum ^= bytes.readUInt32LE(at)
  let rest = 0
  for (; at < bytes.length; at++) rest = (rest << 8) | bytes[at]!
  return (sum ^ rest) >>> 0
}
