/** How each export format writes a record. Hex is upper-case in VICS, as distributed, and lower-case elsewhere. */
import { UsageError } from '../../base/errors.ts'
import {
  ALGORITHMS,
  ALTERNATIVE,
  type AlgorithmPlace,
  algorithmNamed,
  MD5,
  SHA1,
  SHA256,
  VPDQ,
} from '../records/algorithms.ts'

export const EXPORT_FORMATS = ['vics-1.3', 'vics-2.0', 'hashdeep', 'plain', 'csv'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** A record on its way out. */
export interface ExportedRecord {
  readonly digests: ReadonlyMap<AlgorithmPlace, string>
  readonly sizeBytes: number | null
  readonly category: string | null
  /** As the list had them; members that repeat a column are ignored. */
  readonly extras: Readonly<Record<string, unknown>>
}

/** The text of a record and its lost fields; or null, and the reason why the format cannot express it. */
export interface ExportedText {
  readonly text: string | null
  readonly lost: readonly string[]
}

export interface ExportWriter {
  readonly begin: string
  readonly end: string
  record(record: ExportedRecord, number: number): ExportedText
}

export interface WriterOptions {
  readonly algorithm?: string
}

export const EXPORT_WRITERS: Readonly<Record<ExportFormat, (options: WriterOptions) => ExportWriter>> = {
  'vics-1.3': () => vics('odata.metadata', 'http://github.com/ICMEC/ProjectVic/DataModels/1.3.xml#Media'),
  'vics-2.0': () =>
    vics(
      '@odata.context',
      'http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/Default/$metadata#Media',
    ),
  hashdeep,
  plain,
  csv,
}

/** Members that the writer makes itself, that OData adds, or that would point to files. */
const VICS_OWN =
  /^(?:mediaid|category|md5|sha1|sha256|mediasize|alternativehashes|relativefilepath|odata\.|.*@odata\.)/i

function vics(markerName: string, marker: string): ExportWriter {
  return {
    begin: `{${JSON.stringify(markerName)}:${JSON.stringify(marker)},"value":[`,
    end: '\n]}\n',
    record: ({ digests, sizeBytes, category, extras }, number) => {
      const md5 = digests.has(MD5) ? { MD5: digests.get(MD5)!.toUpperCase() } : {}
      const alternatives = [
        ...[...digests]
          .filter(([place]) => place !== MD5 && place !== SHA1)
          .map(([place, hex]) => ({ ...md5, HashName: place.title, HashValue: hex })),
        ...carriedAlternatives(extras),
      ]
      const text = JSON.stringify({
        MediaID: number,
        Category: category === null || !/^-?\d{1,9}$/.test(category) ? category : Number(category),
        ...md5,
        ...(digests.has(SHA1) ? { SHA1: digests.get(SHA1)!.toUpperCase() } : {}),
        ...(sizeBytes === null ? {} : { MediaSize: sizeBytes }),
        ...Object.fromEntries(Object.entries(extras).filter(([name]) => !VICS_OWN.test(name))),
        ...(alternatives.length === 0 ? {} : { AlternativeHashes: alternatives }),
      })
      return { text: `${number === 1 ? '' : ','}\n${text}`, lost: [] }
    },
  }
}

/** Alternative hashes that are no digest of ours (PhotoDNA …): exactly as they came. */
function carriedAlternatives(extras: ExportedRecord['extras']): readonly unknown[] {
  const found = valueNamed(extras, 'alternativehashes')
  if (!Array.isArray(found)) return []
  return found.filter((item: unknown) => {
    const name = typeof item === 'object' && item !== null ? valueNamed(item, 'hashname') : undefined
    return typeof name !== 'string' || algorithmNamed(name) === undefined
  })
}

function valueNamed(object: object, lowerName: string): unknown {
  return Object.entries(object).find(([name]) => name.toLowerCase() === lowerName)?.[1]
}

/** Frames of videos are exported as their PDQ hashes; alternative hashes are extras, where a format has room for them. */
const EXPORTED = ALGORITHMS.filter((place) => place !== VPDQ && place !== ALTERNATIVE)

const HASHDEEP_ALGORITHMS: readonly AlgorithmPlace[] = [MD5, SHA1, SHA256]

/** All rows have the columns of the first record; a size and a name must be there. */
function hashdeep(): ExportWriter {
  let columns: readonly AlgorithmPlace[] = []
  return {
    begin: '%%%% HASHDEEP-1.0\n',
    end: '',
    record: ({ digests, sizeBytes, category, extras }) => {
      let header = ''
      if (sizeBytes === null) return { text: null, lost: ['no size, which hashdeep needs'] }
      if (columns.length === 0) {
        columns = HASHDEEP_ALGORITHMS.filter((place) => digests.has(place))
        if (columns.length === 0) return { text: null, lost: ['no MD5, SHA-1 or SHA-256'] }
        header = `%%%% size,${columns.map((place) => place.name).join()},filename\n`
      }
      const missing = columns.find((place) => !digests.has(place))
      if (missing !== undefined)
        return { text: null, lost: [`no ${missing.title}, which the first record has`] }
      const name = typeof extras.name === 'string' ? extras.name.replace(/[\r\n]/g, '_') : ''
      return {
        text: `${header}${sizeBytes},${columns.map((place) => digests.get(place)).join()},${name || 'unnamed'}\n`,
        lost: [...lostDigests(digests, columns), ...lostCategory(category), ...lostExtras(extras, 'name')],
      }
    },
  }
}

function plain({ algorithm }: WriterOptions): ExportWriter {
  let chosen = algorithm === undefined ? undefined : algorithmNamed(algorithm)
  if (algorithm !== undefined && chosen === undefined) {
    throw new UsageError(
      `There is no digest "${algorithm}". Digests: ${EXPORTED.map((place) => place.name).join(', ')}.`,
    )
  }
  let header = true
  return {
    begin: '',
    end: '',
    record: ({ digests, sizeBytes, category, extras }) => {
      chosen ??= [...digests.keys()][0]
      if (chosen === undefined) return { text: null, lost: ['no digest'] }
      const hex = digests.get(chosen)
      if (hex === undefined) return { text: null, lost: [`no ${chosen.title}`] }
      // A comment to other programs; seized reads from it which algorithm 64 digits are.
      const first = header ? `# ${chosen.name}\n` : ''
      header = false
      return {
        text: `${first}${hex}\n`,
        lost: [
          ...lostDigests(digests, [chosen]),
          ...(sizeBytes === null ? [] : ['size']),
          ...lostCategory(category),
          ...lostExtras(extras),
        ],
      }
    },
  }
}

function csv(): ExportWriter {
  return {
    begin: `${[...EXPORTED.map((place) => place.name), 'size', 'category', 'name'].join()}\n`,
    end: '',
    record: ({ digests, sizeBytes, category, extras }) => {
      const name = typeof extras.name === 'string' ? extras.name : ''
      const fields = [
        ...EXPORTED.map((place) => digests.get(place) ?? ''),
        sizeBytes === null ? '' : String(sizeBytes),
        csvField(category ?? ''),
        csvField(name),
      ]
      return { text: `${fields.join()}\n`, lost: lostExtras(extras, 'name') }
    },
  }
}

/** Quoted where needed, and prefixed so that a spreadsheet does not take it for a formula. */
function csvField(text: string): string {
  const safe = /^(?:[=+@\t\r]|-\D)/.test(text) ? `'${text}` : text
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

function lostDigests(digests: ExportedRecord['digests'], kept: readonly AlgorithmPlace[]): string[] {
  return [...digests.keys()].filter((place) => !kept.includes(place)).map((place) => place.title)
}

function lostCategory(category: string | null): string[] {
  return category === null ? [] : ['category']
}

function lostExtras(extras: ExportedRecord['extras'], ...kept: readonly string[]): string[] {
  return Object.keys(extras).some((name) => !kept.includes(name)) ? ['extras'] : []
}
