import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MODELS_DIR, PROGRAM_ROOT } from '../../../src/base/version.ts'
import { textModelUses } from '../../../src/classify-text/uses.ts'
import type { Content } from '../../../src/contracts/content.ts'
import type { Examination } from '../../../src/contracts/finding.ts'
import { Budget, LimitReached } from '../../../src/formats/archives/common/container.ts'
import { extractorFor } from '../../../src/formats/archives/index.ts'
import { sourceOfBuffer } from '../../../src/formats/bytes/byte-source.ts'
import {
  type ExtractedText,
  TextDamaged,
  TextEncrypted,
} from '../../../src/formats/documents/text-extractor.ts'
import { textExtractorFor } from '../../../src/formats/text/index.ts'
import { digestsOf } from '../../../src/hash/digest.ts'
import { JobPool } from '../../../src/host/decoder/job-pool.ts'
import { readTextOf } from '../../../src/host/decoder/text-request.ts'
import { DEFAULT_LIMITS } from '../../../src/plan.ts'
import { NO_COMPANION_FILES } from '../../../src/wire/companion-files.ts'
import { doc, xls } from '../compound-files.ts'
import { DOCUMENTS, docx, odt, pdf, SENTENCES, zipOf } from './documents.ts'

const LIMITS = { textChars: 1 << 20, unpackedBytes: 1 << 24, ratio: 1000 }
const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

async function extract(mediaType: string, bytes: Buffer | string): Promise<ExtractedText> {
  return textExtractorFor(mediaType)!.extract(Buffer.from(bytes), LIMITS)
}

