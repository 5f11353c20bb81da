import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { LIES, OTHER, TARGET } from './lies.mjs'
import { type Lines, lying } from './lying.ts'

/** Lies in one item of an entry: these are told of several files in one run. */
const ABOUT_AN_ENTRY =
  /^(?:a (?:path|kind|link|size|time|device|mode|band|reason|score)|an (?:absolute|inode|owner|attribute|item)|bytes allocated|times|that a file)\b/

/** What stands for all that was not listed, where nothing else helps. */
const REST = 'unread 0'
const isOf = (path: string, target: string) => path === target

/** All but the targets is what it is, or was not listed. */
function others(lines: Lines, honest: Lines, targets: readonly string[]): void {
  const rest = lines.get(REST)
  for (const [path, line] of lines) {
    if (targets.some((target) => isOf(path, target))) continue
    // Of what was recorded and passed over later, what lies beside it was not listed.
    const isBeside = path.endsWith(' » stream ') && honest.has(path.slice(0, -' » stream '.length))
    if (line === rest || isBeside) expect(line.stages.read).toMatchObject(CRASHED)
    else expect(line).toEqual(honest.get(path))
  }
  for (const path of honest.keys()) expect(lines.has(path) || rest !== undefined, path).toBe(true)
}

const CRASHED = { result: 'not-done', reason: 'walk-crashed', detail: { code: 'answer-senseless' } }

function target(lines: Lines, honest: Lines, name: string): void {
  const line = lines.get(name)
  // Of several in one run each has a line of its own, so that none hides that another was not told.
  if (name !== TARGET) expect(line?.stages.read).toMatchObject(CRASHED)
  if (line === undefined) return
  // What is said behind entries finds the target recorded already.
  if (line.stages.read.result === 'done') expect(line).toEqual(honest.get(name))
  else expect(line.stages.read).toMatchObject(CRASHED)
}

describe('a walker of a mount', () => {
  lying({
    program: 'walk-child',
    crashAt: 'inventory:before-commit:1',
    // After twelve lies a walk ends, and each is told several times until its place is known: a third one would not be told.
    most: 2,
    first: 1,
    alone: Object.keys(LIES['walk-child']!).filter((lie) => !ABOUT_AN_ENTRY.test(lie)),
    exhibit: (folder, targets) => {
      const exhibit = join(folder, 'exhibit')
      mkdirSync(join(exhibit, 'A'), { recursive: true })
      mkdirSync(join(exhibit, 'Z'))
      writeFileSync(join(exhibit, 'A', 'a.txt'), 'a text\n')
      writeFileSync(join(exhibit, 'Z', 'z.txt'), 'the last\n')
      writeFileSync(join(exhibit, OTHER), 'another one\n')
      for (const [i, name] of targets.entries()) writeFileSync(join(exhibit, name), Buffer.alloc(64, 7 + i))
      return exhibit
    },
    others,
    target,
    isOf,
  })
})
