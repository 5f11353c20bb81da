/** Speech in sounds and videos, from a scan to search and reports: its share and its places, hostile sounds, and nothing without a basis. */
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  drawnChord,
  drawnNoise,
  drawnSilence,
  drawnSpeech,
  joinedSounds,
  wavOf,
} from '../../fixtures/drawn-sound.ts'
import { soundVideo } from '../../fixtures/sound-video.ts'
import { WHOLE } from '../whole.ts'
import { exported, scanArgs, seized, summaryOf, temporaryFolder } from './seized.ts'

const TEXT = ['--text', '--basis', 'warrant 12/2026']
/** Speech from the second second on. */
const VOICE = joinedSounds(drawnSilence(2), drawnSpeech(6), drawnSilence(3))

function exhibit(folder: string): string {
  const root = join(folder, 'exhibit')
  mkdirSync(join(root, 'Recordings'), { recursive: true })
  const file = (name: string, bytes: Buffer) => writeFileSync(join(root, 'Recordings', name), bytes)
  const voice = wavOf(VOICE)
  file('voice.wav', voice)
  file('film.avi', soundVideo(VOICE))
  file('quiet.avi', soundVideo(drawnSilence(1)))
  file('chord.wav', wavOf(drawnChord(6)))
  file('noise.wav', wavOf(drawnNoise(6)))
  file('silence.wav', wavOf(drawnSilence(6)))
  // Hostile or damaged.
  file('none.wav', wavOf(drawnSilence(0)))
  file('one-hertz.wav', wavOf(drawnSpeech(2, 3), { rate: 1 }))
  file('channels.wav', wavOf(VOICE.subarray(0, 8 * 16_000), { channels: 64 }))
  file('more-channels.wav', wavOf(drawnSpeech(1), { channels: 200 }))
  file('hours.wav', wavOf(VOICE.subarray(0, 7 * 16_000), { statedBytes: 0xffff_fff0 }))
  file('cut.wav', wavOf(VOICE).subarray(0, voice.length >> 1))
  file('head.wav', voice.subarray(0, 46))
  return root
}

type Row = {
  path: string
  kind: string
  stages: Record<string, { result: string; reason?: string; detail?: object }>
  attributes: { code: string; params: Record<string, number> }[]
}

