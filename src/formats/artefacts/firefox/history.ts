/**
 * Reads histories of Firefox and programs based on it: pages, downloads and search terms of `places.sqlite` and
 * `formhistory.sqlite`.
 */
import { definedOnly } from '../../../base/defined-only.ts'
import { decodedFileUri } from '../../bytes/file-uri.ts'
import { microsecondTime, millisecondTime } from '../../bytes/times.ts'
import { type RecordCollector, timesOfRecord } from '../../records/artefact.ts'
import { column, type Tables } from '../../sqlite/sqlite-tables.ts'

export function readFirefox(tables: Tables, sink: RecordCollector): boolean {
  const places = tables.get('moz_places')
  const words = tables.get('moz_formhistory')
  if (places?.columns.includes('url')) readPlaces(tables, places, sink)
  if (words?.columns.includes('fieldname')) readWords(tables, words, sink)
  return Boolean(places ?? words)
}

type Table = NonNullable<ReturnType<Tables['get']>>

function readPlaces(tables: Tables, places: Table, sink: RecordCollector): void {
  const urls = new Map<unknown, string>()
  const last = new Map<unknown, unknown>()
  const isPage = (get: (name: string) => unknown) => /^[a-z][a-z0-9+.-]{1,20}:/.test(String(get('url') ?? ''))
  for (const row of tables.rowsOf(places, isPage, ['url'])) {
    const url = column(row, 'url')
    if (typeof url !== 'string') continue
    if (row.status === 'live') {
      urls.set(column(row, 'id'), url)
      last.set(column(row, 'id'), column(row, 'last_visit_date'))
    }
    const visits = column(row, 'visit_count')
    const when = microsecondTime(column(row, 'last_visit_date'))
    // Bookmarks delivered with the program were never visited.
    if (when === null && visits === 0) continue
    const title = column(row, 'title')
    sink.add({
      what: {
        code: 'page-visited',
        params: definedOnly({
          program: 'firefox',
          url,
          title: typeof title === 'string' ? title : undefined,
          times: typeof visits === 'number' && visits >= 0 ? visits : undefined,
          typed: typeof column(row, 'typed') === 'number' ? (column(row, 'typed') as number) : undefined,
        }),
      },
      when,
      status: row.status,
    })
  }
  readAnnotatedDownloads(tables, urls, sink)
  readBookmarks(tables, urls, sink)
  readVisits(tables, urls, last, sink)
}

/** Records each visit before the last one. The record of the page contains the last visit. */
function readVisits(
  tables: Tables,
  urls: ReadonlyMap<unknown, string>,
  last: ReadonlyMap<unknown, unknown>,
  sink: RecordCollector,
): void {
  const visits = tables.get('moz_historyvisits')
  if (visits === null) return
  for (const row of tables.rowsOf(visits)) {
    const [place, at] = [column(row, 'place_id'), column(row, 'visit_date')]
    const url = urls.get(place)
    if (url === undefined || at === last.get(place)) continue
    sink.add({
      what: { code: 'page-visited', params: { program: 'firefox', url } },
      when: microsecondTime(at),
    })
  }
}

/** Pages delivered with the program; the user did not choose them. */
const OF_THE_PROGRAM =
  /^(?:place|about):|^https?:\/\/(?:[\w-]+\.)*(?:mozilla\.(?:org|com)|firefox\.com|getfirefox\.com|torproject\.org|launchpad\.net|ubuntu\.com|debian\.org)(?:[/:?#]|$)/i
const BOOKMARK = 1

function readBookmarks(tables: Tables, urls: ReadonlyMap<unknown, string>, sink: RecordCollector): void {
  const bookmarks = tables.get('moz_bookmarks')
  if (!bookmarks?.columns.includes('fk')) return
  for (const row of tables.rowsOf(bookmarks)) {
    const url = urls.get(column(row, 'fk'))
    if (column(row, 'type') !== BOOKMARK || url === undefined || OF_THE_PROGRAM.test(url)) continue
    const title = column(row, 'title')
    sink.add({
      what: {
        code: 'bookmark',
        params: definedOnly({
          program: 'firefox',
          url,
          title: typeof title === 'string' ? title : undefined,
        }),
      },
      when: microsecondTime(column(row, 'dateadded')),
    })
  }
}

/** A download is a page with two annotations: the saved path, and the final state. */
function readAnnotatedDownloads(
  tables: Tables,
  urls: ReadonlyMap<unknown, string>,
  sink: RecordCollector,
): void {
  const annotations = tables.get('moz_annos')
  const attributes = tables.get('moz_anno_attributes')
  if (!annotations || !attributes) return
  const names = new Map<unknown, unknown>()
  for (const row of tables.rowsOf(attributes)) names.set(column(row, 'id'), column(row, 'name'))
  const saved = new Map<unknown, { path: string; added: unknown }>()
  const ended = new Map<unknown, Ended>()
  for (const row of tables.rowsOf(annotations)) {
    const [content, place] = [column(row, 'content'), column(row, 'place_id')]
    if (typeof content !== 'string' || row.status !== 'live') continue
    const name = names.get(column(row, 'anno_attribute_id'))
    if (name === 'downloads/destinationFileURI')
      saved.set(place, { path: decodedFileUri(content), added: column(row, 'dateadded') })
    if (name === 'downloads/metaData') ended.set(place, endedOf(content))
  }
  for (const [place, { path, added }] of saved) {
    const { state, endTime, fileSize } = ended.get(place) ?? {}
    const sizeBytes = Number.isSafeInteger(fileSize) && fileSize! >= 0 ? fileSize : undefined
    sink.add({
      what: {
        code: 'download',
        params: definedOnly({
          program: 'firefox',
          path,
          url: urls.get(place),
          sizeBytes,
          state: state === 1 ? 'complete' : state === undefined ? undefined : String(state),
        }),
      },
      direction: state === 1 ? 'received' : null,
      ...timesOfRecord(['completed', millisecondTime(endTime)], ['begun', microsecondTime(added)]),
      sizeBytes: sizeBytes ?? null,
    })
  }
}

interface Ended {
  readonly state?: number
  readonly endTime?: number
  readonly fileSize?: number
}

function endedOf(json: string): Ended {
  try {
    const said: unknown = JSON.parse(json)
    if (typeof said !== 'object' || said === null) return {}
    const numbers = Object.entries(said).filter(([, value]) => typeof value === 'number')
    return Object.fromEntries(numbers)
  } catch {
    // Another version wrote the JSON, or it is damaged. The other annotation is still used.
    return {}
  }
}

function readWords(tables: Tables, words: Table, sink: RecordCollector): void {
  const isField = (get: (name: string) => unknown) =>
    typeof get('value') === 'string' && typeof get('fieldname') === 'string'
  for (const row of tables.rowsOf(words, isField)) {
    const value = column(row, 'value')
    if (column(row, 'fieldname') !== 'searchbar-history' || typeof value !== 'string') continue
    const times = column(row, 'timesused')
    sink.add({
      what: {
        code: 'words-searched',
        params: definedOnly({
          program: 'firefox',
          words: value,
          times: typeof times === 'number' && times >= 0 ? times : undefined,
        }),
      },
      when: microsecondTime(column(row, 'lastused')),
      status: row.status,
    })
  }
}
