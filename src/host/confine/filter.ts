/** The table of system calls as a program of classic BPF, which setpriv(1) loads as a seccomp filter. */
import { endianness } from 'node:os'
import { type Condition, ENOSYS, EPERM, MOUNT_SYSCALLS, NEWEST, type Row, SYSCALLS } from './syscalls.ts'

/** struct sock_filter: code u16, jt u8, jf u8, k u32. @see linux/filter.h, linux/seccomp.h, linux/audit.h */
type Instruction = readonly [code: number, jt: number, jf: number, k: number]

const LD_ABS = 0x20
const AND = 0x54
const JEQ = 0x15
const JGT = 0x25
const JGE = 0x35
const RET = 0x06
const RET_KILL_PROCESS = 0x8000_0000
const RET_ERRNO = 0x0005_0000
const RET_ALLOW = 0x7fff_0000
const INSTRUCTION_BYTES = 8

// struct seccomp_data: nr i32, arch u32, instruction pointer u64, six arguments u64 (little-endian: low word first).
const NR = 0
const ARCH = 4
const low = (argument: number) => 16 + 8 * argument
const high = (argument: number) => low(argument) + 4

interface Machine {
  readonly audit: number
  /** Place of its numbers in a row. */
  readonly column: 1 | 2
  /** Numbers from here on are another ABI of the same machine (x32). */
  readonly otherAbi: number
}

const MACHINES: Readonly<Record<string, Machine>> = {
  x64: { audit: 0xc000_003e, column: 1, otherAbi: 0x4000_0000 },
  arm64: { audit: 0xc000_00b7, column: 2, otherAbi: 0x8000_0000 },
}

export interface FilterOf {
  readonly pid: number
  /** True for a child that starts as root and then drops root. */
  readonly root: boolean
  /** True of a process that walks or reads a mount. */
  readonly mount?: boolean
}

export function isFilterable(arch: string = process.arch): boolean {
  return process.platform === 'linux' && arch in MACHINES && endianness() === 'LE'
}

/** @returns the filter of one process, as the kernel takes it */
export function filterOf({ pid, root, mount = false }: FilterOf, arch: string = process.arch): Buffer {
  const machine = MACHINES[arch]!
  const program: readonly Instruction[] = [
    [LD_ABS, 0, 0, ARCH],
    [JEQ, 1, 0, machine.audit],
    [RET, 0, 0, RET_KILL_PROCESS],
    [LD_ABS, 0, 0, NR],
    [JGE, 0, 1, machine.otherAbi],
    [RET, 0, 0, RET_ERRNO | EPERM],
    [JGT, 0, 1, NEWEST],
    [RET, 0, 0, RET_ERRNO | ENOSYS],
    ...(mount ? [...SYSCALLS, ...MOUNT_SYSCALLS] : SYSCALLS).flatMap((row) => block(row, machine, pid, root)),
    [RET, 0, 0, RET_ERRNO | EPERM],
  ]
  const bytes = Buffer.alloc(program.length * INSTRUCTION_BYTES)
  program.forEach(([code, jt, jf, k], i) => {
    const at = i * INSTRUCTION_BYTES
    bytes.writeUInt16LE(code, at)
    bytes[at + 2] = jt
    bytes[at + 3] = jf
    bytes.writeUInt32LE(k, at + 4)
  })
  return bytes
}

/** Instructions for one system call. For every other call they are skipped, with the call's number still loaded. */
function block(row: Row, { column }: Machine, pid: number, root: boolean): Instruction[] {
  const rule = row[3]
  const number = row[column]
  if (number === null || (rule.kind === 'root-only' && !root)) return []
  const answer: Instruction[] =
    rule.kind === 'when'
      ? [...tested(rule.condition, pid), [RET, 0, 0, RET_ERRNO | rule.errno]]
      : [[RET, 0, 0, rule.kind === 'refuse' ? RET_ERRNO | rule.errno : RET_ALLOW]]
  return [[JEQ, 0, answer.length, number], ...answer]
}

/** Instructions that return RET_ALLOW where the condition holds, and otherwise continue with the next instruction. */
function tested(condition: Condition, pid: number): Instruction[] {
  const { argument } = condition
  const allow: Instruction = [RET, 0, 0, RET_ALLOW]
  switch (condition.kind) {
    // Flags and commands are 32 bits wide; the kernel ignores the upper word.
    case 'none-of':
      return [[LD_ABS, 0, 0, low(argument)], [AND, 0, 0, condition.bits], [JEQ, 0, 1, 0], allow]
    case 'all-of':
      return [[LD_ABS, 0, 0, low(argument)], [AND, 0, 0, condition.bits], [JEQ, 0, 1, condition.bits], allow]
    case 'one-of':
      return [
        [LD_ABS, 0, 0, low(argument)],
        ...condition.values.flatMap((value): Instruction[] => [[JEQ, 0, 1, value], allow]),
      ]
    case 'command':
      return [
        [LD_ABS, 0, 0, low(argument)],
        ...condition.values.flatMap((value): Instruction[] => [[JEQ, 0, 1, value], allow]),
        [JEQ, 0, 4, condition.flagged],
        [LD_ABS, 0, 0, low(argument + 1)],
        [AND, 0, 0, condition.bits],
        [JEQ, 0, 1, 0],
        allow,
      ]
    case 'own-pid':
      return [[LD_ABS, 0, 0, low(argument)], [JEQ, 0, 1, pid], allow]
    case 'is-zero':
      return [
        [LD_ABS, 0, 0, low(argument)],
        [JEQ, 0, 3, 0],
        [LD_ABS, 0, 0, high(argument)],
        [JEQ, 0, 1, 0],
        allow,
      ]
  }
}
