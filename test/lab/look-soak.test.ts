/** Hosts that analyse for a scan, killed at random. Scaled down here; the whole: `npm run soak:look -- --kills 100` (scripts/soak/look.ts). */
import { expect, it } from 'vitest'
import { soakLook } from '../../scripts/soak/look-soak.ts'
import { temporaryFolder } from '../e2e/seized.ts'
import { WHOLE } from '../whole.ts'

it.skipIf(!WHOLE)(
  '33 B10: comes to the digests of one host with 1, 2 and 4 hosts that are killed at random, and leaves nothing behind',
  async () => {
    const { faults, facts } = await soakLook(temporaryFolder(), { kills: 6, pictures: 96, seed: 1 }, () => {})
    expect(faults).toEqual([])
    expect(Object.values(facts.killed).reduce((sum, one) => sum + one, 0)).toBeGreaterThanOrEqual(6)
  },
  1_200_000,
)
