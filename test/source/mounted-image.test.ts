/** Which image a mount is shown to come from (issue 12, A4). */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { describeAcquisition } from '../../src/cli/services/acquisition.ts'
import { isAmong, mountedFrom } from '../../src/source/mount/mounted-image.ts'

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'seized-test-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

const hasFuse =
  existsSync('/dev/fuse') && ['mke2fs', 'fuse2fs'].every((tool) => spawnSync('which', [tool]).status === 0)

const ask = (root: string, image: string, verify = false) =>
  describeAcquisition({
    root,
    image,
    acquisitionHash: verify ? `md5:${'0'.repeat(32)}` : undefined,
    partitionOffset: undefined,
    verify,
  })

describe('A4: --image', () => {
  it('must exist', async () => {
    await expect(ask('/', join(folder(), 'none.dd'))).rejects.toThrow('there is no such file')
  })

  it('is not shown to be the mounted image where nothing shows it', async () => {
    const image = join(folder(), 'a.dd')
    writeFileSync(image, 'x')
    expect(await ask('/proc', image)).toMatchObject({ imageShown: 'not-shown' })
  })

  it.skipIf(!hasFuse)(
    'is followed through a FUSE mount; another file is said, and not vouched for',
    async () => {
      const at = folder()
      const image = join(at, 'a.dd')
      execFileSync('mke2fs', ['-q', '-t', 'ext2', image, '1M'], { stdio: 'ignore' })
      const mount = join(at, 'mount')
      mkdirSync(mount)
      const mounted = spawnSync('fuse2fs', ['-o', 'ro', image, mount])
      if (mounted.status !== 0) throw new Error(String(mounted.stderr))
      onTestFinished(() => {
        spawnSync('umount', [mount])
      })
      expect(isAmong(image, mountedFrom(mount))).toBe(true)
      expect(await ask(mount, image)).toMatchObject({ imageShown: 'mounted' })
      symlinkSync(image, join(at, 'link.dd'))
      expect(await ask(mount, join(at, 'link.dd'))).toMatchObject({ imageShown: 'mounted' })
      const other = join(at, 'b.dd')
      writeFileSync(other, 'another')
      expect(await ask(mount, other)).toMatchObject({ imageShown: 'another' })
      await expect(ask(mount, other, true)).rejects.toThrow('would vouch for')
    },
  )
})
