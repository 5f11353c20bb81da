/** Issue 26 A: what an image is, is said in every output; what was not read is never called nothing. */
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeDiskImage } from '../../fixtures/disk-image.ts'
import { png } from '../../fixtures/pictures.ts'
import { IMAGE_WORDS } from '../../src/report/model/image-words.ts'
import { hasTool, run } from '../image/container/helpers.ts'
import { randomBytes, seeded } from '../image/random.ts'
import { exported, seized, summaryOf } from './seized.ts'

// The same in every run: contents drawn anew begin now and then as an archive or a picture does.
const random = seeded(26)

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const WRONG = `md5:${'0123456789abcdef'.repeat(2)}`

let folder: string
let list: string
const at = (name: string) => join(folder, name)
const heads = () => ['--heads', at('heads')]

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'seized-state-'))
  const files = at('in')
  mkdirSync(files)
  for (let i = 0; i < 20; i++) writeFileSync(join(files, `f${i}.bin`), randomBytes(random, 90_000))
  list = at('list.txt')
  writeFileSync(list, `${sha256(readFileSync(join(files, 'f7.bin')))}\n`)
  run('mke2fs', ['-q', '-t', 'ext4', '-d', files, at('disk.dd'), '24M'], folder)
  if (!hasTool('ewfacquire')) return
  const acquire = ['-q', '-u', '-t', at('whole'), '-C', 'c', '-E', 'e', '-e', 'x', '-D', 'd', '-N', 'n']
  const how = ['-m', 'fixed', '-M', 'physical', '-f', 'encase6', '-c', 'none', at('disk.dd')]
  run('ewfacquire', [...acquire, ...how], folder)
  const whole = readFileSync(at('whole.E01'))
  writeFileSync(at('cut.E01'), whole.subarray(0, 3_000_000))
  // Where a file's content lies uncompressed, so that a chunk of it fails its checksum.
  const content = whole.indexOf(readFileSync(join(files, 'f3.bin')).subarray(0, 64))
  const bad = Buffer.from(whole)
  bad.fill('X', content + 100, content + 132)
  writeFileSync(at('bad.E01'), bad)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function scan(image: string, ledger: string, ...more: string[]) {
  const about = ['--case', 'C', '--exhibit', 'E', '--examiner', 'X', '--ledger', at(ledger), ...heads()]
  return seized(['scan', at(image), ...about, '--progress', 'json', ...more])
}

const listed = () => ['--hashset', `illegal:${list}`, '--phases', 'inventory,known']

/** The text of a page without tags. */
function page(ledger: string, ...more: string[]): string {
  const out = at(`${ledger}.html`)
  const made = seized([
    'report',
    at(ledger),
    ...heads(),
    '--format',
    'html',
    '--out',
    out,
    '--overwrite',
    ...more,
  ])
  expect([made.status, made.stderr]).toEqual([0, expect.any(String)])
  return readFileSync(out, 'utf8')
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replace(/\s+/g, ' ')
}

function exportOf(ledger: string, format: string): string {
  const out = at(`${ledger}.${format}`)
  expect(
    seized(['report', at(ledger), ...heads(), '--format', format, '--out', out, '--overwrite']).status,
  ).toBe(0)
  return readFileSync(out, 'utf8')
}

const warnings = ({ stdout }: { stdout: string }) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ event }) => event === 'warning')
    .map(({ message }) => message as string)

const withEwf = describe.runIf(hasTool('ewfacquire') && hasTool('mke2fs'))

