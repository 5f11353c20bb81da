/** Where the beginning of a volume is overwritten, it is read by the copies that lie further in, and that is said. */
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type Listed, listImage } from '../../src/confined/lister/list-image.ts'
import { openImage } from '../../src/formats/image/container/index.ts'
import { rangesOf } from '../../src/formats/image/handed-image.ts'
import { HeaderHashIndex } from '../../src/wire/header-hash-index.ts'
import { bytesMedium } from './container/helpers.ts'
import { randomBytes, seeded } from './random.ts'
import { hasTools, run, tempFolder } from './volume.ts'

const OPTIONS = {
  remains: 'none',
  sample: null,
  lists: [],
  known: new HeaderHashIndex(Buffer.alloc(0)),
  sparseLogicalBytes: 1e12,
  damage: [],
  volumes: null,
  passOver: [],
  given: [],
  at: () => {},
} as const

function listing(bytes: Buffer) {
  const image = openImage([{ name: 'disk.raw', medium: bytesMedium(bytes) }])
  const said: Listed[] = [...listImage(image, rangesOf(image), OPTIONS)]
  const names = said.flatMap((one) => (one.kind === 'entry' ? [one.walked.entry.path.bytes.toString()] : []))
  const [range] = said.flatMap((one) => (one.kind === 'range' ? [one.listing.range] : []))
  return { names, kind: range?.fileSystem?.kind, problems: range?.problems.map(({ code }) => code) }
}

describe.skipIf(!hasTools('mkntfs', 'mke2fs', 'mkfs.vfat', 'mkfs.exfat'))(
  'a volume whose beginning is overwritten (skipped without ntfs-3g, e2fsprogs, dosfstools, exfatprogs)',
  () => {
    const folder = tempFolder('copies')
    afterAll(() => rmSync(folder, { recursive: true, force: true }))
    const made = (megabytes: number, program: string, ...args: string[]) => {
      const file = join(folder, `${program}.raw`)
      writeFileSync(file, '')
      truncateSync(file, megabytes << 20)
      run(program, [...args, file])
      return readFileSync(file)
    }

    it.each([
      ['ntfs', 8, 'mkntfs', ['-F', '-Q', '-q'], 512, 'boot-from-backup'],
      ['ext2', 12, 'mke2fs', ['-q', '-F', '-b', '1024'], 2048, 'superblock-damaged-backup-used'],
      ['fat32', 40, 'mkfs.vfat', ['-F', '32'], 512, 'boot-sector-from-copy'],
      ['exfat', 8, 'mkfs.exfat', ['-q'], 512, 'boot-sector-from-copy'],
    ] as const)('%s', (kind, megabytes, program, args, overwritten, code) => {
      const bytes = made(megabytes, program, ...args)
      const sound = listing(bytes)
      expect([sound.kind, sound.problems]).toEqual([kind, []])
      bytes.set(randomBytes(seeded(7), overwritten), 0)
      const found = listing(bytes)
      expect(found).toEqual({ ...sound, problems: [code] })
    })

    it('is not taken for what was there before another was made over it', () => {
      const bytes = made(40, 'mkntfs', '-F', '-Q', '-q')
      const older = Buffer.from(bytes.subarray(-512))
      const file = join(folder, 'mkntfs.raw')
      run('mkfs.vfat', ['-F', '32', file])
      const now = readFileSync(file)
      now.set(older, now.length - 512)
      expect(listing(now).kind).toBe('fat32')
    })
  },
)
