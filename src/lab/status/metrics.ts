/** Figures for Prometheus, as text on loopback: counts by state, no name in any label. */
import { createServer, type Server } from 'node:http'
import type { LabStatus } from '../queue/status.ts'
import { EXHIBIT_STATES, type ExhibitState } from '../schema/tables.ts'

/** @see prometheus.io, "Exposition formats", text format 0.0.4 */
export function metricsText({ exhibits, asides, hosts, utc }: LabStatus): string {
  const count = (state: ExhibitState, urgent: boolean) =>
    exhibits.filter((one) => one.state === state && one.priority >= 100 === urgent).length
  const waits = exhibits
    .filter(({ state }) => state === 'waiting')
    .map(({ submitted }) => (Date.parse(utc) - Date.parse(submitted)) / 1000)
  return [
    ...metric('seized_lab_exhibits', 'Exhibits by state; urgent: a child is at risk.', [
      ...EXHIBIT_STATES.flatMap((state) =>
        [false, true].map((urgent): Sample => [`state="${state}",urgent="${urgent}"`, count(state, urgent)]),
      ),
    ]),
    ...metric('seized_lab_oldest_wait_seconds', 'How long the oldest waits.', [['', Math.max(0, ...waits)]]),
    ...metric('seized_lab_attempts', 'Attempts of all exhibits.', [
      ['', exhibits.reduce((sum, { attempts }) => sum + attempts, 0)],
    ]),
    ...metric('seized_lab_superseded', 'Results that came after another attempt was begun.', [
      ['', exhibits.reduce((sum, { superseded }) => sum + superseded.length, 0)],
    ]),
    ...metric('seized_lab_not_booked', 'Results that fit nothing here and that no person has settled.', [
      ['', asides.length],
    ]),
    ...metric('seized_lab_hosts', 'Hosts by what they say of themselves; silent: a minute without a word.', [
      ...['ready', 'busy', 'full', 'silent'].map(
        (state): Sample => [
          `state="${state}"`,
          hosts.filter((one) => (one.ageSeconds > 60 ? 'silent' : one.state) === state).length,
        ],
      ),
    ]),
    ...metric('seized_lab_disk_free_bytes', 'The least that is free on any host.', [
      ['', Math.min(...hosts.map(({ freeBytes }) => freeBytes), Number.MAX_SAFE_INTEGER)],
    ]),
    '',
  ].join('\n')
}

type Sample = readonly [labels: string, value: number]

function metric(name: string, help: string, samples: readonly Sample[]): string[] {
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} gauge`,
    ...samples.map(([labels, value]) => `${name}${labels === '' ? '' : `{${labels}}`} ${value}`),
  ]
}

/** On 127.0.0.1 only. */
export function serveMetrics(port: number, status: () => Promise<LabStatus>): Server {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end()
      return
    }
    status().then(
      (now) => response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(metricsText(now)),
      () => response.writeHead(503).end(),
    )
  })
  return server.listen(port, '127.0.0.1')
}
