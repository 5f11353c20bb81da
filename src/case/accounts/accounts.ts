/**
 * Accounts that records on the exhibits of a case name, and what was sent to and received from them: facts of the
 * records, no guess at who a person is. Only records that a legal basis for text lets a ledger keep are read, and none of
 * a content that an exhibit of the case holds in quarantine.
 *
 * Two recordings are one account where both give the same telephone number in full, or the same program gives the same
 * identifier.
 */
import { printPath } from '../../base/evidence-path.ts'
import type { FileTime } from '../../contracts/entry.ts'
import type {
  CustodyRecord,
  ExaminationFacts,
  LedgerIdentity,
  RunHistory,
} from '../../contracts/ledger-reader.ts'
import { openForReading } from '../../ledger/format/open-readonly.ts'
import { Timeline, type TimelineRow } from '../../ledger/read/timeline.ts'
import { isoTime, ledgerState } from '../../report/model/values.ts'
import { hiddenContents } from '../../review/hidden-contents.ts'
import { type AccountForm, formOf } from './account-form.ts'
import { AccountNames, type AccountPlace, type NameLink } from './account-names.ts'

export interface AccountOnExhibit {
  readonly exhibit: string
  sent: number
  received: number
  /** Records that state no direction. */
  other: number
  first: string | null
  last: string | null
}

export interface Account {
  /** `tel:` and digits, or program and identifier. */
  readonly key: string
  readonly isNumber: boolean
  /** Each as a record gives it. */
  readonly recordedAs: Set<string>
  readonly names: AccountNames
  readonly programs: Set<string>
  readonly on: Map<string, AccountOnExhibit>
}

/** A content that a record says was sent or received. */
export interface Transfer {
  /** Lower-case hex. */
  readonly sha256: string
  readonly exhibit: string
  readonly direction: 'sent' | 'received'
  /** Key of the account; null where the record names none. */
  readonly account: string | null
  readonly program: string
  readonly time: string | null
  /** List of illegal material or of interest that names the content; null: none. */
  readonly list: string | null
}

export interface ExhibitSaid {
  readonly exhibit: string
  readonly ledger: string
  readonly newestHead: string
  /** Legal basis for text; null: nothing of this exhibit was read for this. */
  readonly basis: string | null
}

export interface CaseAccounts {
  readonly exhibits: readonly ExhibitSaid[]
  /** Those on most exhibits first, then those with most records. */
  readonly accounts: readonly Account[]
  /** Names that another exhibit gives an account. */
  readonly links: readonly NameLink[]
  /** In the order of exhibits and times. */
  readonly transfers: readonly Transfer[]
  /** Exhibits that hold a transferred content. */
  readonly holders: ReadonlyMap<string, readonly string[]>
}

type AccountLedger = LedgerIdentity & ExaminationFacts & RunHistory & CustodyRecord

export function accountsOf(ledgers: readonly AccountLedger[]): CaseAccounts {
  const accounts = new Map<string, Account>()
  const transfers: Transfer[] = []
  // Records that a list kept name a chat alone, which the other records tell to be a person's.
  const hidden = new Set(ledgers.flatMap((ledger) => [...hiddenDigests(ledger)]))
  for (const ledger of ledgers.filter(({ plan }) => plan.options.textBasis !== null))
    for (const isKept of [false, true])
      for (const row of rowsOf(ledger, hidden))
        if ((row.sign === null) === isKept) take(row, ledger.case.exhibitId, accounts, transfers)
  for (const ledger of ledgers.filter(({ plan }) => plan.options.textBasis !== null))
    for (const row of rowsOf(ledger, hidden)) nameByAddressBook(row, ledger.case.exhibitId, accounts)
  const onMost = [...accounts.values()].sort(
    (a, b) => b.on.size - a.on.size || recordsOf(b) - recordsOf(a) || (a.key < b.key ? -1 : 1),
  )
  return {
    exhibits: ledgers.map((ledger) => ({
      exhibit: ledger.case.exhibitId,
      ledger: ledgerState(ledger),
      newestHead: ledger.newestHead(),
      basis: ledger.plan.options.textBasis,
    })),
    accounts: onMost,
    links: onMost.flatMap(({ key, isNumber, names }) => names.linksOf(key, isNumber)),
    transfers: transfers.sort(inOrder),
    holders: holdersOf(
      ledgers,
      new Set(transfers.map(({ sha256 }) => sha256).filter((sha256) => !hidden.has(sha256))),
    ),
  }
}

/** By exhibit, then by time; those without a time last. */
function inOrder(a: Transfer, b: Transfer): number {
  const key = ({ exhibit, time, sha256 }: Transfer) => [exhibit, time ?? '~', sha256].join(' ')
  return key(a) < key(b) ? -1 : 1
}

export function recordsOf({ on }: Account): number {
  return [...on.values()].reduce((sum, { sent, received, other }) => sum + sent + received + other, 0)
}

