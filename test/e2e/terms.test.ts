import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { BIN, exported, scanArgs, seized, temporaryFolder } from './seized.ts'

const PASSPHRASE = 'correct horse battery'

// Made-up words: no real term stands in this project.
const LIST = `id,term,language,category,source,expires,match
T1,zorbelquist,en,a,made up,,word
T2,family,en,b,made up,,word
T3,oldwordle,en,a,made up,2020-01-01,word
T4,ab,en,a,made up,,word
`

function withList() {
  const folder = temporaryFolder()
  const file = (name: string, content: string) => {
    const path = join(folder, name)
    writeFileSync(path, content)
    return path
  }
  return {
    folder,
    file,
    list: file('list.csv', LIST),
    secret: file('secret', `${PASSPHRASE}\n`),
    store: join(folder, 'terms.sealed'),
  }
}

describe('seized terms', () => {
  it('imports a list into a sealed store, says what it rejected, and prints no term', () => {
    const { list, secret, store } = withList()
    const result = seized(['terms', 'import', list, '--store', store, '--passphrase-file', secret])
    expect(result.stderr).toBe('')
    expect(JSON.parse(result.stdout)).toMatchObject({
      imported: 3,
      expired: 1,
      rejected: [{ row: 4, reason: 'it has fewer than 3 letters' }],
      byCategory: { a: 2, b: 1 },
    })
    expect(result.stdout).not.toContain('zorbelquist')
    expect(readFileSync(store).includes('zorbelquist')).toBe(false)
    const again = seized(['terms', 'import', list, '--store', store, '--passphrase-file', secret])
    expect([again.status, again.stderr]).toEqual([2, expect.stringContaining('EEXIST')])
  })

  it('checks each term on benign paths and texts, by id, with the passphrase from a descriptor', () => {
    const { file, list, secret, store } = withList()
    seized(['terms', 'import', list, '--store', store, '--passphrase-file', secret])
    const paths = file('paths.txt', 'Pictures/family/a.jpg\nPictures/b.jpg\nDocs/c.pdf\nDocs/d.pdf\n')
    const fd = openSync(secret, 'r')
    const args = ['terms', 'check', '--store', store, '--paths', paths, '--json', '--passphrase-fd', '3']
    const result = spawnSync(process.execPath, [BIN, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe', fd],
    })
    expect(result.stderr).toBe('')
    expect(JSON.parse(result.stdout)).toMatchObject({
      paths: 4,
      texts: 0,
      pathShare: 0.25,
      textShare: null,
      terms: [
        { termId: 'T2', pathHits: 1, perMillionPaths: 250_000 },
        { termId: 'T1', pathHits: 0 },
        { termId: 'T3' },
      ],
    })
    const words = seized(['terms', 'check', '--store', store, '--passphrase-file', secret])
    expect(words.stdout).toContain('these rates are too low')
    expect(words.stdout).toMatch(/^T2\t\d+\t\d+$/m)
  })

  it('refuses a wrong passphrase, and none', () => {
    const { file, list, secret, store } = withList()
    seized(['terms', 'import', list, '--store', store, '--passphrase-file', secret])
    const wrong = seized([
      'terms',
      'check',
      '--store',
      store,
      '--passphrase-file',
      file('w', 'another one altogether'),
    ])
    expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining('the passphrase is another')])
    const none = spawnSync(process.execPath, [BIN, 'terms', 'check', '--store', store], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    expect([none.status, none.stderr]).toEqual([2, expect.stringContaining('--passphrase-file FILE')])
  })

  it('fits a path classifier on labelled paths, and names a bad row by its number only', () => {
    const { folder, file, secret } = withList()
    const rows = Array.from({ length: 60 }, (_, i) =>
      i % 2 === 0 ? `dir${i % 12}/zorbelquist ${i}.jpg,1` : `dir${i % 12}/holiday ${i}.jpg,0`,
    )
    const labelled = file('labelled.csv', `path,label\n${rows.join('\n')}\n`)
    const model = join(folder, 'paths.sealed')
    const result = seized(['terms', 'train', labelled, '--model', model, '--passphrase-file', secret])
    expect(result.stderr).toBe('')
    expect(JSON.parse(result.stdout)).toMatchObject({
      concerning: 30,
      benign: 30,
      falsePositiveRate: 0,
      recall: 1,
    })
    expect(readFileSync(model).subarray(0, 7).toString()).toBe('SZDSEAL')
    const bad = file('bad.csv', 'path,label\na/secret name.jpg,yes\n')
    const refused = seized([
      'terms',
      'train',
      bad,
      '--model',
      join(folder, 'm2'),
      '--passphrase-file',
      secret,
    ])
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('row 1')])
    expect(refused.stderr).not.toContain('secret name')
  })
})

