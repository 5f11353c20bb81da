import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PROGRAM_ROOT } from '../../src/base/version.ts'
import { SCENARIOS } from '../../src/validate/scenarios/index.ts'

interface Fault {
  readonly id: string
  readonly file: string
  readonly find: string
  readonly scenario: string
  readonly requirement?: string
}

const faults: readonly Fault[] = JSON.parse(
  readFileSync(join(PROGRAM_ROOT, 'scripts/faults/faults.json'), 'utf8'),
)

describe('seeded faults', () => {
  it('are seventy-one or more, each of another name, for scenarios and requirements that there are', () => {
    expect(new Set(faults.map(({ id }) => id)).size).toBe(faults.length)
    expect(faults.length).toBeGreaterThanOrEqual(71)
    for (const { scenario, requirement } of faults) {
      const of = SCENARIOS.find(({ id }) => id === scenario)
      expect(of, scenario).toBeDefined()
      if (requirement !== undefined) expect(of!.speaksOf).toContain(requirement)
    }
  })

  it.each(faults.map((fault) => [fault.id, fault] as const))(
    '%s: its place is in the program',
    (_, fault) => {
      expect(readFileSync(join(PROGRAM_ROOT, 'src', fault.file), 'utf8')).toContain(fault.find)
    },
  )
})
