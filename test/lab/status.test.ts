import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { LabConfig } from '../../src/lab/manifest/host-config.ts'
import type { LabStatus } from '../../src/lab/queue/status.ts'
import { metricsText, serveMetrics } from '../../src/lab/status/metrics.ts'
import { notify } from '../../src/lab/status/notify.ts'
import { statusPage } from '../../src/lab/status/page.ts'
import { temporaryFolder } from '../e2e/seized.ts'

const exhibit: LabStatus['exhibits'][number] = {
  ...{
    id: '1',
    case: 'SECRET-CASE',
    exhibit: 'SECRET-EXHIBIT',
    priority: 10,
    state: 'finished',
    held: false,
  },
  ...{ submitted: '2026-11-26T10:00:00Z', attempts: 2, host: 'secret-host', attemptState: 'finished' },
  ...{ code: null, message: null, progress: null, exitCode: 10, evidenceDigest: 'e', ledgerSha256: 'l' },
  ...{
    ledgerPath: '/x',
    counts: {},
    earlier: [],
    superseded: [],
    misfits: [],
    takenBack: [],
    ended: '2026-11-25T12:00:00Z',
    archived: null,
  },
}
const status: LabStatus = {
  utc: '2026-11-26T12:00:00.000Z',
  asides: [],
  exhibits: [exhibit, { ...exhibit, id: '2', state: 'waiting', priority: 100, exitCode: null, attempts: 0 }],
  hosts: [
    {
      ...{ name: 'secret-host', state: 'busy', drained: false, cores: 2, memoryGB: 8, freeBytes: 5e9 },
      ...{ program: 'p', ageSeconds: 3 },
    },
  ],
}

describe('what watches a laboratory', () => {
  it('gives counts to Prometheus, and no name', () => {
    const text = metricsText(status)
    expect(text).toContain('seized_lab_exhibits{state="waiting",urgent="true"} 1\n')
    expect(text).toContain('seized_lab_exhibits{state="finished",urgent="false"} 1\n')
    expect(text).toContain('seized_lab_oldest_wait_seconds 7200\n')
    expect(text).toContain('seized_lab_hosts{state="busy"} 1\n')
    expect(text.toLowerCase()).not.toContain('secret')
    // Every line is a comment or a sample.
    for (const line of text.trim().split('\n'))
      expect(line).toMatch(
        /^(# (HELP|TYPE) seized_lab_\w+ .+|seized_lab_\w+(\{(\w+="[a-z-]+",?)+\})? \d+(\.\d+)?)$/,
      )
  })

  it('answers on loopback alone', async () => {
    const probe = createServer().listen(0, '127.0.0.1')
    await once(probe, 'listening')
    const { port } = probe.address() as AddressInfo
    probe.close()
    await once(probe, 'close')
    const server = serveMetrics(port, async () => status)
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    expect((server.address() as AddressInfo).address).toBe('127.0.0.1')
    const got = await fetch(`http://127.0.0.1:${port}/metrics`)
    expect([got.status, await got.text()]).toEqual([200, metricsText(status)])
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404)
  })

  it('leaves a file of counts at a change, where somebody asked, and no name', () => {
    const notifyFolder = temporaryFolder()
    const lab = { notifyFolder, notifyProgram: null } as LabConfig
    expect(notify({ ...lab, notifyFolder: null }, status)).toBe(null)
    const file = notify(lab, status)!
    expect(readdirSync(notifyFolder).length).toBe(1)
    const text = readFileSync(file, 'utf8')
    expect(JSON.parse(text)).toMatchObject({
      waiting: 1,
      examined: 1,
      withFindings: 1,
      needPerson: 0,
      hosts: 1,
    })
    expect(text.toLowerCase()).not.toContain('secret')
  })

  it('is a page without script that says ALARM where a late result differs', () => {
    const late = { ...exhibit, superseded: [{ fence: '7', host: 'scan2', same: false }] }
    const page = statusPage({ ...status, exhibits: [late] }, 'Laboratory', 30)
    expect(page).toContain('ALARM: a later result of scan2')
    expect(page).toContain('<meta http-equiv="refresh" content="30">')
    expect(page).not.toContain('<script')
    const running = {
      ...exhibit,
      ...{
        state: 'claimed',
        exitCode: null,
        earlier: [{ n: 1, host: 'scan2', state: 'lost', code: 'lost' }],
      },
      progress: { phase: 'known', entriesDone: 5, entriesTotal: 9, hits: 3, leads: 0 },
    }
    const now = statusPage({ ...status, exhibits: [running] }, 'Laboratory', 30)
    expect(now).toContain('<progress max="9" value="5">')
    expect(now).toContain('so far 3 contents with hits, 0 with leads')
    expect(now).toContain('attempt 1 on scan2: lost')
    expect(statusPage({ ...status, exhibits: [{ ...exhibit, exhibit: '<b>x' }] }, 'L', null)).not.toContain(
      '<b>x',
    )
  })
})
