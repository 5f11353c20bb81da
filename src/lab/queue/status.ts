/** State of the laboratory: exhibits with their newest attempt, hosts with their last heartbeat. */
import { URGENCY } from '../schema/at-work.ts'
import type { ExhibitState } from '../schema/tables.ts'
import type { Asker } from './database.ts'

export interface ExhibitStatus {
  readonly id: string
  readonly case: string
  readonly exhibit: string
  readonly priority: number
  readonly state: string
  readonly held: boolean
  readonly submitted: string
  /** UTC of the end of its newest attempt; null: none has ended. */
  readonly ended: string | null
  /** UTC at which a person archived it; null: not archived. */
  readonly archived: string | null
  readonly attempts: number
  readonly host: string | null
  /** Of the newest attempt. */
  readonly attemptState: string | null
  readonly code: string | null
  readonly message: string | null
  readonly progress: Readonly<Record<string, number | string>> | null
  readonly exitCode: number | null
  readonly evidenceDigest: string | null
  readonly ledgerSha256: string | null
  readonly ledgerPath: string | null
  readonly counts: Readonly<Record<string, number | boolean>> | null
  /** Number of contents that it shares with other exhibits, where the caller asked. */
  readonly shared?: number
  /** Attempts before the newest, each with its result. */
  readonly earlier: readonly {
    readonly n: number
    readonly host: string
    readonly state: string
    readonly code: string | null
  }[]
  /** Results that came after another attempt was begun. */
  readonly superseded: readonly { readonly fence: string; readonly host: string; readonly same: boolean }[]
  /** Results that were booked and that a person took back. */
  readonly takenBack: readonly { readonly fence: string; readonly utc: string; readonly why: string }[]
  /** Hosts that cannot take it, and why. */
  readonly misfits: readonly { readonly host: string; readonly why: string }[]
}

export interface HostStatus {
  readonly name: string
  readonly state: string
  readonly drained: boolean
  readonly cores: number
  readonly memoryGB: number
  readonly freeBytes: number
  readonly program: string
  readonly ageSeconds: number
}

/** A result that fits no attempt of the laboratory, so no exhibit has it. */
export interface Aside {
  readonly id: string
  readonly utc: string
  readonly host: string
  readonly why: string
  /** As the result itself states. */
  readonly case: string | null
  readonly exhibit: string | null
}

export interface LabStatus {
  readonly utc: string
  /** Results that no person has settled yet. */
  readonly asides: readonly Aside[]
  readonly exhibits: readonly ExhibitStatus[]
  readonly hosts: readonly HostStatus[]
}

export interface StatusAsked {
  /** Of one case; null: of all. */
  readonly caseId?: string | null
  /** In one state; null: in any. */
  readonly state?: ExhibitState | null
  /** Archived exhibits too. */
  readonly archived?: boolean
}

