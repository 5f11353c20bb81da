/** What the program writes is for its owner alone, unless the agency's policy says otherwise; what others can read all the same is warned of. */
import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { shortcutFile } from '../../fixtures/device/shortcut.ts'
import { scanArgs, seized, temporaryFolder } from './seized.ts'

const TEXT = ['--text', '--basis', 'warrant 12/2026', '--workers', '1']
const by = ['--operator', 'A. Example']

function modesIn(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder)
      .filter((name) => statSync(join(folder, name)).isFile())
      .sort()
      .map((name) => [name, (statSync(join(folder, name)).mode & 0o777).toString(8)]),
  )
}

function exhibit(): string {
  const root = join(temporaryFolder(), 'exhibit')
  mkdirSync(root)
  writeFileSync(join(root, 'letter.txt'), 'a letter about a lake')
  writeFileSync(join(root, 'lake.lnk'), shortcutFile('C:\\lake.txt', Date.UTC(2026, 1, 2)))
  return root
}

/** Under a shell whose umask lets everybody read. */
function everyKind(env: NodeJS.ProcessEnv): string {
  const before = process.umask(0o022)
  try {
    const folder = temporaryFolder()
    const at = (name: string) => join(folder, name)
    const ran = (...args: string[]) => {
      const { status, stderr } = seized(args, env)
      expect([args[0], status, stderr]).toEqual([args[0], 0, expect.not.stringContaining('can be read')])
    }
    const scan = seized(scanArgs(exhibit(), at('case.sqlite'), [], ...TEXT), env)
    expect([scan.stdout, scan.stderr]).toEqual([
      expect.stringContaining('"event":"summary"'),
      expect.not.stringContaining('can be read'),
    ])
    ran('report', at('case.sqlite'), '--format', 'html', '--out', at('report.html'))
    ran('report', at('case.sqlite'), '--format', 'pdf', '--allow-unconfined', '--out', at('report.pdf'))
    ran('timeline', at('case.sqlite'), '--format', 'html', '--out', at('timeline.html'))
    ran('seal-statement', at('case.sqlite'), '--out', at('statement.json'), ...by)
    ran('pack', at('case.sqlite'), '--with-text', '--out', at('case.zip'), ...by)
    return folder
  } finally {
    process.umask(before)
  }
}

it('makes ledger, custody log, text index, reports and packs readable by their owner alone', () => {
  const folder = everyKind({ SEIZED_UMASK: '' })
  expect(modesIn(folder)).toEqual({
    'case.sqlite': '400',
    'case.sqlite.custody.sqlite': '600',
    'case.sqlite.text.sqlite': '600',
    'case.zip': '600',
    'report.html': '600',
    'report.pdf': '600',
    'statement.json': '600',
    'timeline.html': '600',
  })
  const to = join(folder, 'unpacked')
  expect(seized(['unpack', join(folder, 'case.zip'), '--out', to]).status).toBe(0)
  expect([...new Set(Object.values(modesIn(to)))]).toEqual(['600'])
  expect(statSync(to).mode & 0o777).toBe(0o700)
})

it('lets the group read where the policy of the agency says so, and refuses a policy that is none', () => {
  const modes = modesIn(everyKind({ SEIZED_UMASK: '027' }))
  expect(modes['case.sqlite']).toBe('440')
  expect([...new Set(Object.values(modes))].sort()).toEqual(['440', '640'])
  for (const wrong of ['077 ', '777', '9', 'u=rw', '0x1f']) {
    const { status, stderr } = seized(['summary', 'none.sqlite'], { SEIZED_UMASK: wrong })
    expect([wrong, status, stderr]).toEqual([wrong, 2, expect.stringContaining('SEIZED_UMASK')])
  }
})

it('is so while a run writes too, its log included', () => {
  const folder = temporaryFolder()
  const ledger = join(folder, 'case.sqlite')
  seized(scanArgs(exhibit(), ledger, [], ...TEXT), { SEIZED_CRASH_AT: 'known:after-commit:1' })
  const modes = modesIn(folder)
  expect(modes['case.sqlite']).toBe('600')
  expect(modes['case.sqlite-wal']).toBe('600')
})

it('warns of a file that others can read in a folder that they can enter, and of a folder that they can list', () => {
  const folder = temporaryFolder()
  const ledger = join(folder, 'case.sqlite')
  chmodSync(folder, 0o755)
  const scan = seized(scanArgs(exhibit(), ledger, [], '--phases', 'inventory,known', '--workers', '1'))
  expect(scan.stdout).toContain(`${folder} can be read by others`)
  expect(seized(['search', ledger, 'letter']).stderr).not.toContain('can be read')
  chmodSync(`${ledger}.custody.sqlite`, 0o644)
  const searched = seized(['search', ledger, 'letter'])
  expect([searched.status, searched.stderr]).toEqual([
    0,
    expect.stringContaining(`${ledger}.custody.sqlite can be read by others and its group (mode 0644,`),
  ])
  // Nobody else comes to it in a folder of one's own.
  chmodSync(folder, 0o700)
  expect(seized(['search', ledger, 'letter']).stderr).not.toContain('can be read')
})
