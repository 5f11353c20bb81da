/** Events of the log of a case: names, details, and the state that they add up to. */
import { osAccount } from '../base/os-account.ts'
import type { CustodyEvent, CustodyEventName } from '../contracts/custody.ts'
import type { NewCustodyEvent } from '../ledger/custody/custody.ts'
import { ROLES, type Role } from './roles.ts'

export interface CommandEvent {
  readonly event: CustodyEventName
  readonly operator: string | null
  readonly detail: Readonly<Record<string, string>>
}

/** The event with the account of this process. */
export function eventBy(event: CommandEvent): NewCustodyEvent {
  return { ...event, account: osAccount() }
}

/** An exhibit as the log of the case records it. */
export interface CaseExhibit {
  readonly exhibit: string
  /** Case number in the ledger; another than that of the case only where a person said so. */
  readonly caseNumber: string
  /** Absolute path of the ledger. */
  readonly path: string
  /** The path from the folder of the case. */
  readonly fromFolder: string
  /** Head of the ledger's first transaction: it identifies the ledger under any name. */
  readonly firstHead: string
  /** Heads at adding: of the ledger's chain, and of its custody log (equal to the chain's without one). */
  readonly chainHead: string
  readonly custodyHead: string
  readonly addedUtc: string
}

export interface CaseState {
  readonly caseNumber: string
  readonly exhibits: readonly CaseExhibit[]
  /** Role of each person; empty: the case names nobody, and everybody may act. */
  readonly persons: ReadonlyMap<string, Role>
  /** SHA-256 of the policy that every session of the case is held to; null: none was set. */
  readonly policySha256: string | null
  /** The policy itself (policy/case-policy.ts); null: none was set. */
  readonly policyText: string | null
  readonly openedUtc: string
}

/** @returns null where the log does not begin with the opening of a case */
export function stateOf(events: readonly CustodyEvent[]): CaseState | null {
  const [opening] = events
  if (opening?.event !== 'case-opened' || opening.detail.case === undefined) return null
  const exhibits = new Map<string, CaseExhibit>()
  const persons = new Map<string, Role>()
  let [policySha256, policyText]: (string | null)[] = [null, null]
  for (const { event, detail, utc } of events) {
    const { exhibit = '' } = detail
    if (event === 'exhibit-added') exhibits.set(exhibit, addedExhibit(detail, utc))
    const before = exhibits.get(exhibit)
    if (event === 'exhibit-moved' && before !== undefined)
      exhibits.set(exhibit, {
        ...before,
        path: detail.path ?? before.path,
        fromFolder: detail.fromFolder ?? before.fromFolder,
      })
    const role = ROLES.find((one) => one === detail.role)
    if (event === 'person-named' && detail.person !== undefined && role) persons.set(detail.person, role)
    if (event === 'policy-set')
      [policySha256, policyText] = [detail.policySha256 ?? null, detail.policy ?? null]
  }
  return {
    caseNumber: opening.detail.case,
    exhibits: [...exhibits.values()],
    persons,
    policySha256: policySha256 ?? null,
    policyText: policyText ?? null,
    openedUtc: opening.utc,
  }
}

function addedExhibit(detail: CustodyEvent['detail'], utc: string): CaseExhibit {
  const { exhibit = '', ledgerCase = '', path = '', fromFolder = '' } = detail
  const { firstHead = '', chainHead = '', custodyHead = '' } = detail
  return {
    exhibit,
    caseNumber: ledgerCase,
    path,
    fromFolder,
    firstHead,
    chainHead,
    custodyHead,
    addedUtc: utc,
  }
}
