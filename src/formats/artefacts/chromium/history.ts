/**
 * Reads histories of the Chromium family: pages, search terms and downloads of `History`, live and deleted. The
 * columns of a table depend on the version. They are accessed by name; missing columns give no value.
 */
import { definedOnly } from '../../../base/defined-only.ts'
import { webkitTime } from '../../bytes/times.ts'
import { type RecordCollector, timesOfRecord } from '../../records/artefact.ts'
import { column, type Tables } from '../../sqlite/sqlite-tables.ts'

const PAGE = /^(https?|file|ftp|chrome|edge|brave|about|data|blob|content|view-source|chrome-extension):/

export function readChromium(tables: Tables, sink: RecordCollector): boolean {
  const urls = tables.get('urls')
  const isHistory = urls?.columns.includes('last_visit_time') && tables.has('visits')
  if (!urls || !isHistory) return false
  const byId = new Map<unknown, Page>()
  for (const row of tables.rowsOf(urls, (get) => isPage(get('url')), ['url'])) {
    const url = text(row, 'url')
    if (url === undefined) continue
    const title = text(row, 'title')
    const last = column(row, 'last_visit_time')
    if (row.status === 'live') byId.set(column(row, 'id'), { url, title, last })
    const visits = number(row, 'visit_count')
    sink.add({
      what: {
        code: 'page-visited',
        params: definedOnly({
          program: 'chromium',
          url,
          title,
          times: visits,
          typed: number(row, 'typed_count'),
        }),
      },
      when: webkitTime(last),
      status: row.status,
    })
  }
  const terms = tables.get('keyword_search_terms')
  if (terms)
    for (const row of tables.rowsOf(terms, (get) => typeof get('term') === 'string' && get('term') !== '')) {
      const words = text(row, 'term')
      if (words === undefined) continue
      const page = byId.get(column(row, 'url_id'))
      sink.add({
        what: { code: 'words-searched', params: definedOnly({ program: 'chromium', words, url: page?.url }) },
        status: row.status,
      })
    }
  const downloads = tables.get('downloads')
  if (downloads) readDownloads(tables, downloads, sink)
  readVisits(tables, byId, sink)
  return true
}

interface Page {
  readonly url: string
  readonly title: string | undefined
  /** Time of the last visit. The record of the page contains that visit. */
  readonly last: unknown
}

/**
 * Records each visit before the last one, with its time. Runs last, because the visits may exceed the record limit.
 */
function readVisits(tables: Tables, pages: ReadonlyMap<unknown, Page>, sink: RecordCollector): void {
  for (const row of tables.rowsOf(tables.get('visits')!)) {
    const page = pages.get(column(row, 'url'))
    const at = column(row, 'visit_time')
    if (page === undefined || at === page.last) continue
    const { url, title } = page
    sink.add({
      what: { code: 'page-visited', params: definedOnly({ program: 'chromium', url, title }) },
      when: webkitTime(at),
    })
  }
}

function readDownloads(
  tables: Tables,
  downloads: NonNullable<ReturnType<Tables['get']>>,
  sink: RecordCollector,
): void {
  const chains = new Map<unknown, string>()
  const chain = tables.get('downloads_url_chains')
  if (chain)
    for (const row of tables.rowsOf(chain)) {
      const url = text(row, 'url')
      // The last URL of a chain is the source of the bytes.
      if (url !== undefined) chains.set(column(row, 'id'), url)
    }
  const isDownload = (get: (name: string) => unknown) =>
    Number.isInteger(get('start_time')) && Number(get('start_time')) > 0
  for (const row of tables.rowsOf(downloads, isDownload)) {
    const hash = column(row, 'hash')
    const state = number(row, 'state')
    sink.add({
      what: {
        code: 'download',
        params: definedOnly({
          program: 'chromium',
          path: text(row, 'target_path') ?? text(row, 'current_path'),
          url: chains.get(column(row, 'id')),
          referrer: filled(text(row, 'referrer')) ?? filled(text(row, 'tab_url')),
          mediaType: filled(text(row, 'mime_type')),
          sizeBytes: number(row, 'total_bytes'),
          state: state === undefined ? undefined : (STATES[state] ?? String(state)),
        }),
      },
      direction: state === 1 ? 'received' : null,
      ...timesOfRecord(
        ['begun', webkitTime(column(row, 'start_time'))],
        ['completed', webkitTime(column(row, 'end_time'))],
        ['opened', webkitTime(column(row, 'last_access_time'))],
      ),
      status: row.status,
      digests: Buffer.isBuffer(hash) && hash.length === 32 ? { sha256: hash.toString('hex') } : {},
      sizeBytes: number(row, 'total_bytes') ?? null,
    })
  }
}

const STATES: readonly (string | undefined)[] = [
  'in-progress',
  'complete',
  'cancelled',
  undefined,
  'interrupted',
]

function isPage(value: unknown): boolean {
  return typeof value === 'string' && PAGE.test(value)
}

type Row = Parameters<typeof column>[0]

function text(row: Row, name: string): string | undefined {
  const value = column(row, name)
  return typeof value === 'string' ? value : undefined
}

function number(row: Row, name: string): number | undefined {
  const value = column(row, name)
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

function filled(value: string | undefined): string | undefined {
  return value === '' ? undefined : value
}
