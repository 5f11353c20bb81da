/** `seized validate plan | run | report`: that this installation does what it promises, on exhibits whose answers are known. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { recordPage } from '../../validate/page.ts'
import { makePlan, readPlan } from '../../validate/plan.ts'
import { RECORD_ABOUT, type ValidationRecord } from '../../validate/record.ts'
import { runPlan } from '../../validate/run.ts'
import { pauseOnSignals } from '../pause.ts'
import type { Given } from '../table/option.ts'
import type { VALIDATE_PLAN, VALIDATE_REPORT, VALIDATE_RUN } from '../table/options.ts'
import { writeWhole } from '../write-whole.ts'

export async function plan(
  _: readonly string[],
  { full, seed }: Given<typeof VALIDATE_PLAN>,
): Promise<number> {
  process.stdout.write(`${JSON.stringify(await makePlan(full ? 'full' : 'quick', seed), null, 1)}\n`)
  return EXIT.complete
}

/** Exit 0: every requirement was met; 4: one was not, or was not shown. */
export async function run([file]: readonly string[], { out }: Given<typeof VALIDATE_RUN>): Promise<number> {
  const pausing = pauseOnSignals()
  try {
    const record = await runPlan({
      plan: readPlan(file!),
      planFile: file!,
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
  { format, out }: Given<typeof VALIDATE_REPORT>,
): Promise<number> {
  const { record, sha256 } = readRecord(folder!)
  if (existsSync(out)) throw new UsageError(`${out} exists. Give another name.`)
  const text = format === 'json' ? `${JSON.stringify(record, null, 1)}\n` : recordPage(record, sha256)
  await writeWhole(out, async (stream) => {
    stream.write(text)
  })
  process.stdout.write(`The record as ${format}: ${out}\n`)
  return EXIT.complete
}

function readRecord(folder: string): { readonly record: ValidationRecord; readonly sha256: string } {
  const file = join(folder, 'record.json')
  if (!existsSync(file))
    throw new UsageError(`${folder} holds no record. Run: seized validate run PLAN --out ${folder}`)
  const bytes = readFileSync(file)
  let record: ValidationRecord
  try {
    record = JSON.parse(bytes.toString('utf8'))
  } catch {
    throw new UsageError(`${file} cannot be read as a record: it is not JSON.`)
  }
  if (record?.about !== RECORD_ABOUT) throw new UsageError(`${file} is no validation record of this program.`)
  return { record, sha256: createHash('sha256').update(bytes).digest('hex') }
}
