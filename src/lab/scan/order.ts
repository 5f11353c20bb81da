/**
 * One exhibit with all settings of this machine: the editions in the manifest resolved by the machine's configuration.
 */
import { createHash } from 'node:crypto'
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { canonicalJson } from '../../base/canonical-json.ts'
import { UsageError } from '../../base/errors.ts'
import type { AcceleratorName } from '../../contracts/accelerator.ts'
import { type Profile, profileWords } from '../../scan-options.ts'
import { type HashSetFile, type HostConfig, type ListedFile, profileDigest } from '../manifest/host-config.ts'
import type { Manifest, ManifestExhibit } from '../manifest/manifest.ts'

/** A keys file of one exhibit: its place, never what it holds. */
export interface OrderKeys {
  readonly file: string
  /** Legal basis for opening with keys. */
  readonly basis: string
}

export interface Order {
  readonly caseId: string
  readonly examiner: string
  readonly exhibit: ManifestExhibit
  readonly profile: Profile
  readonly hashsets: readonly HashSetFile[]
  readonly privileged: ListedFile | null
  /** A batch gives them; a laboratory takes none. */
  readonly keys?: OrderKeys
  /** Absent: the main processor. */
  readonly accelerator?: AcceleratorName
  /** Digest of all settings that decide about the result: two orders with the same digest give the same result. */
  readonly digest: string
}

/** @throws UsageError naming the item that this machine lacks */
export function orderOf(manifest: Manifest, exhibit: ManifestExhibit, config: HostConfig): Order {
  const profile = config.profiles.get(manifest.profile)
  if (!profile)
    throw new UsageError(
      `The configuration knows no profile "${manifest.profile}"; it knows ${[...config.profiles.keys()].join(', ') || 'none'}.`,
    )
  const hashsets = exhibit.hashsets.map((name) => listed(config.hashsets, name, 'hash list'))
  const privileged =
    exhibit.privileged === null ? null : listed(config.privileged, exhibit.privileged, 'privilege list')
  const { caseId, examiner } = manifest
  // Of another class: a host without it has another digest, and does not take the exhibit.
  const accelerated = config.accelerator === null ? {} : { accelerator: config.accelerator }
  const digest = createHash('sha256')
    .update(
      canonicalJson({
        caseId,
        exhibit: exhibit.id,
        image: exhibit.image,
        profile: profileDigest(profile),
        hashsets: hashsets.map(({ declared, sha256 }) => ({ declared, sha256 })),
        privileged: privileged?.sha256 ?? null,
        textBasis: exhibit.textBasis,
        ...accelerated,
      }),
    )
    .digest('hex')
  return { caseId, examiner, exhibit, profile, hashsets, privileged, ...accelerated, digest }
}

function listed<T>(lists: ReadonlyMap<string, T>, name: string, what: string): T {
  const found = lists.get(name)
  if (found === undefined)
    throw new UsageError(
      `The configuration knows no ${what} "${name}"; it knows ${[...lists.keys()].join(', ') || 'none'}.`,
    )
  return found
}

/**
 * Called before the exhibit is read. @throws UsageError when a list differs from the one that the configuration pins
 */
export function requireLists({ hashsets, privileged }: Pick<Order, 'hashsets' | 'privileged'>): void {
  for (const { file, sha256 } of [...hashsets, ...(privileged ? [privileged] : [])]) {
    if (!existsSync(file))
      throw new UsageError(`${file}: the list is not there.`, { code: 'list-unreadable' })
    const found = digestOf(file)
    if (found !== sha256)
      throw new UsageError(
        `${file} has the SHA-256 ${found}, and the configuration pins ${sha256}: it is not the edition that is named.`,
        { code: 'list-unreadable' },
      )
  }
}

/** The digest of a file is reused while its size, times and inode are unchanged. */
const digests = new Map<string, { readonly stamp: string; readonly sha256: string }>()

function digestOf(file: string): string {
  const { size, mtimeNs, ctimeNs, ino } = statSync(file, { bigint: true })
  const stamp = `${size} ${mtimeNs} ${ctimeNs} ${ino}`
  const known = digests.get(file)
  if (known?.stamp === stamp) return known.sha256
  const sha256 = readSha256(file)
  digests.set(file, { stamp, sha256 })
  return sha256
}

export function readSha256(file: string): string {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(1 << 20)
  const fd = openSync(file, 'r')
  try {
    for (let n = readSync(fd, buffer); n > 0; n = readSync(fd, buffer)) hash.update(buffer.subarray(0, n))
  } finally {
    closeSync(fd)
  }
  return hash.digest('hex')
}

/** Words of `seized scan`. */
export function scanWords(order: Order, ledger: string, workers: number, heads: string | null): string[] {
  const { caseId, examiner, exhibit, profile, hashsets, privileged, keys, accelerator } = order
  const bases = new Set([exhibit.textBasis, keys?.basis].flatMap((one) => one ?? []))
  return [
    'scan',
    exhibit.image,
    `--case=${caseId}`,
    `--exhibit=${exhibit.id}`,
    `--examiner=${examiner}`,
    `--ledger=${ledger}`,
    ...(exhibit.acquisitionHash === null ? [] : [`--acquisition-hash=${exhibit.acquisitionHash}`]),
    ...hashsets.map(({ declared, file }) => `--hashset=${declared}:${file}`),
    ...(exhibit.textBasis === null ? [] : ['--text']),
    ...(keys === undefined ? [] : [`--keys=${keys.file}`]),
    ...(bases.size === 0 ? [] : [`--basis=${[...bases].join('; ')}`]),
    ...(privileged === null ? [] : [`--privileged=${privileged.file}`]),
    ...profileWords(profile, 'scan'),
    ...(accelerator === undefined ? [] : [`--accelerator=${accelerator}`]),
    ...common(workers, heads),
  ]
}

export function resumeWords(
  { exhibit, profile, keys, accelerator }: Order,
  ledger: string,
  workers: number,
  heads: string | null,
): string[] {
  return [
    'resume',
    ledger,
    `--mount=${exhibit.image}`,
    '--if-sealed=ok',
    ...(keys === undefined ? [] : [`--keys=${keys.file}`]),
    ...profileWords(profile, 'resume'),
    ...(accelerator === undefined ? [] : [`--accelerator=${accelerator}`]),
    ...common(workers, heads),
  ]
}

function common(workers: number, heads: string | null): string[] {
  return ['--progress=json', `--workers=${workers}`, ...(heads === null ? [] : [`--heads=${heads}`])]
}
