import { join } from 'node:path'
import { describe, expect } from 'vitest'
import type { Line } from './lied-to.ts'
import { OTHER, TARGET } from './lies.mjs'
import { type Lines, lying } from './lying.ts'
import { writeManyVolumes } from './many-volumes.ts'

const VOLUME = /^volume \d+$/

/** Each file that is lied about lies on a volume of its own. */
const volumeOf = (target: string) => `volume ${target === TARGET ? 2 : Number(target.slice(1, 3))}`
const isOf = (path: string, target: string) =>
  path === volumeOf(target) || path.startsWith(`${volumeOf(target)} »`)

/** Volumes that say that a lister lied about them. */
function crashedIn(lines: Lines): string[] {
  return [...lines].flatMap(([path, line]) => {
    const { read } = line.stages as { read: { result: string; reason?: string } }
    if (!VOLUME.test(path) || read.reason !== 'listing-crashed') return []
    expect(read).toMatchObject({ result: 'not-done', detail: { code: 'answer-senseless' } })
    return [path]
  })
}

/** What is there is what it is; what is not lies on a volume that says why, and what is said of a volume is nothing but that. */
function others(lines: Lines, honest: Lines, targets: readonly string[]): void {
  const crashed = crashedIn(lines)
  // A lie about the image costs all its volumes.
  if (!targets.includes(TARGET)) expect(targets.map(volumeOf)).toEqual(expect.arrayContaining(crashed))
  for (const [path, line] of lines) {
    if (crashed.includes(path)) continue
    // A content that has a second place may follow from the other one.
    const { placesLeftOut: _, followsFrom: _f, ...said } = line
    const { placesLeftOut: _p, followsFrom: _b, ...was } = honest.get(path) ?? ({} as Line)
    expect(said).toEqual(was)
  }
  for (const path of honest.keys())
    expect(lines.has(path) || crashed.some((volume) => path.startsWith(`${volume} »`)), path).toBe(true)
}

function target(lines: Lines, _honest: Lines, name: string): void {
  const crashed = crashedIn(lines)
  if (name === TARGET) expect(crashed.length).toBeGreaterThan(0)
  else expect(crashed).toContain(volumeOf(name))
}

describe('a lister of an image', () => {
  lying({
    program: 'image-lister',
    crashAt: 'inventory:before-commit:1',
    most: 4,
    first: 2,
    // They are about the image, before any volume.
    alone: [
      'facts for a second time',
      'facts of another image',
      'facts of a larger image',
      'ranges that overlap',
      'ranges of {}',
    ],
    exhibit: (folder, targets) => {
      const image = join(folder, 'disk.img')
      writeManyVolumes(image, [
        [{ name: 'A.TXT', bytes: Buffer.from('on the first volume\n') }],
        ...targets.map((name, i) => [
          { name: OTHER, bytes: Buffer.from(`another one beside ${i}\n`) },
          { name, bytes: Buffer.alloc(64, 7 + i) },
          { name: 'Z.TXT', bytes: Buffer.from(`deleted beside ${i}\n`), state: 'deleted' as const },
        ]),
      ])
      return image
    },
    others,
    target,
    isOf,
  })
})
