/** What reads whole contents of an exhibit again: its readers, or those of several exhibits together. */
import type { ReaderPool } from './reader-pool.ts'

export type ContentReaders = Pick<ReaderPool, 'bytes' | 'close'>
