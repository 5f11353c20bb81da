/** `seized validate pilot`: the sheet that examiners fill in after a pilot, and the totals of the sheets. */
import { existsSync } from 'node:fs'
import { UsageError } from '../../base/errors.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { ValidationTexts } from '../../validate/model/texts.ts'
import { LEAST_FOR_MEAN, readAnswers, type Spread, summaryOf } from '../../validate/pilot/answers.ts'
import { sheetCsv, sheetPage } from '../../validate/pilot/sheet.ts'
import type { Given } from '../arguments/option.ts'
import type { VALIDATE_PILOT } from '../arguments/options-table.ts'
import { writeWhole } from '../services/write-whole.ts'
import { trialOfSight } from './validate-sight.ts'

export async function pilot(files: readonly string[], given: Given<typeof VALIDATE_PILOT>): Promise<number> {
  const { format, language, out, json } = given
  if (given.labels !== undefined) return trialOfSight(given.labels, files, given)
  if (given.person !== undefined) throw new UsageError('--person is of a trial of sight: give its --labels.')
  if (files.length > 0) {
    const summary = summaryOf(readAnswers(files))
    process.stdout.write(json ? `${JSON.stringify(summary, null, 1)}\n` : inWords(summary))
    return EXIT.complete
  }
  if (out === undefined)
    throw new UsageError('Give --out FILE for a sheet to fill in, or the CSV files that were filled in.')
  if (existsSync(out)) throw new UsageError(`${out} exists. Give another name.`)
  const sheet = format === 'csv' ? sheetCsv(language) : sheetPage(language)
  await writeWhole(out, async (stream) => {
    stream.write(sheet)
  })
  process.stdout.write(`Sheet for one person: ${out}\n`)
  return EXIT.complete
}

function inWords({ persons, usability, questions }: ReturnType<typeof summaryOf>): string {
  const texts = new ValidationTexts('en')
  const rows = [
    ['Usability, 0 to 100', ...cells(usability)],
    ...questions.map((one) => [texts.pilot(one.id as 'sus-1'), ...cells(one)]),
  ]
  const head = ['', 'n', 'median', 'range', 'mean']
  const widths = head.map((cell, i) => Math.max(cell.length, ...rows.map((row) => row[i]!.length)))
  const lines = [head, ...rows].map(
    (row) =>
      `${row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd()}\n`,
  )
  return `${persons} ${persons === 1 ? 'person' : 'persons'}\n${lines.join('')}A mean is of ${LEAST_FOR_MEAN} persons or more. What a few persons say is no measure of a program.\n`
}

function cells({ n, median, least, most, mean }: Spread): string[] {
  const say = (value: number | null) => (value === null ? '–' : `${Math.round(value * 10) / 10}`)
  return [`${n}`, say(median), n === 0 ? '–' : `${say(least)} to ${say(most)}`, say(mean)]
}
