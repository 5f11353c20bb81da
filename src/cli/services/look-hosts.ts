/** Other hosts that analyse contents of an image for a scan: the folder through which they are reached, and what each shard states. */
import { resolve } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { multipliesBytesExactly } from '../../classify/eight-bits.ts'
import type { Accelerator } from '../../contracts/accelerator.ts'
import type { Secret } from '../../contracts/lock.ts'
import { lookClass } from '../../host/decoder/look-class.ts'
import { imageSample } from '../../host/held/image-sample.ts'
import { ShardFolder } from '../../host/shards/shard-folder.ts'
import { digestPartsAside } from '../../parts/index.ts'
import type { LookHosts } from '../../pipeline/parts.ts'
import type { Conduct } from './conduct.ts'
import { type OpenExhibit, refuseOutputInside } from './open-exhibit.ts'
import { processorFeatures } from './tool-info.ts'

/**
 * @returns null without the option; `keys` where the run was given keys: they stay on this host
 * @throws UsageError for a mount
 */
export async function lookHostsAt(
  folder: string | undefined,
  opened: OpenExhibit,
  secrets: readonly Secret[],
  accelerator: Accelerator | null,
  checking: Pick<LookHosts, 'checkedPercent' | 'before'>,
): Promise<Conduct['lookHosts']> {
  if (folder === undefined) return null
  const { held, exhibit } = opened
  if (held === null)
    throw new UsageError(
      '--look-shards needs the image itself: other hosts read the same image, not a mount of it.',
    )
  refuseOutputInside(exhibit, resolve(folder), '--look-shards')
  if (secrets.length > 0) return 'keys'
  const exchange = new ShardFolder(resolve(folder))
  exchange.clear()
  const { path, segments } = held
  const seed = exchange.folder
  return {
    ...checking,
    about: {
      class: await ownLookClass(accelerator),
      image: { path, segments: [...segments], seed, sample: imageSample(held, seed) },
    },
    exchange,
  }
}

/** The class of this host. */
export async function ownLookClass(accelerator: Accelerator | null): Promise<string> {
  const { sha256, nodeSha256 } = await digestPartsAside()
  const isExact = multipliesBytesExactly()
  return lookClass({
    ...{ partsSha256: sha256, nodeSha256, processorFeatures: processorFeatures(), isExact },
    accelerator,
  })
}
