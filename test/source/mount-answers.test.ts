import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openExhibit } from '../../src/cli/services/open-exhibit.ts'
import { CAN_FUSE, ext4Image, fill, fuseMount, tempFolder } from './helpers.ts'

const ALLOWED = { allowWritable: true, allowUnconfined: false }

it.skipIf(!CAN_FUSE)(
  'a mount that does not answer is said, and this process goes on (skipped without FUSE)',
  async () => {
    const point = tempFolder()
    const daemon = await fuseMount(ext4Image(fill(tempFolder(), { file: 'x' }), 16), point)
    expect((await openExhibit(point, ALLOWED, 60_000)).exhibit.viaFuse).toBe(true)
    process.kill(daemon.pid!, 'SIGSTOP')
    // Attributes that the kernel keeps are answered for a second.
    await new Promise((resolve) => setTimeout(resolve, 1500))
    await expect(openExhibit(point, ALLOWED, 1000)).rejects.toThrow(
      /does not answer: .* in 1 s\. Check the mount/,
    )
    process.kill(daemon.pid!, 'SIGCONT')
    expect((await openExhibit(point, ALLOWED, 60_000)).exhibit.viaFuse).toBe(true)
  },
)

it('a folder that is missing is not taken for one that does not answer', async () => {
  const folder = tempFolder()
  mkdirSync(join(folder, 'there'))
  await expect(openExhibit(join(folder, 'missing'), ALLOWED)).rejects.toThrow('there is no such folder')
  expect((await openExhibit(join(folder, 'there'), ALLOWED)).exhibit.viaFuse).toBe(false)
})
