import { describe, expect, it } from 'vitest'
import { jpeg } from '../../fixtures/pictures.ts'
import { openTargets } from '../../src/formats/archives/open.ts'
import { SLOT_BYTES } from '../../src/formats/archives/thumbcache.ts'
import { sourceOfBuffer } from '../../src/formats/bytes/byte-source.ts'
import { identifyContent } from '../../src/formats/signatures/index.ts'
import type { OpenPart } from '../../src/wire/open-part.ts'
import { database, thumbdataFile } from './thumbnail-stores.ts'

const small = (seed: number) => jpeg({ seed, width: 96, height: 72 })

async function list(bytes: Buffer, entries = 1000) {
  const parts: OpenPart[] = []
  const { mediaType } = await identifyContent(bytes)
  await openTargets(
    {
      mediaType,
      mode: 'list',
      targets: [''],
      budgets: [{ entries, bytes: 1e8, ratio: 1000 }],
      privileged: null,
      heldBytes: 1e8,
    },
    sourceOfBuffer(bytes),
    (part) => parts.push(part),
  )
  const members = parts.filter((part) => part.type === 'member')
  const end = parts.find((part) => part.type === 'opened')!
  return {
    mediaType,
    result: end.result,
    members: members.map(({ kind, name, sizeBytes, mediaType: type }) => [
      kind,
      name,
      Number(sizeBytes),
      type,
    ]),
  }
}

describe('a thumbnail cache of Windows', () => {
  it.each([0x14, 0x15, 0x1a, 0x20])(
    'of version %i: each picture is a thumbnail under its identifier',
    async (version) => {
      const [first, second] = [await small(1), await small(2)]
      const bytes = database(version, [
        { name: '8b2d4a6c', data: first },
        { name: 'empty', data: Buffer.alloc(0) },
        { name: '', data: second },
      ])
      expect(await list(bytes)).toEqual({
        mediaType: 'application/x-ms-thumbcache',
        result: { result: 'done' },
        members: [
          ['thumbnail', '8b2d4a6c', first.length, 'image/jpeg'],
          ['thumbnail', '0000000000001234', second.length, 'image/jpeg'],
        ],
      })
    },
  )

  it('goes on behind a damaged record, and says so', async () => {
    const records = [1, 2, 3].map(async (seed) => ({ name: `r${seed}`, data: await small(seed) }))
    const bytes = database(0x20, await Promise.all(records))
    const second = bytes.indexOf('CMMM', bytes.indexOf('CMMM', 4) + 4)
    bytes.writeUInt32LE(0xffff_ffff, second + 4)
    const { members, result } = await list(bytes)
    expect(members.map(([, name]) => name)).toEqual(['r1', 'r3'])
    expect(result).toMatchObject({ result: 'done-with-warnings', reason: 'partly-examined' })
  })

  it('stops at the limit of members; the index beside it holds none', async () => {
    const data = await small(1)
    const bytes = database(
      0x15,
      [1, 2, 3].map((n) => ({ name: `${n}`, data })),
    )
    expect((await list(bytes, 2)).result).toMatchObject({ reason: 'over-container-limit' })
    expect(await list(Buffer.from('IMMM'.padEnd(200, '\0')))).toMatchObject({
      result: { result: 'done' },
      members: [],
    })
  })
})

describe('a thumbnail store of Android', () => {
  it('is told by its slots; each used one is a thumbnail under its number', async () => {
    const [first, second] = [await small(1), await small(2)]
    expect(await list(thumbdataFile([null, first, null, second]))).toEqual({
      mediaType: 'application/x-android-thumbdata',
      result: { result: 'done' },
      members: [
        ['thumbnail', '1', first.length, 'image/jpeg'],
        ['thumbnail', '3', second.length, 'image/jpeg'],
      ],
    })
  })

  it('counts the slots that hold something else', async () => {
    const bytes = thumbdataFile([await small(1), await small(2)])
    bytes.writeUInt32BE(SLOT_BYTES, SLOT_BYTES + 9)
    const { result, members } = await list(bytes)
    expect(result).toMatchObject({ reason: 'partly-examined' })
    expect(members.map(([, name]) => name)).toEqual(['0'])
  })
})

describe('any cut or changed byte', () => {
  it('ends in a result', async () => {
    const data = await small(1)
    const files = [
      database(0x14, [
        { name: 'n', data },
        { name: 'm', data },
      ]),
      thumbdataFile([data, data]),
    ]
    for (const file of files) {
      for (let i = 0; i < 60; i++) {
        const at = Math.floor((file.length * i) / 60)
        const changed = Buffer.from(file)
        changed.fill(0xff, at, at + 4)
        for (const bytes of [file.subarray(0, Math.max(at, 24)), changed])
          expect((await list(bytes)).result.result).toMatch(
            /^(done|done-with-warnings|not-done|not-applicable)$/,
          )
      }
    }
  })
})
