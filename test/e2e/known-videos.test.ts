import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { ALTERATIONS, CLIP, clip, film } from '../../fixtures/clips.ts'
import { everySecond, frameHashes, vpdqText } from '../../fixtures/vpdq-lists.ts'
import { sourceOfBuffer } from '../../src/formats/bytes/byte-source.ts'
import { loadFfmpeg } from '../../src/formats/media/ffmpeg/ffmpeg.ts'
import { openVideo } from '../../src/formats/media/ffmpeg/open-video.ts'
import { drawn, WHOLE } from '../whole.ts'
import { exported, scanArgs, seized, summaryOf, temporaryFolder } from './seized.ts'

const SAMPLES = fileURLToPath(new URL('../../../shared/data/pdq/vpdq', import.meta.url))
const NAMES = ['doorknob-hd-no-bar', 'test-padded-dimensions', 'pattern-sd-with-small-logo-bar']

interface Near {
  readonly algorithm: string
  readonly distanceBits: number
  readonly hashSet: string
  readonly video?: {
    readonly id: string | null
    readonly ours: { readonly found: number; readonly of: number }
    readonly listed: { readonly found: number; readonly of: number }
    readonly frames: number
    readonly videos: number
  }
}

/** Scans files with lists. @returns near matches by the name of the list and of the file, and the summary */
function scanned(
  files: Readonly<Record<string, Buffer>>,
  lists: Readonly<Record<string, string>>,
  ...more: readonly string[]
) {
  const folder = temporaryFolder()
  const exhibit = join(folder, 'exhibit')
  mkdirSync(exhibit)
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(exhibit, name), bytes)
  return scannedAgain(folder, 'case.sqlite', lists, ...more)
}

/** What lies there already, with lists, into a ledger of another name. */
function scannedAgain(
  folder: string,
  name: string,
  lists: Readonly<Record<string, string>>,
  ...more: readonly string[]
) {
  for (const [name, text] of Object.entries(lists)) writeFileSync(join(folder, name), text)
  const ledger = join(folder, name)
  const names = Object.keys(lists).map((name) => `illegal:${join(folder, name)}`)
  const run = seized(scanArgs(join(folder, 'exhibit'), ledger, names, ...more))
  expect([0, 3, 10, 13], run.stderr).toContain(run.status)
  return { near: nearIn(ledger, folder), summary: summaryOf(run), ledger, folder }
}

function nearIn(ledger: string, folder: string): Map<string, Map<string, Near[]>> {
  const found = new Map<string, Map<string, Near[]>>()
  for (const { path, near = [] } of exported(ledger, folder) as readonly { path: string; near?: Near[] }[])
    for (const one of near) {
      const byFile = found.get(one.hashSet) ?? new Map<string, Near[]>()
      found.set(one.hashSet, byFile)
      byFile.set(path, [...(byFile.get(path) ?? []), one])
    }
  return found
}

const filesFoundBy = (near: Map<string, Map<string, Near[]>>, list: string) =>
  [...(near.get(list)?.keys() ?? [])].sort()

describe.skipIf(!existsSync(SAMPLES))(
  'public sample videos, scanned with what the reference tool made of them',
  () => {
    const RATES = {
      'every frame': () => true,
      'one a second': (frame: number) => frame % 30 === 0,
      'one a second, a fifth of a second later': (frame: number) => frame % 30 === 6,
      'one a second, half a second later': (frame: number) => frame % 30 === 15,
    } as const

    it('are found by lists of every frame and of one a second in whatever phase, each by its own alone; by one list of all, which names each', () => {
      const files = Object.fromEntries(
        NAMES.map((name) => [`${name}.mp4`, readFileSync(`${SAMPLES}/${name}.mp4`)]),
      )
      const linesOf = (name: string) => readFileSync(`${SAMPLES}/${name}.txt`, 'latin1').trim().split('\n')
      const lists = Object.entries(RATES).flatMap(([rate, keep]) =>
        NAMES.map((name) => {
          const lines = linesOf(name).filter((line) => keep(Number(line.split(',')[0])))
          return [`${name}, ${rate}`, `${lines.join('\n')}\n`]
        }),
      )
      const all = NAMES.flatMap((name) => linesOf(name).map((line) => `${name},${line}\n`)).join('')
      const { near, summary } = scanned(files, { ...Object.fromEntries(lists), all })
      expect(summary.near).toBe(3)
      for (const [list] of lists) {
        const name = list!.split(',')[0]!
        expect(filesFoundBy(near, list!), list).toEqual([`${name}.mp4`])
        const { listed } = near.get(list!)!.get(`${name}.mp4`)![0]!.video!
        expect(listed.found).toBe(listed.of)
      }
      const named = [...near.get('all')!].map(([path, matches]) => [
        path,
        matches.map(({ video }) => video!.id),
      ])
      expect(Object.fromEntries(named)).toEqual(
        Object.fromEntries(NAMES.map((name) => [`${name}.mp4`, [name]])),
      )
    }, 240_000)
  },
)

