/**
 * hashdeep 1.0: sizes and digests of every content that was read completely, one line for each name, for `hashdeep -a
 * -k` and list importers.
 */

import { printPath, printText } from '../../base/evidence-path.ts'
import type { EvidencePath } from '../../contracts/entry.ts'
import type { Exporter } from '../export/exporter.ts'
import { leavesOutAll } from '../model/leaves-out.ts'
import { withText } from '../model/text-out.ts'
import { ledgerState } from '../model/values.ts'

export const hashdeep: Exporter = {
  id: 'hashdeep',
  title: 'Digests of every content, for hashdeep',
  extension: '.txt',
  leavesOut: leavesOutAll('The format has sizes, digests and names alone.'),
  async write(ledger, out) {
    await withText(out, async (text) => {
      const { caseId, exhibitId } = ledger.case
      await text.write(
        [
          '%%%% HASHDEEP-1.0',
          '%%%% size,md5,sha1,sha256,filename',
          `## seized: case ${printText(caseId)}, exhibit ${printText(exhibitId)}`,
          `## ledger ${ledgerState(ledger)}, newest head ${ledger.newestHead()}`,
          '## ',
          '',
        ].join('\n'),
      )
      for (const { entry, content } of ledger.places())
        if (content) {
          const { md5, sha1, sha256 } = content.digests
          await text.write(`${content.sizeBytes},${md5},${sha1},${sha256},${nameOf(entry.path)}\n`)
        }
    })
  },
}

/** The name that `hashdeep -r -l .` prints inside the exhibit, so that an audit finds the file at its place. */
function nameOf(path: EvidencePath): string {
  const isPlainFile = path.steps.length === 1 && path.steps[0]!.kind === 'file'
  return `${isPlainFile ? './' : ''}${printPath(path)}`
}
