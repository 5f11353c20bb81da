/** Every list format: one file and one line each. The first that recognises a file reads it: most telling first. */

import type { HashSetFormat } from '../records/format.ts'
import { csv } from './csv.ts'
import { encase } from './encase.ts'
import { hashdeep } from './hashdeep.ts'
import { hashkeeper } from './hashkeeper.ts'
import { icse } from './icse.ts'
import { ilook } from './ilook.ts'
import { iped } from './iped.ts'
import { nsrlRds2 } from './nsrl-rds2.ts'
import { nsrlRds3 } from './nsrl-rds3.ts'
import { ownDecisions } from './own-decisions.ts'
import { pdqList } from './pdq-list.ts'
import { plainList } from './plain-list.ts'
import { signals } from './signals.ts'
import { sumList } from './sum-list.ts'
import { tskIndex } from './tsk-index.ts'
import { tskKdb } from './tsk-kdb.ts'
import { vics } from './vics.ts'
import { vpdqList } from './vpdq-list.ts'

export const HASH_SET_FORMATS: readonly HashSetFormat[] = [
  hashdeep,
  encase,
  nsrlRds3,
  tskKdb,
  vics,
  tskIndex,
  nsrlRds2,
  hashkeeper,
  ilook,
  icse,
  iped,
  signals,
  ownDecisions,
  vpdqList,
  pdqList,
  sumList,
  plainList,
  csv,
]
