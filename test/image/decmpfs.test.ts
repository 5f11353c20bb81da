/** decmpfs: streams made by Apple's reference encoder of LZFSE and LZVN (github.com/lzfse/lzfse, built as it is) from these texts. */
import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Medium } from '../../src/contracts/image.ts'
import { contentOf } from '../../src/formats/image/content/content.ts'
import { decmpfsOf } from '../../src/formats/image/content/decmpfs.ts'
import { decodeLzfse } from '../../src/formats/image/content/lzfse.ts'
import { decodeLzvn } from '../../src/formats/image/content/lzvn.ts'
import { randomBytes, seeded } from './random.ts'

const WORDS =
  'a lens of glass bends light toward its edge and the picture behind it stands upside down '.split(' ')

function text(seed: number, length: number): Buffer {
  const random = seeded(seed)
  let out = ''
  while (out.length < length) out += `${WORDS[random(WORDS.length)]} `
  return Buffer.from(out.slice(0, length))
}

const STREAMS = [
  {
    name: 'LZFSE with entropy codes',
    decode: decodeLzfse,
    content: text(1, 4500),
    stored: Buffer.from(
      'YnZ4MpQRAADEAAAGAB0CQC/DuJDjqQMwqAAAAD+Q4AGfQauqCICCgBc3VxdrtFEBhM5kHsyDeXFzdHh0dXV3cbHvDg7GyVprj2VF' +
        'AAAAAACAEwAAAAAAAADgrQAAAAAAAAAAAAAAAAAAAAD4OE7Wc/AnvA2Hz8JDAYc8Bx/ECYd/wW9xwiEAAAAAAAAAAAAAAAAAAAAA' +
        'AAAAAAAAAAAAAAAAAAAAAAAAAAAw5JgAHlsqFWS0yGJUZBjMTYYlavMEd+KEufb4T0wLrMXzAhIKnJoW8VXuh6ZIOkoKUXJWk6rz' +
        'NnUqglwjA6itUYCdF5NGm2STBlmgpLQbufpMjREkVHF14USjMJEbAAAAAAAAAAAAAOACwH8TndiesY4JyUFZBeHfbRFKIdR/g546' +
        'I2qS/Gs7MIdJTrd3/KsUyCgpa0sSHha6ofZ2fBy3Bam0jDxqUbObqzukeRgIZstyyEdFRfYMsS4dRgvqSBm0WOhyq0CwNmkZQfnl' +
        'XuPeXk8fkYLDt3987h4xO/6IEyUt+Ps0UjfQqu4HUHrRAumRr5JzrM4uzDG1S3670+DDlnz8gkK3zry4HZBGI9ogl5SAx/HPUv/c' +
        'iJvb7sFRT3hNSTHw60dC99KweEy+HhxJPXomjvHpffni5ZXlmr1DZAPFr/dxjt3oenAQf/filKIK9xUTu5ezdyrmNo7/1F9hYGqe' +
        'CktgXHQraUqC+mj+lET8ZbIZmvKFsjIZuRon2d93GDPbVUjErRYj59aBXEi9yOfFH8deJ+hfCCX74ZdG1r7s1Z71Do7ZhgITDnxR' +
        'CSiipjhkL9BaKYEV9Ek7IcMWQqVOO/nOkNXtU01IPZR2D/siRh/vdHdsLsugMJg3oCcOdOBydjjjtYzbkdf3Kn7binaGgXYhyNio' +
        'tpWIO0lTNDMOeo2FMYE6tVlHIGv9b4h5BRF3fnXi8WL7JpNlZ5tT9q8WiXloCVShazmK3dfOoh9DRaV3iDBu1woJwGSzhWIXPin0' +
        '1sIcJIvk8fSr3vLXp6DYTmWdQi8NmfJZFwY4nXiMtZWhLQFaISFTK76fgAwvW8Eivhp2uEGLnAPadD3uKveTUt6GuLJiMgg6f42i' +
        'snGnH4UBUT+PPzrTGkFZ4eLvUMR5iJW1LRrXILBg1ADRcr8S4U2hrNHp9L3rw2CgxdJg2h/TLwxg8g1vwER6Ah0Ht63xetmnJqF3' +
        '5k7XQzVb0eBY1UnKQDMYoSD4EHCb4Bjxe7wz5qNaQ/Ehcc4ZMh1zNFbAETiv3PadUqz0vUrj4v9i/HAyHcHGsF0THEuT11UQqLm5' +
        'jr0UytuSgnqsBMw/Rf49mj0JrqJ5b0Hr2l0rrjhg6xSYxJcsoCvzNmUGJwCG1XmmD8+u1rDmJssp/hlvexGV1tg/SWLipChNLDzY' +
        'AHz0gx0UdodgBnwM5VsfHVAQWSJsc1S+uSrFFaczI+n5U1feUgD3MHCoXbEHfbIYIbfU/7ZpzrrncdpUsmN2gEFrUIKUjJ1iIWBZ' +
        'ysiHT3O9XVJHRFVvbFlmpjyXiJDcFuUkOlGJFnYIkZQkDa6SMNafUmXUF0Y5UwFD+BJGcqXPJcHkE8A4T0qxz2cfRwfA/eGpoRWQ' +
        'D2J2eCQ=',
      'base64',
    ),
  },
  {
    name: 'LZFSE that holds LZVN',
    decode: decodeLzfse,
    content: text(2, 600),
    stored: Buffer.from(
      'YnZ4blgCAAAIAQAA52l0IGxpZ2goBuARYW5kIHVwc2lkZSBwaWN0dXJlIGVkZ2UgdG93YXJkIHN0ACHkcyBvZigK6WdsYXNzIGl0' +
        'cyg2yB90aGXmYmVoaW5kKDfrIGEgZG93biBsZW4QPRg2IBUQYChtADkIVzh08lCVYRA7EAUoe5gQYSDxCB8YUiB2aCNhEGAgDBBT' +
        'GDIgJzjp9lA7YSAVIAcIFBkaEEw4sTCdIB8JAyBqIDsQLAgXGJwoZigIIIUQJhgiGEkoWRCNGBMgWBgmWGxpKAQgbRjeGT045PJI' +
        'MGEgQCh6GFUYBjAUCDQwYTAXkdFvZpAHIGEIlCBYIHcIgggWED84i/LhYgYAAAAAAAAAYnZ4JA==',
      'base64',
    ),
  },
  {
    name: 'LZVN',
    decode: decodeLzvn,
    content: text(3, 700),
    stored: Buffer.from(
      '4AViZWhpbmQgYSBlZGdlIGxlbnMgaXQYDRAF6m9mIGJlbmRzIGEAJuVnbGFzcxglIDgQJMgic3Rh5XVwc2lkAETkaWdodCggOA3z' +
        'CEMgLAgLaDJh9uRkb3duCHyYXml08wB95nRvd2FyZAgYaKVhIDbIKHRoZfQgVQgSCAQQoSA5CGkgMQhZONkIKZgcaXTy53BpY3R1' +
        'cmUoNiBYIAcQMCgqOBv0CEMQbxAFOG3xOH/xGN8QRQgPGHkRZxlQMH0Q/RhKCCERexBmmCRpdPOQQSAgIGYo+hhjKCQhShkRmBhv' +
        'ZvMIfhnNID85gih0EDtoeGEY2hBcED0YsGhUYfQoCCCJIDkgDpgzb2bxCck5rxkCKFkQZSAoITYRLAiPCHUYJyA7IgPmc3RhbmRz' +
        'BgAAAAAAAAA=',
      'base64',
    ),
  },
]
const [LZFSE, , LZVN] = STREAMS as [(typeof STREAMS)[0], (typeof STREAMS)[0], (typeof STREAMS)[0]]

