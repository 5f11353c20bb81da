/** Persons and directions of the records on the device that name a content. */
import type { Db } from '../format/database.ts'
import { directionsOfReferences } from './content-records.ts'

const PERSONS = `SELECT DISTINCT lower(hex(of_sha256)) AS sha256, person FROM sign
  WHERE of_sha256 IS NOT NULL AND person IS NOT NULL AND person <> '' ORDER BY person`

/** By the SHA-256 of the content in hex. */
export function recordPersons(db: Db): ReadonlyMap<string, readonly string[]> {
  const persons = new Map<string, string[]>()
  for (const { sha256, person } of db.prepare<[], { sha256: string; person: string }>(PERSONS).iterate())
    persons.set(sha256, [...(persons.get(sha256) ?? []), person])
  return persons
}

const OF_SIGNS = `SELECT DISTINCT lower(hex(of_sha256)) AS sha256, direction FROM sign
  WHERE of_sha256 IS NOT NULL AND direction IS NOT NULL AND code <> 'named-digest'`

/** `sent`, `received` and `shared`, by the SHA-256 of the content in hex. */
export function recordDirections(db: Db): ReadonlyMap<string, readonly string[]> {
  const directions = new Map<string, string[]>()
  const signs = db.prepare<[], { sha256: string; direction: string }>(OF_SIGNS).all()
  for (const { sha256, direction } of [...signs, ...directionsOfReferences(db)]) {
    const known = directions.get(sha256) ?? []
    if (!known.includes(direction)) directions.set(sha256, [...known, direction])
  }
  return directions
}
