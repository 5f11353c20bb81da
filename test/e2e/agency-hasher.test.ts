import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import { CLIP, clip } from '../../fixtures/clips.ts'
import { fieldHash, hasherCard, hasherWasm } from '../../fixtures/hasher.ts'
import { drawing } from '../../fixtures/pictures.ts'
import { sourceOfBuffer } from '../../src/formats/bytes/byte-source.ts'
import { loadFfmpeg } from '../../src/formats/media/ffmpeg/ffmpeg.ts'
import { openVideo } from '../../src/formats/media/ffmpeg/open-video.ts'
import { installation, run } from './installation.ts'
import { scanArgs, summaryOf, temporaryFolder } from './seized.ts'

interface Line {
  readonly path: string
  readonly hits: readonly unknown[]
  readonly near: readonly {
    readonly algorithm: string
    readonly hashSet: string
    readonly category: string | null
    readonly band: string
    readonly hasher?: Readonly<Record<string, string>>
  }[]
  readonly stages: Readonly<Record<string, { readonly result: string; readonly reason: string | null }>>
  readonly reasons: readonly { readonly code: string; readonly params: Readonly<Record<string, unknown>> }[]
}

const MARKER = 'http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/US/$metadata#Media'
const SIZE = { width: 480, height: 360 }

it('finds listed pictures by the hasher that an agency added, in VICS, CSV and a compiled list, with one worker and two, again without the exhibit; and a hasher that fails costs the content alone', async () => {
  const folder = temporaryFolder()
  const program = installation(join(folder, 'program'))
  const wasm = hasherWasm({ misbehaves: true })
  writeFileSync(join(folder, 'card.json'), hasherCard(wasm))
  writeFileSync(join(folder, 'hasher.wasm'), wasm)
  const seized = (...args: readonly string[]) => run(program, args)
  const added = seized('model', 'add', join(folder, 'card.json'), join(folder, 'hasher.wasm'))
  expect(added.stdout, added.stderr).toMatch(/^field-hasher: installed/)
  expect(seized('model', 'list').stdout).toMatch(/field-hasher[\s\S]*144 bytes, “PhotoDNA” in lists; l2/)

  const exhibit = join(folder, 'exhibit')
  mkdirSync(exhibit)
  const put = (name: string, bytes: Buffer) => writeFileSync(join(exhibit, name), bytes)
  put(
    'smaller.jpg',
    await drawing({ seed: 1, ...SIZE })
      .resize(300, 225)
      .jpeg({ quality: 70 })
      .toBuffer(),
  )
  put(
    'unlike.jpg',
    await drawing({ seed: 900, ...SIZE })
      .jpeg()
      .toBuffer(),
  )
  put('unlike.mp4', await clip(77))
  const film = await clip(5)
  put('film.mp4', film)
  for (const [name, colour] of [
    ['traps.png', [255, 0, 0]],
    ['lies.png', [0, 255, 0]],
    ['endless.png', [0, 0, 255]],
  ] as const)
    put(name, await firstPixel(colour))

  const [photodna, ofFrame] = [await hashOfPicture(1), await hashOfFrame(film)]
  const records = [
    { MediaID: 1, Category: 1, MD5: 'A'.repeat(32), AlternativeHashes: [named(photodna.toString('base64'))] },
    { MediaID: 2, Category: 2, AlternativeHashes: [named(ofFrame.join(','))] },
    { MediaID: 3, Category: 1, MD5: 'B'.repeat(32), AlternativeHashes: [named('no hash!')] },
    // A duplicate: the same record once more.
    { MediaID: 4, Category: 1, MD5: 'A'.repeat(32), AlternativeHashes: [named(photodna.toString('base64'))] },
  ]
  const at = (name: string) => join(folder, name)
  writeFileSync(at('vics.json'), JSON.stringify({ '@odata.context': MARKER, value: records }))
  writeFileSync(at('own.csv'), `name,PhotoDNA\nlisted,${photodna.toString('hex')}\n`)
  const imported = seized('hashset', 'import', `vics-us:${at('vics.json')}`, '--out', at('vics.set'))
  expect(imported.stdout, imported.stderr).toMatch(/3 records kept, 1 duplicate, 0 rejected/)
  expect(seized('hashset', 'check', at('vics.set'), '--source', at('vics.json')).stdout).toMatch(
    /equal to the list/,
  )
  expect(seized('hashset', 'info', at('vics.set')).stdout).toMatch(/1 alternative hashes could not be read/)

  const scan = (ledger: string, lists: readonly string[], ...more: string[]) => {
    const ran = run(program, scanArgs(exhibit, at(ledger), lists, ...more))
    // Nothing is done of three pictures, so coverage is incomplete.
    expect([3, 13], ran.stderr).toContain(ran.status)
    return { lines: exported(ledger), summary: summaryOf(ran) }
  }
  const exported = (ledger: string): Map<string, Line> => {
    const out = `${at(ledger)}.jsonl`
    expect(seized('report', at(ledger), '--format', 'jsonl', '--out', out).status).toBe(0)
    const lines = readFileSync(out, 'utf8').trim().split('\n')
    return new Map(lines.map((line) => JSON.parse(line) as Line).map((line) => [line.path, line]))
  }
  const nearIn = (lines: Map<string, Line>) =>
    [...lines.values()]
      .flatMap(({ path, near }) => near.map(({ hashSet, category }) => `${path} ${hashSet} ${category}`))
      .sort()

  const lists = [`vics-us:${at('vics.json')}`, `illegal:${at('own.csv')}`]
  const expected = ['film.mp4 vics.json 2', 'smaller.jpg own.csv null', 'smaller.jpg vics.json 1']
  const one = scan('one.sqlite', lists, '--workers', '1')
  expect(nearIn(one.lines)).toEqual(expected)
  const two = scan('two.sqlite', lists, '--workers', '2')
  expect(two.summary.analysisDigest).toBe(one.summary.analysisDigest)
  expect(nearIn(scan('compiled.sqlite', [`vics-us:${at('vics.set')}`]).lines)).toEqual(
    expected.filter((line) => line.includes('vics.json')),
  )

  const smaller = one.lines.get('smaller.jpg')!
  expect(smaller.hits).toEqual([])
  expect(smaller.near[0]).toMatchObject({
    algorithm: 'hasher',
    hasher: { id: 'field-hasher', metric: 'l2', limit: '60' },
  })
  expect(smaller.reasons.map(({ code, params }) => [code, params.hasher])).toContainEqual([
    'near-illegal',
    'field-hasher',
  ])
  expect(
    ['traps.png', 'lies.png', 'endless.png', 'smaller.jpg', 'film.mp4'].map(
      (name) => one.lines.get(name)!.stages['looked-at']!,
    ),
  ).toMatchObject([
    { result: 'not-done', reason: 'hasher-failed' },
    { result: 'not-done', reason: 'hasher-failed' },
    { result: 'not-done', reason: 'over-time-limit' },
    { result: 'done' },
    { result: 'done' },
  ])

  const card = smaller.near[0]!.hasher!.cardSha256!
  for (const format of ['html', 'vics', 'case'] as const) {
    const out = at(`report.${format}`)
    expect(seized('report', at('one.sqlite'), '--format', format, '--out', out).stderr).not.toMatch(/error/i)
    const said = readFileSync(out, 'utf8')
    expect(said, format).toContain('field-hasher')
    expect(said, format).toContain(card)
    expect(said, format).toContain(smaller.near[0]!.hasher!.distance!)
  }

  // A list that comes later: the ledger has the hashes.
  const blind = scan('blind.sqlite', [`known:${at('other.txt')}`], ...otherList(at('other.txt')))
  expect(nearIn(blind.lines)).toEqual([])
  const again = seized(
    ...['rematch', at('blind.sqlite'), '--hashset', lists[0]!, '--hashset', lists[1]!],
    ...['--ledger', at('again.sqlite')],
  )
  expect([10, 13], again.stderr).toContain(again.status)
  expect(nearIn(exported('again.sqlite'))).toEqual(expected)
}, 600_000)

