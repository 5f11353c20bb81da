/**
 * `seized seal-statement`: writes the statement that people sign and have time-stamped into the custody log and into a
 * file.
 */
import { basename, resolve } from 'node:path'
import { fileSha256 } from '../../base/file-digest.ts'
import { statementText } from '../../sign/statement.ts'
import type { Given } from '../arguments/option.ts'
import type { SEAL_STATEMENT } from '../arguments/options-table.ts'
import { recordCustody } from '../services/log-custody.ts'
import { refuseExisting, withSealed, writeNew } from '../services/vouching.ts'

export async function sealStatement(
  [file]: readonly string[],
  given: Given<typeof SEAL_STATEMENT>,
): Promise<number> {
  const path = resolve(file!)
  const out = resolve(given.out ?? `${path}.statement.json`)
  refuseExisting('--out', out)
  return withSealed(path, given.heads, async (ledger) => {
    const outputs = await Promise.all(
      given.output.map(async (one) => ({ file: basename(one), sha256: await fileSha256(resolve(one)) })),
    )
    const text = statementText(ledger, await fileSha256(path), ledger.newestHead(), outputs, new Date())
    writeNew('--out', out, text)
    const { number } = recordCustody(
      path,
      {
        event: 'seal-stated',
        operator: given.operator,
        detail: { outputs: String(outputs.length) },
        fact: { kind: 'statement', text },
      },
      given.heads,
    )
    process.stdout.write(`${text}Seal statement ${number}: ${out}\n`)
    return 0
  })
}
