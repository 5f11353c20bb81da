/**
 * Reads download states of BitTorrent programs: µTorrent and BitTorrent (resume.dat), libtorrent with qBittorrent's
 * own keys (.fastresume), Deluge (torrents.fastresume), Transmission (.resume).
 */
import { definedOnly } from '../../../base/defined-only.ts'
import { decodeLocal } from '../../bytes/local-text.ts'
import { NotAnArtefact, type RecordCollector, timesOfRecord, unixSeconds } from '../../records/artefact.ts'
import { type Bencoded, decodeBencoded, isDictionary, NotBencoded } from '../../stores/bencode.ts'
import { type Entries, filled, hash, number, text } from '../../stores/bencode-values.ts'

export function readDownloads(top: Entries, sink: RecordCollector): void {
  if (isLibtorrent(top)) addLibtorrent(top, sink)
  else if (addDeluge(top, sink)) return
  else if (isTransmission(top)) addTransmission(top, sink)
  else addMicroTorrent(top, sink)
}

function isLibtorrent(top: Entries): boolean {
  return text(top, 'file-format') === 'libtorrent resume file'
}

function addLibtorrent(
  top: Entries,
  sink: RecordCollector,
  by?: { readonly program: string; readonly infoHash: string },
): void {
  const sent = number(top, 'total_uploaded')
  const received = number(top, 'total_downloaded')
  sink.add({
    what: {
      code: 'torrent-download',
      params: definedOnly({
        program: by?.program ?? (top.has('qBt-savePath') ? 'qbittorrent' : 'libtorrent'),
        name: filled(text(top, 'qBt-name')) ?? text(top, 'name'),
        infoHash: hash(top, 'info-hash') ?? by?.infoHash,
        folder: text(top, 'qBt-savePath') ?? text(top, 'save_path'),
        sentBytes: sent,
        receivedBytes: received,
        seconds: number(top, 'seeding_time'),
      }),
    },
    ...said(sent, received),
    ...timesOfRecord(
      ['completed', unixSeconds(number(top, 'completed_time'))],
      ['added', unixSeconds(number(top, 'added_time'))],
      ['last-shared', unixSeconds(number(top, 'last_upload'))],
      ['last-received', unixSeconds(number(top, 'last_download'))],
      ['last-seen-complete', unixSeconds(number(top, 'last_seen_complete'))],
    ),
  })
}

/** `torrents.fastresume` of Deluge: for each info hash, the state of libtorrent as an encoded text. */
function addDeluge(top: Entries, sink: RecordCollector): boolean {
  let downloads = 0
  for (const [key, value] of top) {
    if (!/^[0-9a-f]{40}$/.test(key) || !Buffer.isBuffer(value)) continue
    downloads++
    const inner = decodedOrNull(value)
    if (inner !== null && isDictionary(inner) && isLibtorrent(inner.entries))
      addLibtorrent(inner.entries, sink, { program: 'deluge', infoHash: key })
    else sink.spoiled(0)
  }
  return downloads > 0
}

function decodedOrNull(bytes: Buffer): Bencoded | null {
  try {
    return decodeBencoded(bytes)
  } catch (error) {
    if (error instanceof NotBencoded) return null
    throw error
  }
}

function isTransmission(top: Entries): boolean {
  return top.has('destination') && top.has('added-date') && top.has('uploaded')
}

function addTransmission(top: Entries, sink: RecordCollector): void {
  const sent = number(top, 'uploaded')
  const received = number(top, 'downloaded')
  sink.add({
    what: {
      code: 'torrent-download',
      params: definedOnly({
        program: 'transmission',
        name: text(top, 'name'),
        folder: text(top, 'destination'),
        sentBytes: sent,
        receivedBytes: received,
        seconds: number(top, 'seeding-time-seconds'),
      }),
    },
    ...said(sent, received),
    ...timesOfRecord(
      ['completed', unixSeconds(number(top, 'done-date'))],
      ['added', unixSeconds(number(top, 'added-date'))],
      ['last-active', unixSeconds(number(top, 'activity-date'))],
    ),
  })
}

/** One dictionary for each download, by the name of its torrent file; the other keys belong to the program itself. */
function addMicroTorrent(top: Entries, sink: RecordCollector): void {
  let downloads = 0
  for (const [key, value] of top) {
    if (!isDictionary(value) || !value.entries.has('info') || !value.entries.has('added_on')) continue
    downloads++
    const { entries } = value
    const sent = number(entries, 'uploaded')
    const received = number(entries, 'downloaded')
    sink.add({
      what: {
        code: 'torrent-download',
        params: definedOnly({
          program: 'utorrent',
          name: text(entries, 'caption') ?? decodeLocal(Buffer.from(key, 'latin1')),
          infoHash: hash(entries, 'info'),
          folder: text(entries, 'path'),
          sentBytes: sent,
          receivedBytes: received,
          seconds: number(entries, 'seedtime'),
        }),
      },
      ...said(sent, received),
      ...timesOfRecord(
        ['completed', unixSeconds(number(entries, 'completed_on'))],
        ['added', unixSeconds(number(entries, 'added_on'))],
        ['last-active', unixSeconds(number(entries, 'last_active'))],
        ['last-seen-complete', unixSeconds(number(entries, 'last_seen_complete'))],
      ),
    })
  }
  if (downloads === 0 && !top.has('.fileguard')) throw new NotAnArtefact()
}

function said(sent: number | undefined, received: number | undefined) {
  if ((sent ?? 0) > 0) return { direction: 'shared' as const }
  return { direction: (received ?? 0) > 0 ? ('received' as const) : null }
}