describe('speech', () => {
  it('is found in sounds and videos with its places, searched by its share, and said in both reports', () => {
    const folder = temporaryFolder()
    const root = exhibit(folder)
    const ledger = join(folder, 'case.sqlite')
    const scan = seized(scanArgs(root, ledger, [], ...TEXT, '--workers', '1'))
    const summary = summaryOf(scan)
    expect(summary.event).toBe('summary')
    const rows = exported(ledger, folder) as Row[]
    const row = (name: string) => rows.find(({ path }) => path.endsWith(`/${name}`))!
    const about = (name: string, code: string) =>
      row(name)
        .attributes.filter((one) => one.code === code)
        .map(({ params }) => params)
    const text = (name: string) => row(name).stages['text-read']!

    for (const name of ['voice.wav', 'film.avi', 'channels.wav', 'hours.wav', 'cut.wav']) {
      expect([name, text(name)]).toEqual([
        name,
        expect.objectContaining({ result: 'done-with-warnings', reason: 'speech-not-transcribed' }),
      ])
      const [share] = about(name, 'speech')
      expect([name, share!.sharePer10k! > 500]).toEqual([name, true])
      for (const { startMs, endMs } of about(name, 'speech-span'))
        expect([name, startMs! >= 1900, endMs! <= 8500]).toEqual([name, true, true])
    }
    expect(about('voice.wav', 'speech')[0]).toMatchObject({ ofMs: 11_000 })
    for (const name of ['chord.wav', 'noise.wav', 'silence.wav', 'quiet.avi']) {
      expect([name, text(name).result]).toEqual([name, 'done'])
      expect([name, about(name, 'speech')[0]!.sharePer10k]).toEqual([name, 0])
    }
    // Each hostile sound costs its own item.
    expect(text('none.wav')).toMatchObject({ result: 'not-applicable', reason: 'no-sound' })
    for (const name of ['one-hertz.wav', 'more-channels.wav'])
      expect([name, text(name)]).toEqual([
        name,
        expect.objectContaining({ result: 'not-done', reason: 'decode-failed' }),
      ])
    expect(['not-applicable', 'not-done', 'done', 'done-with-warnings']).toContain(text('head.wav').result)

    const found = (query: string) => seized(['search', ledger, query]).stdout
    expect(found('speech:>0.05')).toContain('voice.wav')
    expect(found('speech:>0.05')).toContain('film.avi')
    expect(found('speech:any')).not.toContain('chord.wav')
    expect(found('speech:0')).toContain('chord.wav')
    expect(seized(['search', ledger, 'speech:much']).status).toBe(2)

    for (const edition of ['working', 'court']) {
      const out = join(folder, `${edition}.html`)
      const asked = ['--format', 'html', '--edition', edition, '--operator', 'T', '--out', out]
      expect([edition, seized(['report', ledger, ...asked]).status]).toEqual([edition, 0])
      expect([edition, readFileSync(out, 'utf8').includes('speech was heard and not transcribed')]).toEqual([
        edition,
        true,
      ])
    }

    // In an ordinary run the killed one alone has several workers.
    if (WHOLE) {
      const again = seized(scanArgs(root, join(folder, 'more.sqlite'), [], ...TEXT, '--workers', '4'))
      expect(summaryOf(again).analysisDigest).toBe(summary.analysisDigest)
    }
    const killed = join(folder, 'killed.sqlite')
    const args = scanArgs(root, killed, [], ...TEXT, '--workers', '2')
    expect(seized(args, { SEIZED_CRASH_AT: 'unknown:after-commit:1' }).signal).toBe('SIGKILL')
    const more = ['--progress', 'json', '--allow-writable-mount', '--workers', '2']
    const resumed = seized(['resume', killed, ...more])
    expect(summaryOf(resumed).analysisDigest).toBe(summary.analysisDigest)
  })

  it('of a sound of 75 minutes is found in pieces over its whole length, in place, and the result says how much was heard', () => {
    const folder = temporaryFolder()
    const root = join(folder, 'exhibit')
    mkdirSync(root)
    const [seconds, at] = [4500, 4490]
    const speech = wavOf(drawnSpeech(8)).subarray(44)
    const file = openSync(join(root, 'long.wav'), 'w')
    writeSync(file, wavOf(drawnSilence(0), { statedBytes: seconds * 32_000 }))
    writeSync(file, speech, 0, speech.length, 44 + at * 32_000)
    ftruncateSync(file, 44 + seconds * 32_000)
    closeSync(file)
    const ledger = join(folder, 'case.sqlite')
    expect(summaryOf(seized(scanArgs(root, ledger, [], ...TEXT, '--workers', '1'))).event).toBe('summary')
    const row = (exported(ledger, folder) as Row[]).find(({ path }) => path.endsWith('long.wav'))!
    expect(row.stages['text-read']).toMatchObject({
      result: 'done-with-warnings',
      reason: 'partly-examined',
      detail: { code: 'sound-heard-in-part', params: { of: seconds * 1000 } },
    })
    const of = (code: string) => row.attributes.filter((one) => one.code === code).map(({ params }) => params)
    expect(of('speech')[0]!.ofMs! / 3_600_000).toBeCloseTo(1, 2)
    expect(of('speech-span').length).toBeGreaterThan(0)
    for (const { startMs, endMs } of of('speech-span'))
      expect([startMs! >= at * 1000 - 100, endMs! <= seconds * 1000]).toEqual([true, true])
  })

  it('is not heard without a legal basis', () => {
    const folder = temporaryFolder()
    const root = exhibit(folder)
    const ledger = join(folder, 'case.sqlite')
    expect(summaryOf(seized(scanArgs(root, ledger, [], '--workers', '1'))).event).toBe('summary')
    const rows = (exported(ledger, folder) as Row[]).filter(({ kind }) => kind === 'file')
    expect(rows.length).toBeGreaterThan(10)
    for (const one of rows)
      expect([one.path, one.attributes.filter(({ code }) => code.startsWith('speech'))]).toEqual([
        one.path,
        [],
      ])
    expect(seized(['search', ledger, 'speech:any']).stdout).toContain('0 places found')
  })
})