describe.each(STREAMS)('$name', ({ decode, content, stored }) => {
  it('decodes to what was encoded', () => {
    const target = Buffer.alloc(content.length)
    expect(decode(stored, target)).toBe(content.length)
    expect(target.equals(content)).toBe(true)
  })

  it('is not taken for a shorter or a longer content', () => {
    expect(decode(stored, Buffer.alloc(content.length - 1))).toBeLessThan(content.length - 1)
    expect(decode(stored, Buffer.alloc(content.length + 1))).toBeLessThan(content.length + 1)
  })

  it('ends on bytes that were changed or cut, within the target, never with an exception', () => {
    const random = seeded(stored.length)
    const target = Buffer.alloc(content.length)
    for (let round = 0; round < 2000; round++) {
      const changed = Buffer.from(stored.subarray(0, round % 4 === 0 ? random(stored.length) : stored.length))
      for (let count = random(4); count >= 0 && changed.length > 0; count--)
        changed[random(Math.min(changed.length, round % 2 === 0 ? 60 : changed.length))] = random(256)
      const decoded = decode(changed, target)
      expect(decoded >= 0 && decoded <= target.length).toBe(true)
    }
  })
})

function mediumOf(bytes: Buffer): Medium {
  return {
    sizeBytes: bytes.length,
    readInto: (target, offset) => bytes.copy(target, 0, offset, offset + target.length),
    damageIn: () => [],
  }
}

