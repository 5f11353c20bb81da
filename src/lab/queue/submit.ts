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
 * Lists and profile are pinned here by the digests of this machine's configuration: a host whose configuration differs does not take
 * the exhibit.
 *
 * @throws what the database says when the same exhibit with the same order is there already
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
