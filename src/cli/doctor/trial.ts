/**
 * Scans a small generated exhibit twice, as a folder and as an archive: every process that walks, lists and reads
 * takes part.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EXIT } from '../../base/exit-codes.ts'
import { smallPicture, smallTar } from '../../base/small-files.ts'
import { type Ended, runSeized } from '../../lab/scan/own-program.ts'
import { type Check, ok, todo } from './check.ts'

const NAMES = ['listed.png', 'other.png'] as const

/** Refusals that other checks report in their own words. */
const SAID_ELSEWHERE = ['unconfined']

export async function trials(): Promise<Check[]> {
  const folder = mkdtempSync(join(tmpdir(), 'seized-doctor-'))
  try {
    const contents = NAMES.map((_, i) => smallPicture(i + 1))
    const exhibit = join(folder, 'exhibit')
    mkdirSync(exhibit)
    NAMES.forEach((name, i) => {
      writeFileSync(join(exhibit, name), contents[i]!)
    })
    const archive = join(folder, 'exhibit.tar')
    writeFileSync(archive, smallTar(NAMES.map((name, i) => [name, contents[i]!])))
    const list = join(folder, 'list.txt')
    writeFileSync(list, `${createHash('sha256').update(contents[0]!).digest('hex')}\n`)
    return [
      await trial('a folder', [exhibit, '--allow-writable-mount'], { folder, list }),
      await trial('an archive', [archive], { folder, list }),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function trial(
  what: string,
  exhibit: readonly string[],
  { folder, list }: { readonly folder: string; readonly list: string },
): Promise<Check> {
  const ledger = join(folder, `${what.replace(/\W/g, '-')}.sqlite`)
  const about = ['--case', 'doctor', '--exhibit', what, '--examiner', 'doctor', '--ledger', ledger]
  const more = ['--hashset', `illegal:${list}`, '--progress', 'json', '--heads', join(folder, 'heads.jsonl')]
  const ended = await runSeized(['scan', ...exhibit, ...about, ...more, '--workers', '1'])
  const last = ended.events.at(-1)
  const hits = last?.event === 'summary' ? last.hits : null
  if (hits === 1 && ended.code === EXIT.findings)
    return ok('trial', `a scan of ${what} that was made for it found what it should`)
  const said = typeof last?.message === 'string' ? last.message : wordsOf(ended)
  return todo(
    'trial',
    `a scan of ${what} that was made for it ended with ${ended.code ?? ended.signal}: ${hits === null ? said : `${hits} hits instead of 1`}`,
    SAID_ELSEWHERE.includes(String(last?.code))
      ? 'See confinement.'
      : 'Do what the sentence says; where it says nothing, install seized again.',
    ended.code === EXIT.tryAgain ? 'tryAgain' : 'usage',
  )
}

function wordsOf({ stderr, events }: Ended): string {
  return stderr.trim().split('\n').at(-1) || `its last word was ${JSON.stringify(events.at(-1) ?? null)}`
}
