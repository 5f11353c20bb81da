/** The table of a run of the CFTT cases, in words: by case, by file system, names, and every loss against a peer. */
import { added, type Counted, sharesOf } from './measure.ts'
import type { CfttRow } from './row.ts'
import type { CfttTable } from './run.ts'

type Of = 'contents' | 'names'

const FAMILIES = [
  ['DFR', 'Deleted files'],
  ['FC', 'File carving'],
  ['SS', 'String search'],
  ['SQ', 'SQLite: rows found'],
  ['RG', 'Registry: values found'],
] as const

/** The tables of one area, with the readers that it was asked of. */
function familyInWords(whole: CfttTable, present: readonly string[], prefix: string, what: string): string[] {
  const table = { ...whole, rows: whole.rows.filter((row) => row.case.startsWith(`${prefix}-`)) }
  const made = table.rows.filter(({ state }) => state === 'made')
  if (made.length === 0) return []
  const asked = present.filter((id) =>
    made.some(({ readers }) => readers.some(({ reader }) => reader === id)),
  )
  const hasNames = made.some(({ readers }) => readers.some(({ names }) => names !== null))
  return [
    `${what} by case, over all that it is on: precision, recall, F1`,
    ...byCase(table, asked, 'contents'),
    '',
    `${what} by what it is on, over all cases: precision, recall, F1`,
    ...byFileSystem(table, asked),
    '',
    ...(hasNames ? ['Names by case: precision, recall, F1', ...byCase(table, asked, 'names'), ''] : []),
    `${what}: right/fragments/wrong/missed${hasNames ? ', names right/wrong/missed' : ''}`,
    ...everyRow(table, asked),
    '',
  ]
}

export function cfttInWords(table: CfttTable): string {
  const present = table.readers.filter(({ version }) => version !== null).map(({ id }) => id)
  const losses = lossesOf(table)
  return [
    table.about,
    '',
    `Program ${table.program}, seed ${table.seed}, ${table.made}`,
    ...table.readers.map(({ id, way, version }) => `  ${id}: ${version ?? 'not installed'} (${way})`),
    ...table.notRun.map(({ peer, why }) => `  ${peer}: ${why}`),
    ...table.makers.map(({ fileSystem, maker }) => `  ${fileSystem}: ${maker}`),
    ...statesOf(table),
    '',
    ...FAMILIES.flatMap(([prefix, what]) => familyInWords(table, present, prefix, what)),
    losses.length === 0
      ? 'No loss against a peer of the same way.'
      : 'Losses against a peer of the same way (F1):',
    ...losses,
    '',
  ].join('\n')
}

/** Rows in which a peer that goes the same way has a higher F1. */
export function lossesOf({ readers, rows }: CfttTable): string[] {
  const isOurs = (id: string) => id.startsWith('seized')
  const wayOf = new Map(readers.map(({ id, way }) => [id, way]))
  return rows.flatMap((row) =>
    row.readers
      .filter(({ reader }) => isOurs(reader))
      .flatMap((ours) =>
        row.readers
          .filter(({ reader }) => !isOurs(reader) && wayOf.get(reader) === wayOf.get(ours.reader))
          .flatMap((peer) =>
            (['contents', 'names'] as const).flatMap((of) => {
              const [a, b] = [ours[of], peer[of]]
              const [own, theirs] = [a && (sharesOf(a).f1 ?? 1), b && (sharesOf(b).f1 ?? 1)]
              return own !== null && theirs !== null && theirs > own
                ? [
                    `  ${row.case} ${row.fileSystem} ${of}: ${ours.reader} ${own.toFixed(2)}, ${peer.reader} ${theirs.toFixed(2)}`,
                  ]
                : []
            }),
          ),
      ),
  )
}

function statesOf({ rows }: CfttTable): string[] {
  const lines: string[] = []
  for (const state of ['could not be made on this machine', 'not asked'] as const) {
    const of = rows.filter((row) => row.state === state)
    const systems = [...new Set(of.map(({ fileSystem }) => fileSystem))]
    if (of.length > 0) lines.push(`  ${state}: ${of.length} of ${rows.length} rows (${systems.join(', ')})`)
  }
  return lines
}

function byCase({ rows }: CfttTable, present: readonly string[], of: Of): string[] {
  const cases = [...new Map(rows.map((row) => [row.case, row.title]))]
  return grid(
    ['case', 'title', 'made', 'files', ...present],
    cases.map(([id, title]) => {
      const made = rows.filter((row) => row.case === id && row.state === 'made')
      const files = made.reduce((sum, { recoverable }) => sum + recoverable, 0)
      return [id, title, `${made.length}`, `${files}`, ...present.map((reader) => cell(made, reader, of))]
    }),
  )
}

function byFileSystem({ rows }: CfttTable, present: readonly string[]): string[] {
  const systems = [...new Set(rows.map(({ fileSystem }) => fileSystem))]
  return grid(
    ['file system', 'made', ...present],
    systems.map((fileSystem) => {
      const made = rows.filter((row) => row.fileSystem === fileSystem && row.state === 'made')
      return [fileSystem, `${made.length}`, ...present.map((reader) => cell(made, reader, 'contents'))]
    }),
  )
}

function everyRow({ rows }: CfttTable, present: readonly string[]): string[] {
  const names = (counted: Counted | null | undefined) =>
    counted ? `${counted.right}/${counted.wrong}/${counted.missed}` : '–'
  const contents = (counted: Counted | undefined) =>
    counted ? `${counted.right}/${counted.fragments}/${counted.wrong}/${counted.missed}` : '–'
  return grid(
    ['case', 'on', 'there', 'gone', 'fragments', ...present],
    rows
      .filter(({ state }) => state === 'made')
      .map((row) => [
        row.case,
        row.fileSystem,
        ...[row.recoverable, row.overwritten, row.fragments].map(String),
        ...present.map((id) => {
          const seen = row.readers.find(({ reader }) => reader === id)
          return `${contents(seen?.contents)} ${names(seen?.names)}`
        }),
      ]),
  )
}

function cell(rows: readonly CfttRow[], id: string, of: Of): string {
  const counted = rows.flatMap(({ readers }) => {
    const seen = readers.find(({ reader }) => reader === id)?.[of]
    return seen ? [seen] : []
  })
  if (counted.length === 0) return '–'
  const { precision, recall, f1 } = sharesOf(added(counted))
  return [precision, recall, f1].map((share) => (share === null ? '  – ' : share.toFixed(2))).join(' ')
}

function grid(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((cell, i) => Math.max(cell.length, ...rows.map((row) => row[i]!.length)))
  return [head, ...rows].map((row) =>
    `  ${row.map((cell, i) => cell.padEnd(widths[i]!)).join('  ')}`.trimEnd(),
  )
}
