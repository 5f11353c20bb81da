/** Groups that logins belong to; the owner of the schema (who runs `lab init`) administers. */
export const ROLES = { submit: 'seized_submit', worker: 'seized_worker', reader: 'seized_reader' } as const
export type RoleName = keyof typeof ROLES
