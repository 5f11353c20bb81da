/**
 * Reads the program, plan inputs and parts of each run. For formats 1 and 2 they come from the event that began the
 * run.
 */
import type { HashSetDeclaration } from '../../contracts/hash-set.ts'
import type { ConfinementTrial, RunEvent, RunInput, RunStart, ToolPart } from '../../contracts/ledger.ts'
import type { Db } from '../format/database.ts'

/** @param events of the ledger */
export function readStarts(db: Db, events: readonly RunEvent[]): readonly RunStart[] {
  const starts = db.prepare('SELECT number, kind, root FROM start ORDER BY number').all() as (Pick<
    RunStart,
    'kind' | 'root'
  > & { number: number })[]
  if (starts.length === 0) return startsOfEvents(events)
  const inputs = db.prepare<[number], RunInput>(
    `SELECT role, file, lower(hex(sha256)) AS sha256, declared, as_text AS text
     FROM input WHERE start = +? ORDER BY batch, ordinal`,
  )
  const parts = db.prepare<[number], ToolPart>(
    `SELECT kind, name, version, lower(hex(sha256)) AS sha256, bytes
     FROM part WHERE start = +? ORDER BY batch, ordinal`,
  )
  return starts.map(({ number, kind, root }) => ({
    kind,
    root,
    inputs: inputs.all(number).map(withDigest),
    parts: parts.all(number).map(withDigest),
  }))
}

/** hex() turns null into an empty text. */
function withDigest<T extends { readonly sha256: string | null }>(row: T): T {
  return { ...row, sha256: row.sha256 || null }
}

export function readConfinement(db: Db): readonly ConfinementTrial[] {
  const rows = db
    .prepare('SELECT child, attempt, held, detail FROM confinement ORDER BY batch, ordinal')
    .all() as (Omit<ConfinementTrial, 'held'> & { held: number })[]
  return rows.map((row) => ({ ...row, held: row.held === 1 }))
}

function startsOfEvents(events: readonly RunEvent[]): RunStart[] {
  return events.flatMap(({ event, detail }): RunStart[] => {
    if (event !== 'started' && event !== 'resumed') return []
    const { mount: root = '' } = detail
    return [{ kind: event, root, inputs: event === 'started' ? inputsOfEvent(detail) : [], parts: [] }]
  })
}

function inputsOfEvent(detail: RunEvent['detail']): RunInput[] {
  const sets = JSON.parse(detail.hashSets ?? '[]') as HashSetDeclaration[]
  const scales = JSON.parse(detail.scaleTables ?? '[]') as string[]
  const input = (role: RunInput['role'], file: string, more: Partial<RunInput> = {}): RunInput => ({
    role,
    file,
    sha256: null,
    declared: null,
    text: null,
    ...more,
  })
  return [
    ...sets.map(({ file, declared }) => input('hash-set', file, { declared: declaredText(declared) })),
    ...scales.map((file) => input('scale-table', file)),
    ...(detail.privileged === undefined ? [] : [input('privilege-list', '', { text: detail.privileged })]),
    ...(detail.terms === undefined ? [] : [input('terms', detail.terms)]),
    ...(detail.pathModel === undefined ? [] : [input('path-model', detail.pathModel)]),
  ]
}

export function declaredText(declared: HashSetDeclaration['declared']): string {
  return declared.kind === 'meaning' ? `meaning:${declared.meaning}` : `scale:${declared.scale}`
}

/** Inverse of {@link declaredText}. */
export function declarationOf({ file, declared }: RunInput): HashSetDeclaration {
  const [kind, name = ''] = /^(meaning|scale):(.*)$/s.exec(declared ?? '')?.slice(1) ?? []
  return {
    file,
    declared:
      kind === 'scale'
        ? { kind, scale: name }
        : {
            kind: 'meaning',
            meaning: name as Extract<HashSetDeclaration['declared'], { kind: 'meaning' }>['meaning'],
          },
  }
}
