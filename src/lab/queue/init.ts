/** Sets up the laboratory's database: schema, four roles, logins. */
import { UsageError } from '../../base/errors.ts'
import type { Database } from './database.ts'
import type { Login } from './login.ts'
import { ROLES } from './roles.ts'
import { GRANTS, SCHEMA, SCHEMA_VERSION } from './schema.ts'

/** What is there already stays. @returns what was made, a word each */
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
      await asker.rows(SCHEMA)
      await asker.rows(GRANTS)
      made.push('schema lab')
    } else {
      const [about] = await asker.rows<{ version: number }>('SELECT version FROM lab.about')
      if (about?.version !== SCHEMA_VERSION)
        throw new UsageError(
          `The database holds a laboratory of version ${about?.version}; this program knows ${SCHEMA_VERSION}.`,
        )
    }
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
