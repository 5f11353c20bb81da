/** What the release gate writes: claimed, measured, missed, and what was not run. */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type PartRan, releasePage } from '../../scripts/release/page.ts'
import { PARTS } from '../../scripts/release/parts.ts'
import { PROGRAM_ROOT } from '../../src/base/version.ts'
import { temporaryFolder } from '../e2e/seized.ts'

const MACHINE = { processor: '2 × p', memory: '1 GiB', system: 's', node: 'v' }
const part = (change: Partial<PartRan>): PartRan => ({
  id: 'near',
  what: 'near matches',
  commit: 'c0ffee',
  partsSha256: 'aa',
  began: '2026-11-26T20:00:00.000Z',
  ended: '',
  cpuSeconds: 90,
  broke: null,
  claims: [],
  ...change,
})

describe('the page of a release', () => {
  it('names what was missed first, and what broke off', () => {
    const page = releasePage(
      '9.9',
      MACHINE,
      [
        part({
          claims: [
            { claim: 'fast', limit: '0.8', measured: '0.9', met: false },
            { claim: 'right', limit: 'all', measured: '10 of 10', met: true },
            { claim: 'a figure', limit: 'none stated', measured: '7', met: null },
          ],
        }),
        part({ id: 'soak', broke: 'no room' }),
      ],
      ['faults'],
    )
    expect(page).toContain('2 claims with a limit were judged, 1 met, 2 missed.')
    expect(page).toContain('- near: fast; 0.8; 0.9')
    expect(page).toContain('- soak: near matches; no room')
    expect(page).toContain('Not run, and so not shown: faults.')
    expect(page).toContain('| right | all | 10 of 10 | met |')
    expect(page).toContain('| near | near matches | 1.5 |')
  })

  it('says that nothing was missed only of what was run', () => {
    const page = releasePage('9.9', MACHINE, [part({})], ['soak'])
    expect(page).toContain('Nothing that was run.')
    expect(page).toContain('not shown: soak')
  })
})

describe('npm run release-check', () => {
  const run = (...words: readonly string[]) =>
    spawnSync(process.execPath, [join(PROGRAM_ROOT, 'dist/scripts/release/main.js'), ...words], {
      encoding: 'utf8',
      cwd: temporaryFolder(),
    })

  it('refuses a part that it has not, and names those that it has', () => {
    const { status, stderr } = run('nothing')
    expect(status).toBe(2)
    for (const { id } of PARTS) expect(stderr).toContain(id)
  })

  it('runs a chosen part, keeps it, and says that the others were not shown', () => {
    const folder = temporaryFolder()
    const page = join(folder, 'page.md')
    const words = ['licences', '--out', join(folder, 'out'), '--page', page]
    const first = run(...words)
    expect(first.stdout).toContain('1 parts without a miss')
    expect(first.status).toBe(1)
    const text = readFileSync(page, 'utf8')
    expect(text).toContain(
      '| THIRD-PARTY.md names every package with its licence | as package-lock.json | so | met |',
    )
    expect(text).toMatch(/not shown: models, package, validation, faults, soak, bench-known/)
    expect(run(...words).stdout).toContain('licences: kept from')
    const kept = join(folder, 'out/parts/licences.json')
    writeFileSync(kept, JSON.stringify({ ...JSON.parse(readFileSync(kept, 'utf8')), partsSha256: '00' }))
    expect(run(...words).stdout).not.toContain('kept from')
  }, 180_000)
})
