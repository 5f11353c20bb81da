import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { ContentPlace } from '../../src/contracts/content-place.ts'
import type { Medium } from '../../src/contracts/image.ts'
import { contentOf } from '../../src/formats/image/content/content.ts'
import { clipped } from '../../src/formats/image/content/ranges.ts'

type Coding = Extract<ContentPlace, { kind: 'coded' }>['coding']

const CAN_WIM = (() => {
  try {
    execFileSync('sh', ['-c', 'command -v wimcapture'])
    return true
  } catch {
    return false
  }
})()

function mediumOf(bytes: Buffer, damagedAt = -1): Medium {
  const damages =
    damagedAt < 0 ? [] : [{ offset: damagedAt, length: 1, kind: 'damaged', cause: 'checksum' } as const]
  return {
    sizeBytes: bytes.length,
    readInto: (target, offset) => bytes.copy(target, 0, offset, offset + target.length),
    damageIn: (offset, length) => clipped(damages, offset, length),
  }
}

function read(content: Medium, offset = 0, length = content.sizeBytes): Buffer {
  const bytes = Buffer.alloc(length)
  return bytes.subarray(0, content.readInto(bytes, offset))
}

interface Stored {
  readonly place: Extract<ContentPlace, { kind: 'coded' }>
  readonly sizeBytes: number
  readonly sha1: string
}

/** Compressed resources of a WIM: chunk table and chunks lie there as in a `WofCompressedData` stream. */
function resourcesOf(wim: Buffer, coding: Coding): Stored[] {
  const unitBytes = wim.readUInt32LE(20)
  const out: Stored[] = []
  const table = Number(wim.readBigUInt64LE(56))
  const end = table + wim.readUIntLE(48, 6)
  for (let at = table; at < end; at += 50) {
    const validBytes = wim.readUIntLE(at, 6)
    if ((wim.readUInt8(at + 7) & 4) === 0) continue
    const runs = [{ offset: Number(wim.readBigUInt64LE(at + 8)), length: validBytes }]
    out.push({
      place: { kind: 'coded', coding, unitBytes, runs, validBytes },
      sizeBytes: Number(wim.readBigUInt64LE(at + 16)),
      sha1: wim.toString('hex', at + 30, at + 50),
    })
  }
  return out
}

describe.skipIf(!CAN_WIM)('WOF codings against wimlib (skipped without wimtools)', () => {
  const folder = CAN_WIM ? mkdtempSync(join(tmpdir(), 'seized-coded-')) : ''
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  if (CAN_WIM) {
    mkdirSync(join(folder, 'in'))
    // Machine code (calls that LZX translates), text, long runs, sizes around a chunk.
    for (const name of ['ls', 'bash', 'tar']) copyFileSync(`/bin/${name}`, join(folder, 'in', name))
    for (const size of [4095, 4096, 4097, 32768, 32769, 70_001])
      writeFileSync(
        join(folder, `in/text${size}`),
        `A sentence of ${size}, again. `.repeat(9999).slice(0, size),
      )
    writeFileSync(join(folder, 'in/zeros'), Buffer.alloc(300_000))
  }

  it.each([
    ['xpress4k', 'xpress', 4096],
    ['xpress8k', 'xpress', 8192],
    ['xpress16k', 'xpress', 16384],
    ['lzx', 'lzx', 32768],
  ] as const)('%s', (coding, type, chunk) => {
    const wim = join(folder, `${coding}.wim`)
    const args = [join(folder, 'in'), wim, `--compress=${type}:60`, `--chunk-size=${chunk}`, '--threads=1']
    execFileSync('wimcapture', args, { stdio: 'ignore' })
    const bytes = readFileSync(wim)
    const resources = resourcesOf(bytes, coding)
    expect(resources.length).toBeGreaterThan(8)
    for (const { place, sizeBytes, sha1 } of resources) {
      const content = contentOf(mediumOf(bytes), place, sizeBytes)
      const whole = read(content)
      expect(content.damageIn(0, sizeBytes)).toEqual([])
      expect(createHash('sha1').update(whole).digest('hex')).toBe(sha1)
      for (const [offset, length] of [
        [sizeBytes - 1, 1],
        [4090, 100],
        [0, 5],
        [sizeBytes - 7, 50],
      ] as const) {
        const again = contentOf(mediumOf(bytes), place, sizeBytes)
        expect(read(again, offset, length)).toEqual(whole.subarray(offset, offset + length))
      }
    }
  })

  it('a chunk over damage of the image is damaged, the others are not', () => {
    const bytes = readFileSync(join(folder, 'lzx.wim'))
    const stored = resourcesOf(bytes, 'lzx').find(({ sizeBytes }) => sizeBytes > 200_000)
    if (!stored) throw new Error('no large resource')
    const { place, sizeBytes } = stored
    const table = (Math.ceil(sizeBytes / 32768) - 1) * 4
    const content = contentOf(mediumOf(bytes, (place.runs[0]?.offset ?? 0) + table + 10), place, sizeBytes)
    read(content)
    expect(content.damageIn(0, sizeBytes)).toEqual([
      { offset: 0, length: 32768, kind: 'damaged', cause: 'checksum' },
    ])
  })

  it('ends on bytes that were changed, with damage or with other bytes, never with an exception', () => {
    for (const coding of ['xpress4k', 'lzx'] as const) {
      const bytes = readFileSync(join(folder, `${coding}.wim`))
      const { place, sizeBytes } = resourcesOf(bytes, coding)[0] as Stored
      const from = place.runs[0]?.offset ?? 0
      let said = 0
      for (let mutant = 0; mutant < 150; mutant++) {
        const changed = Buffer.from(bytes)
        const at = from + ((mutant * 7919) % Math.min(place.validBytes, 20_000))
        changed[at] = (changed[at] as number) ^ (1 << (mutant % 8))
        const content = contentOf(mediumOf(changed), place, sizeBytes)
        expect(read(content).length).toBe(sizeBytes)
        if (content.damageIn(0, sizeBytes).length > 0) said++
      }
      expect(said).toBeGreaterThan(0)
    }
  })
})

