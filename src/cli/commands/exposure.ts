/**
 * `seized exposure`: originals that persons were shown, by person and day, from the custody logs of one or many
 * ledgers.
 */

import { printText } from '../../base/evidence-path.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { csvRow } from '../../report/exchange/csv.ts'
import { jsonLine } from '../../report/exchange/jsonl.ts'
import { plural } from '../../report/texts/format.ts'
import { logOf } from '../../review/custody-logs.ts'
import { type ExposureDay, exposureOf } from '../../review/exposure.ts'
import type { Given } from '../arguments/option.ts'
import type { EXPOSURE } from '../arguments/options-table.ts'
import { verifiedLedgersWithLogs } from '../services/verified-logs.ts'

export async function exposure(
  named: readonly string[],
  { format, timezone, heads }: Given<typeof EXPOSURE>,
): Promise<number> {
  const logs = (await verifiedLedgersWithLogs(named.flat(), heads)).map(logOf)
  const days = exposureOf(logs, timezone)
  process.stdout.write(WRITERS[format](days, logs.length, timezone))
  return EXIT.complete
}

const WRITERS: Readonly<
  Record<'lines' | 'csv' | 'json', (days: readonly ExposureDay[], ledgers: number, zone: string) => string>
> = {
  lines: (days, ledgers, zone) =>
    [
      `${plural(ledgers, 'custody log')}, days in ${zone}.`,
      ...(days.length === 0 ? ['Nothing was revealed.'] : days.map(dayLine)),
      '',
    ].join('\n'),
  csv: (days) =>
    [csvRow(COLUMNS), ...days.map((day) => csvRow(COLUMNS.map((name) => String(cell(day, name)))))].join(''),
  json: (days, ledgers, timezone) => `${jsonLine({ ledgers, timezone, days: days.map(record) })}\n`,
}

const COLUMNS = [
  'operator',
  'day',
  'reveals',
  'pictures',
  'contents',
  'seconds',
  'atMost',
  'refused',
  'byTreatment',
  'byCategory',
  'screens',
] as const

function cell(day: ExposureDay, name: (typeof COLUMNS)[number]): string | number {
  if (name === 'seconds') return seconds(day)
  if (name === 'screens') return screensOf(day)
  if (name === 'byTreatment' || name === 'byCategory') return counted(day[name])
  return day[name]
}

function record({ shownMs, screens, ...day }: ExposureDay): object {
  const levels = Object.entries(screens).map(([level, { shownMs: ms, ...one }]) => [
    level,
    { ...one, seconds: ms / 1000 },
  ])
  return { ...day, seconds: shownMs / 1000, screens: Object.fromEntries(levels) }
}

/** `blurred: 120 contents 34.2 s`. */
function screensOf({ screens }: ExposureDay): string {
  return Object.entries(screens)
    .map(
      ([level, { contents, shownMs, atMost }]) =>
        `${level}: ${plural(contents, 'content')} ${atMost > 0 ? 'at most ' : ''}${(shownMs / 1000).toFixed(1)} s`,
    )
    .join(', ')
}

function dayLine(day: ExposureDay): string {
  const { operator, reveals, pictures, contents, atMost, refused } = day
  const parts = [
    `${plural(reveals, 'reveal')} (${plural(pictures, 'picture')}) of ${plural(contents, 'content')}`,
    `${atMost > 0 ? 'at most ' : ''}${seconds(day)} s`,
    counted(day.byTreatment),
    counted(day.byCategory),
    screensOf(day) === '' ? '' : `tiles ${screensOf(day)}`,
    ...(refused > 0 ? [`${refused} refused`] : []),
  ]
  return `${day.day}  ${printText(operator)}: ${parts
    .filter((part) => part !== '')
    .map(printText)
    .join('; ')}`
}

function seconds({ shownMs }: ExposureDay): string {
  return (shownMs / 1000).toFixed(3)
}

function counted(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `${name}: ${count}`)
    .join(', ')
}
