import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { openLedger } from '../../src/ledger/read/read.ts'
import { exported, scanArgs, seized, summaryOf, temporaryFolder } from './seized.ts'

/** Non-explicit, made up for this test: signs that the rules name, from one side, to someone who says to be thirteen. */
const CHAT = {
  messages: [
    ['mike_77', 'hi, how old are you?'],
    ['lina', 'im 13'],
    ['mike_77', 'you seem so mature for your age'],
    ['mike_77', 'are your parents home right now?'],
    ['lina', 'no they are at work'],
    ['mike_77', 'this is our secret, dont tell your mom about me'],
    ['mike_77', 'delete these messages when you read them'],
    ['mike_77', 'add me on snapchat, its more private there'],
    ['mike_77', 'can we meet on saturday? come alone'],
  ].map(([from, text]) => ({ from, text })),
}
const OFFER = `Hostess work abroad, immediate start! No experience needed, earn $5000 per month cash. We pay your flight, visa and
accommodation, you repay later from your salary. Young women 18-25 wanted. Send passport copy and a photo to apply. No contract
required. Contact only by WhatsApp. Limited places, act now!`
const MAIL = (from: string, words: string) =>
  `From: ${from}\r\nTo: client@home.example\r\nSubject: about the case\r\nDate: Mon, 2 Feb 2026 10:00:00 +0000\r\nMessage-ID: <1@x>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n${words}\r\n--b\r\nContent-Type: text/plain; name=note.txt\r\nContent-Disposition: attachment; filename=note.txt\r\n\r\nattached ${words}\r\n--b--\r\n`

function exhibit(folder: string): string {
  const root = join(folder, 'exhibit')
  for (const name of ['Chats', 'Docs', 'Mail']) mkdirSync(join(root, name), { recursive: true })
  writeFileSync(join(root, 'Chats/export.zip'), zipSync({ 'result.json': Buffer.from(JSON.stringify(CHAT)) }))
  writeFileSync(join(root, 'Docs/offer.txt'), OFFER)
  writeFileSync(join(root, 'Docs/private.txt'), 'zirgelis of counsel')
  writeFileSync(join(root, 'Mail/lawyer.eml'), MAIL('Counsel <c@sub.law.example>', 'zirgelis advice'))
  writeFileSync(join(root, 'Mail/friend.eml'), MAIL('Friend <f@friend.example>', 'laukinis asilas'))
  return root
}

const TEXT = ['--text', '--basis', 'warrant 12/2026', '--workers', '1']

