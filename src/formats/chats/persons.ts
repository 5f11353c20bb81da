/**
 * A person of whom the tables have a number and names: "42 (Ada Example / ada)". A list of privilege may have any of them, so that
 * they are taken apart again when one is asked.
 */
export function personOf(id: string, names: readonly (string | undefined)[]): string {
  const known = namesOf(id, names)
  return known === undefined ? id : `${id} (${known})`
}

/** The names alone. */
export function namesOf(id: string, names: readonly (string | undefined)[]): string | undefined {
  const known = [...new Set(names.map((name) => name?.trim()))].filter((name) => name && name !== id)
  return known.length === 0 ? undefined : known.join(' / ')
}

/** Everything that a list may name a person by. */
export function addressesOf(person: string): readonly string[] {
  return person.includes(' (') ? [person, ...person.split(/[()/]/)] : [person]
}
