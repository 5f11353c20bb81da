/** An image of a disk with a volume of XFS, examined whole: a plug that was pulled, a removed file, a list. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { exported, seized } from '../../e2e/seized.ts'
import { bytesOf, mounted, sha256 } from '../ext/volumes.ts'
import { run } from '../volume.ts'
import { CAN_FILL, makeXfs } from './volumes.ts'

const KEPT = bytesOf(1, 30_001)
const GONE = bytesOf(2, 45_003)
const folder = mkdtempSync(join(tmpdir(), 'seized-xfs-scan-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.skipIf(!CAN_FILL)(
  'a scan of a volume of XFS (skipped without root, mkfs.xfs and the driver)',
  () => {
    it('whose plug was pulled finds a listed file and a removed one, by their digests', () => {
      const path = makeXfs('scan.xfs')
      const image = join(folder, 'pulled.dd')
      mounted(path, 'noatime', (root) => {
        mkdirSync(join(root, 'home'))
        // A folder of few names lies in its inode, where a removed name leaves nothing.
        for (let i = 0; i < 30; i++) writeFileSync(join(root, 'home', `other-${i}`), '')
        writeFileSync(join(root, 'home', 'kept.bin'), KEPT)
        writeFileSync(join(root, 'home', 'gone.bin'), GONE)
        run('sync', ['-f', root])
      })
      mounted(path, 'noatime', (root) => {
        writeFileSync(join(root, 'home', 'later.bin'), KEPT)
        rmSync(join(root, 'home', 'gone.bin'))
        run('sync', ['-f', root])
        run('xfs_freeze', ['-f', root])
        run('cp', ['--sparse=always', path, image])
        run('xfs_freeze', ['-u', root])
      })
      const list = join(folder, 'list.txt')
      writeFileSync(list, `${sha256(KEPT)}\n${sha256(GONE)}\n`)
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
      const hits = exported(ledger, folder).filter((entry) => entry.hits.length > 0)
      expect(hits.map((entry) => entry.path).sort()).toEqual([
        expect.stringContaining('home/gone.bin'),
        expect.stringContaining('home/kept.bin'),
        expect.stringContaining('home/later.bin'),
      ])
    })
  },
)