/** Of contents that nobody may see, no record is read. */
function* rowsOf(ledger: AccountLedger, hidden: ReadonlySet<string>): IterableIterator<TimelineRow> {
  const timeline = new Timeline(ledger.path)
  try {
    for (const row of timeline.rows())
      if (row.isFirst && (row.sha256 === null || !hidden.has(row.sha256))) yield row
  } finally {
    timeline.close()
  }
}

function hiddenDigests(ledger: AccountLedger): ReadonlySet<string> {
  const file = openForReading(ledger.path)
  try {
    const ids = hiddenContents(ledger, file)
    if (ids === null) return new Set()
    const digest = file.db.prepare<[number], Buffer>('SELECT sha256 FROM content WHERE id = +?').pluck()
    return new Set([...ids].flatMap((id) => digest.get(id)?.toString('hex') ?? []))
  } finally {
    file.close()
  }
}

function take(
  { sign, reference, when, path }: TimelineRow,
  exhibit: string,
  accounts: Map<string, Account>,
  transfers: Transfer[],
): void {
  const { code, params } = sign ? sign.what : reference.record
  const said = params as Readonly<Record<string, unknown>>
  if (typeof said.program !== 'string' || !('chat' in said || MESSENGER.has(code))) return
  const { program } = said
  const { direction } = sign ?? reference
  const time = when === null ? null : isoTime(when as FileTime)
  // A record that a list kept names the chat alone: with one person it is that person's account.
  const named = sign?.person ?? (typeof said.chat === 'string' ? said.chat : null)
  const form = named === null ? null : formOf(program, named)
  const account = form === null || (sign === null && !accounts.has(form.key)) ? null : form
  if (account !== null)
    count(
      accounts,
      account,
      { program, exhibit, path: printPath(path) },
      code === 'conversation' ? null : direction,
      time,
    ).take({ program, exhibit, path: printPath(path) }, conversationNames(code, said), 'conversation')
  const sha256 = sign ? sign.ofSha256 : reference.algorithm === 'sha256' ? reference.digest : null
  if (sha256 === null || (direction !== 'sent' && direction !== 'received')) return
  const list = reference === null ? null : `${reference.hashSet} (${reference.meaning})`
  transfers.push({ sha256, exhibit, direction, account: account?.key ?? null, program, time, list })
}

/** An entry of an address book names an account that a record of any exhibit has by the same number in full; it makes none. */
function nameByAddressBook(
  { sign, path }: TimelineRow,
  exhibit: string,
  accounts: Map<string, Account>,
): void {
  if (sign?.what.code !== 'contact' || sign.person === null) return
  const { program, name } = sign.what.params as Readonly<Record<'program' | 'name', string>>
  const { key, isNumber } = formOf(program, sign.person)
  if (isNumber)
    accounts.get(key)?.names.name({ program, exhibit, path: printPath(path) }, [name], 'address-book')
}

/** The name of a conversation with one known account; only WhatsApp records one without a name by its address, not by a number. */
function conversationNames(
  code: string,
  { program, name, persons }: Readonly<Record<string, unknown>>,
): readonly string[] {
  if (code !== 'conversation' || program !== 'whatsapp' || typeof name !== 'string') return []
  return Array.isArray(persons) && persons.length === 1 && !name.includes('@') ? [name] : []
}

/** Records of messengers; records of other programs name persons otherwise. */
const MESSENGER: ReadonlySet<string> = new Set(['message', 'message-media', 'call', 'conversation'])

function count(
  accounts: Map<string, Account>,
  { key, isNumber, recorded, names }: AccountForm,
  place: AccountPlace,
  direction: string | null,
  time: string | null,
): AccountNames {
  const { program, exhibit } = place
  const account = accounts.get(key) ?? {
    key,
    isNumber,
    recordedAs: new Set<string>(),
    names: new AccountNames(),
    programs: new Set<string>(),
    on: new Map<string, AccountOnExhibit>(),
  }
  accounts.set(key, account)
  account.recordedAs.add(recorded)
  account.programs.add(program)
  account.names.take(place, names)
  const on = account.on.get(exhibit) ?? { exhibit, sent: 0, received: 0, other: 0, first: null, last: null }
  account.on.set(exhibit, on)
  if (direction === 'sent') on.sent++
  else if (direction === 'received') on.received++
  else on.other++
  if (time === null) return account.names
  if (on.first === null || time < on.first) on.first = time
  if (on.last === null || time > on.last) on.last = time
  return account.names
}

function holdersOf(
  ledgers: readonly AccountLedger[],
  wanted: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> {
  const holders = new Map<string, string[]>()
  for (const ledger of ledgers) {
    const { db, close } = openForReading(ledger.path)
    try {
      const held = db.prepare<[Buffer], number>('SELECT 1 FROM content WHERE sha256 = +?').pluck()
      for (const sha256 of wanted)
        if (held.get(Buffer.from(sha256, 'hex')) !== undefined)
          holders.set(sha256, [...(holders.get(sha256) ?? []), ledger.case.exhibitId])
    } finally {
      close()
    }
  }
  return holders
}
