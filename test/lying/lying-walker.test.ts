import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import type { Line } from './lied-to.ts'
import { OTHER, TARGET } from './lies.mjs'
import { lying } from './lying.ts'

/** All but the target is what it is; the target, or where nothing else helps all that was not listed, says that it is not done. */
function mayDiffer(lines: ReadonlyMap<string, Line>, honest: ReadonlyMap<string, Line>): void {
  const rest = lines.get('unread 0')
  for (const [path, line] of lines) {
    const { read } = line.stages as { read: { result: string; reason?: string } }
    // What is said behind entries finds the target recorded already.
    const isTaken = path === TARGET && read.result === 'done'
    // Of what was recorded and passed over later, what lies beside it was not listed.
    const isBeside = path.endsWith(' » stream ') && honest.has(path.slice(0, -' » stream '.length))
    if ((path === TARGET && !isTaken) || line === rest || isBeside)
      expect(read).toMatchObject({
        result: 'not-done',
        reason: 'walk-crashed',
        detail: { code: 'answer-senseless' },
      })
    else expect(line).toEqual(honest.get(path))
  }
  for (const path of honest.keys()) expect(lines.has(path) || rest !== undefined, path).toBe(true)
}

describe('a walker of a mount', () => {
  lying({
    program: 'walk-child',
    crashAt: 'inventory:before-commit:1',
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
    mayDiffer,
  })
})
