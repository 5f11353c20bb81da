/** `seized agreement`: how far persons who graded the same contents of a ledger agree. */

import { resolve } from 'node:path'
import { printText } from '../../base/evidence-path.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { decisionsOf, type RecordedDecision } from '../../ledger/custody/decisions.ts'
import { isOnSight } from '../../ledger/custody/sight.ts'
import { openLedger } from '../../ledger/read/read.ts'
import { findScale } from '../../match/records/scale.ts'
import { jsonLine } from '../../report/exchange/jsonl.ts'
import { formatCount, plural } from '../../report/texts/format.ts'
import type { Interval, PairAgreement } from '../../review/agreement.ts'
import { scaleTablesOf } from '../../review/deciding.ts'
import { agreementOn, type ScaleAgreement, scalesIn } from '../../review/gradings.ts'
import type { Given } from '../arguments/option.ts'
import type { AGREEMENT } from '../arguments/options-table.ts'
import { verifyFirst } from '../services/verified.ts'

export async function agreement([file]: readonly string[], given: Given<typeof AGREEMENT>): Promise<number> {
  const path = resolve(file!)
  await verifyFirst(path, { heads: given.heads })
  const ledger = openLedger(path)
  try {
    const decisions = decisionsOf(ledger.custody())
    const tables = scaleTablesOf(ledger, given.scaleTable)
    const scales = given.scale === undefined ? scalesIn(decisions) : [given.scale]
    const found = scales.map((scale) => {
      const table = findScale(scale, tables)
      const categories = Object.keys(table?.categories ?? {})
      return agreementOn(scale, decisions, categories, given.seed, given.withoutSight ? undefined : isGrading)
    })
    process.stdout.write(
      given.json ? `${jsonLine({ seed: given.seed, scales: found })}\n` : asLines(found, given.seed),
    )
    return EXIT.complete
  } finally {
    ledger.close()
  }
}

/** What was seen in another tool is not known here: its grades count. */
function isGrading(made: RecordedDecision): boolean {
  return made.seen === 'imported' || isOnSight(made)
}

function asLines(scales: readonly ScaleAgreement[], seed: string): string {
  if (scales.length === 0) return 'Nobody decided anything of this ledger.\n'
  return `${scales.flatMap((scale) => [...scaleLines(scale, seed), '']).join('\n')}`
}

function scaleLines(
  { scale, outcomes, graders, pairs, alpha, compared, withoutSight }: ScaleAgreement,
  seed: string,
): string[] {
  const { single, agreed, differing, adjudicated } = outcomes
  return [
    `Scale ${printText(scale)}: ${plural(graders.length, 'person', 'persons')}.`,
    `  one person alone ${formatCount(single)}, agreed ${formatCount(agreed)}, differing ${formatCount(differing)}, adjudicated ${formatCount(adjudicated)}`,
    ...(withoutSight === 0
      ? []
      : [
          `  ${plural(withoutSight, 'decision')} without sight of the content ${withoutSight === 1 ? 'is' : 'are'} not compared (--without-sight compares them too)`,
        ]),
    ...(pairs.length === 0
      ? ['  No content was graded by two persons: there is no agreement to measure.']
      : []),
    ...pairs.flatMap((pair) => pairLines(pair, seed)),
    ...(graders.length > 2
      ? [
          `  Krippendorff’s alpha (nominal) over ${plural(compared, 'content')}: ${alpha === null ? 'none' : alpha.toFixed(3)}`,
        ]
      : []),
  ]
}

function pairLines({ graders, contents, agreed, raw, ...pair }: PairAgreement, seed: string): string[] {
  const [a, b] = graders.map(printText)
  const kappa =
    pair.kappa === null
      ? 'none: both used one category only'
      : `${pair.kappa.toFixed(3)}${pair.kappaInterval ? ` (95 %: ${interval(pair.kappaInterval)}; bootstrap, seed ${printText(seed)})` : ''}`
  const used = pair.categories.filter((_, i) => pair.perCategory[i]!.agreement !== null)
  return [
    `  ${a} and ${b}: ${plural(contents, 'content')}`,
    `    raw agreement ${formatCount(agreed)} of ${formatCount(contents)}, ${raw.toFixed(3)} (95 %: ${interval(pair.rawInterval)}; Wilson)`,
    `    Cohen’s kappa ${kappa}`,
    `    by category   ${pair.perCategory.flatMap(({ category, agreement: share }) => (share === null ? [] : [`${printText(category)}: ${share.toFixed(3)}`])).join(', ')}`,
    `    ${a} by row, ${b} by column:`,
    ...[['', ...used], ...used.map((row) => [row, ...used.map((column) => countAt(pair, row, column))])].map(
      (cells) => `      ${cells.map((cell) => printText(String(cell)).padStart(8)).join('')}`,
    ),
  ]
}

function countAt(
  { table, categories }: Pick<PairAgreement, 'table' | 'categories'>,
  row: string,
  column: string,
): number {
  return table[categories.indexOf(row)]![categories.indexOf(column)]!
}

function interval({ from, to }: Interval): string {
  return `${from.toFixed(3)} to ${to.toFixed(3)}`
}
