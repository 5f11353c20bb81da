/**
 * `seized validate pilot --labels`: a trial of how well persons can tell what a blurred picture shows, with neutral pictures of the
 * laboratory's own. Its sheets hold treated pictures only, made as the review makes tiles.
 */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { JobPool } from '../../host/decoder/job-pool.ts'
import { revealPixels } from '../../host/decoder/reveal-request.ts'
import { DEFAULT_LIMITS } from '../../plan.ts'
import type { Share } from '../../validate/own/shares.ts'
import { type SightSummary, sightSummary } from '../../validate/sight/answers.ts'
import { conditionOf, madeAs } from '../../validate/sight/conditions.ts'
import { readSightLabels, type SightLabels } from '../../validate/sight/labels.ts'
import { sightCsv, sightPage, type TreatedPicture } from '../../validate/sight/sheet.ts'
import type { Given } from '../arguments/option.ts'
import type { VALIDATE_PILOT } from '../arguments/options-table.ts'
import { readOne } from '../services/one-file.ts'
import { writeWhole } from '../services/write-whole.ts'

type Asked = Given<typeof VALIDATE_PILOT>

export async function trialOfSight(file: string, answers: readonly string[], given: Asked): Promise<number> {
  const labels = readSightLabels(file)
  const { out, person, format, language } = given
  if (answers.length > 0) {
    const summary = sightSummary(labels, answers)
    process.stdout.write(given.json ? `${JSON.stringify(summary, null, 1)}\n` : inWords(summary))
    return EXIT.complete
  }
  if (out === undefined || person === undefined)
    throw new UsageError('Give --person N and --out FILE for a sheet, or the CSV files that were filled in.')
  if (existsSync(out)) throw new UsageError(`${out} exists. Give another name.`)
  const pictures = format === 'csv' ? [] : await treated(labels, dirname(file), person, given.allowUnconfined)
  const sheet =
    format === 'csv' ? sightCsv(labels, person, language) : sightPage(labels, pictures, person, language)
  await writeWhole(out, async (stream) => {
    stream.write(sheet)
  })
  process.stdout.write(`Sheet for person ${person}: ${out}\n`)
  const lost = labels.items.filter((_, i) => format === 'html' && pictures[i] === null)
  for (const { path } of lost) process.stdout.write(`not asked about, it could not be decoded: ${path}\n`)
  return lost.length > 0 ? EXIT.incomplete : EXIT.complete
}

async function treated(
  { items }: SightLabels,
  folder: string,
  person: number,
  allowUnconfined: boolean,
): Promise<readonly (TreatedPicture | null)[]> {
  const { childDataBytes, decodeCpuMs, pixels } = DEFAULT_LIMITS
  const children = new JobPool({
    ...{ size: 1, dataBytes: childDataBytes, cpuMs: decodeCpuMs, allowUnconfined, ops: ['reveal'] },
  })
  try {
    const made: (TreatedPicture | null)[] = []
    for (const [i, { path }] of items.entries()) {
      const read = await readOne(join(folder, path))
      if (!read.read) throw new UsageError(`${join(folder, path)} could not be read (${read.errno}).`)
      const { mediaType, digests } = read.content
      const header = { mediaType, pixels, ...madeAs(conditionOf(i, person)) }
      const shown = await revealPixels(children, header, read.bytes, digests.sha256)
      made.push(shown.shown ? shown.frames[0]! : null)
    }
    return made
  } finally {
    await children.close()
  }
}

function inWords({ persons, pictures, conditions, treatments, questions }: SightSummary): string {
  const rows = [
    ...treatments.map(
      ({ treatment, strength, right }) => [`${treatment} ${strength}`, 'all sizes', right] as const,
    ),
    ...conditions.map(
      ({ treatment, strength, side, right }) =>
        [`${treatment} ${strength}`, `${side} pixels`, right] as const,
    ),
    ...questions.map(({ question, treatment, right }) => [treatment, question, right] as const),
  ]
  const lines = rows.flatMap(([treatment, of, right]) =>
    right === null ? [] : [`${treatment.padEnd(10)} ${of.padEnd(12)} ${inPercent(right)}\n`],
  )
  return `${persons} ${persons === 1 ? 'person' : 'persons'}, ${pictures} pictures; right answers with the interval of Clopper and Pearson (95 %)\n${lines.join('')}Measured is which questions persons could answer. No treatment is shown to protect a person who looks.\n`
}

function inPercent({ count, of, accepted }: Share): string {
  const percent = (value: number) => `${Math.round(value * 100)} %`
  return `${count} of ${of}, ${percent(accepted.low)} to ${percent(accepted.high)}`
}
