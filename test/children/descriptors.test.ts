/** What a process is handed is its own: what it does to a descriptor reaches no other one that reads the same image. */
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { fileMedium } from '../../src/formats/image/content/file-medium.ts'
import { spawnImageChild, spawnMountChild } from '../../src/host/confine/spawn-child.ts'
import { tools } from '../../src/host/confine/tools.ts'
import { HANDED_FD } from '../../src/process/heartbeat.ts'

const folder = () => {
  const made = mkdtempSync(join(tmpdir(), 'seized-descriptors-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

it.skipIf(!tools().landlock)('a process that parses an image has an open file of its own', async () => {
  const file = join(folder(), 'image')
  writeFileSync(file, Buffer.alloc(4096))
  const fd = openSync(file, 'r')
  // Ours stands elsewhere now: one that is shared would stand there too.
  readSync(fd, Buffer.alloc(100), 0, 100, null)
  const before = readdirSync('/proc/self/fd').length
  const child = spawnImageChild('image-lister', [fd])
  try {
    const handed = `/proc/${child.process.pid}/fdinfo/${HANDED_FD}`
    await expect.poll(() => readFileSync(handed, 'latin1')).toMatch(/^pos:\s+0$/m)
    expect(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1')).toMatch(/^pos:\s+100$/m)
    // Nothing but its sockets stays open here.
    child.leave()
    await expect.poll(() => readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(before)
  } finally {
    child.leave()
    closeSync(fd)
  }
})

it('a descriptor that cannot be read so ends the process: it says nothing about the image', () => {
  const fd = openSync(folder(), 'r')
  try {
    const medium = fileMedium(fd, 4096)
    expect(() => medium.readInto(Buffer.alloc(512), 0)).toThrow('EISDIR')
    expect(medium.damageIn(0, 4096)).toEqual([])
  } finally {
    closeSync(fd)
  }
})

it.skipIf(!(tools().landlock && tools().filter))(
  'processes that walk and read a mount are confined, and of root they keep the rights to read alone',
  async () => {
    for (const entry of ['walk-child', 'reader-child'] as const) {
      const child = spawnMountChild(entry, folder())
      try {
        const status = () => readFileSync(`/proc/${child.process.pid}/status`, 'latin1')
        await expect.poll(status).toMatch(/^Name:\s+(node|MainThread)$/m)
        expect(status()).toMatch(/^NoNewPrivs:\s+1$/m)
        expect(status()).toMatch(/^Seccomp:\s+2$/m)
        // CAP_DAC_READ_SEARCH, CAP_FOWNER, CAP_SYS_ADMIN (capabilities(7)).
        if (process.getuid!() === 0)
          for (const set of ['CapPrm', 'CapEff', 'CapBnd'])
            expect(status()).toMatch(new RegExp(`^${set}:\\s+000000000020000c$`, 'm'))
      } finally {
        child.leave()
      }
    }
  },
)
