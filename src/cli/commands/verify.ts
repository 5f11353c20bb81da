/**
 * `seized verify`: verifies a ledger, its companion files and, on request, the exhibit. It writes nothing unless asked
 * to record the result.
 */

import { resolve } from 'node:path'
import { printText } from '../../base/evidence-path.ts'
import { EXIT } from '../../base/exit-codes.ts'
import type { Plan } from '../../contracts/case.ts'
import { custodyPath } from '../../ledger/custody/custody.ts'
import { openLedger } from '../../ledger/read/read.ts'
import { type VerifyReport, verifyLedger } from '../../ledger/verify/verify.ts'
import { comparePackBeside } from '../../pack/compare-manifest.ts'
import { sampleText } from '../../report/texts/sample-text.ts'
import { checkTextIndex } from '../../search/text-index-check.ts'
import { checkCustodyVouchers, type Vouched } from '../../sign/check-custody.ts'
import { statementProblems } from '../../sign/statement.ts'
import type { Given } from '../arguments/option.ts'
import type { VERIFY } from '../arguments/options-table.ts'
import { compareWithExhibit } from '../services/against.ts'
import { compareWithSeen, noteHead } from '../services/heads.ts'
import { secretsFor } from '../services/keys-again.ts'
import { recordCustody } from '../services/log-custody.ts'
import { openExhibit } from '../services/open-exhibit.ts'
import { withReports } from '../services/signed-reports.ts'
import { seldom } from '../services/telling.ts'
import { trustedIn } from '../services/trusted.ts'
import { tellOf } from '../services/verified.ts'
import { readSmall, statedFactsOf } from '../services/vouching.ts'

export async function verify([ledger]: readonly string[], given: Given<typeof VERIFY>): Promise<number> {
  const path = resolve(ledger!)
  const report = verifyLedger(path, { head: given.head?.toLowerCase(), tell: tellOf(path) })
  const seen = report.firstHead === '' ? null : compareWithSeen(path, report, given.heads)
  const problems = [...report.problems, ...(seen?.problems ?? [])].map(printText)
  let compared = ''
  if (given.against && problems.length > 0)
    problems.push('The exhibit was not compared: the ledger itself is not what was sealed.')
  else if (given.against) {
    const allowed = { allowWritable: true, allowUnconfined: given.allowUnconfined }
    const secrets = secretsFor(planOf(path), given.keys)
    const exhibit = await openExhibit(given.against, allowed, undefined, secrets)
    const comparison = await compareWithExhibit(path, exhibit, seldom())
    problems.push(...comparison.problems)
    compared = `exhibit          ${comparison.read} contents read again; ${comparison.byName} other entries compared by kind, size and link target\n`
  }
  const beside = problems.length === 0 ? besideLedger(path, report) : NO_COPIES
  problems.push(...beside.problems.map(printText))
  const vouched = problems.length === 0 && report.sealed ? await vouchersOf(path, given) : null
  problems.push(...(vouched?.problems ?? []).map(printText))
  for (const problem of problems) process.stdout.write(`PROBLEM  ${problem}\n`)
  for (const note of [...(seen?.notes ?? []), ...beside.notes, ...(vouched?.notes ?? [])])
    process.stdout.write(`NOTE     ${printText(note)}\n`)
  const ok = problems.length === 0
  process.stdout.write(
    ok
      ? verified(report) +
          (vouched?.lines ?? []).map((line) => `${printText(line)}\n`).join('') +
          compared +
          samplesOf(path)
      : `NOT VERIFIED: ${problems.length} problem${problems.length === 1 ? '' : 's'} in ${printText(path)}\n`,
  )
  if (given.note && ok && !report.sealed) noteHead(path, report.newestHead, given.heads)
  if (given.note && report.sealed)
    recordCustody(
      path,
      {
        event: ok ? 'verified' : 'verification-failed',
        operator: given.operator ?? null,
        detail: { problems: String(problems.length), against: given.against ?? '', head: report.head },
      },
      given.heads,
    )
  return ok ? EXIT.complete : EXIT.ledgerDamaged
}

function planOf(path: string): Plan {
  const ledger = openLedger(path)
  try {
    return ledger.plan
  } finally {
    ledger.close()
  }
}

const NO_COPIES = { problems: [], notes: [] }

/** Checks the text index, and a pack that was unpacked here. */
function besideLedger(path: string, { sealed, heads, newestHead }: VerifyReport) {
  const index = checkTextIndex(path, sealed)
  const ledger = openLedger(path)
  const { caseId, exhibitId } = ledger.case
  ledger.close()
  const says = { case: caseId, exhibit: exhibitId, newestHead, heads }
  const pack = comparePackBeside(path, custodyPath(path), says) ?? NO_COPIES
  return {
    problems: [...(index.problem === null ? [] : [index.problem]), ...pack.problems],
    notes: [...(index.note === null ? [] : [index.note]), ...pack.notes],
  }
}

/** The random samples and their conclusions: a person who verifies a ledger reads them with the digests. */
function samplesOf(path: string): string {
  const ledger = openLedger(path)
  try {
    return ledger
      .samples()
      .map((sample) => `sample           ${printText(sampleText(sample, ledger.plan))}\n`)
      .join('')
  } finally {
    ledger.close()
  }
}

/** Statements, signatures and time stamps of the log, and a statement that was kept elsewhere. */
async function vouchersOf(path: string, given: Given<typeof VERIFY>): Promise<Vouched> {
  const ledger = openLedger(path)
  try {
    const [events, facts] = [ledger.custody(), await statedFactsOf(ledger)]
    const trusted = trustedIn(given.trust)
    const found = withReports(checkCustodyVouchers(events, facts, trusted), given.pdf, events, trusted)
    if (given.statement === undefined) return found
    const kept = readSmall('--statement', given.statement).toString('utf8')
    const inLog = events.some(({ fact }) => fact?.kind === 'statement' && fact.text === kept)
    const wrong = statementProblems(
      kept,
      facts,
      events.map(({ head }) => head),
    )
    return {
      ...found,
      problems: [
        ...found.problems,
        ...wrong.map((one) => `the statement kept elsewhere: ${one}`),
        ...(inLog ? [] : ['the statement kept elsewhere is not in the custody log, letter for letter']),
      ],
    }
  } finally {
    ledger.close()
  }
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
