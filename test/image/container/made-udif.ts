/** Apple's disk images for tests, without checksums, made byte for byte (QEMU, block/dmg.c; libdmg-hfsplus, dmg/udif.c). */
import { execFileSync } from 'node:child_process'
import { deflateSync } from 'node:zlib'
import { RUN } from '../../../src/formats/image/container/udif/runs.ts'

export type Coding = 'stored' | 'zlib' | 'bzip2' | 'lzfse' | 'adc'

const SECTOR = 512
/** Bytes of the disk in a run. */
export const RUN_BYTES = 128 * SECTOR

interface Options {
  /** Where the tables stand. */
  readonly tables?: 'list' | 'fork'
  /** Sectors that belong to one partition; the rest is another. */
  readonly parts?: readonly number[]
  readonly change?: (table: Buffer) => void
}

/** @param disk a whole number of sectors */
export function udif(
  disk: Buffer,
  coding: Coding,
  { tables = 'list', parts = [disk.length / SECTOR], change = () => {} }: Options = {},
): Buffer {
  const data: Buffer[] = []
  let [written, sector] = [0, 0]
  const made: Buffer[] = []
  for (const sectors of parts) {
    const runs: Buffer[] = []
    for (let at = 0; at < sectors * SECTOR; at += RUN_BYTES) {
      const bytes = disk.subarray(
        sector * SECTOR + at,
        Math.min(sector * SECTOR + at + RUN_BYTES, (sector + sectors) * SECTOR),
      )
      const isEmpty = bytes.every((byte) => byte === 0)
      const stored = isEmpty ? Buffer.alloc(0) : coded(bytes, coding)
      runs.push(
        run(isEmpty ? RUN.unused : RUN[coding], at / SECTOR, bytes.length / SECTOR, written, stored.length),
      )
      data.push(stored)
      written += stored.length
    }
    runs.push(run(RUN.end, sectors, 0, written, 0))
    const table = Buffer.alloc(204)
    table.write('mish')
    table.writeUInt32BE(1, 4)
    table.writeBigUInt64BE(BigInt(sector), 8)
    table.writeBigUInt64BE(BigInt(sectors), 16)
    table.writeUInt32BE(520, 32)
    table.writeUInt32BE(runs.length, 200)
    const whole = Buffer.concat([table, ...runs])
    change(whole)
    made.push(whole)
    sector += sectors
  }
  const fork = tables === 'fork' ? forkOf(made) : Buffer.alloc(0)
  const list = tables === 'list' ? listOf(made) : Buffer.alloc(0)
  const trailer = Buffer.alloc(512)
  trailer.write('koly')
  trailer.writeUInt32BE(4, 4)
  trailer.writeUInt32BE(512, 8)
  trailer.writeUInt32BE(1, 12)
  trailer.writeBigUInt64BE(BigInt(written), 32)
  trailer.writeBigUInt64BE(BigInt(written), 40)
  trailer.writeBigUInt64BE(BigInt(fork.length), 48)
  trailer.writeUInt32BE(1, 56)
  trailer.writeUInt32BE(1, 60)
  trailer.write('a made image....', 64)
  trailer.writeBigUInt64BE(BigInt(list.length && written + fork.length), 216)
  trailer.writeBigUInt64BE(BigInt(list.length), 224)
  trailer.writeUInt32BE(1, 488)
  trailer.writeBigUInt64BE(BigInt(disk.length / SECTOR), 492)
  return Buffer.concat([...data, fork, list, trailer])
}

function run(kind: number, start: number, sectors: number, offset: number, bytes: number): Buffer {
  const row = Buffer.alloc(40)
  row.writeUInt32BE(kind, 0)
  for (const [i, value] of [start, sectors, offset, bytes].entries())
    row.writeBigUInt64BE(BigInt(value), 8 + 8 * i)
  return row
}

function coded(bytes: Buffer, coding: Coding): Buffer {
  switch (coding) {
    case 'stored':
      return bytes
    case 'zlib':
      return deflateSync(bytes)
    case 'bzip2':
      return execFileSync('bzip2', ['-c'], { input: bytes, maxBuffer: 1 << 26 })
    case 'lzfse': {
      const head = Buffer.from('bvx-\0\0\0\0', 'latin1')
      head.writeUInt32LE(bytes.length, 4)
      return Buffer.concat([head, bytes, Buffer.from('bvx$')])
    }
    case 'adc':
      return adc(bytes)
  }
}

/** Literals, and copies of bytes that repeat: the short and the long code. */
function adc(bytes: Buffer): Buffer {
  const out: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    let same = 0
    while (at > 0 && same < 67 && bytes[at + same] === bytes[at - 1] && at + same < bytes.length) same++
    if (same >= 19) {
      out.push(Buffer.of(0x40 | (same - 4), 0, 0))
      at += same
    } else if (same >= 3) {
      const length = Math.min(same, 18)
      out.push(Buffer.of((length - 3) << 2, 0))
      at += length
    } else {
      const length = Math.min(16, bytes.length - at)
      out.push(Buffer.of(0x80 | (length - 1)), bytes.subarray(at, at + length))
      at += length
    }
  }
  return Buffer.concat(out)
}

function listOf(tables: readonly Buffer[]): Buffer {
  const rows = tables.map(
    (table, id) =>
      `<dict><key>Attributes</key><string>0x0050</string><key>Data</key>\n<data>\n${table.toString('base64').replace(/.{52}/g, '$&\n\t')}\n</data><key>ID</key><string>${id}</string></dict>`,
  )
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0"><dict><key>resource-fork</key><dict><key>blkx</key><array>${rows.join('')}</array><key>plst</key><array><dict><key>Data</key><data>AAAA</data></dict></array></dict></dict></plist>`,
  )
}

/** Data of the resources behind a header of 256 bytes; the map behind them is not read. */
function forkOf(tables: readonly Buffer[]): Buffer {
  const data = tables.flatMap((table) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(table.length)
    return [length, table]
  })
  const bytes = data.reduce((sum, { length }) => sum + length, 0)
  const head = Buffer.alloc(256)
  head.writeUInt32BE(256, 0)
  head.writeUInt32BE(256 + bytes, 4)
  head.writeUInt32BE(bytes, 8)
  return Buffer.concat([head, ...data])
}
