/** What `seized report --format` offers, in the order help prints it: one file and one line an exporter, loaded when it is asked for. */
import type { Exporter } from './exporter.ts'

export type { Exporter } from './exporter.ts'

export interface ExporterRow {
  readonly id: string
  readonly load: () => Promise<Exporter>
}

export const EXPORTERS: readonly ExporterRow[] = [
  { id: 'html', load: async () => (await import('./html.ts')).htmlReport },
  { id: 'jsonl', load: async () => (await import('./jsonl.ts')).jsonl },
  { id: 'csv', load: async () => (await import('./csv.ts')).csv },
]
