/**
 * `npm run package:twice [-- --quick]`: makes the packages of the last commit in two fresh clones, with other folders, umask, time zone and an empty
 * npm cache each, and compares them byte for byte. Wants the registry, or a mirror of it.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PROGRAM_ROOT } from '../../src/base/version.ts'

const MACHINES = [
  { folder: 'a', umask: '022', zone: 'UTC' },
  { folder: 'another-machine', umask: '077', zone: 'Asia/Dhaka' },
] as const

const base = mkdtempSync(join(tmpdir(), 'seized-twice-'))
try {
  const [one, other] = MACHINES.map(({ folder, umask, zone }) => {
    const clone = join(base, folder)
    execFileSync('git', ['clone', '-q', PROGRAM_ROOT, clone])
    const env = { ...process.env, TZ: zone, npm_config_cache: join(base, `${folder} cache`) }
    execFileSync('sh', ['-c', `umask ${umask}; npm run package -- ${process.argv.slice(2).join(' ')}`], {
      cwd: clone,
      env,
      stdio: 'inherit',
    })
    const sums = readFileSync(join(clone, 'package-out/SHA256SUMS'), 'utf8').trim().split('\n')
    return new Map(sums.map((line) => line.split('  ').reverse() as [string, string]))
  })
  let failed = 0
  for (const [file, sha256] of one!) {
    const isSame = other!.get(file) === sha256
    if (!isSame) failed++
    console.log(`${isSame ? 'same   ' : 'DIFFERS'}  ${sha256}  ${file}`)
  }
  console.log(`${one!.size - failed} passed, ${failed} failed`)
  process.exitCode = failed === 0 ? 0 : 1
} finally {
  rmSync(base, { recursive: true, force: true })
}
