/**
 * String search by the areas of NIST's CFTT: words in the encodings of texts, in live and deleted files, in slack and unallocated space,
 * across borders of clusters and of fragments, and in containers. One FAT16 volume.
 */
import { writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import iconv from 'iconv-lite'
import { fatVolume } from '../../../fixtures/cftt/fat.ts'
import { BLOCK, type Step } from '../../../fixtures/cftt/steps.ts'
import type { Bench } from '../model/scenario.ts'
import { append, PIECE, remove, write } from './case.ts'
import { type GroupReader, type Planted, rowsOf, scanned } from './group.ts'
import { output, versionOf } from './readers.ts'
import type { CfttRow } from './row.ts'

const ENCODINGS = [
  {
    id: 'ascii',
    code: 'ascii',
    word: 'lighthouse',
    text: 'The keeper wrote every evening about the weather and the ships that passed. ',
  },
  {
    id: 'utf-8',
    code: 'utf8',
    word: 'žiburėlis',
    text: 'Prižiūrėtojas kas vakarą rašė apie orą ir laivus, kurie plaukė pro šalį. ',
  },
  {
    id: 'utf-16le',
    code: 'utf16le',
    word: 'žibintas',
    text: 'Prižiūrėtojas kas vakarą rašė apie orą ir laivus, kurie plaukė pro šalį. ',
  },
  {
    id: 'utf-16be',
    code: 'utf16be',
    word: 'φάρος',
    text: 'Ο φύλακας έγραφε κάθε βράδυ για τον καιρό και τα πλοία που περνούσαν. ',
  },
  {
    id: 'windows-1257',
    code: 'win1257',
    word: 'žvyrkelis',
    text: 'Prižiūrėtojas kas vakarą rašė apie orą ir laivus, kurie plaukė pro šalį. ',
  },
  {
    id: 'windows-1251',
    code: 'win1251',
    word: 'маяк',
    text: 'Смотритель каждый вечер писал о погоде и о кораблях, которые шли мимо. ',
  },
] as const
type Encoding = (typeof ENCODINGS)[number]

const PLACES = [
  ['SS-live', 'words in a live file'],
  ['SS-border', 'words across a border of clusters, in a live file'],
  ['SS-fragment', 'words across the border of two fragments, in a live file'],
  ['SS-deleted', 'words in a deleted file'],
  ['SS-slack', 'words behind the end of a live file, in its last cluster'],
  ['SS-unallocated', 'words in unallocated space, of no name'],
  ['SS-container', 'words in a compressed container'],
  ['SS-deleted-container', 'words in a deleted compressed container'],
  ['SS-control', 'words that are nowhere'],
] as const

export const SEARCH_CASES = PLACES.map(([id]) => id)
export const SEARCH_READERS: readonly GroupReader[] = [
  { id: 'seized search', way: 'search', version: (bench) => bench.seized('--version').out.trim() },
  { id: 'srch_strings', way: 'search', version: () => versionOf('srch_strings', ['-V']) },
  { id: 'grep', way: 'search', version: () => versionOf('grep', ['--version']) },
]

/** Of a word: its letters, and those of its place and encoding, so that each is there once. */
function tokenOf(encoding: Encoding, place: number): string {
  const tail =
    encoding.id === 'windows-1251' ? 'абвгдежзи' : encoding.id === 'utf-16be' ? 'αβγδεζηθι' : 'bcdfghjkl'
  return `${encoding.word}${tail[place]}${ENCODINGS.indexOf(encoding) % 2 === 0 ? tail[0] : tail[1]}`
}

export function searchRows(bench: Bench): CfttRow[] {
  const planted: Planted[] = PLACES.flatMap(([id, title], place) =>
    ENCODINGS.map((encoding) => ({
      ...{ case: id, title, on: encoding.id, token: tokenOf(encoding, place) },
      isControl: id === 'SS-control',
    })),
  )
  const image = bench.at('search.dd')
  writeFileSync(image, searchVolume())
  const found = new Map<string, (one: Planted) => boolean>()
  const ledger = bench.at('search.sqlite')
  scanned(bench, image, ledger, '--text', '--basis', 'validation', '--remains', 'carve')
  // Exit code 0: something was found.
  found.set('seized search', ({ token }) => bench.seized('search', ledger, `"${token}"`).code === 0)
  if (SEARCH_READERS[1]?.version(bench) != null) {
    const all = (['S', 'l', 'b'] as const).map((mode) => output('srch_strings', ['-a', '-e', mode, image]))
    found.set('srch_strings', ({ token, on }) => {
      const { code } = ENCODINGS.find(({ id }) => id === on) as Encoding
      // The program prints the low bytes of 16 bits: letters beyond Latin-1 are not printed.
      return all.some((text) =>
        text.includes(iconv.encode(token, code.startsWith('utf16') ? 'latin1' : code)),
      )
    })
  }
  if (SEARCH_READERS[2]?.version(bench) != null) {
    found.set('grep', ({ token, on }) => {
      const { code } = ENCODINGS.find(({ id }) => id === on) as Encoding
      const pattern = [...iconv.encode(token, code)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`)
      return (
        output('grep', ['-a', '-c', '-P', pattern.join(''), image], undefined, 'C')
          .toString()
          .trim() !== '0'
      )
    })
  }
  return rowsOf(planted, found)
}

function searchVolume(): Buffer {
  const first: Step[] = []
  const gone: Step[] = []
  const later: { readonly into: 'slack' | 'free'; readonly bytes: Buffer; readonly of: Buffer }[] = []
  for (const encoding of ENCODINGS) {
    const words = (place: number, before: number) => encoded(encoding, tokenOf(encoding, place), before)
    const name = (place: string) => `${place}-${encoding.id}.txt`
    first.push(write(name('live'), words(0, 200)))
    first.push(write(name('border'), words(1, PIECE - 4)))
    const pieces = words(2, PIECE - 4)
    first.push(append(name('pieces'), pieces.subarray(0, PIECE)))
    first.push(write(`between-${encoding.id}.bin`, Buffer.alloc(PIECE, 7)))
    first.push(append(name('pieces'), pieces.subarray(PIECE)))
    first.push(write(name('gone'), words(3, 300)))
    const short = Buffer.alloc(PIECE + 60, 32)
    short.write(`note ${encoding.id} `)
    first.push(write(name('short'), short))
    later.push({ into: 'slack', bytes: words(4, 40).subarray(0, 300), of: short })
    later.push({ into: 'free', bytes: words(5, 100), of: short })
    first.push(write(`packed-${encoding.id}.txt.gz`, gzipSync(words(6, 300))))
    first.push(write(`lost-${encoding.id}.txt.gz`, gzipSync(words(7, 300))))
    gone.push(remove(name('gone')), remove(`lost-${encoding.id}.txt.gz`))
  }
  const image = fatVolume(16, [first, gone])
  let free = image.length - 64 * BLOCK
  for (const { into, bytes, of } of later) {
    if (into === 'slack') bytes.copy(image, image.indexOf(of) + of.length)
    else {
      bytes.copy(image, free)
      free -= 8 * BLOCK
    }
  }
  return image
}

/** Running text in the language of an encoding, with a word that begins `before` bytes in, on a border of characters. */
function encoded({ code, text }: Encoding, token: string, before: number): Buffer {
  const unit = code.startsWith('utf16') ? 2 : 1
  let head = text.repeat(Math.ceil(before / text.length / unit) + 1)
  while (iconv.encode(head, code).length > before - unit) head = head.slice(0, -1)
  return iconv.encode(`${head} ${token} ${text.repeat(6)}`, code)
}
