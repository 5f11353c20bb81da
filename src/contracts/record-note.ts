/** Attributes of a whole content from stage `records-read`. */
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
  /** A registry hive whose changes all stand in it. */
  'hive-clean': {},
  /** It was not closed; entries of its logs were applied. `stopped`: why later ones were not. */
  'hive-log-applied': { entries: 'number', pages: 'number', stopped: 'text?' },
  /** It was not closed, and no log lies beside it. */
  'hive-log-missing': {},
  'hive-log-not-applied': { why: 'text' },
  /** The file is itself a log of a hive. */
  'hive-log': {},
  'journal-rolled-back': { pages: 'number', left: 'number' },
  'journal-read': { pages: 'number', left: 'number' },
  /** The program was running or crashed: the newest records may be only in its logs. */
  'database-not-closed': {},
  'onion-service-key': { kind: 'text', address: 'text?' },
  /** Private keys of an I2P destination or router. */
  'i2p-key': { address: 'text' },
  'locked-store': { program: 'text', form: 'text', version: 'text?' },
  /**
   * A secret of the keys file opened a locked file: its number, its kind, and what confirms it: a code under the key over
   * every byte, a checksum, or a check of the key alone.
   */
  'file-lock-opened': { format: 'text', by: 'text', secret: 'number', check: 'text' },
  /** A locked file that no secret of the keys file opened: the kinds that would, and how many were tried. */
  'file-lock-closed': { format: 'text', wanted: 'texts', tried: 'number' },
  /** Settings that contain the unencrypted key of a database; the key itself is never stored. */
  'database-key': { program: 'text' },
  /** Settings, lists, workflows and queues of programs that generate pictures: their kind, never the prompts. */
  'generator-file': { program: 'text', form: 'text', pictures: 'number?' },
  /** A machine-learning model, recognised by its header; `kind` from the names of its tensors. */
  'model-file': { form: 'text', kind: 'text?', architecture: 'text?', tensors: 'number?' },
  'ed2k-not-made': { records: 'number' },
} as const satisfies CodeTable
