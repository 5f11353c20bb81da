/**
 * Reads the download list of Safari (`Downloads.plist`): URL, saved path, received bytes and time of each download.
 *
 * @see log2timeline/plaso, plist_plugins/safari_downloads.py; iLEAPP, safariDownloads
 */
import { definedOnly } from '../../../base/defined-only.ts'
import { cocoaTime } from '../../bytes/times.ts'
import {
  type ArtefactReader,
  NotAnArtefact,
  type RecordCollector,
  timesOfRecord,
} from '../../records/artefact.ts'
import { NotPropertyList, PropertyDate, propertyList } from '../../stores/property-list.ts'

type Entry = ReadonlyMap<string, unknown>

export const safariDownloads: ArtefactReader = {
  id: 'safari-downloads',
  mediaTypes: ['application/x-safari-downloads'],
  read(bytes, sink) {
    for (const entry of entriesOf(bytes)) addDownload(entry, sink)
    return []
  },
}

function entriesOf(bytes: Buffer): readonly Entry[] {
  try {
    const list = propertyList(bytes)
    const history = list instanceof Map ? list.get('DownloadHistory') : null
    if (Array.isArray(history)) return history.filter((one): one is Entry => one instanceof Map)
  } catch (error) {
    if (!(error instanceof NotPropertyList)) throw error
  }
  throw new NotAnArtefact()
}

function addDownload(entry: Entry, sink: RecordCollector): void {
  const text = (name: string) => {
    const value = entry.get(name)
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const time = (name: string) => {
    const value = entry.get(name)
    return value instanceof PropertyDate ? cocoaTime(value.seconds) : null
  }
  const [received, total] = ['DownloadEntryProgressBytesSoFar', 'DownloadEntryProgressTotalToLoad'].map(
    (name) => {
      const value = Number(entry.get(name))
      return Number.isSafeInteger(value) && value > 0 ? value : undefined
    },
  )
  const [path, url] = [text('DownloadEntryPath'), text('DownloadEntryURL')]
  if (path === undefined && url === undefined) return
  const ended = time('DownloadEntryDateFinishedKey')
  const isComplete = ended !== null || (total !== undefined && received === total)
  sink.add({
    what: {
      code: 'download',
      params: definedOnly({
        program: 'safari',
        path: savedAs(path),
        url,
        sizeBytes: total ?? received,
        state: isComplete ? 'complete' : 'interrupted',
      }),
    },
    direction: isComplete ? 'received' : null,
    ...timesOfRecord(['completed', ended], ['begun', time('DownloadEntryDateAddedKey')]),
    sizeBytes: total ?? null,
  })
}

/** During a download the file is in a folder `name.download`; after completion it is next to that folder. */
function savedAs(path: string | undefined): string | undefined {
  const [, folder, name] = /^(.*\/)([^/]+)\.download\/\2$/s.exec(path ?? '') ?? []
  return folder === undefined ? path : `${folder}${name}`
}