describe('XML of a document type that an attacker wrote', () => {
  const external =
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>before &x; after</r>'
  const laughs = `<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a0 "ha">${Array.from({ length: 30 }, (_, i) => `<!ENTITY a${i + 1} "&a${i};&a${i};&a${i};">`).join('')}]><r>&a30;</r>`

  it('an external entity reads no file', async () => {
    for (const [mediaType, bytes] of [
      ['application/xml', Buffer.from(external)],
      [
        WORD,
        docx([], {
          'word/document.xml': external
            .replace('<r>', '<w:document><w:p><w:t>')
            .replace('</r>', '</w:t></w:p></w:document>'),
        }),
      ],
      [
        'application/vnd.oasis.opendocument.text',
        odt([], {
          'content.xml': external.replace('<r>', '<office:body>').replace('</r>', '</office:body>'),
        }),
      ],
    ] as const) {
      const { text } = await extract(mediaType, bytes)
      expect(text).toMatch(/before .* after/)
      expect(text).not.toMatch(/root:|\/bin\//)
    }
  })

  it('a billion laughs stay one', async () => {
    expect((await extract('application/xml', laughs)).text.length).toBeLessThan(100)
    const { text } = await extract(
      WORD,
      docx([], { 'word/document.xml': laughs.replace('<r>', '<w:t>').replace('</r>', '</w:t>') }),
    )
    expect(text.length).toBeLessThan(100)
  })

  it('nesting of a hundred thousand elements or lists ends well', async () => {
    const deep = `${'<a>'.repeat(100_000)}x${'</a>'.repeat(100_000)}`
    await extract('application/xml', `<?xml version="1.0"?>${deep}`)
    await extract('text/html', deep)
    await expect(
      settled(extract('application/json', `${'['.repeat(100_000)}"x"${']'.repeat(100_000)}`)),
    ).resolves.toBeDefined()
  })
})

describe('office documents', () => {
  it('macros are named, not run; a remote template is named, not fetched', async () => {
    const relation =
      '<Relationships><Relationship Id="r1" Type="attachedTemplate" Target="http://127.0.0.1:9/t.dotm" TargetMode="External"/></Relationships>'
    const { text, notes } = await extract(
      WORD,
      docx(SENTENCES, { 'word/vbaProject.bin': 'macro', 'word/_rels/settings.xml.rels': relation }),
    )
    expect(text).toContain(SENTENCES[1])
    expect(notes).toEqual(
      expect.arrayContaining([
        { code: 'macros-not-run', params: {} },
        { code: 'links-not-fetched', params: {} },
      ]),
    )
  })

  it('RTF with an object, a template and an endless group is read around them', async () => {
    const { text, notes } = await extract(
      'application/rtf',
      `{\\rtf1 {\\*\\template http://127.0.0.1:9/x}{\\object\\objautlink{\\*\\objdata 0105}}{\\pict 89504e47}Words${'{'.repeat(50_000)}`,
    )
    expect(text).toBe('Words')
    expect(notes?.length).toBeGreaterThan(0)
  })

  it('a part that unpacks a thousandfold stops at the limit', async () => {
    const bomb = zipOf({ 'word/document.xml': `<w:t>${'a'.repeat(30 << 20)}</w:t>` })
    const { warnings } = await extract(WORD, bomb)
    expect(warnings).toMatchObject([{ code: 'unpacked-in-part' }])
  })
})

describe('PDF', () => {
  const hostile = pdf(SENTENCES, {
    catalog: '/OpenAction 9 0 R /AA << /WC 10 0 R >> /Names << /JavaScript << /Names [(x) 9 0 R] >> >>',
    objects: [
      '<< /S /JavaScript /JS (this.submitForm("http://127.0.0.1:9/"); while(true){}) >>',
      '<< /S /Launch /F (/bin/sh) /Win << /F (cmd.exe) >> >>',
    ],
  })

  it('scripts and launch actions are not run', async () => {
    expect((await extract('application/pdf', hostile)).text).toContain(SENTENCES[2])
  })

  it('pages that name each other, and a length that is not so, end in an outcome', async () => {
    const loop = Buffer.from(
      pdf(SENTENCES).toString('latin1').replace('/Kids [3 0 R] /Count 1', '/Kids [2 0 R] /Count 9'),
      'latin1',
    )
    const long = Buffer.from(
      pdf(SENTENCES)
        .toString('latin1')
        .replace(/\/Length \d+/, '/Length 99999999'),
      'latin1',
    )
    for (const bytes of [loop, long]) expect(await settled(extract('application/pdf', bytes))).toBeDefined()
  })
})

describe('files attached to a PDF', () => {
  const attached = (text: string) =>
    pdf(SENTENCES, {
      catalog: '/Names << /EmbeddedFiles << /Names [(note) 9 0 R] >> >>',
      objects: [
        '<< /Type /Filespec /F (../../note.txt) /EF << /F 10 0 R >> >>',
        `<< /Type /EmbeddedFile /Length ${text.length} >>\nstream\n${text}\nendstream`,
      ],
    })

  it('are members with the name as it stands, under the limits of a container', async () => {
    const opener = extractorFor('application/pdf')!
    const members = []
    for await (const member of opener.members(
      sourceOfBuffer(attached('attached words')),
      new Budget({ entries: 9, bytes: 99, ratio: 9 }, 1),
    ))
      members.push([member.kind, member.name.toString(), String(await member.read!())])
    expect(members).toEqual([['attachment', '../../note.txt', 'attached words']])
    const over = opener.members(
      sourceOfBuffer(attached('x'.repeat(100))),
      new Budget({ entries: 9, bytes: 99, ratio: 9 }, 1),
    )
    await expect(over[Symbol.asyncIterator]().next()).rejects.toThrow(LimitReached)
  })
})

describe('documents cut at every tenth', () => {
  it.each(DOCUMENTS)('%s gives what is left of it or says that it is damaged', async (_, mediaType, make) => {
    const whole = make(SENTENCES)
    for (let tenth = 0; tenth < 10; tenth++) {
      const outcome = await settled(
        extract(mediaType, whole.subarray(0, Math.floor((whole.length * tenth) / 10))),
      )
      expect(outcome, `${tenth} tenths`).toMatch(/^(text|damaged|encrypted)/)
    }
  })
})

/** `text`, `damaged` or `encrypted`; parsers' own errors are damage too, which a child reports as such. */
async function settled(work: Promise<ExtractedText>): Promise<string> {
  try {
    return `text ${(await work).text.length}`
  } catch (error) {
    if (error instanceof TextEncrypted) return 'encrypted'
    return `damaged: ${error instanceof TextDamaged ? error.message : String(error)}`
  }
}

describe('in a confined child', () => {
  let pool: JobPool
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.end()
  })
  let origin = ''
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(server.address() as { port: number }).port}`
    pool = new JobPool({
      size: 1,
      ops: ['text'],
      config: { text: { models: textModelUses(MODELS_DIR) } },
      dataBytes: DEFAULT_LIMITS.childDataBytes,
      cpuMs: 20_000,
      childEntry: `${PROGRAM_ROOT}/dist/src/confined/decoder/child.js`,
    })
  })
  afterAll(async () => {
    await pool.close()
    server.close()
  })

  async function read(mediaType: string, bytes: Buffer): Promise<Examination> {
    const content: Content = { digests: digestsOf(bytes), sizeBytes: BigInt(bytes.length), mediaType }
    return (
      await readTextOf(pool, content, bytes, {
        limits: DEFAULT_LIMITS,
        privileged: null,
        logs: NO_COMPANION_FILES,
      })
    ).examination
  }

  it('every format is read there too, with its language and scores', async () => {
    for (const [name, mediaType, make] of DOCUMENTS) {
      const { result, findings } = await read(mediaType, make(SENTENCES.slice(0, 1)))
      expect(result, name).toEqual({ result: 'done' })
      expect(findings.filter(({ kind }) => kind === 'score').length, name).toBeGreaterThan(0)
    }
  })

  const DONE = { result: 'done' }
  const entity = (xml: string) =>
    `<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>${xml}`
  it.each<[string, string, () => Buffer, object]>([
    [
      'external and repeated entities in DOCX',
      WORD,
      () =>
        docx([], {
          'word/document.xml': entity(
            '<w:document><w:p><w:t>words before &x;&c;&c; and after them</w:t></w:p></w:document>',
          ),
        }),
      DONE,
    ],
    [
      'external entities in ODT',
      'application/vnd.oasis.opendocument.text',
      () => odt([], { 'content.xml': entity('<office:body><text:p>words &x; of it</text:p></office:body>') }),
      DONE,
    ],
    [
      'a DOCX that unpacks thousandfold',
      WORD,
      () => zipOf({ 'word/document.xml': `<w:t>${'a'.repeat(300 << 20)}</w:t>` }),
      { result: 'done-with-warnings', reason: 'partly-examined', detail: { code: 'unpacked-in-part' } },
    ],
    [
      'a PDF with scripts, launch and remote actions',
      'application/pdf',
      () =>
        pdf(SENTENCES.slice(0, 1), {
          catalog: '/OpenAction 9 0 R /AA << /WC 10 0 R >> /Names << /JavaScript << /Names [(x) 9 0 R] >> >>',
          objects: [
            '<< /S /JavaScript /JS (while(true){}) >>',
            '<< /S /GoToR /F (\\\\127.0.0.1\\share\\x.pdf) /D [0 /Fit] >>',
          ],
        }),
      DONE,
    ],
    [
      'RTF of a hundred thousand groups inside each other',
      'application/rtf',
      () => Buffer.from(`{\\rtf1 words of it ${'{'.repeat(100_000)}inside${'}'.repeat(100_000)}}`),
      DONE,
    ],
    [
      'HTML of a hundred thousand elements inside each other',
      'text/html',
      () => Buffer.from(`<p>words of it</p>${'<div>'.repeat(100_000)}inside`),
      DONE,
    ],
    [
      'DOCX of a hundred thousand elements inside each other',
      WORD,
      () =>
        docx([], {
          'word/document.xml': `${'<w:p>'.repeat(100_000)}<w:t>words of it</w:t>${'</w:p>'.repeat(100_000)}`,
        }),
      DONE,
    ],
    [
      'JSON of a hundred thousand lists inside each other',
      'application/json',
      () => Buffer.from(`${'['.repeat(100_000)}"words of it"${']'.repeat(100_000)}`),
      DONE,
    ],
    [
      'mail of a thousand parts inside each other',
      'message/rfc822',
      () =>
        Buffer.from(
          `From: a@b.example\r\nSubject: words of it\r\n${Array.from({ length: 1000 }, (_, i) => `Content-Type: multipart/mixed; boundary="b${i}"\r\n\r\n--b${i}\r\n`).join('')}`,
        ),
      {
        result: 'not-done',
        reason: 'decode-failed',
        detail: { params: { text: expect.stringContaining('nesting') } },
      },
    ],
    [
      'a Word document whose table of text lies outside the file',
      'application/msword',
      () => {
        const bytes = doc(SENTENCES)
        const header = bytes.indexOf(Buffer.from('eca5c100', 'hex'))
        bytes.writeUInt32LE(0x7fff_0000, header + 418)
        return bytes
      },
      { result: 'not-done', reason: 'decode-failed', detail: { code: 'text-table-outside-file' } },
    ],
    [
      'a workbook that promises four thousand million strings',
      'application/vnd.ms-excel',
      () => {
        const bytes = xls(['words of it'])
        bytes.writeUInt32LE(0xffff_ffff, bytes.indexOf(Buffer.from('0100000001000000', 'hex')) + 4)
        return bytes
      },
      DONE,
    ],
  ])('%s', async (_, mediaType, make, wanted) => {
    const examined = await read(mediaType, make())
    expect(examined.result).toMatchObject(wanted)
    for (const finding of examined.findings)
      if (finding.kind === 'signal') expect(finding.quote).not.toMatch(/root:|\/bin\//)
  })

  it('nothing asks the network for anything', async () => {
    await read(
      'text/html',
      Buffer.from(
        `<html><link rel=stylesheet href="${origin}/css"><img src="${origin}/img"><iframe src="${origin}/frame"></iframe>words</html>`,
      ),
    )
    await read(
      'application/xml',
      Buffer.from(`<?xml version="1.0"?><!DOCTYPE r SYSTEM "${origin}/dtd"><r>words</r>`),
    )
    await read(
      'application/pdf',
      pdf(SENTENCES, { catalog: `/OpenAction << /S /URI /URI (${origin}/pdf) >>` }),
    )
    expect(asked).toEqual([])
  })

  it('damage, encryption and formats without a reader have reasons of their own', async () => {
    expect((await read('application/pdf', Buffer.from('%PDF-1.7 nothing'))).result).toMatchObject({
      reason: 'decode-failed',
    })
    expect((await read('application/vnd.visio', Buffer.from('old'))).result).toMatchObject({
      reason: 'not-built',
    })
    expect((await read(WORD, docx([]))).result).toMatchObject({ reason: 'no-text' })
  })

  it('quotes are at most 200 characters, whatever is in them', async () => {
    const long = `${'\u202e'.repeat(150)} our secret, dont tell your mom ${'x'.repeat(500)}`
    const { findings } = await read(
      'application/json',
      Buffer.from(
        JSON.stringify({
          messages: Array.from({ length: 8 }, (_, i) => ({
            sender: 'a',
            text: `how old are you? are your parents home? send me a photo. ${long} ${i}`,
          })),
        }),
      ),
    )
    for (const finding of findings)
      if (finding.kind === 'signal') expect(finding.quote.length).toBeLessThanOrEqual(200)
  })
})
