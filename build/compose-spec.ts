import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { schemaText, tableText } from './language.ts'

/** Writes what is generated in compose-spec/: run it after changing a row. */
const folder = fileURLToPath(new URL('../compose-spec/', import.meta.url))
mkdirSync(folder, { recursive: true })
writeFileSync(`${folder}compose.schema.json`, schemaText())
writeFileSync(`${folder}attributes.md`, tableText())