const HEADER_AT = 7
const FORK_AT = 300

/** A volume with an attribute at 7, in two runs, and a fork behind it. */
function stored(type: number, sizeBytes: number, inAttribute: Buffer, fork: Buffer | null) {
  const header = Buffer.alloc(16)
  header.write('fpmc', 'latin1')
  header.writeUInt32LE(type, 4)
  header.writeBigUInt64LE(BigInt(sizeBytes), 8)
  const attribute = Buffer.concat([header, inAttribute])
  const forkAt = Math.max(FORK_AT, HEADER_AT + attribute.length + 1)
  const bytes = Buffer.alloc(forkAt + (fork?.length ?? 0))
  attribute.subarray(0, 20).copy(bytes, HEADER_AT)
  attribute.subarray(20).copy(bytes, HEADER_AT + 21)
  fork?.copy(bytes, forkAt)
  const found = decmpfsOf(
    header,
    {
      runs: [
        { offset: HEADER_AT, length: Math.min(20, attribute.length) },
        { offset: HEADER_AT + 21, length: Math.max(0, attribute.length - 20) },
      ],
      sizeBytes: attribute.length,
    },
    fork ? { runs: [{ offset: forkAt, length: fork.length }], sizeBytes: fork.length } : null,
  )
  if (!found) throw new Error('no header')
  return { found, bytes }
}

/** @returns what is read, and causes of damage */
function read({ found, bytes }: ReturnType<typeof stored>, offset = 0, length = found.sizeBytes) {
  if (found.place.kind === 'none') return `${found.place.reason}: ${found.place.detail}`
  const content = contentOf(mediumOf(bytes), found.place, found.sizeBytes)
  const target = Buffer.alloc(length)
  const got = target.subarray(0, content.readInto(target, offset))
  return { got, causes: content.damageIn(offset, length).map(({ cause }) => cause) }
}

/** A resource fork with one resource: a count, and where each piece lies from that count on. */
function resourceFork(pieces: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(0x100 + 8 + pieces.length * 8)
  head.writeUInt32BE(0x100, 0)
  head.writeUInt32LE(pieces.length, 0x104)
  let at = 4 + pieces.length * 8
  for (const [index, piece] of pieces.entries()) {
    head.writeUInt32LE(at, 0x108 + index * 8)
    head.writeUInt32LE(piece.length, 0x10c + index * 8)
    at += piece.length
  }
  return Buffer.concat([head, ...pieces])
}

function offsetFork(pieces: readonly Buffer[]): Buffer {
  const table = Buffer.alloc((pieces.length + 1) * 4)
  let at = table.length
  for (const [index, piece] of [...pieces, Buffer.alloc(0)].entries()) {
    table.writeUInt32LE(at, index * 4)
    at += piece.length
  }
  return Buffer.concat([table, ...pieces])
}

const marked = (mark: number, bytes: Buffer): Buffer => Buffer.concat([Buffer.of(mark), bytes])
const NOISE = randomBytes(seeded(5), 65536)
const THREE = Buffer.concat([text(6, 65536), NOISE, text(7, 1000)])
const parts = [THREE.subarray(0, 65536), NOISE, THREE.subarray(131072)] as const

