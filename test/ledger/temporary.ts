/** A folder for one test, removed after it, and ledgers in it. */
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, onTestFinished } from 'vitest'
import { CASE, EXHIBIT, fillLaterTables, PLAN, run, TOOL } from '../../fixtures/ledgers/synthetic.ts'
import type { Plan } from '../../src/contracts/case.ts'
import type { Session } from '../../src/contracts/session.ts'
import { appendCustody } from '../../src/ledger/custody/custody.ts'
import { type VerifyReport, verifyLedger } from '../../src/ledger/verify/verify.ts'
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

/** As the command line leaves it: its custody log says that it was sealed, and with which bytes. */
export function sealedWithLog(folder = temporaryFolder()): string {
  const path = sealedLedger(50, folder)
  const ledgerSha256 = createHash('sha256').update(readFileSync(path)).digest('hex')
  appendCustody(path, { event: 'sealed', operator: null, account: 'tester', detail: { ledgerSha256 } })
  return path
}

/** Without asking for the custody log that the command line writes beside a sealed ledger. */
export function verifyAlone(path: string, given: { readonly head?: string } = {}): VerifyReport {
  return verifyLedger(path, { ...given, alone: true })
}
