import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { notDone } from '../../src/contracts/stage.ts'
import { openTargets } from '../../src/formats/archives/open.ts'
import { sourceOfBuffer } from '../../src/formats/bytes/byte-source.ts'
import { CompoundDamaged, CompoundFile } from '../../src/formats/compound/compound-file.ts'
import { unpackedRtf } from '../../src/formats/compound/packed-rtf.ts'
import { TextEncrypted } from '../../src/formats/documents/text-extractor.ts'
import { identifyContent } from '../../src/formats/signatures/index.ts'
import { textExtractorFor } from '../../src/formats/text/index.ts'
import type { OpenPart } from '../../src/wire/open-part.ts'
import {
  compoundFile,
  doc,
  drawingRecords,
  drawnPicture,
  filePass,
  msg,
  ole10Native,
  ppt,
  type SampleMessage,
  slideRecord,
  thumbsDb,
  xls,
} from './compound-files.ts'

const jpeg = Buffer.concat([Buffer.from('ffd8ffe000104a46494600', 'hex'), Buffer.alloc(5000, 7)])
const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(20_000, 9)])
const note = Buffer.from('The ferry leaves at ten.\n')

async function members(bytes: Buffer, limits = {}) {
  const { mediaType } = await identifyContent(bytes)
  const parts: OpenPart[] = []
  const budget = { entries: 100, bytes: 1 << 20, ratio: 1000, ...limits }
  await openTargets(
    { mediaType, mode: 'list', targets: [''], budgets: [budget], privileged: null, heldBytes: 1 << 30 },
    sourceOfBuffer(bytes),
    (part) => parts.push(part),
  )
  return {
    found: parts
      .filter((part) => part.type === 'member')
      .map((part) => [part.kind, part.name, part.sizeBytes]),
    parts: parts.filter((part) => part.type === 'member'),
    result: parts.find((part) => part.type === 'opened')!.result,
  }
}

const LIMITS = { textChars: 1 << 20, unpackedBytes: 1 << 24, ratio: 1000 }

async function words(bytes: Buffer): Promise<string> {
  const { mediaType } = await identifyContent(bytes)
  return (await textExtractorFor(mediaType)!.extract(bytes, LIMITS)).text
}

