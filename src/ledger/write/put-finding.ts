/** Writes findings of every kind into their tables, and the preview of a picture. */

import type { Finding, NameFinding, Preview } from '../../contracts/finding.ts'
import { attribute } from '../../findings/attribute.ts'
import { kindOf } from '../../findings/index.ts'
import { score } from '../../findings/score.ts'
import type { Put } from './appender.ts'

const PREVIEW_CELLS = 16

export function putFinding(put: Put, content: number, stage: string, finding: Finding): void {
  const kind = kindOf(finding)
  put(kind.table, [content, stage, ...kind.toRow(finding)])
}

/** A finding from the name of an entry, independent of its content. */
export function putNameFinding(put: Put, entry: number, finding: NameFinding): void {
  if (finding.kind === 'attribute') put('entry_attribute', [entry, ...attribute.toRow(finding)])
  else put('entry_score', [entry, ...score.toRow(finding)])
}

/** @throws RangeError for a preview that a ledger may not store */
export function putPreview(put: Put, content: number, stage: string, preview: Preview): void {
  const { width, height, cells } = preview
  if (width > PREVIEW_CELLS || height > PREVIEW_CELLS || cells.length !== width * height)
    throw new RangeError(
      `a preview of ${width}×${height} cells with ${cells.length} bytes may not be recorded`,
    )
  put('preview', [content, stage, width, height, cells])
}
