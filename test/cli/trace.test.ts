import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { PROGRAM_ROOT } from '../../src/base/version.ts'

const folder = mkdtempSync(join(tmpdir(), 'seized-trace-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
mkdirSync(join(folder, 'exhibit'))
writeFileSync(join(folder, 'exhibit/a secret name.txt'), 'a')
writeFileSync(join(folder, 'list.txt'), `${'0'.repeat(64)}\n`)

/** Lines of trace of a small scan. */
function traced(name: string, asked: string | undefined): string[] {
  const words = `scan ${folder}/exhibit --case 1 --exhibit 1 --examiner E --hashset interest:${folder}/list.txt --phases inventory,known --allow-writable-mount --ledger ${folder}/${name}.sqlite`
  const env = { ...process.env, XDG_CACHE_HOME: join(folder, 'cache'), SEIZED_TRACE: asked }
  const run = spawnSync(process.execPath, [join(PROGRAM_ROOT, 'bin/seized.js'), ...words.split(' ')], {
    encoding: 'utf8',
    env,
  })
  expect(run.status).toBe(0)
  return run.stderr.split('\n').filter((line) => line.startsWith('trace'))
}

describe('SEIZED_TRACE', () => {
  it('follows what is asked for, and nothing else', () => {
    const lines = traced('some', 'stage,ledger')
    expect(new Set(lines.map((line) => line.split(/ +/)[3]))).toEqual(new Set(['stage', 'ledger']))
    expect(lines.join('\n')).toMatch(/stage {3}known .*: \d+ ms, 2 entries, 1 read/)
    expect(lines.join('\n')).toMatch(/ledger {2}seal \d+: \d+ rows/)
  })

  it('says which words it knows', () => {
    expect(traced('unknown', 'stages')).toEqual([
      'trace   "stages" is none of stage, process, child, reader, ledger, parts',
    ])
  })

  it('names no entry of the exhibit', () => {
    expect(traced('all', 'stage,process,child,reader,ledger,parts').join('\n')).not.toContain('secret')
  })

  it('prints nothing without the option', () => {
    expect(traced('none', undefined)).toEqual([])
  })
})
