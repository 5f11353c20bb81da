/**
 * `npm run soak:lab -- --exhibits 300 --hosts 5 --kills 200 --freezes 20 --restores 3 --rotations 20`: a laboratory whose parts are
 * killed, frozen and restored at random (lab-soak.ts). Needs Debian's postgresql; exit 1: a promise was not kept.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { hasPostgres, Postgres } from '../../fixtures/postgres.ts'
import { soakLab } from './lab-soak.ts'

const WHOLE = { exhibits: 300, hosts: 5, kills: 200, freezes: 20, restores: 3, rotations: 20, seed: 1 }

const { values } = parseArgs({
  options: Object.fromEntries(Object.keys(WHOLE).map((name) => [name, { type: 'string' as const }])),
})
const wishes = Object.fromEntries(
  Object.entries(WHOLE).map(([name, usual]) => [name, Number(values[name] ?? usual)]),
) as typeof WHOLE
if (Object.values(wishes).some((one) => !Number.isSafeInteger(one) || one < 0))
  throw new Error('counts are whole numbers')
if (!hasPostgres) throw new Error('PostgreSQL is needed: apt-get install postgresql')

const folder = mkdtempSync(join(tmpdir(), 'seized-soak-lab-'))
const postgres = await Postgres.make()
const began = Date.now()
try {
  const { faults, facts } = await soakLab(folder, postgres, wishes, (text) =>
    console.log(`${new Date().toISOString()} ${text}`),
  )
  for (const [name, value] of Object.entries(facts)) console.log(`${name.padEnd(34)} ${value}`)
  for (const fault of faults) console.log(`FAULT ${fault}`)
  console.log(`${faults.length} faults, ${Math.round((Date.now() - began) / 1000)} s`)
  process.exitCode = faults.length === 0 ? 0 : 1
  if (faults.length === 0) rmSync(folder, { recursive: true, force: true })
  else console.log(`kept: ${folder}`)
} finally {
  await postgres.end()
}
