import { execFileSync, spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compareWithExpected } from '../../fixtures/compare.ts'
import { type Fixture, makeFixture } from '../../fixtures/make.ts'
import { fileSha256 } from '../../src/base/file-digest.ts'
import { CAN_LOOP_MOUNT, Mounts } from './mounts.ts'
import {
  BIN,
  exported,
  listsOf,
  type Result,
  scanArgs,
  seized,
  summaryOf,
  temporaryFolder,
} from './seized.ts'

const HAS_STRACE = spawnSync('strace', ['-V']).status === 0

/** The fixture on a loop-mounted, read-only ext4 image, with what only a real file system holds beside it. */
describe.skipIf(!CAN_LOOP_MOUNT)(
  'an ext4 image mounted read-only (skipped where loop mounts are not allowed)',
  () => {
    let mounts: Mounts
    let fixture: Fixture
    let image: string
    let mount: string
    let imageSha256: string
    /** One scan of all, and its ledger. */
    let whole: { readonly ledger: string; readonly run: Result }
    const EXTRA = ['device', 'socket', 'other', 'other/inner.txt', 'other/lost+found', 'lost+found']

    beforeAll(async () => {
      const folder = mkdtempSync(join(tmpdir(), 'seized-ext4-'))
      mounts = new Mounts(folder)
      fixture = await makeFixture(folder)
      const outer = mounts.ext4('exhibit', 64)
      const inner = mounts.ext4('inner', 8)
      ;({ image, mount } = outer)
      execFileSync('cp', ['-a', `${fixture.exhibit}/.`, mount])
      execFileSync('mknod', [join(mount, 'device'), 'c', '1', '3'])
      await makeSocket(join(mount, 'socket'))
      mkdirSync(join(mount, 'other'))
      writeFileSync(join(inner.mount, 'inner.txt'), 'on a file system of its own\n')
      mounts.unmount(inner.mount)
      mounts.unmount(mount)
      mounts.readOnly(image, mount)
      mounts.readOnly(inner.image, join(mount, 'other'))
      imageSha256 = await fileSha256(image)
      const ledger = join(folder, 'whole.sqlite')
      const args = scanArgs(mount, ledger, listsOf(fixture)).filter((arg) => arg !== '--allow-writable-mount')
      whole = { ledger, run: seized(args) }
    })
    afterAll(() => mounts?.dispose())

    it('finds every planted item, gives every entry one line, and reconciles with find', () => {
      const summary = summaryOf(whole.run)
      const lines = exported(whole.ledger, temporaryFolder())
      const extra = new Set(EXTRA.map((path) => Buffer.from(path).toString('base64')))
      expect(
        compareWithExpected(
          fixture.expected,
          lines.filter((line) => !extra.has(line.pathBytes)),
        ),
      ).toEqual([])
      expect(lines.filter((line) => extra.has(line.pathBytes)).length).toBe(EXTRA.length)
      const found = execFileSync('find', [mount, '-printf', '%y\\n'], { encoding: 'utf8' }).trim().split('\n')
      // What lies inside a file is an entry too, and no name of the file system.
      const walked = lines.filter((line) => line.steps.length === 1)
      expect(summary.entries).toBe(lines.length)
      expect(walked.length).toBe(found.length)
      const kinds = (letter: string) => found.filter((kind) => kind === letter).length
      for (const [letter, kind] of [
        ['f', 'file'],
        ['d', 'directory'],
        ['l', 'symlink'],
        ['p', 'fifo'],
        ['s', 'socket'],
        ['c', 'character-device'],
      ] as const)
        expect(walked.filter((line) => line.kind === kind).length, kind).toBe(kinds(letter))
    })

    it('leaves the image as it was', async () => {
      summaryOf(whole.run)
      expect(await fileSha256(image)).toBe(imageSha256)
    })

    it('keeps at most 16 by 16 grey cells of any picture in the ledger, and no picture file at all', async () => {
      const out = temporaryFolder()
      const ledger = join(out, 'case.sqlite')
      seized(scanArgs(mount, ledger, listsOf(fixture), '--preview-illegal'))
      const db = new Database(ledger, { readonly: true })
      const previews = db.prepare('SELECT width, height, cells FROM preview').all() as {
        width: number
        height: number
        cells: Buffer
      }[]
      db.close()
      expect(previews.length).toBeGreaterThan(0)
      for (const { width, height, cells } of previews) {
        expect(Math.max(width, height)).toBeLessThanOrEqual(16)
        expect(cells.length).toBe(width * height)
      }
      const html = join(out, 'report.html')
      seized(['report', ledger, '--format', 'html', '--out', html])
      for (const [, base64] of readFileSync(html, 'utf8').matchAll(
        /data:image\/[a-z+]+;base64,([A-Za-z0-9+/=]+)/g,
      )) {
        const shown = await sharp(Buffer.from(base64!, 'base64')).metadata()
        expect(Math.max(shown.width, shown.height)).toBeLessThanOrEqual(16)
        expect(shown.channels).toBe(1)
      }
      for (const bytes of [readFileSync(ledger), readFileSync(html)]) {
        expect(bytes.includes(Buffer.from([0xff, 0xd8, 0xff]))).toBe(false)
        expect(bytes.includes(Buffer.from('Exif\0\0'))).toBe(false)
      }
    })

    it.skipIf(!HAS_STRACE)(
      'opens nothing for writing under the exhibit, and no socket (skipped without strace)',
      () => {
        const out = temporaryFolder()
        const trace = join(out, 'trace')
        const calls =
          'trace=open,openat,openat2,creat,unlink,unlinkat,rename,renameat2,mkdir,mkdirat,truncate,utimensat,chmod,fchmodat,socket,connect,bind,sendto'
        const args = [
          '-f',
          '-qq',
          '-y',
          '-e',
          calls,
          '-o',
          trace,
          process.execPath,
          BIN,
          ...scanArgs(mount, join(out, 'case.sqlite'), listsOf(fixture)),
        ]
        spawnSync('strace', args, { encoding: 'utf8', maxBuffer: 1 << 28 })
        // An absolute name has nothing to do with the folder that a process stands in.
        const lines = wholeCalls(readFileSync(trace, 'utf8')).map((line) =>
          line.replaceAll(/AT_FDCWD<[^>]*>(?=, "\/)/g, 'AT_FDCWD'),
        )
        const writing =
          /O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|^\d+ +(creat|unlink|rename|mkdir|truncate|utimensat|chmod|fchmodat)/
        expect(lines.filter((line) => line.includes(`${mount}/`) && writing.test(line))).toEqual([])
        // Each kind of child tries whether it gets one, and is refused.
        expect(lines.filter((line) => /AF_INET/.test(line) && !line.includes('= -1 EPERM'))).toEqual([])
        expect(lines.filter((line) => line.includes(mount)).length).toBeGreaterThan(
          fixture.expected.length / 2,
        )
      },
    )

    it('names the files that no longer match with verify --against', async () => {
      const out = temporaryFolder()
      const { ledger } = whole
      const same = seized(['verify', ledger, '--against', mount])
      expect(same.status).toBe(0)
      expect(same.stdout).toMatch(/^exhibit +\d\d+ contents read again; \d\d+ other entries compared/m)
      const changed = join(out, 'changed')
      execFileSync('cp', ['-a', `${mount}/.`, changed])
      writeFileSync(join(changed, 'Documents/letter.txt'), 'The train leaves at ten.\n')
      cpSync(join(changed, 'Documents/letter.txt'), join(changed, 'Documents/new.txt'))
      symlinkSync('elsewhere', join(changed, 'link.new'))
      const link = execFileSync('find', [
        changed,
        '-type',
        'l',
        '-not',
        '-name',
        'link.new',
        '-print',
        '-quit',
      ])
      renameSync(join(changed, 'link.new'), link.toString().trimEnd())
      const result = seized(['verify', ledger, '--against', changed])
      expect(result.status).toBe(4)
      expect(result.stdout).toContain('Documents/letter.txt: the content is not what it was')
      expect(result.stdout).toContain('Documents/new.txt: on the exhibit now, not in the ledger')
      expect(result.stdout).toMatch(/: pointed to .*, points to elsewhere$/m)
      rmSync(join(changed, 'Documents/letter.txt'))
      expect(seized(['verify', ledger, '--against', changed]).stdout).toContain(
        'Documents/letter.txt: in the ledger, no longer on the exhibit',
      )
    })
  },
)

async function makeSocket(path: string): Promise<void> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(path, resolve))
  // Closing would remove the socket from the file system: copy it away first is not possible, so keep it by renaming.
  renameSync(path, `${path}.kept`)
  await new Promise<void>((resolve) => server.close(() => resolve()))
  renameSync(`${path}.kept`, path)
}

/** Calls of strace(1), each in one line, also those during which another process made one. */
function wholeCalls(trace: string): string[] {
  const unfinished = new Map<string, string>()
  return trace.split('\n').flatMap((line) => {
    const pid = /^\d+/.exec(line)?.[0] ?? ''
    const [begun] = / <unfinished \.\.\.>$/.exec(line) ?? []
    if (begun !== undefined) {
      unfinished.set(pid, line.slice(0, -begun.length))
      return []
    }
    const [resumed] = /^\d+ +<\.\.\. \w+ resumed>/.exec(line) ?? []
    return [resumed === undefined ? line : `${unfinished.get(pid) ?? ''}${line.slice(resumed.length)}`]
  })
}
