import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PROGRAM_ROOT } from '../../src/base/version.ts'

interface Fault {
  readonly id: string
  readonly file: string
  readonly find: string
}

const faults: readonly Fault[] = JSON.parse(
  readFileSync(join(PROGRAM_ROOT, 'scripts/faults/faults.json'), 'utf8'),
)

describe('seeded faults', () => {
  it.each(faults.map((fault) => [fault.id, fault] as const))(
    '%s: its place is in the program',
    (_, fault) => {
      expect(readFileSync(join(PROGRAM_ROOT, 'src', fault.file), 'utf8')).toContain(fault.find)
    },
  )
})
