/**
 * Operations of a child. One line per operation: its name, and a loader that imports the code only in the child and
 * only if the pool requests it.
 *
 * To add one: write `prepareX(config): Promise<OpRun>` in your stage and add a line to OPS.
 * `prepare` runs before root and the network are gone: load every module, model and wasm file there, because
 * afterwards the disk may be unreadable. `run` gets bytes, never a path, and returns JSON and bytes; large results go
 * out in pieces through `emit`. What `run` throws becomes `decode-failed`, so catch what deserves a better reason and
 * return it inside your own reply. Wiring between stages (a decoder, a hash, classifiers) is done here, so that stages
 * do not import each other.
 */

import type { Op } from './op.ts'
export const OPS: readonly Op[] = [
  {
    name: 'features',
    prepare: async (config) => (await import('./features-op.ts')).prepareFeaturesOp(config),
  },
  { name: 'learn', prepare: async () => (await import('./learn-op.ts')).prepareLearnOp() },
  { name: 'look', prepare: async (config) => (await import('./look-op.ts')).prepareLookOp(config) },
  { name: 'open', prepare: async () => (await import('./open-op.ts')).prepareOpenOp() },
  { name: 'records', prepare: async () => (await import('./records-op.ts')).prepareRecordsOp() },
  { name: 'reveal', prepare: async () => (await import('./reveal-op.ts')).prepareRevealOp() },
  { name: 'typeset', prepare: async () => (await import('./typeset-op.ts')).prepareTypesetOp() },
  { name: 'text', prepare: async (config) => (await import('./text-op.ts')).prepareTextOp(config) },
]
