/**
 * Options of a scan, one row each: the place in the plan, and who states the option in a laboratory. The command line has
 * rows of the same keys (cli/arguments/options-table.ts), and the compiler names a key that is missing on either side.
 */
import type { PlanOptions } from './contracts/case.ts'

/** Place of an option in the plan. Null: it decides nothing about the result. */
export type PlanPlace =
  | { readonly part: 'phases' | 'scope' | 'hashSets' | 'models' }
  /** Keys of the plan's options. Without `choose` the scan computes them: from a file, or from several options. */
  | {
      readonly part: 'options'
      readonly keys: readonly (keyof PlanOptions)[]
      readonly choose?: (given: never, at: { readonly isImage: boolean }) => Partial<PlanOptions>
    }

/** Form of a key in a profile: a flag, a text, a list of texts, a whole number from 1, or one of some words. */
export type ProfileForm = 'flag' | 'text' | 'texts' | 'number' | readonly string[]

export interface ProfilePlace {
  readonly by: 'profile'
  /** Key in a profile; the option on the command line is the same in kebab case. */
  readonly key: string
  readonly form: ProfileForm
  /** Value of a profile that does not state it. Absent: the profile has no such key then, and keeps its digest. */
  readonly missing?: boolean | string
  /** Also given when a scan is resumed. */
  readonly again?: true
}

/** Who states an option in a laboratory: profile, manifest, the machine, or only a person at a terminal (`why`). */
export type LabPlace =
  | ProfilePlace
  | { readonly by: 'manifest' | 'machine' }
  | { readonly by: 'person'; readonly why: string }

export interface ScanOption {
  readonly plan: PlanPlace | null
  readonly lab: LabPlace
}

const MANIFEST = { by: 'manifest' } as const
const MACHINE = { by: 'machine' } as const
const byPerson = <const W extends string>(why: W) => ({ by: 'person', why }) as const

const flagIn = <const K extends string>(key: K) =>
  ({ by: 'profile', key, form: 'flag', missing: false }) as const
/** A flag that came later: a profile without it keeps its digest. */
const laterFlag = <const K extends string>(key: K) => ({ by: 'profile', key, form: 'flag' }) as const

/** The value itself under this key. */
const as = <const K extends keyof PlanOptions>(key: K) =>
  ({
    part: 'options',
    keys: [key],
    choose: (given: NonNullable<PlanOptions[K]>): Partial<PlanOptions> => ({ [key]: given }),
  }) as const

/** Absent unless the choice gives a value. */
const absentOr = <const K extends keyof PlanOptions, G>(
  key: K,
  choose: (given: G, at: { readonly isImage: boolean }) => PlanOptions[K] | undefined,
) =>
  ({
    part: 'options',
    keys: [key],
    choose: (given: G, at: { readonly isImage: boolean }): Partial<PlanOptions> => {
      const value = choose(given, at)
      return value === undefined ? {} : { [key]: value }
    },
  }) as const

const SECRET = byPerson('what is sealed opens with a passphrase, which stands in no configuration')
const OF_A_MOUNT = byPerson('it describes the image of a mount; in a laboratory the image itself is examined')
const PHASES = ['inventory,known,unknown', 'inventory,known', 'inventory'] as const

