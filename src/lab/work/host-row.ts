/** What the laboratory knows of a host: that it lives, what it has, whether it takes work. */
import { availableParallelism, totalmem } from 'node:os'
import { canonicalJson } from '../../base/canonical-json.ts'
import { VERSION } from '../../base/version.ts'
import type { HostConfig, LabConfig } from '../manifest/host-config.ts'
import type { Asker, Database } from '../queue/database.ts'
import { freeBytes } from '../scan/examine-exhibit.ts'
import { type HostKeys, shortDigest } from './attempt-run.ts'

/** Hosts whose program, lists or profiles differ have another. */
function programOf({ hashsets, privileged, profiles }: HostConfig): string {
  const lists = [hashsets, privileged, profiles].map((map) => Object.fromEntries(map))
  return `${VERSION} ${process.version} ${shortDigest(canonicalJson(lists))}`
}

export async function heartbeat(
  database: Database,
  config: HostConfig & { readonly lab: LabConfig },
  { publicKey }: HostKeys,
  isBusy: boolean,
): Promise<void> {
  const { lab, minFreeBytes } = config
  const room = Math.min(freeBytes(lab.ledgers), freeBytes(lab.collection))
  const state = room < minFreeBytes ? 'full' : isBusy ? 'busy' : 'ready'
  await database.rows(
    `INSERT INTO lab.host (name, cores, memory_gb, program, public_key, state, free_bytes) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (name) DO UPDATE SET cores = $2, memory_gb = $3, program = $4, public_key = $5, state = $6, free_bytes = $7,
       heartbeat = now()`,
    [
      ...[lab.host, availableParallelism(), Math.round(totalmem() / 1e9), programOf(config), publicKey],
      ...[state, Math.round(room)],
    ],
  )
}

export async function isDrained(asker: Asker, host: string): Promise<boolean> {
  const [row] = await asker.rows<{ drained: boolean }>(
    'SELECT drained AND (drained_until IS NULL OR drained_until > now()) AS drained FROM lab.host WHERE name = $1',
    [host],
  )
  return row?.drained ?? false
}
