/** Every place of possession: what lies in a container lies in each of its copies, and is counted once (issue 12, B9). */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { plantedMail } from '../../fixtures/mail.ts'
import { jpeg, withThumbnail } from '../../fixtures/pictures.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { zipOf } from '../child/archives.ts'
import { parseHtml } from '../report/parsed-html.ts'
import { exported, scanArgs, seized, summaryOf, temporaryFolder } from './seized.ts'

const NOTE = Buffer.from('a neutral note that stands on a made-up list\n')

function scanned(folder: string, listed: Buffer, files: Readonly<Record<string, Buffer>>) {
  const exhibit = join(folder, 'exhibit')
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(exhibit, name)), { recursive: true })
    writeFileSync(join(exhibit, name), content)
  }
  const list = join(folder, 'list.txt')
  writeFileSync(list, `${createHash('md5').update(listed).digest('hex')}\n`)
  const ledger = join(folder, 'case.sqlite')
  const result = seized(scanArgs(exhibit, ledger, [`illegal:${list}`]))
  return { ledger, summary: summaryOf(result) }
}

/** What each of the outputs says of one content. */
function outputsOf(ledger: string, folder: string, content: Buffer) {
  const sha256 = createHash('sha256').update(content).digest('hex')
  const report = (format: string) => {
    const out = join(folder, `report.${format}`)
    const { status, stderr } = seized(['report', ledger, '--format', format, '--out', out, '--overwrite'])
    expect(status, stderr).toBe(0)
    return readFileSync(out, 'utf8')
  }
  const csv = parse(report('csv'), { columns: true }) as Record<string, string>[]
  const rows = parseHtml(report('html')).filter(
    ({ name, text }) => name === 'tr' && text.includes(sha256) && text.includes('MD5'),
  )
  const court = join(folder, 'court.html')
  const edition = seized([
    'report',
    ledger,
    '--edition',
    'court',
    '--format',
    'html',
    '--out',
    court,
    '--overwrite',
  ])
  expect(edition.status, edition.stderr).toBe(0)
  const search = seized(['search', ledger, `digest:${sha256}`, '--format', 'jsonl'])
  return {
    jsonl: exported(ledger, folder).filter((line) => line.sha256 === sha256),
    csv: csv.filter((row) => row.sha256 === sha256),
    rows,
    court: parseHtml(readFileSync(court, 'utf8'))
      .map(({ text }) => text)
      .join('\n'),
    search: search.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
    lines: seized(['search', ledger, `digest:${sha256}`]).stdout,
  }
}

function expectPlaces(outputs: ReturnType<typeof outputsOf>, places: readonly string[]): void {
  const sorted = [...places].sort()
  expect(outputs.jsonl.map(({ path }) => path).sort()).toEqual(sorted)
  expect(outputs.csv.map(({ path }) => path).sort()).toEqual(sorted)
  expect(outputs.search.map(({ path }) => path).sort()).toEqual(sorted)
  expect(outputs.lines).toContain(`${places.length} places found`)
  for (const place of places) expect(outputs.lines).toContain(place)
  expect(outputs.rows).toHaveLength(1)
  for (const place of places) expect(outputs.rows[0]!.text).toContain(place)
  const { jsonl } = outputs
  expect(jsonl.filter(({ followsFrom }) => followsFrom === null).length).toBeGreaterThan(0)
  for (const { hits, priority, stages } of jsonl)
    expect([hits.length, priority, stages.matched.result]).toEqual([1, 1, 'done'])
}

