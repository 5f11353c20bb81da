/**
 * The system calls that a child may make. Every other call fails with EPERM, or with ENOSYS where the call is
 * newer than this table, so that a library falls back to an older one.
 * A child reads its open descriptors and the files that Landlock allows, computes, answers on its socket and
 * starts threads. It cannot open a file for writing, start a process, open a socket or signal another process.
 *
 * @see Linux 6.12, include/uapi/asm-generic/unistd.h and arch/x86/entry/syscalls/syscall_64.tbl
 */

export const EPERM = 1
const EACCES = 13
const ENOTTY = 25
export const ENOSYS = 38

/** On one argument, by its number from 0. */
export type Condition =
  | { readonly kind: 'none-of' | 'all-of'; readonly argument: number; readonly bits: number }
  | { readonly kind: 'one-of'; readonly argument: number; readonly values: readonly number[] }
  | { readonly kind: 'own-pid' | 'is-zero'; readonly argument: number }
  /**
   * The argument is a command: one of `values` is allowed, and those of `flagged` only where the next argument
   * has none of these bits.
   */
  | {
      readonly kind: 'command'
      readonly argument: number
      readonly values: readonly number[]
      readonly flagged: number
      readonly bits: number
    }

export type Rule =
  | { readonly kind: 'allow' }
  | { readonly kind: 'refuse'; readonly errno: number }
  /** The call is allowed where the condition holds. */
  | { readonly kind: 'when'; readonly condition: Condition; readonly errno: number }
  /** Allowed only for a child that starts as root and drops root. */
  | { readonly kind: 'root-only' }

const ALLOW: Rule = { kind: 'allow' }
const ROOT_ONLY: Rule = { kind: 'root-only' }
const refuse = (errno: number): Rule => ({ kind: 'refuse', errno })
const when = (errno: number, condition: Condition): Rule => ({ kind: 'when', condition, errno })
const noneOf = (argument: number, bits: number): Condition => ({ kind: 'none-of', argument, bits })
const allOf = (argument: number, bits: number): Condition => ({ kind: 'all-of', argument, bits })
const oneOf = (argument: number, values: readonly number[]): Condition => ({
  kind: 'one-of',
  argument,
  values,
})
const ownPid = (argument: number): Condition => ({ kind: 'own-pid', argument })
const isZero = (argument: number): Condition => ({ kind: 'is-zero', argument })

/** O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_TMPFILE without O_DIRECTORY (asm-generic/fcntl.h). */
const WRITING = 0o1 | 0o2 | 0o100 | 0o1000 | 0o20000000
const CLONE_THREAD = 0x10000
/** F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC. Not F_SETOWN: it sends signals. */
const FCNTL = [0, 1, 2, 3, 1030]
const F_SETFL = 4
/**
 * Flags that a child may not set. O_ASYNC sends signals. O_DIRECT (its number depends on the machine) on a
 * shared open file description makes reads of all its holders fail with EINVAL.
 */
const NOT_SET = 0o20000 | 0o40000 | 0o200000
/**
 * MAP_SHARED (MAP_SHARED_VALIDATE contains its bit) and MAP_GROWSDOWN: the kernel does not count such memory as
 * data, so the memory cap would not apply. Code that only reads a file maps it privately.
 */
const UNCOUNTED = 0x1 | 0x100
/** TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX. */
const IOCTL = [0x5401, 0x5413, 0x541b, 0x5421, 0x5450, 0x5451]
/** PDEATHSIG, GET_DUMPABLE, SET_KEEPCAPS, SET_NAME, GET_NAME, CAPBSET_READ, CAPBSET_DROP, GET_SECUREBITS, SET and GET_NO_NEW_PRIVS, SET_VMA. */
const PRCTL = [1, 3, 8, 15, 16, 23, 24, 27, 38, 39, 0x53564d41]

/** The newest call of this table. Newer calls fail as on an old kernel. */
export const NEWEST = 463

/** Name, number on x86-64, number on arm64 (null: does not exist there), rule. The most frequent calls come first. */
export type Row = readonly [string, number | null, number | null, Rule]

