/**
 * Every file of the third-party corpora, whole and cut at every tenth, through real children: an outcome for each, no
 * crash of the run. Prints the table that docs/reference/formats.md repeats. Skipped, visibly, where the corpora are not there.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seeded } from '../../fixtures/pictures.ts'
import type { Examination } from '../../src/contracts/finding.ts'
import { identify } from '../../src/formats/signatures/index.ts'
import type { JobPool } from '../../src/host/decoder/job-pool.ts'
import { lookOf } from '../../src/media-types/applies.ts'
import { UNRECOGNISED } from '../../src/media-types/sample.ts'
import { look, lookPool } from './look-pool.ts'

const CORPORA = fileURLToPath(new URL('../../../shared/data/corpora', import.meta.url))
const FOLDERS = ['file-type', 'pillow', 'image-rs', 'sharp', 'exif-orientation']

const files = existsSync(CORPORA)
  ? FOLDERS.flatMap((folder) =>
      readdirSync(join(CORPORA, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name)),
    )
  : []

let pool: JobPool
beforeAll(() => {
  pool = lookPool(2)
})
afterAll(() => pool.close())

/** By content; by extension where content says nothing, so that decoders are tried on all there is. */
async function mediaTypeOf(file: string, bytes: Buffer): Promise<string> {
  const { mediaType } = await identify(bytes.subarray(0, 65_536), bytes.length)
  return mediaType === UNRECOGNISED ? (BY_EXTENSION[extname(file).toLowerCase()] ?? mediaType) : mediaType
}

const BY_EXTENSION: Readonly<Record<string, string>> = {
  '.apng': 'image/apng',
  '.avif': 'image/avif',
  '.avi': 'video/vnd.avi',
  '.bmp': 'image/bmp',
  '.cr2': 'image/x-canon-cr2',
  '.cur': 'image/x-icon',
  '.dds': 'image/vnd.ms-dds',
  '.dng': 'image/x-adobe-dng',
  '.exr': 'image/x-exr',
  '.gif': 'image/gif',
  '.hdr': 'image/vnd.radiance',
  '.heic': 'image/heic',
  '.heif': 'image/heif',
  '.ico': 'image/x-icon',
  '.j2k': 'image/j2c',
  '.jls': 'image/jls',
  '.jp2': 'image/jp2',
  '.jpg': 'image/jpeg',
  '.jxl': 'image/jxl',
  '.mkv': 'video/matroska',
  '.mov': 'video/quicktime',
  '.mp4': 'video/mp4',
  '.nef': 'image/x-nikon-nef',
  '.pcx': 'image/x-pcx',
  '.pgm': 'image/x-portable-graymap',
  '.png': 'image/png',
  '.ppm': 'image/x-portable-pixmap',
  '.psd': 'image/vnd.adobe.photoshop',
  '.qoi': 'image/qoi',
  '.sgi': 'image/sgi',
  '.svg': 'image/svg+xml',
  '.tga': 'image/x-tga',
  '.tif': 'image/tiff',
  '.tiff': 'image/tiff',
  '.webm': 'video/webm',
  '.webp': 'image/webp',
}

type Class = 'decoded' | 'in part' | 'undecodable' | 'unsupported' | 'limited' | 'no picture' | 'crashed'

function classOf({ result }: Examination): Class {
  if (result.result === 'done') return 'decoded'
  if (result.result === 'done-with-warnings') return 'in part'
  if (result.result === 'not-applicable') return 'no picture'
  const { reason } = result
  if (reason === 'decode-failed') return 'undecodable'
  if (reason === 'unsupported-format') return 'unsupported'
  return reason === 'decoder-crashed' ? 'crashed' : 'limited'
}

class Table {
  private readonly rows = new Map<string, Record<Class, number>>()
  add(type: string, kind: Class): void {
    const row = this.rows.get(type) ?? {
      decoded: 0,
      'in part': 0,
      undecodable: 0,
      unsupported: 0,
      limited: 0,
      'no picture': 0,
      crashed: 0,
    }
    row[kind]++
    this.rows.set(type, row)
  }
  print(title: string): void {
    const sorted = [...this.rows].sort(([a], [b]) => (a < b ? -1 : 1))
    const lines = sorted.map(([type, row]) => `| ${type} | ${Object.values(row).join(' | ')} |`)
    console.log(
      [
        title,
        '| media type | decoded | in part | undecodable | unsupported | limited | no picture | crashed |',
        ...lines,
      ].join('\n'),
    )
  }
  /** Type and counts but for crashes, as docs/reference/formats.md repeats them. */
  rowsForReadme(): string[][] {
    const sorted = [...this.rows].sort(([a], [b]) => (a < b ? -1 : 1))
    return sorted.map(([type, { crashed: _, ...counts }]) => [type, ...Object.values(counts).map(String)])
  }
  total(kind: Class): number {
    return [...this.rows.values()].reduce((sum, row) => sum + row[kind], 0)
  }
}