describe('seized model evaluate --pan12', () => {
  const message = (author: string, text: string) =>
    `<message line="1"><author>${author}</author><time>12:00</time><text>${text}</text></message>`
  const CORPUS = `<?xml version="1.0"?><conversations>
<conversation id="1">${message('p1', 'how old are you?')}${message('c1', 'i am 12')}${message('p1', 'our little secret, dont tell your mum')}${message('p1', 'send me a picture of yourself')}</conversation>
<conversation id="2">${message('u1', 'did you see the game last night')}${message('u2', 'yes, what a goal')}</conversation>
<conversation id="3">${message('p2', 'the weather is nice today')}${message('u3', 'it is')}</conversation>
</conversations>`

  it('prints F0.5, recall and precision over authors, and no text', () => {
    const { file } = withList()
    const result = seized([
      'model',
      'evaluate',
      '--pan12',
      file('corpus.xml', CORPUS),
      '--truth',
      file('truth.txt', 'p1\np2\n'),
    ])
    expect(result.stderr).toBe('')
    expect(JSON.parse(result.stdout)).toMatchObject({
      conversations: 3,
      authors: 6,
      predators: 2,
      truePositives: 1,
      falsePositives: 0,
      falseNegatives: 1,
      precision: 1,
      recall: 0.5,
      f05: (1.25 * 0.5) / (0.25 + 0.5),
    })
    expect(result.stdout).not.toContain('secret')
  })

  it('says what is wrong with the files', () => {
    const { file } = withList()
    const corpus = file('corpus.xml', CORPUS)
    const cases: [string[], string][] = [
      [['--pan12', corpus], '--truth FILE'],
      [['--pan12', corpus, '--truth', file('other.txt', 'x\n')], 'None of the ids'],
      [['--pan12', file('e.xml', '<a/>'), '--truth', file('t.txt', 'p1\n')], 'no conversation'],
      [['--pan12', '/nowhere.xml', '--truth', file('t.txt', 'p1\n')], 'ENOENT'],
      [[], '--labels CSV with --exhibit DIR'],
    ]
    for (const [args, words] of cases) {
      const result = seized(['model', 'evaluate', ...args])
      expect([result.status, result.stderr]).toEqual([2, expect.stringContaining(words)])
    }
  })
})

describe('seized scan --terms', () => {
  const SCAN_LIST = `id,term,match
T1,zorbelquist,word
T2,blue plimfer,word
T3,quonkery,word
T4,never there,word
`

  async function withExhibit() {
    const { folder, file, secret, store } = withList()
    seized(['terms', 'import', file('scan.csv', SCAN_LIST), '--store', store, '--passphrase-file', secret])
    const root = join(folder, 'exhibit')
    for (const name of ['Quonkery', 'Docs']) mkdirSync(join(root, name), { recursive: true })
    const picture = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#888' } })
      .png()
      .toBuffer()
    writeFileSync(join(root, 'Docs/aaa.png'), picture)
    writeFileSync(join(root, 'Docs/z0rb3lquist_7.png'), picture)
    writeFileSync(
      join(root, 'Quonkery/note.txt'),
      'They talked about Blue-Plimfer all evening, and of nothing else.',
    )
    writeFileSync(join(root, 'Docs/plain.txt'), 'Nothing is to be found in this letter, or so it is hoped.')
    return { folder, file, secret, store, root }
  }

  it('finds terms in names of all copies, folders and text, shown by id, with the store in the plan', async () => {
    const { folder, secret, store, root } = await withExhibit()
    const ledger = join(folder, 'case.sqlite')
    const terms = ['--terms', store, '--passphrase-file', secret]
    const scan = seized(
      scanArgs(root, ledger, [], ...terms, '--text', '--basis', 'warrant 1', '--workers', '1'),
    )
    expect(scan.stderr).toBe('')
    const rows = exported(ledger, folder)
    const found = (path: string) =>
      rows
        .find((row) => row.path === path)
        .attributes.filter(({ name }: { name: string }) => name.startsWith('term-'))
    expect(found('Docs/z0rb3lquist_7.png')).toEqual([{ name: 'term-in-name', value: 'T1' }])
    // Findings belong to content: the copy with the harmless name shows it too.
    expect(found('Docs/aaa.png')).toEqual([{ name: 'term-in-name', value: 'T1' }])
    expect(found('Quonkery/note.txt')).toEqual([
      { name: 'term-in-text', value: 'T2' },
      { name: 'term-in-folder', value: 'T3' },
    ])
    expect(found('Docs/plain.txt')).toEqual([])
    expect(readFileSync(ledger).toString('latin1').toLowerCase()).not.toContain('plimfer')
    const sha256 = createHash('sha256').update(readFileSync(store)).digest('hex')
    const html = join(folder, 'report.html')
    seized(['report', ledger, '--format', 'html', '--out', html])
    expect(readFileSync(html, 'utf8')).toContain(sha256)
  }, 60_000)

  it('needs a basis for reading text, and the right passphrase, before anything is read', async () => {
    const { folder, file, secret, store, root } = await withExhibit()
    const ledger = join(folder, 'case.sqlite')
    const without = seized(scanArgs(root, ledger, [], '--terms', store, '--passphrase-file', secret))
    expect([without.status, without.stderr]).toEqual([2, expect.stringContaining('add --text and --basis')])
    const wrong = file('wrong', 'not the passphrase')
    const text = ['--text', '--basis', 'warrant 1']
    const refused = seized(scanArgs(root, ledger, [], ...text, '--terms', store, '--passphrase-file', wrong))
    expect([refused.status, refused.stderr]).toEqual([
      2,
      expect.stringContaining('the passphrase is another'),
    ])
    expect(existsSync(ledger)).toBe(false)
  }, 60_000)
})