describe('B9: a copy of a container is a place of possession of all that lies in it', () => {
  it('names both places of what lies in an archive that is there twice, in every output, and counts one content', () => {
    const folder = temporaryFolder()
    const zip = zipOf({ 'in/note.txt': NOTE, 'other.txt': Buffer.from('other\n') })
    const { ledger, summary } = scanned(folder, NOTE, { 'a/x.zip': zip, 'b/y.zip': zip })
    expect([summary.hits, summary.hitsByMeaning.illegal]).toEqual([1, 1])
    const outputs = outputsOf(ledger, folder, NOTE)
    expectPlaces(outputs, ['a/x.zip » member in/note.txt', 'b/y.zip » member in/note.txt'])
    expect(outputs.jsonl.map(({ followsFrom }) => followsFrom)).toEqual([
      null,
      'a/x.zip » member in/note.txt',
    ])
    for (const format of ['hashdeep', 'dfxml', 'vics', 'case']) {
      const out = join(folder, `places.${format}`)
      const made = seized(['report', ledger, '--format', format, '--out', out, '--overwrite'])
      expect(made.status, made.stderr).toBe(0)
      const written = readFileSync(out, 'utf8')
      const name = (zip: string) => `${zip} » member in/note.txt`
      expect([format, ['a/x.zip', 'b/y.zip'].filter((zip) => written.includes(name(zip)))]).toEqual([
        format,
        ['a/x.zip', 'b/y.zip'],
      ])
    }
    const decided = seized([
      ...['decide', ledger, '--entry', 'b/y.zip » member in/note.txt', '--operator', 'A. Example'],
      ...['--scale', 'vics-us', '--category', '2'],
    ])
    expect(decided.status, decided.stderr).toBe(0)
    const reader = openLedger(ledger)
    // The folders, the two archives, two members: and the two again.
    expect([reader.summary().entries, reader.placeCount()]).toEqual([7, 9n])
    reader.close()
    const given = seized(['summary', ledger, '--json'])
    expect(JSON.parse(given.stdout)).toMatchObject({ entries: 7, places: 9 })
    expect(seized(['summary', ledger]).stdout).toMatch(/ {2}places +9\n/)
  })

  it('names every place of what lies in an archive in an archive, both there twice', () => {
    const folder = temporaryFolder()
    const inner = zipOf({ 'note.txt': NOTE })
    const outer = zipOf({ 'one.zip': inner, 'two.zip': inner })
    const { ledger, summary } = scanned(folder, NOTE, {
      'a.zip': outer,
      'b.zip': outer,
      'c.zip': inner,
      'note (copy).txt': NOTE,
    })
    expect(summary.hits).toBe(1)
    const inside = (path: string) => `${path} » member note.txt`
    expectPlaces(outputsOf(ledger, folder, NOTE), [
      'note (copy).txt',
      inside('c.zip'),
      ...['a.zip', 'b.zip'].flatMap((zip) =>
        ['one', 'two'].map((name) => inside(`${zip} » member ${name}.zip`)),
      ),
    ])
  })

  it('names the second place of a thumbnail and of an attachment', async () => {
    const folder = temporaryFolder()
    const thumbnail = await jpeg({ seed: 5, width: 160, height: 120 })
    const picture = withThumbnail(await jpeg({ seed: 6, width: 640, height: 480 }), thumbnail)
    const mail = plantedMail('t.jpg', thumbnail)
    const { ledger, summary } = scanned(folder, thumbnail, {
      'p.jpg': picture,
      'q/p (2).jpg': picture,
      'm.eml': mail.mail,
      'n.eml': mail.mail,
    })
    expect(summary.hits).toBe(1)
    const { jsonl, csv, search } = outputsOf(ledger, folder, thumbnail)
    for (const paths of [jsonl, csv, search].map((rows) => rows.map(({ path }) => path as string))) {
      const starts = (name: string) => paths.filter((path) => path.startsWith(`${name} » `)).length
      expect(['p.jpg', 'q/p (2).jpg', 'm.eml', 'n.eml'].map(starts)).toEqual([1, 1, 1, 1])
    }
  })

  it('lists a bounded number of places of a bomb of copies, and says how many there are', () => {
    const folder = temporaryFolder()
    let zip = zipOf({ 'note.txt': NOTE })
    const levels = 6
    for (let level = 0; level < levels; level++)
      zip = zipOf(Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`${i}.zip`, zip])))
    const { ledger, summary } = scanned(folder, NOTE, { 'bomb.zip': zip })
    expect(summary.hits).toBe(1)
    const outputs = outputsOf(ledger, folder, NOTE)
    const all = 12 ** levels
    expect(outputs.jsonl).toHaveLength(1000)
    expect(outputs.jsonl[0].placesLeftOut).toBe(all - 1000)
    expect(outputs.csv[0]!.placesLeftOut).toBe(String(all - 1000))
    expect(outputs.search).toHaveLength(1000)
    expect(outputs.lines).toContain('2,984,984 more places follow from copies of copies of containers')
    expect(outputs.rows).toHaveLength(1)
    expect(outputs.rows[0]!.text).toContain(
      'and at 2,985,963 more places: 979 in the JSONL export, the others follow from copies of copies',
    )
    expect(outputs.court).toContain(
      '1 content of this exhibit, at 2,985,984 places, equals a record of lists',
    )
    expect(outputs.court).toContain('and at 2,985,784 more places')
    expect(new Set(outputs.jsonl.map(({ pathBytes }) => pathBytes)).size).toBe(1000)
  })
})
