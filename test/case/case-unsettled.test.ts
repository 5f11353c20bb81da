/** Differences that the policy of a case says must be settled: what leaves the laboratory is held to it. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { caseOf, picture, remove, type Scanned, scanAll } from './exhibits.ts'

let scanned: Scanned
beforeAll(async () => {
  scanned = await scanAll()
}, 240_000)
afterAll(() => remove(scanned))

it('refuses the court’s edition and VICS, or says it on page one, as the policy says, until they are settled', async () => {
  const { dir, folder, seized, ledger } = caseOf(scanned)
  const sha256 = createHash('sha256')
    .update(await picture(1))
    .digest('hex')
  const decide = (operator: string, category: string, ...more: string[]) => {
    const act = ['decide', ledger('LTU-07'), '--sha256', sha256, '--category', category]
    const made = seized(...act, '--scale', 'vics-us', '--operator', operator, ...more)
    expect([made.status, made.stderr]).toEqual([0, expect.any(String)])
  }
  const policy = (...more: string[]) =>
    expect(seized('case', 'policy', dir, '--scale', 'vics-us', ...more).status).toBe(0)
  let number = 0
  const report = (...args: string[]) => {
    const out = join(folder, `report-${++number}`)
    const { status, stderr } = seized('report', dir, '--out', out, ...args)
    return { status, stderr, text: existsSync(out) ? readFileSync(out, 'utf8') : null }
  }
  const vics = () => report('--format', 'vics', '--scale', 'vics-us')
  const court = (language: string) => report('--format', 'html', '--language', language)
  decide('A. Example', '1')
  decide('B. Example', '2')
  // The log of the case has none of them until a review of the case takes them in, and says so.
  expect(seized('case', 'status', dir).stdout).toContain('2 decisions of single ledgers not in the log')
  // No policy, or one that lets this difference be: nothing is asked for.
  expect(vics().status).toBe(0)
  policy('--settle', '3')
  expect([vics().status, court('en').status]).toEqual([0, 0])
  policy('--settle', '1')
  for (const made of [vics(), court('lt')]) {
    expect([made.status, made.text]).toEqual([2, null])
    expect(made.stderr).toMatch(
      /T-1: persons differ on 1 content, and the policy of the case \([0-9a-f]{64}\)/,
    )
  }
  // What stays in the laboratory is written.
  expect(report('--format', 'jsonl').status).toBe(0)
  policy('--settle', '1', '--unsettled', 'state')
  expect(seized('case', 'policy', dir).stdout).toContain('say on page one what is not settled')
  expect(court('lt').text).toContain('šie skirtumai turi būti suderinti prieš ataskaitą. Dėl 1 turinio')
  expect(court('es').text).toContain(
    'exige resolver estas diferencias antes de un informe. Sobre 1 contenido',
  )
  expect(vics().text).toContain('persons differ on 1 content, which the policy of the case says')
  policy('--settle', '1')
  expect(vics().status).toBe(2)
  decide('C. Example', '1', '--act', 'adjudicated', '--note', 'seen together')
  const settled = court('lt')
  expect([vics().status, settled.status]).toEqual([0, 0])
  expect(settled.text).not.toContain('turi būti suderinti prieš')
}, 240_000)
