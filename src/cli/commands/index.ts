/** The verbs in the order `seized --help` shows them: one file and one line each. */
import type { Command } from 'commander'
import { addClassify } from './classify.ts'
import { addHash } from './hash.ts'
import { addHashset } from './hashset.ts'
import { addModelVerb } from './model.ts'
import { addRelease } from './release.ts'
import { addRematch } from './rematch.ts'
import { addReport } from './report.ts'
import { addResume } from './resume.ts'
import { addScan } from './scan.ts'
import { addSearch } from './search.ts'
import { addVerify } from './verify.ts'

/** Adds one verb to the program; `exit` sets the exit code that the process ends with. */
export type AddCommand = (program: Command, exit: (code: number) => void) => void

export const COMMANDS: readonly AddCommand[] = [
  addScan,
  addResume,
  addVerify,
  addReport,
  addSearch,
  addRelease,
  addRematch,
  addHash,
  addClassify,
  addHashset,
  addModelVerb,
]
