/** Settings of Tor, I2P and Freenet, and encrypted stores of messengers. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as made from '../../../../fixtures/device/hidden-networks.ts'
import { identifyContent } from '../../../../src/formats/signatures/index.ts'
import { recordsOf } from '../records-of.ts'

async function read(content: string | Buffer) {
  const bytes = Buffer.from(content as string)
  const { mediaType } = await identifyContent(bytes)
  return { mediaType, ...recordsOf(mediaType, bytes) }
}

const said = async (content: string) =>
  (await read(content)).records.map(({ what }) => [what.code, what.params])

describe('Tor', () => {
  it('kept its guards and bridges, with the days that it wrote', async () => {
    const { records } = await read(made.TOR_STATE)
    expect(records.map(({ what, when }) => [what.code, what.params, when?.ns])).toEqual([
      ['tor-state', { guards: 2, version: 'Tor 0.4.8.10' }, '1767323045000000000'],
      [
        'tor-guard',
        { kind: 'guard', nickname: 'example', fingerprint: 'DCD30B90BA3A792DA75DC54A327EF353FB84C38E' },
        '1767004566000000000',
      ],
      [
        'tor-guard',
        { kind: 'bridge', fingerprint: '8FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF2E', address: '192.0.2.3:443' },
        '1766731454000000000',
      ],
    ])
  })

  it('was given bridges and services by its settings, and Tor Browser by its preferences', async () => {
    expect(await said(made.TORRC)).toEqual([
      [
        'tor-guard',
        {
          kind: 'bridge',
          transport: 'obfs4',
          address: '192.0.2.4:80',
          fingerprint: '8FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF2E',
        },
      ],
      ['tor-guard', { kind: 'bridge', address: '192.0.2.5:9001' }],
      [
        'hidden-service',
        { network: 'tor', folder: '/home/x/.tor/site', target: '80 127.0.0.1:8080, 22 127.0.0.1:22' },
      ],
    ])
    expect(await said(made.PREFERENCES)).toMatchObject([
      ['tor-guard', { kind: 'bridge', transport: 'snowflake', address: '192.0.2.6:80' }],
    ])
    expect(await said('// Mozilla User Preferences\n\nuser_pref("a.b", 1);\n')).toEqual([])
  })
})

const I2PD = join(import.meta.dirname, '../../../../fixtures/device/i2pd')
const i2pd = (name: string) => readFileSync(join(I2PD, name))

describe('what i2pd 2.56 wrote', () => {
  it('names services that lead into the device, and no way out', async () => {
    const tunnels = await read(i2pd('tunnels.conf'))
    expect([tunnels.mediaType, tunnels.result.result]).toEqual(['text/x-i2pd-config', 'done'])
    expect(tunnels.records.map(({ what }) => [what.code, what.params])).toEqual([
      ['hidden-service', { network: 'i2p', name: 'my site', target: '127.0.0.1:8080', key: 'my-site.dat' }],
    ])
    const settings = await read(
      '## Configuration file for a typical i2pd user\n## See https://i2pd.readthedocs.io/\n',
    )
    expect(settings.records).toMatchObject([{ what: { code: 'i2p-router', params: {} } }])
    const others = '[client]\ntype = fish\nkeys = none\n'
    expect((await read(others)).mediaType).toBe('text/plain')
  })

  it('has keys whose address is the one that i2pd wrote into its log', async () => {
    const keys = await read(i2pd('my-site.dat'))
    expect([keys.mediaType, keys.result.result]).toEqual(['application/x-i2p-key', 'done'])
    expect(keys.findings).toEqual([
      {
        kind: 'attribute',
        code: 'i2p-key',
        params: { address: 'gjjohxpjjuroro25q5ntxhjax5do2xootelr4svezy4gtoahbxhq.b32.i2p' },
      },
    ])
    expect((await read(i2pd('router.keys'))).mediaType).toBe('application/x-i2p-key')
    expect((await read(i2pd('my-site.dat').subarray(0, -1))).mediaType).toBe('application/octet-stream')
  })

  it('says when the router told of itself last, with its version; cut, it says where', async () => {
    const router = i2pd('router.info')
    const whole = await read(router)
    expect(whole.mediaType).toBe('application/x-i2p-router')
    const [{ what, when } = {} as never] = whole.records
    expect(what).toEqual({ code: 'i2p-router', params: { version: '0.9.65' } })
    expect(new Date(Number(BigInt(when!.ns) / 1_000_000n)).toISOString().slice(0, 19)).toBe(
      '2026-11-27T00:19:47',
    )
    // The second of its addresses, which is cut: its cost and expiration stand before its name.
    const second = router.indexOf('SSU2') - 10
    const cut = recordsOf(
      'application/x-i2p-router',
      Buffer.concat([router.subarray(0, 520), Buffer.from('router.version=')]),
    )
    expect(cut.records).toHaveLength(1)
    expect(cut.result).toMatchObject({
      result: 'done-with-warnings',
      detail: { code: 'device-records-damaged', params: { records: 1, offset: second } },
    })
  })
})

describe('I2P and Freenet', () => {
  it('have routers, services that are reached through them (no proxies), names and nodes', async () => {
    expect((await read(made.I2P_ROUTER)).records).toMatchObject([
      { what: { code: 'i2p-router', params: { version: '2.4.0' } }, when: { ns: '1600000000000000000' } },
    ])
    expect(await said(made.I2P_TUNNELS)).toEqual([
      [
        'hidden-service',
        { network: 'i2p', name: 'my site', target: '127.0.0.1:7658', key: 'eepsite/eepPriv.dat' },
      ],
    ])
    expect(await said(made.I2P_HOSTS)).toEqual([['i2p-router', { names: 2 }]])
    expect(await said(made.FREENET_CONFIG)).toEqual([
      ['freenet-node', { name: 'example node', folder: './downloads' }],
    ])
  })
})

describe('an encrypted store', () => {
  it.each([
    ['whatsapp', 'crypt15', '2.24.5.13', made.whatsappBackup('crypt15', '2.24.5.13', true)],
    ['whatsapp', 'crypt15', '2.24.5.13', made.whatsappBackup('crypt15', '2.24.5.13', false)],
    ['whatsapp', 'crypt14', '2.22.5.13', made.whatsappBackup('crypt14', '2.22.5.13', true)],
    ['signal', 'backup', undefined, made.signalBackup()],
    ['telegram-desktop', 'tdata', '4008003', made.telegramData(4_008_003)],
    ['signal-desktop', 'system-key', undefined, Buffer.from(`{"encryptedKey": "763131${'ab'.repeat(80)}"}`)],
  ])('of %s (%s) is named, and not done', async (program, form, version, bytes) => {
    const { findings, result, records } = await read(bytes)
    expect(result).toMatchObject({ result: 'not-done', reason: 'encrypted' })
    expect(records).toEqual([])
    expect(findings).toEqual([
      { kind: 'attribute', code: 'locked-store', params: { program, form, ...(version && { version }) } },
    ])
  })

  it('is not seen in noise, nor in other files with keys', async () => {
    for (let i = 0; i < 500; i++) {
      const noise = Buffer.from(
        Array.from({ length: 400 }, (_, at) => (at * at * 31 + i * 97 + (at >> 3) * i) & 0xff),
      )
      expect((await identifyContent(noise)).mediaType).not.toMatch(/whatsapp|signal|telegram/)
    }
    for (const key of ['value', 'ab'.repeat(32)])
      expect((await identifyContent(Buffer.from(`{"key": "${key}"}`))).mediaType).toBe('application/json')
  })
})
