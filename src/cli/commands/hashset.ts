/** `seized hashset`: what a list is and holds, and compiled indexes of lists. */
import { basename, resolve } from 'node:path'
import type { Command } from 'commander'
import { printText } from '../../base/evidence-path.ts'
import { VERSION } from '../../base/version.ts'
import type { HashSetInfo } from '../../contracts/hash-set.ts'
import {
  checkIndex,
  describeHashSet,
  EXPORT_FORMATS,
  type ExportFormat,
  exportHashSet,
  type HashSetDescription,
  importHashSet,
  listHashSets,
  parseHashSetDeclaration,
  readColumnMap,
} from '../../match/index.ts'
import { EXIT } from '../exit-codes.ts'

interface ReadingOptions {
  readonly type?: string
  readonly format?: string
  readonly columns?: string
  readonly scaleTable: string[]
}

interface ImportOptions extends ReadingOptions {
  readonly out?: string
  readonly owner?: string
  readonly edition?: string
  readonly licence?: string
  readonly caveat?: string
  readonly jurisdiction?: string
  readonly quiet?: boolean
}

interface ExportOptions {
  readonly to: string
  readonly out: string
  readonly algorithm?: string
  readonly country?: string
}

const collect = (value: string, all: string[]) => [...all, value]

export function addHashset(program: Command, exit: (code: number) => void): void {
  const hashset = program.command('hashset').description('look at hash sets, and compile them into indexes')
  reading(hashset.command('info'))
    .description('format and why, digest, counts of rows read, kept, duplicate and rejected, categories')
    .argument('<file>', 'list or compiled index; declared:file also says what the categories mean')
    .option('--json', 'one JSON object')
    .action((file: string, given: ReadingOptions & { json?: boolean }) => info(file, given))
  reading(hashset.command('import'))
    .description('compile a list into one immutable, checksummed index that opens at once')
    .argument(
      '<declared:file>',
      'the list with its meaning or scale, e.g. illegal:list.txt or vics-us:projectvic.json',
    )
    .option('--out <file>', 'index to write (default: the list’s name with .seizedset)')
    .option('--owner <text>', 'who issues the list')
    .option('--edition <text>', 'edition, when the list itself does not say')
    .option('--licence <text>', 'licence note')
    .option('--caveat <text>', 'handling caveat')
    .option('--jurisdiction <text>', 'jurisdiction that the categories belong to')
    .option('--quiet', 'no progress')
    .action((declared: string, given: ImportOptions) => compile(declared, given))
  reading(hashset.command('export'))
    .description('write the records of a list or index in another format; what that cannot hold is counted')
    .argument('<file>', 'list or compiled index')
    .requiredOption('--to <format>', EXPORT_FORMATS.join('|'))
    .requiredOption('--out <file>', 'file to write; must not exist')
    .option('--algorithm <name>', 'the digest that plain writes (default: that of the first record)')
    .option('--country <code>', 'data-model country in the marker of VICS 2.0 (default: Default)')
    .action((file: string, given: ReadingOptions & ExportOptions) => exportList(file, given))
  hashset
    .command('list')
    .description('the compiled indexes of a folder')
    .argument('[folder]', 'folder to look in', '.')
    .action((folder: string) => {
      for (const set of listHashSets(folder))
        process.stdout.write(
          'problem' in set
            ? `${printText(basename(set.file))}  DAMAGED: ${printText(set.problem)}\n`
            : `${printText(basename(set.file))}  ${printText(set.info.name)}, ${set.info.recordsKept} records, ${set.declared.kind === 'meaning' ? set.declared.meaning : set.declared.scale}\n`,
        )
    })
  hashset
    .command('check')
    .description(
      'read every byte of an index and, with --source, compare it with the list; exits 4 when anything differs',
    )
    .argument('<index>', 'compiled index')
    .option('--source <file>', 'the list it was compiled from')
    .action(async (index: string, { source }: { source?: string }) => {
      const { problems, equalsSource, info: found } = await checkIndex(index, { source })
      for (const problem of problems) process.stdout.write(`PROBLEM  ${printText(problem)}\n`)
      if (problems.length === 0)
        process.stdout.write(`ok: ${found.recordsKept} records${equalsSource ? ', equal to the list' : ''}\n`)
      exit(problems.length === 0 ? EXIT.complete : EXIT.ledgerDamaged)
    })
}

function reading(command: Command): Command {
  return command
    .option('--type <algorithm>', 'what 64 hex digits are, when the list does not say: sha256, blake3 or pdq')
    .option('--format <id>', 'name the format instead of detecting it')
    .option('--columns <file>', 'saved column map (JSON) of a CSV list')
    .option(
      '--scale-table <file>',
      'mapping table (JSON) of a scale that is not built in, repeatable',
      collect,
      [],
    )
}

function readingOptions({ type, format, columns, scaleTable }: ReadingOptions) {
  return {
    ...(type === undefined ? {} : { type: type as never }),
    ...(format === undefined ? {} : { format }),
    ...(columns === undefined ? {} : { columns: readColumnMap(columns) }),
    scaleTables: scaleTable,
  }
}

async function info(file: string, given: ReadingOptions & { json?: boolean }): Promise<void> {
  const declaration = /^[a-z0-9-]+:/.test(file) ? parseHashSetDeclaration(file) : null
  const description = await describeHashSet(declaration?.file ?? file, declaration?.declared, {
    ...readingOptions(given),
    assumeSha256: true,
  })
  process.stdout.write(
    given.json ? `${JSON.stringify(description, bigintsAsNumbers)}\n` : inWords(description),
  )
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
    ...set.rejectedRows.slice(0, 10).map(({ line, reason }): [string, unknown] => [`  line ${line}`, reason]),
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

async function compile(declared: string, given: ImportOptions): Promise<void> {
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
}

async function exportList(file: string, given: ReadingOptions & ExportOptions): Promise<void> {
  const { algorithm, country } = given
  const made = await exportHashSet(file, resolve(given.out), given.to as ExportFormat, {
    ...readingOptions(given),
    ...definedOnly({ algorithm: algorithm as never, country }),
  })
  const counts = (all: Readonly<Record<string, number>>) =>
    Object.entries(all)
      .map(([what, n]) => `${n} × ${what}`)
      .join(', ')
  process.stdout.write(`${resolve(given.out)}\n${made.records} records, SHA-256 ${made.sha256}\n`)
  if (Object.keys(made.leftOut).length > 0) process.stdout.write(`left out: ${counts(made.leftOut)}\n`)
  if (Object.keys(made.notCarried).length > 0)
    process.stdout.write(`not carried: ${counts(made.notCarried)}\n`)
}

function definedOnly<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T
}
