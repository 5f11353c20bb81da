/**
 * Formats a person with a number and names: "42 (Ada Example / ada)". A privilege list may contain any of these, so
 * they are split again for a lookup.
 */
export function personOf(id: string, names: readonly (string | undefined)[]): string {
  const known = namesOf(id, names)
  return known === undefined ? id : `${id} (${known})`
}

/** Only the names. */
export function namesOf(id: string, names: readonly (string | undefined)[]): string | undefined {
  const known = [...new Set(names.map((name) => name?.trim()))].filter((name) => name && name !== id)
  return known.length === 0 ? undefined : known.join(' / ')
}

/** Every form in which a list may contain the person. */
export function addressesOf(person: string): readonly string[] {
  return person.includes(' (') ? [person, ...person.split(/[()/]/)] : [person]
}
