/** A reader that was taken over, in a whole program of its own: what it says does not stand, and what it hides is bounded and said. */
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DiskFile, writeDiskImage } from '../../fixtures/disk-image.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { breakPart, installation, run } from './installation.ts'
import { exported, type Result, seized, summaryOf, temporaryFolder } from './seized.ts'

/** All as long as each other: a reader that says another size is found out by that alone. */
const bytesOf = (said: string) => Buffer.from(`${said} `.padEnd(63, '.').concat('\n'))
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
/** Twenty folders of sixty names. */
const nameOf = (n: number) => `F${Math.floor(n / 60)}/N${n}.TXT`
const FILES: readonly DiskFile[] = Array.from({ length: 1200 }, (_, n) => ({
  name: nameOf(n),
  bytes: bytesOf(`content ${n}`),
}))

/** It takes over the reader that hashes it, which lies from then on. */
const HOSTILE = 10
const NOT_HERE = ['listed one', 'listed two', 'listed three'].map(bytesOf)
/** It says of these that they are contents of the list, which lie nowhere on this exhibit. */
const PLANTED: Lies = new Map(NOT_HERE.map((bytes, i) => [700 + i, bytes]))
/** It says of these, which the list holds, that they are something else. */
const HIDDEN = [800, 801, 802]
const HIDING: Lies = new Map(HIDDEN.map((n) => [n, bytesOf(`harmless ${n}`)]))
/** It says nothing false of these, which the list holds too. */
const TRUE = [5, 1100]

type Lies = ReadonlyMap<number, Buffer>

/**
 * The reader of an image with a source that is true until the hostile content is hashed, and lies from then on in what it hashes:
 * bytes that it hands over are looked at by nobody in that process.
 */
const lyingReader = (root: string, lies: Lies) => `
import { dropRoot } from '${root}/dist/src/process/drop-root.js'
import { prepareIdentification } from '${root}/dist/src/formats/signatures/index.js'
import { ImageContents } from '${root}/dist/src/confined/reader/image-contents.js'
import { serveReader } from '${root}/dist/src/confined/reader/reader.js'
const lies = ${JSON.stringify([...lies].map(([n, bytes]) => [nameOf(n), bytes.toString()]))}
let isTaken = false
class Lying extends ImageContents {
  readInto(job, place) {
    const bytes = super.readInto(job, place)
    isTaken ||= job[0].endsWith('${nameOf(HOSTILE)}')
    const lie = isTaken && lies.find(([name]) => job[0].endsWith(name))
    if (lie) place.write(lie[1])
    return bytes
  }
}
if (process.getuid() === 0) await prepareIdentification()
await serveReader(({ segments, unlocked = [], becomeId }) => {
  dropRoot(becomeId ?? null)
  return new Lying(segments ?? [], unlocked)
})
`

let folder: string
let program: string
const image = () => join(folder, 'disk.img')
const list = () => join(folder, 'list.txt')

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'seized-lying-'))
  program = installation(join(folder, 'program'))
  writeDiskImage(image(), [FILES])
  const listed = [...NOT_HERE, ...[...HIDDEN, ...TRUE].map((n) => FILES[n]!.bytes)]
  writeFileSync(list(), `${listed.map(sha256).join('\n')}\n`)
}, 180_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function scanWith(lies: Lies, ledger: string): Result {
  const mend = breakPart(program, 'dist/program/image-reader.js', () => lyingReader(program, lies))
  try {
    return run(program, [
      ...['scan', image(), '--case', 'C', '--exhibit', 'E', '--examiner', 'X', '--ledger', ledger],
      ...[
        '--hashset',
        `illegal:${list()}`,
        '--phases',
        'inventory,known',
        '--progress',
        'json',
        '--workers',
        '1',
      ],
    ])
  } finally {
    mend()
  }
}

/** What the ledger says of a file. */
type Line = ReturnType<typeof exported>[number]

function linesOf(ledger: string): (n: number) => Line {
  const lines = exported(ledger, temporaryFolder())
  return (n) => lines.find(({ path }) => path.endsWith(nameOf(n)))!
}

function readAgain(ledger: string): Record<string, number> {
  const opened = openLedger(ledger)
  try {
    const event = opened.events().find(({ event }) => event === 'contents-read-again')
    return Object.fromEntries(Object.entries(event!.detail).map(([name, said]) => [name, Number(said)]))
  } finally {
    opened.close()
  }
}