/** For a process that walks or reads a mount: it changes its folder and reads extended attributes. */
export const MOUNT_SYSCALLS: readonly Row[] = [
  ['chdir', 80, 49, ALLOW],
  ['fchdir', 81, 50, ALLOW],
  ['getxattr', 191, 8, ALLOW],
  ['lgetxattr', 192, 9, ALLOW],
  ['fgetxattr', 193, 10, ALLOW],
  ['listxattr', 194, 11, ALLOW],
  ['llistxattr', 195, 12, ALLOW],
  ['flistxattr', 196, 13, ALLOW],
]

export const SYSCALLS: readonly Row[] = [
  ['read', 0, 63, ALLOW],
  ['write', 1, 64, ALLOW],
  ['futex', 202, 98, ALLOW],
  ['madvise', 28, 233, ALLOW],
  ['mprotect', 10, 226, ALLOW],
  ['mmap', 9, 222, when(EPERM, noneOf(3, UNCOUNTED))],
  ['munmap', 11, 215, ALLOW],
  ['epoll_pwait', 281, 22, ALLOW],
  ['epoll_wait', 232, null, ALLOW],
  ['epoll_ctl', 233, 21, ALLOW],
  ['writev', 20, 66, ALLOW],
  ['getpid', 39, 172, ALLOW],
  ['getppid', 110, 173, ALLOW],
  ['clock_nanosleep', 230, 115, ALLOW],
  ['brk', 12, 214, ALLOW],
  ['close', 3, 57, ALLOW],
  ['fstat', 5, 80, ALLOW],
  ['lseek', 8, 62, ALLOW],
  ['rt_sigaction', 13, 134, ALLOW],
  ['rt_sigprocmask', 14, 135, ALLOW],
  ['rt_sigreturn', 15, 139, ALLOW],
  ['rt_sigsuspend', 130, 133, ALLOW],
  ['rt_sigpending', 127, 136, ALLOW],
  ['pread64', 17, 67, ALLOW],
  ['readv', 19, 65, ALLOW],
  ['preadv', 295, 69, ALLOW],
  ['sched_yield', 24, 124, ALLOW],
  ['mremap', 25, 216, ALLOW],
  ['mincore', 27, 232, ALLOW],
  ['dup', 32, 23, ALLOW],
  ['dup3', 292, 24, ALLOW],
  ['nanosleep', 35, 101, ALLOW],
  ['gettid', 186, 178, ALLOW],
  ['exit', 60, 93, ALLOW],
  ['exit_group', 231, 94, ALLOW],
  ['uname', 63, 160, ALLOW],
  ['getcwd', 79, 17, ALLOW],
  ['getdents64', 217, 61, ALLOW],
  ['getrlimit', 97, 163, ALLOW],
  ['getrusage', 98, 165, ALLOW],
  ['sysinfo', 99, 179, ALLOW],
  ['times', 100, 153, ALLOW],
  ['umask', 95, 166, ALLOW],
  ['getuid', 102, 174, ALLOW],
  ['geteuid', 107, 175, ALLOW],
  ['getgid', 104, 176, ALLOW],
  ['getegid', 108, 177, ALLOW],
  ['getresuid', 118, 148, ALLOW],
  ['getresgid', 120, 150, ALLOW],
  ['getgroups', 115, 158, ALLOW],
  ['sigaltstack', 131, 132, ALLOW],
  ['arch_prctl', 158, null, ALLOW],
  ['futex_waitv', 449, 449, ALLOW],
  ['futex_wake', 454, 454, ALLOW],
  ['futex_wait', 455, 455, ALLOW],
  ['futex_requeue', 456, 456, ALLOW],
  ['sched_getaffinity', 204, 123, ALLOW],
  ['sched_getparam', 143, 121, ALLOW],
  ['sched_getscheduler', 145, 120, ALLOW],
  ['sched_get_priority_max', 146, 125, ALLOW],
  ['sched_get_priority_min', 147, 126, ALLOW],
  ['getpriority', 140, 141, ALLOW],
  ['set_tid_address', 218, 96, ALLOW],
  ['clock_gettime', 228, 113, ALLOW],
  ['clock_getres', 229, 114, ALLOW],
  ['epoll_create1', 291, 20, ALLOW],
  ['epoll_pwait2', 441, 441, ALLOW],
  ['eventfd2', 290, 19, ALLOW],
  ['pipe2', 293, 59, ALLOW],
  ['set_robust_list', 273, 99, ALLOW],
  ['get_robust_list', 274, 100, ALLOW],
  ['newfstatat', 262, 79, ALLOW],
  ['statx', 332, 291, ALLOW],
  ['stat', 4, null, ALLOW],
  ['lstat', 6, null, ALLOW],
  ['access', 21, null, ALLOW],
  ['faccessat', 269, 48, ALLOW],
  ['faccessat2', 439, 439, ALLOW],
  ['readlink', 89, null, ALLOW],
  ['readlinkat', 267, 78, ALLOW],
  ['statfs', 137, 43, ALLOW],
  ['fstatfs', 138, 44, ALLOW],
  ['rseq', 334, 293, ALLOW],
  ['getrandom', 318, 278, ALLOW],
  ['membarrier', 324, 283, ALLOW],
  ['poll', 7, null, ALLOW],
  ['ppoll', 271, 73, ALLOW],
  ['select', 23, null, ALLOW],
  ['pselect6', 270, 72, ALLOW],
  ['gettimeofday', 96, 169, ALLOW],
  ['time', 201, null, ALLOW],
  ['getcpu', 309, 168, ALLOW],
  ['restart_syscall', 219, 128, ALLOW],
  ['pkey_alloc', 330, 289, ALLOW],
  ['pkey_free', 331, 290, ALLOW],
  ['pkey_mprotect', 329, 288, ALLOW],
  // setpriv(1) calls these to set capabilities that it already has; they give no process more rights.
  ['capget', 125, 90, ALLOW],
  ['capset', 126, 91, ALLOW],
  ['timerfd_create', 283, 85, ALLOW],
  ['timerfd_settime', 286, 86, ALLOW],
  ['timerfd_gettime', 287, 87, ALLOW],
  ['fadvise64', 221, 223, ALLOW],
  ['wait4', 61, 260, ALLOW],
  ['getsockname', 51, 204, ALLOW],
  ['getsockopt', 55, 209, ALLOW],
  ['shutdown', 48, 210, ALLOW],
  ['close_range', 436, 436, ALLOW],
  ['landlock_create_ruleset', 444, 444, ALLOW],
  ['landlock_add_rule', 445, 445, ALLOW],
  ['landlock_restrict_self', 446, 446, ALLOW],
  ['execve', 59, 221, ALLOW],
  ['open', 2, null, when(EACCES, noneOf(1, WRITING))],
  ['openat', 257, 56, when(EACCES, noneOf(2, WRITING))],
  ['openat2', 437, 437, refuse(ENOSYS)],
  ['clone', 56, 220, when(EPERM, allOf(0, CLONE_THREAD))],
  ['clone3', 435, 435, refuse(ENOSYS)],
  ['kill', 62, 129, when(EPERM, ownPid(0))],
  ['tgkill', 234, 131, when(EPERM, ownPid(0))],
  ['prlimit64', 302, 261, when(EPERM, isZero(2))],
  [
    'fcntl',
    72,
    25,
    when(EPERM, { kind: 'command', argument: 1, values: FCNTL, flagged: F_SETFL, bits: NOT_SET }),
  ],
  ['ioctl', 16, 29, when(ENOTTY, oneOf(1, IOCTL))],
  ['prctl', 157, 167, when(EPERM, oneOf(0, PRCTL))],
  ['setuid', 105, 146, ROOT_ONLY],
  ['setgid', 106, 144, ROOT_ONLY],
  ['setgroups', 116, 159, ROOT_ONLY],
]
