import { execFileSync } from 'node:child_process'
import {
  closeSync,
  copyFileSync,
  openSync,
  readFileSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  bytesOf,
  canMount,
  differences,
  digestOf,
  haveTools,
  inScratch,
  linesOf,
  makeVolume,
  mounted,
  openVolume,
  run,
  sampleTree,
  sha256,
  works,
} from './volumes.ts'

const tree = haveTools ? sampleTree(80) : ''
const pathOf = (path: readonly Buffer[]) => path.map((name) => name.toString('latin1')).join('/')

/** A copy of a volume with bytes put over it. */
function damaged(path: string, name: string, changes: readonly { at: number; bytes: Buffer }[]): string {
  const copy = inScratch(name)
  copyFileSync(path, copy)
  const fd = openSync(copy, 'r+')
  for (const { at, bytes } of changes) writeSync(fd, bytes, 0, bytes.length, at)
  closeSync(fd)
  return copy
}

function sumOf(classes: object): number {
  return Object.values(classes).reduce((sum: number, count: number) => sum + count, 0)
}

describe.skipIf(!haveTools)('structures that are damaged', () => {
  const volume = haveTools ? makeVolume('sound', 24_576, tree, '-t', 'ext4', '-b', '1024') : ''
  const whole = haveTools ? openVolume(volume) : null
  const lines = whole ? linesOf(whole.medium, whole.entries) : []

  it('a superblock that is gone is replaced by its backup', () => {
    const { medium, system, entries } = openVolume(
      damaged(volume, 'no-superblock', [{ at: 1024, bytes: Buffer.alloc(1024) }]),
    )
    expect(differences(linesOf(medium, entries), lines)).toEqual([])
    expect(system.problems().map(({ code }) => code)).toEqual(['superblock-damaged-backup-used'])
  })

  it('a superblock whose checksum does not agree is replaced by its backup', () => {
    const { medium, system, entries } = openVolume(
      damaged(volume, 'odd-superblock', [{ at: 1024 + 40, bytes: Buffer.from([0x13]) }]),
    )
    expect(differences(linesOf(medium, entries), lines)).toEqual([])
    expect(system.problems()[0]?.code).toBe('superblock-damaged-backup-used')
  })

  it('group descriptors that are gone are replaced by their backups', () => {
    const { medium, system, entries } = openVolume(
      damaged(volume, 'no-descriptors', [{ at: 2048, bytes: Buffer.alloc(1024) }]),
    )
    expect(differences(linesOf(medium, entries), lines)).toEqual([])
    expect(system.problems().map(({ code }) => code)).toContain('group-descriptor-backup-used')
  })

  it('a root directory that is gone costs the names in it, and no content', () => {
    const root = Number(/\(0\):(\d+)/.exec(run('debugfs', '-R', 'stat <2>', volume))?.[1])
    const open = openVolume(damaged(volume, 'no-root', [{ at: root * 1024, bytes: bytesOf(3, 1024) }]))
    const before = whole?.entries.filter(({ kind }) => kind === 'file') ?? []
    const after = open.entries.filter(({ kind, status }) => kind === 'file' && status === 'orphan')
    const digests = (from: typeof open, entries: typeof before) =>
      [...new Set(entries.map((entry) => digestOf(from.medium, entry)))].sort()
    expect(whole && digests(open, after)).toEqual(whole && digests(whole, before))
    expect(after.some(({ path }) => pathOf(path).endsWith('er/still/leaf'))).toBe(true)
    expect(open.system.problems().map(({ code }) => code)).toContain('directory-damaged')
    expect(sumOf(open.system.classes())).toBe(24_576 * 1024)
  })

  it('an inode whose checksum does not agree is read, and says so', () => {
    const record = whole?.entries.find(({ path }) => pathOf(path) === 'odd')?.record
    const imap = run('debugfs', '-R', 'imap /odd', volume)
    const [, block, offset] = /located at block (\d+), offset (0x[0-9a-f]+)/.exec(imap) ?? []
    const at = Number(block) * 1024 + Number(offset)
    const { system, entries } = openVolume(
      damaged(volume, 'odd-inode', [{ at: at + 2, bytes: Buffer.from([77]) }]),
    )
    expect(entries.find((entry) => entry.record === record)?.notes).toContain('inode-checksum')
    expect(system.problems()).toEqual([{ code: 'inode-checksum', record, detail: '' }])
  })

  it('a volume that is cut is read as far as it goes, and one that is longer has free bytes behind it', () => {
    const cut = inScratch('cut')
    copyFileSync(volume, cut)
    truncateSync(cut, 9000 * 1024)
    const short = openVolume(cut)
    expect(short.system.problems().map(({ code }) => code)).toContain('volume-shorter')
    expect(short.entries.filter(({ status }) => status === 'live').length).toBe(lines.length)
    expect(sumOf(short.system.classes())).toBe(9000 * 1024)
    truncateSync(cut, 0)
    writeFileSync(cut, Buffer.concat([readFileSync(volume), Buffer.alloc(5000, 1)]))
    const long = openVolume(cut)
    expect(sumOf(long.system.classes())).toBe(24_576 * 1024 + 5000)
    expect(long.system.classes().unallocated - (whole?.system.classes().unallocated ?? 0)).toBe(5000)
    expect([...long.system.unallocated()].at(-1)).toMatchObject({ offset: expect.any(Number) })
  })

  it('a directory that contains itself ends', () => {
    const copy = damaged(volume, 'loop', [])
    run('debugfs', '-w', '-R', 'link /deep /deep/er/again', copy)
    const { system, entries } = openVolume(copy)
    expect(entries.filter(({ path }) => pathOf(path) === 'deep/er/again').length).toBe(1)
    expect(system.problems().map(({ code }) => code)).toContain('directory-linked-twice')
  })
})

