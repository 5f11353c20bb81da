/** File-system errors as examiners read them. Node names most; a damaged file system returns some that it does not. */

// Linux asm-generic/errno.h: what ext4, xfs and btrfs answer for damaged structures, and what a dead FUSE daemon leaves.
const UNNAMED: Readonly<Record<number, string>> = {
  61: 'ENODATA',
  74: 'EBADMSG',
  107: 'ENOTCONN',
  117: 'EUCLEAN',
}

export function errnoOf(error: unknown): string {
  const { code, errno } = error as NodeJS.ErrnoException
  const named = errno === undefined ? undefined : UNNAMED[Math.abs(errno)]
  if (named) return named
  if (code && /^E[A-Z0-9]+$/.test(code)) return code
  if (errno !== undefined) return `errno ${Math.abs(errno)}`
  throw error
}
