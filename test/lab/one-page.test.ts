/**
 * The page of docs/guide/lab.md is followed by its own commands: in a network and mounts of their own with Debian's PostgreSQL, the
 * three machines one after another on this one. Stood in for: systemctl (a container has none) and dpkg (npm run package:try).
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hasPostgres } from '../../fixtures/postgres.ts'
import { BIN, temporaryFolder } from '../e2e/seized.ts'
import { makeLab, makeManifest } from './made.ts'

const PAGE = readFileSync(resolve(import.meta.dirname, '../../docs/guide/lab.md'), 'utf8')
const STEPS = new Map(
  PAGE.slice(PAGE.indexOf('## Set up by two persons'))
    .split(/^(?=\d\. )/m)
    .map((step) => [Number.parseInt(step, 10), step.match(/(?<=```sh\n)[\s\S]*?(?=```)/g) ?? []]),
)
/** The two pieces of the configuration that the page shows. */
const [ONE_MACHINE, SEVERAL] = ['```json\n{\n  "config": 1', '```json\n  "lab": {'].map((begin) => {
  const from = PAGE.indexOf(begin) + '```json\n'.length
  return PAGE.slice(from, PAGE.indexOf('```', from))
})
const possible =
  hasPostgres &&
  process.getuid?.() === 0 &&
  spawnSync('unshare', ['-mn', 'sh', '-c', 'command -v pg_createcluster ip useradd runuser']).status === 0

describe.skipIf(!possible)('a laboratory set up by the page of docs/guide/lab.md', () => {
  it('three hosts as three accounts examine submitted exhibits, none removes a file of another, the desk has its first report, and a lost database is built again', () => {
    const folder = temporaryFolder()
    const lab = makeLab(join(folder, 'srv/store'), { A: 3, B: 3, C: 3 })
    const manifests = ['A', 'B', 'C'].map(
      (id) => [id, readFileSync(makeManifest(lab, [id]), 'utf8')] as const,
    )
    for (const [id, text] of manifests) writeFileSync(join(folder, `${id}.manifest.json`), text)
    const made = JSON.parse(readFileSync(lab.config, 'utf8'))
    const shown = { ...JSON.parse(ONE_MACHINE!), ...JSON.parse(`{${SEVERAL}}`) }
    const config = {
      ...shown,
      hashsets: made.hashsets,
      privileged: {},
      profiles: made.profiles,
      minFreeGB: 0,
    }
    const own = (name: string, change: object) =>
      writeFileSync(
        join(folder, `${name}.json`),
        JSON.stringify({ ...config, lab: { ...config.lab, ...change } }),
      )
    const [none, key] = [undefined, (name: string) => `/etc/seized/${name}`]
    const certificates = { caFile: none, certFile: none, keyFile: none }
    const unsigned = { signingKey: none, linksKey: none, statusPage: none }
    own('scan1', {})
    for (const n of [2, 3]) {
      const at = (name: string) => `/etc/seized${n}/${name}`
      own(`scan${n}`, {
        ...{
          host: `scan${n}`,
          database: `postgres://scan${n}@db.lab.local/lab`,
          ledgers: `/var/lib/seized${n}/ledgers`,
        },
        ...{ caFile: at('ca.pem'), certFile: at(`scan${n}.pem`), keyFile: at(`scan${n}.key`) },
        ...{ signingKey: at('host.key'), linksKey: at('links.key'), statusPage: none },
      })
    }
    own('owner', { ...certificates, ...unsigned, database: 'postgres://postgres@/lab?host=/run/postgresql' })
    own('desk', {
      ...unsigned,
      database: 'postgres://desk@db.lab.local/lab',
      certFile: key('desk.pem'),
      keyFile: key('desk.key'),
    })
    writeFileSync(join(folder, 'page.sh'), script(folder))
    const run = spawnSync('unshare', ['-mnpf', '--mount-proc', 'bash', '-eu', join(folder, 'page.sh')], {
      encoding: 'utf8',
      cwd: '/',
    })
    expect(run.status, `${run.stdout}\n${run.stderr}`).toBe(0)
    // The first report, as the page says.
    const report = readFileSync(join(folder, 'A.html'), 'utf8')
    expect(report).toContain('A. Example')
    expect(report).toMatch(/2026-114[\s\S]*illegal/)
    expect(readFileSync(join(folder, '2026-114.html'), 'utf8')).toContain('scan1')
    const status = (name: string) => JSON.parse(readFileSync(join(folder, `status-${name}.json`), 'utf8'))
    for (const name of ['examined', 'restored'])
      expect(status(name).exhibits).toMatchObject(
        ['A', 'B', 'C'].map((exhibit, i) => ({ exhibit, state: 'finished', host: `scan${i + 1}` })),
      )
  })
})

