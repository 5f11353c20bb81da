/** Rows of a LEAPP run beside the contents that lie at the same paths, as a table. */
import { printPath, printText } from '../../base/evidence-path.ts'
import type { EntryViews, LedgerIdentity } from '../../contracts/ledger-reader.ts'
import type { EntryView } from '../../contracts/view.ts'
import type { TextOut } from '../model/text-out.ts'
import { ledgerState } from '../model/values.ts'
import { csvRow } from './csv.ts'
import type { LavaRow } from './lava-rows.ts'

export interface Joined {
  /** Rows of the run that name a file, a medium, or a path of this exhibit in a cell; and those of which a content lies here. */
  readonly rows: number
  readonly joined: number
  readonly paths: number
  readonly pathsHere: number
}

const COLUMNS = [
  ...['module', 'artifact', 'table', 'row', 'column', 'as', 'pathOfRun'],
  ...[
    'path',
    'pathBytes',
    'sha256',
    'md5',
    'mediaType',
    'hits',
    'near',
    'references',
    'leads',
    'priority',
    'ledger',
  ],
] as const

/**
 * Writes one line for each place on the exhibit, and one for each row without any: no row of the run is lost. Cells that are
 * paths of no content here are left out, because any text may look like a path; files and media are not.
 */
export async function joinRows(
  ledger: EntryViews & LedgerIdentity,
  rows: readonly LavaRow[],
  out: TextOut,
): Promise<Joined> {
  const wanted = new Map<string, EntryView[]>(rows.map(({ path }) => [path, []]))
  for (const view of ledger.places()) if (view.content !== null) wanted.get(placeIn(view))?.push(view)
  await out.write(csvRow(COLUMNS))
  const state = ledgerState(ledger)
  const said = rows.filter(({ as, path }) => as !== 'cell' || wanted.get(path)!.length > 0)
  let joined = 0
  for (const row of said) {
    const here = wanted.get(row.path)!
    if (here.length > 0) joined++
    for (const view of here.length > 0 ? here : [null])
      await out.write(csvRow([...cellsOf(row), ...ours(view), state]))
  }
  const paths = new Set(said.map(({ path }) => path))
  const pathsHere = [...paths].filter((path) => wanted.get(path)!.length > 0).length
  return { rows: said.length, joined, paths: paths.size, pathsHere }
}

/** Path within the innermost file system or archive: another tool knows neither our volumes nor the archive's name. */
function placeIn({ entry }: EntryView): string {
  return entry.path.steps
    .findLast(({ name }) => name.length > 0)!
    .name.toString('utf8')
    .replace(/^(\.?\/)+/, '')
}

function cellsOf({ module, artifact, table, row, column, as, path }: LavaRow): readonly string[] {
  return [module, artifact, table, row === null ? '' : String(row), column, as, path].map(printText)
}

function ours(view: EntryView | null): readonly string[] {
  if (view === null) return Array.from({ length: 10 }, () => '')
  const { entry, content, hits, near, references, leads, ranked } = view
  const lists = (some: readonly { readonly hashSet: string; readonly meaning: string }[]) =>
    some.map(({ hashSet, meaning }) => printText(`${meaning}: ${hashSet}`)).join('; ')
  return [
    printPath(entry.path),
    entry.path.bytes.toString('base64'),
    content?.digests.sha256 ?? '',
    content?.digests.md5 ?? '',
    printText(content?.mediaType ?? ''),
    lists(hits),
    lists(near),
    lists(references),
    leads.map(({ classifier, label }) => printText(`${classifier} ${label}`)).join('; '),
    String(ranked.priority ?? ''),
  ]
}
