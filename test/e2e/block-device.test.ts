/** A disk behind a write blocker is examined as an image is: a read-only loop device stands for it. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { makeDemoImage } from '../../fixtures/demo-image.ts'
import { holdImage } from '../../src/host/held/held-image.ts'
import { CAN_MOUNT } from '../source/helpers.ts'
import { scanArgs, seized, summaryOf, temporaryFolder } from './seized.ts'

function loopDevice(file: string, ...flags: readonly string[]): string {
  const device = execFileSync('losetup', ['--show', '-f', ...flags, file], { encoding: 'utf8' }).trim()
  // The kernel keeps the mark "read-only" of a device that is let go: the next file on it could not be written to.
  onTestFinished(() => {
    execFileSync('blockdev', ['--setrw', device])
    execFileSync('losetup', ['-d', device])
  })
  return device
}

describe.skipIf(!CAN_MOUNT)('a block device as the exhibit', () => {
  it('gives the digests, hits and hash of the image in a file; it is listed, verified and searched like one', async () => {
    const folder = temporaryFolder()
    const { file, list, hits } = await makeDemoImage(folder)
    const device = loopDevice(file, '-r')
    const scan = (exhibit: string, name: string) =>
      seized(scanArgs(exhibit, join(folder, name), [`illegal:${list}`], '--stages', 'known'))
    const [ofFile, ofDevice] = [scan(file, 'file.sqlite'), scan(device, 'device.sqlite')]
    const facts = (ran: typeof ofFile) => {
      const { evidenceDigest, hits: found, entries, image } = summaryOf(ran)
      return { status: ran.status, evidenceDigest, found, entries, image }
    }
    expect(facts(ofDevice)).toEqual(facts(ofFile))
    expect(facts(ofDevice).found).toBe(hits.length)
    const checked = seized(['verify', join(folder, 'device.sqlite'), '--against', device])
    expect([checked.status, checked.stderr]).toEqual([0, checked.stderr])
    expect(seized(['image', device]).status).toBe(seized(['image', file]).status)
  })

  it('is refused while it can be written to', async () => {
    const folder = temporaryFolder()
    const { file, list } = await makeDemoImage(folder)
    const device = loopDevice(file)
    const told = seized(scanArgs(device, join(folder, 'l.sqlite'), [`illegal:${list}`]))
    expect([told.status, told.stderr]).toEqual([2, expect.stringContaining(`blockdev --setro ${device}`)])
  })

  it('is reported as changed after something was written to it', async () => {
    const { file } = await makeDemoImage(temporaryFolder())
    const device = loopDevice(file)
    execFileSync('blockdev', ['--setro', device])
    const held = holdImage(device)
    onTestFinished(held.close)
    expect(held.changed()).toEqual([])
    execFileSync('blockdev', ['--setrw', device])
    execFileSync('dd', ['if=/dev/zero', `of=${device}`, 'bs=512', 'count=1', 'conv=fsync'], {
      stdio: 'ignore',
    })
    expect(held.changed()).toEqual([held.segments[0]!.name])
  })
})