describe('drawn clips that are on a list', () => {
  let lists: Readonly<Record<string, string>>
  let made: Readonly<Record<string, Buffer>>
  beforeAll(async () => {
    const frames = await frameHashes(await clip(1))
    // Between these phases a frame of the logo's clip lies at the limit of the distance, and processors encode it differently.
    const second = (phase: number) => vpdqText(everySecond(frames, CLIP.framesPerSecond, phase))
    lists = {
      'every frame': vpdqText(frames),
      'in phase': second(0),
      'a fifth of a second later': second(5),
      'half a second later': second(12),
    }
    const altered = ALTERATIONS.map(async (how) => [`${how}.mp4`, await clip(1, how)] as const)
    made = Object.fromEntries([...(await Promise.all(altered)), ['unlike.mp4', await clip(2)]])
  }, 120_000)
  /** A crop of a tenth is out of reach of PDQ: comparing each frame with each finds none of it. */
  const expected = ALTERATIONS.filter((how) => how !== 'cropped by 10 %')
    .map((how) => `${how}.mp4`)
    .sort()

  it('are found encoded again, cut, cropped a little, with a logo, joined with another; with the same digests by one worker and two, said in every report, and without the exhibit when a list comes later', () => {
    const { near, summary, ledger, folder } = scanned(made, lists, '--workers', '1')
    expect(summary.hits).toBe(0)
    for (const list of Object.keys(lists)) expect(filesFoundBy(near, list), list).toEqual(expected)

    const whole = near.get('every frame')!
    const joined = whole.get('joined with another.mp4')![0]!.video!
    // Half of ours, all of the listed one: asking one way alone would miss it.
    expect(joined.ours.found / joined.ours.of).toBeLessThan(0.7)
    expect(joined.listed).toEqual({ found: CLIP.seconds, of: CLIP.seconds })
    const third = whole.get('a third of it.mp4')![0]!.video!
    expect(third.ours.found).toBe(third.ours.of)
    expect(third.listed.found).toBeLessThan(third.listed.of)

    // An ordinary run compares the digests of one worker and two below, on fewer clips.
    if (WHOLE) {
      const two = scannedAgain(folder, 'two.sqlite', {}, ...asOptions(folder, lists), '--workers', '2')
      expect(two.summary.analysisDigest).toBe(summary.analysisDigest)
      expect(two.summary.evidenceDigest).toBe(summary.evidenceDigest)
    }

    const said = `${joined.ours.found} of (its )?${joined.ours.of} seconds (are )?found in the listed video, 6 of (that one’s )?6`
    for (const [format, words] of [
      ['html', new RegExp(said)],
      ['vics', /listedSecondsFound=6\/6/],
      ['case', new RegExp(`ours ${joined.ours.found}/${joined.ours.of}, listed 6/6`)],
    ] as const) {
      const out = join(folder, `report.${format}`)
      expect(seized(['report', ledger, '--format', format, '--out', out]).stderr).not.toMatch(/error/i)
      expect(readFileSync(out, 'utf8'), format).toMatch(words)
    }

    const blind = scannedAgain(folder, 'blind.sqlite', { other: `${'0'.repeat(32)}\n` })
    expect(blind.near.size).toBe(0)
    const again = join(folder, 'again.sqlite')
    const run = seized(['rematch', blind.ledger, ...asOptions(folder, lists), '--ledger', again])
    expect([10, 13], run.stderr).toContain(run.status)
    const later = nearIn(again, folder)
    for (const list of Object.keys(lists)) expect(filesFoundBy(later, list), list).toEqual(expected)
  }, 300_000)
})

describe('pictures and videos of one another', () => {
  it('frames of a video are found by a list of pictures, and pictures by the frames of a list of videos, each said as what it is', async () => {
    const frames = await frameHashes(await clip(1))
    const shown = frames.filter(({ frame, quality }) => quality >= 50 && [40, 90, 130].includes(frame))
    expect(shown).toHaveLength(3)
    const lists = {
      'pictures.txt': shown.map(({ hex, quality, frame }) => `${hex},${quality},frame ${frame}\n`).join(''),
      'videos.txt': vpdqText(frames, 'clip 1') + vpdqText(await frameHashes(await clip(9)), 'clip 9'),
    }
    const { near, summary } = scanned(
      {
        'encoded again.mp4': await clip(1, 'encoded again'),
        'a frame of it.jpg': await frameOf(await clip(1), 90),
        'unlike.mp4': await clip(2),
        'a frame of another.jpg': await frameOf(await clip(2), 90),
      },
      lists,
    )
    expect(summary).toMatchObject({ hits: 0, near: 2 })
    const both = ['a frame of it.jpg', 'encoded again.mp4']
    expect(filesFoundBy(near, 'pictures.txt')).toEqual(both)
    expect(filesFoundBy(near, 'videos.txt')).toEqual(both)

    const [frame] = near.get('pictures.txt')!.get('encoded again.mp4')!
    expect(frame).toMatchObject({ algorithm: 'pdq' })
    expect(frame!.video).toBeUndefined()
    const [still] = near.get('videos.txt')!.get('a frame of it.jpg')!
    expect(still).toMatchObject({
      algorithm: 'pdq',
      video: { id: 'clip 1', ours: { found: 1, of: 1 }, listed: { of: CLIP.seconds }, videos: 1 },
    })
    const [video] = near.get('videos.txt')!.get('encoded again.mp4')!
    expect(video).toMatchObject({ algorithm: 'vpdq', video: { id: 'clip 1' } })
  }, 300_000)
})

