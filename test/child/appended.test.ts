import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { appendedZip } from '../../src/formats/archives/appended-zip.ts'
import { openTargets } from '../../src/formats/archives/open.ts'
import { sourceOfBuffer } from '../../src/formats/bytes/byte-source.ts'
import { endRecordIn } from '../../src/formats/signatures/appended.ts'
import { identifyContent } from '../../src/formats/signatures/index.ts'
import type { OpenPart } from '../../src/wire/open-part.ts'
import { exported, scanArgs, seized, temporaryFolder } from '../e2e/seized.ts'
import { zipOf } from './archives.ts'
import { pdf } from './text/documents.ts'

const letter = Buffer.from('The train leaves at nine.\n')
const picture = (background: string) => sharp({ create: { width: 96, height: 64, channels: 3, background } })
const archive = zipOf({ 'letter.txt': letter, 'x/note.txt': Buffer.from('another') })

/** The archive moved behind `before`, its offsets counted from the beginning of all, as `zip -A` leaves them. */
function adjusted(before: Buffer): Buffer {
  const moved = Buffer.from(archive)
  const end = moved.lastIndexOf('PK\x05\x06', undefined, 'latin1')
  const directory = moved.readUInt32LE(end + 16)
  for (let at = directory; at < end; ) {
    moved.writeUInt32LE(moved.readUInt32LE(at + 42) + before.length, at + 42)
    at += 46 + moved.readUInt16LE(at + 28) + moved.readUInt16LE(at + 30) + moved.readUInt16LE(at + 32)
  }
  moved.writeUInt32LE(directory + before.length, end + 16)
  return Buffer.concat([before, moved])
}

