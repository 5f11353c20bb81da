/** Speech with an agency's model: from `model add` to search, leads and terms. The model is made for the test; its answer is known. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { drawnChord, drawnSilence, drawnSpeech, joinedSounds, wavOf } from '../../fixtures/drawn-sound.ts'
import { soundVideo } from '../../fixtures/sound-video.ts'
import { tinyWhisper, writeTinyWhisper } from '../../fixtures/tiny-whisper.ts'
import { machineClass } from '../../src/classify/machine-class.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { installation, run } from './installation.ts'
import { scanArgs, summaryOf, temporaryFolder } from './seized.ts'

const OFFER =
  'Hostess work abroad, immediate start! No experience needed, earn $5000 per month cash. We pay your flight, visa and accommodation, you repay later from your salary. Young women 18-25 wanted. Send passport copy and a photo to apply. No contract required. Contact only by WhatsApp. Limited places, act now!'

const TEXT = ['--text', '--basis', 'warrant 12/2026']

interface Row {
  readonly path: string
  readonly kind: string
  readonly stages: Readonly<Record<string, { readonly result: string; readonly reason: string | null }>>
  readonly leads: readonly { readonly classifier: string }[]
  readonly attributes: readonly { readonly code: string }[]
}

it('is transcribed with its times only with a pinned model and a legal basis, scored, searched, and closed for privileged persons', () => {
  const folder = temporaryFolder()
  const program = installation(join(folder, 'program'))
  const seized = (...args: readonly string[]) => run(program, args)
  const root = join(folder, 'exhibit')
  mkdirSync(root)
  const voice = joinedSounds(drawnSilence(2), drawnSpeech(6), drawnSilence(3))
  writeFileSync(join(root, 'note.wav'), wavOf(voice))
  writeFileSync(join(root, 'film.avi'), soundVideo(voice))
  writeFileSync(join(root, 'chord.wav'), wavOf(drawnChord(4)))

  const words = OFFER.split(' ').map((word) => ` ${word}`)
  const model = tinyWhisper([0.5, ...words, 2, 2, '(unsure)', ' says', ' zorbelquist', 3])
  const from = join(folder, 'whisper')
  const card = writeTinyWhisper(from, model)
  writeFileSync(join(from, 'tokenizer.json'), `${model.files['tokenizer.json']} `)
  const refused = seized('model', 'add', card, from)
  expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('its card pins SHA-256')])
  expect(seized('model', 'list').stdout).not.toContain('speech-to-text')
  writeTinyWhisper(from, model)
  expect(seized('model', 'add', card, from).stdout).toMatch(
    /^speech-to-text: installed, SHA-256 [0-9a-f]{64}/,
  )
  expect(seized('model', 'list').stdout).toMatch(/speech-to-text[\s\S]*languages {2}en, lt/)
  expect(seized('model', 'verify').stdout).toContain('ok       speech-to-text')

  const scanned = (name: string, ...more: readonly string[]) => {
    const ledger = join(folder, `${name}.sqlite`)
    const summary = summaryOf(seized(...scanArgs(root, ledger, [], ...more)))
    const out = join(folder, `${name}.jsonl`)
    expect(seized('report', ledger, '--format', 'jsonl', '--operator', 'T', '--out', out).status).toBe(0)
    const rows = readFileSync(out, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Row)
    return { ledger, summary, row: (end: string) => rows.find(({ path }) => path?.endsWith(end))! }
  }

  const one = scanned('one', ...TEXT, '--workers', '1')
  for (const name of ['note.wav', 'film.avi']) {
    const { stages, leads, attributes } = one.row(name)
    expect([name, stages['text-read']!.result]).toEqual([name, 'done'])
    expect([name, leads.map(({ classifier }) => classifier)]).toEqual([
      name,
      expect.arrayContaining(['job-offer']),
    ])
    expect(attributes.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['speech', 'speech-span', 'language']),
    )
  }
  const opened = openLedger(one.ledger)
  opened.close()
  expect(opened.plan.options.transcribedOn).toBe(machineClass())
  expect(one.row('chord.wav').stages['text-read']!.result).toBe('done')
  expect(seized('search', one.ledger, 'hostess').stdout).toMatch(
    /note\.wav[\s\S]*text: \(0:00:0\d\) Hostess work abroad/,
  )
  const found = seized('search', one.ledger, 'passport').stdout
  expect(found).toContain('film.avi')
  expect(found).not.toContain('chord.wav')
  // Unsure words are found, and stand in no finding.
  expect(seized('search', one.ledger, 'zorbelquist').stdout).toContain('note.wav')
  expect(readFileSync(one.ledger).includes('zorbelquist')).toBe(false)

  expect(scanned('two', ...TEXT, '--workers', '4').summary.analysisDigest).toBe(one.summary.analysisDigest)

  const counsel = join(folder, 'counsel.txt')
  writeFileSync(counsel, 'address:says zorbelquist\n')
  const closed = scanned('closed', ...TEXT, '--workers', '1', '--privileged', counsel)
  expect(seized('search', closed.ledger, 'passport').stdout).toContain('0 places found')

  const without = scanned('without', '--workers', '1')
  expect(without.row('note.wav').attributes.filter(({ code }) => code.startsWith('speech'))).toEqual([])
  for (const word of ['passport', 'Hostess'])
    for (const file of [without.ledger, closed.ledger])
      expect([word, readFileSync(file).includes(word)]).toEqual([word, false])
  expect(readFileSync(without.ledger).includes('zorbelquist')).toBe(false)
  // Of the word that closes it, the ledger holds the entry of the list that was given, and no more.
  const stated = readFileSync(closed.ledger).toString('latin1').split('zorbelquist').slice(0, -1)
  expect(stated.filter((before) => !before.endsWith('address:says '))).toEqual([])
})
