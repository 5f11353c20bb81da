/** The host's row in the laboratory: its heartbeat, its resources, and whether it takes work. */
import { availableParallelism, totalmem } from 'node:os'
import { canonicalJson } from '../../base/canonical-json.ts'
import { VERSION } from '../../base/version.ts'
import type { HostConfig, LabConfig } from '../manifest/host-config.ts'
import type { Asker } from '../queue/database.ts'
import { freeBytes } from '../scan/examine-exhibit.ts'
import { shortDigest } from './attempt-run.ts'
import type { HostKeys } from './host-keys.ts'

/** Identifies the host's program, lists and profiles; hosts that differ have different values. */
function programOf({ hashsets, privileged, profiles }: HostConfig): string {
  const lists = [hashsets, privileged, profiles].map((map) => Object.fromEntries(map))
  return `${VERSION} ${process.version} ${shortDigest(canonicalJson(lists))}`
}

export interface Present {
  /** {@link machineId}. */
  readonly machine: string
  /** Id of this process alone. */
  readonly worker: string
}

/** @throws DatabaseAway; the database's error for a second machine or process of one name, or for an unknown key */
export async function heartbeat(
  asker: Asker,
  config: HostConfig & { readonly lab: LabConfig },
  { publicKey }: HostKeys,
  { machine, worker }: Present,
  isBusy: boolean,
): Promise<void> {
  const { lab, minFreeBytes } = config
  const room = Math.min(freeBytes(lab.ledgers), freeBytes(lab.collection))
  const about = {
    cores: availableParallelism(),
    memoryGB: Math.round(totalmem() / 1e9),
    program: programOf(config),
    state: room < minFreeBytes ? 'full' : isBusy ? 'busy' : 'ready',
    freeBytes: Math.round(room),
  }
  await asker.rows('SELECT lab.present($1, $2, $3, $4, $5)', [
    ...[lab.host, machine, worker, JSON.stringify(about), publicKey],
  ])
}
