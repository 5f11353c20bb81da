import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DiskFile, writeDiskImage } from '../../fixtures/disk-image.ts'
import { png } from '../../fixtures/pictures.ts'
import { hasTool, run } from '../image/container/helpers.ts'
import { exported, seized, summaryOf } from './seized.ts'

const content = (seed: number, length: number) =>
  Buffer.concat(
    Array.from({ length: Math.ceil(length / 32) }, (_, i) =>
      createHash('sha256').update(`${seed} ${i}`).digest(),
    ),
  ).subarray(0, length)

const FIRST: readonly DiskFile[] = [
  { name: 'DCIM/IMG_0001.JPG', bytes: content(1, 9000) },
  { name: 'DCIM/IMG_0002.JPG', bytes: content(2, 5000), state: 'deleted' },
  { name: 'NOTE.TXT', bytes: Buffer.from('a note\n') },
  { name: 'EMPTY.TXT', bytes: Buffer.alloc(0) },
]
const SECOND: readonly DiskFile[] = [
  { name: 'OLD.JPG', bytes: content(3, 3000), state: 'overwritten' },
  { name: 'NEW.JPG', bytes: content(4, 3000) },
  { name: 'GONE.JPG', bytes: content(5, 4100), state: 'deleted' },
]
const sha256 = ({ bytes }: DiskFile) => createHash('sha256').update(bytes).digest('hex')

let folder: string
let image: string
let list: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'seized-image-'))
  image = join(folder, 'disk.img')
  writeDiskImage(image, [FIRST, SECOND])
  list = join(folder, 'list.txt')
  writeFileSync(list, [FIRST[0], FIRST[1], SECOND[0], SECOND[2]].map((file) => `${sha256(file!)}\n`).join(''))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function scan(what: string, ledger: string, ...more: string[]) {
  const hashset = ['--hashset', `illegal:${list}`, '--phases', 'inventory,known', '--progress', 'json']
  return seized([
    'scan',
    what,
    '--case',
    'C',
    '--exhibit',
    'E',
    '--examiner',
    'X',
    '--ledger',
    join(folder, ledger),
    ...hashset,
    ...more,
  ])
}

