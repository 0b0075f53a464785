/** The server's shapes as the contract of /api/v1 names them. */
export type Rights = Record<string, boolean>
export type Tone = 'neutral' | 'info' | 'success' | 'warning' | 'danger'

export interface Organisation {
  id: number
  name: string
  kind: string
  kind_label?: string
  parent_id?: number | null
  name_en?: string | null
  host_division_code?: string | null
}

export interface Hat {
  id: string
  role: string
  role_label: string
  organisation: Organisation | null
}

export interface Me {
  id: string
  username: string
  name: string
  locale: string
  large_letters: boolean
  role: string
  role_label: string
  organisation: Organisation | null
  party: { register: string; id: string; label: string } | null
  hats: Hat[]
  hat_id: string
  registers: string[]
  rights: {
    audit: boolean
    accounts: boolean
    account_admin: boolean
    grants: boolean
    organisations: boolean
  }
  /** To be done before anything else is let through. */
  duties: ('second_factor' | 'password')[]
  /** What confirming that it is me takes. */
  proof: 'code' | 'password'
  idle_seconds: number
}

export interface RegisterEntry {
  name: string
  label: string
  label_one: string
  floor: string
  rights: Rights
}

export type FieldType =
  | 'text'
  | 'longtext'
  | 'integer'
  | 'decimal'
  | 'date'
  | 'datetime'
  | 'boolean'
  | 'choice'
  | 'choices'
  | 'tags'
  | 'reference'
  | 'references'
  | 'code'
  | 'codes'
  | 'rows'

export interface Choice {
  value: string
  label: string
}

export interface Field {
  name: string
  label: string
  help?: string | null
  type: FieldType
  unit?: string | null
  required?: boolean
  min_length?: number | null
  max_length?: number | null
  minimum?: number | string | null
  maximum?: number | string | null
  pattern?: string | null
  choices?: Choice[] | null
  reference?: string | null
  /** The choice field that names the register its value points into, row by row. */
  reference_by?: string | null
  scheme?: string | null
  columns?: Field[] | null
  section?: string | null
  writable?: boolean
  disclosure?: 'plain' | 'masked'
  /** Shown as a mask; its value is told for a reason, record by record. */
  revealable?: boolean
  filters?: string[]
  sortable?: boolean
  facet?: boolean
  in_list?: boolean
  natural_key?: boolean
}

export interface State {
  value: string
  label: string
  tone: Tone
}

export interface Move {
  name: string
  label: string
  tone: Tone
  form: Field[]
}

export interface Schema {
  name: string
  label: string
  label_one: string
  floor: string
  title_field: string
  default_sort: string
  sections: { name: string; label: string }[]
  fields: Field[]
  states: State[] | null
  moves: Move[]
  rights: Rights
}

export type Values = Record<string, unknown>

export interface RecordRow {
  id: string
  version: number
  state?: string | null
  node_id?: number | null
  owner_id?: string | null
  created_at: string
  updated_at: string
  labels?: Record<string, string | string[] | Record<string, string> | null>
  moves?: string[]
  refused?: Record<string, string>
  editable?: string[]
  [field: string]: unknown
}

export interface Page<Item> {
  items: Item[]
  next: string | null
}

export interface RecordPage extends Page<RecordRow> {
  total?: number | null
  facets?: Record<string, { value: string; label: string; count: number }[]> | null
}

export interface Code {
  code: string
  label: string
  level?: number | null
  parent?: string | null
}

export interface Change {
  field: string
  label: string
  old: unknown
  new: unknown
  old_label?: string | null
  new_label?: string | null
}

export interface HistoryEntry {
  version: number
  at: string
  verb: string
  verb_label: string
  by: { name: string; role_label: string; organisation: string }
  reason: string | null
  changes: Change[]
}

export interface Attachment {
  id: string
  name: string
  media_type: string
  size: number
  sha256: string
  created_at: string
  created_by: string
}

export interface Observation {
  id: string
  period: string
  indicator: string
  indicator_label: string
  value: string
  unit: string
  unit_label: string
  source_kind: string
  source_label: string
  source_ref: string | null
  recorded_at: string
  recorded_by: string
  /** Another source says something else. */
  conflict: boolean
}

export interface Observations {
  items: Observation[]
  indicators: { code: string; label: string; unit: string; unit_label: string }[]
}