describe('a run that is killed while it looks at videos', () => {
  it('resumes to the digests and near matches of one that was not, with one worker and with two', async () => {
    const lists = { 'videos.txt': vpdqText(await frameHashes(await clip(1)), 'clip 1') }
    const files = {
      'again.mp4': await clip(1, 'encoded again'),
      'joined.mp4': await clip(1, 'joined with another'),
      'unlike.mp4': await clip(2),
    }
    const whole = scanned(files, lists, '--workers', '2')
    expect(whole.summary.near).toBe(2)
    const digests = ({
      evidenceDigest,
      analysisDigest,
    }: {
      evidenceDigest: string
      analysisDigest: string
    }) => [evidenceDigest, analysisDigest]
    const { folder } = whole
    const points = [
      ['unknown:before-commit:1', '1'],
      ['unknown:after-commit:1', '2'],
      ['seal:before-commit:1', '1'],
    ] as const
    for (const [point, workers] of drawn(points, 0, 2)) {
      const ledger = join(folder, `${point.replaceAll(':', '-')}.sqlite`)
      const scan = scanArgs(join(folder, 'exhibit'), ledger, [`illegal:${join(folder, 'videos.txt')}`])
      expect(seized([...scan, '--workers', workers], { SEIZED_CRASH_AT: point }).signal, point).toBe(
        'SIGKILL',
      )
      const resumed = seized(['resume', ledger, '--progress', 'json', '--allow-writable-mount'])
      expect(digests(summaryOf(resumed)), resumed.stderr).toEqual(digests(whole.summary))
      expect(nearIn(ledger, folder)).toEqual(whole.near)
    }
  }, 600_000)
})

/** A frame as a photograph of a screen's copy: a JPEG at another size. */
async function frameOf(mp4: Buffer, number: number): Promise<Buffer> {
  await loadFfmpeg()
  const opened = await openVideo(sourceOfBuffer(mp4), 'video/mp4', { pixels: 10_000_000 })
  if (!opened.ok) throw new Error(opened.detail.code)
  try {
    for (const frame of opened.reader.frames()) {
      if (frame.number !== number) continue
      const { rgb, width, height } = frame.rgb()!
      return await sharp(Buffer.from(rgb), { raw: { width, height, channels: 3 } })
        .resize(260)
        .jpeg({ quality: 80 })
        .toBuffer()
    }
  } finally {
    opened.reader.close()
  }
  throw new Error('the clip is too short')
}

const asOptions = (folder: string, lists: Readonly<Record<string, string>>) =>
  Object.keys(lists).flatMap((name) => ['--hashset', `illegal:${join(folder, name)}`])

describe('a film that is longer than what is decoded whole', () => {
  it('is found when it was encoded again, and says what was hashed of it', async () => {
    // Of 2,500,000,000 pixels a fifth is converted and hashed for the lists: the others would cost minutes and show no more.
    const frames = await frameHashes(await film(1, '24'), 5)
    const lists = {
      'two a second': vpdqText(frames),
      'one a second': vpdqText(everySecond(frames, 10)),
      later: vpdqText(everySecond(frames, 10, 5)),
    }
    const { near, ledger, folder } = scanned(
      { 'film.mp4': await film(1, '34'), 'unlike.mp4': await clip(2) },
      lists,
    )
    for (const list of Object.keys(lists)) expect(filesFoundBy(near, list), list).toEqual(['film.mp4'])
    const lines = exported(ledger, folder) as readonly {
      readonly path: string
      readonly attributes: readonly {
        readonly code: string
        readonly params: Readonly<Record<string, unknown>>
      }[]
    }[]
    const { attributes } = lines.find(({ path }) => path === 'film.mp4')!
    const hashed = attributes.find(({ code }) => code === 'frames-hashed')!.params
    // Of 120 seconds those of each key frame; what is left out is said.
    expect(hashed).toMatchObject({ how: 'key-frames' })
    expect(hashed.seconds).toBeGreaterThanOrEqual(25)
    expect(hashed.seconds).toBeLessThan(120)
  }, 900_000)
})
