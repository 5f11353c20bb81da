/** What a person asks of an export beyond its format; each exporter takes what concerns it. */
import type { LedgerReader } from '../../contracts/ledger.ts'
import type { ScaleTable } from '../../match/records/scale.ts'
import type { PdfStandard } from '../../wire/typeset.ts'
import type { CourtWishes } from '../court/report.ts'
import type { Standing } from '../model/lab.ts'
import type { LinksFile } from '../model/links-file.ts'
import type { ReviewWords } from '../model/review-words.ts'

export interface Wishes {
  /** Ledgers of other exhibits of the same case, for what is written of several; none: of one. */
  readonly also: readonly LedgerReader[]
  /** The scale whose standing decisions become categories; null: no content gets a category. */
  readonly scale: ScaleTable | null
  /** IANA zone in which times without a zone are taken; null: such times are left out where a zone is needed. */
  readonly assumeZone: string | null
  /** What the agency declares a category to mean in the words of the CAC ontology; null: nothing is declared. */
  readonly reviewWords: ReviewWords | null
  /** The court's edition; null: the working edition, with every lead. */
  readonly court: CourtWishes | null
  /** That validates the installation that examined; null: none was named. */
  readonly validation: Standing | null
  /** What a laboratory's comparison of exhibits says; none: nothing is said of it. */
  readonly links?: LinksFile | undefined
  /** Set a PDF although the process that does it cannot be kept from files. */
  readonly allowUnconfined: boolean
  /** That a PDF is held to. */
  readonly standard: PdfStandard
}

export const NO_WISHES: Wishes = {
  also: [],
  scale: null,
  assumeZone: null,
  reviewWords: null,
  court: null,
  validation: null,
  allowUnconfined: false,
  standard: 'a-3a',
}
