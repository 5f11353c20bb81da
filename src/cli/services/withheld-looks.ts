/** Why a run analyses everything itself although it was told to share: what must stay on its own host. */

/** @param hosts that the run may ask; `keys`: none, because keys were given @param ownHeads of the agency, in the plan
 * @returns why this run asks no other host although it was told to; null: it asks, or was not told */
export function withheldFrom(hosts: object | 'keys' | null, ownHeads: number): string | null {
  if (hosts === null) return null
  if (hosts === 'keys')
    return 'Analysis is not shared with other hosts: keys were given for this exhibit, and keys stay on this host.'
  return ownHeads === 0
    ? null
    : 'Analysis is not shared with other hosts: a model of the agency opens by a passphrase, which stays on this host.'
}