const isHit = ({ hits }: Line) => (hits ?? []).length > 0
/** Not examined for that reason, or named as what a second process did not read so. */
const isSaid = (line: Line) =>
  JSON.stringify(line).includes('readers-disagree') || JSON.stringify(line).includes('read-in-doubt')

describe('a reader of an image that was taken over', () => {
  it('plants no hit, and what it hid meanwhile is found by asking again for all that it said', () => {
    const ledger = join(folder, 'planted.sqlite')
    const result = scanWith(new Map([...PLANTED, ...HIDING]), ledger)
    expect([result.status, result.stderr]).toEqual([13, ''])
    const line = linesOf(ledger)
    // What it was to hide lies behind what it planted: where it was found out before, an honest reader read that.
    const read = HIDDEN.filter((n) => isHit(line(n)))
    expect(summaryOf(result)).toMatchObject({ complete: false, hits: TRUE.length + read.length })
    for (const n of PLANTED.keys()) expect([isHit(line(n)), isSaid(line(n))]).toEqual([false, true])
    for (const n of TRUE) expect(isHit(line(n))).toBe(true)
    for (const n of HIDDEN) {
      expect(isHit(line(n)) || isSaid(line(n))).toBe(true)
      // The true digest, by the second process.
      expect(JSON.stringify(line(n))).toContain(sha256(FILES[n]!.bytes))
    }
    expect(readAgain(ledger)).toMatchObject({ distrusted: 1, 'hit-asked': expect.any(Number) })
    expect(result.stdout).toContain('said something else of a content')
    expect(seized(['verify', ledger]).status).toBe(0)
  })

  it('that hides alone is found by the draw, or the draw bounds what it can have hidden', () => {
    const ledger = join(folder, 'hidden.sqlite')
    const result = scanWith(HIDING, ledger)
    const line = linesOf(ledger)
    for (const n of TRUE) expect(isHit(line(n))).toBe(true)
    const { differing, 'other-of': of, 'other-asked': asked, 'other-agreed': agreed } = readAgain(ledger)
    expect(asked).toBeGreaterThan(40)
    if (differing! > 0) for (const n of HIDDEN) expect(isSaid(line(n))).toBe(true)
    else {
      expect([of, asked]).toEqual([FILES.length - TRUE.length, agreed])
      const { readAgain: said } = summaryOf(result)
      expect(said.notExcluded).toBeGreaterThanOrEqual(HIDDEN.length)
      expect(said.says).toContain(`${asked} of ${of!.toLocaleString('en')}`)
    }
  })

  it('that lies of all is found by the draw: nothing of it stands, and the run goes on', () => {
    const ledger = join(folder, 'all.sqlite')
    const lies = new Map(FILES.map((_, n) => [n, bytesOf(`harmless ${n}`)] as const).slice(HOSTILE + 1))
    const result = scanWith(lies, ledger)
    expect([result.status, result.stderr]).toEqual([13, ''])
    const line = linesOf(ledger)
    const unsaid = [...lies].filter(
      ([n, bytes]) => !isSaid(line(n)) && line(n).digests?.sha256 === sha256(bytes),
    )
    expect(unsaid).toEqual([])
    expect(isHit(line(5))).toBe(true)
  })
})

describe('readers that are honest', () => {
  it('agree with those that read again, and the record says how many were asked', () => {
    const ledger = join(folder, 'honest.sqlite')
    const result = run(program, [
      ...['scan', image(), '--case', 'C', '--exhibit', 'E', '--examiner', 'X', '--ledger', ledger],
      ...['--hashset', `illegal:${list()}`, '--phases', 'inventory,known', '--progress', 'json'],
    ])
    expect([result.status, result.stderr]).toEqual([10, ''])
    const { differing, distrusted, ...counts } = readAgain(ledger)
    expect({ differing, distrusted }).toEqual({ differing: 0, distrusted: 0 })
    expect(counts).toMatchObject({ 'hit-of': 5, 'hit-asked': 5, 'hit-agreed': 5 })
    expect(counts['other-asked']).toBe(counts['other-agreed'])
    const out = join(folder, 'report.html')
    expect(seized(['report', ledger, '--format', 'html', '--out', out, '--overwrite']).status).toBe(0)
    expect(readFileSync(out, 'utf8')).toContain(
      `${counts['other-asked']} of ${counts['other-of']!.toLocaleString('en')}`,
    )
  })
})