/** A bit in every thousand bytes, at least three: the first of them in the head, where formats keep their index. */
function flipped(whole: Buffer, seed: number): Buffer {
  const random = seeded(seed)
  const damaged = Buffer.from(whole)
  const flips = Math.max(3, Math.min(2000, Math.floor(whole.length / 1000)))
  for (let i = 0; i < flips; i++) {
    const at = Math.floor(random() * (i === 0 ? Math.min(512, whole.length) : whole.length))
    damaged[at] = (damaged[at] as number) ^ (1 << Math.floor(random() * 8))
  }
  return damaged
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0
  const lane = async () => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item)
  }
  await Promise.all([lane(), lane(), lane()])
}

function rowsOfDocs(): string[][] {
  const lines = readFileSync(new URL('../../docs/reference/formats.md', import.meta.url), 'utf8').split('\n')
  return lines
    .filter((line) => /^\| (application|image|video)\//.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

describe.skipIf(files.length === 0)('over the third-party corpora', () => {
  it('gives every picture and video an outcome', async () => {
    const table = new Table()
    const said: string[] = []
    await inParallel(files, async (file) => {
      const bytes = readFileSync(file)
      const mediaType = await mediaTypeOf(file, bytes)
      if (lookOf(mediaType) === null) return
      const examination = await look(pool, bytes, mediaType)
      table.add(mediaType, classOf(examination))
      if (process.env.CORPORA_DETAIL && classOf(examination) !== 'decoded') {
        said.push(`${file.slice(CORPORA.length + 1)}: ${JSON.stringify(examination.result)}`)
      }
      expect(examination.preview?.cells.length ?? 0).toBeLessThanOrEqual(256)
    })
    table.print('Whole files')
    if (said.length > 0) console.log(said.sort().join('\n'))
    expect(table.total('decoded')).toBeGreaterThan(500)
    expect(table.total('crashed')).toBe(0)
    expect(table.rowsForReadme()).toEqual(rowsOfDocs())
  }, 600_000)

  // One of each kind is enough: 2,000 files × 9 cuts say nothing more.
  const kinds = new Map(files.map((file) => [extname(file), file]))

  it('gives every file that is cut short an outcome', async () => {
    const table = new Table()
    await inParallel([...kinds.values()], async (file) => {
      const whole = readFileSync(file)
      const mediaType = await mediaTypeOf(file, whole)
      if (lookOf(mediaType) === null) return
      for (let tenth = 1; tenth <= 9; tenth++) {
        table.add(
          mediaType,
          classOf(await look(pool, whole.subarray(0, (whole.length * tenth) / 10), mediaType)),
        )
      }
    })
    table.print('Cut at every tenth')
    expect(table.total('crashed')).toBe(0)
  }, 600_000)

  it('gives every file with flipped bits an outcome', async () => {
    const table = new Table()
    await inParallel([...kinds.values()], async (file) => {
      const whole = readFileSync(file)
      const mediaType = await mediaTypeOf(file, whole)
      if (lookOf(mediaType) === null) return
      for (let seed = 1; seed <= 6; seed++)
        table.add(mediaType, classOf(await look(pool, flipped(whole, seed), mediaType)))
    })
    table.print('Bits flipped')
    expect(table.total('crashed')).toBe(0)
  }, 600_000)

  it('gives every file that is taken for another format an outcome', async () => {
    const table = new Table()
    await inParallel([...kinds.values()], async (file) => {
      const whole = readFileSync(file)
      for (const wrong of ['image/jpeg', 'image/heic', 'image/tiff', 'image/bmp', 'image/x-tga', 'video/mp4'])
        table.add(wrong, classOf(await look(pool, whole, wrong)))
    })
    table.print('Taken for another format')
    expect(table.total('crashed')).toBe(0)
  }, 600_000)
})
