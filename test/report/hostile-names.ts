/** Names that attack outputs: markup, formulas, terminal escapes, bytes that are no text. Third-party names join when present. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const OWN: readonly (string | Buffer)[] = [
  '<img src=x onerror=alert(1)>.jpg',
  '"><script>alert(1)</script>',
  "'-alert(1)-'",
  '</script><script>alert(1)</script>',
  '</style><svg onload=alert(1)>',
  '</title><meta http-equiv=refresh content=0;url=http://evil.example>',
  '<!--',
  '-->',
  ']]>',
  '<![CDATA[',
  '&lt;b&gt;',
  '&amp;',
  '&#60;',
  '$' + '{7*7}',
  '{{7*7}}',
  '`x`',
  'javascript:alert(1)',
  'http://evil.example/x.png',
  '@import url(http://evil.example/x.css)',
  'url(http://evil.example/y)',
  '=1+1',
  '=HYPERLINK("http://evil.example")',
  '+1',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '＝1+1',
  '＋1',
  '－1',
  '＠x',
  ';=1',
  ',=1',
  '"=1"',
  'a,b;c"d',
  "'quoted",
  '|pipe',
  'new\nline.jpg',
  'carriage\rreturn',
  'nul\u0001soh',
  '\u001b]0;title\u0007',
  '\u001b[2J\u001b[31mred',
  '\u009b31m',
  '\u0085nel',
  'rtl\u202egpj.exe',
  '\u2066isolate\u2069',
  '\u200bzero',
  '\ufeffbom',
  '\u2028line',
  '\u2029paragraph',
  '\u{e0041}tag',
  'ünïcode',
  'עברית.jpg',
  'العربية',
  '日本語の写真.png',
  'e\u0301',
  '👩‍👩‍👧',
  'a'.repeat(250),
  '\\x41',
  '\\u{41}',
  'a » b',
  Buffer.from('caf\xe9.jpg', 'latin1'),
  Buffer.from([0xff, 0xfe, 0x41]),
  Buffer.from([0xed, 0xa0, 0x80]),
  Buffer.from([0xc0, 0xaf]),
  Buffer.from([0xf4, 0x90, 0x80, 0x80]),
  Buffer.from(Array.from({ length: 255 }, (_, i) => (i === 46 ? 0x2e : i + 1))),
  ' leading',
  'trailing ',
  '.',
  '..',
  '__proto__',
  'constructor',
  '%s%n',
  '../../etc/passwd',
]

// The Big List of Naughty Strings, where a folder of corpora is at hand: third-party, never part of the project.
const CORPORA =
  process.env.SEIZED_CORPORA ?? fileURLToPath(new URL('../../../shared/data/corpora', import.meta.url))
const BLNS = join(CORPORA, 'blns.txt')

/** The project's own list alone. */
export function ownHostileNames(): Buffer[] {
  return OWN.map((name) => withoutSlash(Buffer.from(name as string)))
}

export function hostileNames(): Buffer[] {
  const lines = existsSync(BLNS) ? readFileSync(BLNS, 'utf8').split('\n') : []
  const third = lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => Buffer.from(line))
  const names = [...ownHostileNames(), ...third.map(withoutSlash)]
  return [...new Map(names.map((name) => [name.toString('hex'), name])).values()]
}

/** A name on a file system holds neither a slash nor a zero byte. */
function withoutSlash(name: Buffer): Buffer {
  return Buffer.from(name.map((byte) => (byte === 0x2f ? 0x5c : byte === 0 ? 1 : byte)))
}