describe('storages and streams', () => {
  const streams = {
    small: Buffer.from('below the cutoff'),
    'folder/large': Buffer.alloc(10_000, 3),
    'folder/inner/empty': Buffer.alloc(0),
  }

  it('are found by path without case, in mini and in full sectors', () => {
    const file = new CompoundFile(sourceOfBuffer(compoundFile(streams)))
    for (const [path, content] of Object.entries(streams))
      expect(file.stream(path.toUpperCase()), path).toEqual({ bytes: content, whole: true })
    expect(file.stream('folder')).toBeNull()
    expect(file.stream('nowhere')).toBeNull()
  })

  it('a chain that runs in a circle gives the stream up to there', () => {
    const bytes = compoundFile(streams)
    const fat = bytes.length - 512
    // The large stream is the first that lies in sectors of its own: sector 2 leads back to 0.
    bytes.writeUInt32LE(0, fat + 2 * 4)
    const { bytes: read, whole } = new CompoundFile(sourceOfBuffer(bytes)).stream('folder/large')!
    expect([read.length, whole]).toEqual([3 * 512, false])
  })

  it('siblings that point in a circle are each found once', () => {
    const bytes = compoundFile(streams)
    const small = bytes.indexOf(Buffer.from('small', 'utf16le'))
    for (const sibling of [68, 72]) bytes.writeUInt32LE(1, small + sibling)
    const file = new CompoundFile(sourceOfBuffer(bytes))
    expect(file.entries.map(({ path }) => path)).toEqual(['', 'small'])
    expect(file.directoryWhole).toBe(false)
    expect(new CompoundFile(sourceOfBuffer(compoundFile(streams))).directoryWhole).toBe(true)
  })

  it('a directory that points outside itself is said to be damaged, with what was found', async () => {
    const bytes = doc(['words'], { Data: drawnPicture('jpg', jpeg) })
    const data = bytes.indexOf(Buffer.from('Data\0', 'utf16le'))
    for (const sibling of [68, 72])
      if (bytes.readUInt32LE(data + sibling) === 0xffffffff) bytes.writeUInt32LE(9999, data + sibling)
    const { found, result } = await members(bytes)
    expect(found).toEqual([['embedded', 'Data/picture-1.jpg', String(jpeg.length)]])
    expect(result).toMatchObject({ result: 'done-with-warnings', reason: 'partly-examined' })
    const { mediaType } = await identifyContent(bytes)
    const limits = { textChars: 1 << 20, unpackedBytes: 1 << 24, ratio: 1000 }
    expect((await textExtractorFor(mediaType)!.extract(bytes, limits)).warnings).toEqual([
      { code: 'compound-directory-damaged', params: {} },
    ])
  })

  it('streams that all lie in the same place are not read without end', () => {
    const names = Array.from({ length: 100 }, (_, i) => [`s${i}`, Buffer.alloc(i === 0 ? 1 << 20 : 5000)])
    const bytes = compoundFile(Object.fromEntries(names))
    for (let i = 1; i < 100; i++) {
      const at = bytes.indexOf(Buffer.from(`s${i}\0`, 'utf16le'))
      bytes.writeUInt32LE(0, at + 116)
      bytes.writeUInt32LE(1 << 20, at + 120)
    }
    const file = new CompoundFile(sourceOfBuffer(bytes))
    expect(() => {
      for (const entry of file.entries) if (entry.kind === 'stream') file.read(entry)
    }).toThrow(CompoundDamaged)
  })

  it('cut anywhere or with any byte of its header changed, it ends in streams or in damage', () => {
    const whole = compoundFile(streams)
    const tried = [
      ...Array.from({ length: 40 }, (_, i) => whole.subarray(0, Math.floor((whole.length * i) / 40))),
      ...Array.from({ length: 512 }, (_, i) => {
        const changed = Buffer.from(whole)
        changed[i] = changed[i]! ^ 0xff
        return changed
      }),
    ]
    let damaged = 0
    for (const bytes of tried)
      try {
        const file = new CompoundFile(sourceOfBuffer(bytes))
        for (const entry of file.entries) if (entry.kind === 'stream') file.read(entry)
      } catch (error) {
        expect(error).toBeInstanceOf(CompoundDamaged)
        damaged++
      }
    expect(damaged).toBeGreaterThan(10)
  })
})

