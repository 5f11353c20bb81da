/** Converts a Windows code page number, as documents state it, to an encoding of iconv-lite. */
import iconv from 'iconv-lite'

const NAMED: Readonly<Record<number, string>> = {
  932: 'shift_jis',
  936: 'gbk',
  949: 'euc-kr',
  950: 'big5',
  1200: 'utf-16le',
  10000: 'macintosh',
  20127: 'windows-1252',
  20866: 'koi8-r',
  21866: 'koi8-u',
  32768: 'macintosh',
  50220: 'shift_jis',
  54936: 'gb18030',
  65001: 'utf-8',
}

/** The usual encoding of that time, for unknown numbers. */
const FALLBACK = 'windows-1252'

export function encodingOf(codePage: number): string {
  if (NAMED[codePage]) return NAMED[codePage]
  for (const name of [
    `windows-${codePage}`,
    `cp${codePage}`,
    codePage > 28590 && codePage < 28606 ? `iso-8859-${codePage - 28590}` : '',
  ])
    if (name !== '' && iconv.encodingExists(name)) return name
  return FALLBACK
}
