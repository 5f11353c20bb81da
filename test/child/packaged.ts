/** Containers made by Debian's own programs, for tests. Each tells of the package that has its program. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Files } from './archives.ts'

/** What is written for each: in a folder that holds the files in `in/`, a command that makes `out`. */
const COMMANDS = {
  lzma: 'xz --format=lzma --stdout in/* >out',
  compress: 'compress -c in/* >out',
  iso: 'xorriso -as mkisofs -quiet -J -R -o out in 2>/dev/null',
  deb: `mkdir in/DEBIAN && printf 'Package: made\\nVersion: 1\\nArchitecture: all\\nMaintainer: A <a@example.org>\\nDescription: made\\n' >in/DEBIAN/control
dpkg-deb --root-owner-group -Zxz --build in out >/dev/null`,
  rpm: `printf '%s\n' 'Name: made' 'Version: 1' 'Release: 1' 'Summary: made' 'License: none' 'BuildArch: noarch' \
  '%description' made '%install' 'mkdir -p %{buildroot}' 'cp -r %{from} %{buildroot}/in' '%files' /in >made.spec
rpmbuild -bb --quiet --define "_topdir $PWD/top" --define '_binary_payload w9.gzdio' --define "from $PWD/in" made.spec
cp top/RPMS/noarch/*.rpm out`,
  xar: 'cd in && xar -c -f ../out *',
} as const

export type Packaged = keyof typeof COMMANDS

const PROGRAMS: Readonly<Record<Packaged, string>> = {
  lzma: 'xz',
  compress: 'compress',
  iso: 'xorriso',
  deb: 'dpkg-deb',
  rpm: 'rpmbuild',
  xar: 'xar',
}

export const has = (kind: Packaged) => spawnSync('sh', ['-c', `command -v ${PROGRAMS[kind]}`]).status === 0

export function packagedOf(kind: Packaged, files: Files): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'seized-packaged-'))
  try {
    mkdirSync(join(folder, 'in'))
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, 'in', name), bytes)
    const { status, stderr } = spawnSync('sh', ['-ec', COMMANDS[kind]], { cwd: folder, encoding: 'utf8' })
    if (status !== 0) throw new Error(`${PROGRAMS[kind]} made no ${kind}: ${stderr}`)
    return readFileSync(join(folder, 'out'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