export async function labStatus(
  asker: Asker,
  { caseId = null, state = null, archived = false }: StatusAsked = {},
): Promise<LabStatus> {
  const exhibits = await asker.rows<Omit<ExhibitStatus, 'superseded' | 'misfits' | 'earlier' | 'takenBack'>>(
    `SELECT e.id, e.case_id AS "case", e.name AS exhibit, ${URGENCY} AS priority, e.state, e.held,
       to_char(e.submitted AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS submitted,
       to_char(a.ended AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS ended,
       to_char(e.archived AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS archived,
       coalesce(a.n, 0) AS attempts, a.host, a.state AS "attemptState", a.code, a.message, a.progress,
       o.exit_code AS "exitCode", o.evidence_digest AS "evidenceDigest", o.ledger_sha256 AS "ledgerSha256",
       o.ledger_path AS "ledgerPath", o.counts
     FROM lab.exhibit e
     LEFT JOIN LATERAL (SELECT * FROM lab.attempt WHERE exhibit = e.id ORDER BY n DESC LIMIT 1) a ON true
     LEFT JOIN lab.outcome o ON o.exhibit = e.id AND NOT o.superseded AND o.taken_back IS NULL
     WHERE ($1::text IS NULL OR e.case_id = $1) AND ($2::text IS NULL OR e.state = $2) AND ($3 OR e.archived IS NULL)
     ORDER BY ${URGENCY} DESC, e.id`,
    [caseId, state, archived],
  )
  const superseded = byExhibit(
    await asker.rows<{ exhibit: string; fence: string; host: string; evidence: string }>(
      `SELECT a.exhibit, a.fence, a.host, o.evidence_digest AS evidence FROM lab.outcome o JOIN lab.attempt a ON a.fence = o.fence
     WHERE o.superseded ORDER BY a.fence`,
    ),
  )
  const takenBack = byExhibit(
    await asker.rows<{ exhibit: string } & ExhibitStatus['takenBack'][number]>(
      `SELECT exhibit, fence, to_char(taken_back AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS utc, taken_back_why AS why
     FROM lab.outcome WHERE taken_back IS NOT NULL ORDER BY taken_back`,
    ),
  )
  const attempts = byExhibit(
    await asker.rows<{ exhibit: string } & ExhibitStatus['earlier'][number]>(
      `SELECT a.exhibit, a.n, a.host, a.state, a.code FROM lab.attempt a
     WHERE a.n < (SELECT max(n) FROM lab.attempt t WHERE t.exhibit = a.exhibit) ORDER BY a.exhibit, a.n`,
    ),
  )
  const misfits = byExhibit(
    await asker.rows<{ exhibit: string; host: string; why: string }>(
      `SELECT m.exhibit, m.host, m.why FROM lab.misfit m JOIN lab.exhibit e ON e.id = m.exhibit
     WHERE m.utc >= e.asked AND e.state = 'waiting' ORDER BY m.host`,
    ),
  )
  const hosts = await asker.rows<HostStatus>(
    `SELECT name, state, drained AND (drained_until IS NULL OR drained_until > now()) AS drained, cores,
       memory_gb AS "memoryGB", free_bytes::float8 AS "freeBytes", program,
       round(extract(epoch FROM now() - heartbeat))::int AS "ageSeconds" FROM lab.host ORDER BY name`,
  )
  return {
    utc: new Date().toISOString(),
    asides: await asidesOf(asker, caseId),
    exhibits: exhibits.map((one) => ({
      ...one,
      earlier: attempts.of(one).map(({ n, host, state, code }) => ({ n, host, state, code })),
      superseded: superseded.of(one).map(({ fence, host, evidence }) => ({
        ...{ fence, host, same: evidence === one.evidenceDigest },
      })),
      takenBack: takenBack.of(one).map(({ fence, utc, why }) => ({ fence, utc, why })),
      misfits: misfits.of(one).map(({ host, why }) => ({ host, why })),
    })),
    hosts,
  }
}

/** Rows of each exhibit by its id. */
function byExhibit<T extends { readonly exhibit: string }>(rows: readonly T[]) {
  const groups = new Map<string, T[]>()
  for (const row of rows) {
    const group = groups.get(row.exhibit)
    if (group === undefined) groups.set(row.exhibit, [row])
    else group.push(row)
  }
  return { of: ({ id }: { readonly id: string }): readonly T[] => groups.get(id) ?? [] }
}

async function asidesOf(asker: Asker, caseId: string | null): Promise<readonly Aside[]> {
  const rows = await asker.rows<Pick<Aside, 'id' | 'utc' | 'host' | 'why'> & { result: string }>(
    `SELECT id, to_char(utc AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS utc, host, why, result
     FROM lab.aside WHERE settled IS NULL ORDER BY id`,
  )
  return rows
    .map(({ result, ...one }) => ({ ...one, ...namedIn(result) }))
    .filter((one) => caseId === null || one.case === caseId)
}

/** A result that could not be read names no exhibit. */
function namedIn(result: string): Pick<Aside, 'case' | 'exhibit'> {
  const [, caseId = null] = /"case":"([^"\\]*)"/.exec(result) ?? []
  const [, exhibit = null] = /"exhibit":"([^"\\]*)"/.exec(result) ?? []
  return { case: caseId, exhibit }
}
