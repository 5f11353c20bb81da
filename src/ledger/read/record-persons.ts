/** Persons of the records on the device that name a content. */
import type { Db } from '../format/database.ts'

const PERSONS = `SELECT DISTINCT lower(hex(of_sha256)) AS sha256, person FROM sign
  WHERE of_sha256 IS NOT NULL AND person IS NOT NULL AND person <> '' ORDER BY person`

/** By the SHA-256 of the content in hex. */
export function recordPersons(db: Db): ReadonlyMap<string, readonly string[]> {
  const persons = new Map<string, string[]>()
  for (const { sha256, person } of db.prepare<[], { sha256: string; person: string }>(PERSONS).iterate())
    persons.set(sha256, [...(persons.get(sha256) ?? []), person])
  return persons
}
