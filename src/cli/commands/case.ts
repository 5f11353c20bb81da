/** `seized case init|add|person|policy`: makes a case and writes into its log who and what belongs to it. */
import { dirname, resolve } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { addExhibits } from '../../case/add-exhibits.ts'
import { eventBy } from '../../case/case-event.ts'
import { appendToCase, beginCase, caseRoot } from '../../case/case-folder.ts'
import { isLink } from '../../case/exhibit-file.ts'
import { ROLES } from '../../case/roles.ts'
import type { CustodyEvent } from '../../contracts/custody.ts'
import { openLedger } from '../../ledger/read/read.ts'
import { formatCount, plural } from '../../report/texts/format.ts'
import type { Given } from '../arguments/option.ts'
import type { CASE_ADD, CASE_INIT, CASE_PERSON } from '../arguments/options-table.ts'
import { noteCaseHead, openedCase, settleDecisions } from '../services/case-folders.ts'
import { closeAll } from '../services/case-ledgers.ts'
import { verifyFirst } from '../services/verified.ts'

type OpenLedger = ReturnType<typeof openLedger>

export async function init([number]: readonly string[], given: Given<typeof CASE_INIT>): Promise<number> {
  const caseNumber = number!.trim()
  if (caseNumber === '') throw new UsageError('The case number is empty.')
  const { operator = null, heads } = given
  const ledgers = await openAll(given.from, heads)
  try {
    const opened = beginCase(given.dir, caseNumber, {
      event: 'case-opened',
      operator,
      detail: { case: caseNumber, ...(ledgers.length === 0 ? {} : { builtFrom: String(ledgers.length) }) },
    })
    const root = caseRoot(given.dir)
    noteCaseHead(root, opened, opened.head, heads)
    if (ledgers.length > 0) added(root, ledgers, { operator, otherNumbers: given.otherCase }, heads)
    process.stdout.write(`Case ${printText(caseNumber)}: ${printText(resolve(given.dir))}\n`)
    return EXIT.complete
  } finally {
    closeAll(ledgers)
  }
}

export async function add(
  [folder, ...files]: readonly string[],
  given: Given<typeof CASE_ADD>,
): Promise<number> {
  const { root } = openedCase(folder!, given.heads)
  const ledgers = await openAll(files, given.heads)
  try {
    added(root, ledgers, { operator: given.operator ?? null, otherNumbers: given.otherCase }, given.heads)
    return EXIT.complete
  } finally {
    closeAll(ledgers)
  }
}

export function person([folder, name]: readonly string[], given: Given<typeof CASE_PERSON>): number {
  const { root, opening } = openedCase(folder!, given.heads)
  const called = name!.trim()
  if (called === '') throw new UsageError('The name is empty.')
  const detail = { person: called, role: given.role }
  const event = { event: 'person-named', operator: given.operator ?? null, detail } as const
  const [named] = appendToCase(root, [eventBy(event)])
  noteCaseHead(root, opening, named!.head, given.heads)
  process.stdout.write(`${printText(called)}: ${given.role} (${ROLES.join(', ')}).\n`)
  return EXIT.complete
}

/** @throws UsageError for a link, LedgerDamaged for a ledger that does not verify */
async function openAll(files: readonly string[], heads: string | undefined): Promise<OpenLedger[]> {
  const ledgers: OpenLedger[] = []
  try {
    for (const file of files) {
      const path = resolve(file)
      if (isLink(path)) throw new UsageError(`${printText(path)} is a link: give the ledger itself.`)
      await verifyFirst(path, { heads })
      ledgers.push(openLedger(path))
    }
    return ledgers
  } catch (error) {
    closeAll(ledgers)
    throw error
  }
}

function added(
  root: string,
  ledgers: readonly OpenLedger[],
  adding: Parameters<typeof addExhibits>[2],
  heads: string | undefined,
): void {
  const events = addExhibits(root, ledgers, adding)
  const opened = openedCase(dirname(root), heads)
  const { opening, state } = opened
  noteCaseHead(root, opening, events.at(-1)!.head, heads)
  for (const event of events) process.stdout.write(`${SAID[event.event] ?? ''} ${said(event)}\n`)
  for (const line of settleDecisions(opened, heads)) process.stdout.write(`${line}\n`)
  process.stdout.write(`The case holds ${plural(state.exhibits.length, 'exhibit')}.\n`)
}

const SAID: Readonly<Record<string, string>> = {
  'exhibit-added': 'Added:',
  'exhibit-moved': 'Found at another place:',
}

function said({ detail, number }: CustodyEvent): string {
  return `${printText(detail.exhibit ?? '')}, ${printText(detail.path ?? '')} (event ${formatCount(number)})`
}
