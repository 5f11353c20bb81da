import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { madeVolume } from '../../fixtures/apfs/volume.ts'
import { everything } from '../../fixtures/hfs-plus/everything.ts'
import type { VolumeRange } from '../../src/contracts/image.ts'
import { volumesOf } from '../../src/formats/image/volume/index.ts'
import { lostVolumes } from '../../src/formats/image/volume/lost.ts'
import { bytesMedium, folder, hasTool, run } from './container/helpers.ts'
import { exfatVolume } from './exfat-maker.ts'
import { randomBytes, seeded } from './random.ts'

const MIB = 1 << 20
const CYLINDER = 255 * 63 * 512

const exfat = exfatVolume([{ name: 'a', content: Buffer.from('a'), clusters: [20] }])

function made(...command: string[]): Buffer {
  const at = folder()
  run('sh', ['-c', `truncate -s 16M v; ${command.join(' ')} >/dev/null 2>&1; true`], at)
  return readFileSync(join(at, 'v'))
}

function disk(sizeBytes: number, ...parts: readonly (readonly [number, Buffer])[]): Buffer {
  const bytes = Buffer.alloc(sizeBytes)
  for (const [offset, part] of parts) part.copy(bytes, offset)
  return bytes
}

/** An MBR with one partition. */
function withTable(bytes: Buffer, offset: number, length: number): Buffer {
  bytes[446 + 4] = 7
  bytes.writeUInt32LE(offset / 512, 446 + 8)
  bytes.writeUInt32LE(length / 512, 446 + 12)
  bytes.writeUInt16LE(0xaa55, 510)
  return bytes
}

const shown = (bytes: Buffer) =>
  volumesOf(bytesMedium(bytes))
    .filter(({ kind }) => kind === 'volume')
    .map(({ number, scheme, content, offset, length }: VolumeRange) => [
      number,
      scheme,
      content,
      offset,
      length,
    ])

describe('volumes that no table names', () => {
  it('are found in a gap before, between and behind those that one names, which keep their numbers', () => {
    const bytes = disk(
      24 * MIB,
      [63 * 512, exfat],
      [4 * MIB, exfat],
      [CYLINDER, exfat],
      [2 * CYLINDER + 63 * 512, exfat],
    )
    expect(shown(withTable(bytes, 4 * MIB, 2 * MIB))).toEqual([
      [2, 'lost', 'exfat', 63 * 512, exfat.length],
      [1, 'mbr', 'exfat', 4 * MIB, 2 * MIB],
      [3, 'lost', 'exfat', CYLINDER, exfat.length],
      [4, 'lost', 'exfat', 2 * CYLINDER + 63 * 512, exfat.length],
    ])
  })

  it('are found where the table was wiped, and every byte has a range still', () => {
    const bytes = disk(12 * MIB, [MIB, exfat], [6 * MIB, exfat])
    const ranges = volumesOf(bytesMedium(bytes))
    expect(ranges.map(({ kind, number, content }) => [kind, number, content])).toEqual([
      ['gap', null, 'empty'],
      ['volume', 1, 'exfat'],
      ['gap', null, 'empty'],
      ['volume', 2, 'exfat'],
      ['gap', null, 'empty'],
    ])
    let at = 0
    for (const { offset, length } of ranges) {
      expect(offset).toBe(at)
      at += length
    }
    expect(at).toBe(bytes.length)
  })

  it('are cut to their gap, and say how much of them others have taken', () => {
    const bytes = withTable(disk(8 * MIB, [MIB, exfat], [2 * MIB, exfat]), 2 * MIB, 4 * MIB)
    const lost = volumesOf(bytesMedium(bytes)).find(({ scheme }) => scheme === 'lost')
    expect(lost).toMatchObject({ offset: MIB, length: MIB, beyondBytes: exfat.length - MIB })
  })

  it.skipIf(!['mkfs.fat', 'mkfs.ext4', 'mkfs.ntfs'].every(hasTool))(
    'are not seen twice by the copies of their beginnings',
    () => {
      const volumes = {
        fat32: made('mkfs.fat -F 32 -s 1 v'),
        ext: made('mkfs.ext4 -q -F -b 1024 v 16M'),
        ntfs: made('mkfs.ntfs -q -F -f v'),
        exfat: Buffer.from(exfat),
        hfsplus: everything().bytes,
        apfs: madeVolume(),
      }
      for (const [content, volume] of Object.entries(volumes)) {
        const size = MIB + volume.length + 3 * MIB
        const found = shown(disk(size, [MIB, volume]))
        expect(found, content).toEqual([[1, 'lost', content, MIB, volume.length]])
        // Without its first sectors the copies say nothing of where it began.
        const headless = disk(size, [MIB, volume]).fill(0, MIB, MIB + 4096)
        expect(
          shown(headless).map(([, scheme]) => scheme),
          `${content} without its beginning`,
        ).toEqual(['whole'])
      }
    },
  )

  it('are none in noise and zeros', () => {
    expect([
      ...lostVolumes(bytesMedium(randomBytes(seeded(11), 6 * MIB)), { offset: 0, length: 6 * MIB }),
    ]).toEqual([])
    expect(shown(Buffer.alloc(3 * MIB))).toEqual([[1, 'whole', 'empty', 0, 3 * MIB]])
  })

  it('reports the offset behind which the search ended', () => {
    const looked: number[] = []
    const far = {
      sizeBytes: 2 ** 40,
      readInto: (target: Buffer) => target.fill(0).length,
      damageIn: () => [],
    }
    const found = [...lostVolumes(far, { offset: 0, length: 2 ** 40 }, (from) => looked.push(from))]
    expect([found, looked.length]).toEqual([[], 1])
    expect(looked[0]).toBeGreaterThan(100 * 2 ** 30)
  })
})
