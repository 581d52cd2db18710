import { readFileSync } from 'node:fs'

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string
}

export const VERSION: string = manifest.version
/** How we introduce ourselves in Hello: name/version/platform/runtime, as the other clients do. */
export const CLIENT_NAME: string = `status-protocol-cli/v${VERSION}/${process.platform}-${process.arch}/node${process.versions.node}`
