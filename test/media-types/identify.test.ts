import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileTypeFromFile } from 'file-type'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { drawVideo } from '../../fixtures/draw-video.ts'
import { PROGRAM_ROOT } from '../../src/base/version.ts'
import { identify, identifyContent } from '../../src/formats/signatures/index.ts'
import { libraryBeginsWith } from '../../src/formats/signatures/library-beginnings.ts'
import { lookOf } from '../../src/media-types/applies.ts'
import { extensionMismatch } from '../../src/media-types/extensions.ts'
import { ENGLISH } from '../../src/report/texts/index.ts'
import { zipOf } from '../child/archives.ts'
import { randomBytes, seeded } from '../image/random.ts'

const CORPORA = join(PROGRAM_ROOT, '../shared/data/corpora')
const FIXTURES = join(CORPORA, 'file-type/fixture')
const present = existsSync(FIXTURES)

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
}

const own = (content: Buffer) =>
  identify(content.subarray(0, 65536), content.length, content.subarray(-65536)).mediaType
const utf16 = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])

const JAPANESE = '明日の朝、駅の前で会いましょう。電車は七時に出ます。'

describe('identify', () => {
  it('looks for the directory of a compound file in all of it, where all of it is there', async () => {
    const content = Buffer.alloc(300_000)
    Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(content)
    content.writeUInt16LE(9, 30)
    // The directory begins at sector 299 of 512 bytes, counted behind the header.
    content.writeUInt32LE(299, 48)
    for (const [i, name] of ['Root Entry', 'PowerPoint Document'].entries()) {
      const at = 300 * 512 + i * 128
      content.write(name, at, 'utf16le')
      content.writeUInt16LE((name.length + 1) * 2, at + 64)
    }
    expect((await identifyContent(content)).mediaType).toBe('application/vnd.ms-powerpoint')
    expect(own(content)).toBe('application/x-cfb')
  })

  it('names pictures that nothing decodes, so that they are counted as not done', () => {
    const beginnings: Readonly<Record<string, string | Buffer>> = {
      'image/dpx': 'SDPX',
      'image/cineon': Buffer.from('802a5fd7', 'hex'),
      'image/fits': 'SIMPLE  =                    T',
      'image/x-dcx': Buffer.from('b168de3a', 'hex'),
      'image/x-jng': Buffer.from('8b4a4e470d0a1a0a', 'hex'),
      'video/x-mng': Buffer.from('8a4d4e470d0a1a0a', 'hex'),
      'image/jbig2': Buffer.from('974a42320d0a1a0a', 'hex'),
      'image/x-paint-shop': 'Paint Shop Pro Image File\n\x1a',
      'image/x-photo-cd': `${'\xff'.repeat(2048)}PCD_IPI`,
      'image/x-filmworks': 'SFW94A',
      'image/x-clip-studio': 'CSFCHUNK',
      'image/x-paint-net': 'PDN3',
      'image/miff': 'id=ImageMagick  version=1.0',
      'image/x-pict': `${'\0'.repeat(522)}\x00\x11\x02\xff\x0c\x00`,
    }
    for (const [type, begins] of Object.entries(beginnings)) {
      const bytes = typeof begins === 'string' ? Buffer.from(begins, 'latin1') : begins
      expect([own(Buffer.concat([bytes, Buffer.alloc(600, 0xa5)])), lookOf(type) !== null]).toEqual([
        type,
        true,
      ])
    }
  })

  it('believes no archive, picture or film that calls itself what is passed over', async () => {
    const saying = (said: string) =>
      zipOf({ mimetype: Buffer.from(said), 'x.bin': Buffer.from('content') }, 0)
    for (const said of ['font/ttf', 'application/pkcs7-mime', 'text/plain', 'image/png'])
      expect(own(saying(said))).toBe('application/zip')
    expect(own(saying('application/epub+zip'))).toBe('application/epub+zip')

    const box = (name: string, ...brands: string[]) => {
      const bytes = Buffer.alloc(16 + 4 * Math.max(0, brands.length - 1))
      bytes.writeUInt32BE(bytes.length)
      bytes.write(name, 4, 'latin1')
      for (const [i, brand] of brands.entries()) bytes.write(brand, i === 0 ? 8 : 12 + 4 * i, 'latin1')
      return bytes
    }
    const rest = Buffer.alloc(300, 1)
    expect(own(Buffer.concat([box('ftyp', 'what', 'heic'), box('meta'), rest]))).toBe('image/heic')
    expect(own(Buffer.concat([box('ftyp', 'what', 'none'), box('meta'), rest]))).toBe('image/heif')
    expect(own(Buffer.concat([box('ftyp', 'isom', 'heic'), box('moov'), rest]))).toBe('video/mp4')

    const matroska = await drawVideo({
      ...{ width: 64, height: 64, frames: 5, framesPerSecond: 5, gop: 5, container: 'matroska' },
      draw: (frame, x) => (x * 3 + frame) % 256,
    })
    matroska.write('anything', matroska.indexOf('matroska'), 'latin1')
    expect(own(matroska)).toBe('video/matroska')
    expect(own(Buffer.concat([Buffer.from('RIFF\x00\x01\0\0AMV LIST', 'latin1'), rest]))).toBe(
      'video/vnd.avi',
    )
    expect(own(Buffer.concat([Buffer.from('FORM\0\0\x01\0ANIMFORM', 'latin1'), rest]))).toBe('image/x-ilbm')
    expect(own(Buffer.concat([Buffer.from('RIFF\x00\x01\0\0CDRAvrsn', 'latin1'), rest]))).toBe(
      'image/x-coreldraw',
    )
  })

  it('takes a start code alone for no video', () => {
    for (const begins of ['00000001', '000001', '0000000167', '00000001674200', '0000000140010c', '120018']) {
      const bytes = Buffer.concat([Buffer.from(begins, 'hex'), Buffer.alloc(2000, 0xa5)])
      expect([begins, own(bytes)]).toEqual([begins, 'application/octet-stream'])
    }
  })

  it('takes the system files of NTFS for neither icons nor images of disks, and what may be one still for one', async () => {
    // Every UTF-16 unit in order: it begins as an icon does.
    const upCase = Buffer.alloc(131_072)
    for (let unit = 0; unit < 65_536; unit++) upCase.writeUInt16LE(unit, unit * 2)
    expect((await identifyContent(upCase)).mediaType).toBe('application/octet-stream')
    const icon = Buffer.alloc(600)
    Buffer.from('00000100010010100000010020004002000016000000', 'hex').copy(icon)
    expect((await identifyContent(icon)).mediaType).toBe('image/x-icon')
    // Of an icon that was cut, the entry still says that it is one.
    expect((await identifyContent(icon.subarray(0, 24))).mediaType).toBe('image/x-icon')

    const boot = Buffer.alloc(8192)
    boot.write('\xeb\x52\x90NTFS    ', 0, 'latin1')
    boot.writeUInt16LE(512, 11)
    boot.writeUInt8(8, 13)
    boot.writeBigUInt64LE(4n, 48)
    boot.writeBigUInt64LE(3071n, 56)
    boot.writeUInt16LE(0xaa55, 510)
    expect((await identifyContent(boot)).mediaType).toBe('application/octet-stream')
    const cut = Buffer.concat([boot, Buffer.alloc(65_536)])
    expect((await identifyContent(cut)).mediaType).toBe('application/x-raw-disk-image')
  })

  it.each<[string, string | Buffer]>([
    ['inode/x-empty', ''],
    ['text/plain', 'hello'],
    ['text/plain', 'Grüße\n'],
    [
      'text/html',
      iconv.encode(
        `<!DOCTYPE html><html><head><title>${JAPANESE}</title></head><body>${JAPANESE.repeat(9)}`,
        'shift_jis',
      ),
    ],
    ['text/plain', iconv.encode(JAPANESE.repeat(5), 'shift_jis')],
    ['text/plain', iconv.encode(JAPANESE.repeat(5), 'euc-jp')],
    [
      'text/plain',
      iconv.encode('Добрый день! Мы встречаемся завтра в семь часов у вокзала.\n'.repeat(4), 'cp866'),
    ],
    ['text/plain', Buffer.from('Gr\xfc\xdfe aus M\xfcnchen, wo es im Herbst sehr sch\xf6n ist\n', 'latin1')],
    ['text/plain', utf16('Grüße, мир')],
    ['text/plain', Buffer.from('no mark, but text in two bytes', 'utf16le')],
    ['text/plain', Buffer.from('Привет, мир. Это обычный текст в одной кодировке.', 'utf16le').swap16()],
    ['text/html', '<!DOCTYPE html>\n<html><body>x'],
    ['text/html', '<!-- a comment -->\n\n<html lang="de">'],
    [
      'application/xhtml+xml',
      '<?xml version="1.0"?>\n<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml">',
    ],
    ['image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    [
      'image/svg+xml',
      '<?xml version="1.0"?><!-- x --><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x.dtd"><svg:svg>',
    ],
    ['application/x-plist', '<?xml version="1.0"?><!DOCTYPE plist PUBLIC "x" "y"><plist version="1.0">'],
    ['application/xml', utf16('<?xml version="1.0" encoding="utf-16"?><root/>')],
    ['text/plain', '<3 you'],
    ['application/json', '{"a": [1, 2.5e3, null, "x\\"y"]}'],
    ['application/json', '[]'],
    ['application/json', `{"list": [${'{"a": "long", "b": 12.5},'.repeat(4000)} 1]}`],
    ['application/x-ndjson', '{"a":1}\n{"a":2}\n'],
    ['text/plain', '{ not json }'],
    ['text/plain', '[section]\nkey=value\n'],
    ['text/csv', 'name,age,city\n"Doe, J",12,X\nEve,9,Y\n'],
    ['text/csv', 'a;b;c\n1;2;3\n4;5;6\n'],
    ['text/tab-separated-values', 'a\tb\tc\n1\t2\t3\n'],
    ['text/plain', 'Dear all, I write to you, today\nbecause of things.\nYours\n'],
    [
      'message/rfc822',
      'Received: from a by b\n\tfor c\nFrom: a@example.org\nTo: b@example.org\nSubject: x\n\nbody',
    ],
    ['message/rfc822', 'MIME-Version: 1.0\r\nFrom: a@example.org\r\nSubject: x\r\n\r\nbody'],
    ['application/mbox', 'From a@example.org Sat Jan  3 01:05:34 1996\nReturn-Path: <a@example.org>\n\nx'],
    ['application/rtf', '{\\rtf1\\ansi hello}'],
    ['application/vnd.apple.mpegurl', '#EXTM3U\n#EXT-X-VERSION:3\nfile:///etc/passwd\n'],
    ['text/vcard', 'BEGIN:VCARD\r\nVERSION:3.0\r\n'],
    ['text/calendar', 'BEGIN:VCALENDAR\r\n'],
    ['text/vtt', 'WEBVTT\n\n00:00.000 --> 00:01.000\nx'],
    ['application/x-subrip', '1\n00:00:01,000 --> 00:00:02,000\nx\n'],
    ['text/x-shellscript', '#!/usr/bin/env bash\necho\n'],
    ['image/x-portable-anymap', 'P6\n# made by hand\n2 2\n255\n............'],
    ['application/pdf', 'some junk before\n%PDF-1.4\n%\xe2\xe3\xcf\xd3\n'],
    ['application/octet-stream', Buffer.from([0, 1, 2, 3, 4, 5])],
    ['application/octet-stream', Buffer.alloc(8192, 0xff)],
    ['application/octet-stream', Buffer.concat([Buffer.from('RCRD junk '), Buffer.alloc(8192, 0xff)])],
    [
      'text/plain',
      iconv.encode(`╔${'═'.repeat(76)}╗\n║ Прейскурант ${' '.repeat(63)}║\n`.repeat(9), 'cp866'),
    ],
    ['application/x-sqlite3', 'SQLite format 3\0\x10\0'],
    ['image/jpeg', Buffer.from('ffd8ffe000104a464946', 'hex')],
    ['image/heic', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1')],
    ['image/heic', Buffer.from('\0\0\0\x18ftypmif1\0\0\0\0mif1heic', 'latin1')],
    ['image/avif', Buffer.from('\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf', 'latin1')],
    ['video/3gpp', Buffer.from('\0\0\0\x18ftyp3gp5\0\0\0\x013gp5isom', 'latin1')],
    ['video/quicktime', Buffer.from('\0\0\0\x14ftypqt  \0\0\0\0qt  ', 'latin1')],
    ['video/mp4', Buffer.from('\0\0\0\x18ftypisom\0\0\x02\0isomiso2', 'latin1')],
    ['application/x-ewf-image', Buffer.from('EVF\x09\x0d\x0a\xff\x00\x01\x01\0\0\0', 'latin1')],
    ['application/x-ms-thumbcache', Buffer.from('CMMM\x20\0\0\0\x01\0\0\0', 'latin1')],
  ])('%s', async (mediaType, content) => {
    expect((await identifyContent(Buffer.isBuffer(content) ? content : Buffer.from(content))).mediaType).toBe(
      mediaType,
    )
  })

  it('knows real archives, also a tar from before POSIX and a zip that is a document', async () => {
    const made = (command: string) =>
      execFileSync('sh', ['-c', `cd "$(mktemp -d)" && echo hello > a && ${command}; rm -r "$PWD"`])
    expect((await identifyContent(made('tar --format=v7 -cf - a'))).mediaType).toBe('application/x-tar')
    expect((await identifyContent(made('tar --format=pax -cf - a'))).mediaType).toBe('application/x-tar')
    expect((await identifyContent(made('gzip -c a'))).mediaType).toBe('application/gzip')
    expect((await identifyContent(made('xz -c a'))).mediaType).toBe('application/x-xz')
    expect((await identifyContent(made('bzip2 -c a'))).mediaType).toBe('application/x-bzip2')
  })

  it('needs under 50 ms of CPU for any head of repeated hostile text', () => {
    for (const piece of [
      '<!-- -->',
      '# ',
      '"',
      '{"',
      '[',
      '1',
      '{1',
      '[1,',
      'From 00:00',
      '<!doctype [',
      ']',
      'P1 #a\n',
      '\\',
      'a,b\n',
      'X-a: b\n',
      '<?x?>',
      '\u2028',
    ])
      for (const prefix of ['', '<', '{', '[', '{"a":', 'P1\n', '<?xml ', 'From ']) {
        const content = Buffer.from(
          prefix + piece.repeat(Math.ceil(65536 / Buffer.byteLength(piece))),
        ).subarray(0, 65536)
        const start = process.cpuUsage()
        identify(content, 1e6)
        expect([prefix, piece, process.cpuUsage(start).user < 50_000]).toEqual([prefix, piece, true])
      }
  })
})

describe('contents that the library is not asked about', () => {
  it('begin with no two bytes that any of its signatures begins with', () => {
    const text = readFileSync(join(PROGRAM_ROOT, 'node_modules/file-type/core.js'), 'utf8')
    const beginnings: number[][] = []
    for (const [, bytes, options = ''] of text.matchAll(/this\.check\(\[([^\]]+)\](,[^)]*)?\)/g))
      if (!/offset: *[1-9o]/.test(options)) beginnings.push(bytes!.split(',').map(Number))
    for (const [, string, options = ''] of text.matchAll(
      /this\.checkString\('((?:[^'\\]|\\.)+)'(,[^)]*)?\)/g,
    ))
      if (!/offset: *[1-9o]/.test(options)) beginnings.push([...Buffer.from(unescaped(string!), 'latin1')])
    expect(beginnings.length).toBeGreaterThan(100)
    const missing = beginnings.filter(([first, second]) =>
      second === undefined
        ? !Array.from({ length: 256 }, (_, any) => any).every((any) => libraryBeginsWith(first!, any))
        : !libraryBeginsWith(first!, second),
    )
    expect(missing).toEqual([])
  })
})

