import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { heicFile } from '../../bench/heic-file.ts'
import { type Fixture, makeFixture } from '../../fixtures/make.ts'
import { drawRgb, jpeg, withThumbnail } from '../../fixtures/pictures.ts'
import { heifThumbnails } from '../../src/formats/media/heif/heif-thumbnail.ts'
import { temporaryFolderForFile } from '../ledger/temporary.ts'
import {
  exported,
  listsOf,
  scanArgs,
  seized,
  summaryOf,
  temporaryFolder,
  withoutAccessTimes,
} from './seized.ts'

/** The fixture, and a scan of it with all lists, which only readers and rematches open. */
const out = temporaryFolderForFile()
let fixture: Fixture
let wanted: ReturnType<typeof summaryOf>
beforeAll(async () => {
  fixture = await makeFixture(out)
  wanted = summaryOf(seized(scanArgs(fixture.exhibit, join(out, 'scan.sqlite'), listsOf(fixture))))
})

it('rematches a sealed ledger with new lists, without the exhibit: the same digests as a scan with those lists', () => {
  const [illegal, vics, known] = listsOf(fixture) as [string, string, string]
  summaryOf(seized(scanArgs(fixture.exhibit, join(out, 'old.sqlite'), [illegal, known])))
  const lists = [illegal, vics, known].flatMap((list) => ['--hashset', list])
  const result = seized(['rematch', join(out, 'old.sqlite'), '--ledger', join(out, 'new.sqlite'), ...lists])
  expect([result.status, result.stdout]).toEqual([13, expect.stringContaining('4 added, 0 removed')])
  // Two logs got an event: each head stands under the ledger that it is of.
  const head = 'custody head +[0-9a-f]{64}\\n'
  expect(result.stderr).toMatch(
    new RegExp(
      `^new ledger ${join(out, 'new.sqlite')}:\\n${head}ledger that was matched again, ${join(out, 'old.sqlite')}:\\n${head}$`,
    ),
  )
  // A rematch decodes nothing, which is no other version of the program.
  const compared = seized(['diff', join(out, 'old.sqlite'), join(out, 'new.sqlite')]).stdout
  expect(compared).toContain(', other lists')
  expect(compared).not.toContain('another version of the program')
  // Walking a writable folder a second time moved its access times, which no digest covers.
  const lines = (ledger: string) =>
    exported(join(out, ledger), out).map(({ times: { accessed, ...times }, ...line }) => ({ ...line, times }))
  expect(lines('new.sqlite')).toEqual(lines('scan.sqlite'))
  const verified = seized(['verify', join(out, 'new.sqlite')])
  expect(verified.status).toBe(0)
  expect(verified.stdout).toContain(wanted.evidenceDigest)
})

it('D18: compares by content and meaning: a list that has another name adds and removes nothing', () => {
  const renamed = listsOf(fixture).map((list) => {
    const colon = list.indexOf(':')
    const copy = join(out, `renamed-${basename(list)}`)
    copyFileSync(list.slice(colon + 1), copy)
    return `${list.slice(0, colon)}:${copy}`
  })
  const lists = renamed.flatMap((list) => ['--hashset', list])
  const ledger = join(out, 'renamed.sqlite')
  const { status, stdout } = seized(['rematch', join(out, 'scan.sqlite'), '--ledger', ledger, ...lists])
  expect([status, stdout]).toEqual([13, expect.stringContaining('0 added, 0 removed')])
})

it('matches the thumbnails inside pictures anew, each of a picture that has two', async () => {
  const out = temporaryFolder()
  const exhibit = join(out, 'exhibit')
  mkdirSync(exhibit)
  const drawn = (seed: number, width: number, height: number) => ({
    rgb: drawRgb({ seed, width, height }),
    width,
    height,
  })
  const small = await jpeg({ seed: 9, width: 160, height: 120 })
  const large = await jpeg({ seed: 5, width: 640, height: 480 })
  const picture = drawn(5, 640, 480)
  const heic = await heicFile(picture.rgb, 640, 480, { thumbnail: drawn(6, 160, 120) })
  writeFileSync(join(exhibit, 'a.jpg'), withThumbnail(large, small))
  writeFileSync(join(exhibit, 'b.heic'), heic)
  writeFileSync(join(exhibit, 'c.heic'), twoThumbnails(heic))
  const list = join(out, 'list.txt')
  const [cut] = heifThumbnails(heic).found
  writeFileSync(list, `sha256\n${[small, cut!.bytes].map(sha256).join('\n')}\n`)
  summaryOf(seized(scanArgs(exhibit, join(out, 'old.sqlite'), [])))
  summaryOf(seized(scanArgs(exhibit, join(out, 'scan.sqlite'), [`illegal:${list}`])))
  const result = seized([
    'rematch',
    join(out, 'old.sqlite'),
    '--ledger',
    join(out, 'new.sqlite'),
    '--hashset',
    `illegal:${list}`,
  ])
  expect(result.stdout).toContain('3 added, 0 removed')
  const lines = (ledger: string) => withoutAccessTimes(exported(join(out, ledger), out))
  expect(lines('new.sqlite')).toEqual(lines('scan.sqlite'))
  const paths = exported(join(out, 'new.sqlite'), out).map(({ path }) => path)
  expect(paths.filter((path) => path.startsWith('c.heic »'))).toHaveLength(2)
}, 120_000)

/** With one reference more, which names the picture as a thumbnail of itself: hostile, and two thumbnails. */
function twoThumbnails(heic: Buffer): Buffer {
  const twice = Buffer.from(heic)
  const at = twice.indexOf('thmb')
  const reference = Buffer.from(heic.subarray(at - 4, at + 10))
  const second = Buffer.from(reference)
  second.writeUInt16BE(1, 8)
  return grown(twice, at + 10, second)
}

/** Inserted at the end of `iref`, which ends `meta`; what lies behind moves. */
function grown(file: Buffer, at: number, more: Buffer): Buffer {
  const out = Buffer.concat([file.subarray(0, at), more, file.subarray(at)])
  for (const name of ['iref', 'meta']) {
    const box = out.indexOf(name) - 4
    out.writeUInt32BE(out.readUInt32BE(box) + more.length, box)
  }
  // Two items of one extent, offsets of four bytes behind six of each item.
  const places = out.indexOf('iloc') + 4 + 4 + 2 + 2
  for (const item of [0, 1]) {
    const offset = places + item * 14 + 6
    out.writeUInt32BE(out.readUInt32BE(offset) + more.length, offset)
  }
  return out
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