describe('seized scan --text', () => {
  it('finds planted signs in archives and files, searches, keeps privileged items closed, and logs it all', () => {
    const folder = temporaryFolder()
    const root = exhibit(folder)
    const ledger = join(folder, 'case.sqlite')
    const list = join(folder, 'counsel.txt')
    writeFileSync(list, '# counsel\ndomain:law.example\npath:Docs/private*\n')
    const scan = seized(scanArgs(root, ledger, [], ...TEXT, '--privileged', list))
    expect(summaryOf(scan).exitCode).toBe(13)
    expect(scan.stdout).toContain('warrant 12/2026')

    const rows = exported(ledger, folder)
    const row = (path: string) => rows.find((one) => one.path === path)
    const chat = rows.find(
      (one) => one.path.startsWith('Chats/export.zip') && one.path.includes('result.json'),
    )
    expect(chat.leads.map((lead: { classifier: string }) => lead.classifier)).toContain('grooming')
    const stages = new Set(chat.signals.map((signal: { stage: string }) => signal.stage))
    expect([...stages]).toEqual(expect.arrayContaining(['secrecy', 'risk-assessment', 'meeting']))
    for (const { quote } of chat.signals) expect(quote.length).toBeLessThanOrEqual(200)
    expect(chat.attributes).toContainEqual({ code: 'language', params: { language: 'en' } })
    expect(row('Docs/offer.txt').leads.map((lead: { classifier: string }) => lead.classifier)).toContain(
      'job-offer',
    )
    // Names of what was quarantined are not exported; the attachment of the other mail is.
    expect(rows.some((one) => /lawyer|private/.test(one.path))).toBe(false)
    expect(rows.some((one) => one.path.includes('friend.eml') && one.path.includes('note.txt'))).toBe(true)

    const search = (query: string, ...more: string[]) =>
      seized(['search', ledger, query, '--operator', 'A. Example', ...more])
    expect(search('passport').stdout).toContain('Docs/offer.txt')
    expect(search('zirgelis').status).toBe(3)
    expect(search('name:lawyer').status).toBe(3)
    const jsonl = search('laukinis', '--format', 'jsonl')
      .stdout.trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(jsonl.map(({ where }) => where)).toEqual(['text', 'text'])
    expect(search('laukinis', '--format', 'csv').stdout.split('\r\n')).toHaveLength(4)
    expect(search('a"b').status).toBe(2)

    const nobody = seized(['release', ledger, '--item', 'Docs/none.txt', '--reason', 'x', '--operator', 'A'])
    expect(nobody.status).toBe(2)
    const released = seized([
      'release',
      ledger,
      '--item',
      'Mail/lawyer.eml',
      '--reason',
      'court order 3/2026',
      '--operator',
      'A. Example',
    ])
    expect(released.status).toBe(0)
    expect(search('name:lawyer').stdout).toContain('Mail/lawyer.eml')

    const reader = openLedger(ledger)
    const events = reader.custody().map(({ event }) => event)
    const first = reader.custody().find(({ event }) => event === 'searched')
    const privileged = reader.reasons().filter(({ reason }) => reason === 'privileged')
    reader.close()
    expect(first).toMatchObject({
      operator: 'A. Example',
      detail: { query: 'passport', hits: '1', textIndex: 'yes' },
    })
    expect(events).toEqual(expect.arrayContaining(['sealed', 'text-index-made', 'searched', 'released']))
    expect(privileged.map(({ stage, entries }) => [stage, entries])).toEqual(
      expect.arrayContaining([
        ['opened', 1],
        ['text-read', 2],
      ]),
    )
    expect(seized(['verify', ledger]).status).toBe(0)

    // The ledger holds quotes, the index holds the text, and deleting the index deletes it.
    const words = Buffer.from('laukinis asilas')
    expect(readFileSync(ledger).includes(words)).toBe(false)
    rmSync(`${ledger}.text.sqlite`)
    const without = search('laukinis')
    expect(without.status).toBe(3)
    expect(without.stdout).toContain('names, attributes and findings only')
    expect(search('name:offer').stdout).toContain('Docs/offer.txt')
    expect(seized(['verify', ledger]).status).toBe(0)
  })

  it('reads no text and makes no index when it is not asked to', () => {
    const folder = temporaryFolder()
    const ledger = join(folder, 'case.sqlite')
    const summary = summaryOf(seized(scanArgs(exhibit(folder), ledger, [], '--workers', '1')))
    const { done, 'out-of-scope': outOfScope } = summary.stages['text-read']
    expect(done).toBe(0)
    expect(outOfScope).toBeGreaterThan(0)
    expect(existsSync(`${ledger}.text.sqlite`)).toBe(false)
    expect(seized(['search', ledger, 'passport']).stdout).toContain('text was not read in this run')
  })

  it('needs both words and their legal basis', () => {
    const folder = temporaryFolder()
    const root = exhibit(folder)
    const ledger = join(folder, 'case.sqlite')
    for (const more of [['--text'], ['--basis', 'warrant'], ['--text', '--basis', '  ']])
      expect(seized(scanArgs(root, ledger, [], ...more)).status, more.join(' ')).toBe(2)
    expect(existsSync(ledger)).toBe(false)
  })

  it('an interrupted run gives the same digests and the same index after resume', () => {
    const folder = temporaryFolder()
    const root = exhibit(folder)
    const whole = join(folder, 'whole.sqlite')
    const cut = join(folder, 'cut.sqlite')
    const expected = summaryOf(seized(scanArgs(root, whole, [], ...TEXT)))
    // Three containers are opened first, each a batch of its own; the fourth is text, whose index is written already.
    const killed = seized(scanArgs(root, cut, [], ...TEXT), { SEIZED_CRASH_AT: 'unknown:before-commit:4' })
    expect(killed.signal).toBe('SIGKILL')
    expect(existsSync(`${cut}.text.sqlite`)).toBe(true)
    const summary = summaryOf(
      seized(['resume', cut, '--progress', 'json', '--allow-writable-mount', '--workers', '1']),
    )
    expect(summary.evidenceDigest).toBe(expected.evidenceDigest)
    expect(summary.analysisDigest).toBe(expected.analysisDigest)
    // Each ledger has a head of its own.
    const hits = (ledger: string) =>
      seized(['search', ledger, 'laukinis', '--format', 'jsonl']).stdout.replace(/"newestHead":"\w+"/g, '')
    expect(hits(cut)).toBe(hits(whole))
  })

  it('does not go on without the index that it had begun: what was read before would be found by no search', () => {
    const folder = temporaryFolder()
    const ledger = join(folder, 'case.sqlite')
    const args = scanArgs(exhibit(folder), ledger, [], ...TEXT)
    expect(seized(args, { SEIZED_CRASH_AT: 'unknown:after-commit:4' }).signal).toBe('SIGKILL')
    renameSync(`${ledger}.text.sqlite`, join(folder, 'kept'))
    const resume = () => seized(['resume', ledger, '--progress', 'json', '--allow-writable-mount'])
    const without = resume()
    expect([without.status, without.stderr]).toEqual([
      2,
      expect.stringContaining('case.sqlite.text.sqlite is gone'),
    ])
    expect(existsSync(`${ledger}.text.sqlite`)).toBe(false)
    renameSync(join(folder, 'kept'), `${ledger}.text.sqlite`)
    expect(summaryOf(resume()).stages['text-read']['not-done']).toBe(0)
    expect(seized(['search', ledger, 'laukinis']).stdout).toContain('friend.eml')
  })
})

it.each([
  ['--phases', 'inventory,known'],
  ['--quick', '5'],
])('with %s %s says that no text of a content is read, in the terminal and on page one', (...phases) => {
  const folder = temporaryFolder()
  const ledger = join(folder, 'case.sqlite')
  const scan = seized(scanArgs(exhibit(folder), ledger, [], ...TEXT, ...phases))
  expect(scan.stdout).toContain('Text of records only is read, on the stated basis: warrant 12/2026.')
  expect(scan.stdout).not.toContain('is kept for searching')
  const out = join(folder, 'page.html')
  seized(['report', ledger, '--format', 'html', '--out', out])
  const page = readFileSync(out, 'utf8')
  expect(page).toContain('the phase unknown was left out, so the text of no content was read')
  expect(page).not.toContain('No text sign was found')
})
