/**
 * The page of docs/guide/lab.md is followed by its own commands on four machines at once: three that examine, of which the first holds
 * PostgreSQL and the file server, and a desk. Each is a set of namespaces with a file system (an overlay of this one), network, host name,
 * processes and accounts of its own. The workers of all run from the first order to the end, also while the database is lost and built anew.
 *
 * Stood in for: systemctl (there is none), the network share (one folder, mounted at each), and dpkg, unless `SEIZED_DEB` names a package.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { hasPostgres } from '../../fixtures/postgres.ts'
import { BIN, temporaryFolder } from '../e2e/seized.ts'
import { clearOfMidnight } from './clear-of-midnight.ts'
import { makeLab, makeManifest } from './made.ts'

const PAGE = readFileSync(resolve(import.meta.dirname, '../../docs/guide/lab.md'), 'utf8')
const STEPS = new Map(
  PAGE.slice(PAGE.indexOf('## Set up by two persons'))
    .split(/^(?=\d+\. )/m)
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
  beforeAll(() => clearOfMidnight(150_000))

  it('33 A6: three machines examine submitted exhibits at once, none removes a file of another, the desk has its first report, and a lost database is built again', () => {
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
    for (const name of ['scan1', 'scan2', 'scan3'])
      own(name, {
        ...{ host: name, database: `postgres://${name}@db.lab.local/lab` },
        ...{ certFile: key(`${name}.pem`), keyFile: key(`${name}.key`) },
        ...{ leaseSeconds: 10, ...(name === 'scan1' ? {} : { statusPage: none }) },
      })
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
    // The drill on the machine of the database, then the hand-over at the desk.
    expect(run.stdout.match(/ acts in the audit, 3 ledgers; audit head [0-9a-f]{64}/g)).toHaveLength(2)
    const handOver = readFileSync(join(folder, 'hand-over.txt'), 'utf8')
    expect(handOver).toMatch(/Examined today[\s\S]*3 ledgers; audit head [0-9a-f]{64}/)
    const status = (name: string) => JSON.parse(readFileSync(join(folder, `status-${name}.json`), 'utf8'))
    for (const name of ['examined', 'restored'])
      expect(status(name).exhibits).toMatchObject(
        ['A', 'B', 'C'].map((exhibit, i) => ({ exhibit, state: 'finished', host: `scan${i + 1}` })),
      )
    const hosts = status('examined').hosts as { readonly name: string }[]
    expect(hosts.map(({ name }) => name).sort()).toEqual(['scan1', 'scan2', 'scan3'])
  })
})

/** A desk and three hosts, each at 10.0.0.N; nothing that it changes is of the machine that it runs on. */
const MACHINES = { scan1: 1, scan2: 2, scan3: 3, desk: 4 } as const
type Machine = keyof typeof MACHINES

