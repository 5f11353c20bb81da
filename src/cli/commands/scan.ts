/** `seized scan`: examines an exhibit into a new ledger. */

import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import type { PlanOptions } from '../../contracts/case.ts'
import type { Damage } from '../../contracts/image.ts'
import type { ExhibitImage } from '../../contracts/image-exhibit.ts'
import type { Phase } from '../../contracts/stage.ts'
import { parseHashSetDeclaration } from '../../match/declaration.ts'
import { DEFAULT_LIMITS } from '../../plan.ts'
import { formatBytes } from '../../report/texts/format.ts'
import { refusePreviews } from '../../review/previews-file.ts'
import { refuseSimilar } from '../../review/similar-file.ts'
import { planChoices } from '../../scan-options.ts'
import { refuseTextIndex } from '../../search/text-index-file.ts'
import { damageRemarks } from '../../source/image/damage-remarks.ts'
import type { Given } from '../arguments/option.ts'
import { parseScope } from '../arguments/options.ts'
import type { SCAN } from '../arguments/options-table.ts'
import { acceleratorOf } from '../services/accelerator.ts'
import { describeAcquisition } from '../services/acquisition.ts'
import { continueLocked } from '../services/continue-locked.ts'
import { acquireImage, type ImageAcquisition } from '../services/image-acquisition.ts'
import { readKeysFile } from '../services/keys-file.ts'
import { lookHostsAt } from '../services/look-hosts.ts'
import {
  allowedBy,
  type OpenExhibit,
  openExhibit,
  refuseAbsentVolumes,
  refuseOutputInside,
} from '../services/open-exhibit.ts'
import { openHeads } from '../services/own-heads.ts'
import { passphraseOnce } from '../services/passphrase.ts'
import { openScanTerms } from '../services/scan-terms.ts'
import {
  parseKeysBasis,
  parseTextBasis,
  parseTextLanguages,
  readPrivilegeList,
} from '../services/text-options.ts'
import { readTrustList } from '../services/trust-list.ts'

export async function scan([mount]: readonly string[], given: Given<typeof SCAN>): Promise<number> {
  const { workers, progress, timezone } = given
  const phases = quickPhases(given)
  const scope = parseScope(given.scope)
  const textBasis = parseTextBasis(given.text, given.basis, given.keys)
  const textLanguages = parseTextLanguages(given.textLanguages, textBasis)
  const keysBasis = parseKeysBasis(given.keys, given.basis)
  const secrets = given.keys === undefined ? [] : readKeysFile(given.keys)
  const privileged = readPrivilegeList(given.privileged)
  const passphrase = passphraseOnce(given)
  const terms = await openScanTerms(given, textBasis, passphrase)
  const accelerator = acceleratorOf(given.accelerator)
  const own = await openHeads(given.model, phases, passphrase)
  const declarations = given.hashset.map(parseHashSetDeclaration)
  const opened = await openExhibit(mount!, allowedBy(given), undefined, secrets)
  const { exhibit } = opened
  const ledgerPath = resolve(given.ledger)
  refuseOutputInside(exhibit, ledgerPath, '--ledger')
  refuseAbsentVolumes(scope, opened)
  const continued =
    given.continueLocked === undefined
      ? null
      : await continueLocked(given.continueLocked, opened, secrets, scope, given.heads)
  refuseTextIndex(ledgerPath)
  if (given.previews !== undefined) refusePreviews(ledgerPath)
  if (given.similarBasis !== undefined) {
    refuseSimilar(ledgerPath)
    // The phase unknown finds the faces, and a picture of a face is not compared.
    if (!phases.includes('unknown'))
      throw new UsageError('--similar-basis needs the phase unknown: this scan leaves it out.')
  }
  const { acquisition, state, hashes, damage } = await acquired(opened, given)
  const source = opened.startSource()
  const readers = opened.startReaders(workers, DEFAULT_LIMITS, given.ed2k)
  const wall = opened.tryWall()
  // Loaded while the reader processes start.
  const { beginScan } = await import('../services/begin-scan.ts')
  const code = await beginScan({
    ledgerPath,
    case: {
      caseId: given.case,
      exhibitId: given.exhibit,
      examiner: given.examiner,
      ...acquisition,
      timezone,
    },
    exhibit: exhibit.image ? { ...exhibit, image: withDamage(exhibit.image, damage) } : exhibit,
    imageHashes: hashes,
    imageState: state,
    locks: opened.locks,
    secrets,
    source,
    readers,
    wall,
    workers,
    lookHosts: await lookHostsAt(given.lookShards, opened, secrets, accelerator, {
      checkedPercent: given.lookShardsChecked,
      before: { bundles: new Set(), refused: new Set() },
    }),
    allowUnconfined: given.allowUnconfined,
    progress,
    verbose: given.verbose,
    heads: given.heads,
    phases,
    scope: continued?.scope ?? scope,
    hashSets: declarations,
    scaleTables: given.scaleTable,
    textBasis,
    textLanguages,
    exact: given.exact,
    privileged,
    terms,
    own,
    choices: {
      ...planChoices(given, { isImage: Boolean(exhibit.image) }),
      ...(accelerator === null ? {} : { accelerator }),
      ...(given.c2paTrust === undefined ? {} : { trustList: readTrustList(given.c2paTrust) }),
      ...(keysBasis === null ? {} : { keysBasis }),
      ...(continued === null ? {} : { continuesHead: continued.head }),
      ...sampleAsked(opened, given),
    },
  })
  if (given.previews !== undefined) {
    const { keepPreviews } = await import('../services/keep-previews.ts')
    const { allowUnconfined, heads } = given
    await keepPreviews({ ledger: ledgerPath, opened, secrets, workers, allowUnconfined, heads })
  }
  if (given.similarBasis !== undefined) {
    const { keepSimilar } = await import('../services/keep-similar.ts')
    const { allowUnconfined, heads, similarBasis: basis } = given
    await keepSimilar({ ledger: ledgerPath, opened, secrets, workers, allowUnconfined, heads, basis })
  }
  return code
}

