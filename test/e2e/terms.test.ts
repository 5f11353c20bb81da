import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, openSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { zipSync } from 'fflate'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { BIN, exported, scanArgs, seized, summaryOf, temporaryFolder } from './seized.ts'

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
    const { folder, file, list, secret, store } = withList()
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
    seized(['terms', 'import', list, '--store', store, '--passphrase-file', secret])
    const paths = file('paths.txt', 'a/zorbelquist 7.jpg\na/holiday 3.jpg\nb/holiday.jpg\nb/holiday 4.jpg\n')
    const check = ['terms', 'check', '--store', store, '--path-model', model, '--paths', paths]
    expect(seized([...check, '--passphrase-file', secret]).stdout).toContain(
      'The path model marks 25.000 % of paths.',
    )
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

  it('finds terms in the name of every entry and in text, shown by id, each with a reason', async () => {
    const { folder, file, secret, store, root } = await withExhibit()
    const known = 'an ordinary file of the system'
    mkdirSync(join(root, 'old zorbelquist'))
    writeFileSync(join(root, 'Docs/plimfer blue plimfer.bin'), Buffer.from([1, 2, 3, 0, 255, 254]))
    writeFileSync(join(root, 'Docs/quonkery.dll'), known)
    symlinkSync('nowhere', join(root, 'Docs/quonkery link'))
    writeFileSync(join(root, 'Docs/some.zip'), zipSync({ 'x/zorbel-quist.dat': new Uint8Array([9, 0, 1]) }))
    const list = file('known.txt', `${createHash('sha256').update(known).digest('hex')}\n`)
    const ledger = join(folder, 'case.sqlite')
    const terms = ['--terms', store, '--passphrase-file', secret]
    const basis = ['--text', '--basis', 'warrant 1', '--workers', '1']
    const scan = seized(scanArgs(root, ledger, [`known:${list}`], ...terms, ...basis))
    expect(scan.stderr).toBe('')
    // A list of known contents is no comparison with what anybody looks for.
    expect(scan.status).toBe(13)
    const rows = exported(ledger, folder)
    const row = (path: string) => rows.find((one) => one.path === path)
    const found = (path: string) =>
      row(path)
        .attributes.filter(({ code }: { code: string }) => code.startsWith('term-'))
        .map(({ code, params }: { code: string; params: { id: string } }) => `${code} ${params.id}`)
    expect(found('Docs/z0rb3lquist_7.png')).toEqual(['term-in-name T1'])
    // What a name says belongs to the entry: the copy with the harmless name does not show it.
    expect(found('Docs/aaa.png')).toEqual([])
    expect(found('Quonkery/note.txt')).toEqual(['term-in-text T2', 'term-in-folder T3'])
    expect(found('Docs/plain.txt')).toEqual([])
    expect(found('old zorbelquist')).toEqual(['term-in-name T1'])
    expect(found('Docs/plimfer blue plimfer.bin')).toEqual(['term-in-name T2'])
    expect(found('Docs/quonkery.dll')).toEqual(['term-in-name T3'])
    expect(row('Docs/quonkery.dll').hits).toMatchObject([{ meaning: 'known' }])
    expect(found('Docs/quonkery link')).toEqual(['term-in-name T3'])
    const member = rows.find(({ steps }) => steps.length === 2)
    expect(found(member.path)).toEqual(['term-in-name T1'])
    expect([member.priority, member.reasons]).toEqual([
      5,
      [{ code: 'agency-words', params: { inName: ['T1'], inFolder: [], inText: [] } }],
    ])
    expect(row('Quonkery/note.txt').reasons).toEqual([
      { code: 'agency-words', params: { inName: [], inFolder: ['T3'], inText: ['T2'] } },
    ])
    const sha256 = createHash('sha256').update(readFileSync(store)).digest('hex')
    const html = join(folder, 'report.html')
    seized(['report', ledger, '--format', 'html', '--out', html])
    const report = readFileSync(html, 'utf8')
    expect(report).toContain(sha256)
    expect(report).toContain('Agency term IDs in its name: T3.')
    expect(report).not.toContain('does not agree with itself')
    const search = seized(['search', ledger, 'attr:"term-in-name: T1"', '--operator', 'A. Example'])
    expect(search.stdout).toContain('old zorbelquist')
    expect(seized(['verify', ledger]).status).toBe(0)
    const again = join(folder, 'again.sqlite')
    seized(['rematch', ledger, '--hashset', `known:${list}`, '--ledger', again])
    const before = rows.map(({ path, priority, reasons }) => ({ path, priority, reasons }))
    expect(
      exported(again, folder).map(({ path, priority, reasons }) => ({ path, priority, reasons })),
    ).toEqual(before)
  }, 120_000)

  it('gives every path a score with the path model that `terms train` wrote, and leads above its threshold', async () => {
    const { folder, file, secret, root } = await withExhibit()
    const labelled = Array.from({ length: 120 }, (_, i) =>
      i % 2 === 0
        ? `dir${i % 14}/zorbelquist ${i}.png,1`
        : `dir${i % 14}/${['plain', 'aaa', 'note', 'some'][i % 4]} ${i}.txt,0`,
    )
    const model = join(folder, 'paths.sealed')
    const passphrase = ['--passphrase-file', secret]
    seized([
      'terms',
      'train',
      file('l.csv', `path,label\n${labelled.join('\n')}\n`),
      '--model',
      model,
      ...passphrase,
    ])
    const ledger = join(folder, 'case.sqlite')
    const basis = ['--text', '--basis', 'warrant 1', '--workers', '1']
    const scan = seized(scanArgs(root, ledger, [], '--path-model', model, ...passphrase, ...basis))
    // 13: no list was given to compare with.
    expect([scan.stderr, scan.status]).toEqual(['', 13])
    const rows = exported(ledger, folder)
    const leading = rows.filter(({ leads }) => leads.length > 0)
    expect(leading.map(({ path }) => path)).toEqual(['Docs/z0rb3lquist_7.png'])
    const sha256 = createHash('sha256').update(readFileSync(model)).digest('hex')
    expect(leading[0].leads).toMatchObject([
      { classifier: 'agency-paths', label: 'path', threshold: 0.5, modelSha256: sha256 },
    ])
    expect(leading[0].priority).toBe(5)
    expect(leading[0].reasons).toMatchObject([
      { code: 'agency-words', params: { pathThresholdPer10k: 5000 } },
    ])
    const db = new Database(ledger, { readonly: true })
    // All but the root, which has no name.
    expect(db.prepare('SELECT count(*) FROM entry_score').pluck().get()).toBe(rows.length - 1)
    expect(db.prepare("SELECT value FROM meta WHERE key = 'plan'").pluck().get()).toContain(sha256)
    db.close()
    const html = join(folder, 'report.html')
    seized(['report', ledger, '--format', 'html', '--out', html])
    const report = readFileSync(html, 'utf8')
    expect(report).toContain(`sealed model <code>${sha256}`)
    expect(report).not.toContain('does not agree with itself')
  }, 120_000)

  it('goes on after an interruption with the same terms, as of the same date, to the same digests', async () => {
    const { folder, file, secret, store, root } = await withExhibit()
    const passphrase = ['--passphrase-file', secret]
    const given = ['--terms', store, ...passphrase, '--text', '--basis', 'warrant 1', '--workers', '1']
    const [whole, cut] = [join(folder, 'whole.sqlite'), join(folder, 'cut.sqlite')]
    const expected = summaryOf(seized(scanArgs(root, whole, [], ...given)))
    const killed = seized(scanArgs(root, cut, [], ...given), { SEIZED_CRASH_AT: 'known:after-commit:1' })
    expect(killed.signal).toBe('SIGKILL')
    const resume = ['resume', cut, '--progress', 'json', '--allow-writable-mount', '--workers', '1']
    const other = join(folder, 'other.sealed')
    seized(['terms', 'import', file('other.csv', LIST), '--store', other, ...passphrase])
    const refused = seized([...resume, '--terms', other, ...passphrase])
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('is not the store')])
    const summary = summaryOf(seized([...resume, ...passphrase]))
    expect(summary.analysisDigest).toBe(expected.analysisDigest)
    expect(summary.evidenceDigest).toBe(expected.evidenceDigest)
    const found = (ledger: string) =>
      exported(ledger, folder).map(({ path, attributes, priority }) => ({ path, attributes, priority }))
    expect(found(cut)).toEqual(found(whole))
  }, 120_000)

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
  }, 180_000)
})