function script(folder: string): string {
  /** @param block of its blocks of commands; absent: all */
  const step = (number: number, block?: number) => {
    const commands = STEPS.get(number)?.slice(block, block === undefined ? undefined : block + 1) ?? []
    if (commands.length === 0) throw new Error(`step ${number} of the page has no such commands`)
    return `echo "step ${number}" >&2\n${commands.join('')}`
  }
  /** As the page tells each host to: its own name, its own number. */
  const ofHost = (text: string, name: Machine) =>
    text.replaceAll('scan1', name).replaceAll('2901', `290${MACHINES[name]}`)
  const on = (name: Machine, text: string) => `on ${name} ${quoted(text)}\n`
  const hosts = ['scan1', 'scan2', 'scan3'] as const
  const each = (text: (name: Machine) => string) => hosts.map((name) => on(name, text(name))).join('')
  const carried = (name: string) => `${folder}/carried/${name}`
  const collected = `find /srv/collection -printf '%p %m %u %s %T@\n' | sort; find /srv/collection -type f | sort | xargs sha256sum`
  const unchanged = on('scan1', `{ ${collected}; } | diff ${folder}/collected -`)
  return `
chmod 755 ${folder}; exec </dev/null
mkdir -p ${folder}/machines ${folder}/srv/collection-of-server ${folder}/carried
mount -t tmpfs none ${folder}/machines
ip link set lo up; ip link add lab type bridge; ip link set lab up
machine() { # NAME NUMBER
  own=${folder}/machines/$1; mkdir -p $own/up $own/work $own/root
  mount -t overlay overlay -o lowerdir=/,upperdir=$own/up,workdir=$own/work $own/root
  unshare -muinpf bash -euc 'root=$1; hostname $0
mount -t proc proc $root/proc; mount --rbind /dev $root/dev; mount --rbind /sys $root/sys
mount -t tmpfs none $root/run; mount -t tmpfs none $root/srv
mkdir -p $root${folder} $root/srv/collection $root/run/postgresql; mount --bind ${folder} $root${folder}
mount --bind ${folder}/srv/collection-of-server $root/srv/collection
ip link set lo up
touch ${folder}/$0.ready; exec chroot $root sleep infinity' $1 $own/root &
  until [ -e ${folder}/$1.ready ]; do sleep 0.05; done
  pid=$(pgrep -P $!); echo $pid > ${folder}/$1.pid
  ip link add of-$1 type veth peer name eth0 netns $pid; ip link set of-$1 master lab up
  nsenter -t $pid -n sh -c "ip addr add 10.0.0.$2/8 dev eth0; ip link set eth0 up"
}
on() { # NAME COMMANDS
  nsenter -t $(cat ${folder}/$1.pid) -m -u -i -n -p -r -w bash -euc ". ${folder}/machine.sh; $2"
}
cat > ${folder}/machine.sh <<'END'
cd /; export PATH=/opt/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
systemctl() { # restart postgresql
  pg_ctlcluster $(ls /etc/postgresql) main restart
}
cluster() { pg_createcluster $(ls /usr/lib/postgresql | tail -1) main --locale C > /dev/null; }
installed() {
  echo '10.0.0.1 db.lab.local' >> /etc/hosts
  rm -rf /etc/postgresql/* /var/lib/postgresql/* /var/backups/*; mkdir -p /opt/bin /opt/seized /etc/seized
  # An overlay gives folders and files different numbers of a device.
  mount -t tmpfs -o mode=755 none /etc/seized
  chown postgres:postgres /run/postgresql
  ${
    process.env.SEIZED_DEB
      ? `dpkg -i ${process.env.SEIZED_DEB} > /dev/null`
      : `mount --bind ${resolve(BIN, '../..')} /opt/seized
  printf '#!/bin/sh\nexec ${process.execPath} ${BIN.replace(resolve(BIN, '../..'), '/opt/seized')} "$@"\n' > /opt/bin/seized
  chmod 755 /opt/bin/seized
  useradd --system --user-group --home-dir /var/lib/seized seized; install -d -o seized -g seized -m 750 /var/lib/seized`
  }
}
finished() { # EXHIBITS
  for try in $(seq 600); do
    [ "$(seized lab status --json | grep -o '"state":"finished"' | wc -l)" = $1 ] && return
    sleep 1
  done
  seized lab status >&2; return 1
}
END
${Object.entries(MACHINES)
  .map(([name, number]) => `machine ${name} ${number}\n`)
  .join('')}
for name in ${Object.keys(MACHINES).join(' ')}; do on $name installed; done
${on('scan1', `mkdir ${folder}/safe; cd ${folder}/safe\n${step(1)}`)}
for name in scan1 scan2 scan3 desk; do
  mkdir ${folder}/carried/$name; cp ${folder}/safe/ca.pem ${folder}/safe/$name.* ${folder}/safe/links.key ${folder}/carried/$name
done
cp ${folder}/safe/server.* ${carried('scan1')}
${hosts
  .map((name) =>
    on(
      name,
      `cp ${folder}/${name}.json /etc/seized/lab.json; cd ${carried(name)}\n${ofHost(step(2, 0) + step(2, 1), name)}`,
    ),
  )
  .join('')}
${on('scan1', step(2, 2))}
${on('scan1', `cp ${folder}/owner.json /etc/seized/owner.json; cluster; cd ${carried('scan1')}\n${step(3)}`)}
${on('desk', `groupmod -g 2900 seized; useradd -u 2950 desk; usermod -aG seized desk; cd ${carried('desk')}\ncp ca.pem desk.* /etc/seized; cp ${folder}/desk.json /etc/seized/lab.json; chmod 600 /etc/seized/*`)}
${each((name) => `setsid runuser -u seized -- env HOME=/var/lib/seized seized lab work --workers 1 > ${folder}/work-${name} 2>&1 < /dev/null &`)}
cp ${folder}/A.manifest.json ${folder}/2026-114.manifest.json
${on('desk', `cd ${folder}; until [ "$(seized lab status --json | grep -o '"name":"scan[123]"' | sort -u | wc -l)" = 3 ]; do sleep 0.5; done`)}
${on('desk', `cd ${folder}; seized lab drain scan2; seized lab drain scan3\n${step(4, 0)}finished 1`)}
${on('desk', `cd ${folder}; seized lab drain scan1; seized lab drain scan2 --end; seized lab submit B.manifest.json; finished 2`)}
${on('desk', `cd ${folder}; seized lab drain scan2; seized lab drain scan3 --end; seized lab submit C.manifest.json; finished 3`)}
${on('desk', `cd ${folder}; for n in 1 2; do seized lab drain scan$n --end; done; seized lab status --json > status-examined.json`)}
${on('scan1', `{ ${collected}; } > ${folder}/collected`)}
${on('desk', `cd ${folder}\n${step(4, 1).replaceAll('LTU-07', 'A')}`)}
${unchanged}
${[
  ['scan2', 'seized'],
  ['desk', 'desk'],
  ['scan1', 'postgres'],
]
  .map(([name, account]) =>
    on(
      name as Machine,
      `
runuser -u ${account} -- sh -c 'cat /srv/collection/2026-114/[AC]/*/*.sqlite' > /dev/null
for change in 'rm -f' 'rmdir' 'chmod 777' 'truncate -s 0'; do
  ${account === 'seized' ? 'of=A' : 'of="A C"'}
  for one in $of; do
    runuser -u ${account} -- $change /srv/collection/2026-114/$one/*/*.sqlite /srv/collection/2026-114/$one/* 2> /dev/null || true
  done
done
runuser -u ${account} -- mv /srv/collection/2026-114/A /srv/collection/2026-114/gone 2> /dev/null || true`,
    ),
  )
  .join('')}
${unchanged}
${on('scan1', step(9))}
${on('scan1', step(5))}
${unchanged}
${on('desk', `cd ${folder}\n${step(6)}\n${step(10)}`)}
${on('scan1', `pg_dropcluster --stop $(ls /etc/postgresql) main; cluster; cd ${carried('scan1')}\n${step(3)}\n${step(8)}`)}
${on('desk', `cd ${folder}; seized lab status --json > status-restored.json`)}
${each(() => `pgrep -u seized -f 'lab work' > /dev/null`)}
${on('scan1', 'pg_dropcluster --stop $(ls /etc/postgresql) main')}
`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
