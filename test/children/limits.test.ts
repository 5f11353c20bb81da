/** What a child may use up is bounded by the system, as issue 12 (C14) asks: read back from a process that was started so. */
import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { limitArguments } from '../../src/host/confine/limits.ts'

const UID = process.getuid!()
const LIMITED = limitArguments(1e9, UID, 3)

function limits(command: readonly string[]): ReadonlyMap<string, string> {
  const { stdout } = spawnSync('prlimit', [...LIMITED, ...command], { encoding: 'utf8' })
  return new Map(
    [...stdout.matchAll(/^(Max [a-z ]+?) {2,}(\S+) +(\S+)/gm)].map(([, name, soft]) => [name!, soft!]),
  )
}

it('memory, processes, open files, cores and files are limited', () => {
  const held = limits(['cat', '/proc/self/limits'])
  expect(held.get('Max data size')).toBe('1000000000')
  expect(held.get('Max core file size')).toBe('0')
  expect(held.get('Max file size')).toBe('0')
  expect(held.get('Max open files')).toBe('259')
  expect(Number(held.get('Max processes'))).toBeGreaterThan(2000)
  expect(Number(held.get('Max processes'))).toBeLessThan(20_000)
})

it.skipIf(UID !== 0)(
  'a process that makes processes without end is refused one, and others are not (skipped without root)',
  () => {
    // A user of its own: nobody else's processes are counted, nor are its own anybody else's.
    const uid = 61_234
    const [nproc] = limitArguments(1e9, uid, 0).filter((one) => one.startsWith('--nproc='))
    expect(nproc).toBe('--nproc=2000')
    const made = spawnSync(
      'setpriv',
      [
        ...[`--reuid=${uid}`, '--clear-groups', 'prlimit', '--nproc=40'],
        ...['bash', '-c', 'for ((i = 0; i < 100; i++)); do sleep 5 & done; jobs -p | wc -l; kill $(jobs -p)'],
      ],
      { encoding: 'utf8' },
    )
    expect(made.stderr).toContain('fork')
    expect(Number.parseInt(made.stdout, 10) || 0).toBeLessThan(40)
  },
)
