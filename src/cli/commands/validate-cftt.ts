/** `seized validate run --cftt`: the cases of NIST CFTT for deleted files and carving, measured beside peers. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { CARVED_KINDS, CARVING_CASES } from '../../validate/cftt/carving-cases.ts'
import { CFTT_CASES } from '../../validate/cftt/cases.ts'
import { REGISTRY_CASES } from '../../validate/cftt/registry-cases.ts'
import { runCftt } from '../../validate/cftt/run.ts'
import { SEARCH_CASES } from '../../validate/cftt/search-cases.ts'
import { SQLITE_CASES } from '../../validate/cftt/sqlite-cases.ts'
import { cfttInWords } from '../../validate/cftt/table.ts'
import { VOLUMES } from '../../validate/cftt/volumes.ts'
import type { Given } from '../arguments/option.ts'
import type { VALIDATE_RUN } from '../arguments/options-table.ts'

/** Exit 0: every case that was asked for was made and measured; 3: one could not be made on this machine. */
export async function cftt(plan: string | undefined, given: Given<typeof VALIDATE_RUN>): Promise<number> {
  if (plan !== undefined) throw new UsageError('--cftt takes no plan: its cases are those of NIST.')
  const known = new Set([
    ...[...CFTT_CASES, ...CARVING_CASES, ...VOLUMES].map(({ id }) => id),
    ...CARVED_KINDS,
    ...SEARCH_CASES,
    ...SQLITE_CASES,
    ...REGISTRY_CASES,
  ])
  for (const one of given.only)
    if (!known.has(one)) throw new UsageError(`--only: ${one} is none of ${[...known].join(', ')}.`)
  const out = resolve(given.out)
  mkdirSync(out, { recursive: true })
  const table = await runCftt({
    ...{ out, seed: given.seed, only: given.only },
    say: (line) => process.stderr.write(`${line}\n`),
  })
  const json = `${JSON.stringify(table, null, 1)}\n`
  const words = cfttInWords(table)
  writeFileSync(join(out, 'cftt.json'), json)
  writeFileSync(join(out, 'cftt.txt'), words)
  process.stdout.write(given.json ? json : `${words}\nTable: ${join(out, 'cftt.txt')} and cftt.json\n`)
  return table.rows.some(({ state }) => state === 'could not be made on this machine')
    ? EXIT.incomplete
    : EXIT.complete
}