describe.skipIf(!haveTools)('journals that are elsewhere', () => {
  it('an external journal is said', () => {
    const journal = inScratch('journal-device')
    run('mke2fs', '-q', '-F', '-b', '4096', '-O', 'journal_dev', journal, '8192k')
    const path = makeVolume('external', 16_384, tree, '-t', 'ext4', '-O', '^metadata_csum')
    // What mke2fs writes when it is given a device: no inode, and a UUID.
    const bytes = readFileSync(path)
    bytes.writeUInt32LE(0, 1024 + 224)
    writeFileSync(path, bytes)
    expect(() => openVolume(journal)).toThrow('journal-device')
    expect(
      openVolume(path)
        .system.problems()
        .map(({ code }) => code),
    ).toContain('external-journal')
  })
})

describe.skipIf(!haveTools)('what programs other than a kernel deleted', () => {
  it('is read from the inode, which keeps its blocks', () => {
    const path = makeVolume('debugfs', 16_384, tree, '-t', 'ext2', '-b', '1024')
    const before = openVolume(path)
    const digest = (name: string, from: typeof before) => {
      const entry = from.entries.find((one) => pathOf(one.path) === name)
      return entry && digestOf(from.medium, entry)
    }
    const large = digest('large', before)
    run('debugfs', '-w', '-R', 'rm /large', path)
    const after = openVolume(path)
    expect(digest('large', after)).toBe(large)
    expect(after.entries.find((one) => pathOf(one.path) === 'large')).toMatchObject({
      status: 'deleted',
      basis: 'inode',
    })
  })
})

const haveSleuthKit = works('fls', '-V')

describe.skipIf(!haveTools || !haveSleuthKit)('beside The Sleuth Kit', () => {
  it('every deleted entry that it lists is listed, with the content that it gives', () => {
    const path = makeVolume('sleuth', 16_384, tree, '-t', 'ext2', '-b', '1024')
    const commands = inScratch('commands')
    const removed = Array.from({ length: 20 }, (_, index) => index * 3 + 1)
    const names = removed.map((index) => `rm "/many/${index}-${'m'.repeat(index % 60)}"`)
    writeFileSync(commands, [...names, 'rm /odd', 'rm /deep/hard-link', 'rm /large'].join('\n'))
    run('debugfs', '-w', '-f', commands, path)
    const { medium, entries } = openVolume(path)
    const listed = run('fls', '-rdp', '-F', path)
      .split('\n')
      .flatMap((line) => /^r\/r \* (\d+)(?:\(realloc\))?:\t(.*)$/.exec(line)?.slice(1, 3).join(' ') ?? [])
    expect(listed.length).toBe(23)
    const ours = new Map(entries.map((entry) => [`${entry.record} ${pathOf(entry.path)}`, entry]))
    const different = listed.filter((line) => {
      const entry = ours.get(line)
      const content = execFileSync('icat', [path, line.split(' ')[0] ?? ''])
      return entry?.status !== 'deleted' || digestOf(medium, entry) !== sha256(content)
    })
    expect(different).toEqual([])
  })
})

describe.skipIf(!canMount)('what was removed while it was open', () => {
  it('is an orphan with its content', () => {
    const path = makeVolume('open-removed', 16_384, null, '-t', 'ext4')
    const bytes = bytesOf(9, 50_000)
    const pulled = inScratch('open-pulled')
    mounted(path, 'noatime', (root) => {
      writeFileSync(join(root, 'held'), bytes)
      run('sync', '-f', root)
      const fd = openSync(join(root, 'held'), 'r')
      unlinkSync(join(root, 'held'))
      run('sync', '-f', root)
      copyFileSync(path, pulled)
      closeSync(fd)
    })
    const { medium, system, entries } = openVolume(pulled)
    const held = entries.find((entry) => entry.status === 'orphan')
    expect(held && digestOf(medium, held)).toBe(sha256(bytes))
    expect(held && pathOf(held.path)).toBe('held')
    expect(held?.notes).toEqual(['removed-while-open'])
    expect(system.problems()).toEqual([])
  })
})