const named = (HashValue: string) => ({ HashName: 'PhotoDNA', HashValue })

function otherList(path: string): [] {
  writeFileSync(path, `${'0'.repeat(32)}\n`)
  return []
}

async function hashOfPicture(seed: number): Promise<Buffer> {
  const rgb = await drawing({ seed, ...SIZE })
    .removeAlpha()
    .raw()
    .toBuffer()
  return Buffer.from(fieldHash(rgb, SIZE.width, SIZE.height))
}

/** Of a frame in the middle of a clip. */
async function hashOfFrame(mp4: Buffer): Promise<Buffer> {
  await loadFfmpeg()
  const opened = await openVideo(sourceOfBuffer(mp4), 'video/mp4', { pixels: 10_000_000 })
  if (!opened.ok) throw new Error(opened.detail.code)
  try {
    for (const frame of opened.reader.frames()) {
      if (frame.number !== (CLIP.seconds / 2) * CLIP.framesPerSecond) continue
      const { rgb, width, height } = frame.rgb()!
      return Buffer.from(fieldHash(rgb, width, height))
    }
  } finally {
    opened.reader.close()
  }
  throw new Error('the clip is too short')
}

async function firstPixel(colour: readonly [number, number, number]): Promise<Buffer> {
  const rgb = await drawing({ seed: colour[0] + 2 * colour[1] + 3, ...SIZE })
    .removeAlpha()
    .raw()
    .toBuffer()
  rgb.set(colour)
  return sharp(rgb, { raw: { ...SIZE, channels: 3 } })
    .png()
    .toBuffer()
}
