/** Readers of sounds and videos that are closed leave nothing behind: a process that opened some ends by itself. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { drawnSpeech, wavOf } from '../../../fixtures/drawn-sound.ts'
import { soundVideo } from '../../../fixtures/sound-video.ts'
import { temporaryFolder } from '../../e2e/seized.ts'

const SCRIPT = join(import.meta.dirname, '../../../fixtures/open-and-close.ts')

it('end with the process that opened them', () => {
  const folder = temporaryFolder()
  const file = (name: string, bytes: Buffer) => {
    writeFileSync(join(folder, name), bytes)
    return join(folder, name)
  }
  const files = [
    file('whole.wav', wavOf(drawnSpeech(2))),
    file('cut.wav', wavOf(drawnSpeech(1)).subarray(0, 30)),
    file('whole.avi', soundVideo(drawnSpeech(1))),
    file('junk.avi', Buffer.from('RIFF and no more')),
  ]
  const { stdout, stderr, signal, status } = spawnSync(
    process.execPath,
    ['--experimental-strip-types', SCRIPT, ...files],
    { encoding: 'utf8', timeout: 60_000 },
  )
  expect([stdout, signal, status, stderr.includes('Error')]).toEqual([
    'true false\nfalse false\ntrue true\nfalse false\n',
    null,
    0,
    false,
  ])
})
