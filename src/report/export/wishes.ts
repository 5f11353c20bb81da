/** A person's options for an export beyond its format; each exporter uses those that concern it. */
import type { LedgerReader } from '../../contracts/ledger-reader.ts'
import type { ScaleTable } from '../../match/records/scale.ts'
import type { PdfStandard } from '../../wire/typeset.ts'
import type { CourtWishes } from '../court/report.ts'
import type { Standing } from '../model/lab.ts'
import type { LinksFile } from '../model/links-file.ts'
import type { ReviewWords } from '../model/review-words.ts'

export interface Wishes {
  /** Ledgers of other exhibits of the same case, for an output over several exhibits; empty: one exhibit. */
  readonly also: readonly LedgerReader[]
  /** Number of the case that the output covers as a whole; absent: that of the ledger. */
  readonly caseNumber?: string | undefined
  /** Contents of several exhibits that are closed because one of them holds them in quarantine; absent: none. */
  readonly closedElsewhere?: number | undefined
  /** The ledger is byte for byte as it was sealed, and its rows were not read again; absent: it was verified. */
  readonly asSealed?: boolean | undefined
  /** Contents in quarantine that a list names: they stand in the output as bare facts; absent: none. */
  readonly closedListed?: number | undefined
  /** Contents on which persons differ though the policy of the case says it must be settled; absent: none. */
  readonly unsettled?: number | undefined
  /** The scale whose standing decisions become categories; null: no content gets a category. */
  readonly scale: ScaleTable | null
  /** IANA zone in which times without a zone are taken; null: such times are left out where a zone is needed. */
  readonly assumeZone: string | null
  /** The agency's declaration of categories in the words of the CAC ontology; null: nothing is declared. */
  readonly reviewWords: ReviewWords | null
  /** The court's edition; null: the working edition, with every lead. */
  readonly court: CourtWishes | null
  /** Validation record of the installation that examined; null when none was named. */
  readonly validation: Standing | null
  /** Result of a laboratory's comparison of exhibits; absent: the report says nothing about it. */
  readonly links?: LinksFile | undefined
  /** Set a PDF even when the typesetting process cannot be confined from files. */
  readonly allowUnconfined: boolean
  /** The standard that a PDF must meet. */
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
