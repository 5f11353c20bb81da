/** `seized validate`: from a plan to a record, and what it does with a plan that says something else. */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SOLVE_IT } from '../../src/contracts/solve-it.ts'
import { recordDocument } from '../../src/validate/document.ts'
import { Checks } from '../../src/validate/model/observation.ts'
import { REQUIREMENTS } from '../../src/validate/model/requirements.ts'
import { OWN_ABOUT } from '../../src/validate/own/own.ts'
import { recordPage } from '../../src/validate/page.ts'
import { readPlan, type ValidationPlan } from '../../src/validate/plan.ts'
import { makeRecord, type ScenarioSeen, type ValidationRecord } from '../../src/validate/record.ts'
import { SCENARIOS } from '../../src/validate/scenarios/index.ts'
import { seized, temporaryFolder } from '../e2e/seized.ts'

const PROGRAM = { version: '0', partsSha256: '00' }

function planned(folder: string, change: (plan: ValidationPlan) => unknown = (plan) => plan): string {
  const { stdout, status } = seized(['validate', 'plan'])
  expect(status).toBe(0)
  const file = join(folder, 'plan.json')
  writeFileSync(file, JSON.stringify(change(JSON.parse(stdout))))
  return file
}

const only =
  (...ids: string[]) =>
  (plan: ValidationPlan) => ({
    ...plan,
    laboratory: 'A Laboratory',
    people: ['A. Example'],
    requirements: plan.requirements.filter(({ id }) => ids.includes(id)),
  })

describe('seized validate', () => {
  it('runs what the plan asks for, keeps its record, goes on where it ended, and writes it for people', () => {
    const folder = temporaryFolder()
    const file = planned(folder, only('references-found', 'reference-is-no-hit'))
    const out = join(folder, 'out')
    const first = seized(['validate', 'run', file, '--out', out])
    expect(first.stdout).toContain('pass      references-found')
    expect(first.status).toBe(0)
    const read = () => JSON.parse(readFileSync(join(out, 'record.json'), 'utf8')) as ValidationRecord
    const record = read()
    expect(record.fit).toBe(true)
    expect(record.plan.sha256).toBe(createHash('sha256').update(readFileSync(file)).digest('hex'))
    expect(record.results.map(({ requirement, n }) => [requirement.id, n])).toEqual([
      ['references-found', 22],
      ['reference-is-no-hit', 2],
    ])
    expect(record.scenarios.map(({ id }) => id)).toEqual(['records'])
    expect(record.deviations).toContain('The plan differs from what is shipped: "digests" was taken out.')
    expect(readFileSync(join(out, 'logs/records.log'), 'utf8')).toContain('$ seized scan')

    const again = seized(['validate', 'run', file, '--out', out])
    expect(again.stderr).toContain('(already run)')
    expect(read().results).toEqual(record.results)

    const other = join(folder, 'other.json')
    writeFileSync(other, `${readFileSync(file, 'utf8')}\n`)
    expect(seized(['validate', 'run', other, '--out', out])).toMatchObject({ status: 2 })

    // What other parts of the program did is not taken for these.
    const kept = join(out, 'scenarios/records.json')
    const scenario: ScenarioSeen = JSON.parse(readFileSync(kept, 'utf8'))
    writeFileSync(kept, JSON.stringify({ ...scenario, partsSha256: '00' }))
    expect(seized(['validate', 'run', file, '--out', out]).stderr).not.toContain('(already run)')

    writeFileSync(
      join(out, 'own-texts.json'),
      JSON.stringify({ about: OWN_ABOUT, kind: 'texts', items: 3, unread: 1, scores: [] }),
    )
    const page = join(folder, 'record.html')
    expect(seized(['validate', 'report', out, '--out', page]).status).toBe(0)
    const text = readFileSync(page, 'utf8')
    expect(text).toContain('VALIDATED AS PLANNED')
    expect(text).toContain('7.2.2.4 e')
    expect(text).toContain('own sample: texts, 3 items, 1 without an answer')
    expect(text).not.toContain('<script')
    expect(seized(['validate', 'report', out, '--out', page])).toMatchObject({ status: 2 })
  }, 120_000)

  it.each([
    ['is not JSON', '{'],
    ['is another kind of file', '{"about":"something"}'],
  ])('refuses a plan that %s', (_, text) => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'plan.json'), text)
    const ran = seized(['validate', 'run', join(folder, 'plan.json'), '--out', join(folder, 'out')])
    expect(ran.status).toBe(2)
    expect(ran.stderr).toContain('is no validation plan')
  })

  it('refuses a requirement that no method shows, one that stands twice, and an acceptance that cannot be read', () => {
    const folder = temporaryFolder()
    const [first] = REQUIREMENTS
    for (const requirements of [
      [{ ...first, id: 'nobody-shows' }],
      [first, first],
      [{ ...first, accept: { kind: 'none-fails', least: 0 } }],
      [{ ...first, accept: { kind: 'share-at-least', share: 1.5, least: 3 } }],
    ])
      expect(() => readPlan(planned(folder, (plan) => ({ ...plan, requirements })))).toThrow(
        /no validation plan/,
      )
  }, 180_000)
})

