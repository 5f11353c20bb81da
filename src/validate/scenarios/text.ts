/** Sentences planted in text formats: found with a legal basis, never read without one, closed where privileged. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { zipSync } from 'fflate'
import { Checks } from '../model/observation.ts'
import type { Scenario } from '../model/scenario.ts'

type Made = (sentence: string) => Buffer

const text =
  (form: (sentence: string) => string): Made =>
  (sentence) =>
    Buffer.from(form(sentence))
const zipped =
  (name: string, form: (sentence: string) => string): Made =>
  (sentence) =>
    Buffer.from(zipSync({ [name]: Buffer.from(form(sentence)) }))

const referenced = (sentence: string) =>
  sentence.replace(/quokkaword\w*/g, (word) =>
    Array.from(word, (letter) => `&#${letter.codePointAt(0)};`).join(''),
  )

const WORD = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
const FORMATS: Readonly<Record<string, Made>> = {
  'plain.txt': text((s) => `A day like others.\n${s}\n`),
  'page.html': text(
    (s) => `<!doctype html><html><head><title>page</title></head><body><p>${s}</p></body></html>`,
  ),
  // Every letter of the word is a character reference: only a reader of markup finds the word.
  'references.html': text(
    (s) => `<!doctype html><html><head><title>page</title></head><body><p>${referenced(s)}</p></body></html>`,
  ),
  'table.csv': text((s) => `day,words\n1,"${s}"\n2,nothing\n`),
  'data.json': text((s) =>
    JSON.stringify({
      messages: [
        { from: 'a', text: s },
        { from: 'b', text: 'yes' },
      ],
    }),
  ),
  'mail.eml': text(
    (s) =>
      `From: a@sender.example\r\nTo: b@receiver.example\r\nSubject: note\r\nDate: Mon, 2 Feb 2026 10:00:00 +0000\r\nMessage-ID: <1@sender.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${s}\r\n`,
  ),
  'rich.rtf': text((s) => `{\\rtf1\\ansi ${s}\\par}`),
  'archive.zip': zipped('inner.txt', (s) => `${s}\n`),
  'letter.docx': (s) =>
    Buffer.from(
      zipSync({
        '[Content_Types].xml': Buffer.from(
          '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        ),
        '_rels/.rels': Buffer.from(
          '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
        ),
        'word/document.xml': Buffer.from(
          `<?xml version="1.0"?><w:document xmlns:w="${WORD}"><w:body><w:p><w:r><w:t>${s}</w:t></w:r></w:p></w:body></w:document>`,
        ),
      }),
    ),
}

export const textFound: Scenario = {
  id: 'text',
  title: 'sentences in text formats, with and without a legal basis, and privileged ones',
  speaksOf: ['text-found', 'no-basis-no-text', 'privileged-closed'],
  weight: { quick: 4, full: 5 },
  async run(bench) {
    const root = bench.at('exhibit')
    mkdirSync(root)
    const wordOf = (i: number) => `quokkaword${'abcdefghijklmnop'[i]}${bench.seed}`
    const names = Object.keys(FORMATS)
    for (const [i, name] of names.entries())
      writeFileSync(
        bench.at('exhibit', name),
        FORMATS[name]!(`The ferry with the ${wordOf(i)} leaves at nine.`),
      )
    writeFileSync(bench.at('exhibit', 'counsel.txt'), 'The zebrafinch advice of counsel.\n')
    const closed = bench.at('privileged.txt')
    writeFileSync(closed, 'path:counsel.txt\n')
    const ledger = bench.at('text.sqlite')
    bench.scan(root, ledger, '--text', '--basis', 'validation 1/2026', '--privileged', closed)
    const found = new Checks(
      'text-found',
      `one sentence in each of ${names.length} formats, then seized search for its word`,
      'found once, in its file',
    )
    const search = (path: string, word: string) => {
      const { out } = bench.seized('search', path, word, '--format', 'jsonl', '--operator', 'validation run')
      return out.split('\n').filter((line) => line.includes('"path"'))
    }
    for (const [i, name] of names.entries()) {
      const lines = search(ledger, wordOf(i))
      found.see(lines.length === 1 && lines[0]!.includes(name), () => `${name}: ${lines.length} found`)
    }
    found.equal(search(ledger, 'quokkawordzzz').length, 0, 'a word that is nowhere')

    const priv = new Checks(
      'privileged-closed',
      'a text of counsel on the privilege list',
      'not found, not exported, its words in no file that the program wrote',
    )
    priv.equal(search(ledger, 'zebrafinch').length, 0, 'found')
    bench.entries(ledger)
    for (const file of [ledger, `${ledger}.text.sqlite`, `${ledger}.jsonl`])
      priv.see(!readFileSync(file).includes('zebrafinch'), () => `its words stand in ${file}`)

    const bare = bench.at('bare.sqlite')
    bench.scan(root, bare)
    const none = new Checks(
      'no-basis-no-text',
      'the same exhibit without --text',
      'no word found, and none in the ledger',
    )
    for (const [i, name] of names.entries()) {
      none.equal(search(bare, wordOf(i)).length, 0, name)
      none.see(!readFileSync(bare).includes(wordOf(i)), () => `the words of ${name} stand in the ledger`)
    }
    none.equal(bench.scan(root, bench.at('refused.sqlite'), '--text').code, 2, '--text without --basis')
    return [found.observation, priv.observation, none.observation]
  },
}
