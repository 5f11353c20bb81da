/**
 * CSV of decisions: one row for each decision of a person, including superseded and withdrawn ones. Each row contains
 * the content with every place. `seized import decisions` reads this file.
 */

import { printPath, printText } from '../../base/evidence-path.ts'
import type { EntryViews } from '../../contracts/ledger-reader.ts'
import { decisionsOf, outcomeOf, type RecordedDecision, standing } from '../../ledger/custody/decisions.ts'
import { secondsInSight, sightOf } from '../../ledger/custody/sight.ts'
import type { Exporter } from '../export/exporter.ts'
import { contentsOf, type FoundContent } from '../model/contents.ts'
import { leavesOutAll } from '../model/leaves-out.ts'
import { withText } from '../model/text-out.ts'
import { ledgerState } from '../model/values.ts'
import { csvRow } from './csv.ts'

export const decisions: Exporter = {
  id: 'decisions',
  title: 'Decisions of persons, one row each',
  extension: '.csv',
  leavesOut: leavesOutAll('It holds what persons decided, and nothing of what lists and models say.'),
  async write(ledger, out) {
    const made = decisionsOf(ledger.custody())
    const last = [ledgerState(ledger), ledger.newestHead()]
    await withText(out, async (text) => {
      await text.write(csvRow(DECISION_COLUMNS))
      for (const found of decided(ledger, made))
        for (const row of rowsOf(found, made.get(found.content.digests.sha256)!))
          await text.write(csvRow([...row, ...last]))
    })
  },
}

export const DECISION_COLUMNS = [
  'sha256',
  'sha1',
  'md5',
  'sizeBytes',
  'mediaType',
  'scale',
  'category',
  'act',
  'stands',
  'outcome',
  'operator',
  'account',
  'utc',
  'pass',
  'note',
  'sight',
  'seconds',
  'places',
  'paths',
  'ledger',
  'newestHead',
] as const

function decided(
  ledger: EntryViews,
  made: ReadonlyMap<string, readonly RecordedDecision[]>,
): Iterable<FoundContent> {
  return contentsOf(ledger, ({ content }) => content !== null && made.has(content.digests.sha256))
}

function rowsOf({ view, content, places }: FoundContent, made: readonly RecordedDecision[]): string[][] {
  const stands = new Set(standing(made))
  const { sha256, sha1, md5 } = content.digests
  return made.map((one) => [
    sha256,
    sha1,
    md5,
    String(content.sizeBytes),
    printText(content.mediaType),
    printText(one.scale),
    printText(one.category ?? ''),
    one.act,
    stands.has(one) ? 'yes' : 'no',
    outcomeOf(made, one.scale).kind,
    printText(one.operator),
    printText(one.account),
    one.utc,
    one.pass ?? '',
    printText(one.note),
    sightOf(one, view.hits),
    String(secondsInSight(one) ?? ''),
    String(places.length),
    places.map(({ path }) => printPath(path)).join('\n'),
  ])
}
