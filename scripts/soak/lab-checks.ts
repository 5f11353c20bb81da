/** What must hold of a laboratory after a soak, asked of its tables, its collection and its hosts apart. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Postgres } from '../../fixtures/postgres.ts'
import { type SoakLab, seized } from './lab-made.ts'
import { processesNaming } from './lab-workers.ts'

interface Checked {
  readonly faults: readonly string[]
  readonly facts: Readonly<Record<string, number | string>>
}

/** @param expected evidence digests of an undisturbed run, by `CASE/EXHIBIT` */
export async function checkedLab(
  lab: SoakLab,
  postgres: Postgres,
  expected: ReadonlyMap<string, string>,
): Promise<Checked> {
  const faults: string[] = []
  const booked = postgres.sql(
    `SELECT e.case_id || '/' || e.name, e.state, o.evidence_digest, o.ledger_path, o.signed::jsonb->>'case', o.signed::jsonb->>'exhibit'
     FROM lab.exhibit e LEFT JOIN lab.outcome o ON o.exhibit = e.id AND NOT o.superseded AND o.taken_back IS NULL
     WHERE e.state <> 'cancelled'`,
  ).rows
  const seen = new Map<string, number>()
  for (const row of booked) {
    const [name, state, evidence, ledger, caseId, exhibit] = row.split('|') as [string, ...string[]]
    seen.set(name, (seen.get(name) ?? 0) + 1)
    if (state !== 'finished') faults.push(`lost: ${name} is ${state}`)
    else if (evidence !== expected.get(name))
      faults.push(`booked wrongly: ${name} has the digest ${evidence}`)
    else if (`${caseId}/${exhibit}` !== name)
      faults.push(`booked wrongly: ${name} states ${caseId}/${exhibit}`)
    else faults.push(...wrongLedger(name, ledger!, evidence!))
  }
  for (const name of expected.keys())
    if (!seen.has(name)) faults.push(`lost: ${name} is not in the laboratory`)
  for (const [name, times] of seen) if (times > 1) faults.push(`twice: ${name} has ${times} results`)
  const late = postgres.sql(
    `SELECT e.case_id || '/' || e.name, o.evidence_digest FROM lab.outcome o JOIN lab.exhibit e ON e.id = o.exhibit WHERE o.superseded`,
  ).rows
  for (const row of late) {
    const [name, evidence] = row.split('|') as [string, string]
    if (evidence !== expected.get(name)) faults.push(`a superseded result of ${name} differs`)
  }
  const verified = seized('lab', 'verify', '--config', lab.owner)
  if (verified.status !== 0) faults.push(`lab verify: ${verified.stdout}${verified.stderr}`)
  faults.push(...leftOnHosts(lab), ...(await leftRunning(lab)))
  const count = (sql: string) => postgres.sql(sql).rows.join(', ')
  return {
    faults,
    facts: {
      attempts: count('SELECT state, count(*) FROM lab.attempt GROUP BY 1 ORDER BY 1'),
      'superseded results, equal': late.length,
      'results set aside': count('SELECT count(*) FROM lab.aside'),
      'reasons of those': count(
        "SELECT split_part(why, ';', 1), count(*) FROM lab.aside GROUP BY 1 ORDER BY 1",
      ),
      'keys of hosts': count('SELECT count(*) FROM lab.host_key'),
      verified: verified.stdout.trim().split('\n').at(-1) ?? '',
    },
  }
}

/** The collected ledger itself names its exhibit, whatever the database says. */
function wrongLedger(name: string, ledger: string, evidence: string): string[] {
  const { stdout, stderr } = seized('summary', ledger, '--json')
  if (stdout === '') return [`no ledger of ${name}: ${stderr.trim()}`]
  const of = JSON.parse(stdout)
  return `${of.case}/${of.exhibit}` === name && of.evidenceDigest === evidence
    ? []
    : [`booked wrongly: the ledger of ${name} is of ${of.case}/${of.exhibit}`]
}

/** No result still waits; each that was set aside has its reason and is of an exhibit that the laboratory has. */
function leftOnHosts({ folder, hosts }: SoakLab): string[] {
  return [...hosts.keys()].flatMap((host) => {
    const at = (name: string) => {
      const path = join(folder, host, 'ledgers', name)
      return existsSync(path) ? readdirSync(path).map((one) => join(path, one)) : []
    }
    const waiting = at('pending').map((file) => `a result waits on ${host}: ${file}`)
    const aside = at('aside').filter((file) => file.endsWith('.json'))
    return [
      ...waiting,
      ...aside
        .filter((file) => readFileSync(`${file}.reason.txt`, 'utf8').trim() === '')
        .map((file) => `set aside without a reason: ${file}`),
    ]
  })
}

async function leftRunning({ folder }: SoakLab): Promise<string[]> {
  const running = () => processesNaming(folder).filter((line) => line.includes('seized.js'))
  for (let i = 0; i < 300 && running().length > 0; i++) await wait(100)
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').includes(folder)
  return [...running().map((line) => `left running: ${line.trim()}`), ...(mounts ? ['a mount is left'] : [])]
}