it('LZX: a block stored as it is, and calls translated back', () => {
  const data = Buffer.alloc(64, 0x90)
  data[3] = 0xe8
  data.writeInt32LE(1000, 4)
  // Type 3 (011), size as 16 bits (0, then 64), and the rest of the word; then three distances and the bytes.
  const head = (0b0110 << 28) | (64 << 12)
  const stored = Buffer.alloc(4 + 12 + 64)
  stored.writeUInt16LE(head >>> 16, 0)
  stored.writeUInt16LE(head & 0xffff, 2)
  for (const at of [4, 8, 12]) stored.writeUInt32LE(1, at)
  data.copy(stored, 16)
  const place = {
    kind: 'coded',
    coding: 'lzx',
    unitBytes: 32768,
    runs: [{ offset: 0, length: 80 }],
    validBytes: 80,
  } as const
  const content = contentOf(mediumOf(stored), place, 64)
  const expected = Buffer.from(data)
  expected.writeInt32LE(1000 - 3, 4)

  expect(read(content)).toEqual(expected)
  expect(content.damageIn(0, 64)).toEqual([])
})

describe('LZNT1', () => {
  const UNIT = 16 * 512
  /** Compresses with the longest match at each place, tried one by one: slow and obvious. */
  function lznt1(data: Buffer): Buffer {
    const chunks: Buffer[] = []
    for (let from = 0; from < data.length; from += 4096) {
      const chunk = data.subarray(from, from + 4096)
      const out: number[] = []
      for (let at = 0; at < chunk.length; ) {
        const flagAt = out.push(0) - 1
        for (let item = 0; item < 8 && at < chunk.length; item++) {
          let lengthBits = 12
          for (let reach = 16; at > reach; reach *= 2) lengthBits--
          let best = 0
          let distance = 0
          for (let back = 1; back <= at; back++) {
            let length = 0
            while (
              at + length < chunk.length &&
              length < 2 ** lengthBits + 2 &&
              chunk[at + length] === chunk[at + length - back]
            )
              length++
            if (length > best) [best, distance] = [length, back]
          }
          if (best >= 3) {
            const token = ((distance - 1) << lengthBits) | (best - 3)
            out.push(token & 255, token >> 8)
            out[flagAt] = (out[flagAt] as number) | (1 << item)
            at += best
          } else out.push(chunk[at++] as number)
        }
      }
      const stored = out.length < chunk.length
      const body = stored ? Buffer.from(out) : chunk
      const header = Buffer.alloc(2)
      header.writeUInt16LE((stored ? 0xb000 : 0x3000) | (body.length - 1))
      chunks.push(header, body)
    }
    return Buffer.concat(chunks)
  }

  const data = Buffer.concat([
    Buffer.from('Words that return, return, and return again. '.repeat(60)),
    Buffer.from(Array.from({ length: 6000 }, (_, index) => (index * index * 31) >> 5)),
  ]).subarray(0, UNIT)
  const coded = lznt1(data)
  const runs = [
    { offset: 0, length: Math.ceil(coded.length / 512) * 512 },
    { offset: null, length: UNIT - Math.ceil(coded.length / 512) * 512 },
    { offset: null, length: UNIT },
    { offset: 8192, length: UNIT },
  ] as const
  const volume = Buffer.alloc(32768, 7)
  volume.fill(0, 0, runs[0].length)
  coded.copy(volume)

  it('reads units that are compressed, empty and stored as they are, and zeros behind the valid length', () => {
    expect(coded.length).toBeLessThan(UNIT - 512)
    const size = 3 * UNIT
    const place = { kind: 'coded', coding: 'lznt1', unitBytes: UNIT, runs, validBytes: size - 100 } as const
    const content = contentOf(mediumOf(volume), place, size)
    const expected = Buffer.concat([data, Buffer.alloc(UNIT), Buffer.alloc(UNIT - 100, 7), Buffer.alloc(100)])
    expect(read(content)).toEqual(expected)
    expect(content.damageIn(0, size)).toEqual([])
  })

  it('says from where on a unit cannot be decoded, and that runs end', () => {
    const broken = Buffer.from(volume)
    // The first item of the first chunk becomes a reference: to before the chunk.
    broken[2] = (broken[2] as number) | 1
    const place = {
      kind: 'coded',
      coding: 'lznt1',
      unitBytes: UNIT,
      runs: runs.slice(0, 2),
      validBytes: 2 * UNIT,
    } as const
    const content = contentOf(mediumOf(broken), place, 2 * UNIT)
    read(content)
    expect(content.damageIn(0, 2 * UNIT)).toMatchObject([
      { offset: 0, length: UNIT, cause: 'lznt1' },
      { offset: UNIT, length: UNIT, cause: 'runs-end' },
    ])
  })
})
