import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeDiskImage } from '../../fixtures/disk-image.ts'
import { exported, seized, summaryOf } from './seized.ts'

/** Where the clusters of the fixture's first volume begin on its disk. */
const DATA = 1048576 + 512 * (1 + 2 * 20 + 32)
const CLUSTER = 2048

const content = (seed: number, length: number) =>
  Buffer.concat(
    Array.from({ length: Math.ceil(length / 32) }, (_, i) =>
      createHash('sha256').update(`${seed} ${i}`).digest(),
    ),
  ).subarray(0, length)

const LIVE = content(1, 5000)
/** All of it lies in free space; of the second only the first 70,000 bytes; the third fits behind the end of the live file. */
const WHOLE = content(2, 90_000)
const CUT = content(3, 120_000)
const SMALL = content(4, 600)
/** Listed, and nowhere on the disk. */
const ABSENT = content(5, 80_000)

let folder: string
let image: string
let list: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'seized-remains-'))
  const holdings = join(folder, 'holdings')
  mkdirSync(holdings)
  for (const [name, bytes] of Object.entries({ WHOLE, CUT, SMALL, ABSENT }))
    writeFileSync(join(holdings, name), bytes)
  list = join(folder, 'list.csv')
  expect(seized(['hashset', 'from-folder', holdings, '--out', list]).status).toBe(0)

  image = join(folder, 'disk.img')
  writeDiskImage(image, [[{ name: 'LIVE.BIN', bytes: LIVE }]])
  const disk = readFileSync(image)
  // Its clusters are the first three: 6,144 bytes, of which a sector's beginning lies at 5,120.
  SMALL.copy(disk, DATA + 5120)
  WHOLE.copy(disk, DATA + 1000 * CLUSTER)
  CUT.copy(disk, DATA + 2000 * CLUSTER, 0, 70_000)
  content(9, 50_000).copy(disk, DATA + 2000 * CLUSTER + 70_000)
  writeFileSync(image, disk)
}, 180_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function scan(ledger: string, ...more: string[]) {
  const who = ['--case', 'C', '--exhibit', 'E', '--examiner', 'X', '--progress', 'json']
  const how = ['--phases', 'inventory,known', '--hashset', `illegal:${list}`]
  return seized(['scan', image, ...who, ...how, '--ledger', join(folder, ledger), ...more])
}

const digestsOf = ({ evidenceDigest, analysisDigest }: Record<string, unknown>) => [
  evidenceDigest,
  analysisDigest,
]

describe('beginnings of listed contents on an image', () => {
  it('are found in free space and behind the ends of files; only what is all there is a hit', () => {
    expect(nameless('none.sqlite').map(({ path }) => path)).toEqual([])
    const found = nameless('known.sqlite', '--remains', 'known', '--workers', '1')
    expect(found.map(({ priority }) => priority).sort()).toEqual([1, 1, 2])
    const named = found.map(({ path, hits, attributes }) => ({
      where: path.replace(/\d+$/, ''),
      hits: hits.length,
      agreement: attributes.find(({ code }: { code: string }) => code === 'listed-beginning').params
        .agreement,
    }))
    expect(named.sort((a, b) => (a.where < b.where ? -1 : 1))).toEqual([
      { where: 'volume 1 » slack ', hits: 1, agreement: 'whole' },
      { where: 'volume 1 » unallocated ', hits: 1, agreement: 'whole' },
      { where: 'volume 1 » unallocated ', hits: 0, agreement: 'first-64k' },
    ])
    expect(seized(['verify', join(folder, 'known.sqlite')]).status).toBe(0)
    expect(seized(['verify', join(folder, 'known.sqlite'), '--against', image]).status).toBe(0)
  })

  it('are the same for two workers and after a stop', () => {
    const one = summaryOf(seized(['summary', join(folder, 'known.sqlite'), '--json']))
    const two = summaryOf(scan('two.sqlite', '--remains', 'known', '--workers', '2'))
    expect(digestsOf(two)).toEqual(digestsOf(one))
    process.env.SEIZED_CRASH_AT = 'inventory:before-commit:1'
    try {
      expect(scan('killed.sqlite', '--remains', 'known').signal).toBe('SIGKILL')
    } finally {
      delete process.env.SEIZED_CRASH_AT
    }
    const resumed = summaryOf(seized(['resume', join(folder, 'killed.sqlite'), '--progress', 'json']))
    expect(digestsOf(resumed)).toEqual(digestsOf(one))
  })

  it('are shown with the words that a person must look, and carving takes none of them again', () => {
    const report = join(folder, 'report.html')
    expect(scan('carve.sqlite', '--remains', 'carve').status).toBe(10)
    expect(seized(['report', join(folder, 'carve.sqlite'), '--format', 'html', '--out', report]).status).toBe(
      0,
    )
    const words = readFileSync(report, 'utf8')
    expect(words).toContain('searched for the beginnings of listed contents')
    expect(words).toContain('a person must look')
  })
})

describe('a sample of free space', () => {
  it('can be drawn again from its seed, and says what it says and what not', () => {
    const how = ['--sample', '300', '--sample-seed', '2026-114']
    const first = summaryOf(scan('sample-1.sqlite', ...how))
    const [row] = first.samples
    expect(row).toMatchObject({ volume: 1, seed: '2026-114', blockBytes: 2048, drawn: 300, read: 300 })
    expect(row.hashSetSha256).toBe(createHash('sha256').update(readFileSync(list)).digest('hex'))
    expect(summaryOf(scan('sample-2.sqlite', ...how)).samples).toEqual(first.samples)
    const verified = seized(['verify', join(folder, 'sample-1.sqlite')])
    expect(verified.stdout).toContain('300 were drawn at random (seed 2026-114)')
    expect(verified.stdout).toContain('A sample says nothing about contents that are on no list')
  })

  it('drawn whole meets what begins at a block', () => {
    const { samples } = summaryOf(scan('sample-all.sqlite', '--sample', '10000', '--sample-seed', 'a'))
    expect(samples[0].drawn).toBe(samples[0].blocks)
    expect(samples[0].matched).toBeGreaterThan(0)
    expect(samples[0].says).not.toContain('99 %')
  })
})

describe('a quick look', () => {
  it('names what it did not come to, and is never complete', () => {
    const summary = summaryOf(scan('quick.sqlite', '--quick', '0.00001'))
    expect([summary.complete, summary.exitCode]).toEqual([false, 3])
    expect(summary.samples[0].drawn).toBeGreaterThan(0)
    const [live] = exported(join(folder, 'quick.sqlite'), folder).filter(({ path }) =>
      path.endsWith('LIVE.BIN'),
    )
    expect(live.stages.read).toMatchObject({ result: 'not-done', reason: 'not-in-time' })
    expect(seized(['verify', join(folder, 'quick.sqlite')]).status).toBe(0)
  })
})

/** Entries that no name leads to. */
function nameless(ledger: string, ...more: string[]) {
  scan(ledger, ...more)
  return exported(join(folder, ledger), folder).filter(({ path }) => / » (unallocated|slack) \d+$/.test(path))
}
