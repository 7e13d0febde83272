// A whole Bluesky in one process, from the network's own packages: PLC, PDS, AppView. Started by start.sh, ended by SIGTERM.
import { TestNetwork } from '@atproto/dev-env'

const network = await TestNetwork.create({
  dbPostgresSchema: process.env.DB_POSTGRES_SCHEMA,
  plc: { port: 2582 },
  pds: { port: 2583, hostname: 'localhost' },
  bsky: { port: 2584, publicUrl: 'http://localhost:2584' },
})
console.log('READY')

async function stop() {
  await network.close().catch((error) => console.error(error.message))
  process.exit(0)
}
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
