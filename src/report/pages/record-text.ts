/** A device record about a content as one sentence: its names, its origin, whether it was passed on. */
import { definedOnly } from '../../base/defined-only.ts'
import { printPath, printText } from '../../base/evidence-path.ts'
import type { ContentRecord } from '../../contracts/view.ts'
import { displayFileTime } from '../model/display-time.ts'
import { ENGLISH } from '../texts/index.ts'

/** @param zone IANA zone in which the record's time is shown */
export function recordText(
  { path, record, direction, when, person, status }: ContentRecord,
  zone: string,
): string {
  const params = definedOnly({
    said: ENGLISH.record(record),
    path: printPath(path),
    status,
    direction: direction ?? undefined,
    person: person === null ? undefined : printText(person),
    time: when === null ? undefined : displayFileTime(when, zone),
  })
  return ENGLISH.sentence('report', 'record-of-content', params)
}
