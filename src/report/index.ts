/** What `seized report --format` offers, in the order help prints it: one file and one line an exporter. */
import { csv } from './csv.ts'
import type { Exporter } from './exporter.ts'
import { htmlReport } from './html.ts'
import { jsonl } from './jsonl.ts'

export type { Exporter } from './exporter.ts'

export const EXPORTERS: readonly Exporter[] = [htmlReport, jsonl, csv]

export function exporterById(id: string): Exporter | undefined {
  return EXPORTERS.find((exporter) => exporter.id === id)
}
