import { describe, expect, it, onTestFinished } from 'vitest'
import { hasPostgres, Postgres } from '../../fixtures/postgres.ts'
import { seized, temporaryFolder } from '../e2e/seized.ts'
import { Authority } from './authority.ts'
import { hostOf, work } from './hosts.ts'
import { makeLab, makeManifest } from './made.ts'

describe.skipIf(!hasPostgres)('a laboratory whose hosts have certificates', () => {
  it('lets in only who has the certificate of its login, and only over TLS', async () => {
    const authority = new Authority(temporaryFolder())
    authority.issue('server', 'subjectAltName=IP:127.0.0.1\n')
    for (const name of ['scan1', 'desk']) authority.issue(name)
    const postgres = await Postgres.make(
      ['ssl=on', "ssl_ca_file='ca.pem'", "ssl_cert_file='server.pem'", "ssl_key_file='server.key'"],
      {
        files: ['ca.pem', 'server.pem', 'server.key'].map((name) => authority.file(name)),
        access: ['local all lab trust', 'hostssl all all 127.0.0.1/32 cert clientcert=verify-full'],
      },
    )
    onTestFinished(() => postgres.end())
    const lab = makeLab(temporaryFolder(), { A: 1 })
    const owner = hostOf(lab, `postgres://lab@/lab?host=${postgres.folder}&port=${postgres.port}`, 'owner')
    const made = seized([
      'lab',
      'init',
      '--login',
      'worker=scan1',
      '--login',
      'submit=desk',
      '--config',
      owner,
    ])
    expect([made.status, made.stderr]).toEqual([0, ''])
    const as = (user: string, certificate: string | null) =>
      hostOf(lab, postgres.url(user), `${user}-${certificate}`, {
        host: 'scan1',
        caFile: authority.file('ca.pem'),
        ...(certificate === null
          ? {}
          : {
              certFile: authority.file(`${certificate}.pem`),
              keyFile: authority.file(`${certificate}.key`),
            }),
      })
    const submit = (config: string) => seized(['lab', 'submit', makeManifest(lab, ['A']), '--config', config])
    for (const refused of [as('desk', null), as('desk', 'scan1')])
      expect(submit(refused)).toMatchObject({
        status: 2,
        stderr: expect.stringContaining('does not let this login in'),
      })
    const plain = hostOf(lab, postgres.url('desk'), 'plain')
    expect(submit(plain).stderr).toContain('does not let this login in')
    expect(submit(as('desk', 'desk')).status).toBe(0)
    const run = seized(work(as('scan1', 'scan1'), '--once'))
    expect(run.stdout, run.stderr).toContain('"finished"')
  })
})
