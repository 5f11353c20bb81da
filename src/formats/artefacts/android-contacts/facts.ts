/** Facts of this kind that every process knows. Imports nothing. */

export const RECORDS = {
  /** An entry of the address book of a telephone, one record for each number or mail address. Its person is the address with the name. */
  contact: { program: 'text', name: 'text', number: 'text?', mail: 'text?', account: 'text?' },
} as const