describe('an archive behind something else', async () => {
  const jpeg = await picture('#888').jpeg().toBuffer()
  const png = await picture('#777').png().toBuffer()

  it.each<[string, Buffer, number]>([
    ['a JPEG', Buffer.concat([jpeg, archive]), jpeg.length],
    ['a PNG', Buffer.concat([png, archive]), png.length],
    ['a JPEG, its offsets adjusted', adjusted(jpeg), jpeg.length],
    [
      'a PNG that goes on behind it',
      Buffer.concat([png, archive, Buffer.from('IEND and so on')]),
      png.length,
    ],
    ['bytes that nothing recognises', Buffer.concat([Buffer.alloc(999, 7), archive]), 999],
  ])('is seen behind %s, and cut out', async (_, whole, startsAt) => {
    expect(await identifyContent(whole)).toMatchObject({ hasAppended: true })
    const found = appendedZip(sourceOfBuffer(whole))!
    expect(found.startsAt).toBe(startsAt)
    expect(found.source.read(found.source.sizeBytes - 22, 4).toString('latin1')).toBe('PK\x05\x06')
    expect(found.source.read(found.source.sizeBytes - 5, 100).length).toBe(5)
  })

  it('is not seen in ordinary pictures, in archives themselves, or in a record that does not add up', async () => {
    for (const whole of [jpeg, png, archive])
      expect((await identifyContent(whole)).hasAppended).toBeUndefined()
    const end = archive.subarray(archive.length - 22)
    const changed = (offset: number, value: number) => {
      const record = Buffer.from(end)
      record.writeUInt16LE(value, offset)
      return Buffer.concat([jpeg, record])
    }
    // The directory is missing; more members than it has room for; parts; a comment beyond the end; none; ZIP64.
    expect(appendedZip(sourceOfBuffer(Buffer.concat([jpeg, end])))).toBeNull()
    for (const [offset, value] of [
      [10, 900],
      [8, 1],
      [4, 1],
      [20, 5],
      [10, 0],
      [10, 0xffff],
    ] as const)
      expect([offset, endRecordIn(changed(offset, value), jpeg.length + 22)]).toEqual([offset, null])
    const hostile = Buffer.alloc(65_536, 'PK\x05\x06')
    expect(endRecordIn(hostile, hostile.length)).toBeNull()
  })

  it('is opened behind a PDF, after what is attached to that', async () => {
    const whole = Buffer.concat([pdf(['The train leaves at nine.']), archive])
    const { mediaType } = await identifyContent(whole)
    const parts: OpenPart[] = []
    await openTargets(
      {
        mediaType,
        mode: 'list',
        targets: [''],
        budgets: [{ entries: 10, bytes: 1 << 20, ratio: 1000 }],
        privileged: null,
        heldBytes: 1 << 30,
      },
      sourceOfBuffer(whole),
      (part) => parts.push(part),
    )
    expect(mediaType).toBe('application/pdf')
    expect(parts.map((part) => (part.type === 'member' ? part.name : part.type))).toEqual([
      'letter.txt',
      'x/note.txt',
      'opened',
    ])
    expect(parts.at(-1)).toMatchObject({
      result: { result: 'done' },
      appendedAt: whole.length - archive.length,
    })
  })

  it('is opened in a scan: members are matched, looked at and said where they lie; the picture is looked at as before', async () => {
    const folder = temporaryFolder()
    const root = join(folder, 'exhibit')
    mkdirSync(root)
    const inner = await picture('#345').png().toBuffer()
    const files = { 'in/seen.png': inner, 'in/letter.txt': letter, 'in/deep.zip': zipOf({ 'a.txt': letter }) }
    writeFileSync(join(root, 'holiday.jpg'), Buffer.concat([jpeg, zipOf(files)]))
    writeFileSync(join(root, 'plain.jpg'), jpeg)
    writeFileSync(join(root, 'torn.jpg'), Buffer.concat([jpeg, zipOf(files).subarray(60)]))
    const list = join(folder, 'list.txt')
    writeFileSync(list, `${createHash('sha256').update(letter).digest('hex')}\n`)
    const ledger = join(folder, 'case.sqlite')
    const scan = seized(scanArgs(root, ledger, [`interest:${list}`], '--workers', '1'))
    expect(scan.stderr).toBe('')
    const rows = exported(ledger, folder)
    const row = (path: string) => rows.find((one) => one.path === path)
    const inside = rows.filter(({ path }) => path.startsWith('holiday.jpg ')).map(({ path }) => path)
    expect(inside.map((path) => path.replace('holiday.jpg » member ', ''))).toEqual([
      'in/deep.zip',
      'in/deep.zip » member a.txt',
      'in/letter.txt',
      'in/seen.png',
    ])
    expect(row('holiday.jpg » member in/letter.txt').hits).toHaveLength(1)
    expect(row('holiday.jpg » member in/deep.zip » member a.txt').hits).toHaveLength(1)
    expect(row('holiday.jpg » member in/seen.png').stages['looked-at']).toMatchObject({
      result: 'done-with-warnings',
      reason: 'too-flat-for-models',
    })
    expect(row('holiday.jpg').mediaType).toBe('image/jpeg')
    expect(row('holiday.jpg').stages.opened).toMatchObject({ result: 'done' })
    expect(row('holiday.jpg').stages['looked-at']).toEqual(row('plain.jpg').stages['looked-at'])
    expect(row('plain.jpg').stages['looked-at'].reason).toBe('too-flat-for-models')
    expect(row('holiday.jpg').attributes).toContainEqual({
      code: 'appended-archive',
      params: { offset: jpeg.length, mediaType: 'image/jpeg' },
    })
    expect(row('plain.jpg').stages.opened).toMatchObject({
      result: 'not-applicable',
      reason: 'not-a-container',
    })
    // No directory leads to it any more: what is left of it is a member as it lies there.
    expect(row('torn.jpg').stages.opened.result).toBe('done')
    expect(rows.some(({ path }) => path.startsWith('torn.jpg » embedded '))).toBe(true)
    expect(seized(['verify', ledger]).status).toBe(0)
  }, 180_000)
})
