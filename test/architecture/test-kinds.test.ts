import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
// @ts-expect-error plain JavaScript
import { KINDS, kindOf, LONG, TIME_LIMITS_MS, testFiles } from '../../scripts/test-kinds.js'

describe('kinds of tests', () => {
  it('are one for each test file, and each has files', () => {
    const all = testFiles() as { file: string; kind: string }[]
    expect(new Set(all.map(({ file }) => file)).size).toBe(all.length)
    expect([...new Set(all.map(({ kind }) => kind))].sort()).toEqual([...KINDS].sort())
  })

  it('list no long file that is gone, or that is of another kind by what it starts', () => {
    const wrong = [...LONG].filter(
      (file: string) => !existsSync(`${import.meta.dirname}/../${file}`) || kindOf(file) !== 'long',
    )
    expect(wrong).toEqual([])
  })

  it('limit the time of a test', ({ task }) => {
    expect(task.timeout).toBe(TIME_LIMITS_MS.unit)
    expect(Object.keys(TIME_LIMITS_MS).sort()).toEqual([...KINDS].sort())
  })
})
