/** A relay between browsers and a served case: it keeps every byte that it forwards, and cuts connections. */
import { connect, createServer, type Server, type Socket } from 'node:net'

export interface Wired {
  readonly client: Buffer[]
  readonly server: Buffer[]
}

/** `request`: what the browser sends next is lost; `answer`: it arrives, and what the server answers is lost. */
export type Cut = 'request' | 'answer'

export class Relay {
  readonly connections: Wired[] = []
  readonly #server: Server
  readonly #open = new Set<Socket>()
  #cut: Cut | null = null
  /** The connection whose answer is lost. */
  #losing: Wired | null = null
  cuts = 0

  private constructor(server: Server) {
    this.#server = server
  }

  static async start(port: number, from: string, to: string): Promise<Relay> {
    const server = createServer()
    const relay = new Relay(server)
    server.on('connection', (socket) => relay.#arrived(socket, connect(port, to)))
    await new Promise<void>((resolve) => server.listen(port, from, resolve))
    return relay
  }

  /** Cuts the connection that speaks next. */
  cutNext(how: Cut): void {
    this.#cut = how
  }

  async close(): Promise<void> {
    for (const socket of this.#open) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #arrived(client: Socket, server: Socket): void {
    const wired: Wired = { client: [], server: [] }
    this.connections.push(wired)
    const ends = [client, server]
    const end = () => {
      for (const one of ends) one.destroy()
    }
    for (const one of ends) {
      this.#open.add(one)
      one.setNoDelay()
      one.on('error', end)
      one.on('close', () => {
        this.#open.delete(one)
        end()
      })
    }
    const lost = () => {
      this.#cut = null
      this.#losing = null
      this.cuts++
      end()
    }
    client.on('data', (piece: Buffer) => {
      wired.client.push(piece)
      // Handshakes are left alone: a request is to be lost, or its answer.
      if (this.#cut !== null && wired.server.length > 2) {
        if (this.#cut === 'request') return lost()
        this.#cut = null
        this.#losing = wired
      }
      server.write(piece)
    })
    server.on('data', (piece: Buffer) => {
      if (this.#losing === wired) return lost()
      wired.server.push(piece)
      client.write(piece)
    })
  }
}
