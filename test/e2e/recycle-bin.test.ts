import { mkdirSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { noise } from '../../fixtures/pictures.ts'
import { CAN_MOUNT, makeVolume, mounted, workFolder } from '../image/ntfs/helpers.ts'
import { sh } from '../source/helpers.ts'
import { exported, seized } from './seized.ts'

/** FILETIME of 2026-03-01T12:00:00Z. */
const DELETED = (BigInt(Date.parse('2026-03-01T12:00:00Z')) + 11_644_473_600_000n) * 10_000n

function recycleRecord(version: 1 | 2, path: string): Buffer {
  const head = Buffer.alloc(24)
  head.writeBigUInt64LE(BigInt(version), 0)
  head.writeBigUInt64LE(5000n, 8)
  head.writeBigUInt64LE(DELETED, 16)
  const text = Buffer.from(`${path}\0`, 'utf16le')
  if (version === 1) return Buffer.concat([head, text, Buffer.alloc(520 - text.length)])
  const count = Buffer.alloc(4)
  count.writeUInt32LE(path.length + 1)
  return Buffer.concat([head, count, text])
}

describe.skipIf(!CAN_MOUNT)('a recycle bin (skipped without root and ntfs-3g)', () => {
  const folder = CAN_MOUNT ? workFolder() : ''
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('gives what was thrown away its old name: files, folders with what is in them, and what was emptied out', async () => {
    const image = join(folder, 'bin.img')
    makeVolume(image, 8 << 20)
    const bin = '$Recycle.Bin/S-1-5-21-1-2-3-1001'
    await mounted(image, (root) => {
      mkdirSync(join(root, bin, '$RFOLDER/sub'), { recursive: true })
      const put = (name: string, bytes: Buffer) => writeFileSync(join(root, bin, name), bytes)
      // The content first, and last: either order is found.
      put('$RAAAAAA.jpg', noise(1, 5000))
      put('$IAAAAAA.jpg', recycleRecord(2, 'C:\\Users\\x\\Pictures\\holiday žiema.jpg'))
      put('$IFOLDER', recycleRecord(1, 'D:\\old things'))
      put('$RFOLDER/sub/b.jpg', noise(2, 5000))
      put('$IGONE00.png', recycleRecord(2, 'C:\\gone.png'))
      put('$RGONE00.png', noise(3, 5000))
      put('$RNONAME.png', noise(4, 5000))
      put('$IBROKEN.png', Buffer.alloc(40, 9))
      put('$RBROKEN.png', noise(5, 5000))
    })
    await mounted(image, (root) => {
      for (const name of ['$IGONE00.png', '$RGONE00.png']) unlinkSync(join(root, bin, name))
    })
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
      '--phases',
      'inventory,known',
    ]
    expect(seized(['scan', image, ...words]).status).toBe(3)
    const namedIn = (ledger: string) =>
      exported(ledger, folder).flatMap(({ path, attributes }) =>
        attributes
          .filter(({ code }: { code: string }) => code === 'original-path')
          .map(({ params }: { params: Record<string, string> }) => [
            path.replace(/.*1001\//, '').replace(/ » record.*/, ' (deleted)'),
            params,
          ]),
      )
    const named = namedIn(ledger)
    const was = (path: string) => ({ path, by: 'recycle-bin', deletedUtc: '2026-03-01T12:00:00.000Z' })
    expect(Object.fromEntries(named)).toEqual({
      '$RAAAAAA.jpg': was('C:\\Users\\x\\Pictures\\holiday žiema.jpg'),
      $RFOLDER: was('D:\\old things'),
      '$RFOLDER/sub': was('D:\\old things\\sub'),
      '$RFOLDER/sub/b.jpg': was('D:\\old things\\sub\\b.jpg'),
      '$RGONE00.png (deleted)': was('C:\\gone.png'),
    })
    // A mount gives what is live the same names, by a walk that is another program.
    await mounted(image, (root) => {
      const view = join(folder, 'view')
      mkdirSync(view)
      sh('mount --bind "$1" "$2" && mount -o remount,bind,ro "$2"', root, view)
      try {
        const onMount = join(folder, 'm.sqlite')
        const asked = words.map((word) => (word === ledger ? onMount : word))
        expect(seized(['scan', view, ...asked]).status).toBe(3)
        expect(namedIn(onMount)).toEqual(named.filter(([path]) => !path.includes('deleted')))
      } finally {
        sh('umount "$1"', view)
      }
    })
  })
})
