/** What the stage that reads records says of a content as a whole, as attributes. */
import type { CodeTable } from './coded.ts'

export const RECORD_NOTES = {
  'device-records': { records: 'number' },
  catalogue: { program: 'text', stated: 'number' },
  'records-privileged': { records: 'number' },
  'records-salted': { records: 'number' },
  'file-trees-not-read': { torrents: 'number' },
  'database-unknown': { tables: 'number' },
  'tables-not-read': { tables: 'number' },
  'log-laid-over': { frames: 'number', left: 'number' },
  'log-not-found': {},
  'journal-rolled-back': { pages: 'number', left: 'number' },
  'journal-read': { pages: 'number', left: 'number' },
  /** The program was running, or broke off: what is newest may stand in its logs alone. */
  'database-not-closed': {},
  'onion-service-key': { kind: 'text', address: 'text?' },
  /** Private keys of an I2P destination or router. */
  'i2p-key': { address: 'text' },
  'locked-store': { program: 'text', form: 'text', version: 'text?' },
  /** Settings that name the key of a database as it is; never the key. */
  'database-key': { program: 'text' },
  /** Settings, lists, workflows and queues of programs that generate pictures: which, never the words. */
  'generator-file': { program: 'text', form: 'text', pictures: 'number?' },
  /** A model of machine learning, by its head; `kind` as the names of its tensors say. */
  'model-file': { form: 'text', kind: 'text?', architecture: 'text?', tensors: 'number?' },
  'ed2k-not-made': { records: 'number' },
} as const satisfies CodeTable