/** Everything below /etc, /var and /srv that it changes is its own. */
function script(folder: string): string {
  /** @param block of its blocks of commands; absent: all */
  const step = (number: number, block?: number) => {
    const commands = STEPS.get(number)?.slice(block, block === undefined ? undefined : block + 1) ?? []
    if (commands.length === 0) throw new Error(`step ${number} of the page has no such commands`)
    return `echo "step ${number}" >&2\n${commands.join('')}`
  }
  return `
chmod 755 ${folder}; exec </dev/null
ip link set lo up; ip addr add 10.0.0.1/8 dev lo
mkdir ${folder}/etc; cp -a /etc/. ${folder}/etc; mount --bind ${folder}/etc /etc
echo '10.0.0.1 db.lab.local' >> /etc/hosts
rm -rf /etc/postgresql/*; mkdir -p /etc/seized /run/postgresql
for own in /var/lib /var/backups /var/log /run/postgresql /opt; do mount -t tmpfs none $own; done
mkdir -p /var/lib/postgresql /var/log/postgresql /opt/bin /opt/seized
chown postgres:postgres /var/lib/postgresql /var/log/postgresql /run/postgresql
mkdir -p ${folder}/srv; mount --bind ${folder}/srv /srv
mount --bind ${resolve(BIN, '../..')} /opt/seized
printf '#!/bin/sh\\nexec ${process.execPath} ${BIN.replace(resolve(BIN, '../..'), '/opt/seized')} "$@"\\n' > /opt/bin/seized
chmod 755 /opt/bin/seized; export PATH=/opt/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
useradd --system --user-group --home-dir /var/lib/seized seized; install -d -o seized -g seized -m 750 /var/lib/seized
work() { runuser -u seized -- env HOME=/var/lib/seized seized lab work --workers 1 --once; }
worker() { # of another machine, with an account that has a number of its own
  useradd --system -g seized -u 290$1 --home-dir /var/lib/seized$1 seized$1
  install -d -o seized$1 -g seized -m 750 /var/lib/seized$1 /etc/seized$1
  cp ${folder}/safe/ca.pem ${folder}/safe/scan$1.* ${folder}/safe/links.key /etc/seized$1; cp ${folder}/scan$1.json /etc/seized$1/lab.json
  openssl genpkey -algorithm ed25519 -out /etc/seized$1/host.key; chown seized$1 /etc/seized$1/*; chmod 600 /etc/seized$1/*
  runuser -u seized$1 -- env HOME=/var/lib/seized$1 seized lab work --config /etc/seized$1/lab.json --workers 1 --once
}
systemctl() { # restart postgresql
  pg_ctlcluster $(ls /etc/postgresql) main restart
}
cluster() { pg_createcluster $(ls /usr/lib/postgresql | tail -1) main --locale C > /dev/null; }

mkdir ${folder}/safe; cd ${folder}/safe
${step(1)}
cp ${folder}/scan1.json /etc/seized/lab.json
${step(2)}
cp ${folder}/owner.json /etc/seized/owner.json
cluster
${step(3)}
useradd -u 2950 desk; usermod -aG seized desk
cp ${folder}/A.manifest.json ${folder}/2026-114.manifest.json
atdesk() { # a machine of its own, but for its file system
  unshare -m bash -euc 'mount -t tmpfs none /etc/seized
cp ${folder}/safe/ca.pem ${folder}/safe/desk.* /etc/seized; cp ${folder}/desk.json /etc/seized/lab.json; chmod 600 /etc/seized/*
cd ${folder}; eval "$1"' desk "$1" >&2
}
atdesk ${quoted(step(4, 0))}
work >&2
atdesk 'seized lab submit B.manifest.json'; worker 2 >&2
atdesk 'seized lab submit C.manifest.json'; worker 3 >&2
atdesk 'seized lab status --json > status-examined.json'
collected() { find /srv/collection -printf '%p %m %u %s %T@\\n' | sort; find /srv/collection -type f | sort | xargs sha256sum; }
collected > ${folder}/collected
atdesk ${quoted(step(4, 1).replaceAll('LTU-07', 'A'))}
collected | diff ${folder}/collected -
for account in seized2 desk postgres; do
  runuser -u $account -- cat /srv/collection/2026-114/[AC]/*/*.sqlite > /dev/null
  for change in 'rm -f' 'rmdir' 'chmod 777' 'truncate -s 0'; do
    runuser -u $account -- $change /srv/collection/2026-114/[AC]/*/*.sqlite /srv/collection/2026-114/[AC]/* 2> /dev/null || true
  done
  runuser -u $account -- mv /srv/collection/2026-114/A /srv/collection/2026-114/gone 2> /dev/null || true
done
collected | diff ${folder}/collected -
${step(9)}
${step(5)}
collected | diff ${folder}/collected -
atdesk ${quoted(step(6))}
pg_dropcluster --stop $(ls /etc/postgresql) main
cluster
cd ${folder}/safe
${step(3)}
${step(8)}
atdesk 'seized lab status --json > status-restored.json'
pg_dropcluster --stop $(ls /etc/postgresql) main
`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
