/** `seized verify`: re-checks a ledger, its custody sidecar and, when asked, the exhibit; writes nothing to the ledger. */
import { userInfo } from 'node:os'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { printText } from '../../base/evidence-path.ts'
import { verifyLedger } from '../../ledger/verify/verify.ts'
import { compareWithExhibit } from '../against.ts'
import { EXIT } from '../exit-codes.ts'
import { logCustody } from '../log-custody.ts'
import { openExhibit } from '../open-exhibit.ts'

interface VerifyOptions {
  readonly against?: string
  readonly head?: string
  readonly operator?: string
}

export function addVerify(program: Command, exit: (code: number) => void): void {
  program
    .command('verify')
    .description('re-check a ledger: every row, link, count and digest; exits 4 on any disagreement')
    .argument('<ledger>', 'ledger to check; it is not written to')
    .option('--against <mount>', 'read the exhibit again and name the files that no longer match')
    .option('--head <hex>', 'a head kept elsewhere (on paper): it must occur in the chain')
    .option('--operator <name>', 'who verifies; stands in the custody log beside the system account')
    .action(async (ledger: string, given: VerifyOptions) => exit(await verify(resolve(ledger), given)))
}

async function verify(path: string, given: VerifyOptions): Promise<number> {
  const report = verifyLedger(path, { head: given.head?.toLowerCase() })
  const problems = [...report.problems]
  let compared = ''
  if (given.against && !report.ok)
    problems.push('The exhibit was not compared: the ledger itself is not what was sealed.')
  else if (given.against) {
    const comparison = await compareWithExhibit(path, await openExhibit(given.against, true))
    problems.push(...comparison.problems)
    compared = `exhibit          ${comparison.read} contents read again; ${comparison.byName} other entries compared by kind, size and link target\n`
  }
  for (const problem of problems) process.stdout.write(`PROBLEM  ${printText(problem)}\n`)
  const ok = problems.length === 0
  process.stdout.write(
    ok
      ? verified(report) + compared
      : `NOT VERIFIED: ${problems.length} problem${problems.length === 1 ? '' : 's'} in ${printText(path)}\n`,
  )
  if (report.sealed)
    logCustody(path, {
      event: ok ? 'verified' : 'verification-failed',
      operator: given.operator ?? null,
      account: userInfo().username,
      detail: { problems: String(problems.length), against: given.against ?? '', head: report.head },
    })
  return ok ? EXIT.complete : EXIT.ledgerDamaged
}

function verified(report: {
  sealed: boolean
  evidenceDigest: string | null
  analysisDigest: string | null
  head: string
}): string {
  return [
    report.sealed
      ? 'VERIFIED: the ledger agrees with itself and is sealed.'
      : 'VERIFIED SO FAR: the ledger agrees with itself but is not sealed (PARTIAL).',
    `evidence digest  ${report.evidenceDigest ?? '(not sealed)'}`,
    `analysis digest  ${report.analysisDigest ?? '(not sealed)'}`,
    `chain head       ${report.head}`,
    '',
  ].join('\n')
}
