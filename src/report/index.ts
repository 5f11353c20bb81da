/**
 * The exporters of `seized report --format`, in the order of the help: one file and one line for each exporter, loaded
 * on use.
 */
import type { Exporter } from './export/exporter.ts'

export type { Exporter } from './export/exporter.ts'

export interface ExporterRow {
  readonly id: string
  readonly load: () => Promise<Exporter>
}

export const EXPORTERS: readonly ExporterRow[] = [
  { id: 'html', load: async () => (await import('./html/html.ts')).htmlReport },
  { id: 'pdf', load: async () => (await import('./pdf/pdf.ts')).pdf },
  { id: 'jsonl', load: async () => (await import('./exchange/jsonl.ts')).jsonl },
  { id: 'csv', load: async () => (await import('./exchange/csv.ts')).csv },
  { id: 'decisions', load: async () => (await import('./exchange/decisions.ts')).decisions },
  { id: 'vics', load: async () => (await import('./exchange/vics.ts')).vics },
  { id: 'case', load: async () => (await import('./exchange/case.ts')).caseUco },
  { id: 'cac', load: async () => (await import('./exchange/cac.ts')).cac },
  { id: 'dfxml', load: async () => (await import('./exchange/dfxml.ts')).dfxml },
  { id: 'timesketch', load: async () => (await import('./exchange/timesketch.ts')).timesketch },
  { id: 'lava', load: async () => (await import('./exchange/lava.ts')).lava },
  { id: 'hashdeep', load: async () => (await import('./exchange/hashdeep.ts')).hashdeep },
]
