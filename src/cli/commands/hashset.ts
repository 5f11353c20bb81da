/** `seized hashset`: describes lists, and compiles them into indexes. */

import { basename, resolve } from 'node:path'
import { definedOnly } from '../../base/defined-only.ts'
import { printText } from '../../base/evidence-path.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { VERSION } from '../../base/version.ts'
import type { HashSetInfo } from '../../contracts/hash-set.ts'
import {
  checkIndex,
  describeHashSet,
  type ExportFormat,
  exportHashSet,
  type HashSetDescription,
  importHashSet,
  listHashSets,
  parseHashSetDeclaration,
  readColumnMap,
} from '../../match/index.ts'
import type { Given } from '../arguments/option.ts'
import type {
  HASHSET_CHECK,
  HASHSET_EXPORT,
  HASHSET_IMPORT,
  HASHSET_INFO,
} from '../arguments/options-table.ts'

const REJECTED_SHOWN = 10

type Reading = Pick<Given<typeof HASHSET_INFO>, 'type' | 'format' | 'columns' | 'scaleTable'>

function readingOptions({ type, format, columns, scaleTable }: Reading) {
  return {
    ...(type === undefined ? {} : { type: type as never }),
    ...(format === undefined ? {} : { format }),
    ...(columns === undefined ? {} : { columns: readColumnMap(columns) }),
    scaleTables: [...scaleTable],
  }
}

export async function info(
  [file = '']: readonly string[],
  given: Given<typeof HASHSET_INFO>,
): Promise<number> {
  const declaration = /^[a-z0-9-]+:/.test(file) ? parseHashSetDeclaration(file) : null
  const description = await describeHashSet(declaration?.file ?? file, declaration?.declared, {
    ...readingOptions(given),
    assumeSha256: true,
  })
  process.stdout.write(
    given.json ? `${JSON.stringify(description, bigintsAsNumbers)}\n` : inWords(description),
  )
  return EXIT.complete
}

function bigintsAsNumbers(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value
}

function inWords({ info: set, algorithms, categories, compiled }: HashSetDescription): string {
  const rows: [string, unknown][] = [
    ['name', set.name],
    ['edition', set.edition ?? 'not stated'],
    ['format', `${set.format}: ${set.formatReason}`],
    ['sha256', set.sha256],
    ['bytes', set.sizeBytes],
    ['rows read', set.rowsRead],
    ['records kept', set.recordsKept],
    ['duplicates', set.duplicates],
    ['rejected', set.rejected],
    ...set.rejectedRows
      .slice(0, REJECTED_SHOWN)
      .map(({ line, reason }): [string, unknown] => [`  line ${line}`, reason]),
    [
      'digests',
      Object.entries(algorithms)
        .map(([name, count]) => `${name} ${count}`)
        .join(', '),
    ],
    ...categories.map(({ category, label, meaning, records }): [string, unknown] => [
      `category ${category ?? '(none)'}`,
      `${records} records${label ? `, ${label}` : ''}${meaning ? `, ${meaning}` : ''}`,
    ]),
    ...set.notes.map((note): [string, unknown] => ['note', note]),
    ...(compiled
      ? Object.entries({ ...compiled.statement, imported: compiled.importedUtc, by: compiled.importedBy })
      : []),
  ]
  return rows.map(([key, value]) => `${key.padEnd(14)} ${printText(String(value))}\n`).join('')
}

export async function compile(
  [declared = '']: readonly string[],
  given: Given<typeof HASHSET_IMPORT>,
): Promise<number> {
  const declaration = parseHashSetDeclaration(declared)
  const out = resolve(given.out ?? `${basename(declaration.file)}.seizedset`)
  const { owner, edition, licence, caveat, jurisdiction } = given
  const progress = !given.quiet && process.stderr.isTTY
  const made: HashSetInfo = await importHashSet(declaration, out, {
    ...readingOptions(given),
    statement: definedOnly({ owner, edition, licence, caveat, jurisdiction }),
    by: `seized ${VERSION}`,
    onProgress: ({ step, fraction, rowsRead, etaSeconds }) => {
      const eta = etaSeconds === null ? '' : `, ${Math.ceil(etaSeconds)} s left`
      if (progress)
        process.stderr.write(`\r${step} ${(fraction * 100).toFixed(0)} %, ${rowsRead} rows${eta}   `)
    },
  })
  if (progress) process.stderr.write('\n')
  process.stdout.write(
    `${out}\n${made.rowsRead} rows read, ${made.recordsKept} records kept, ${made.duplicates} duplicate, ${made.rejected} rejected\n`,
  )
  for (const { line, reason } of made.rejectedRows.slice(0, REJECTED_SHOWN))
    process.stdout.write(`  line ${line}   ${printText(reason)}\n`)
  return EXIT.complete
}

export async function exportList(
  [file = '']: readonly string[],
  given: Given<typeof HASHSET_EXPORT>,
): Promise<number> {
  const { algorithm } = given
  const made = await exportHashSet(file, resolve(given.out), given.to as ExportFormat, {
    ...readingOptions(given),
    ...definedOnly({ algorithm: algorithm as never }),
  })
  const counts = (all: Readonly<Record<string, number>>) =>
    Object.entries(all)
      .map(([what, n]) => `${n} × ${what}`)
      .join(', ')
  process.stdout.write(`${resolve(given.out)}\n${made.records} records, SHA-256 ${made.sha256}\n`)
  if (Object.keys(made.leftOut).length > 0) process.stdout.write(`left out: ${counts(made.leftOut)}\n`)
  if (Object.keys(made.notCarried).length > 0)
    process.stdout.write(`not carried: ${counts(made.notCarried)}\n`)
  return EXIT.complete
}

export function list([folder = '.']: readonly string[]): number {
  for (const set of listHashSets(folder))
    process.stdout.write(
      'problem' in set
        ? `${printText(basename(set.file))}  DAMAGED: ${printText(set.problem)}\n`
        : `${printText(basename(set.file))}  ${printText(set.info.name)}, ${set.info.recordsKept} records, ${set.declared.kind === 'meaning' ? set.declared.meaning : set.declared.scale}\n`,
    )
  return EXIT.complete
}

export async function check(
  [index = '']: readonly string[],
  { source }: Given<typeof HASHSET_CHECK>,
): Promise<number> {
  const { problems, equalsSource, info: found } = await checkIndex(index, definedOnly({ source }))
  for (const problem of problems) process.stdout.write(`PROBLEM  ${printText(problem)}\n`)
  if (problems.length === 0)
    process.stdout.write(`ok: ${found.recordsKept} records${equalsSource ? ', equal to the list' : ''}\n`)
  return problems.length === 0 ? EXIT.complete : EXIT.ledgerDamaged
}