/** Of a literal in the library's text. */
function unescaped(literal: string): string {
  const named: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0' }
  return literal.replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|(.))/gi, (_, byte, unit, letter) =>
    letter ? (named[letter] ?? letter) : String.fromCharCode(Number.parseInt(byte ?? unit, 16)),
  )
}

describe.skipIf(!present)('identify on the file-type corpus', () => {
  // Where ours says more than the library, or other words for the same.
  const SYNONYMS: Readonly<Record<string, string>> = {
    'application/x-rar-compressed': 'application/vnd.rar',
    'application/x-unix-archive': 'application/x-archive',
    'audio/x-m4a': 'audio/mp4',
    'video/MP1S': 'video/mpeg',
    'video/MP2P': 'video/mpeg',
    'audio/ogg; codecs=opus': 'audio/ogg',
  }
  const MORE_THAN_CFB = /^application\/(msword|vnd\.ms-excel|vnd\.ms-powerpoint|x-msi|x-ole-encrypted)$/
  const OTHER: Readonly<Record<string, string>> = {
    // Cut after 128 bytes, before the sub-directories that tell a camera's file from a scanner's.
    'fixture.nef': 'image/tiff',
    'fixture2.nef': 'image/tiff',
    'fixture3.nef': 'image/tiff',
    'fixture4.nef': 'image/tiff',
    // Protected music of a music shop; the library calls its container video.
    'fixture.m4p': 'audio/mp4',
    // ADTS behind an ID3 tag that is longer than the file.
    'fixture-id3v2.aac': 'audio/mpeg',
    // Holds a video stream.
    'fixture.asf': 'video/x-ms-asf',
    // A coded stream alone, for which FFmpeg has another demuxer than for a program stream.
    'fixture.mpg': 'video/mpv',
  }

  it('agrees with the library on every file, or knows better for a written reason', async () => {
    let agreed = 0
    const files = filesIn(FIXTURES)
    const unlike: string[] = []
    let byOwn = 0
    for (const file of files) {
      const content = readFileSync(file)
      const { mediaType } = await identifyContent(content)
      const theirs = (await fileTypeFromFile(file))?.mime
      if (own(content) !== 'application/octet-stream') byOwn++
      const same =
        mediaType === (SYNONYMS[theirs ?? ''] ?? theirs) ||
        mediaType === OTHER[basename(file)] ||
        (theirs === 'application/x-cfb' && MORE_THAN_CFB.test(mediaType)) ||
        theirs === undefined
      if (same) agreed++
      else unlike.push(`${basename(file)}: ${mediaType}, not ${theirs}`)
    }
    console.log(
      `file-type corpus: ${agreed} of ${files.length} files as the library or better, ${byOwn} by own detectors`,
    )
    expect(unlike).toEqual([])
  })

  it('gives a renamed copy the same type and says that the name is unusual', async () => {
    const content = readFileSync(join(FIXTURES, 'fixture.jpg'))
    const { mediaType } = await identifyContent(content)
    expect(mediaType).toBe('image/jpeg')
    expect(extensionMismatch(Buffer.from('notes.txt'), mediaType)).toEqual({
      kind: 'attribute',
      code: 'wrong-extension',
      params: { extension: 'txt', mediaType: 'image/jpeg' },
    })
  })

  it("finds the corpus files' own extensions usual", async () => {
    const unusual: string[] = []
    for (const file of filesIn(FIXTURES)) {
      const { mediaType } = await identifyContent(readFileSync(file))
      const mismatch = extensionMismatch(Buffer.from(basename(file)), mediaType)
      if (mismatch) unusual.push(`${basename(file)}: ${ENGLISH.attribute(mismatch)}`)
    }
    // A text file named .webp on purpose; the corpus's own .cfb for office documents.
    expect(unusual.filter((text) => !/^fixture-json\.webp|\.cfb:/.test(text))).toEqual([])
  })

  it('takes every truncation and 3,000 damaged copies without an error', async () => {
    const random = seeded(1)
    for (const file of filesIn(FIXTURES)) {
      const content = readFileSync(file).subarray(0, 70_000)
      for (const length of [
        1, 2, 3, 4, 7, 8, 11, 12, 16, 29, 30, 31, 63, 64, 100, 200, 511, 512, 1000, 5000,
      ]) {
        if (length > content.length) break
        await identifyContent(Buffer.from(content.subarray(0, length)))
        identify(content.subarray(0, length), 1e12)
      }
      for (let i = 0; i < 14; i++) {
        const damaged = Buffer.from(content)
        for (let k = 0; k < 1 + i; k++) damaged[random(Math.min(damaged.length, 600))] = random(256)
        own(damaged)
      }
    }
  })

  it('calls at most one of 2,000 random contents by a name', async () => {
    // The same in every run: of contents drawn anew, one run in some thousands names five.
    const random = seeded(2)
    const named = new Map<string, number>()
    for (let i = 0; i < 2000; i++) {
      const { mediaType } = await identifyContent(randomBytes(random, 200 + i * 3))
      if (mediaType !== 'application/octet-stream') named.set(mediaType, (named.get(mediaType) ?? 0) + 1)
    }
    expect([...named.values()].reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(4)
  })
})

describe('wrong extension', () => {
  const name = (text: string) => Buffer.from(text, 'latin1')
  it.each([
    ['a.jpg', 'image/jpeg'],
    ['a.JPEG', 'image/jpeg'],
    ['noextension', 'image/jpeg'],
    ['.hidden', 'image/jpeg'],
    ['a.tmp', 'image/jpeg'],
    ['a.001', 'image/jpeg'],
    ['a.', 'image/jpeg'],
    ['report.docx', 'application/zip'],
    ['a.mov', 'video/mp4'],
    ['a.cpp', 'text/plain'],
    ['a.ts', 'text/plain'],
    ['a.whatever', 'application/octet-stream'],
    ['a.jpg', 'inode/x-empty'],
    ['font.ttf', 'font/ttf'],
  ])('%s is usual for %s', (text, mediaType) => {
    expect(extensionMismatch(name(text), mediaType)).toBeNull()
  })

  it.each([
    ['a.dat', 'image/jpeg'],
    ['a.txt', 'image/png'],
    ['a.dll', 'video/mp4'],
    ['a.jpg', 'text/plain'],
    ['a.jpg', 'application/octet-stream'],
    ['a.mp4', 'application/zip'],
    ['a.png', 'image/jpeg'],
  ])('%s is not usual for %s', (text, mediaType) => {
    expect(extensionMismatch(name(text), mediaType)?.code).toBe('wrong-extension')
  })

  it('prints a hostile extension escaped', () => {
    expect(ENGLISH.attribute(extensionMismatch(name('a.\x1b[2J'), 'image/png')!)).toBe(
      '.\\u{1b}[2j is not usual for image/png',
    )
    expect(ENGLISH.attribute(extensionMismatch(name('a.\xe9\xff'), 'image/png')!)).toBe(
      '.\\xe9\\xff is not usual for image/png',
    )
  })
})
