/** Cameras, persons and directions of records, and tags of the contents of a pass, each with the term of the filter that finds as many. */
import { fits } from '../search/fits.ts'
import type { FacetList, Facets, FacetValue } from './said-facets.ts'
import type { ReviewSession } from './session.ts'

/** Values of one list that are shown, those with most contents; the filter finds the others too. */
const MOST_VALUES = 200

const CAMERA_VALUES = `SELECT content, code, params ->> 'text' AS text FROM attribute
  WHERE code IN ('camera-make', 'camera-model', 'camera-serial') AND params ->> 'text' <> ''`

interface CameraValue {
  readonly content: number
  readonly code: string
  readonly text: string
}

export function facetListsOf(session: ReviewSession): Pick<Facets, 'lists' | 'left'> {
  const [camera, tag] = [camerasOf(session), tagsIn(session)]
  const person = ofRecords(session, 'person')
  const direction = ofRecords(session, 'direction')
  return {
    lists: { camera: camera.values, person: person.values, direction: direction.values, tag: tag.values },
    left: { camera: camera.left, person: person.left, direction: direction.left, tag: tag.left },
  }
}

interface Shown {
  readonly values: readonly FacetValue[]
  readonly left: number
}

/** A filter finds a part of a value too: it is counted as it is found. */
function camerasOf(session: ReviewSession): Shown {
  const { db, catalogue } = session
  const contents = new Map<string, Set<number>>()
  const models = new Set<string>()
  for (const { content, code, text } of db.prepare<[], CameraValue>(CAMERA_VALUES).iterate()) {
    const number = catalogue.numberOfId(content)
    if (number === null || !session.isInPass(number)) continue
    if (code === 'camera-model') models.add(text)
    const having = contents.get(text)
    if (having) having.add(number)
    else contents.set(text, new Set([number]))
  }
  return valuesOf('camera', [...models], contents)
}

function ofRecords(session: ReviewSession, field: 'person' | 'direction'): Shown {
  const contents = new Map<string, Set<number>>()
  for (const [sha256, values] of session.facts.recordSays(field)) {
    const number = session.catalogue.numberOf(sha256)
    if (number === null || !session.isInPass(number)) continue
    for (const value of values) contents.set(value, (contents.get(value) ?? new Set()).add(number))
  }
  return valuesOf(field, [...contents.keys()], contents)
}

/** None in a blind pass: a filter by tags would also find those of other persons. */
function tagsIn(session: ReviewSession): Shown {
  if (session.isBlind) return { values: [], left: 0 }
  const contents = new Map<string, Set<number>>()
  for (const [tag, sha256s] of session.tags.all())
    for (const sha256 of sha256s) {
      const number = session.catalogue.numberOf(sha256)
      if (number !== null && session.isInPass(number))
        contents.set(tag, (contents.get(tag) ?? new Set()).add(number))
    }
  return valuesOf('tag', [...contents.keys()], contents)
}

function valuesOf(
  field: FacetList,
  texts: readonly string[],
  contents: ReadonlyMap<string, ReadonlySet<number>>,
): Shown {
  const size = (text: string) => contents.get(text)!.size
  const most = texts.toSorted((a, b) => size(b) - size(a) || (a < b ? -1 : 1)).slice(0, MOST_VALUES)
  const values = most.map((text) => {
    const wanted = quotable(text)
    const found = new Set<number>()
    for (const [other, numbers] of contents)
      if (fits(other, wanted)) for (const one of numbers) found.add(one)
    return {
      text,
      query: field === 'direction' ? `${field}:${text}` : `${field}:"${wanted}"`,
      count: found.size,
    }
  })
  values.sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1))
  return { values, left: texts.length - most.length }
}

/** A quotation mark cannot stand in a quoted value: any letter takes its place. */
function quotable(text: string): string {
  return text.replaceAll('"', '?')
}
