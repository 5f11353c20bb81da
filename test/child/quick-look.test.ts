/** QuickLook's thumbnails (macOS), made as its two schemas have them: bitmaps as pictures, under the name of their file. */
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { drawing } from '../../fixtures/pictures.ts'
import { openTargets } from '../../src/formats/archives/open.ts'
import { sourceOfBuffer } from '../../src/formats/bytes/byte-source.ts'
import { decodePicture, loadDecoders } from '../../src/formats/media/picture/decode.ts'
import { mutant } from '../formats/artefacts/records-of.ts'
import { listContainer } from './list-container.ts'

const [WIDTH, HEIGHT, ROW] = [50, 34, 256]
const rgb = await drawing({ seed: 5, width: WIDTH, height: HEIGHT }).removeAlpha().raw().toBuffer()

/** Four bytes a pixel, in rows of 256. @param order where in them red, green, blue and alpha stand; the left half is half transparent */
function bitmap(
  order: readonly number[],
  alphaAt: (x: number) => number = () => 255,
  isPlain = false,
): Buffer {
  const bytes = Buffer.alloc(ROW * HEIGHT, 0x77)
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) {
      const alpha = alphaAt(x)
      const of = [...rgb.subarray((y * WIDTH + x) * 3, (y * WIDTH + x) * 3 + 3)]
      const values = [...of.map((value) => (isPlain ? value : Math.round((value * alpha) / 255))), alpha]
      for (const [channel, at] of order.entries()) bytes[y * ROW + x * 4 + at] = values[channel]!
    }
  return bytes
}

const SCHEMA = `CREATE TABLE thumbnails (file_id INTEGER, size REAL, width INTEGER, height INTEGER, bitspercomponent INTEGER, bitsperpixel INTEGER, bytesperrow INTEGER, bitmapinfo INTEGER, hit_count INTEGER, last_hit_date REAL, bitmapdata_location INTEGER, bitmapdata_length INTEGER);`
const NAMED = `${SCHEMA} CREATE TABLE files (folder TEXT, file_name TEXT, fs_id TEXT, version BLOB);`
const NUMBERED = `${SCHEMA} CREATE TABLE basic_files (fileId INTEGER, fsid INTEGER, version BLOB);`

interface Row {
  readonly id: bigint
  readonly info: number
  readonly at: number
  readonly bits?: number
}

function index(schema: string, rows: readonly Row[]): Buffer {
  const db = new Database(':memory:')
  db.exec(schema)
  if (schema === NAMED)
    db.exec(
      "INSERT INTO files VALUES ('/Users/x/Pictures/', 'lake.jpg', '1.2', x''), ('/Volumes/STICK', 'hill.png', '3.4', x'')",
    )
  const add = db.prepare('INSERT INTO thumbnails VALUES (?, 64, ?, ?, 8, ?, ?, ?, 3, 620000000, ?, ?)')
  for (const { id, info, at, bits = 32 } of rows)
    add.run(id, WIDTH, HEIGHT, bits, ROW, info, at, ROW * HEIGHT)
  const bytes = db.serialize()
  db.close()
  return bytes
}

const beside = (data: Buffer) => new Map([['thumbnails.data', data]])
const [BGRA, RGBA, ABGR, ARGB] = [
  [2, 1, 0, 3],
  [0, 1, 2, 3],
  [3, 2, 1, 0],
  [1, 2, 3, 0],
]

async function pictureOf(file: Buffer, data: Buffer, name: string): Promise<Buffer> {
  let found: Buffer | null = null
  const target = `\0thumbnail:${name}`
  await openTargets(
    {
      mediaType: 'application/x-sqlite3',
      mode: 'bytes',
      targets: [target],
      budgets: [{ entries: 10, bytes: 1 << 20, ratio: 100 }],
      privileged: null,
      heldBytes: 1 << 20,
    },
    sourceOfBuffer(file),
    (_, bytes) => {
      found = bytes
    },
    beside(data),
  )
  await loadDecoders()
  const decoded = await decodePicture(found!, 'image/bmp', { pixels: 1e6 })
  if (!decoded.ok) throw new Error(decoded.reason)
  const { width, height, channels, data: pixels } = decoded.picture
  expect([width, height, channels]).toEqual([WIDTH, HEIGHT, 3])
  return Buffer.from(pixels)
}

