import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { writeDiskImage } from '../../fixtures/disk-image.ts'
import type { Line } from './lied-to.ts'
import { OTHER, TARGET } from './lies.mjs'
import { lying } from './lying.ts'

const FILES = [
  { name: 'A.TXT', bytes: Buffer.from('a text that nobody lies about\n') },
  { name: OTHER, bytes: Buffer.from('another one\n') },
  { name: TARGET, bytes: Buffer.alloc(64, 7) },
  { name: 'Z.TXT', bytes: Buffer.from('the last\n') },
]
const REASONS = ['reader-crashed', 'children-disagree', 'readers-disagree']

/** All but the target is what it is, and of the target no content is there. */
function mayDiffer(lines: ReadonlyMap<string, Line>, honest: ReadonlyMap<string, Line>): void {
  expect([...lines.keys()]).toEqual([...honest.keys()])
  for (const [path, line] of lines) {
    const before = honest.get(path)!
    if (!path.endsWith(TARGET)) {
      expect(line).toEqual(before)
      continue
    }
    expect(line.stages.read).toMatchObject({ result: 'not-done' })
    expect(REASONS).toContain((line.stages.read as { reason: string }).reason)
    const { stages: _, followsFrom: _f, ...rest } = line
    const nothing = { mediaType: null, md5: null, sha1: null, sha256: null, blake3: null, attributes: [] }
    const { stages: _s, followsFrom: _b, ...was } = before
    expect(rest).toEqual({ ...was, ...nothing })
  }
}

describe('a reader of a mount', () => {
  lying({
    program: 'reader-child',
    crashAt: 'known:before-commit:1',
    exhibit: (folder) => {
      const exhibit = join(folder, 'exhibit')
      mkdirSync(exhibit)
      for (const { name, bytes } of FILES) writeFileSync(join(exhibit, name), bytes)
      return exhibit
    },
    mayDiffer,
  })
})

describe('a reader of an image', () => {
  lying({
    program: 'image-reader',
    crashAt: 'known:before-commit:1',
    exhibit: (folder) => {
      const image = join(folder, 'disk.img')
      writeDiskImage(image, [FILES.slice(0, 2), FILES.slice(1)])
      return image
    },
    mayDiffer,
  })
})
