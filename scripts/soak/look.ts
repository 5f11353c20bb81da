/**
 * `npm run soak:look -- --kills 100 --pictures 256 --seed 1`: hosts that analyse for a scan are killed at random (look-soak.ts). Exit 1: a
 * promise was not kept.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { soakLook } from './look-soak.ts'

const WHOLE = { kills: 100, pictures: 256, seed: 1 }

const { values } = parseArgs({
  options: Object.fromEntries(Object.keys(WHOLE).map((name) => [name, { type: 'string' as const }])),
})
const wishes = Object.fromEntries(
  Object.entries(WHOLE).map(([name, usual]) => [name, Number(values[name] ?? usual)]),
) as typeof WHOLE
if (Object.values(wishes).some((one) => !Number.isSafeInteger(one) || one < 0))
  throw new Error('counts are whole numbers')

const folder = mkdtempSync(join(tmpdir(), 'seized-soak-look-'))
const began = Date.now()
const { faults, facts } = await soakLook(folder, wishes, (text) =>
  console.log(`${new Date().toISOString()} ${text}`),
)
for (const [name, value] of Object.entries(facts)) console.log(`${name.padEnd(10)} ${JSON.stringify(value)}`)
for (const fault of faults) console.log(`FAULT ${fault}`)
console.log(`${faults.length} faults, ${Math.round((Date.now() - began) / 1000)} s`)
process.exitCode = faults.length === 0 ? 0 : 1
if (faults.length === 0) rmSync(folder, { recursive: true, force: true })
else console.log(`kept: ${folder}`)
