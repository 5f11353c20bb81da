import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { writeDiskImage } from '../../fixtures/disk-image.ts'
import type { Line } from './lied-to.ts'
import { OTHER, TARGET } from './lies.mjs'
import { lying } from './lying.ts'

const VOLUME = /^volume \d+$/

/** What is there is what it is; what is not lies on a volume that says why, and what is said of a volume is nothing but that. */
function mayDiffer(lines: ReadonlyMap<string, Line>, honest: ReadonlyMap<string, Line>): void {
  const crashed = new Set<string>()
  for (const [path, line] of lines) {
    const { read } = line.stages as { read: { result: string; reason?: string } }
    if (VOLUME.test(path) && read.reason === 'listing-crashed') {
      crashed.add(path)
      expect(read).toMatchObject({ result: 'not-done', detail: { code: 'answer-senseless' } })
      continue
    }
    // A content that has a second place may follow from the other one.
    const { placesLeftOut: _, followsFrom: _f, ...said } = line
    const { placesLeftOut: _p, followsFrom: _b, ...was } = honest.get(path) ?? ({} as Line)
    expect(said).toEqual(was)
  }
  expect(crashed.size).toBeGreaterThan(0)
  for (const path of honest.keys())
    expect(lines.has(path) || [...crashed].some((volume) => path.startsWith(`${volume} »`)), path).toBe(true)
}

describe('a lister of an image', () => {
  lying({
    program: 'image-lister',
    crashAt: 'inventory:before-commit:1',
    exhibit: (folder) => {
      const image = join(folder, 'disk.img')
      writeDiskImage(image, [
        [{ name: 'A.TXT', bytes: Buffer.from('on the first volume\n') }],
        [
          { name: OTHER, bytes: Buffer.from('another one\n') },
          { name: TARGET, bytes: Buffer.alloc(64, 7) },
          { name: 'Z.TXT', bytes: Buffer.from('deleted\n'), state: 'deleted' },
        ],
      ])
      return image
    },
    mayDiffer,
  })
})
