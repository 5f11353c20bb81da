/** Takes a manifest into the queue, whole or not at all. */
import { UsageError } from '../../base/errors.ts'
import type { HostConfig } from '../manifest/host-config.ts'
import { type Manifest, PRIORITIES } from '../manifest/manifest.ts'
import { orderOf } from '../scan/order.ts'
import type { Database } from './database.ts'

export interface Submitted {
  readonly exhibit: string
  readonly id: string
}

/**
 * Lists and profile are pinned here by the digests of this machine's configuration: a host whose configuration differs does not take
 * the exhibit.
 *
 * @throws UsageError when the same exhibit with the same order is there already
 */
export function submitManifest(
  database: Database,
  manifest: Manifest,
  config: HostConfig,
): Promise<Submitted[]> {
  const orders = manifest.exhibits.map((exhibit) => orderOf(manifest, exhibit, config))
  return database.transaction(async (asker) => {
    await asker.rows(
      'INSERT INTO lab.manifest (sha256, text) VALUES ($1, $2) ON CONFLICT (sha256) DO NOTHING',
      [manifest.sha256, manifest.text],
    )
    const submitted: Submitted[] = []
    for (const { exhibit, digest, caseId } of orders) {
      const [row] = await asker.rows<{ id: string }>(
        `INSERT INTO lab.exhibit (case_id, name, manifest, order_digest, priority, due_by, min_memory_gb)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (case_id, name, order_digest) WHERE state <> 'cancelled' DO NOTHING RETURNING id`,
        [
          ...[caseId, exhibit.id, manifest.sha256, digest],
          ...[PRIORITIES[exhibit.priority], exhibit.dueBy, exhibit.minMemoryGB],
        ],
      )
      if (row === undefined) {
        const [first] = await asker.rows<{ id: string; state: string }>(
          `SELECT id, state FROM lab.exhibit
           WHERE case_id = $1 AND name = $2 AND order_digest = $3 AND state <> 'cancelled'`,
          [caseId, exhibit.id, digest],
        )
        throw new UsageError(
          `Exhibit ${exhibit.id} of case ${caseId} was submitted already with the same order: it is number ${first?.id}, ${first?.state}. Nothing of this manifest was taken.`,
        )
      }
      await asker.rows('SELECT lab.note($1, $2)', [
        'submitted',
        JSON.stringify({
          id: row.id,
          case: caseId,
          exhibit: exhibit.id,
          manifest: manifest.sha256,
          priority: exhibit.priority,
          ...(exhibit.reason === null ? {} : { reason: exhibit.reason }),
        }),
      ])
      submitted.push({ exhibit: exhibit.id, id: row.id })
    }
    return submitted
  })
}
