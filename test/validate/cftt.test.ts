/** `seized validate run --cftt`: the cases by number, the answers, and that a loss against a peer stands in the table. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { apfsVolume } from '../../fixtures/cftt/apfs.ts'
import { fatVolume } from '../../fixtures/cftt/fat.ts'
import { noise, seeded } from '../../fixtures/pictures.ts'
import { CARVED_KINDS, CARVING_CASES } from '../../src/validate/cftt/carving-cases.ts'
import { CFTT_CASES } from '../../src/validate/cftt/cases.ts'
import { answersOf, countContents, countNames, sharesOf } from '../../src/validate/cftt/measure.ts'
import type { CfttTable } from '../../src/validate/cftt/run.ts'
import { cfttInWords, lossesOf } from '../../src/validate/cftt/table.ts'
import { seized, temporaryFolder } from '../e2e/seized.ts'
import { WHOLE } from '../whole.ts'

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

describe('seized validate run --cftt', () => {
  it('measures the cases that are asked for, and leaves no case and no file system out of the table', () => {
    const out = join(temporaryFolder(), 'cftt')
    const ran = seized(['validate', 'run', '--cftt', '--out', out, '--only', 'DFR-01,DFR-04,DFR-07,fat12'])
    expect(ran.stderr).toContain('DFR-07 fat12')
    expect(ran.status).toBe(0)
    const table = JSON.parse(readFileSync(join(out, 'cftt.json'), 'utf8')) as CfttTable
    const deleted = table.rows.filter((row) => row.case.startsWith('DFR'))
    expect(new Set(deleted.map((row) => row.case.slice(0, 6))).size).toBe(17)
    expect(deleted.length).toBe(CFTT_CASES.length * 12)
    const carving = table.rows.filter((row) => row.case.startsWith('FC'))
    expect(carving.length).toBe(CARVING_CASES.length * CARVED_KINDS.length)
    // The cases of search, SQLite and registry: one row each where they are not asked for.
    expect(table.rows.length).toBe(deleted.length + carving.length + 17)
    const of = (id: string, fileSystem: string) =>
      table.rows.find((row) => row.case === id && row.fileSystem === fileSystem)!
    const [one, foreign, gone] = [of('DFR-01', 'fat12'), of('DFR-04', 'fat12'), of('DFR-07', 'fat12')]
    expect(one.readers[0]).toEqual({
      reader: 'seized',
      contents: { right: 1, fragments: 0, wrong: 0, missed: 0 },
      names: { right: 1, fragments: 0, wrong: 0, missed: 0 },
    })
    expect(foreign.readers[0]!.names).toEqual({ right: 8, fragments: 0, wrong: 0, missed: 0 })
    expect([gone.recoverable, gone.overwritten]).toEqual([0, 1])
    expect(gone.readers[0]!.contents).toEqual({ right: 0, fragments: 0, wrong: 0, missed: 0 })
    const again = seized(['validate', 'run', '--cftt', '--out', out, '--only', 'DFR-01,DFR-04,DFR-07,fat12'])
    expect(again.stderr).toBe('')
    const kept = JSON.parse(readFileSync(join(out, 'cftt.json'), 'utf8')) as CfttTable
    expect(kept.rows).toEqual(table.rows)
    expect(of('DFR-02', 'fat12').state).toBe('not asked')
    expect(of('DFR-01', 'apfs').state).toBe('not asked')
    expect(ran.stdout).toContain('Deleted files by case, over all that it is on')
    expect(ran.stdout).toMatch(/not asked: 284 of 287 rows/)
  })

  it('makes the cases on HFS+ with a writer of its own, and says that it is not macOS', () => {
    const out = join(temporaryFolder(), 'cftt')
    const ran = seized([
      'validate',
      'run',
      '--cftt',
      '--out',
      out,
      '--only',
      `DFR-01,DFR-04,hfs+${WHOLE ? ',hfs+-old' : ''}`,
    ])
    expect(ran.status, ran.stderr).toBe(0)
    const { rows, makers } = JSON.parse(readFileSync(join(out, 'cftt.json'), 'utf8')) as CfttTable
    const ours = (id: string, kind: string) =>
      rows.find((row) => row.case === id && row.fileSystem === kind)!.readers[0]!
    const all = (right: number) => ({ right, fragments: 0, wrong: 0, missed: 0 })
    // The journal keeps the nodes as they were; names are kept decomposed.
    expect(ours('DFR-01', 'hfs+')).toEqual({ reader: 'seized', contents: all(1), names: all(1) })
    expect(ours('DFR-04', 'hfs+')).toEqual({ reader: 'seized', contents: all(8), names: all(8) })
    expect(makers.find(({ fileSystem }) => fileSystem === 'hfs+')!.maker).toContain('not by macOS')
  })

  it('makes the cases on APFS with a writer of its own, and asks a peer for the volume in the container', () => {
    const out = join(temporaryFolder(), 'cftt')
    const kinds = WHOLE ? ['apfs', 'apfs-first'] : ['apfs']
    const asked = ['DFR-04', 'DFR-15', ...kinds].join()
    const ran = seized(['validate', 'run', '--cftt', '--out', out, '--only', asked])
    expect(ran.status, ran.stderr).toBe(0)
    const { rows, makers } = JSON.parse(readFileSync(join(out, 'cftt.json'), 'utf8')) as CfttTable
    const of = (id: string, kind: string, reader: string) =>
      rows
        .find((row) => row.case === id && row.fileSystem === kind)!
        .readers.find((one) => one.reader === reader)
    const all = (right: number) => ({ right, fragments: 0, wrong: 0, missed: 0 })
    // Earlier checkpoints name the trees as they were before.
    for (const kind of kinds)
      expect(of('DFR-04', kind, 'seized')).toEqual({ reader: 'seized', contents: all(8), names: all(8) })
    expect(of('DFR-15', 'apfs', 'seized')).toEqual({ reader: 'seized', contents: all(1), names: all(8) })
    // Seven of eight names are live.
    const peer = of('DFR-15', 'apfs', 'fls + icat')
    if (peer) expect(peer.names).toMatchObject({ right: 7, wrong: 0 })
    expect(makers.find(({ fileSystem }) => fileSystem === 'apfs')!.maker).toContain('not by macOS')
  })

  it('measures carving: a PNG in two fragments is put together, and of a JPEG a part is given that is said to be one', () => {
    const out = join(temporaryFolder(), 'cftt')
    const ran = seized([
      'validate',
      'run',
      '--cftt',
      '--out',
      out,
      '--only',
      ['FC-in-order', ...(WHOLE ? ['FC-out-of-order'] : []), 'jpeg', 'png'].join(),
    ])
    expect(ran.status, ran.stderr).toBe(0)
    const { rows } = JSON.parse(readFileSync(join(out, 'cftt.json'), 'utf8')) as CfttTable
    const of = (id: string, kind: string) =>
      rows
        .find((row) => row.case === id && row.fileSystem === kind)!
        .readers.find(({ reader }) => reader === 'seized --remains carve')!.contents
    expect(of('FC-in-order', 'png')).toEqual({ right: 3, fragments: 0, wrong: 0, missed: 0 })
    if (WHOLE) expect(of('FC-out-of-order', 'png')).toEqual({ right: 3, fragments: 0, wrong: 0, missed: 0 })
    expect(of('FC-in-order', 'jpeg')).toEqual({ right: 0, fragments: 3, wrong: 0, missed: 3 })
  })

  it('reads live and deleted values and keys of a registry, beside a peer', () => {
    const out = join(temporaryFolder(), 'cftt')
    const ran = seized(['validate', 'run', '--cftt', '--out', out, '--only', 'RG-live'])
    expect(ran.status, ran.stderr).toBe(0)
    const { rows } = JSON.parse(readFileSync(join(out, 'cftt.json'), 'utf8')) as CfttTable
    const ours = (id: string) =>
      rows.find((row) => row.case === id)!.readers.find(({ reader }) => reader === 'seized (registry)')!
        .contents
    expect(ours('RG-live')).toEqual({ right: 8, fragments: 0, wrong: 0, missed: 0 })
    expect(ours('RG-value')).toEqual({ right: 4, fragments: 0, wrong: 0, missed: 0 })
    expect(ours('RG-key')).toEqual({ right: 8, fragments: 0, wrong: 0, missed: 0 })
  })

  it('measures words in each encoding and place', () => {
    const out = join(temporaryFolder(), 'cftt')
    const ran = seized(['validate', 'run', '--cftt', '--out', out, '--only', 'SS-live'])
    expect(ran.status, ran.stderr).toBe(0)
    const { rows } = JSON.parse(readFileSync(join(out, 'cftt.json'), 'utf8')) as CfttTable
    const sum = (id: string, reader: string, of: 'right' | 'wrong' | 'missed') =>
      rows
        .filter((row) => row.case === id)
        .reduce((all, row) => all + row.readers.find((one) => one.reader === reader)!.contents[of], 0)
    for (const id of [
      'SS-live',
      'SS-border',
      'SS-fragment',
      'SS-deleted',
      'SS-container',
      'SS-deleted-container',
      'SS-slack',
      'SS-unallocated',
    ])
      expect([id, sum(id, 'seized search', 'right')]).toEqual([id, 6])
    // The border is one: a search of the medium as it lies does not find the word.
    if (rows.some(({ readers }) => readers.some(({ reader }) => reader === 'grep')))
      expect([sum('SS-live', 'grep', 'right'), sum('SS-fragment', 'grep', 'right')]).toEqual([6, 0])
    expect(sum('SS-control', 'seized search', 'wrong')).toBe(0)
  })

  it.skipIf(!WHOLE)('measures rows of SQLite whose bytes are there', () => {
    const out = join(temporaryFolder(), 'cftt')
    const ran = seized(['validate', 'run', '--cftt', '--out', out, '--only', 'SQ-live'])
    expect(ran.status, ran.stderr).toBe(0)
    const { rows } = JSON.parse(readFileSync(join(out, 'cftt.json'), 'utf8')) as CfttTable
    const sum = (id: string, of: 'right' | 'wrong' | 'missed') =>
      rows
        .filter((row) => row.case === id)
        .reduce(
          (all, { readers }) =>
            all + readers.find(({ reader }) => reader === 'seized (SQLite)')!.contents[of],
          0,
        )
    for (const id of ['SQ-live', 'SQ-log']) expect(sum(id, 'wrong')).toBe(0)
    expect(sum('SQ-live', 'missed')).toBe(0)
    expect(sum('SQ-log', 'right')).toBeGreaterThan(4)
  })

  it('refuses a plan beside the cases, a case that there is not, and a table without the cases', () => {
    const out = join(temporaryFolder(), 'cftt')
    const plan = join(temporaryFolder(), 'plan.json')
    writeFileSync(plan, '{}')
    for (const args of [
      [plan, '--cftt', '--out', out],
      ['--cftt', '--out', out, '--only', 'DFR-18'],
      ['--out', out],
      [plan, '--out', out, '--json'],
    ])
      expect(seized(['validate', 'run', ...args]).status).toBe(2)
  })
})

describe('what is counted', () => {
  const [kept, lost] = [noise(1, 5000), noise(2, 5000)]
  const phases = [
    [
      { do: 'write', path: 'kept.jpg', content: kept },
      { do: 'write', path: 'lost.jpg', content: lost },
      { do: 'write', path: 'stays.jpg', content: noise(3, 700) },
    ],
    [
      { do: 'remove', path: 'lost.jpg' },
      { do: 'remove', path: 'kept.jpg' },
    ],
  ] as const
  const image = fatVolume(16, phases)
  image.fill('x', image.indexOf(lost.subarray(0, 512)), image.indexOf(lost.subarray(0, 512)) + 512)
  const answers = answersOf(phases, image)
  const given = {
    ...{ deletedNames: new Set(['kept.jpg', 'never.jpg']), liveNames: new Set(['stays.jpg']) },
    fragments: new Map<string, number>(),
  }

  it('asks for a content of which every block is there, and for no other', () => {
    expect([...answers.recoverable.keys()]).toEqual([sha256(kept)])
    expect(answers.overwritten).toBe(1)
  })

  it('counts a content that no deleted file had as wrong, and one of a live file not at all', () => {
    const contents = new Set([sha256(kept), sha256(lost), sha256(noise(3, 700))])
    const counted = countContents(answers, {
      ...given,
      contents,
      givesNames: true,
      leftOut: new Set<string>(),
    })
    expect(counted).toEqual({ right: 1, fragments: 0, wrong: 1, missed: 0 })
    expect(sharesOf(counted)).toEqual({ precision: 0.5, recall: 1, f1: 2 / 3 })
    expect(sharesOf({ right: 0, fragments: 0, wrong: 0, missed: 0 }).f1).toBeNull()
  })

  it('counts a part that is said to be one apart, if it is the beginning of a content, and as wrong if it is none', () => {
    const part = (bytes: Buffer) => [sha256(bytes), bytes.length] as const
    const contents = new Set<string>()
    const of = (...parts: Buffer[]) =>
      countContents(answers, {
        ...given,
        contents,
        fragments: new Map(parts.map(part)),
        givesNames: true,
        leftOut: new Set(),
      })
    expect(of(kept.subarray(0, 2048))).toEqual({ right: 0, fragments: 1, wrong: 0, missed: 1 })
    expect(of(kept.subarray(0, 2048), kept.subarray(1, 2048))).toEqual({
      ...{ right: 0, fragments: 1, wrong: 1, missed: 1 },
    })
  })

  it('counts a name that was never there as wrong', () => {
    const all = { ...given, contents: new Set<string>(), givesNames: true, leftOut: new Set<string>() }
    expect(countNames(answers, all, 'deleted')).toEqual({ right: 1, fragments: 0, wrong: 1, missed: 1 })
    expect(countNames(answers, all, 'all')).toEqual({ right: 2, fragments: 0, wrong: 1, missed: 1 })
    expect(countNames(answers, { ...all, givesNames: false }, 'all')).toBeNull()
  })

  it('names a loss against a peer of the same way', () => {
    const row = (right: number) => ({
      contents: { right, fragments: 0, wrong: 0, missed: 1 - right },
      names: null,
    })
    const table: CfttTable = {
      ...{ about: '', program: '0', seed: 1, made: '', notRun: [], makers: [] },
      readers: [
        { id: 'seized', way: 'metadata', version: '0' },
        { id: 'peer', way: 'metadata', version: '1' },
        { id: 'carver', way: 'carving', version: '1' },
      ],
      rows: [
        {
          ...{ case: 'DFR-02', title: 't', fileSystem: 'fat12', state: 'made' as const },
          ...{ recoverable: 1, overwritten: 0, fragments: 2 },
          readers: [
            { reader: 'seized', ...row(0) },
            { reader: 'peer', ...row(1) },
            { reader: 'carver', ...row(1) },
          ],
        },
      ],
    }
    expect(lossesOf(table)).toEqual(['  DFR-02 fat12 contents: seized 0.00, peer 1.00'])
    expect(cfttInWords(table)).toContain('DFR-02 fat12 contents: seized 0.00, peer 1.00')
  })
})

const checks = (program: string, ...args: string[]) =>
  spawnSync(program, args, { encoding: 'utf8', env: { PATH: `${process.env.PATH}:/usr/sbin:/sbin` } })
const isMissing = (program: string): boolean => checks(program, '-h').error !== undefined
const noises = {
  ...{ picture: (n: number) => noise(n, 9000 + n), small: (n: number) => noise(n, 700) },
  ...{ large: noise(9, 90_000), random: () => seeded(1) },
}

describe.skipIf(isMissing('apfsck'))('containers of the cases', () => {
  it.each(['apfs', 'apfs-first'] as const)('%s is without an error by apfsck', (kind) => {
    const file = join(temporaryFolder(), 'container.dd')
    for (const { id, phases } of CFTT_CASES) {
      writeFileSync(file, apfsVolume(kind, phases(noises, { links: true, streams: false })))
      const { status, stdout, stderr } = checks('apfsck', file)
      expect([id, stdout, stderr, status]).toEqual([id, '', '', 0])
    }
  })
})

describe.skipIf(isMissing('fsck.fat'))('volumes of the cases', () => {
  it.each([12, 16, 32] as const)('FAT%i is without an error by fsck.fat', (bits) => {
    const file = join(temporaryFolder(), 'volume.dd')
    for (const { phases } of CFTT_CASES.filter(({ id }) => /03|10|12|13|17/.test(id))) {
      writeFileSync(file, fatVolume(bits, phases(noises, { links: false, streams: false })))
      const { status, stdout } = checks('fsck.fat', '-n', file)
      expect(stdout).not.toMatch(/differ|error|lost|bad|corrupt/i)
      expect(status).toBe(0)
    }
  })
})
