/** Packages and images of disks for tests, made byte for byte where no tool of the system makes them. Members are neutral. */
import { deflateSync, gzipSync } from 'node:zlib'
import { cpioOf } from './archives.ts'

/** RPM: lead, signature and header without a tag, the payload (rpm.org, "RPM V4 Package format"). */
export function rpmOf(name: string, content: Buffer): Buffer {
  const lead = Buffer.alloc(96)
  Buffer.from('edabeedb0300', 'hex').copy(lead)
  lead.write('note-1-1', 10)
  lead.writeUInt16BE(1, 76)
  lead.writeUInt16BE(5, 78)
  const header = Buffer.alloc(16)
  Buffer.from('8eade801', 'hex').copy(header)
  return Buffer.concat([lead, header, header, gzipSync(cpioOf([[name, content]]))])
}

/** XAR: header, deflated table of contents, heap with the checksum of that table first. */
export function xarOf(name: string, content: Buffer): Buffer {
  const packed = deflateSync(content)
  const toc = Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?><xar><toc><checksum style="sha1"><offset>0</offset><size>20</size></checksum><file id="1"><data><length>${packed.length}</length><offset>20</offset><size>${content.length}</size><encoding style="application/x-gzip"/></data><name>${name}</name><type>file</type></file></toc></xar>`,
  )
  const packedToc = deflateSync(toc)
  const head = Buffer.alloc(28)
  head.write('xar!')
  head.writeUInt16BE(28, 4)
  head.writeUInt16BE(1, 6)
  head.writeBigUInt64BE(BigInt(packedToc.length), 8)
  head.writeBigUInt64BE(BigInt(toc.length), 16)
  head.writeUInt32BE(1, 24)
  return Buffer.concat([head, packedToc, Buffer.alloc(20), packed])
}

/** Apple's UDIF: one partition stored as it is, its map in a property list, `koly` at the end. */
export function dmgOf(disk: Buffer): Buffer {
  const sectors = disk.length / 512
  const map = Buffer.alloc(204 + 2 * 40)
  map.write('mish')
  map.writeUInt32BE(1, 4)
  map.writeBigUInt64BE(BigInt(sectors), 16)
  map.writeUInt32BE(520, 32)
  map.writeUInt32BE(2, 200)
  map.writeUInt32BE(1, 204)
  map.writeBigUInt64BE(512n, 204 + 24)
  map.writeBigUInt64BE(BigInt(sectors), 204 + 16)
  map.writeBigUInt64BE(BigInt(disk.length), 204 + 32)
  map.writeUInt32BE(0xffffffff, 244)
  map.writeBigUInt64BE(BigInt(sectors), 244 + 8)
  map.writeBigUInt64BE(BigInt(disk.length + 512), 244 + 24)
  const plist = Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?><plist version="1.0"><dict><key>resource-fork</key><dict><key>blkx</key><array><dict><key>Attributes</key><string>0x0050</string><key>CFName</key><string>disk image</string><key>Data</key><data>${map.toString('base64')}</data><key>ID</key><string>0</string><key>Name</key><string>disk image</string></dict></array></dict></dict></plist>`,
  )
  const koly = Buffer.alloc(512)
  koly.write('koly')
  koly.writeUInt32BE(4, 4)
  koly.writeUInt32BE(512, 8)
  koly.writeUInt32BE(1, 12)
  koly.writeBigUInt64BE(BigInt(disk.length + 512), 32)
  koly.writeUInt32BE(1, 56)
  koly.writeUInt32BE(1, 60)
  koly.writeBigUInt64BE(BigInt(disk.length + 512), 216)
  koly.writeBigUInt64BE(BigInt(plist.length), 224)
  koly.writeUInt32BE(1, 488)
  koly.writeBigUInt64BE(BigInt(sectors), 492)
  return Buffer.concat([Buffer.alloc(512), disk, plist, koly])
}

/** Two volumes from sector 64 on, and a table that states them without their old addresses (cylinder, head, sector). */
export function partitioned(volume: Buffer): Buffer {
  const before = Buffer.alloc(64 * 512)
  for (const n of [0, 1]) {
    before[446 + 16 * n + 4] = 0x83
    before.writeUInt32LE(64 + (n * volume.length) / 512, 446 + 16 * n + 8)
    before.writeUInt32LE(volume.length / 512, 446 + 16 * n + 12)
  }
  before.writeUInt16BE(0x55aa, 510)
  return Buffer.concat([before, volume, volume])
}
