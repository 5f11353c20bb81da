/** `scan --similar-basis`: pictures of the room of a hit come first in the review, and nothing of the comparison stands in the record. */
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { custodyPath, readCustody } from '../../src/ledger/custody/custody.ts'
import { similarPath } from '../../src/review/similar-file.ts'
import { temporaryFolderForFile } from '../ledger/temporary.ts'
import { featuresOfFile, holds } from './features-held.ts'
import { openReview } from './running-review.ts'
import { scanArgs, seized, summaryOf } from './seized.ts'

const folder = temporaryFolderForFile()
const exhibit = join(folder, 'exhibit')
const ledger = join(folder, 'case.sqlite')
const plain = join(folder, 'plain.sqlite')
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const ROOMS = 6
const VIEWS = 5
const viewsOf = Array.from({ length: ROOMS }, (): Buffer[] => [])
const BASIS = 'order 5/2026 of a test'

/** Numbers from 0 to 1 that are the same each time. */
function random(seed: number): () => number {
  let state = (seed * 2654435761) >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** A drawn room: its wallpaper, floor and furniture; each view shows another part in another light, with a thing of its own. */
function room(number: number, view: number): Promise<Buffer> {
  const [of, at] = [random(number + 1), random(1000 * (view + 1) + number)]
  const colour = (next: () => number) =>
    `hsl(${Math.floor(next() * 360)} 45% ${35 + Math.floor(next() * 40)}%)`
  const [wall, stripe, floor] = [colour(of), colour(of), colour(of)]
  const step = 14 + Math.floor(of() * 30)
  const lines = Array.from({ length: 60 }, (_, i) =>
    number % 2 === 0
      ? `<rect x="${i * step}" y="0" width="${step / 3}" height="320" fill="${stripe}"/>`
      : `<circle cx="${(i % 12) * 55}" cy="${Math.floor(i / 12) * 60}" r="${step / 2}" fill="${stripe}"/>`,
  )
  const things = Array.from({ length: 5 }, () => {
    const [x, y, width, height] = [of() * 500, 120 + of() * 160, 60 + of() * 120, 40 + of() * 120]
    return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${of() * 30}" fill="${colour(of)}"/>`
  })
  const own = `<circle cx="${at() * 640}" cy="${at() * 480}" r="${20 + at() * 25}" fill="${colour(at)}"/>`
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480"><rect width="640" height="480" fill="${wall}"/>${lines.join('')}<rect y="320" width="640" height="160" fill="${floor}"/>${things.join('')}${own}</svg>`
  const [left, top] = [Math.floor(at() * 160), Math.floor(at() * 120)]
  return sharp(Buffer.from(svg))
    .extract({ left, top, width: 480, height: 360 })
    .resize(400, 300)
    .modulate({ brightness: 0.85 + at() * 0.3 })
    .jpeg()
    .toBuffer()
}

beforeAll(async () => {
  mkdirSync(exhibit)
  for (let view = 0; view < VIEWS; view++)
    for (let number = 0; number < ROOMS; number++) {
      const bytes = await room(number, view)
      viewsOf[number]!.push(bytes)
      // Names say nothing of the room.
      writeFileSync(join(exhibit, `${sha256(bytes).slice(0, 12)}.jpg`), bytes)
    }
  const list = join(folder, 'list.txt')
  writeFileSync(list, `${createHash('md5').update(viewsOf[0]![0]!).digest('hex')}\n`)
  const lists = [`illegal:${list}`]
  const [one, two] = [
    seized(scanArgs(exhibit, ledger, lists, '--similar-basis', BASIS, '--workers', '1')),
    seized(scanArgs(exhibit, plain, lists, '--workers', '2')),
  ]
  expect(digests(one)).toEqual(digests(two))
}, 240_000)

const digests = (ran: ReturnType<typeof seized>) => {
  const { evidenceDigest, analysisDigest } = summaryOf(ran)
  return [evidenceDigest, analysisDigest]
}
const review = (path: string) =>
  openReview([path, '--scale', 'vics-us', '--operator', 'A. Example', '--heads', `${path}.heads`])

/** Digests of the contents as the review orders them. */
async function ordered(running: Awaited<ReturnType<typeof review>>): Promise<readonly string[]> {
  const asked = { order: 'similar-listed', queue: 'all', query: '', stacked: false, around: null }
  const { view } = (await (await running.post('view', asked)).json()) as { view: number }
  const answer = await running.post('tiles', { view, from: 0, count: 100 })
  return ((await answer.json()) as { tiles: { sha256: string }[] }).tiles.map((tile) => tile.sha256)
}

describe('similarity to listed contents', () => {
  it('puts the other pictures of the room of a hit first, by features alone, and names the hit that each looks like', async () => {
    const running = await review(ledger)
    const [hit, ...series] = viewsOf[0]!.map(sha256)
    const order = await ordered(running)
    expect(order).toHaveLength(ROOMS * VIEWS)
    expect(new Set(order.slice(0, series.length))).toEqual(new Set(series))
    expect(order.at(-1)).toBe(hit)
    const details = await (await running.post('details', { sha256: order[0]! })).json()
    expect(details).toMatchObject({ similar: { to: hit, per10k: expect.any(Number) } })
    expect(await (await running.post('details', { sha256: hit! })).json()).toMatchObject({ similar: null })
    await running.post('end')
    expect(await running.ended).toBe(0)
  }, 60_000)

  it('is kept for its owner alone, with its basis and counts in the log', () => {
    const kept = readCustody(ledger).find(({ event }) => event === 'similarity-kept')!
    expect(kept.detail).toEqual({
      basis: BASIS,
      file: 'case.sqlite.similar.sqlite',
      listed: '1',
      listedLeftOut: '0',
      compared: String(ROOMS * VIEWS - 1),
      faces: '0',
      without: '0',
      sha256: sha256(readFileSync(similarPath(ledger))),
    })
    expect(statSync(similarPath(ledger)).mode & 0o777).toBe(0o600)
    expect(existsSync(similarPath(plain))).toBe(false)
  })

  it('leaves no features in the file itself, the ledger, its log, a report, an export or a pack', async () => {
    const [hit, other] = viewsOf[0]!
    writeFileSync(join(folder, 'hit.jpg'), hit!)
    writeFileSync(join(folder, 'other.jpg'), other!)
    const out = join(folder, 'out')
    mkdirSync(out)
    for (const format of ['html', 'jsonl', 'csv'])
      expect(seized(['report', ledger, '--format', format, '--out', join(out, `a.${format}`)]).status).toBe(0)
    const pack = ['pack', ledger, '--out', join(out, 'case.zip'), '--operator', 'A. Example']
    expect(seized([...pack, '--heads', `${ledger}.heads`]).status).toBe(0)
    const files = [
      ...readdirSync(folder).filter((name) => name.startsWith('case.sqlite')),
      ...readdirSync(out).map((name) => join('out', name)),
    ]
    expect(files).toContain('case.sqlite.similar.sqlite')
    for (const picture of ['hit.jpg', 'other.jpg']) {
      const features = await featuresOfFile(join(folder, picture))
      const roots = features.map((one) => Math.sqrt(Math.max(0, one)))
      for (const name of files) {
        const bytes = readFileSync(join(folder, name))
        expect([name, holds(bytes, features), holds(bytes, roots)]).toEqual([name, false, false])
      }
      expect(holds(Buffer.concat([Buffer.from('x'), Buffer.from(features.buffer)]), features)).toBe(true)
    }
    // The pack holds the ledger, and the file beside it does not travel.
    const packed = readFileSync(join(out, 'case.zip'))
    expect(packed.includes(readFileSync(ledger).subarray(0, 4096))).toBe(true)
    expect(packed.includes(readFileSync(similarPath(ledger)).subarray(0, 4096))).toBe(false)
  }, 120_000)

  it('may be deleted: ledger, log and review stand as before; a changed file is refused', async () => {
    const path = join(folder, 'copy.sqlite')
    copyFileSync(ledger, path)
    copyFileSync(custodyPath(ledger), custodyPath(path))
    copyFileSync(similarPath(ledger), similarPath(path))
    appendFileSync(similarPath(path), 'x')
    const changed = await review(path)
    const asked = { order: 'similar-listed', queue: 'all', query: '', stacked: false, around: null }
    expect(await (await changed.post('view', asked)).json()).toMatchObject({
      refused: expect.stringContaining('is not the one that was kept at the scan'),
    })
    expect((await changed.post('view', { ...asked, order: 'place' })).status).toBe(200)
    await changed.post('end')
    await changed.ended
    rmSync(similarPath(path))
    expect(seized(['verify', path, '--heads', `${path}.heads`]).status).toBe(0)
    const without = await review(path)
    expect(new Set(await ordered(without))).toEqual(new Set(viewsOf.flat().map(sha256)))
    const first = viewsOf[0]!.map(sha256)[1]!
    expect(await (await without.post('details', { sha256: first })).json()).toMatchObject({ similar: null })
    await without.post('end')
    expect(await without.ended).toBe(0)
    expect(existsSync(similarPath(path))).toBe(false)
  }, 60_000)

  it('is refused without the phase that finds faces, and over a file of another ledger', () => {
    const refused = (path: string, ...more: string[]) =>
      seized(scanArgs(exhibit, path, [], '--similar-basis', BASIS, ...more))
    const known = refused(join(folder, 'known.sqlite'), '--phases', 'inventory,known')
    expect([known.status, known.stderr]).toEqual([2, expect.stringContaining('needs the phase unknown')])
    writeFileSync(similarPath(join(folder, 'other.sqlite')), 'x')
    const other = refused(join(folder, 'other.sqlite'))
    expect([other.status, other.stderr]).toEqual([2, expect.stringContaining('exists already')])
  })
})
