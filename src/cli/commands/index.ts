/**
 * The verbs in the order `seized --help` shows them: one file and one line each. A verb's code is loaded when that verb
 * is called, because loading all of them takes longer than a small scan's first read.
 */
import type { Command } from 'commander'

/** Adds one verb to the program; `exit` sets the exit code that the process ends with. */
export type AddCommand = (program: Command, exit: (code: number) => void) => void

export interface Verb {
  readonly name: string
  readonly load: () => Promise<AddCommand>
}

export const VERBS: readonly Verb[] = [
  { name: 'scan', load: async () => (await import('./scan.ts')).addScan },
  { name: 'resume', load: async () => (await import('./resume.ts')).addResume },
  { name: 'verify', load: async () => (await import('./verify.ts')).addVerify },
  { name: 'report', load: async () => (await import('./report.ts')).addReport },
  { name: 'search', load: async () => (await import('./search.ts')).addSearch },
  { name: 'decide', load: async () => (await import('./decide.ts')).addDecide },
  { name: 'release', load: async () => (await import('./release.ts')).addRelease },
  { name: 'rematch', load: async () => (await import('./rematch.ts')).addRematch },
  { name: 'hash', load: async () => (await import('./hash.ts')).addHash },
  { name: 'classify', load: async () => (await import('./classify.ts')).addClassify },
  { name: 'hashset', load: async () => (await import('./hashset.ts')).addHashset },
  { name: 'model', load: async () => (await import('./model.ts')).addModelVerb },
  { name: 'terms', load: async () => (await import('./terms.ts')).addTerms },
]

/** Those that this command line may need: one verb, or all of them for help and for an unknown word. */
export async function verbsFor(argv: readonly string[]): Promise<readonly AddCommand[]> {
  const called = VERBS.filter(({ name }) => name === argv[2])
  return Promise.all((called.length > 0 ? called : VERBS).map(({ load }) => load()))
}
