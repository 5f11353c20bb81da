/** Recognises BitTorrent files, which have no signature, by their keys. */
import type { Sample } from '../../../media-types/sample.ts'

/** A BitTorrent dictionary whose keys are near the start of the file. */
export function signature({ head }: Sample): string | null {
  const begins = /^d(\d{1,3}):/.exec(head.toString('latin1', 0, 5))
  if (!begins) return null
  // The keys of a dictionary are sorted, so `info` of a torrent may follow long lists of trackers.
  if (head.includes('4:infod') && head.includes(':piece length')) return 'application/x-bittorrent'
  const isResume =
    head.includes('22:libtorrent resume file') ||
    head.includes('10:.fileguard40:') ||
    head.includes('8:added_oni') ||
    (head.includes('10:added-datei') && head.includes('11:destination'))
  return isResume ? 'application/x-bittorrent-resume' : null
}
