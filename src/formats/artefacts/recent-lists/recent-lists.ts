/**
 * Reads lists of recently opened files of players and desktops: VLC on Windows and Linux (`vlc-qt-interface`) and on
 * macOS (its preferences), mpv (`watch_later`), and the list shared by programs of Linux desktops
 * (`recently-used.xbel`).
 *
 * @see VLC, modules/gui/qt/util/qt_recents.cpp, modules/gui/macosx; mpv, player/configfiles.c; freedesktop.org,
 *   "Desktop Bookmark Spec"
 */
import { Parser } from 'htmlparser2'
import { definedOnly } from '../../../base/defined-only.ts'
import { decodedFileUri } from '../../bytes/file-uri.ts'
import { decodeLocal } from '../../bytes/local-text.ts'
import { millisecondTime } from '../../bytes/times.ts'
import {
  type ArtefactReader,
  NotAnArtefact,
  type RecordCollector,
  timesOfRecord,
} from '../../records/artefact.ts'
import { NotPropertyList, propertyList } from '../../stores/property-list.ts'

const MOST_BYTES = 32 << 20

export const recentLists: ArtefactReader = {
  id: 'recent-lists',
  mediaTypes: [
    'application/x-xbel+xml',
    'application/x-vlc-preferences',
    'text/x-vlc-interface',
    'text/x-mpv-watch-later',
  ],
  read(bytes, sink) {
    if (bytes.toString('latin1', 0, 7) === 'bplist0') readPreferences(bytes, sink)
    else {
      const text = decodeLocal(sink.beginning(bytes, MOST_BYTES))
      if (/<xbel[\s>]/.test(text.slice(0, 4096))) readBookmarks(text, sink)
      else if (text.startsWith('# ')) readWatched(text, sink)
      else readInterface(text, sink)
    }
    return []
  },
}

/** A `file:` URL becomes a path; other URLs stay unchanged. */
function pathOf(address: string): string {
  const path = address.startsWith('file:') ? decodedFileUri(address) : address
  return /^\/[A-Za-z]:\//.test(path) ? path.slice(1) : path
}

function readInterface(text: string, sink: RecordCollector): void {
  const lines = text.split(/\r?\n/)
  const at = lines.findIndex((line) => line.trim() === '[RecentsMRL]')
  if (at < 0) throw new NotAnArtefact()
  for (const line of lines.slice(at + 1)) {
    if (line.startsWith('[')) return
    const [, list] = /^list=(.*)$/.exec(line) ?? []
    // Qt writes this value for an empty list.
    if (list === undefined || list === '@Invalid()') continue
    const addresses = [...list.matchAll(/"((?:[^"\\]|\\.)*)"|([^,\s][^,]*)/g)]
    for (const [, quoted, plain] of addresses) {
      const path = pathOf((quoted?.replace(/\\(.)/g, '$1') ?? plain!).trim())
      if (path !== '') sink.add({ what: { code: 'file-opened', params: { list: 'vlc', path } } })
    }
  }
}

function readPreferences(bytes: Buffer, sink: RecordCollector): void {
  let value: ReturnType<typeof propertyList>
  try {
    value = propertyList(bytes)
  } catch (error) {
    if (error instanceof NotPropertyList) throw new NotAnArtefact()
    throw error
  }
  const preferences = value instanceof Map ? (value as ReadonlyMap<string, unknown>) : null
  const list = preferences?.get('recentlyPlayedMediaList')
  const positions = preferences?.get('recentlyPlayedMedia')
  const addresses = Array.isArray(list) ? list : positions instanceof Map ? [...positions.keys()] : null
  if (addresses === null) throw new NotAnArtefact()
  for (const address of addresses)
    if (typeof address === 'string')
      sink.add({ what: { code: 'file-opened', params: { list: 'vlc', path: pathOf(address) } } })
}

/** mpv writes the file only when it is configured to: the file name, then the playback position. */
function readWatched(text: string, sink: RecordCollector): void {
  const [first, ...others] = text.split(/\r?\n/)
  if (!others.some((line) => /^start=[\d.]+$/.test(line))) throw new NotAnArtefact()
  sink.add({ what: { code: 'file-opened', params: { list: 'mpv', path: pathOf(first!.slice(2)) } } })
}

interface Bookmark {
  readonly path: string
  readonly added: string | undefined
  readonly modified: string | undefined
  readonly visited: string | undefined
  applications: number
}

/** One record for each program that opened the file; a bookmark without a program also gives a record. */
function readBookmarks(text: string, sink: RecordCollector): void {
  let open: Bookmark | null = null
  let openAt = 0
  let isClosed = false
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (name === 'bookmark' && attributes.href !== undefined) {
          const { added, modified, visited } = attributes
          open = { path: pathOf(attributes.href), added, modified, visited, applications: 0 }
          openAt = parser.startIndex
        } else if (name === 'bookmark:application' && open !== null) {
          open.applications++
          const count = Number(attributes.count ?? Number.NaN)
          const times = Number.isSafeInteger(count) && count > 0 ? count : null
          add(open, attributes.name, times, attributes.modified, sink)
        }
      },
      onclosetag(name, isImplied) {
        if (name === 'bookmark') {
          if (open?.applications === 0) add(open, undefined, null, undefined, sink)
          open = null
        } else if (name === 'xbel' && !isImplied) isClosed = true
      },
    },
    { xmlMode: true },
  )
  parser.write(text)
  parser.end()
  if (!isClosed) sink.spoiled(openAt)
}

function add(
  { path, added, modified, visited }: Bookmark,
  app: string | undefined,
  times: number | null,
  opened: string | undefined,
  sink: RecordCollector,
): void {
  sink.add({
    what: {
      code: 'file-opened',
      params: definedOnly({ list: 'recently-used', path, app: app || undefined }),
    },
    times,
    // The time of this program first, then the times of the bookmark, which all programs share.
    ...timesOfRecord(
      ['opened', utcTime(opened)],
      ['visited', utcTime(visited)],
      ['modified', utcTime(modified)],
      ['added', utcTime(added)],
    ),
  })
}

function utcTime(utc: string | undefined) {
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(utc ?? '') ? Date.parse(utc!) : Number.NaN
  return Number.isNaN(ms) ? null : millisecondTime(ms)
}
