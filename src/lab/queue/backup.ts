/** Copies the laboratory's database by pg_dump(1): all tables with the audit. Ledgers are in the collection. */
import { spawnSync } from 'node:child_process'
import { readFileSync, renameSync, rmSync } from 'node:fs'
import { TryAgain, UsageError } from '../../base/errors.ts'
import type { LabConfig } from '../manifest/host-config.ts'
import { readSha256 } from '../scan/order.ts'

/** @returns SHA-256 of the file. @throws UsageError when pg_dump is not installed; TryAgain with its words */
export function backupLab(
  { database, caFile, certFile, keyFile, passwordFile }: LabConfig,
  file: string,
): string {
  const partial = `${file}.partial-${process.pid}`
  const { status, stderr, error } = spawnSync(
    'pg_dump',
    ['--format=custom', '--schema=lab', `--file=${partial}`, `--dbname=${database}`],
    {
      encoding: 'utf8',
      env: {
        ...process.env,
        ...(caFile === null ? {} : { PGSSLROOTCERT: caFile, PGSSLMODE: 'verify-full' }),
        ...(certFile === null ? {} : { PGSSLCERT: certFile }),
        ...(keyFile === null ? {} : { PGSSLKEY: keyFile }),
        ...(passwordFile === null ? {} : { PGPASSWORD: readFileSync(passwordFile, 'utf8').trim() }),
      },
    },
  )
  if (error)
    throw new UsageError('pg_dump is needed and could not be started: install postgresql-client.', {
      cause: error,
    })
  if (status !== 0) {
    rmSync(partial, { force: true })
    throw new TryAgain(
      `pg_dump did not finish: ${stderr.trim().split('\n').at(-1) ?? ''}`,
      'output-unwritable',
    )
  }
  renameSync(partial, file)
  return readSha256(file)
}
