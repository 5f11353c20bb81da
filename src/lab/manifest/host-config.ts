/** Configuration of a laboratory's machine: lists and profiles by edition and digest, and paths. */
import { createHash } from 'node:crypto'
import { isAbsolute } from 'node:path'
import { canonicalJson } from '../../base/canonical-json.ts'
import { ACCELERATOR_NAMES, type AcceleratorName } from '../../contracts/accelerator.ts'
import { PROFILE_PLACES, type Profile, type ProfileForm } from '../../scan-options.ts'
import { EDITION } from './manifest.ts'
import { type Field, readStrict } from './strict.ts'

export interface ListedFile {
  readonly file: string
  readonly sha256: string
}

export interface HashSetFile extends ListedFile {
  /** `illegal`, `interest`, `known`, or a scale such as `vics-us`. */
  readonly declared: string
}

export interface HostConfig {
  readonly hashsets: ReadonlyMap<string, HashSetFile>
  readonly privileged: ReadonlyMap<string, ListedFile>
  readonly profiles: ReadonlyMap<string, Profile>
  /** With less free space, no exhibit begins. */
  readonly minFreeBytes: number
  /** A scan without output for this time is ended. */
  readonly stallMs: number
  /** Journal of heads; null: that of the account. */
  readonly heads: string | null
  readonly lab: LabConfig | null
  /** On which this host analyses: part of every order and plan. Null: the main processor. */
  readonly accelerator: AcceleratorName | null
}

export interface LabConfig {
  readonly host: string
  /** `postgres://…`, without a password. */
  readonly database: string
  readonly caFile: string | null
  readonly certFile: string | null
  readonly keyFile: string | null
  readonly passwordFile: string | null
  readonly ledgers: string
  readonly collection: string
  /** Ed25519, PEM: signs outcomes. */
  readonly signingKey: string | null
  /** Keys digests that are compared across exhibits. */
  readonly linksKey: string | null
  /** Legal basis on which every content is compared with other exhibits; null: only contents with a finding. */
  readonly linksBasis: string | null
  readonly leaseMs: number
  readonly graceMs: number
  readonly notifyFolder: string | null
  readonly notifyProgram: string | null
  readonly statusPage: string | null
  readonly metricsPort: number | null
  /** Images are shared with other hosts for analysis, and this host analyses for them. */
  readonly lookShards: boolean
  /** Of what other hosts answer this host analyses at least so many percent again. */
  readonly lookShardsChecked: number
}

/** @throws UsageError with the line of the error */
export function readHostConfig(file: string): HostConfig {
  const fields = readStrict(file).root.object(
    ['config', 'hashsets', 'profiles'],
    ['privileged', 'minFreeGB', 'stallMinutes', 'heads', 'lab', 'accelerator'],
  )
  fields.config.integer(1, 1)
  return {
    hashsets: byEdition(fields.hashsets, (field) => {
      const { declared, ...one } = field.object(['declared', 'file', 'sha256'])
      return {
        declared: declared.matching(/^[a-z0-9-]+$/, 'a meaning or a scale is expected'),
        ...listedFile(one),
      }
    }),
    privileged: fields.privileged
      ? byEdition(fields.privileged, (field) => listedFile(field.object(['file', 'sha256'])))
      : new Map(),
    profiles: new Map(fields.profiles.entries().map(([name, field]) => [name, profileOf(field)])),
    minFreeBytes: (fields.minFreeGB?.integer(0, 100_000) ?? 10) * 1e9,
    stallMs: (fields.stallMinutes?.integer(1, 10_000) ?? 30) * 60_000,
    heads: fields.heads ? absolute(fields.heads) : null,
    lab: fields.lab ? labOf(fields.lab) : null,
    accelerator: fields.accelerator?.oneOf(ACCELERATOR_NAMES) ?? null,
  }
}

