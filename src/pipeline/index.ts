/** The pipeline: one file and one line per step, in the order in which they run. */
import { inventory } from './inventory.ts'
import { known } from './known.ts'
import { lookedAt } from './looked-at.ts'
import { opened } from './opened.ts'
import type { PipelineStep } from './parts.ts'
import { recordsRead } from './records-read.ts'
import { textRead } from './text-read.ts'

export const PIPELINE: readonly PipelineStep[] = [inventory, known, opened, recordsRead, lookedAt, textRead]
