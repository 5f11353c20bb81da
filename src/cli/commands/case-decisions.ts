/** `seized case export-decisions`: the decisions of a case as a hash list of the laboratory, for its next cases. */
import { resolve } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { fileSha256 } from '../../base/file-digest.ts'
import { fileOf } from '../../case/exhibit-file.ts'
import { asList, ownDecisions } from '../../case/own-decisions.ts'
import { formatCount, plural } from '../../report/texts/format.ts'
import type { Given } from '../arguments/option.ts'
import type { CASE_EXPORT_DECISIONS } from '../arguments/options-table.ts'
import { openedCase, recordInCase, settleDecisions } from '../services/case-folders.ts'
import { closeAll, openCase } from '../services/case-ledgers.ts'
import { writeNew } from '../services/vouching.ts'

export async function exportDecisions(
  [folder]: readonly string[],
  given: Given<typeof CASE_EXPORT_DECISIONS>,
): Promise<number> {
  const { scale, lab: laboratory, withoutSight, heads } = given
  closeAll(await openCase([folder!], given))
  for (const line of settleDecisions(openedCase(folder!, heads), heads)) process.stderr.write(`${line}\n`)
  const { root, state, events } = openedCase(folder!, heads)
  const { caseNumber } = state
  const exhibits = state.exhibits.map((one) => ({ exhibit: one.exhibit, path: fileOf(root, one).path }))
  const made = ownDecisions(events, { caseNumber, scale, laboratory, withoutSight, exhibits })
  const { rows, differing, withoutSight: unseen } = made
  const left = [
    ...(differing === 0 ? [] : [`Left out: ${plural(differing, 'content')} on which persons differ.`]),
    ...(unseen === 0
      ? []
      : [
          `Left out: ${plural(unseen, 'content')} that no person saw before the decision (--without-sight takes them too).`,
        ]),
  ]
  if (rows.length === 0)
    throw new UsageError(`No decision on ${scale} can be written as a list. ${left.join(' ')}`.trim())
  const out = resolve(given.out)
  writeNew('--out', out, asList(made))
  const sha256 = await fileSha256(out)
  const detail = { scale, contents: String(rows.length), sha256, out, withoutSight: String(withoutSight) }
  recordInCase(folder!, { event: 'decisions-exported', operator: given.operator ?? null, detail }, heads)
  process.stdout.write(
    [
      `${out}: ${formatCount(rows.length)} own decisions on ${scale}, SHA-256 ${sha256}`,
      ...left,
      `Next case: seized scan … --hashset ${scale}:${out}`,
      '',
    ].join('\n'),
  )
  return EXIT.complete
}
