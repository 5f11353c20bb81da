/** A folder for one test, removed after it, and ledgers in it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { CASE, EXHIBIT, PLAN, run, TOOL } from '../../fixtures/ledgers/synthetic.ts'
import type { Plan, Session } from '../../src/contracts.ts'
import { createLedger } from '../../src/ledger/session.ts'

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'seized-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export function newLedger(plan: Plan = PLAN, path = join(temporaryFolder(), 'case.sqlite')): Session {
  const session = createLedger({ path, case: CASE, exhibit: EXHIBIT, plan, tool: TOOL, account: 'tester' })
  onTestFinished(() => session.close())
  return session
}

/** A synthetic run, sealed. @returns its path */
export function sealedLedger(batch = 50): string {
  const session = newLedger()
  run(session, batch)
  session.seal()
  return session.path
}
