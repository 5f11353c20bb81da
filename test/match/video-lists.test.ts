import { describe, expect, it } from 'vitest'
import type { PerceptualHash } from '../../src/contracts/finding.ts'
import {
  importHashSet,
  loadHashSets,
  makeNearFinder,
  parseHashSetDeclaration,
} from '../../src/match/index.ts'
import { hashNumber, randomHashes } from './near-hashes.ts'
import { listFile, temporaryPath } from './support.ts'

const hashes = randomHashes(30, 70)
const hex = (k: number) => Buffer.from(hashNumber(hashes, k)).toString('hex')

/** Ten frames of one video, five of another, a second apart; one of the first is too plain. */
const VIDEOS = {
  first: Array.from({ length: 10 }, (_, i) => ({ k: i, quality: i === 4 ? 49 : 80, seconds: i })),
  'second, "b"': Array.from({ length: 5 }, (_, i) => ({ k: 10 + i, quality: 90, seconds: i })),
} as const
type Name = keyof typeof VIDEOS
const NAMES = Object.keys(VIDEOS) as Name[]

const signalOf = (name: Name) =>
  JSON.stringify(VIDEOS[name].map(({ k, quality, seconds }) => `${hex(k)},${quality},${seconds}.000`))
const rowsOf = (row: (name: Name, i: number, fields: string) => string) =>
  NAMES.flatMap((name) =>
    VIDEOS[name].map(({ k, quality, seconds }, i) =>
      row(name, i, `${i * 30},${quality},${hex(k)},${seconds}.000`),
    ),
  )
    .map((line) => `${line}\n`)
    .join('')
const idOf = (name: Name) => (name === 'first' ? 'first' : 'second')

const FORMS: Readonly<
  Record<string, { readonly text: string; readonly names: readonly string[]; readonly declared?: string }>
> = {
  'an id before each line': {
    text: rowsOf((name, _, fields) => `${idOf(name)},${fields}`),
    names: ['first', 'second'],
  },
  'an id behind each line, quoted, under headings': {
    text: `frame,quality,hash,timestamp,video\n${rowsOf((name, _, fields) => `${fields},"${idOf(name)}"`)}`,
    names: ['first', 'second'],
  },
  'signal type and signal a line': {
    text: NAMES.map((name) => `vpdq ${signalOf(name)} 'Collab' {}\n`).join(''),
    names: ['line 1', 'line 2'],
  },
  'a signal a line': {
    text: NAMES.map((name) => `${signalOf(name)}\n`).join(''),
    names: ['line 1', 'line 2'],
  },
  'CSV of a dataset': {
    text: `signal_type,signal_str,collab,category,tags\n${NAMES.map(
      (name) => `vpdq,"${signalOf(name).replaceAll('"', '""')}",Sample,POSITIVE_CLASS,a b\n`,
    ).join('')}`,
    names: ['line 2', 'line 3'],
  },
  'descriptors of the Graph API': {
    text: JSON.stringify({
      data: NAMES.map((name, i) => ({
        id: `77${i}`,
        indicator: signalOf(name),
        type: 'HASH_VIDEO_VPDQ',
        status: 'MALICIOUS',
      })),
      paging: {},
    }),
    names: ['770', '771'],
  },
  'contents of a bank': {
    text: JSON.stringify(
      NAMES.map((name, i) => ({ id: i + 5, bank: { name: 'B' }, signals: { vpdq: signalOf(name) } })),
    ),
    names: ['5', '6'],
  },
  'alternative hashes of VICS': {
    text: JSON.stringify({
      '@odata.context': 'http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/US/$metadata#Media',
      value: NAMES.map((name, i) => ({
        MediaID: 40 + i,
        Category: 1,
        MD5: `${i}`.repeat(32),
        MediaSize: '10',
        AlternativeHashes: [{ HashName: 'VPDQ', HashValue: signalOf(name) }],
      })),
    }),
    names: ['40', '41'],
    declared: 'vics-us',
  },
}

const asHashes = (name: Name): PerceptualHash[] =>
  VIDEOS[name].map(({ k, quality, seconds }) => ({
    kind: 'perceptual-hash',
    algorithm: 'vpdq',
    hex: hex(k),
    quality,
    flavour: 'luma',
    part: `${seconds * 30}@${seconds}`,
  }))

describe.each(Object.entries(FORMS))(
  'a list of two videos as %s',
  (_, { text, names, declared = 'illegal' }) => {
    it('finds each by its name, from the list and from a compiled index; its plain frame is rejected and counted', async () => {
      const list = listFile(text)
      const index = temporaryPath('index')
      await importHashSet(parseHashSetDeclaration(`${declared}:${list}`), index)
      for (const file of [list, index]) {
        const matcher = await loadHashSets([parseHashSetDeclaration(`${declared}:${file}`)])
        expect(matcher.hashSets[0]).toMatchObject({ rejected: 1 })
        const finder = makeNearFinder(matcher.pdqRecords())!
        NAMES.forEach((name, i) => {
          const seconds = i === 0 ? 9 : 5
          expect(finder.find(asHashes(name))).toMatchObject([
            {
              algorithm: 'vpdq',
              distanceBits: 0,
              meaning: 'illegal',
              video: {
                id: names[i],
                ours: { found: seconds, of: seconds },
                listed: { found: seconds, of: seconds },
                videos: 1,
              },
            },
          ])
        })
        // A picture that is one of the frames.
        const picture = { ...asHashes('first')[2]!, algorithm: 'pdq', part: 'original' } as const
        expect(finder.find([picture])).toMatchObject([
          {
            algorithm: 'pdq',
            video: { id: names[0], ours: { found: 1, of: 1 }, listed: { found: 1, of: 9 } },
          },
        ])
        matcher.close()
      }
    })
  },
)

describe('a list whose frames begin again', () => {
  const load = (text: string) => loadHashSets([parseHashSetDeclaration(`illegal:${listFile(text)}`)])

  it('is refused with the line, where no id says whose they are', async () => {
    const text = rowsOf((_name, _i, fields) => fields)
    await expect(load(text)).rejects.toThrow(
      /Line 11: the frame numbers begin again \(0 after 270\).*id,frame,quality/,
    )
  })

  it('is refused with the item, as JSON', async () => {
    const both = NAMES.flatMap((name) => JSON.parse(signalOf(name)) as string[])
    await expect(load(JSON.stringify(both))).rejects.toThrow(/Item 11: the timestamps begin again/)
  })
})

it('reads a video whose signal is longer than any line of another list', async () => {
  const frames = Array.from({ length: 30_000 }, (_, i) => `${hex(i % 30)},100,${(i / 25).toFixed(3)}`)
  const matcher = await loadHashSets([
    parseHashSetDeclaration(`illegal:${listFile(`vpdq ${JSON.stringify(frames)}\n`)}`),
  ])
  expect(matcher.hashSets[0]).toMatchObject({ rejected: 0, rowsRead: 30_000 })
  matcher.close()
})
