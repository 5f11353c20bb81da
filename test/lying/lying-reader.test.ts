import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { type DiskFile, writeDiskImage } from '../../fixtures/disk-image.ts'
import type { LyingProgram } from './lied-to.ts'
import { OTHER } from './lies.mjs'
import { type Lines, lying } from './lying.ts'

const FILES = [
  { name: 'A.TXT', bytes: Buffer.from('a text that nobody lies about\n') },
  { name: OTHER, bytes: Buffer.from('another one\n') },
  { name: 'Z.TXT', bytes: Buffer.from('the last\n') },
]
const REASONS = ['reader-crashed', 'children-disagree', 'readers-disagree']

const isOf = (path: string, target: string) => path.endsWith(target)

function others(lines: Lines, honest: Lines, targets: readonly string[]): void {
  expect([...lines.keys()]).toEqual([...honest.keys()])
  for (const [path, line] of lines)
    if (!targets.some((target) => isOf(path, target))) expect(line).toEqual(honest.get(path))
}

/** Of the target no content is there. */
function target(lines: Lines, honest: Lines, name: string): void {
  const [path, line] = [...lines].find(([path]) => isOf(path, name))!
  expect(line.stages.read).toMatchObject({ result: 'not-done' })
  expect(REASONS).toContain((line.stages.read as { reason: string }).reason)
  const { stages: _, followsFrom: _f, ...rest } = line
  const nothing = { mediaType: null, md5: null, sha1: null, sha256: null, blake3: null, attributes: [] }
  const { stages: _s, followsFrom: _b, ...was } = honest.get(path)!
  expect(rest).toEqual({ ...was, ...nothing })
}

const filesOf = (targets: readonly string[]): readonly DiskFile[] => [
  ...FILES.slice(0, 2),
  ...targets.map((name, i) => ({ name, bytes: Buffer.alloc(64, 7 + i) })),
  ...FILES.slice(2),
]

const suiteOf = (program: LyingProgram) => ({
  program,
  crashAt: 'known:before-commit:1',
  most: 60,
  first: 1,
  // Of many files of one batch the first lie ends the process, and the others are told about a file that is asked for alone. What is
  // answered twice counts against the file that is asked for next.
  alone: [
    'an answer twice',
    'no answers',
    'answers that are an object',
    'an answer too few',
    'an answer too many',
    'a flag that is a number',
    'the SHA-256 of another file with its own MD5',
  ],
  others,
  target,
  isOf,
})

describe('a reader of a mount', () => {
  lying({
    ...suiteOf('reader-child'),
    exhibit: (folder, targets) => {
      const exhibit = join(folder, 'exhibit')
      for (const { name, bytes } of filesOf(targets)) {
        mkdirSync(join(exhibit, name, '..'), { recursive: true })
        writeFileSync(join(exhibit, name), bytes)
      }
      return exhibit
    },
  })
})

describe('a reader of an image', () => {
  lying({
    ...suiteOf('image-reader'),
    exhibit: (folder, targets) => {
      const image = join(folder, 'disk.img')
      const files = filesOf(targets)
      writeDiskImage(image, [FILES.slice(0, 2), files.slice(1)])
      return image
    },
  })
})
