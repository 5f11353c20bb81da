/**
 * Hostile pictures of words beside a scan of several pages and a film with slides: each costs its own item, and the digests are the
 * same for one worker, for two, and after a kill. Without a legal basis not one word of them is anywhere.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { drawnQr } from '../../fixtures/drawn-qr.ts'
import { drawnPoster } from '../../fixtures/drawn-screenshot.ts'
import { textPages, textVideo } from '../../fixtures/text-pages.ts'
import { temporaryFolderForFile } from '../ledger/temporary.ts'
import { WHOLE } from '../whole.ts'
import { exported, scanArgs, seized, summaryOf, temporaryFolder } from './seized.ts'

const TEXT = ['--text', '--basis', 'warrant 12/2026']
/** Words that the pictures show, and the link of the code. */
const WORDS = ['zorbelquist', 'harbourmaster', 'wintergreen', 'frames.example']

/** A million signs of three by three points, as small as letters can be. */
function tinyLetters(): Promise<Buffer> {
  const side = 4000
  const grey = Buffer.alloc(side * side, 255)
  let seed = 7
  for (let y = 0; y < side; y += 4)
    for (let x = 0; x < side; x += 4) {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      for (let bit = 0; bit < 9; bit++)
        if ((seed >> (bit + 12)) & 1) grey[(y + Math.floor(bit / 3)) * side + x + (bit % 3)] = 0
    }
  return sharp(grey, { raw: { width: side, height: side, channels: 1 } })
    .png()
    .toBuffer()
}

async function exhibit(folder: string): Promise<string> {
  const root = join(folder, 'exhibit')
  mkdirSync(root)
  const put = async (name: string, bytes: Promise<Buffer> | Buffer) =>
    writeFileSync(join(root, name), await bytes)
  await put('letters.png', tinyLetters())
  const line = { width: 1, height: 65_000, channels: 3 as const, background: '#fff' }
  await put('line.png', sharp({ create: line }).png().toBuffer())
  const code = await drawnQr('https://frames.example/y')
  await put('gigantic.png', sharp(code).resize(9000, 9000, { kernel: 'nearest' }).png().toBuffer())
  const slides = [
    drawnPoster(['zorbelquist meets', 'at the pier']),
    drawnPoster(['the harbourmaster', 'says no']),
  ]
  await put('film.mp4', textVideo([...(await Promise.all(slides)), code], 2))
  await put(
    'scan.tiff',
    textPages([await drawnPoster(['first sheet']), await drawnPoster(['wintergreen bill'])]),
  )
  await put('cut.tiff', readFileSync(join(root, 'scan.tiff')).subarray(0, 900))
  await put('cut.mp4', readFileSync(join(root, 'film.mp4')).subarray(0, 4000))
  return root
}

interface Row {
  readonly path: string
  readonly kind: string
  readonly stages: Readonly<Record<string, { readonly result: string; readonly reason: string | null }>>
  readonly attributes: readonly {
    readonly code: string
    readonly params: Readonly<Record<string, unknown>>
  }[]
}

describe('hostile pictures of words', () => {
  const made = temporaryFolderForFile()
  let root: string
  beforeAll(async () => {
    root = await exhibit(made)
  })

  it('cost one item each, with the same digests for any workers and after a kill', async () => {
    const folder = temporaryFolder()
    const scanned = (name: string, workers: string) => {
      const ledger = join(folder, `${name}.sqlite`)
      return { ledger, ...summaryOf(seized(scanArgs(root, ledger, [], ...TEXT, '--workers', workers))) }
    }
    const { ledger, analysisDigest } = scanned('one', '1')
    const rows = (exported(ledger, folder) as Row[]).filter(({ kind }) => kind === 'file')
    const readOf = (name: string) => rows.find(({ path }) => path.endsWith(name))!.stages['text-read']!
    expect(rows.length).toBe(7)
    // Every one has a result, and those that can be read are.
    for (const { path, stages } of rows)
      expect([path, typeof stages['text-read']!.result]).toEqual([path, 'string'])
    expect(readOf('line.png')).toMatchObject({ result: 'not-applicable', reason: 'no-text' })
    for (const name of ['letters.png', 'gigantic.png', 'film.mp4', 'scan.tiff'])
      expect([name, readOf(name).result]).not.toEqual([name, 'not-done'])
    const codes = (name: string) =>
      rows.find(({ path }) => path.endsWith(name))!.attributes.filter(({ code }) => code === 'qr-code')
    expect(codes('gigantic.png')).toEqual([
      expect.objectContaining({ params: expect.objectContaining({ text: 'https://frames.example/y' }) }),
    ])
    expect(codes('film.mp4')).toEqual([
      expect.objectContaining({
        params: expect.objectContaining({ text: 'https://frames.example/y', ms: 4000 }),
      }),
    ])
    const found = (word: string) => seized(['search', ledger, word]).stdout
    expect(found('harbourmaster')).toMatch(
      /film\.mp4\n +text in the picture, in the frame at 2\.0 s, at \d+,\d+ /,
    )
    expect(found('wintergreen')).toMatch(/scan\.tiff\n +text in the picture, on page 2, at \d+,\d+ /)
    // In an ordinary run the killed one alone has two workers.
    if (WHOLE) expect(scanned('two', '2').analysisDigest).toBe(analysisDigest)
    const killed = join(folder, 'killed.sqlite')
    const args = scanArgs(root, killed, [], ...TEXT, '--workers', '2')
    expect(seized(args, { SEIZED_CRASH_AT: 'unknown:after-commit:1' }).signal).toBe('SIGKILL')
    const more = ['--progress', 'json', '--allow-writable-mount', '--workers', '2']
    const resumed = seized(['resume', killed, ...more])
    expect(summaryOf(resumed).analysisDigest).toBe(analysisDigest)
  }, 1_500_000)

  it('leave not one word without a legal basis: not in the ledger, beside it, in its report or on the terminal', () => {
    const folder = temporaryFolder()
    const ledger = join(folder, 'case.sqlite')
    const scan = seized(scanArgs(root, ledger, [], '--workers', '1'))
    expect(summaryOf(scan).event).toBe('summary')
    for (const [edition, format] of [
      ['working', 'html'],
      ['court', 'html'],
      ['working', 'jsonl'],
    ])
      seized([
        'report',
        ledger,
        '--format',
        format!,
        '--edition',
        edition!,
        '--operator',
        'T',
        '--out',
        join(folder, `${edition}.${format}`),
      ])
    const written = readdirSync(folder, { withFileTypes: true }).filter((item) => item.isFile())
    expect(written.length).toBeGreaterThan(3)
    for (const word of WORDS) {
      expect([word, (scan.stdout + scan.stderr).includes(word)]).toEqual([word, false])
      for (const { name } of written)
        expect([name, word, readFileSync(join(folder, name)).includes(word)]).toEqual([name, word, false])
    }
  })
})