describe('decmpfs', () => {
  it.each([
    ['3, zlib in the attribute', 3, text(8, 900), deflateSync(text(8, 900))],
    ['3, as it is behind a mark', 3, text(8, 90), marked(0xff, text(8, 90))],
    ['7, LZVN in the attribute', 7, LZVN.content, LZVN.stored],
    ['7, as it is behind a mark', 7, text(8, 90), marked(0x06, text(8, 90))],
    ['11, LZFSE in the attribute', 11, LZFSE.content, LZFSE.stored],
    ['11, as it is behind a mark', 11, text(8, 90), marked(0xff, text(8, 90))],
    ['1, as it is', 1, text(8, 90), text(8, 90)],
    ['9, as it is behind a mark', 9, text(8, 90), marked(0xcc, text(8, 90))],
    ['3, nothing', 3, Buffer.alloc(0), Buffer.alloc(0)],
  ])('type %s', (_, type, content, inAttribute) => {
    expect(read(stored(type, content.length, inAttribute, null))).toEqual({ got: content, causes: [] })
  })

  it('finds pieces of 64 KiB in a fork of resources, at any place', () => {
    const fork = resourceFork([deflateSync(parts[0]), marked(0x0f, NOISE), deflateSync(parts[2])])
    const volume = stored(4, THREE.length, Buffer.alloc(0), fork)
    expect(volume.found.usesFork).toBe(true)
    expect(read(volume)).toEqual({ got: THREE, causes: [] })
    for (const [offset, length] of [
      [65530, 12],
      [131060, 900],
      [THREE.length - 1, 1],
    ] as const)
      expect(read(volume, offset, length)).toEqual({
        got: THREE.subarray(offset, offset + length),
        causes: [],
      })
  })

  it.each([
    [8, 0x06, LZVN],
    [12, 0xff, LZFSE],
  ])('finds pieces by the table that a fork of type %i begins with', (type, mark, last) => {
    const content = Buffer.concat([NOISE, NOISE, last.content])
    const fork = offsetFork([marked(mark, NOISE), marked(mark, NOISE), last.stored])
    expect(read(stored(type, content.length, Buffer.alloc(0), fork))).toEqual({ got: content, causes: [] })
  })

  it('says which piece is damaged, and reads the others', () => {
    const pieces = [marked(0x0f, parts[0]), Buffer.from([0x78, 1, 2, 3]), deflateSync(parts[2])]
    const read3 = read(stored(4, THREE.length, Buffer.alloc(0), resourceFork(pieces)))
    if (typeof read3 === 'string') throw new Error(read3)
    expect(read3.causes).toEqual(['zlib'])
    expect(read3.got.equals(Buffer.concat([parts[0], Buffer.alloc(65536), parts[2]]))).toBe(true)
    const short = read(stored(3, 901, deflateSync(text(8, 900)), null))
    expect(short).toEqual({ got: Buffer.alloc(901), causes: ['zlib'] })
  })

  it.each([
    ['not-built: decmpfs-5', 5, 10, null],
    ['not-built: decmpfs-13', 13, 10, null],
    ['not-built: decmpfs-size', 3, 2 ** 30, null],
    ['damaged: decmpfs-fork', 4, 10, null],
    ['damaged: decmpfs-fork', 8, 2 ** 50, Buffer.alloc(20)],
    ['damaged: decmpfs', 1, 11, null],
    ['damaged: size', 3, 2 ** 60, null],
  ])('gives no content of what it does not know: %s', (said, type, sizeBytes, fork) => {
    expect(read(stored(type, sizeBytes, Buffer.alloc(10), fork))).toBe(said)
  })

  it('is no header without its signature', () => {
    expect(decmpfsOf(Buffer.alloc(16), { runs: [], sizeBytes: 16 }, null)).toBe(null)
    expect(decmpfsOf(Buffer.from('fpmc'), { runs: [], sizeBytes: 4 }, null)).toBe(null)
  })
})
