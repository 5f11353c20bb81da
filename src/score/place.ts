/**
 * Kinds of place on a device that add weight to another sign. A place is never a sign by itself: most files in such
 * places are ordinary. Names are compared as bytes, ASCII letters in either case.
 */
import type { EvidencePath } from '../contracts/entry.ts'

const PLACES = [
  { place: 'recycle-bin', name: /^(\$recycle\.bin|recycler|recycled|\.trash(es|-\d+)?|\.trashed-.*)$/ },
  { place: 'downloads', name: /^(downloads?|incoming)$/ },
  {
    place: 'file-sharing',
    name: /^(emule|amule|\.amule|edonkey.*|shareaza|limewire|frostwire|gigatribe|bittorrent|torrents?|freenet)$/,
  },
  { place: 'anonymous-browser', name: /^(tor browser|tor-browser.*|orfox|onionshare)$/ },
  {
    place: 'messenger',
    name: /^(whatsapp.*|telegram.*|signal|viber|kik|wickr.*|snapchat|org\.telegram\..*|com\.whatsapp.*|discord|wechat|line|session|threema)$/,
  },
  { place: 'hidden', name: /^(\.hidden|\.private|\.vault|\.nomedia)$/ },
] as const

export type DevicePlace = (typeof PLACES)[number]['place']

/** @returns the innermost such folder on the path, or null */
export function placeOf(path: EvidencePath): DevicePlace | null {
  const names = path.steps.flatMap((step) => step.name.toString('latin1').toLowerCase().split('/'))
  for (const name of names.slice(0, -1).reverse()) {
    const found = PLACES.find((p) => p.name.test(name))
    if (found) return found.place
  }
  return null
}
