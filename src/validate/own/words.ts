/** An own sample in a table for a terminal. */
import type { Interval } from '../../classify/statistics.ts'
import type { OwnSample, OwnScore } from './own.ts'
import type { Share } from './shares.ts'

export function ownInWords({ kind, items, unread, scores }: OwnSample): string {
  const head = `${items} ${kind}, ${unread} of them without an answer (they count as not marked).\n`
  return `${head}${scores.map(scoreInWords).join('')}\nShares stand with the 95 % interval of Clopper and Pearson. What a model does on other material, this does not say.\n`
}

function scoreInWords({ classifier, label, positives, negatives, thresholds, groups }: OwnScore): string {
  const rows = thresholds.map(({ thresholdPer10k, name, found, falsely }) => [
    (thresholdPer10k / 10_000).toFixed(4),
    name ?? '',
    inWords(found),
    inWords(falsely),
  ])
  const ofGroups = groups.map((one) => [
    `${one.group}: ${one.value}`,
    `${one.positives} + ${one.negatives}`,
    one.found === null ? 'fewer than ten' : `${inWords(one.found)}${apart(one.foundDifference)}`,
    one.falsely === null ? 'fewer than ten' : `${inWords(one.falsely)}${apart(one.falselyDifference)}`,
  ])
  return [
    `\n${classifier}, ${label}: ${positives} with, ${negatives} without\n`,
    table([['threshold', '', 'found', 'marked without'], ...rows]),
    ...(ofGroups.length === 0
      ? []
      : [
          '\nAt the threshold in force, by group (in brackets: apart from all others)\n',
          table([['group', 'items', 'found', 'marked without'], ...ofGroups]),
        ]),
  ].join('')
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)))
  return rows
    .map(
      (row) =>
        `  ${row
          .map((cell, i) => cell.padEnd(widths[i]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}

function inWords(one: Share | null): string {
  if (one === null) return 'none judged'
  const { count, of, accepted } = one
  return `${count} of ${of} (${percent(accepted.low)} – ${percent(accepted.high)})`
}

function apart(of: Interval | null): string {
  if (of === null) return ''
  return of.low > 0 || of.high < 0 ? ` [differs: ${percent(of.low)} to ${percent(of.high)}]` : ''
}

const percent = (of: number) => `${(of * 100).toFixed(1)} %`