async function acquired(
  { exhibit, held }: OpenExhibit,
  given: Given<typeof SCAN>,
): Promise<ImageAcquisition> {
  const { image, acquisitionHash, partitionOffset, verifyImage: verify, despiteImage: despite } = given
  if (held === null || !exhibit.image) {
    if (despite) throw new UsageError('--despite-image is for an image as the exhibit: this is a mount.')
    const { root } = exhibit
    const acquisition = await describeAcquisition({ root, image, acquisitionHash, partitionOffset, verify })
    return { acquisition, state: null, hashes: [], damage: [] }
  }
  if (image !== undefined || partitionOffset !== undefined)
    throw new UsageError('The exhibit is the image itself: leave --image and --partition-offset out.')
  return acquireImage({
    held,
    image: exhibit.image,
    acquisitionHash,
    verify,
    despite,
    readStallMs: DEFAULT_LIMITS.readStallMs,
    hashed: saysHowFar(exhibit.image.sizeBytes),
  })
}

function withDamage(image: ExhibitImage, damage: readonly Damage[]): ExhibitImage {
  return { ...image, remarks: [...image.remarks, ...damageRemarks(damage)] }
}

/** A quick look reads and compares files; it decodes and opens nothing. */
function quickPhases({ quick, phases }: Given<typeof SCAN>): readonly Phase[] {
  return quick === undefined ? phases : phases.filter((phase) => phase !== 'unknown')
}

/** The draw of blocks from the free space of an image: asked for, or part of a quick look. */
function sampleAsked({ held }: OpenExhibit, given: Given<typeof SCAN>): Pick<PlanOptions, 'sample'> {
  const { remains = 'none', quick, sampleSeed } = given
  const draws = given.sample ?? (quick === undefined ? undefined : QUICK_DRAWS)
  if (held === null && (remains !== 'none' || given.sample !== undefined))
    throw new UsageError('A mount shows no free space: --remains and --sample need the image itself.')
  if (draws === undefined || held === null) return {}
  return { sample: { draws, seed: sampleSeed ?? randomBytes(16).toString('hex') } }
}

/** Half a minute on a rotating disk; the sample can exclude a share of one in a thousand. */
const QUICK_DRAWS = 4600

/** The first read of a large image takes hours: this shows a person the progress. */
function saysHowFar(sizeBytes: number): (bytes: number) => void {
  return (bytes) => {
    if (process.stderr.isTTY)
      process.stderr.write(`\rverifying the image: ${formatBytes(bytes)} of ${formatBytes(sizeBytes)} `)
  }
}
