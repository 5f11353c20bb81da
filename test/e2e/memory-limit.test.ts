/** A machine that gives less memory away than a child needs does not decide what is looked at: the run stops, and goes on elsewhere. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { jpeg } from '../../fixtures/pictures.ts'
import { BIN, scanArgs, seized, summaryOf, temporaryFolder } from './seized.ts'

it('12 B12: with 900 MB of memory a process nothing is said of a picture; resumed, all is as without the limit', async () => {
  const folder = temporaryFolder()
  const exhibit = join(folder, 'exhibit')
  mkdirSync(exhibit)
  for (const seed of [1, 2])
    writeFileSync(join(exhibit, `IMG_${seed}.jpg`), await jpeg({ seed, width: 640, height: 480 }))
  const args = (name: string) => scanArgs(exhibit, join(folder, name), [])
  const wanted = summaryOf(seized(args('free.sqlite')))
  const limited = spawnSync(
    'sh',
    ['-c', 'ulimit -d 900000; exec "$@"', 'sh', process.execPath, BIN, ...args('limited.sqlite')],
    { encoding: 'utf8' },
  )
  expect(limited.status).toBe(75)
  expect(JSON.parse(limited.stdout.trim().split('\n').at(-1)!)).toMatchObject({
    event: 'error',
    code: 'machine-short',
    message: expect.stringContaining('may use 921 MB of memory here (ulimit -d)'),
  })
  const resumed = summaryOf(
    seized([...['resume', join(folder, 'limited.sqlite'), '--progress', 'json', '--allow-writable-mount']]),
  )
  const digests = ({ evidenceDigest, analysisDigest }: typeof wanted) => [evidenceDigest, analysisDigest]
  expect(digests(resumed)).toEqual(digests(wanted))
})
