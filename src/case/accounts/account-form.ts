/** The account that a record names, in a form that is equal across programs and exhibits only where that is certain. */

export interface AccountForm {
  readonly key: string
  /** The identifier is a telephone number in full. */
  readonly isNumber: boolean
  /** The identifier as the record gives it. */
  readonly recorded: string
  /** Names that the record gives beside it. */
  readonly names: readonly string[]
}

/** @param person `id`, or `id (name / name)` (formats/chats/common/persons.ts) */
export function formOf(program: string, person: string): AccountForm {
  const [, recorded = person, inside = ''] = /^(.*?) \((.*)\)$/s.exec(person) ?? []
  const names = inside === '' ? [] : inside.split(' / ')
  const number = numberIn(recorded)
  return {
    key: number === null ? `${program}:${recorded}` : `tel:${number}`,
    isNumber: number !== null,
    recorded,
    names,
  }
}

/** With its country: a number without one may be of several countries, and an identifier of digits is no number. */
function numberIn(text: string): string | null {
  const [, plus, jid] = /^(?:\+([\d\s().-]{7,24})|(\d{7,15})@s\.whatsapp\.net)$/.exec(text) ?? []
  const digits = (plus ?? jid ?? '').replace(/\D/g, '')
  return digits.length >= 7 && digits.length <= 15 ? digits : null
}
