/**
 * `seized seal-statement`: writes the statement that people sign and have time-stamped into the custody log of a ledger,
 * or into the log of a case, and into a file.
 */
import { basename, resolve } from 'node:path'
import { fileSha256 } from '../../base/file-digest.ts'
import { caseRoot, isCaseFolder } from '../../case/case-folder.ts'
import type { Given } from '../arguments/option.ts'
import type { SEAL_STATEMENT } from '../arguments/options-table.ts'
import { withVouchable } from '../services/vouchable.ts'
import { refuseExisting, writeNew } from '../services/vouching.ts'

export async function sealStatement(
  [named]: readonly string[],
  given: Given<typeof SEAL_STATEMENT>,
): Promise<number> {
  const of = isCaseFolder(named!) ? caseRoot(named!) : resolve(named!)
  const out = resolve(given.out ?? `${of}.statement.json`)
  refuseExisting('--out', out)
  return withVouchable(named!, given.heads, async ({ statementName, state, record }) => {
    const outputs = await Promise.all(
      given.output.map(async (one) => ({ file: basename(one), sha256: await fileSha256(resolve(one)) })),
    )
    const text = await state(outputs, new Date())
    writeNew('--out', out, text)
    const { number } = record({
      event: 'seal-stated',
      operator: given.operator,
      detail: { outputs: String(outputs.length) },
      fact: { kind: 'statement', text },
    })
    const name = statementName[0]!.toUpperCase() + statementName.slice(1)
    process.stdout.write(`${text}${name} ${number}: ${out}\n`)
    return 0
  })
}