withEwf('26 A1: an E01 whose stored hash differs', () => {
  it('is examined, and both values stand in the terminal, in both editions, in every language and in the exports', () => {
    const ran = scan('bad.E01', 'bad.sqlite', '--verify-image', ...listed())
    expect(ran.status).toBe(13)
    const { image, incomplete } = summaryOf(ran)
    expect(image).toMatchObject({ state: 'differs', hashes: [{ algorithm: 'md5', stated: null }] })
    expect(incomplete).toEqual(expect.arrayContaining(['image-differs', 'image-not-whole', 'bytes']))
    const [{ stored, computed }] = image.hashes
    expect(stored).not.toBe(computed)
    expect(warnings(ran)[0]).toContain(`DIFFERS: MD5 ${stored} (stored in the image); MD5 ${computed}`)
    for (const text of [page('bad.sqlite'), page('bad.sqlite', '--edition', 'court')]) {
      expect(text).toContain(
        `The hash of the image DIFFERS: MD5 ${stored} (stored in the image); MD5 ${computed}`,
      )
      expect(text).toMatch(/33 kB are damaged in the image and were not examined/)
      expect(text).not.toMatch(/none to compare it with|verified: seized/)
    }
    for (const { language } of IMAGE_WORDS) {
      const text = page('bad.sqlite', '--edition', 'court', '--language', language)
      const results = text.slice(0, text.indexOf('ISO/IEC 17025'))
      expect([language, results.includes(stored), results.includes(computed)]).toEqual([language, true, true])
    }
    for (const format of ['vics', 'case']) {
      const text = exportOf('bad.sqlite', format)
      expect(text).toContain('The hash of the image DIFFERS')
      expect(text).toContain('33 kB are damaged in the image and were not examined.')
    }
    expect(seized(['verify', at('bad.sqlite'), ...heads()]).status).toBe(0)
  })

  it('with a wrong stated hash is refused, whatever is damaged, unless it is ordered; then ledger and page one say so', () => {
    const refused = scan(
      'bad.E01',
      'refused.sqlite',
      '--verify-image',
      '--acquisition-hash',
      WRONG,
      ...listed(),
    )
    expect(refused.status).toBe(2)
    expect(refused.stdout + refused.stderr).toContain(WRONG.slice(4))
    const unread = scan('whole.E01', 'refused.sqlite', '--acquisition-hash', WRONG, ...listed())
    expect([unread.status, unread.stdout + unread.stderr]).toEqual([
      2,
      expect.stringContaining('--despite-image'),
    ])
    const despite = scan(
      'bad.E01',
      'despite.sqlite',
      '--verify-image',
      '--acquisition-hash',
      WRONG,
      '--despite-image',
      ...listed(),
    )
    expect(despite.status).toBe(13)
    for (const text of [page('despite.sqlite'), page('despite.sqlite', '--edition', 'court')])
      expect(text).toMatch(/in spite of this, because the operator ordered it \(--despite-image\)/)
    expect(page('despite.sqlite')).toContain('image-examined-despite')
  })

  it('is told by seized image too, and a whole one agrees', () => {
    const bad = seized(['image', '--verify', '--json', at('bad.E01')])
    expect([bad.status, JSON.parse(bad.stdout).state.kind]).toEqual([4, 'differs'])
    const whole = seized(['image', '--verify', '--json', at('whole.E01')])
    expect([whole.status, JSON.parse(whole.stdout).state.kind]).toEqual([0, 'agrees'])
    const ran = scan('whole.E01', 'whole.sqlite', '--verify-image', ...listed())
    expect([ran.status, summaryOf(ran).image.state]).toEqual([10, 'agrees'])
    expect(page('whole.sqlite')).toContain('Hash of the image: agrees; every byte was read.')
  })
})