describe('documents of older Office', () => {
  it('pictures of Word lie in its data, packaged files in its objects', async () => {
    const bytes = doc(['words'], {
      Data: Buffer.concat([
        Buffer.alloc(68),
        drawnPicture('jpg', jpeg),
        Buffer.alloc(40),
        drawnPicture('png', png),
      ]),
      'ObjectPool/_1/\u0001Ole10Native': ole10Native('timetable.txt', note),
      'ObjectPool/_2/Package': note,
    })
    expect((await members(bytes)).found).toEqual([
      ['embedded', 'Data/picture-1.jpg', String(jpeg.length)],
      ['embedded', 'Data/picture-2.png', String(png.length)],
      ['embedded', 'timetable.txt', String(note.length)],
      ['embedded', 'ObjectPool/_2/Package', String(note.length)],
    ])
  })

  it('pictures of Excel are put together from pieces', async () => {
    const bytes = xls(['words'], {}, [drawingRecords(drawnPicture('png', png))])
    expect((await members(bytes)).found).toEqual([['embedded', 'Workbook/picture-1.png', String(png.length)]])
  })

  it('pictures and embedded documents of PowerPoint', async () => {
    const inner = xls(['inner'])
    const object = slideRecord(0, 1, 0x1011, Buffer.alloc(4), deflateSync(inner))
    const bytes = ppt(['words'], { Pictures: drawnPicture('jpg', jpeg) }, [object])
    const { found, parts } = await members(bytes)
    expect(found).toEqual([
      ['embedded', 'PowerPoint Document/object-1', String(inner.length)],
      ['embedded', 'Pictures/picture-1.jpg', String(jpeg.length)],
    ])
    expect(parts[0]!.mediaType).toBe('application/vnd.ms-excel')
    // And again, when they are looked at: without the limits of the listing.
    const again = found.map(([, name]) => `\0embedded:${name}`)
    const given: Buffer[] = []
    await openTargets(
      {
        mediaType: 'application/vnd.ms-powerpoint',
        mode: 'bytes',
        targets: again,
        budgets: [],
        privileged: null,
        heldBytes: 1 << 30,
      },
      sourceOfBuffer(bytes),
      (_part, content) => given.push(content),
    )
    expect(given).toEqual([inner, jpeg])
  })

  it('an embedded document that unpacks beyond the limit stops there', async () => {
    const bomb = slideRecord(0, 1, 0x1011, Buffer.alloc(4), deflateSync(Buffer.alloc(4 << 20)))
    expect((await members(ppt(['words'], {}, [bomb]))).result).toMatchObject({
      result: 'not-done',
      reason: 'over-container-limit',
    })
  })

  it('encrypted ones say so, in text and in pictures', async () => {
    const word = doc(['words'])
    const flags = word.indexOf(Buffer.from('eca5c100', 'hex')) + 10
    word.writeUInt16LE(word.readUInt16LE(flags) | 0x0100, flags)
    for (const bytes of [word, xls(['words'], {}, [filePass]), ppt(['words'], { EncryptedSummary: note })]) {
      await expect(words(bytes)).rejects.toThrow(TextEncrypted)
      expect((await members(bytes)).result).toMatchObject({ result: 'not-done', reason: 'encrypted' })
    }
  })

  it('text: fields give their result and where they lead, cells their value, masters nothing', async () => {
    expect(
      await words(
        doc(['before \u0013 HYPERLINK "http://example.org/" \u0014shown\u0015 after', 'a\u0007b\u0007']),
      ),
    ).toBe('before http://example.org/ shown after\na\tb')
    expect(await words(xls(['one', 'two']))).toBe('Sheet1\n\none\t0\ntwo\t7')
    expect(await words(ppt(['one', 'два']))).toBe('one\nдва')
  })

  it('text of embedded documents is read where it lies; damage in one takes nothing from the others', async () => {
    const streams = (bytes: Buffer, at: string) => {
      const file = new CompoundFile(sourceOfBuffer(bytes))
      return Object.fromEntries(
        file.entries
          .filter(({ kind }) => kind === 'stream')
          .map((e) => [`${at}${e.path}`, file.read(e).bytes]),
      )
    }
    const bytes = doc(['outer words'], {
      ...streams(doc(['inner words']), 'ObjectPool/_1/'),
      ...streams(xls(['a cell']), 'ObjectPool/_2/'),
      'ObjectPool/_3/WordDocument': Buffer.alloc(5000),
    })
    const { text, warnings } = await textExtractorFor('application/msword')!.extract(bytes, LIMITS)
    expect(text).toMatch(/^outer words\n+inner words\n+Sheet1\n+a cell/)
    expect(warnings).toEqual([{ code: 'embedded-document-damaged', params: { text: 'no-word-header' } }])
  })

  it('what is identified as a compound file alone is opened by its directory', async () => {
    // The directory lies beyond what is looked at: in front of it are two large streams.
    const bytes = doc(['hidden words'], { a: Buffer.alloc(3 << 20), z: Buffer.alloc(3 << 20) })
    expect(
      (
        await textExtractorFor('application/x-cfb')!.extract(bytes, {
          textChars: 99,
          unpackedBytes: 9,
          ratio: 9,
        })
      ).text,
    ).toBe('hidden words')
  })
})

