/** The class of processor that a plan with a transcriber names, and that nothing goes on under another one. */
import { expect, it } from 'vitest'
import { classBy, machineClass } from '../../src/classify/machine-class.ts'
import { requireSameMachine, transcriptClass } from '../../src/cli/services/transcript-class.ts'

const cpuinfo = (...flags: readonly string[]) =>
  flags.map((words, i) => `processor\t: ${i}\nflags\t\t: fpu ${words} ht\n`).join('\n')

it.each([
  ['x64', cpuinfo('sse2 avx avx2 fma avx512f'), 'x64 avx512f'],
  ['x64', cpuinfo('sse2 avx avx2 fma avx512f', 'sse2 avx avx2 fma'), 'x64 avx2+fma'],
  ['x64', cpuinfo('sse2 avx avx2'), 'x64 avx'],
  ['arm64', 'Features\t: fp asimd crc32\n', 'arm64 asimd'],
  ['riscv64', 'isa : rv64\n', 'riscv64 unknown'],
  ['x64', '', 'x64 unknown'],
])('of %s is the widest set that every processor has', (architecture, text, expected) => {
  expect(classBy(architecture, text)).toBe(expected)
})

const TRANSCRIBER = { id: 'speech-to-text', sha256: 'aa', thresholds: {} }

it('stands in the plan where speech is transcribed, and nowhere else', () => {
  expect(transcriptClass([TRANSCRIBER])).toEqual({ transcribedOn: machineClass() })
  expect(transcriptClass([{ ...TRANSCRIBER, id: 'speech' }])).toEqual({})
})

it('is that of the ledger, or nothing goes on', () => {
  const begun = transcriptClass([TRANSCRIBER])
  expect(() => requireSameMachine(begun, [TRANSCRIBER])).not.toThrow()
  // A ledger of an earlier version names none.
  expect(() => requireSameMachine({}, [TRANSCRIBER])).not.toThrow()
  expect(() => requireSameMachine({ transcribedOn: 'x64 sse2' }, [TRANSCRIBER])).toThrow(
    /begun on a processor of the class x64 sse2/,
  )
})
