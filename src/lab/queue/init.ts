/** Sets up the laboratory's database, or brings it to this program's version: schema, roles, logins. */
import { UsageError } from '../../base/errors.ts'
import { WORK } from '../schema/at-work.ts'
import { AUDIT } from '../schema/audit.ts'
import { BOOKING } from '../schema/booking.ts'
import { GRANTS } from '../schema/grants.ts'
import { HOSTS } from '../schema/hosts.ts'
import { ORDERS } from '../schema/orders.ts'
import { ROLES } from '../schema/roles.ts'
import { SHARDS, UPGRADE_TO_3 } from '../schema/shards.ts'
import { TABLES } from '../schema/tables.ts'
import { SCHEMA_VERSION, UPGRADE_TO_2 } from '../schema/upgrade.ts'
import type { Asker, Database } from './database.ts'
import type { Login } from './login.ts'

const UPGRADES: readonly string[] = [UPGRADE_TO_2, UPGRADE_TO_3]
const FUNCTIONS = [AUDIT, HOSTS, WORK, BOOKING, ORDERS, SHARDS]

/** Keeps existing parts. @returns names of the created parts */
export function initLab(database: Database, logins: readonly Login[]): Promise<string[]> {
  return database.transaction(async (asker) => {
    const made: string[] = []
    const there = async (name: string) =>
      (await asker.rows('SELECT 1 FROM pg_roles WHERE rolname = $1', [name])).length > 0
    for (const role of Object.values(ROLES))
      if (!(await there(role))) {
        await asker.rows(`CREATE ROLE "${role}" NOLOGIN`)
        made.push(role)
      }
    const [schema] = await asker.rows("SELECT 1 FROM pg_namespace WHERE nspname = 'lab'")
    if (schema === undefined) {
      await asker.rows(TABLES)
      made.push('schema lab')
    }
    const before = await upgrade(asker)
    if (schema !== undefined && before < SCHEMA_VERSION)
      made.push(`schema lab of version ${SCHEMA_VERSION} from version ${before}`)
    for (const { role, name } of logins) {
      if (!(await there(name))) {
        await asker.rows(`CREATE ROLE "${name}" LOGIN`)
        made.push(name)
      }
      await asker.rows(`GRANT "${ROLES[role]}" TO "${name}"`)
    }
    if (made.length > 0) await asker.rows('SELECT lab.note($1, $2)', ['initialised', made.join(', ')])
    return made
  })
}

/** @returns the version that was found. @throws UsageError when this program does not know it */
async function upgrade(asker: Asker): Promise<number> {
  const [about] = await asker.rows<{ version: number }>('SELECT version FROM lab.about')
  const version = about?.version ?? 0
  if (version < 1 || version > SCHEMA_VERSION)
    throw new UsageError(
      `The database holds a laboratory of version ${version}; this program knows 1 to ${SCHEMA_VERSION}.`,
    )
  for (const sql of UPGRADES.slice(version - 1)) await asker.rows(sql)
  if (version < SCHEMA_VERSION) {
    for (const sql of [...FUNCTIONS, GRANTS]) await asker.rows(sql)
    await asker.rows('UPDATE lab.about SET place = lab.place()')
  }
  return version
}
