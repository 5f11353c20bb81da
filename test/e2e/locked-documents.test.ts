/** Archives and documents that passwords encrypt, and the passwords in hand: scan, ledger, text, reports, exit codes. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { agileDocument, standardDocument } from '../../fixtures/locked/office-package.ts'
import { noise } from '../../fixtures/pictures.ts'
import { sevenZipOf, zipOf } from '../child/archives.ts'
import { compoundFile } from '../child/compound-files.ts'
import { pdf } from '../child/text/documents.ts'
import { hasTool } from '../image/container/helpers.ts'
import { temporaryFolderForFile } from '../ledger/temporary.ts'
import { BASIS, formsOf, LockedExhibit, lacking } from './locked-files.ts'
import { seized } from './seized.ts'

const folder = temporaryFolderForFile()
const [FIRST, SECOND, OTHER] = ['étude 1 in C', 'the second of two', 'of another exhibit']
const contents = Array.from({ length: 7 }, (_, i) => noise(20 + i, 30_000 + i))

/** A document of Word with one sentence and one file in it. */
function word(sentence: string, file: Buffer): Buffer {
  const types = 'http://schemas.openxmlformats.org/package/2006/content-types'
  const of = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'
  const ns = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
  return zipOf({
    '[Content_Types].xml': Buffer.from(
      `<?xml version="1.0"?><Types xmlns="${types}"><Override PartName="/word/document.xml" ContentType="${of}"/></Types>`,
    ),
    'word/document.xml': Buffer.from(
      `<?xml version="1.0"?><w:document xmlns:w="${ns}"><w:body><w:p><w:r><w:t>${sentence}</w:t></w:r></w:p></w:body></w:document>`,
    ),
    'word/media/file.bin': file,
  })
}

async function files(): Promise<Readonly<Record<string, Buffer>>> {
  const one = (i: number) => ({ [`file-${i}.bin`]: contents[i]! })
  const changed = agileDocument(word('a heron at dawn', contents[4]!), FIRST)
  return {
    'aes.zip': await sevenZipOf('zip', one(0), `-p${SECOND}`, '-mem=AES256'),
    'crypto.zip': await sevenZipOf('zip', one(1), `-p${SECOND}`, '-mem=ZipCrypto'),
    'names.7z': await sevenZipOf('7z', one(2), `-p${FIRST}`, '-mhe=on'),
    'plain-names.7z': await sevenZipOf('7z', one(3), `-p${FIRST}`),
    'agile.docx': changed,
    'standard.docx': standardDocument(word('a grebe at noon', contents[5]!), SECOND),
    'inside.zip': zipOf({ 'in.zip': await sevenZipOf('zip', one(6), `-p${SECOND}`, '-mem=AES128') }),
    // FibBase: encrypted by RC4 or XOR.
    'old.doc': compoundFile({
      WordDocument: Buffer.concat([
        Buffer.from('eca5c10000000000000000010000', 'hex').subarray(0, 10),
        Buffer.from([0, 1]),
        Buffer.alloc(4096),
      ]),
    }),
  }
}

const OPEN = [
  'aes.zip » member file-0.bin',
  'agile.docx » embedded EncryptedPackage » embedded word/media/file.bin',
  'crypto.zip » member file-1.bin',
  'inside.zip » member in.zip » member file-6.bin',
  'names.7z » member file-2.bin',
  'plain-names.7z » member file-3.bin',
  'standard.docx » embedded EncryptedPackage » embedded word/media/file.bin',
]

let of: LockedExhibit
let keys: string
beforeAll(async () => {
  const exhibit = join(folder, 'exhibit')
  mkdirSync(exhibit)
  for (const [name, bytes] of Object.entries(await files())) writeFileSync(join(exhibit, name), bytes)
  if (hasTool('qpdf')) {
    const plain = join(folder, 'plain.pdf')
    writeFileSync(plain, pdf(['a bittern in the evening']))
    const lock = (name: string, user: string, owner: string, ...how: string[]) =>
      execFileSync('qpdf', [...how, '--encrypt', user, owner, '256', '--', plain, join(exhibit, name)])
    lock('user.pdf', SECOND, 'of the owner')
    lock('owner.pdf', 'of the user', SECOND)
    lock('open.pdf', '', 'of the owner')
  }
  of = new LockedExhibit(folder, exhibit, contents)
  keys = of.keys(
    'keys.json',
    { kind: 'password', secret: OTHER },
    { kind: 'password', secret: FIRST, note: 'page 4' },
    { kind: 'password', secret: SECOND, for: 'files' },
  )
}, 120_000)