withEwf('26 A2: a cut E01', () => {
  it('of which nothing is readable holds no zeros, is no exit 0, and stands in every edition and export', () => {
    const told = seized(['image', at('cut.E01')])
    expect(told.status).toBe(3)
    expect(told.stdout).not.toMatch(/nothing but zeros/)
    expect(told.stdout).toMatch(/not-readable.*the image is damaged where this lies/)
    const ran = scan('cut.E01', 'cut.sqlite', ...listed())
    expect(ran.status).toBe(3)
    expect(summaryOf(ran)).toMatchObject({ image: { state: 'not-readable-whole', lostBytes: 25_165_824 } })
    expect(warnings(ran).join()).toContain('The image is cut short: 0 B of 25 MB are there')
    const court = page('cut.sqlite', '--edition', 'court')
    expect(court).toMatch(
      /record of a list of illegal material\. 25 MB of the image’s 25 MB could not be examined\./,
    )
    expect(court).toMatch(
      /What was not examined, and why Stage Reason Entries or bytes Image The image is cut short: 25 MB is missing/,
    )
    expect(page('cut.sqlite')).toContain('The image is cut short: 25 MB is missing and was not examined.')
    for (const format of ['vics', 'case'])
      expect(exportOf('cut.sqlite', format)).toContain('The image is cut short: 25 MB')
  })

  it('claims no hash of every byte where bytes are missing', () => {
    scan('cut.E01', 'cut-read.sqlite', '--verify-image', ...listed())
    const text = page('cut-read.sqlite')
    expect(text).toContain('what is damaged or missing as zeros')
    expect(text).not.toContain('computed from every byte')
  })
})

describe.runIf(hasTool('mke2fs'))('26 A2: a split raw image of which a middle segment is cut', () => {
  it('says so, and is not complete', () => {
    const whole = readFileSync(at('disk.dd'))
    for (const [i, name] of ['001', '002', '003', '004'].entries())
      writeFileSync(at(`split.${name}`), whole.subarray(i * 6_400_000, (i + 1) * 6_400_000))
    truncateSync(at('split.002'), 6_000_000)
    const ran = scan('split.001', 'split.sqlite', ...listed())
    expect([3, 13]).toContain(ran.status)
    expect(summaryOf(ran).image).toMatchObject({ state: 'not-readable-whole', lostBytes: 400_000 })
    expect(page('split.sqlite', '--edition', 'court')).toContain('The image is cut short: 400 kB is missing')
  })
})

describe('26 A3: an image in which nothing lies', () => {
  it('of 0 bytes is refused by scan and image', () => {
    writeFileSync(at('empty.dd'), '')
    for (const told of [scan('empty.dd', 'empty.sqlite', ...listed()), seized(['image', at('empty.dd')])])
      expect([told.status, told.stdout + told.stderr]).toEqual([2, expect.stringContaining('holds no byte')])
  })

  it('of zeros alone is never complete, and says that nothing was found', () => {
    writeFileSync(at('zeros.dd'), Buffer.alloc(5_000_000))
    const ran = scan('zeros.dd', 'zeros.sqlite', ...listed())
    expect([ran.status, summaryOf(ran).incomplete]).toEqual([3, ['nothing-there']])
    expect(seized(['image', at('zeros.dd')]).status).toBe(3)
    for (const text of [page('zeros.sqlite'), page('zeros.sqlite', '--edition', 'court')])
      expect(text).toContain('No folder and no file was found on this exhibit.')
  })

  it('as a mount without a single name is not complete either', () => {
    mkdirSync(at('nothing'))
    const ran = scan('nothing', 'nothing.sqlite', '--allow-writable-mount', ...listed())
    expect([ran.status, summaryOf(ran).incomplete]).toEqual([3, ['nothing-there']])
  })
})

describe.runIf(hasTool('mke2fs'))('26 A4: what of an image was not searched', () => {
  it('stands with its bytes on page one of both editions and in the last lines of the scan', () => {
    const about = [
      '--case',
      'C',
      '--exhibit',
      'E',
      '--examiner',
      'X',
      '--ledger',
      at('lines.sqlite'),
      ...heads(),
    ]
    const ran = seized(['scan', at('disk.dd'), ...about, '--progress', 'lines', ...listed()])
    expect(ran.status).toBe(10)
    expect(ran.stdout).toMatch(/MB of free space and gaps between volumes were not searched\.\n/)
    for (const text of [page('lines.sqlite'), page('lines.sqlite', '--edition', 'court')]) {
      expect(text).toMatch(/[\d.]+ MB of free space and gaps between volumes were not searched\./)
      expect(text).toMatch(/[\d.]+ kB behind the ends of files were not searched\./)
    }
    const searched = ['--remains', 'known', ...listed()]
    expect(scan('disk.dd', 'searched.sqlite', ...searched).status).toBe(10)
    expect(page('searched.sqlite')).toMatch(
      /free space and gaps between volumes were searched for the beginnings of listed contents alone/,
    )
  })
})

