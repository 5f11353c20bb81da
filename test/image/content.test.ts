import { closeSync, mkdtempSync, openSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { contentOf } from '../../src/formats/image/content/content.ts'
import { fileMedium } from '../../src/formats/image/content/file-medium.ts'
import { partOf } from '../../src/formats/image/content/ranges.ts'

const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index))
const file = join(mkdtempSync(join(tmpdir(), 'seized-content-')), 'medium')
writeFileSync(file, bytes)

function withMedium<T>(sizeBytes: number, use: (medium: ReturnType<typeof fileMedium>) => T): T {
  const fd = openSync(file, 'r')
  try {
    return use(fileMedium(fd, sizeBytes))
  } finally {
    closeSync(fd)
  }
}

describe('a content in runs', () => {
  const place = {
    kind: 'runs',
    runs: [
      { offset: 16, length: 8 },
      { offset: null, length: 8 },
      { offset: 128, length: 8 },
    ],
    validBytes: 20,
  } as const

  it('joins runs, reads holes and what lies behind the valid length as zeros, at any offset', () => {
    const whole = Buffer.concat([
      bytes.subarray(16, 24),
      Buffer.alloc(8),
      bytes.subarray(128, 132),
      Buffer.alloc(2),
    ])
    withMedium(256, (medium) => {
      const content = contentOf(medium, place, 22)
      for (let offset = 0; offset <= 22; offset++) {
        for (let length = 0; length <= 24; length++) {
          const target = Buffer.alloc(length, 0xee)
          const got = content.readInto(target, offset)
          expect(target.subarray(0, got)).toEqual(whole.subarray(offset, offset + length))
          expect(got).toBe(Math.min(length, 22 - offset))
        }
      }
      expect(content.damageIn(0, 22)).toEqual([])
    })
  })

  it('says as damage of the content what runs do not cover and what leaves the volume', () => {
    withMedium(256, (medium) => {
      const short = contentOf(medium, { kind: 'runs', runs: [{ offset: 0, length: 4 }], validBytes: 10 }, 10)
      short.readInto(Buffer.alloc(10), 0)
      expect(short.damageIn(0, 10)).toEqual([{ offset: 4, length: 6, kind: 'damaged', cause: 'runs-end' }])
      const beyond = contentOf(medium, { kind: 'runs', runs: [{ offset: 252, length: 8 }], validBytes: 8 }, 8)
      beyond.readInto(Buffer.alloc(8), 0)
      expect(beyond.damageIn(0, 8)).toEqual([
        { offset: 4, length: 4, kind: 'damaged', cause: 'beyond-volume' },
      ])
    })
  })

  it('carries the damage of the medium to where it lies in the content', () => {
    withMedium(512, (disk) => {
      const volume = partOf(disk, { offset: 128, length: 384 })
      const content = contentOf(
        volume,
        {
          kind: 'runs',
          runs: [
            { offset: 64, length: 32 },
            { offset: 120, length: 16 },
          ],
          validBytes: 48,
        },
        48,
      )
      content.readInto(Buffer.alloc(48), 0)
      expect(content.damageIn(0, 48)).toEqual([{ offset: 40, length: 8, kind: 'damaged', cause: 'cut' }])
    })
  })
})