describe("QuickLook's thumbnails", () => {
  it('are pictures under the path of their file, in every order of bytes, pixel for pixel', async () => {
    const layouts = [
      [0x2002, BGRA],
      [0x2006, BGRA],
      [1, RGBA],
      [0x4002, ARGB],
      [0x2001, ABGR],
    ] as const
    const data = Buffer.concat([Buffer.alloc(10), ...layouts.map(([, order]) => bitmap(order))])
    for (const [i, [info]] of layouts.entries()) {
      const file = index(NAMED, [{ id: 1n, info, at: 10 + i * ROW * HEIGHT }])
      const { members, result } = await listContainer(file, undefined, '', beside(data))
      expect(result).toEqual({ result: 'done' })
      expect(members.map(({ kind, name, mediaType }) => [kind, name, mediaType])).toEqual([
        ['thumbnail', '/Users/x/Pictures/lake.jpg 50x34', 'image/bmp'],
      ])
      expect(await pictureOf(file, data, '/Users/x/Pictures/lake.jpg 50x34')).toEqual(rgb)
    }
  })

  it('that are transparent stand on white', async () => {
    for (const [info, isPlain] of [
      [0x2002, false],
      [0x2004, true],
    ] as const) {
      const data = bitmap(BGRA, (x) => (x < 10 ? 0 : 128), isPlain)
      const seen = await pictureOf(
        index(NAMED, [{ id: 2n, info, at: 0 }]),
        data,
        '/Volumes/STICK/hill.png 50x34',
      )
      expect([...seen.subarray(0, 30)]).toEqual(Array(30).fill(255))
      for (let i = 30; i < 150; i++) expect(Math.abs(seen[i]! - (rgb[i]! / 2 + 127))).toBeLessThan(2)
    }
  })

  it('of later versions, which keep no names, go by the number of the file', async () => {
    const file = index(NUMBERED, [{ id: -(1n << 63n) + 4711n, info: 0x2002, at: 0 }])
    const { members } = await listContainer(file, undefined, '', beside(bitmap(BGRA)))
    expect(members.map(({ name }) => name)).toEqual(['file 4711 50x34'])
  })

  it('of which the layout is not known are counted, and not built where none is', async () => {
    const rows = [
      { id: 1n, info: 0x2002, at: 0, bits: 16 },
      { id: 2n, info: 0x12_002, at: 0 },
    ]
    const unknown = await listContainer(index(NAMED, rows), undefined, '', beside(bitmap(BGRA)))
    expect([unknown.result, unknown.members]).toEqual([
      {
        result: 'not-done',
        reason: 'not-built',
        detail: { code: 'bitmaps-unknown', params: { bitmaps: 2 } },
      },
      [],
    ])
    const both = [...rows, { id: 1n, info: 0x2002, at: 0 }, { id: 1n, info: 0x2002, at: 99_999 }]
    const some = await listContainer(index(NAMED, both), undefined, '', beside(bitmap(BGRA)))
    expect([some.result.result, some.members.length]).toEqual(['done-with-warnings', 1])
  })

  it('hold no mutant up', async () => {
    const file = index(
      NAMED,
      [1, 2, 1].map((id, at) => ({ id: BigInt(id), info: 0x2002, at: at * 100 })),
    )
    const data = bitmap(BGRA)
    for (let i = 0; i < 200; i++) {
      const { result } = await listContainer(mutant(file, i), 'application/x-sqlite3', '', beside(data))
      expect(result.result).toMatch(/^(done|done-with-warnings|not-done)$/)
    }
  })
})
