import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { noise } from '../../fixtures/pictures.ts'
import { hasTools } from '../image/volume.ts'
import { exported, seized } from './seized.ts'

const folder = mkdtempSync(join(tmpdir(), 'seized-live-only-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.skipIf(!hasTools('mksquashfs'))(
  'a volume that only the library of archives knows (skipped without mksquashfs)',
  () => {
    it('gives its live files, and is never complete: what it does not show is said', () => {
      const tree = join(folder, 'tree')
      mkdirSync(join(tree, 'DCIM'), { recursive: true })
      const listed = noise(1, 40_000)
      writeFileSync(join(tree, 'DCIM/a.jpg'), listed)
      writeFileSync(join(tree, 'b.txt'), 'some words\n')
      const volume = join(folder, 'volume')
      execFileSync('mksquashfs', [tree, volume, '-quiet', '-no-progress'])
      // Behind a table of partitions: the volume is the second megabyte on.
      const bytes = readFileSync(volume)
      const disk = Buffer.alloc((1 << 20) + Math.ceil(bytes.length / 512) * 512)
      disk[450] = 0x83
      disk.writeUInt32LE(2048, 454)
      disk.writeUInt32LE(Math.ceil(bytes.length / 512), 458)
      disk.writeUInt16LE(0xaa55, 510)
      bytes.copy(disk, 1 << 20)
      const image = join(folder, 'disk.img')
      writeFileSync(image, disk)
      const list = join(folder, 'list.txt')
      writeFileSync(list, `${createHash('sha256').update(listed).digest('hex')}\n`)
      const ledger = join(folder, 'l.sqlite')
      const words = [
        '--case',
        'C',
        '--exhibit',
        'E',
        '--examiner',
        'X',
        '--ledger',
        ledger,
        '--hashset',
        `illegal:${list}`,
      ]
      const run = seized(['scan', image, ...words])
      expect([run.status, run.stderr.includes('bug')]).toEqual([13, false])
      const entries = exported(ledger, folder)
      const hits = entries.filter((entry) => entry.hits.length > 0).map(({ path }) => path)
      expect(hits).toEqual(['volume 1 » $Volume » member DCIM/a.jpg'])
      expect(entries.find(({ path }) => path === 'volume 1').stages.read).toMatchObject({
        result: 'not-done',
        reason: 'listed-in-part',
        detail: { code: 'live-files-only', params: { format: 'squashfs' } },
      })
      expect(seized(['verify', ledger]).status).toBe(0)
    })
  },
)