describe('the requirements', () => {
  it('are each spoken of by a scenario, and no scenario speaks of another', () => {
    const spokenOf = new Set(SCENARIOS.flatMap(({ speaksOf }) => speaksOf))
    expect([...spokenOf].sort()).toEqual(REQUIREMENTS.map(({ id }) => id).sort())
  })
})

describe('a record', () => {
  const plan = (accept: object) =>
    ({
      plan: {
        people: ['x'],
        laboratory: 'y',
        program: PROGRAM,
        requirements: [{ ...REQUIREMENTS[0], accept }],
        notTested: [],
        repeatWhen: [],
      },
      sha256: 'a',
      modified: '',
      changes: [],
    }) as never
  const seen = (n: number, failures: number): ScenarioSeen[] => {
    const checks = new Checks(REQUIREMENTS[0]!.id, 'a', 'b')
    for (let i = 0; i < n; i++) checks.see(i >= failures, () => `${i}`)
    const { observation } = checks
    return [
      {
        id: 's',
        title: '',
        began: '',
        ended: '',
        observations: [observation],
        missing: [],
        listFormats: [],
        deviations: [],
        partsSha256: PROGRAM.partsSha256,
        broke: null,
        log: '',
      },
    ]
  }
  const verdict = (accept: object, n: number, failures: number) =>
    makeRecord(plan(accept), PROGRAM, seen(n, failures)).results[0]!.verdict

  it('passes where nothing failed and enough was checked, and nowhere else', () => {
    const none = { kind: 'none-fails', least: 10 }
    expect(verdict(none, 10, 0)).toBe('pass')
    expect(verdict(none, 9, 0)).toBe('not shown')
    expect(verdict(none, 9, 1)).toBe('fail')
    expect(verdict(none, 1000, 1)).toBe('fail')
    expect(verdict(none, 0, 0)).toBe('not shown')
  })

  it('gives techniques and weaknesses of SOLVE-IT with each result', () => {
    const record = makeRecord(plan({ kind: 'none-fails', least: 1 }), PROGRAM, seen(10, 0))
    expect(record.results[0]!.solveIt).toEqual(['DFT-1186', 'DFT-1050', 'DFW-1132'])
    const page = recordPage(recordDocument(record, 'a'.repeat(64), [], 'lt'), null)
    expect(page).toContain('SOLVE-IT DFT-1186 DFT-1050 DFW-1132')
    expect(page).toContain(SOLVE_IT.commit)
  })

  it('accepts a share by the bound of its interval, never by the share alone', () => {
    const share = { kind: 'share-at-least', share: 0.95, least: 20 }
    expect(verdict(share, 71, 0)).toBe('fail')
    expect(verdict(share, 72, 0)).toBe('pass')
    expect(verdict(share, 19, 0)).toBe('not shown')
    expect(verdict(share, 100, 5)).toBe('fail')
  })

  it('names a tool that is missing, a scenario that broke off, and parts other than planned', () => {
    const [one] = seen(10, 0)
    const record = makeRecord(plan({ kind: 'none-fails', least: 1 }), { version: '1', partsSha256: '11' }, [
      { ...one!, missing: ['hashdeep'], broke: 'it ended' },
    ])
    expect(record.deviations).toHaveLength(3)
  })
})
