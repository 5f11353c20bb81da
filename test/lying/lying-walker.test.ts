import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { LIES, OTHER, TARGET } from './lies.mjs'
import { type Lines, lying } from './lying.ts'

/** What stands for all that was not listed, where nothing else helps. */
const REST = 'unread 0'
const isOf = (path: string, target: string) => path === target

/** All but the target is what it is, or was not listed. */
function others(lines: Lines, honest: Lines): void {
  const rest = lines.get(REST)
  for (const [path, line] of lines) {
    if (isOf(path, TARGET)) continue
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
  if (line === undefined) return
  // What is said behind entries finds the target recorded already.
  if (line.stages.read.result === 'done') expect(line).toEqual(honest.get(name))
  else expect(line.stages.read).toMatchObject(CRASHED)
}

describe('a walker of a mount', () => {
  lying({
    program: 'walk-child',
    crashAt: 'inventory:before-commit:1',
    most: 1,
    first: 1,
    // After twelve lies a walk ends, and each is told three times until its place is known.
    alone: Object.keys(LIES['walk-child']!),
    exhibit: (folder) => {
      const exhibit = join(folder, 'exhibit')
      mkdirSync(join(exhibit, 'A'), { recursive: true })
      mkdirSync(join(exhibit, 'Z'))
      writeFileSync(join(exhibit, 'A', 'a.txt'), 'a text\n')
      writeFileSync(join(exhibit, 'Z', 'z.txt'), 'the last\n')
      writeFileSync(join(exhibit, OTHER), 'another one\n')
      writeFileSync(join(exhibit, TARGET), Buffer.alloc(64, 7))
      return exhibit
    },
    others,
    target,
    isOf,
  })
})
