/** Other readers of HFS+ over volumes that are made here. */
import { execFileSync } from 'node:child_process'
import { hash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { items } from '../../../fixtures/hfs-plus/everything.ts'
import { type MadeItem, makeHfsPlus } from '../../../fixtures/hfs-plus/volume.ts'
import { noise } from '../../../fixtures/pictures.ts'
import { bytesOf, hasTools, listedMedium, memoryMedium, pathOf } from '../volume.ts'

const folder = mkdtempSync(join(tmpdir(), 'seized-hfsplus-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Prints path and MD5 of every file, as libfshfs has them. */
const WALK = `
import hashlib, pyfshfs, sys
volume = pyfshfs.volume()
volume.open(sys.argv[1])
def walk(folder, path):
    for index in range(folder.number_of_sub_file_entries):
        entry = folder.get_sub_file_entry(index)
        name = path + entry.name
        if entry.file_mode & 0xf000 == 0x4000:
            walk(entry, name + "/")
        else:
            print(hashlib.md5(entry.read_buffer(entry.size) if entry.size else b"").hexdigest(), name)
walk(volume.get_root_directory(), "")
`
const PYTHON = '/usr/bin/python3'
const HAS_LIBFSHFS = (() => {
  try {
    execFileSync(PYTHON, ['-c', 'import pyfshfs'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

describe.skipIf(!HAS_LIBFSHFS)('against libfshfs (skipped without python3-libfshfs)', () => {
  it('lists the same files with the same contents, over many nodes, indexes of two levels, and pieces', () => {
    const many = Array.from({ length: 2000 }, (_, i): MadeItem => {
      const path = `folder ${i % 20}/${i % 3 === 0 ? 'deeper/' : ''}file ${i} ${'x'.repeat(i % 90)}`
      const data = noise(i + 1, [0, 10, 700, 5000, 9000][i % 5]!)
      return i % 10 === 4
        ? { path, data: noise(i, 40_000), pieces: 10 }
        : { path, data, removed: i % 50 === 1 }
    })
    const { bytes } = makeHfsPlus(many, { blocks: 16_384 })
    const file = join(folder, 'many')
    writeFileSync(file, bytes)
    const theirs = execFileSync(PYTHON, ['-c', WALK, file], { encoding: 'utf8', maxBuffer: 1 << 26 })
    const { entries, medium, system } = listedMedium(memoryMedium(bytes))
    const ours = entries
      .filter(({ kind, status }) => kind === 'file' && status === 'live')
      .map((entry) => `${hash('md5', bytesOf(medium, entry))} ${pathOf(entry)}`)
    expect(ours.length).toBeGreaterThan(1900)
    expect(ours.sort()).toEqual(theirs.trimEnd().split('\n').sort())
    expect(system.problems()).toEqual([])
  }, 180_000)
})

describe.skipIf(!hasTools('fls', 'icat'))('against The Sleuth Kit (skipped without it)', () => {
  it('lists the same files with the same contents', () => {
    // It stops at a lone surrogate, and does not read attributes with forks of their own.
    const theirs = items()
      .filter(({ path }) => !path.includes('\ud800') && path !== 'not known')
      .map((item) => ({ ...item, forkAttributes: {} }))
    const { bytes } = makeHfsPlus(theirs, { blocks: 1024 })
    const file = join(folder, 'volume')
    writeFileSync(file, bytes)
    const tool = (name: string, ...args: string[]) =>
      execFileSync(name, ['-f', 'hfs', ...args], { maxBuffer: 1 << 26 })
    const ours = listedMedium(memoryMedium(bytes))
    const files = ours.entries.filter(
      ({ kind, status, stream }) => kind === 'file' && status === 'live' && stream === null,
    )
    const named = tool('fls', '-r', '-p', '-F', file).toString('utf8')
    const listed = named
      .split('\n')
      .filter((line) => line.includes('name of file'))
      .map((line) => line.split('\t')[1])
    expect(listed.sort()).toEqual(
      files
        .map(pathOf)
        .filter((path) => path.includes('name of file'))
        .sort(),
    )
    expect(files.length).toBeGreaterThan(100)
    for (const one of files)
      expect(tool('icat', file, `${one.record}`).equals(bytesOf(ours.medium, one)), pathOf(one)).toBe(true)
  }, 180_000)
})