export const SCAN_OPTIONS = {
  case: { plan: null, lab: MANIFEST },
  exhibit: { plan: null, lab: MANIFEST },
  examiner: { plan: null, lab: MANIFEST },
  ledger: { plan: null, lab: MACHINE },
  image: { plan: null, lab: OF_A_MOUNT },
  acquisitionHash: { plan: null, lab: MANIFEST },
  partitionOffset: { plan: null, lab: OF_A_MOUNT },
  verifyImage: {
    plan: absentOr('verifyImage', (given: boolean, { isImage }) => (given && isImage ? true : undefined)),
    lab: flagIn('verifyImage'),
  },
  despiteImage: {
    plan: absentOr('despiteImage', (given: boolean) => (given ? true : undefined)),
    lab: byPerson('a person decides that an image is examined whose hash differs'),
  },
  hashset: { plan: { part: 'hashSets' }, lab: MANIFEST },
  scaleTable: {
    plan: { part: 'hashSets' },
    lab: byPerson('a profile names no file; use a scale that is built in'),
  },
  workers: { plan: null, lab: MACHINE },
  lookShards: { plan: null, lab: MACHINE },
  lookShardsChecked: { plan: null, lab: MACHINE },
  accelerator: { plan: { part: 'options', keys: ['accelerator'] }, lab: MACHINE },
  allowUnconfined: { plan: null, lab: { ...flagIn('allowUnconfined'), again: true } },
  phases: {
    plan: { part: 'phases' },
    lab: { by: 'profile', key: 'phases', form: PHASES, missing: PHASES[0] },
  },
  scope: { plan: { part: 'scope' }, lab: { by: 'profile', key: 'scope', form: 'texts' } },
  progress: { plan: null, lab: MACHINE },
  verbose: { plan: null, lab: byPerson('it shows more on a terminal') },
  allowWritableMount: { plan: null, lab: { ...flagIn('allowWritableMount'), again: true } },
  timezone: { plan: null, lab: { by: 'profile', key: 'timezone', form: 'text', missing: 'UTC' } },
  orientations: { plan: as('orientations'), lab: flagIn('orientations') },
  text: { plan: { part: 'options', keys: ['textBasis'] }, lab: MANIFEST },
  basis: { plan: { part: 'options', keys: ['textBasis', 'keysBasis'] }, lab: MANIFEST },
  textLanguages: { plan: { part: 'models' }, lab: { by: 'profile', key: 'textLanguages', form: 'texts' } },
  keys: {
    plan: { part: 'options', keys: ['keysBasis'] },
    lab: byPerson('a key stands in no configuration'),
  },
  continueLocked: {
    plan: { part: 'options', keys: ['continuesHead'] },
    lab: byPerson('it goes on from a ledger that a person names, with keys'),
  },
  privileged: { plan: { part: 'options', keys: ['privilegedSha256'] }, lab: MANIFEST },
  c2paTrust: {
    plan: { part: 'options', keys: ['trustList'] },
    lab: byPerson('a profile names no file'),
  },
  terms: { plan: { part: 'options', keys: ['termsSha256', 'termsAsOf'] }, lab: SECRET },
  pathModel: { plan: { part: 'models' }, lab: SECRET },
  model: { plan: { part: 'models' }, lab: SECRET },
  passphraseFile: { plan: null, lab: SECRET },
  passphraseFd: { plan: null, lab: SECRET },
  exact: { plan: { part: 'models' }, lab: laterFlag('exact') },
  gps: { plan: as('gps'), lab: flagIn('gps') },
  ed2k: { plan: as('ed2k'), lab: flagIn('ed2k') },
  private: {
    plan: absentOr('private', (given: boolean) => (given ? undefined : 'leave-out')),
    lab: flagIn('noPrivate'),
  },
  open: { plan: as('open'), lab: flagIn('noOpen') },
  remains: {
    plan: absentOr('remains', (given: 'none' | 'known' | 'carve' | undefined) =>
      given === 'none' ? undefined : given,
    ),
    lab: { by: 'profile', key: 'remains', form: ['none', 'known', 'carve'], missing: 'none' },
  },
  sample: {
    plan: { part: 'options', keys: ['sample'] },
    lab: { by: 'profile', key: 'sample', form: 'number' },
  },
  sampleSeed: {
    plan: { part: 'options', keys: ['sample'] },
    lab: byPerson('a draw is repeated by hand; each exhibit of a laboratory has its own'),
  },
  quick: {
    plan: absentOr('quickMinutes', (given: number | undefined) => given),
    lab: { by: 'profile', key: 'quick', form: 'number' },
  },
  previewIllegal: { plan: as('previewIllegalHits'), lab: laterFlag('previewIllegal') },
  previews: {
    plan: null,
    lab: byPerson('pictures beside a ledger are kept where somebody decided so for that exhibit'),
  },
  similarBasis: {
    plan: null,
    lab: byPerson('a person states on which basis contents are compared with listed ones'),
  },
  heads: { plan: null, lab: MACHINE },
} as const satisfies Readonly<Record<string, ScanOption>>

export type ScanOptionKey = keyof typeof SCAN_OPTIONS

/** The part of a plan's options that options alone decide. */
export type PlanChoices = Partial<PlanOptions>

/** @param given values of the options, by their keys */
export function planChoices(
  given: Readonly<Record<ScanOptionKey, unknown>>,
  at: { readonly isImage: boolean },
): PlanChoices {
  const rows = Object.entries(SCAN_OPTIONS) as [ScanOptionKey, ScanOption][]
  return Object.assign(
    {},
    ...rows.map(([key, { plan }]) =>
      plan?.part === 'options' && plan.choose ? plan.choose(given[key] as never, at) : {},
    ),
  )
}

export const PROFILE_PLACES: readonly ProfilePlace[] = Object.values(SCAN_OPTIONS).flatMap(
  ({ lab }: ScanOption) => (lab.by === 'profile' ? [lab] : []),
)

type Rows = typeof SCAN_OPTIONS
type InProfile = { readonly [K in ScanOptionKey]: Extract<Rows[K]['lab'], ProfilePlace> }[ScanOptionKey]
type ValueOf<F> = F extends 'flag'
  ? boolean
  : F extends 'text'
    ? string
    : F extends 'texts'
      ? readonly string[]
      : F extends 'number'
        ? number
        : F extends readonly (infer T)[]
          ? T
          : never

/** A laboratory's profile of a scan: each key is an option of `scan` whose row allows it. */
export type Profile = {
  readonly [P in Extract<InProfile, { readonly missing: unknown }> as P['key']]: ValueOf<P['form']>
} & { readonly [P in Exclude<InProfile, { readonly missing: unknown }> as P['key']]?: ValueOf<P['form']> }

/** Words of the command line for a profile. @param when for a resumed scan, only the options that are given again */
export function profileWords(profile: Profile, when: 'scan' | 'resume'): string[] {
  return PROFILE_PLACES.filter(({ again }) => when === 'scan' || again).flatMap(({ key, form, missing }) => {
    const stated = (profile as Readonly<Record<string, unknown>>)[key]
    const option = `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
    if (stated === undefined || stated === missing || stated === false) return []
    if (form === 'flag') return [option]
    return (Array.isArray(stated) ? stated : [stated]).map((one) => `${option}=${one}`)
  })
}
