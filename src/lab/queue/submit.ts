/** Takes a manifest into the queue, whole or not at all. */
import type { HostConfig } from '../manifest/host-config.ts'
import { type Manifest, PRIORITIES } from '../manifest/manifest.ts'
import { orderOf } from '../scan/order.ts'
import type { Asker } from './database.ts'

export interface Submitted {
  readonly exhibit: string
  readonly id: string
}

/**
 * Pins lists and profile by the digests of this machine's configuration: a host with another configuration does not
 * take the exhibit.
 *
 * @throws the database's error when the same exhibit with the same order exists
 */
export async function submitManifest(
  asker: Asker,
  manifest: Manifest,
  config: HostConfig,
): Promise<readonly Submitted[]> {
  const orders = manifest.exhibits.map((exhibit) => ({
    exhibit: exhibit.id,
    digest: orderOf(manifest, exhibit, config).digest,
    priority: PRIORITIES[exhibit.priority],
    minMemoryGB: exhibit.minMemoryGB,
  }))
  const [row] = await asker.rows<{ taken: Submitted[] }>('SELECT lab.submit($1, $2, $3) AS taken', [
    manifest.sha256,
    manifest.text,
    JSON.stringify(orders),
  ])
  return row!.taken
}
