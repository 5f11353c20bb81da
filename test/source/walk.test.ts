import { spawnSync } from 'node:child_process'
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bytesOf } from '../../src/base/byte-string.ts'
import { UsageError } from '../../src/base/errors.ts'
import { walk } from '../../src/confined/walker/walk.ts'
import type { Detail } from '../../src/contracts/detail.ts'
import { notApplicable, notDone } from '../../src/contracts/stage.ts'
import { atFileEnd } from '../at-file-end.ts'
import {
  byPath,
  CAN_MOUNT,
  deepFolder,
  ext4Image,
  fill,
  IS_ROOT,
  LIMITS,
  mountLoop,
  sh,
  tempFolder,
  walkAll,
} from './helpers.ts'

const paths = (root: string) => walkAll(root).map(({ entry }) => entry.path.bytes.toString('latin1'))

/** Every path below a folder as find prints it, the root as the empty path. */
function found(root: string): string[] {
  return sh('cd "$1" && find . -print0', root)
    .split('\0')
    .filter((path) => path !== '')
    .map((path) => path.replace(/^\.\/?/, ''))
}

function sorted(list: readonly string[]): string[] {
  return [...list].sort((a, b) => (a < b ? -1 : 1))
}

describe('walk', () => {
  it('says where what lies in a recycle bin of Windows was, by what lies beside it, and reads no link', () => {
    const root = tempFolder()
    const bin = join(root, '$Recycle.Bin', 'S-1-5-21-1')
    mkdirSync(join(bin, '$RFOLDER/sub'), { recursive: true })
    const head = Buffer.alloc(28)
    head.writeBigUInt64LE(2n, 0)
    head.writeUInt32LE(7, 24)
    const said = Buffer.concat([head, Buffer.from('D:\\old\0', 'utf16le')])
    writeFileSync(join(bin, '$IFOLDER'), said)
    writeFileSync(join(root, 'elsewhere'), said)
    for (const name of ['$RFOLDER/sub/a.jpg', '$RLINKED.jpg', '$RALONE.jpg'])
      writeFileSync(join(bin, name), 'x')
    symlinkSync(join(root, 'elsewhere'), join(bin, '$ILINKED.jpg'))
    const named = walkAll(root).flatMap(({ entry, named = [] }) =>
      named.map((one) => [
        entry.path.bytes.toString().replace(/.*21-1\//, ''),
        'params' in one && one.params,
      ]),
    )
    const was = (path: string) => ({ path, by: 'recycle-bin', deletedUtc: '1601-01-01T00:00:00.000Z' })
    expect(named).toEqual([
      ['$RFOLDER', was('D:\\old')],
      ['$RFOLDER/sub', was('D:\\old\\sub')],
      ['$RFOLDER/sub/a.jpg', was('D:\\old\\sub\\a.jpg')],
    ])
  })

  it("yields every name once, the root included, in the order of the paths' bytes", () => {
    const root = fill(tempFolder(), {
      'a/x': '1',
      'a/y/z': '2',
      'a.txt': '3',
      'a!/b': '4',
      'a!/b!/c': '5',
      'a!b': '6',
      '.hidden/.file': '7',
      z: '8',
    })
    expect(paths(root)).toEqual(sorted(found(root)))
    expect(paths(root)[0]).toBe('')
  })

  it('agrees with find on names of any bytes', () => {
    const root = tempFolder()
    const names = [
      'caf\xe9.jpg',
      '\xff\xfe',
      'new\nline',
      '\xe2\x80\xaertl.gpj',
      'tab\t',
      ' ',
      '-rf',
      '\x01',
      'n'.repeat(255),
      '*',
      '\\',
    ]
    for (const name of names)
      closeSync(openSync(Buffer.concat([Buffer.from(`${root}/`), bytesOf(name)]), 'w'))
    expect(paths(root)).toEqual(sorted(found(root)))
    expect(new Set(paths(root))).toEqual(new Set(['', ...names]))
  })

  it.each([60, 1000])('reaches %i levels below the root', (levels) => {
    const root = tempFolder()
    deepFolder(root, levels)
    const open = () => readdirSync('/proc/self/fd').length
    const before = open()
    let most = 0
    const walked = []
    for (const item of walk(root, LIMITS)) {
      walked.push(item.entry.path.bytes.toString('latin1'))
      most = Math.max(most, open() - before)
    }
    expect(walked).toHaveLength(1 + levels * 3)
    expect(walked).toEqual(sorted(walked))
    expect(most).toBeLessThan(150)
    expect(open()).toBe(before)
    expect(new Set(walked).size).toBe(walked.length)
  })

  it('records links and never follows them, whatever they point at', () => {
    const root = fill(tempFolder(), { 'folder/file': 'x' })
    for (const [name, target] of [
      ['passwd', '/etc/passwd'],
      ['root', '/'],
      ['up', '..'],
      ['self', 'self'],
      ['dead', 'no\nthing'],
    ] as const)
      symlinkSync(target, join(root, name))
    const walked = byPath(walkAll(root))
    expect(walked.size).toBe(8)
    const dead = walked.get('dead')!
    expect(dead.entry.kind).toBe('symlink')
    expect(dead.entry.linkTarget?.toString()).toBe('no\nthing')
    expect(dead.read).toEqual(notApplicable('symlink'))
    expect(walked.get('root')!.entry.linkTarget?.toString()).toBe('/')
  })

  it('records FIFOs, sockets and devices without opening them', async () => {
    const root = tempFolder()
    sh('cd "$1" && mkfifo a b c d && { mknod null c 1 3; mknod disk b 7 200; } 2>/dev/null || true', root)
    const server = createServer().listen(join(root, 'socket'))
    await new Promise((resolve) => server.once('listening', resolve))
    const kinds = Object.fromEntries(
      walkAll(root).map(({ entry, read }) => [entry.path.bytes.toString(), [entry.kind, read?.result]]),
    )
    server.close()
    expect(kinds).toMatchObject({ a: ['fifo', 'not-applicable'], socket: ['socket', 'not-applicable'] })
    if (IS_ROOT)
      expect(kinds).toMatchObject({
        null: ['character-device', 'not-applicable'],
        disk: ['block-device', 'not-applicable'],
      })
  })

  it('gives sizes, allocation, times in nanoseconds, owner and mode as lstat does', () => {
    const root = fill(tempFolder(), { file: 'hello' })
    sh('touch -d "2020-02-29T12:00:00.123456789Z" "$1/file"; chmod 640 "$1/file"', root)
    const { entry, read } = byPath(walkAll(root)).get('file')!
    expect(read).toBeNull()
    expect(entry.sizeBytes).toBe(5n)
    expect(entry.allocatedBytes! >= 0n).toBe(true)
    expect(entry.mode! & 0o7777).toBe(0o640)
    expect(entry.times.modified).toEqual({
      ns: 1582977600123456789n,
      source: 'stat',
      resolution: 'ns',
      zone: 'utc',
    })
    expect(entry.links).toBe(1n)
  })

  it('does not read a sparse file far over its allocation, and says both sizes', () => {
    const root = fill(tempFolder(), { small: 'x' })
    writeFileSync(join(root, 'huge'), 'start')
    truncateSync(join(root, 'huge'), 2 ** 40)
    const { entry, read } = byPath(walkAll(root)).get('huge')!
    expect(entry.sizeBytes).toBe(2n ** 40n)
    expect(read).toMatchObject({ result: 'not-done', reason: 'sparse' })
    expect(read).toMatchObject({ detail: { code: 'sparse', params: { bytes: 2 ** 40 } } })
    expect(byPath(walkAll(root, { sparseLogicalBytes: 2 ** 41 })).get('huge')!.read).toBeNull()
  })

  it('keeps the entry of a name that vanished before it was looked at', () => {
    const root = fill(tempFolder(), { a: '1', b: '2', c: '3' })
    const walked = []
    for (const item of walk(root, LIMITS)) {
      walked.push(item)
      if (item.entry.path.bytes.toString() === 'a') unlinkSync(join(root, 'b'))
    }
    expect(byPath(walked).get('b')).toMatchObject({
      entry: { kind: 'unknown', sizeBytes: 0n, inode: null },
      read: { result: 'not-done', reason: 'vanished', detail: { params: { errno: 'ENOENT' } } },
    })
    expect(byPath(walked).get('c')!.read).toBeNull()
  })

  it('refuses a root that is no directory or is not there', () => {
    const root = fill(tempFolder(), { file: 'x' })
    expect(() => walkAll(join(root, 'file'))).toThrow(UsageError)
    expect(() => walkAll(join(root, 'nothing'))).toThrow(/could not be found \(ENOENT\)/)
  })

  it('closes what it holds when the caller stops in the middle', () => {
    const root = fill(tempFolder(), { 'a/b/c/d': 'x', 'a/b/e': 'y' })
    const before = readdirSync('/proc/self/fd').length
    for (const { entry } of walk(root, LIMITS)) if (entry.path.bytes.toString() === 'a/b/c') break
    expect(readdirSync('/proc/self/fd').length).toBe(before)
  })

  it('says so when the directory was replaced under it, and goes on', () => {
    const root = tempFolder()
    const deep = Array.from({ length: 90 }, (_, i) => `d${i}`)
    mkdirSync(join(root, ...deep), { recursive: true })
    // Names after the folder in which the walk goes down: visited on the way back, when its descriptor was closed.
    writeFileSync(join(root, 'd0', 'd1', 'z-after'), 'x')
    writeFileSync(join(root, 'z-last'), 'x')
    const walked = []
    for (const item of walk(root, LIMITS)) {
      walked.push(item)
      if (item.entry.path.bytes.toString() === deep.join('/'))
        sh('cd "$1/d0"; mv d1 away; mkdir d1; echo other > d1/z-after', root)
    }
    expect(byPath(walked).get('d0/d1/z-after')!.read).toMatchObject({ reason: 'vanished' })
    expect(byPath(walked).get('z-last')!.read).toBeNull()
  })

  it.skipIf(!IS_ROOT)('names a directory that the account may not list, with the error', () => {
    const root = fill(tempFolder(), { 'closed/secret': 'x', 'open/file': 'y' })
    sh('chmod 755 "$1"; chmod 000 "$1/closed"', root)
    const run = spawnSync(
      'setpriv',
      [
        '--reuid=65534',
        '--regid=65534',
        '--clear-groups',
        process.execPath,
        '--input-type=module',
        '-e',
        WALK_SCRIPT,
        root,
      ],
      { encoding: 'utf8', cwd: '/' },
    )
    expect(run.stderr).toBe('')
    const items = JSON.parse(run.stdout)
    expect(items).toContainEqual([
      'closed',
      'directory',
      notDone('directory-unreadable', { code: 'errno', params: { errno: 'EACCES' } }),
    ])
    expect(items).toContainEqual(['open/file', 'file', null])
    expect(items).toHaveLength(4)
    sh('chmod 755 "$1/closed"', root)
  })
})

const WALK_SCRIPT = `
import { walk } from ${JSON.stringify(new URL('../../dist/src/confined/walker/walk.js', import.meta.url).href)}
const out = [...walk(process.argv[1], { sparseLogicalBytes: 1e12 })].map(({ entry, read }) => [entry.path.bytes.toString(), entry.kind, read])
console.log(JSON.stringify(out))`

describe.skipIf(!CAN_MOUNT)('walk on a mounted image', () => {
  it('enters a file system mounted below the root and records it', () => {
    const root = fill(tempFolder(), { 'host/file': 'x' })
    const inner = fill(tempFolder(), { 'inner file': 'y' })
    const image = ext4Image(inner)
    mkdirSync(join(root, 'mnt'))
    sh('mount -o loop,ro "$1" "$2"', image, join(root, 'mnt'))
    atFileEnd(() => spawnSync('umount', ['-l', join(root, 'mnt')]))
    const submounts: object[] = []
    const walked = byPath(walkAll(root, { onSubmount: (submount) => submounts.push(submount) }))
    expect(submounts).toMatchObject([{ path: 'mnt', fileSystem: 'ext4', writable: false }])
    expect(walked.get('mnt/inner file')!.read).toBeNull()
    expect(walked.get('mnt/inner file')!.entry.device).not.toBe(walked.get('host/file')!.entry.device)
    expect([...walked.keys()]).toEqual(sorted(found(root)))
  })

  it('reports a bind mount of a folder above as a loop, once, and keeps walking', () => {
    const root = fill(tempFolder(), { 'a/b/file': 'x', z: 'y' })
    mkdirSync(join(root, 'a/b/again'))
    sh('mount --bind "$1/a" "$1/a/b/again"', root)
    atFileEnd(() => spawnSync('umount', ['-l', join(root, 'a/b/again')]))
    const walked = byPath(walkAll(root))
    expect(walked.get('a/b/again')!.read).toMatchObject({ result: 'not-done', reason: 'directory-loop' })
    expect(walked.has('a/b/again/b')).toBe(false)
    expect(walked.get('z')!.read).toBeNull()
  })

  it('names the directory that a hostile name makes unreadable, and keeps what the kernel gave before it', () => {
    // trust.md §4: a directory entry with a slash in it; the kernel answers EIO for the whole directory.
    const placeholder = 'PLACEHOLDERxxxxxxxxxxxxxxxxxxxxx'
    const source = fill(tempFolder(), {
      'd/aaa': '1',
      [`d/${placeholder}`]: '2',
      'd/zzz': '3',
      'other/file': '4',
    })
    const image = ext4Image(source, 8, '-O ^has_journal,^metadata_csum,^dir_index')
    sh(
      `python3 - "$1" <<'P' || perl -0pi -e 's/${placeholder}/..\\/..\\/PWNEDxxxxxxxxxxxxxxxxxxxxx/' "$1"
import sys
data = open(sys.argv[1], 'rb').read()
open(sys.argv[1], 'wb').write(data.replace(b'${placeholder}', b'../../PWNEDxxxxxxxxxxxxxxxxxxxxx'))
P`,
      image,
    )
    const walked = byPath(walkAll(mountLoop(image)))
    const read = walked.get('d')!.read as { result: string; reason: string; detail: Detail }
    expect(read).toMatchObject({ result: 'not-done', reason: 'directory-unreadable' })
    expect(read.detail).toMatchObject({ code: 'errno', params: { errno: 'EIO' } })
    expect(walked.get('other/file')!.read).toBeNull()
    expect([...walked.keys()].some((path) => path.includes('PWNED'))).toBe(false)
  })

  it('reports a directory linked into itself by a damaged file system, and ends', () => {
    const source = fill(tempFolder(), { 'a/b/file': 'x', 'after/file': 'y' })
    const image = ext4Image(source, 8, '-O ^has_journal,^metadata_csum')
    const inode = sh(
      `debugfs -R 'stat a' "$1" 2>/dev/null | sed -n 's/^Inode: \\([0-9]*\\).*/\\1/p'`,
      image,
    ).trim()
    sh(`debugfs -w -R 'ln <${inode}> a/b/loop' "$1" 2>/dev/null`, image)
    const walked = byPath(walkAll(mountLoop(image)))
    expect(walked.get('a/b/loop')!.read).toMatchObject({ result: 'not-done', reason: 'directory-loop' })
    expect(walked.get('after/file')!.read).toBeNull()
  })

  it('lists a directory as far as it can be read when its blocks are gone', () => {
    const source = tempFolder()
    mkdirSync(join(source, 'many'))
    for (let i = 0; i < 3000; i++) writeFileSync(join(source, 'many', `file-${i}-${'x'.repeat(60)}`), '')
    const image = ext4Image(source, 16, '-O ^has_journal,^metadata_csum,^dir_index -N 8192')
    const root = mountLoop(image)
    // Cut the backing file behind the directory's first blocks: the rest answers EIO (trust.md W13).
    const blocks = sh(`debugfs -R 'blocks many' "$1" 2>/dev/null`, image).trim().split(/\s+/).map(Number)
    truncateSync(
      image,
      (blocks[Math.floor(blocks.length / 2)]! *
        Number(sh(`dumpe2fs -h "$1" 2>/dev/null | sed -n 's/^Block size: *//p'`, image))) |
        0,
    )
    sh('sync; echo 3 > /proc/sys/vm/drop_caches')
    const walked = byPath(walkAll(root))
    expect(walked.get('many')!.read).toMatchObject({ result: 'not-done', reason: 'directory-unreadable' })
    const { detail } = walked.get('many')!.read as { detail: Detail }
    if (detail.code !== 'errno') throw new Error(JSON.stringify(detail))
    expect(detail.params.errno).toBe('EIO')
    expect([...walked.keys()].filter((path) => path.startsWith('many/')).length).toBe(detail.params.names)
  })
})