describe('Outlook messages', () => {
  const message = msg({
    subject: 'Laiškas',
    body: 'The outer words.',
    attachments: [
      { name: 'note.txt', content: note },
      { name: '../../etc/passwd', content: note },
      {
        name: 'Forwarded',
        content: {
          subject: 'Inner',
          body: 'The inner words.',
          attachments: [{ name: 'photo.jpg', content: jpeg }],
        },
      },
    ],
  })

  it('attachments are members, those of a forwarded message under its name', async () => {
    expect((await members(message)).found).toEqual([
      ['attachment', 'note.txt', String(note.length)],
      ['attachment', '../../etc/passwd', String(note.length)],
      ['attachment', 'Forwarded/photo.jpg', String(jpeg.length)],
    ])
  })

  it('messages inside messages are followed sixteen deep, and what lies deeper is said to be left out', async () => {
    const nested = (depth: number): SampleMessage => ({
      subject: 'm',
      body: `depth ${depth}`,
      attachments: [{ name: 'm', content: depth === 0 ? note : nested(depth - 1) }],
    })
    expect((await members(msg(nested(15)))).found).toHaveLength(1)
    const { found, result } = await members(msg(nested(16)))
    expect(found).toEqual([])
    expect(result).toMatchObject({ result: 'not-done', reason: 'over-container-limit' })
  })

  it('text: who, to whom, when, what, and the message inside', async () => {
    expect(await words(message)).toBe(
      'Subject: Laiškas\nFrom: <ana@sender.example>\nTo: Ben\nDate: 2026-02-02T08:00:00.000Z\n\nThe outer words.\n\nSubject: Inner\nFrom: <ana@sender.example>\nTo: Ben\nDate: 2026-02-02T08:00:00.000Z\n\nThe inner words.',
    )
  })

  it('mail of a privileged sender is not opened', async () => {
    const parts: OpenPart[] = []
    await openTargets(
      {
        mediaType: 'application/vnd.ms-outlook',
        mode: 'list',
        targets: [''],
        budgets: [{ entries: 9, bytes: 1 << 20, ratio: 9 }],
        privileged: { addresses: ['ana@sender.example'], domains: [] },
        heldBytes: 1 << 30,
      },
      sourceOfBuffer(message),
      (part) => parts.push(part),
    )
    expect(parts).toEqual([
      {
        type: 'opened',
        target: '',
        result: notDone('privileged'),
        members: 0,
        appendedAt: null,
        lock: null,
      },
    ])
  })

  it('packed RTF is the example of its specification', () => {
    // MS-OXRTFCP 4.1.1: compressed and plain form of the same document.
    const packed = Buffer.from(
      '2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0',
      'hex',
    )
    expect(unpackedRtf(packed)?.toString()).toBe('{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n')
    for (let cut = 0; cut < packed.length; cut++) unpackedRtf(packed.subarray(0, cut))
  })
})

describe('Thumbs.db', () => {
  it('each picture is a thumbnail with name and time of the file it was made of', async () => {
    const bytes = thumbsDb([
      { name: 'holiday.jpg', content: jpeg },
      { name: 'žuvis.png', content: png },
    ])
    const { parts, result } = await members(bytes)
    expect(result).toEqual({ result: 'done' })
    expect(
      parts.map(({ kind, name, sizeBytes, mediaType, modified }) => [
        kind,
        name,
        sizeBytes,
        mediaType,
        modified?.ns,
      ]),
    ).toEqual([
      ['thumbnail', 'holiday.jpg', String(jpeg.length), 'image/jpeg', '1714953600000000000'],
      [
        'thumbnail',
        Buffer.from('žuvis.png').toString('latin1'),
        String(png.length),
        'image/png',
        '1714953600000000000',
      ],
    ])
  })
})