describe('an image as the exhibit', () => {
  it('is examined without a mount: both partitions, deleted contents that are still there, never those that are overwritten', () => {
    const run = scan(image, 'whole.sqlite')
    expect(run.status).toBe(13)
    const hits = exported(join(folder, 'whole.sqlite'), folder).filter(({ hits }) => hits.length > 0)
    expect(hits.map(({ path }) => path.replace(/ » record.*/, ' (deleted)'))).toEqual([
      'volume 1 » DCIM/IMG_0001.JPG',
      'volume 1 » DCIM/_MG_0002.JPG (deleted)',
      'volume 2 » _ONE.JPG (deleted)',
    ])
    expect(seized(['verify', join(folder, 'whole.sqlite')]).status).toBe(0)
  })

  it('is told of in the report as an image: bytes, volumes and deleted entries, and nothing of a mount', () => {
    const ledger = join(folder, 'told.sqlite')
    expect(scan(image, 'told.sqlite').status).toBe(13)
    const out = join(folder, 'told.html')
    expect(seized(['report', ledger, '--format', 'html', '--out', out]).status).toBe(0)
    const page = readFileSync(out, 'utf8')
    const text = page
      .replace(/<[^>]*>/g, ' ')
      .replaceAll('&#39;', "'")
      .replace(/\s+/g, ' ')
    expect(text).toMatch(
      /Of the image's [\d.]+ MB: [\d.]+ kB in live files, [\d.]+ MB free, .*; 0 B not accounted for/,
    )
    expect(text).toMatch(/\d+ entries were found in the image/)
    expect(text).toMatch(/3 entries are not live: 2 deleted, 1 deleted, its place now belongs to others/)
    expect(text).toContain('The image was not read as a whole')
    expect(text).toMatch(/MB of free space and gaps between volumes were not searched\./)
    expect(text).toMatch(/kB behind the ends of files were not searched\./)
    expect(text).toMatch(/deleted \(found by its first cluster, that the others follow it is assumed\)/)
    expect(text).toMatch(/Examined as the image itself, without a mount: raw, 1 segment/)
    expect(text).not.toMatch(/under the mount|Mounted as|mounted file system|mounted at/)
  })

  it('gives the same digests for one worker and for three, and split into segments', () => {
    const digests = (summary: Record<string, unknown>) => [summary.evidenceDigest, summary.analysisDigest]
    const one = digests(summaryOf(scan(image, 'one.sqlite', '--workers', '1')))
    expect(digests(summaryOf(scan(image, 'three.sqlite', '--workers', '3')))).toEqual(one)
    const bytes = readFileSync(image)
    const size = 1_000_000
    for (let i = 0; i * size < bytes.length; i++)
      writeFileSync(
        join(folder, `split.${String(i + 1).padStart(3, '0')}`),
        bytes.subarray(i * size, (i + 1) * size),
      )
    const split = scan(join(folder, 'split.001'), 'split.sqlite')
    expect(split.status).toBe(13)
    rmSync(join(folder, 'split.003'))
    const missing = scan(join(folder, 'split.001'), 'missing.sqlite')
    expect(missing.status).toBe(2)
    expect(missing.stderr + missing.stdout).toContain('split.003')
  })

  it('finds files in free space by their structure where that is asked for', async () => {
    const picture = await png({ seed: 77, width: 40, height: 30 })
    const carved = join(folder, 'carved.img')
    writeDiskImage(carved, [[{ name: 'A.TXT', bytes: Buffer.from('a') }]])
    const bytes = readFileSync(carved)
    // A cluster far behind every file, that no name of the volume leads to.
    picture.copy(bytes, 1048576 + 512 * (1 + 2 * 40 + 32) + 900 * 2048)
    writeFileSync(carved, bytes)
    const listed = join(folder, 'carved.txt')
    writeFileSync(listed, `${createHash('sha256').update(picture).digest('hex')}\n`)
    const hits = (ledger: string, ...more: string[]) => {
      scan(carved, ledger, '--hashset', `illegal:${listed}`, ...more)
      return exported(join(folder, ledger), folder).filter((entry) => entry.hits.length > 0)
    }
    expect(hits('not-carved.sqlite')).toEqual([])
    expect(hits('carved.sqlite', '--remains', 'carve').map(({ path }) => path.replace(/\d+$/, 'N'))).toEqual([
      'volume 1 » unallocated N',
    ])
  })

  it('leaves out what scope leaves out, and says so', () => {
    const run = scan(image, 'scope.sqlite', '--scope', 'volume=1')
    expect(run.status).toBe(13)
    const entries = exported(join(folder, 'scope.sqlite'), folder)
    expect(entries.filter(({ path }) => path.startsWith('volume 2'))).toHaveLength(1)
  })

  it.skipIf(!hasTool('ewfacquire'))(
    'is never complete when a chunk under free space is damaged, and goes on after a stop knowing so',
    () => {
      const unread = join(folder, 'unread.raw')
      writeDiskImage(unread, [FIRST])
      const bytes = readFileSync(unread)
      const planted = content(99, 60_000)
      planted.copy(bytes, 1048576 + 512 * (1 + 2 * 40 + 32) + 3000 * 2048)
      writeFileSync(unread, bytes)
      run('ewfacquire', ['-u', '-q', '-f', 'encase6', '-c', 'deflate:none', '-t', 'unread', unread], folder)
      const e01 = join(folder, 'unread.E01')
      const flipped = readFileSync(e01)
      flipped[flipped.indexOf(planted.subarray(30_000, 30_032))]! ^= 1
      writeFileSync(e01, flipped)
      const shown = seized(['image', e01, '--verify'])
      expect([shown.status, shown.stdout]).toEqual([
        4,
        expect.stringMatching(/sectors \d+ to \d+: damaged \(checksum\)/),
      ])
      const undisturbed = summaryOf(scan(e01, 'unread.sqlite', '--verify-image'))
      expect([undisturbed.complete, undisturbed.exitCode]).toEqual([false, 13])
      const killed = join(folder, 'unread-killed.sqlite')
      process.env.SEIZED_CRASH_AT = 'inventory:before-commit:1'
      try {
        expect(scan(e01, 'unread-killed.sqlite', '--verify-image').signal).toBe('SIGKILL')
      } finally {
        delete process.env.SEIZED_CRASH_AT
      }
      const resumed = summaryOf(seized(['resume', killed, '--progress', 'json']))
      expect([resumed.evidenceDigest, resumed.exitCode]).toEqual([undisturbed.evidenceDigest, 13])
    },
  )

  it('is rematched without the image: what the medium holds is in the new ledger too', () => {
    const wanted = summaryOf(scan(image, 'once.sqlite'))
    const rematched = ['rematch', join(folder, 'once.sqlite'), '--ledger', join(folder, 'again.sqlite')]
    expect(seized([...rematched, '--hashset', `illegal:${list}`]).status).toBe(13)
    const verified = seized(['verify', join(folder, 'again.sqlite')])
    expect([verified.status, verified.stdout]).toEqual([0, expect.stringContaining(wanted.evidenceDigest)])
  })

  it('refuses what is no image, by a sentence', () => {
    const file = join(folder, 'cut.E01')
    writeFileSync(file, Buffer.from('EVF\x09\x0d\x0a\xff\x00\x01', 'latin1'))
    const run = scan(file, 'none.sqlite')
    expect(run.status).toBe(2)
    expect(run.stderr + run.stdout).not.toContain('bug')
  })
})