const locksOf = (entry: { attributes: { code: string; params: object }[] }) =>
  entry.attributes
    .filter(({ code }) => code.startsWith('file-lock'))
    .map(({ code, params }) => ({ code, ...params }))

describe('archives and documents with passwords', { timeout: 300_000 }, () => {
  it('open with the passwords of the keys file: hits, text, secret by number in the ledger, basis in both reports', () => {
    const ran = of.scan('open.sqlite', keys, '--text')
    expect(ran.stderr).toBe('')
    expect(of.hits('open.sqlite')).toEqual(OPEN)
    const locks = Object.fromEntries(
      of.entries('open.sqlite').flatMap((entry) => {
        const found = locksOf(entry)
        return found.length === 0 ? [] : [[entry.path, found]]
      }),
    )
    const opened = (format: string, secret: number, check: string) => [
      { code: 'file-lock-opened', format, by: 'password', secret, check },
    ]
    expect(locks).toEqual({
      'aes.zip': opened('zip', 3, 'authenticated'),
      'agile.docx': opened('office', 2, 'authenticated'),
      'crypto.zip': opened('zip', 3, 'checksum'),
      'inside.zip » member in.zip': opened('zip', 3, 'authenticated'),
      'names.7z': opened('seven-zip', 2, 'checksum'),
      'old.doc': [{ code: 'file-lock-closed', format: 'office-rc4', wanted: [], tried: 0 }],
      'plain-names.7z': opened('seven-zip', 2, 'checksum'),
      'standard.docx': opened('office', 3, 'key'),
      ...(hasTool('qpdf')
        ? { 'user.pdf': opened('pdf', 3, 'key'), 'owner.pdf': opened('pdf', 3, 'key') }
        : {}),
    })
    expect(ran.stdout).toContain('Secret 1 of the keys file opened no locked file')
    expect(seized(['search', join(folder, 'open.sqlite'), 'heron']).stdout).toContain('EncryptedPackage')
    if (hasTool('qpdf')) {
      const found = seized(['search', join(folder, 'open.sqlite'), 'bittern']).stdout
      expect(lacking(found, 'user.pdf', 'owner.pdf', 'open.pdf')).toEqual([])
    }
    for (const page of [of.report('open.sqlite'), of.court('open.sqlite')])
      expect(
        lacking(page, '(7z) were opened with secret 2', '(Office (RC4, XOR, IRM)): old.doc', BASIS),
      ).toEqual([])
    const said = [Buffer.from(ran.stdout + ran.stderr), Buffer.from(of.report('open.sqlite'))]
    for (const bytes of [...of.written('open.sqlite'), ...said])
      for (const secret of [FIRST, SECOND, OTHER])
        for (const form of formsOf(secret)) expect(bytes.includes(form)).toBe(false)
  })

  it('without a keys file are locks that page one names with the kind of key; a PDF with an empty password is read', () => {
    const ran = of.scan('closed.sqlite', null, '--text', '--basis', BASIS)
    expect(ran.status).toBe(3)
    expect(of.hits('closed.sqlite')).toEqual([])
    const court = of.court('closed.sqlite')
    expect(
      lacking(
        court,
        'locked files (ZIP)',
        'locked files (7z)',
        'locked files (Office)',
        'opened by: password',
      ),
    ).toEqual([])
    for (const language of ['lt', 'el'])
      expect(lacking(of.court('closed.sqlite', language), 'names.7z', 'Office (RC4, XOR, IRM)')).toEqual([])
    if (!hasTool('qpdf')) return
    const found = seized(['search', join(folder, 'closed.sqlite'), 'bittern']).stdout
    expect([found.includes('open.pdf'), found.includes('user.pdf')]).toEqual([true, false])
  })

  it('give nothing to another password', () => {
    const ran = of.scan('wrong.sqlite', of.keys('wrong.json', { kind: 'password', secret: OTHER }))
    expect([ran.status, of.hits('wrong.sqlite')]).toEqual([3, []])
    expect(of.entries('wrong.sqlite').filter(({ path }) => path.includes('EncryptedPackage'))).toEqual([])
  })
})
