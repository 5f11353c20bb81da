/**
 * `seized import decisions`: turns grades that a named person made in another tool into decisions; either all grades
 * or no grade is imported.
 */
import { basename, resolve } from 'node:path'
import { SeizedError, UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import { osAccount } from '../../base/os-account.ts'
import type { LedgerReader } from '../../contracts/ledger-reader.ts'
import { appendAllCustody } from '../../ledger/custody/custody.ts'
import type { NewDecision } from '../../ledger/custody/decisions.ts'
import { openLedger } from '../../ledger/read/read.ts'
import { readColumnMap } from '../../match/formats/csv.ts'
import { readBookmarkCategories } from '../../report/exchange/bookmarks.ts'
import { type GradedContent, gradedContents, readGrades } from '../../report/exchange/grades.ts'
import { formatCount, plural } from '../../report/texts/format.ts'
import { Deciding } from '../../review/deciding.ts'
import { refuseListed } from '../../review/decision-list.ts'
import type { Given } from '../arguments/option.ts'
import type { IMPORT_DECISIONS } from '../arguments/options-table.ts'
import { sayHead } from '../services/log-custody.ts'
import { verifyFirst } from '../services/verified.ts'

type Options = Given<typeof IMPORT_DECISIONS>

export async function importDecisions(
  [ledgerFile, gradesFile]: readonly string[],
  given: Options,
): Promise<number> {
  const path = resolve(ledgerFile!)
  const file = resolve(gradesFile!)
  const operator = given.operator.trim()
  if (operator === '') throw new UsageError('--operator is empty.')
  await verifyFirst(path, { heads: given.heads })
  const read = await readGrades(file, operator, {
    ...(given.columns !== undefined && { columns: readColumnMap(given.columns) }),
    ...(given.bookmarks !== undefined && { bookmarks: readBookmarkCategories(given.bookmarks) }),
  })
  refuseListed(file, read.problems)
  const { contents, elsewhere, problems } = gradedContents(path, read.grades)
  if (elsewhere.length > 0 && !given.knownOnly)
    problems.length === 0 &&
      refuseElsewhere(
        file,
        elsewhere.map(({ line }) => line),
      )
  refuseListed(file, problems)
  if (contents.length === 0)
    throw new UsageError(`${file} holds no category of a content of ${path}: nothing was decided.`)
  const ledger = openLedger(path)
  try {
    const decisions = checked(ledger, file, contents, given, operator)
    const source = {
      source: basename(file),
      sourceSha256: read.sha256,
      madeWith: given.madeWith ?? read.tool ?? '',
    }
    const by = { operator, account: osAccount() }
    const events = appendAllCustody(path, [
      {
        event: 'decisions-imported',
        ...by,
        detail: {
          ...source,
          format: read.format,
          decisions: String(decisions.length),
          notHere: String(elsewhere.length),
        },
      },
      ...decisions.map(({ of: _, seen: __, ...fact }) => ({
        event: fact.act,
        ...by,
        detail: { importedFrom: read.sha256 },
        fact,
      })),
    ])
    sayHead(path, events.at(-1)!, given.heads)
    const passed = Object.entries({
      ...read.passedOver,
      ...(elsewhere.length > 0 ? { 'the content is not on this exhibit': elsewhere.length } : {}),
    })
    process.stdout.write(
      [
        `${plural(decisions.length, 'decision')} of ${printText(operator)} taken in from ${printText(basename(file))} (${read.format}, SHA-256 ${read.sha256}).`,
        ...passed.map(([why, count]) => `Passed over ${plural(count, 'row')}: ${why}.`),
        '',
      ].join('\n'),
    )
    return 0
  } finally {
    ledger.close()
  }
}

function checked(
  ledger: LedgerReader,
  file: string,
  contents: readonly GradedContent[],
  { scale, scaleTable, note }: Options,
  operator: string,
): readonly NewDecision[] {
  const deciding = new Deciding(ledger, scaleTable)
  const problems: string[] = []
  try {
    const made = contents.flatMap(({ grade, sha256 }): NewDecision[] => {
      try {
        const asked = {
          content: { sha256 },
          act: 'decided',
          scale: grade.scale ?? scale,
          category: grade.category,
          note: grade.note || note,
        } as const
        return [deciding.check(asked, { operator, pass: null, session: null }).decision]
      } catch (error) {
        if (!(error instanceof SeizedError)) throw error
        problems.push(`line ${grade.line}: ${error.message}`)
        return []
      }
    })
    refuseListed(file, problems)
    return made
  } finally {
    deciding.close()
  }
}

function refuseElsewhere(file: string, lines: readonly number[]): never {
  throw new UsageError(
    `Nothing was decided: ${file} grades ${plural(lines.length, 'content')} that ${lines.length === 1 ? 'was' : 'were'} not read on this exhibit (line ${lines.slice(0, 5).map(formatCount).join(', ')}${lines.length > 5 ? ' …' : ''}). Is it the file of this exhibit? With --known-only they are passed over and counted.`,
  )
}
