/** `seized scan`: examines an exhibit into a new ledger. */

import { resolve } from 'node:path'
import { parseHashSetDeclaration } from '../../match/declaration.ts'
import { DEFAULT_LIMITS } from '../../plan.ts'
import { refuseTextIndex } from '../../search/text-index-file.ts'
import { startWalker } from '../../source/mount/walk-aside.ts'
import { describeAcquisition } from '../acquisition.ts'
import { openExhibit, refuseOutputInside, startReaders } from '../open-exhibit.ts'
import { parseScope } from '../options.ts'
import { openScanTerms } from '../scan-terms.ts'
import type { Given } from '../table/option.ts'
import type { SCAN } from '../table/options.ts'
import { parseTextBasis, readPrivilegeList } from '../text-options.ts'

export async function scan([mount]: readonly string[], given: Given<typeof SCAN>): Promise<number> {
  const { workers, phases, progress, timezone } = given
  const scope = parseScope(given.scope)
  const textBasis = parseTextBasis(given.text, given.basis)
  const privileged = readPrivilegeList(given.privileged)
  const terms = await openScanTerms(given, textBasis)
  const declarations = given.hashset.map(parseHashSetDeclaration)
  const exhibit = await openExhibit(mount!, given.allowWritableMount)
  const ledgerPath = resolve(given.ledger)
  refuseOutputInside(exhibit, ledgerPath, '--ledger')
  refuseTextIndex(ledgerPath)
  const acquisition = await describeAcquisition({
    image: given.image,
    acquisitionHash: given.acquisitionHash,
    partitionOffset: given.partitionOffset,
    verify: given.verifyImage,
  })
  const walker = startWalker()
  const readers = startReaders(exhibit, workers, DEFAULT_LIMITS, given.ed2k)
  // Loaded while those start.
  const { beginScan } = await import('../begin-scan.ts')
  return beginScan({
    ledgerPath,
    case: {
      caseId: given.case,
      exhibitId: given.exhibit,
      examiner: given.examiner,
      ...acquisition,
      timezone,
    },
    exhibit,
    walker,
    readers,
    workers,
    allowUnconfined: given.allowUnconfined,
    progress,
    phases,
    scope,
    hashSets: declarations,
    scaleTables: given.scaleTable,
    textBasis,
    privileged,
    terms,
    choices: {
      previewIllegalHits: given.previewIllegal,
      orientations: given.orientations,
      ed2k: given.ed2k,
      gps: given.gps,
      open: given.open,
    },
  })
}
