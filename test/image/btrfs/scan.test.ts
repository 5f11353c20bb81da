/** An image of a volume of Btrfs with compression, examined whole: a listed file, a compressed one, a removed one. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { exported, seized } from '../../e2e/seized.ts'
import { bytesOf, mounted, sha256 } from '../ext/volumes.ts'
import { CAN_FILL, makeBtrfs } from './volumes.ts'

const NOISE = bytesOf(1, 30_001)
const WORDS = Buffer.from('neutral words. '.repeat(20_000))
const GONE = bytesOf(2, 45_003)
const folder = mkdtempSync(join(tmpdir(), 'seized-btrfs-scan-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.skipIf(!CAN_FILL)(
  'a scan of a volume of Btrfs (skipped without root, mkfs.btrfs and the driver)',
  () => {
    it('finds listed files by their digests: stored, compressed and removed', () => {
      const image = makeBtrfs('scan.btrfs')
      mounted(image, 'noatime,compress=zstd', (root) => {
        for (const [name, bytes] of Object.entries({ noise: NOISE, words: WORDS, gone: GONE }))
          writeFileSync(join(root, name), bytes)
      })
      mounted(image, 'noatime', (root) => rmSync(join(root, 'gone')))
      const list = join(folder, 'list.txt')
      writeFileSync(list, [NOISE, WORDS, GONE].map((bytes) => `${sha256(bytes)}\n`).join(''))
      const ledger = join(folder, 'ledger.sqlite')
      const who = ['--case', 'C', '--exhibit', 'E', '--examiner', 'X', '--ledger', ledger]
      const ran = seized([
        'scan',
        image,
        ...who,
        '--hashset',
        `illegal:${list}`,
        '--phases',
        'inventory,known',
      ])
      expect(ran.status).toBe(10)
      expect(seized(['verify', ledger]).status).toBe(0)
      expect(seized(['verify', ledger, '--against', image]).status).toBe(0)
      const hits = exported(ledger, folder).filter((entry) => entry.hits.length > 0)
      expect(hits.map((entry) => entry.path).sort()).toEqual([
        expect.stringContaining('gone'),
        expect.stringContaining('noise'),
        expect.stringContaining('words'),
      ])
    })
  },
)