/** Digest of the settings that decide about findings: two hosts with the same digest scan alike. */
export function profileDigest(profile: Profile): string {
  return createHash('sha256').update(canonicalJson(profile)).digest('hex')
}

const SHA256 = /^[0-9a-f]{64}$/

function byEdition<T>(field: Field, read: (field: Field) => T): ReadonlyMap<string, T> {
  return new Map(
    field.entries().map(([name, one]) => {
      if (!EDITION.test(name)) one.fail(`"${name}" is no name with an edition, such as illegal@2026-11`)
      return [name, read(one)]
    }),
  )
}

function listedFile({ file, sha256 }: { readonly file: Field; readonly sha256: Field }): ListedFile {
  return { file: absolute(file), sha256: sha256.matching(SHA256, '64 hex digits are expected') }
}

function absolute(field: Field): string {
  const path = field.text(4096)
  return isAbsolute(path) ? path : field.fail('an absolute path is expected')
}

function profileOf(field: Field): Profile {
  const given = field.object(
    [],
    PROFILE_PLACES.map(({ key }) => key),
  ) as Readonly<Record<string, Field | undefined>>
  const stated = PROFILE_PLACES.map(({ key, form, missing }) => {
    const one = given[key]
    const value = one === undefined ? undefined : statedIn(one, form)
    // Options of later versions are left out unless set, so that the digest of an earlier order stays unchanged.
    return [key, missing === undefined && value === false ? undefined : (value ?? missing)] as const
  })
  return Object.fromEntries(stated.filter(([, value]) => value !== undefined)) as unknown as Profile
}

function statedIn(field: Field, form: ProfileForm) {
  switch (form) {
    case 'flag':
      return field.flag()
    case 'text':
      return field.text(64)
    case 'texts':
      return field.list().map((one) => one.text())
    case 'number':
      return field.integer(1, 10_000_000)
    default:
      return field.oneOf(form)
  }
}

function labOf(field: Field): LabConfig {
  const files = ['caFile', 'certFile', 'keyFile', 'passwordFile', 'signingKey', 'linksKey'] as const
  const wishes = ['notifyFolder', 'notifyProgram', 'statusPage'] as const
  const given = field.object(
    ['host', 'database', 'ledgers', 'collection'],
    [
      ...files,
      ...wishes,
      'linksBasis',
      'leaseSeconds',
      'graceMinutes',
      'metricsPort',
      'lookShards',
      'lookShardsChecked',
    ],
  )
  const path = (one: Field | undefined) => (one ? absolute(one) : null)
  const database = given.database.matching(/^postgres(ql)?:\/\//, 'postgres://USER@HOST/DATABASE is expected')
  if (/^\w+:\/\/[^@/]*:[^@/]*@/.test(database))
    given.database.fail('it holds a password: name a file of it with "passwordFile", or use certificates')
  return {
    host: given.host.matching(/^[A-Za-z0-9][A-Za-z0-9.-]{0,62}$/, 'the name of this host is expected'),
    database,
    caFile: path(given.caFile),
    certFile: path(given.certFile),
    keyFile: path(given.keyFile),
    passwordFile: path(given.passwordFile),
    ledgers: absolute(given.ledgers),
    collection: absolute(given.collection),
    signingKey: path(given.signingKey),
    linksKey: path(given.linksKey),
    linksBasis: given.linksBasis?.text(500) ?? null,
    leaseMs: (given.leaseSeconds?.integer(2, 3600) ?? 120) * 1000,
    graceMs: (given.graceMinutes?.integer(0, 10_000) ?? 30) * 60_000,
    notifyFolder: path(given.notifyFolder),
    notifyProgram: path(given.notifyProgram),
    statusPage: path(given.statusPage),
    metricsPort: given.metricsPort?.integer(1, 65_535) ?? null,
    lookShards: given.lookShards?.flag() ?? false,
    lookShardsChecked: given.lookShardsChecked?.integer(1, 100) ?? 5,
  }
}
