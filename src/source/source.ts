/** Sources of entries: a mount that is walked, or an image that is listed. */
import type { Exhibit, Plan } from '../contracts/case.ts'
import type { EvidencePath } from '../contracts/entry.ts'
import type { ListedHeaderHashes } from '../contracts/hash-set.ts'
import type { ExhibitImage, ListedMedium, ListedRange, RangeListing } from '../contracts/image-exhibit.ts'
import type { WalkedEntry } from '../contracts/ledger.ts'
import type { Lock } from '../contracts/lock.ts'
import type { HeldImage } from '../host/held/held-image.ts'
import { locksOf } from '../host/held/opened-volumes.ts'
import { listInProcess } from '../host/lister/list-in-process.ts'
import { type Walker, walkInProcess } from '../host/walker/walk-in-process.ts'
import { byteClassesOf } from './image/byte-classes.ts'
import { damageSaid } from './image/damage-remarks.ts'

export interface ListedWith {
  /** As the ledger has it, with the damage that a verification met; null for a mount. */
  readonly image: ExhibitImage | null
  /** Header hashes of the lists; null: no list has any, or the plan does not search for them. */
  readonly beginnings: ListedHeaderHashes | null
  /** True for an entry that is recorded; absent: no entry is. */
  readonly isListed?: (path: EvidencePath) => boolean
  /** Reason why the last entry of a batch is refused, asked after each batch; null: accepted. */
  readonly refusal?: () => string | null
}

export interface Source {
  /** Every entry once, in batches. @throws UsageError when listing is not possible at all */
  list(
    plan: Pick<Plan, 'limits' | 'scope' | 'options'>,
    given: ListedWith,
  ): AsyncIterable<readonly WalkedEntry[]>
  /** Ranges and classes of an image's medium, once `list` has ended; null for a mount. */
  medium(): ListedMedium | null
  /** Files of an image that changed since the run began. */
  changed(): readonly string[]
  /** Names so far in a large folder of which no entry was emitted yet; 0: none. */
  listing(): number
  /** Ends processes that are no longer needed. */
  end(): void
}

/**
 * @param walker a process started while the lists load, so that it is ready in time
 * @param crashed called with each place at which the walk ended by itself; an error that it throws ends the listing
 */
export function mountSource(
  { root }: Exhibit,
  walker?: Walker,
  crashed?: (how: string) => Promise<void>,
): Source {
  return {
    list: ({ limits: { sparseLogicalBytes, readStallMs } }, { isListed }) =>
      walkInProcess(root, { sparseLogicalBytes, readStallMs, crashed, isListed }, walker),
    medium: () => null,
    changed: () => [],
    listing: () => walker?.listing ?? 0,
    end: () => walker?.end(),
  }
}

export function imageSource(image: HeldImage): Source {
  const listings: RangeListing[] = []
  async function* list(
    { limits, scope, options }: Pick<Plan, 'limits' | 'scope' | 'options'>,
    { image: facts, ...given }: ListedWith,
  ) {
    const { sparseLogicalBytes, readStallMs } = limits
    const { remains: asked = 'none' as const, sample = null } = options
    const remains = asked === 'carve' && options.textBasis !== null ? ('carve-text' as const) : asked
    const volumes = scope.volumes ?? null
    listings.length = 0
    const damage = damageSaid(facts)
    const settings = { sparseLogicalBytes, readStallMs, volumes, remains, sample, damage, ...given }
    for await (const said of listInProcess(image, settings)) {
      if (said.kind === 'entries') yield said.entries
      else if (said.kind === 'range') listings.push(said.listing)
    }
  }
  return {
    list,
    medium: () => ({
      ranges: listings.map(({ range }) => withLock(range, locksOf(image))),
      classes: byteClassesOf(listings),
      samples: listings.flatMap(({ samples }) => samples),
    }),
    changed: () => image.changed(),
    listing: () => 0,
    end: () => {},
  }
}

function withLock(range: ListedRange, locks: readonly Lock[]): ListedRange {
  const lock = locks.find(({ volume }) => volume === range.range.number)
  return lock === undefined ? range : { ...range, lock }
}
