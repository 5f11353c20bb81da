/**
 * `seized validate plan | run | report`: tests this installation against its requirements, on exhibits with known
 * answers.
 */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { recordDocument } from '../../validate/document.ts'
import { recordPage } from '../../validate/page.ts'
import { recordPdf } from '../../validate/pdf.ts'
import { makePlan, readPlan } from '../../validate/plan.ts'
import { readRecord } from '../../validate/read-record.ts'
import { runPlan } from '../../validate/run.ts'
import type { Given } from '../arguments/option.ts'
import type { VALIDATE_PLAN, VALIDATE_REPORT, VALIDATE_RUN } from '../arguments/options-table.ts'
import { pauseOnSignals } from '../services/pause.ts'
import { writeWhole } from '../services/write-whole.ts'
import { cftt } from './validate-cftt.ts'

export async function plan(
  _: readonly string[],
  { full, seed }: Given<typeof VALIDATE_PLAN>,
): Promise<number> {
  process.stdout.write(`${JSON.stringify(await makePlan(full ? 'full' : 'quick', seed), null, 1)}\n`)
  return EXIT.complete
}

/** Exit 0: every requirement was met; 4: one was not met, or not shown to be met. */
export async function run([file]: readonly string[], given: Given<typeof VALIDATE_RUN>): Promise<number> {
  if (given.cftt) return cftt(file, given)
  if (file === undefined) throw new UsageError('Give the plan that `validate plan` printed, or --cftt.')
  if (given.only.length > 0 || given.json) throw new UsageError('--only and --json are of --cftt.')
  // Peer tools run in folders of their own.
  const out = resolve(given.out)
  const pausing = pauseOnSignals()
  try {
    const record = await runPlan({
      plan: readPlan(file),
      planFile: file,
      out,
      signal: pausing.signal,
      say: (line) => process.stderr.write(`${line}\n`),
    })
    const width = Math.max(...record.results.map(({ requirement }) => requirement.id.length))
    for (const { requirement, n, failures, verdict } of record.results)
      process.stdout.write(
        `${verdict.padEnd(9)} ${requirement.id.padEnd(width)} ${failures} of ${n} failed\n`,
      )
    for (const deviation of record.deviations) process.stdout.write(`deviation ${deviation}\n`)
    process.stdout.write(
      `\n${record.statement}\nRecord: ${join(out, 'record.json')}\nNext: seized validate report ${out} --out RECORD.html\n`,
    )
    return record.fit ? EXIT.complete : EXIT.ledgerDamaged
  } finally {
    pausing.dispose()
  }
}

export async function report(
  [folder]: readonly string[],
  { format, out, language, allowUnconfined }: Given<typeof VALIDATE_REPORT>,
): Promise<number> {
  const { record, bytes, sha256, own } = readRecord(folder!)
  if (existsSync(out)) throw new UsageError(`${out} exists. Give another name.`)
  const document = recordDocument(record, sha256, own, language)
  const english = document.unreviewed.length > 0 ? recordDocument(record, sha256, own, 'en') : null
  const written =
    format === 'json'
      ? bytes
      : format === 'html'
        ? recordPage(document, english)
        : await recordPdf(document, english, bytes.toString('utf8'), { utc: record.ended, allowUnconfined })
  await writeWhole(out, async (stream) => {
    stream.write(written)
  })
  process.stdout.write(`Record ${document.number} as ${format}: ${out}\n`)
  return EXIT.complete
}
