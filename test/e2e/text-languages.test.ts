/**
 * A further language of words in pictures, from `model add` to search. The program of the test lacks Greek, which is added as an
 * agency adds a language: what the picture says is known, and without the data it is not read.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { asMessengersSend, drawnScreenshot } from '../../fixtures/drawn-screenshot.ts'
import { greekCard } from '../../fixtures/language-card.ts'
import { PROGRAM_ROOT } from '../../src/base/version.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { breakPart, installation, run } from './installation.ts'
import { scanArgs, summaryOf, temporaryFolder } from './seized.ts'

const TEXT = ['--text', '--basis', 'warrant 12/2026', '--workers', '1']

it('is added with a pinned card, asked for by the scan, stands in the plan, and reads what was not read before', async () => {
  const folder = temporaryFolder()
  const program = installation(join(folder, 'program'))
  const seized = (...args: readonly string[]) => run(program, args)
  breakPart(program, 'models/words/card.json', (whole) => {
    const card = JSON.parse(whole.toString('utf8'))
    delete card.files['ell.traineddata.gz']
    return JSON.stringify({
      ...card,
      languages: card.languages.filter((one: string) => one !== 'ell'),
    })
  })
  const root = join(folder, 'exhibit')
  mkdirSync(root)
  const chat = (contact: string, texts: readonly string[], language: string) =>
    drawnScreenshot({
      look: 'green',
      dark: false,
      language,
      contact,
      messages: texts.map((text, i) => ({ side: i % 2 === 0 ? 'left' : 'right', text, time: `14:0${i}` })),
    })
  const greek = await chat(
    'Ελένη',
    ['Καλημέρα, πώς είσαι σήμερα;', 'Πολύ καλά, ευχαριστώ', 'Θα συναντηθούμε το απόγευμα στην πλατεία'],
    'el',
  )
  writeFileSync(join(root, 'greek.jpg'), await asMessengersSend(greek.png))
  const english = await chat('Anna', ['Good morning, are you there?', 'Yes, see you in the afternoon'], 'en')
  writeFileSync(join(root, 'english.jpg'), await asMessengersSend(english.png))

  const data = join(PROGRAM_ROOT, 'models/words/ell.traineddata.gz')
  const card = join(folder, 'card.json')
  writeFileSync(card, greekCard(createHash('sha256').update(readFileSync(data)).digest('hex')))
  const ledgerOf = (name: string) => join(folder, `${name}.sqlite`)

  // Without its data nothing is examined.
  const asked = scanArgs(root, ledgerOf('none'), [], ...TEXT, '--text-languages', 'ell')
  expect(seized(...asked)).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('no data of the language ell'),
  })
  expect(seized('model', 'add', card, data)).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^words-ell: installed, SHA-256 /),
  })
  expect(seized('model', 'list').stdout).toMatch(
    /words-ell[\s\S]*licence {2}Apache-2.0[\s\S]*--text-languages ell/,
  )

  const scanned = (name: string, ...more: readonly string[]) =>
    summaryOf(seized(...scanArgs(root, ledgerOf(name), [], ...TEXT, ...more)))
  const planOf = (name: string) => {
    const ledger = openLedger(ledgerOf(name))
    ledger.close()
    return ledger.planDigest
  }
  const found = (name: string, word: string) => seized('search', ledgerOf(name), word).stdout
  scanned('without')
  const read = scanned('read', '--text-languages', 'ell')
  expect(found('without', 'πλατεία')).toContain('0 places found')
  expect(found('read', 'πλατεία')).toMatch(/greek\.jpg[\s\S]*text in the picture, at/)
  expect(found('read', 'afternoon')).toContain('english.jpg')
  expect(planOf('read')).not.toBe(planOf('without'))
  expect(scanned('four', '--text-languages', 'ell', '--workers', '4').analysisDigest).toBe(
    read.analysisDigest,
  )

  // Data that was changed after it was added is refused, and so is a scan with it.
  breakPart(program, 'models/words-ell/data.traineddata', (bytes) => Buffer.concat([bytes, Buffer.from('x')]))
  expect(
    seized(...scanArgs(root, ledgerOf('changed'), [], ...TEXT, '--text-languages', 'ell')),
  ).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('its card pins SHA-256'),
  })
})
