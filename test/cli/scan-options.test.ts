/** Options of a scan: where each stands in the plan and in a laboratory, and that the command line, the plan and profiles follow. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { nameOf } from '../../src/cli/arguments/option.ts'
import { SCAN } from '../../src/cli/arguments/options-table.ts'
import { DEFAULT_OPTIONS } from '../../src/plan.ts'
import {
  PROFILE_PLACES,
  planChoices,
  profileWords,
  SCAN_OPTIONS,
  type ScanOption,
} from '../../src/scan-options.ts'

const ROOT = join(import.meta.dirname, '../..')
const PLACES = Object.entries(SCAN_OPTIONS) as [keyof typeof SCAN_OPTIONS, ScanOption][]

/** What the program decides itself. */
const BY_ITSELF = ['records', 'readAgain', 'transcribedOn']

describe('the options of a scan', () => {
  it('are those of the command line', () => {
    expect(Object.keys(SCAN_OPTIONS).sort()).toEqual(Object.keys(SCAN).sort())
  })

  it('decide every option of the plan, but those that the program decides itself', () => {
    const source = readFileSync(join(ROOT, 'src/contracts/case.ts'), 'utf8')
    const [, body] = /^export interface PlanOptions \{\n([\s\S]*?)^\}/m.exec(source)!
    const inPlan = [...body!.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, key]) => key!)
    expect(inPlan.length).toBeGreaterThan(12)
    const placed = PLACES.flatMap(([, { plan }]) => (plan?.part === 'options' ? plan.keys : []))
    expect([...new Set([...placed, ...BY_ITSELF])].sort()).toEqual([...inPlan].sort())
  })

  it('choose their own keys of the plan and no other, and without a word the defaults', () => {
    const unsaid = Object.fromEntries(Object.entries(SCAN).map(([key, row]) => [key, defaultOf(row)]))
    const defaults = planChoices(unsaid as never, { isImage: true })
    expect({ ...DEFAULT_OPTIONS, ...defaults }).toEqual(DEFAULT_OPTIONS)
    for (const [key, { plan }] of PLACES) {
      if (plan?.part !== 'options' || plan.choose === undefined) continue
      const given = { ...unsaid, [key]: said(key) }
      const changed = planChoices(given as never, { isImage: true }) as Record<string, unknown>
      const differs = Object.keys(changed).filter(
        (one) => changed[one] !== (defaults as Record<string, unknown>)[one],
      )
      expect([key, differs]).toEqual([key, [...plan.keys]])
    }
  })
})

describe('a profile of a laboratory', () => {
  const words = new Set(Object.values(SCAN).map((row) => `--${nameOf(row)}`))

  it.each(PROFILE_PLACES)('states --$key, which the command line knows', ({ key, form, missing }) => {
    const value = form === 'flag' ? true : form === 'number' ? 5 : form === 'texts' ? ['a', 'b'] : 'x'
    const [word, ...more] = profileWords({ [key]: value } as never, 'scan')
    expect(words).toContain(word!.split('=')[0])
    expect(more.length).toBe(form === 'texts' ? 1 : 0)
    expect(profileWords({ [key]: missing } as never, 'scan')).toEqual([])
  })

  it('is described in the guide with every key', () => {
    const guide = readFileSync(join(ROOT, 'docs/guide/lab.md'), 'utf8')
    expect(PROFILE_PLACES.map(({ key }) => key).filter((key) => !guide.includes(`\`${key}\``))).toEqual([])
  })
})

function defaultOf(row: {
  readonly read: (texts: readonly string[]) => unknown
  readonly kind: string
}): unknown {
  return row.kind === 'value' && !('isRequired' in row)
    ? row.read([])
    : row.kind === 'flag'
      ? row.read([])
      : []
}

/** A value that is not the default. */
function said(key: keyof typeof SCAN_OPTIONS): unknown {
  if (key === 'remains') return 'carve'
  if (key === 'quick') return 30
  return key !== 'open' && key !== 'private'
}
