/** The same tree as a package of Debian: below /usr/lib/seized, with a command, a unit for lab servers and its folders. */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { copyrightOf } from './copyright.ts'
import { setModes } from './reproducible.ts'

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }

export function debName(version: string): string {
  return `seized_${version}_${ARCHITECTURES[process.arch] ?? process.arch}.deb`
}

/** @param tree hard-linked, not copied @param isQuick compressed little, for tests @returns path of the package */
export function makeDeb(
  tree: string,
  version: string,
  out: string,
  kilobytes: number,
  isQuick = false,
): string {
  const root = join(out, 'deb')
  rmSync(root, { recursive: true, force: true })
  const folders = [
    'DEBIAN',
    'usr/bin',
    'usr/lib/systemd/system',
    'usr/share/man/man1',
    'etc/seized',
    DOC,
    OVERRIDES,
  ]
  for (const folder of folders) mkdirSync(join(root, folder), { recursive: true, mode: 0o755 })
  execFileSync('cp', ['-al', tree, join(root, 'usr/lib/seized')])
  symlinkSync('../lib/seized/seized', join(root, 'usr/bin/seized'))
  const page = execFileSync(join(tree, 'seized'), ['man'])
  // Policy 12.1 and 12.7: pages and changelogs are compressed as small as gzip can, without a time.
  writeFileSync(join(root, 'usr/share/man/man1/seized.1.gz'), gzipSync(page, { level: 9 }))
  writeFileSync(join(root, DOC, 'changelog.gz'), gzipSync(changelog(version), { level: 9 }))
  writeFileSync(join(root, OVERRIDES, 'seized'), LINTIAN)
  writeFileSync(join(root, DOC, 'copyright'), copyrightOf(tree))
  writeFileSync(join(root, 'usr/lib/systemd/system/seized-lab.service'), UNIT)
  writeFileSync(join(root, 'DEBIAN/control'), control(version, kilobytes))
  writeFileSync(join(root, 'DEBIAN/postinst'), POSTINST)
  setModes(root)
  chmodSync(join(root, 'DEBIAN/postinst'), 0o755)
  const deb = join(out, debName(version))
  execFileSync(
    'dpkg-deb',
    [
      '--root-owner-group',
      '--no-uniform-compression',
      '-Zzstd',
      isQuick ? '-z3' : SMALLEST,
      '--build',
      root,
      deb,
    ],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  rmSync(root, { recursive: true, force: true })
  return deb
}

const DOC = 'usr/share/doc/seized'
const OVERRIDES = 'usr/share/lintian/overrides'
const MAINTAINER = 'seized <seized@localhost>'

/** In Debian's form (Policy 4.4); the changes themselves stand in the tree. The time is that of the commit, as dpkg-deb has it. */
function changelog(version: string): string {
  const made = new Date(Number(process.env.SOURCE_DATE_EPOCH ?? 0) * 1000)
    .toUTCString()
    .replace('GMT', '+0000')
  return `seized (${version}) unstable; urgency=medium

  * Changes are in /usr/lib/seized/CHANGELOG.md.

 -- ${MAINTAINER}  ${made}
`
}

/** What lintian says and stays so, each with its reason. */
const LINTIAN = `# Who builds the package has no public address: a laboratory that publishes it names its own.
seized: bogus-mail-host Maintainer seized@localhost
seized: bogus-mail-host-in-debian-changelog seized@localhost *
# dpkg of Debian 12 and later reads zstd; with xz a machine of the field unpacks for minutes.
seized: malformed-deb-archive third (official) member data.tar.zst *
`

/** With 19, a package is 2 % larger, and over the limit. dpkg unpacks it with 128 MB of memory. */
const SMALLEST = '-z22'

function control(version: string, kilobytes: number): string {
  return `Package: seized
Version: ${version}
Architecture: ${ARCHITECTURES[process.arch] ?? process.arch}
Maintainer: ${MAINTAINER}
Installed-Size: ${kilobytes}
Depends: libc6, libstdc++6, util-linux (>= 2.40)
Suggests: openssl, postgresql-client
Section: utils
Priority: optional
Description: triage of a seized device for forensic examiners
 Reads a disk image or a mount, compares every file with lists of known
 material, looks at unknown pictures in confined processes, and writes one
 ledger. Brings its own Node; uses no network.
`
}

/** An account of its own for lab servers; nothing is started. */
const POSTINST = `#!/bin/sh
set -e
if [ "$1" = configure ] && command -v useradd >/dev/null 2>&1 && ! getent passwd seized >/dev/null 2>&1; then
  useradd --system --user-group --home-dir /var/lib/seized --shell /usr/sbin/nologin seized
fi
if getent passwd seized >/dev/null 2>&1; then
  install -d -o seized -g seized -m 0750 /var/lib/seized
fi
`

const UNIT = `[Unit]
Description=seized: examines exhibits of the laboratory's queue
Documentation=man:seized(1)
After=network-online.target
Wants=network-online.target
ConditionPathExists=/etc/seized/lab.json

[Service]
User=seized
Group=seized
StateDirectory=seized
StateDirectoryMode=0750
ExecStart=/usr/bin/seized lab work
Restart=always
RestartSec=10
# A scan that is told to pause commits its batch; its ledger goes on when the service does.
KillMode=mixed
TimeoutStopSec=180
UMask=0077
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
ReadWritePaths=-/srv
# Scans confine what decodes by namespaces, Landlock and seccomp of their own: not restricted here.

[Install]
WantedBy=multi-user.target
`
