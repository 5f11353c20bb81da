/**
 * Kinds of place on a device that make another sign weigh more. Never a sign by itself: most of what lies in such
 * places is ordinary. Names are compared as bytes, ASCII letters in either case.
 */
import type { EvidencePath } from '../contracts/entry.ts'

const PLACES: readonly { readonly words: string; readonly name: RegExp }[] = [
  { words: 'a recycle bin', name: /^(\$recycle\.bin|recycler|recycled|\.trash(es|-\d+)?|\.trashed-.*)$/ },
  { words: 'a folder of downloads', name: /^(downloads?|incoming)$/ },
  {
    words: 'a folder of a file-sharing program',
    name: /^(emule|amule|\.amule|edonkey.*|shareaza|limewire|frostwire|gigatribe|bittorrent|torrents?|freenet)$/,
  },
  { words: 'a folder of an anonymous browser', name: /^(tor browser|tor-browser.*|orfox|onionshare)$/ },
  {
    words: 'a messenger’s folder',
    name: /^(whatsapp.*|telegram.*|signal|viber|kik|wickr.*|snapchat|org\.telegram\..*|com\.whatsapp.*|discord|wechat|line|session|threema)$/,
  },
  { words: 'a folder hidden from galleries', name: /^(\.hidden|\.private|\.vault|\.nomedia)$/ },
]

/** @returns words for the innermost such folder on the path, or null */
export function placeOf(path: EvidencePath): string | null {
  const names = path.steps.flatMap((step) => step.name.toString('latin1').toLowerCase().split('/'))
  for (const name of names.slice(0, -1).reverse()) {
    const place = PLACES.find((p) => p.name.test(name))
    if (place) return place.words
  }
  return null
}
