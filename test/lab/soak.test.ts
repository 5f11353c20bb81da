/**
 * Workers, scans and PostgreSQL killed and frozen at random while exhibits are examined, the database brought back from a dump, keys
 * changed. Scaled down here, and left out of an ordinary run: other files of this folder do each by itself. The whole: `npm run soak:lab -- --exhibits 300 --hosts 5 --kills 200` (scripts/soak/lab.ts).
 */
import { describe, expect, it, onTestFinished } from 'vitest'
import { hasPostgres, Postgres } from '../../fixtures/postgres.ts'
import { soakLab } from '../../scripts/soak/lab-soak.ts'
import { temporaryFolder } from '../e2e/seized.ts'
import { WHOLE } from '../whole.ts'

const SMALL = { exhibits: 4, hosts: 2, kills: 4, freezes: 1, restores: 1, rotations: 1, seed: 1 }

describe.skipIf(!hasPostgres)('a laboratory whose parts are killed at random', () => {
  it.skipIf(!WHOLE)(
    '33 A1–A5: gives every exhibit its own result, once, through kills, a restore and a new key, and leaves nothing behind',
    async () => {
      const postgres = await Postgres.make()
      onTestFinished(() => postgres.end())
      const { faults, facts } = await soakLab(temporaryFolder(), postgres, SMALL, () => {})
      expect(faults).toEqual([])
      expect(facts).toMatchObject({ kills: 4, freezes: 1, restores: 1, rotations: 1 })
    },
    7_200_000,
  )
})
