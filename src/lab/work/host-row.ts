/** What the laboratory knows of a host: that it lives, what it has, whether it takes work. */
import { availableParallelism, totalmem } from 'node:os'
import { canonicalJson } from '../../base/canonical-json.ts'
import { VERSION } from '../../base/version.ts'
import type { HostConfig, LabConfig } from '../manifest/host-config.ts'
import type { Asker } from '../queue/database.ts'
import { freeBytes } from '../scan/examine-exhibit.ts'
import { shortDigest } from './attempt-run.ts'
import type { HostKeys } from './host-keys.ts'

/** Hosts whose program, lists or profiles differ have another. */
function programOf({ hashsets, privileged, profiles }: HostConfig): string {
  const lists = [hashsets, privileged, profiles].map((map) => Object.fromEntries(map))
  return `${VERSION} ${process.version} ${shortDigest(canonicalJson(lists))}`
}

export interface Present {
  /** {@link machineId}. */
  readonly machine: string
  /** Of this process alone. */
  readonly worker: string
}

/** @throws DatabaseAway; what the database says to a second machine or process of one name, or to a key that it does not know */
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
