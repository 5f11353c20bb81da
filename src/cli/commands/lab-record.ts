/**
 * `seized lab links|report|verify|rotate-key|backup|run-one`: outputs from the laboratory's record, and a run of one
 * exhibit without it.
 */
import { existsSync, renameSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { readHostConfig } from '../../lab/manifest/host-config.ts'
import { readManifest } from '../../lab/manifest/manifest.ts'
import { backupLab } from '../../lab/queue/backup.ts'
import { linksOf, sharedBy } from '../../lab/queue/links.ts'
import { labStatus } from '../../lab/queue/status.ts'
import { verifyLab } from '../../lab/queue/verify-lab.ts'
import { runOne } from '../../lab/scan/run-one.ts'
import { casePage } from '../../lab/status/page.ts'
import { LAB_WORDS } from '../../lab/status/words.ts'
import { rotateKey } from '../../lab/work/rotate-key.ts'
import type { Given } from '../arguments/option.ts'
import type {
  LAB_BACKUP,
  LAB_LINKS,
  LAB_REPORT,
  LAB_ROTATE_KEY,
  LAB_RUN_ONE,
  LAB_VERIFY,
} from '../arguments/options-table.ts'
import { caseOfLedgers } from '../services/make-case.ts'
import { pauseOnSignals } from '../services/pause.ts'
import { withDatabase } from './lab.ts'

/** Without a case: links of all cases. */
export function links([caseId]: readonly string[], given: Given<typeof LAB_LINKS>): Promise<number> {
  return withDatabase(given.config, async (database) => {
    const found = await linksOf(database, caseId === undefined || caseId === '' ? null : caseId)
    for (const link of found)
      process.stdout.write(
        given.json
          ? `${JSON.stringify(link)}\n`
          : `${link.key}  ${link.exhibits.map((one) => `${one.case}/${one.exhibit} (${one.meaning}, ${one.entries})`).join('  ')}\n`,
      )
    return found.length === 0 ? EXIT.complete : EXIT.findings
  })
}

export function report([caseId]: readonly string[], given: Given<typeof LAB_REPORT>): Promise<number> {
  return withDatabase(given.config, async (database, { heads }) => {
    const status = await labStatus(database, { caseId: caseId!, archived: true })
    if (status.exhibits.length === 0) throw new UsageError(`There is no exhibit of the case ${caseId}.`)
    if (given.caseDir !== undefined) {
      const collected = status.exhibits.flatMap(({ ledgerPath }) => ledgerPath ?? [])
      const made = await caseOfLedgers(given.caseDir, caseId!, collected, heads ?? undefined)
      process.stderr.write(
        `Case ${printText(caseId!)}: ${made.folder}, ${made.exhibits} exhibit(s), added now: ${made.added.map(printText).join(', ') || 'none'}\n`,
      )
    }
    const shared = sharedBy(await linksOf(database, caseId!))
    if (given.out === undefined) {
      const exhibits = status.exhibits.map((one) => ({
        ...one,
        sharedContents: shared.get(`${one.case}/${one.exhibit}`) ?? 0,
      }))
      process.stdout.write(`${JSON.stringify({ utc: status.utc, case: caseId, exhibits })}\n`)
    } else {
      if (existsSync(given.out) && !given.overwrite)
        throw new UsageError(`${given.out} exists already: name another file, or --overwrite.`, {
          code: 'output-unwritable',
        })
      writeFileSync(`${given.out}.partial`, casePage(status, `${LAB_WORDS.case} ${caseId}`, shared))
      renameSync(`${given.out}.partial`, given.out)
    }
    return EXIT.complete
  })
}

export function verify(_: readonly string[], given: Given<typeof LAB_VERIFY>): Promise<number> {
  return withDatabase(given.config, async (database) => {
    const { problems, notes, audit, head, ledgers } = await verifyLab(database, !given.quick)
    for (const one of problems) process.stdout.write(`PROBLEM  ${printText(one)}\n`)
    for (const one of notes) process.stdout.write(`note     ${printText(one)}\n`)
    process.stdout.write(`${audit} acts in the audit, ${ledgers} ledgers; audit head ${head}\n`)
    return problems.length === 0 ? EXIT.complete : EXIT.ledgerDamaged
  })
}

/** Runs on the host itself, because the files belong to the host's account. */
export function rotate([file]: readonly string[], given: Given<typeof LAB_ROTATE_KEY>): Promise<number> {
  return withDatabase(given.config, async (database, { lab }) => {
    const { fingerprint, kept } = await rotateKey(database, lab, resolve(file!), given.reason)
    process.stdout.write(
      `${lab.host} signs with ${fingerprint} from now on; the key before it is ${printText(kept)}\n`,
    )
    return EXIT.complete
  })
}

export function backup([file]: readonly string[], given: Given<typeof LAB_BACKUP>): Promise<number> {
  const out = resolve(file!)
  if (existsSync(out)) throw new UsageError(`${out} exists already: name another file.`)
  return withDatabase(given.config, async (_, { lab }) => {
    process.stdout.write(`${backupLab(lab, out)}  ${printText(out)}\n`)
    return EXIT.complete
  })
}

export async function one([file]: readonly string[], given: Given<typeof LAB_RUN_ONE>): Promise<number> {
  const { index, shard } = given
  const isManifest = file !== undefined && file !== ''
  if (shard !== undefined && !isManifest && index === undefined)
    return (await import('./lab-shard.ts')).shard({ ...given, shard })
  if (shard !== undefined || !isManifest || index === undefined)
    throw new UsageError('lab run-one takes a manifest with --index, or --shard FILE.')
  const pausing = pauseOnSignals()
  try {
    const { outcome, exitCode } = await runOne({
      manifest: readManifest(file),
      index,
      config: readHostConfig(given.config),
      out: resolve(given.out),
      workers: given.workers,
      signal: pausing.signal,
    })
    process.stdout.write(`${JSON.stringify(outcome)}\n`)
    return exitCode
  } finally {
    pausing.dispose()
  }
}