describe.runIf(hasTool('mke2fs'))('26 A5: what a list and a volume must be', () => {
  it('lists of known contents alone compare with nothing: not done, not complete, said first', () => {
    const ran = scan('disk.dd', 'known.sqlite', '--hashset', `known:${list}`, '--phases', 'inventory,known')
    expect(ran.status).toBe(3)
    const summary = summaryOf(ran)
    expect(summary.incomplete).toEqual(['no-list'])
    expect(summary.stages.matched).toMatchObject({ done: 0, 'not-done': 20 })
    expect(warnings(ran)[0]).toMatch(/^No list of illegal material or of interest was given/)
    expect(page('known.sqlite', '--edition', 'court')).toMatch(
      /Results No list of illegal material or of interest was given/,
    )
    expect(seized(['verify', at('known.sqlite'), ...heads()]).status).toBe(0)
  })

  it('an inventory alone needs no list', () => {
    expect(scan('disk.dd', 'inventory.sqlite', '--phases', 'inventory').status).toBe(0)
  })

  it('a scale without a table and a volume that is not there are refused', () => {
    const csv = at('scale.csv')
    writeFileSync(csv, `md5,category\n${'0'.repeat(32)},1\n`)
    const scale = scan('disk.dd', 'scale.sqlite', '--hashset', `vics-uk:${csv}`)
    expect([scale.status, scale.stdout + scale.stderr]).toEqual([2, expect.stringContaining('no scale')])
    const volume = scan('disk.dd', 'volume.sqlite', '--scope', 'volume=9', ...listed())
    expect([volume.status, volume.stdout + volume.stderr]).toEqual([2, expect.stringContaining('it has 1')])
  })
})

describe('26 A4: what was deleted', () => {
  it('is found by status:deleted whatever is left of it, and counted in the last lines of the scan', async () => {
    const image = at('deleted.img')
    writeDiskImage(image, [
      [
        { name: 'A.TXT', bytes: Buffer.from('a live text') },
        { name: 'GONE.BIN', bytes: randomBytes(random, 5_000), state: 'deleted' },
        { name: 'OLD.BIN', bytes: randomBytes(random, 3_000), state: 'overwritten' },
        { name: 'NEW.BIN', bytes: randomBytes(random, 3_000) },
      ],
    ])
    const bytes = readFileSync(image)
    // Far behind every file, where no name leads to.
    ;(await png({ seed: 77, width: 40, height: 30 })).copy(bytes, 1_048_576 + 512 * 113 + 900 * 2048)
    writeFileSync(image, bytes)
    const about = [
      '--case',
      'C',
      '--exhibit',
      'E',
      '--examiner',
      'X',
      '--ledger',
      at('deleted.sqlite'),
      ...heads(),
    ]
    const ran = seized(['scan', image, ...about, '--remains', 'carve', '--progress', 'lines', ...listed()])
    expect(ran.stdout).toMatch(/2 files are deleted, recovered \([\d.]+ kB\)\./)
    expect(ran.stdout).toMatch(/Of 1 deleted file the content was not there any more, or not all of it/)
    expect(page('deleted.sqlite', '--edition', 'court')).toMatch(/2 files are deleted, recovered/)
    const entries: { readonly path: string; readonly onImage: { readonly status: string } | null }[] =
      exported(at('deleted.sqlite'), folder)
    const gone = entries.filter((one) => one.onImage && one.onImage.status !== 'live')
    expect(new Set(gone.map((one) => one.onImage!.status))).toEqual(
      new Set(['deleted', 'deleted-overwritten', 'carved']),
    )
    const search = seized(['search', at('deleted.sqlite'), 'status:deleted', '--format', 'jsonl', ...heads()])
    const found = search.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).path)
    expect(found.sort()).toEqual(gone.map(({ path }) => path).sort())
  })
})
