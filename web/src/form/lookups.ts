/** Remote searches behind combo boxes: rows of another register, codes of a scheme. */
import { codes, records, registers } from '@/api/registers'
import type { Schema } from '@/api/shapes'
import type { Option } from '@/ui/ComboBox.vue'

const SHOWN = 20
const schemas = new Map<string, Promise<Schema>>()

/** Only the title field is taken from it, which no language changes. */
function schemaOf(register: string): Promise<Schema> {
  const known = schemas.get(register) ?? registers.schema(register)
  schemas.set(register, known)
  return known
}

export async function searchRegister(register: string, text: string): Promise<Option[]> {
  const schema = await schemaOf(register)
  const page = await records.list(register, { q: text, limit: SHOWN, fields: schema.title_field })
  return page.items.map((row) => ({ value: row.id, label: String(row[schema.title_field] ?? row.id) }))
}

export async function searchCodes(scheme: string, text: string): Promise<Option[]> {
  const page = await codes.search(scheme, { q: text, limit: SHOWN })
  return page.items.map((code) => ({ value: code.code, label: code.label, hint: code.code }))
}

export function searchFor(
  target: { reference?: string | null | undefined; scheme?: string | null | undefined },
  text: string,
): Promise<Option[]> {
  if (target.reference) return searchRegister(target.reference, text)
  return target.scheme ? searchCodes(target.scheme, text) : Promise.resolve([])
}

/** The label of one row of another register, for a value that came without one. */
export async function labelOf(register: string, id: string): Promise<string> {
  const [schema, row] = await Promise.all([schemaOf(register), records.read(register, id)])
  return String(row[schema.title_field] ?? id)
}
