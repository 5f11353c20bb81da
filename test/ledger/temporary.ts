/** A folder for one test, removed after it, and ledgers in it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, onTestFinished } from 'vitest'
import { CASE, EXHIBIT, fillLaterTables, PLAN, run, TOOL } from '../../fixtures/ledgers/synthetic.ts'
import type { Plan } from '../../src/contracts/case.ts'
import type { Session } from '../../src/contracts/ledger.ts'
import { createLedger, resumeLedger } from '../../src/ledger/write/session.ts'

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'seized-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** One that all tests of a file share. To be called outside of a test. */
export function temporaryFolderForFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'seized-test-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export function newLedger(plan: Plan = PLAN, folder = temporaryFolder()): Session {
  return createLedger({
    path: join(folder, 'case.sqlite'),
    case: CASE,
    exhibit: EXHIBIT,
    plan,
    tool: TOOL,
    account: 'tester',
  })
}

/** A synthetic run, sealed. @returns its path */
export function sealedLedger(batch = 50, folder = temporaryFolder()): string {
  const session = newLedger(PLAN, folder)
  run(session, batch)
  session.close()
  fillLaterTables(session.path)
  resumeLedger(session.path).seal()
  return session.path
}
