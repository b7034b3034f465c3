import { type CredentialOptions, configFile } from './credentials.ts'

const NAMES = {
  httpProxy: 'HTTP_PROXY',
  httpsProxy: 'HTTPS_PROXY',
  ftpProxy: 'FTP_PROXY',
  noProxy: 'NO_PROXY',
  allProxy: 'ALL_PROXY',
} as const

/**
 * The proxy variables that docker gives every container, in both spellings: what config.json has under `proxies` for the
 * engine's address, else under `default`.
 */
export async function proxyVariables(
  engine: string,
  options: CredentialOptions,
): Promise<Readonly<Record<string, string>>> {
  const { proxies = {} } = await configFile(options)
  const chosen = proxies[engine] ?? proxies['default'] ?? {}
  const set = Object.entries(NAMES).flatMap(([key, name]) => {
    const value = chosen[key]
    return value ? [[name, value] as const, [name.toLowerCase(), value] as const] : []
  })
  return Object.fromEntries(set)
}
