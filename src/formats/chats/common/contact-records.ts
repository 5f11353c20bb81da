/**
 * Records of the address book of a telephone: one for each number and mail address of an entry. The entry says how somebody
 * named the address, not whose it is.
 */
import { definedOnly } from '../../../base/defined-only.ts'
import { isPrivilegedSender } from '../../../privilege/privilege-list.ts'
import type { WireRecord } from '../../../wire/records-reply.ts'
import type { RecordCollector } from '../../records/artefact.ts'
import { addressesOf, personOf } from './persons.ts'

export interface ContactEntry {
  readonly program: string
  /** As the entry gives it; with neither first nor last name, its organisation. */
  readonly name: string
  /** Account that the entry is kept in. */
  readonly account?: string | undefined
  readonly when: WireRecord['when']
  readonly status: 'live' | 'deleted'
}

/**
 * @param stated number or mail address as a person typed it
 * @param full the number with its country, where the telephone worked it out
 */
export function addContact(
  sink: RecordCollector,
  { program, name, account, when, status }: ContactEntry,
  kind: 'number' | 'mail',
  stated: string,
  full = stated,
): void {
  // Parentheses tell names from addresses in a person.
  const person = personOf(kind === 'number' ? full.replace(/[()]/g, '') : full, [name])
  if (sink.privileged !== null && isPrivilegedSender(sink.privileged, [stated, ...addressesOf(person)])) {
    sink.close()
    return
  }
  const address = kind === 'number' ? { number: stated } : { mail: stated }
  sink.add({
    what: { code: 'contact', params: definedOnly({ program, name, account, ...address }) },
    when,
    person,
    status,
  })
}
