import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noise } from '../../fixtures/pictures.ts'
import { CAN_LOOP_MOUNT, Mounts } from './mounts.ts'
import { exported, seized } from './seized.ts'

const folder = mkdtempSync(join(tmpdir(), 'seized-same-'))
const mounts = new Mounts(folder)
afterAll(() => mounts.dispose())

describe.skipIf(!CAN_LOOP_MOUNT)(
  'the same disk through a mount and as an image (skipped without loop mounts)',
  () => {
    let image = ''
    let mount = ''
    let list = ''
    beforeAll(() => {
      ;({ image, mount } = mounts.ext4('same', 16))
      mkdirSync(join(mount, 'DCIM/100'), { recursive: true })
      const listed: Buffer[] = []
      for (let i = 0; i < 60; i++) {
        const bytes = noise(i, 10 + i * 977)
        writeFileSync(join(mount, i % 2 ? 'DCIM/100' : '', `file ${i}.jpg`), bytes)
        if (i % 10 === 0) listed.push(bytes)
      }
      writeFileSync(join(mount, 'a copy'), noise(10, 10 + 10 * 977))
      writeFileSync(join(mount, 'gone'), noise(100, 5_000))
      writeFileSync(
        Buffer.concat([Buffer.from(`${mount}/`), Buffer.from('e4f6fc', 'hex')]),
        'a name of another time',
      )
      // What is deleted when it was on the disk for a while: the journal has it.
      mounts.unmount(mount)
      mounts.mount(['-o', 'loop', image], mount)
      rmSync(join(mount, 'gone'))
      mounts.unmount(mount)
      mounts.readOnly(image, mount)
      list = join(folder, 'list.txt')
      const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
      writeFileSync(list, [...listed, noise(100, 5_000)].map((bytes) => `${sha256(bytes)}\n`).join(''))
    })

    function filesOf(
      what: string,
      ledger: string,
    ): { path: string; sha256: string; hits: number; deleted: boolean }[] {
      const words = ['--case', 'C', '--exhibit', 'E', '--examiner', 'X', '--ledger', join(folder, ledger)]
      const run = seized([
        'scan',
        what,
        ...words,
        '--hashset',
        `illegal:${list}`,
        '--phases',
        'inventory,known',
      ])
      expect([run.status, run.stderr.includes('bug')]).toEqual([10, false])
      return exported(join(folder, ledger), folder)
        .filter(({ kind }) => kind === 'file')
        .map(({ steps, sha256, hits }) => ({
          path: steps.findLast((step: { kind: string }) => step.kind === 'file').nameBytes,
          sha256,
          hits: hits.length,
          deleted: steps.some((step: { kind: string }) => step.kind === 'record'),
        }))
        .sort((a, b) => (a.path < b.path ? -1 : 1))
    }

    it('gives the same contents and hits for live files; the image also what was deleted', () => {
      const through = filesOf(mount, 'mount.sqlite')
      const asImage = filesOf(image, 'image.sqlite')
      expect(through).toHaveLength(62)
      expect(asImage.filter(({ deleted }) => !deleted)).toEqual(through)
      expect(through.filter(({ hits }) => hits > 0)).toHaveLength(7)
      expect(asImage.filter(({ deleted }) => deleted).map(({ hits }) => hits)).toEqual([1])
      expect(readFileSync(list, 'utf8').trim().split('\n')).toHaveLength(7)
    })
  },
)
