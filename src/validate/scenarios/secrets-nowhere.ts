/** Whether a secret stands in anything that the runs of a scenario wrote or printed. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Checks, type Observation } from '../model/observation.ts'
import type { Bench } from '../model/scenario.ts'

/** @param said output of the runs; the keys files are the operator's own */
export function secretsNowhere(
  bench: Bench,
  secrets: readonly string[],
  said: readonly string[],
): Observation {
  const checks = new Checks(
    'secrets-nowhere',
    'every file that the runs wrote, and all that they printed',
    'holds no password and no key, as text or as bytes',
  )
  const written = readdirSync(bench.folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(sqlite|jsonl|html|log)/.test(name))
    .map((name) => [name, readFileSync(join(bench.folder, name)).toString('latin1')] as const)
  for (const [name, text] of [...written, ...said.map((text) => ['output', text] as const)])
    for (const secret of secrets) {
      const forms = [secret, secret.replaceAll('-', ''), Buffer.from(secret).toString('hex'), bytesOf(secret)]
      checks.see(
        !forms.some((form) => form !== '' && text.includes(form)),
        () => `a secret stands in ${name}`,
      )
    }
  return checks.observation
}

/** Bytes of a key in hexadecimal digits; empty for any other text. */
function bytesOf(secret: string): string {
  return /^[0-9a-f]{32,}$/.test(secret) ? Buffer.from(secret, 'hex').toString('latin1') : ''
}
